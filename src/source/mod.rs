//! Bytes and places in them: reading a content in chunks of whole lines, and finding again how far it was read.

mod chunk;
mod discover;
mod paths;

pub use chunk::{Chunk, ChunkReader, MAX_LINE_BYTES, ReadTo};
pub use discover::{FileId, FileStat, Found, Names, Role};
pub use paths::{PathError, expand};
