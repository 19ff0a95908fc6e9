//! Bytes and places in them: reading a content in chunks of whole lines, compressed or not, and finding again how far
//! it was read; and lines that come over the network ([`syslog`]).

mod chunk;
mod compressed;
mod paths;
pub mod syslog;

pub use chunk::{Chunk, ChunkReader, MAX_LINE_BYTES, ReadTo};
pub use compressed::{Compression, Damage, Decoder, Limits};
pub use paths::{PathError, expand};
