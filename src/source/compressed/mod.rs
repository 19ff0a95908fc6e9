//! Contents as they were before they were compressed: gzip (RFC 1952), zstd (RFC 8878), bzip2 and xz, each of as many
//! members, frames or streams as there are. What a content is, its first bytes say, not its name. A content that is not
//! compressed is read as it is. Archives inside archives are not opened, nor are tar and zip files.
//!
//! Memory is bounded: [`Limits::MEMORY_BYTES`] for a decoder's window. So is what comes out: [`Limits`].

mod damage;
mod input;
#[cfg(test)]
mod tests;

pub use damage::Damage;

use input::Input;
use std::fmt;
use std::io::{self, Read};

/// How a content is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// As `bzip2` writes it.
    Bzip2,
    /// The .xz file format 1.2.
    Xz,
}

impl Compression {
    /// As many of a content's first bytes say how it is compressed.
    pub const HEAD_BYTES: usize = 6;

    /// What `head`, the first [`Compression::HEAD_BYTES`] bytes of a content or all there are, says; `None` where it is
    /// not compressed.
    pub fn of(head: &[u8]) -> Option<Compression> {
        match head {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
            // The level, then the first bytes of a block or of the stream's end.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, ..] => {
                Some(Compression::Bzip2)
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
            _ => None,
        }
    }

    /// Its name, as the program is called that writes it.
    pub fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Bzip2 => "bzip2",
            Compression::Xz => "xz",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// How much may come out of a compressed content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes in all.
    pub max_bytes: u64,
    /// Bytes for each byte read, once [`Limits::RATIO_FROM_BYTES`] came out.
    pub max_ratio: u64,
}

impl Limits {
    /// A decoder takes no more memory than this, in bytes: what `xz -9` and `zstd --ultra -22` need.
    pub const MEMORY_BYTES: u64 = 1 << Self::WINDOW_LOG;
    const WINDOW_LOG: u32 = 27;
    /// Before this much came out, in bytes, the ratio says nothing.
    pub const RATIO_FROM_BYTES: u64 = 64 << 20;
}

impl Default for Limits {
    /// 1 TiB, and 1,000 to one; access logs come to 10 to 30.
    fn default() -> Self {
        Limits { max_bytes: 1 << 40, max_ratio: 1000 }
    }
}

/// Reads what a content was before it was compressed.
///
/// Where that goes wrong, all that could be decoded is given first, and from then on an error of which [`Damage::of`]
/// knows more.
pub struct Decoder<R> {
    state: State<R>,
    compression: Option<Compression>,
    limits: Limits,
    given: u64,
}

enum State<R> {
    Plain(Input<R>),
    Between(Input<R>),
    Inside(Member<R>),
    Ended,
    Damaged(Damage),
}

/// One gzip member, zstd frame, bzip2 or xz stream.
enum Member<R> {
    Gzip(Box<flate2::bufread::GzDecoder<Input<R>>>),
    Zstd(zstd::stream::read::Decoder<'static, Input<R>>),
    Bzip2(bzip2::bufread::BzDecoder<Input<R>>),
    Xz(liblzma::bufread::XzDecoder<Input<R>>),
}

impl<R: Read> Decoder<R> {
    /// A decoder of what `input` holds from where it stands.
    ///
    /// # Errors
    /// What reading the first bytes says.
    pub fn new(input: R, limits: Limits) -> io::Result<Self> {
        let mut input = Input::new(input);
        let compression = Compression::of(input.peek(Compression::HEAD_BYTES)?);
        let state = if compression.is_some() { State::Between(input) } else { State::Plain(input) };
        Ok(Decoder { state, compression, limits, given: 0 })
    }

    /// How the content is compressed; `None` where it is not.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// Bytes taken from the input and decoded, or being decoded.
    fn taken(&self) -> u64 {
        match &self.state {
            State::Plain(input) | State::Between(input) => input.taken(),
            State::Inside(member) => member.input().taken(),
            State::Ended | State::Damaged(_) => 0,
        }
    }

