//! Bytes and places in them: reading a content in chunks of whole lines, compressed or not, and finding again how far
//! it was read; and lines that come over the network ([`syslog`]).

mod chunk;
mod compressed;
mod discover;
mod paths;
pub mod syslog;
mod wake;

pub use chunk::{Chunk, ChunkReader, MAX_LINE_BYTES, ReadTo};
pub use compressed::{Compression, Damage, Decoder, Limits};
pub use discover::{FileId, FileStat, Found, Names, Role};
pub use paths::{PathError, expand};
pub use wake::Wake;
