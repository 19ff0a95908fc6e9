//! What is wrong with a compressed content.

use super::{Compression, Limits};
use std::io;

/// Why no more comes out of a compressed content.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Damage {
    /// It ends too early: it was cut off, or is still being written.
    #[error(
        "the {compression} data ends too early, after {at} bytes; its whole lines were read, the rest is once the file is whole"
    )]
    Truncated {
        /// How it is compressed.
        compression: Compression,
        /// Where it ends, in bytes of compressed data.
        at: u64,
    },
    /// It is not what its beginning says.
    #[error(
        "the {compression} data is damaged near byte {at} ({problem}); the whole lines before that were read, so take another copy of the file for the rest"
    )]
    Corrupt {
        /// How it is compressed.
        compression: Compression,
        /// Where, about, in bytes of compressed data.
        at: u64,
        /// What the decoder said.
        problem: Box<str>,
    },
    /// Its window does not fit into [`Limits::MEMORY_BYTES`].
    #[error(
        "the {compression} data needs more than {} MiB of memory to be read; decompress it with '{compression} -dc' and more memory, into 'tidegate import -'",
        Limits::MEMORY_BYTES >> 20
    )]
    Memory {
        /// How it is compressed.
        compression: Compression,
    },
    /// More came out than [`Limits::max_bytes`].
    #[error("more than {max_bytes} bytes came out of it; if so much is right, decompress it into 'tidegate import -'")]
    TooMuch {
        /// The limit.
        max_bytes: u64,
    },
    /// More came out for each byte than [`Limits::max_ratio`].
    #[error(
        "it holds more than {max_ratio} times its own size, as what is made to fill disks does; if that is right, import it with a higher --max-ratio"
    )]
    TooDense {
        /// The limit.
        max_ratio: u64,
    },
}

impl Damage {
    /// The damage that an error of a [`Decoder`](super::Decoder) speaks of; `None` where reading itself failed.
    pub fn of(error: &io::Error) -> Option<&Damage> {
        error.get_ref()?.downcast_ref()
    }

    /// What an error met while decoding means; an error of reading is handed back.
    pub(super) fn from_decoder(compression: Compression, at: u64, error: io::Error) -> io::Result<Damage> {
        if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
            return Err(error);
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Ok(Damage::Truncated { compression, at });
        }
        let problem = error.to_string();
        let is_memory = problem.contains("too much memory")
            || error.get_ref().and_then(|cause| cause.downcast_ref()) == Some(&liblzma::stream::Error::MemLimit);
        if is_memory {
            return Ok(Damage::Memory { compression });
        }
        Ok(Damage::Corrupt { compression, at, problem: problem.into() })
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        let kind = match damage {
            Damage::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, damage)
    }
}
