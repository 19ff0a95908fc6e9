//! Log lines as they come over the network: by syslog (RFC 3164, RFC 5424), or bare, as Squid's `udp:` and `tcp:` log
//! modules send them.
//!
//! `message` takes a line out of its message, `framing` takes messages out of a stream (RFC 6587), `address` says where
//! to listen. Not here: sockets (`pipeline::receive`), and what the lines say (`format`).

mod address;
mod framing;
mod kernel_drops;
mod message;

pub use address::{ListenAddress, ListenError, Transport};
pub use framing::{Frame, Framing, FramingError, MAX_MESSAGE_BYTES};
pub use kernel_drops::KernelDrops;
pub use message::{Message, lines};