    fn read_on(&mut self, compression: Compression, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Between(mut input) => {
                    let next = next_member(&mut input);
                    let at = input.taken();
                    match next {
                        Ok(None) => return Ok(0),
                        Ok(found) if found == Some(Some(compression)) => {
                            self.state = State::Inside(Member::new(compression, input)?);
                        }
                        Ok(_) => {
                            let problem = "other data behind it".into();
                            self.state = State::Damaged(Damage::Corrupt { compression, at, problem });
                        }
                        Err(error) => {
                            self.state = State::Between(input);
                            return Err(error);
                        }
                    }
                }
                State::Inside(mut member) => match member.read(out) {
                    Ok(0) => self.state = State::Between(member.into_input()),
                    Ok(read) => {
                        self.state = State::Inside(member);
                        return Ok(read);
                    }
                    Err(error) => match Damage::from_decoder(compression, member.input().taken(), error) {
                        Ok(damage) => self.state = State::Damaged(damage),
                        Err(error) => {
                            self.state = State::Inside(member);
                            return Err(error);
                        }
                    },
                },
                State::Damaged(damage) => {
                    self.state = State::Damaged(damage.clone());
                    return Err(damage.into());
                }
                State::Plain(_) | State::Ended => return Ok(0),
            }
        }
    }

    /// Refuses what is out of all proportion.
    fn check(&mut self) -> Result<(), Damage> {
        let Limits { max_bytes, max_ratio } = self.limits;
        if self.given > max_bytes {
            return Err(Damage::TooMuch { max_bytes });
        }
        if self.given > Limits::RATIO_FROM_BYTES && self.given / self.taken().max(1) > max_ratio {
            return Err(Damage::TooDense { max_ratio });
        }
        Ok(())
    }
}

/// How what comes next is compressed, behind the padding that may stand between members; `None` at the end.
fn next_member(input: &mut Input<impl Read>) -> io::Result<Option<Option<Compression>>> {
    if input.taken() > 0 {
        input.skip_zeros()?;
    }
    let head = input.peek(Compression::HEAD_BYTES)?;
    Ok((!head.is_empty()).then(|| Compression::of(head)))
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(compression) = self.compression else {
            let State::Plain(input) = &mut self.state else { return Ok(0) };
            return input.read(out);
        };
        if out.is_empty() {
            return Ok(0);
        }
        let read = self.read_on(compression, out)?;
        self.given += read as u64;
        if read > 0
            && let Err(damage) = self.check()
        {
            self.state = State::Damaged(damage.clone());
            return Err(damage.into());
        }
        Ok(read)
    }
}

impl<R> fmt::Debug for Decoder<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Decoder").field("compression", &self.compression).field("given", &self.given).finish()
    }
}

impl<R: Read> Member<R> {
    fn new(compression: Compression, input: Input<R>) -> io::Result<Self> {
        Ok(match compression {
            Compression::Gzip => Member::Gzip(Box::new(flate2::bufread::GzDecoder::new(input))),
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
                decoder.window_log_max(Limits::WINDOW_LOG)?;
                Member::Zstd(decoder.single_frame())
            }
            Compression::Bzip2 => Member::Bzip2(bzip2::bufread::BzDecoder::new(input)),
            Compression::Xz => {
                let stream = liblzma::stream::Stream::new_stream_decoder(Limits::MEMORY_BYTES, 0)?;
                Member::Xz(liblzma::bufread::XzDecoder::new_stream(input, stream))
            }
        })
    }

    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Member::Gzip(decoder) => decoder.read(out),
            Member::Zstd(decoder) => decoder.read(out),
            Member::Bzip2(decoder) => decoder.read(out),
            Member::Xz(decoder) => decoder.read(out),
        }
    }

    fn into_input(self) -> Input<R> {
        match self {
            Member::Gzip(decoder) => decoder.into_inner(),
            Member::Zstd(decoder) => decoder.into_inner(),
            Member::Bzip2(decoder) => decoder.into_inner(),
            Member::Xz(decoder) => decoder.into_inner(),
        }
    }

    fn input(&self) -> &Input<R> {
        match self {
            Member::Gzip(decoder) => decoder.get_ref(),
            Member::Zstd(decoder) => decoder.get_ref(),
            Member::Bzip2(decoder) => decoder.get_ref(),
            Member::Xz(decoder) => decoder.get_ref(),
        }
    }
}
