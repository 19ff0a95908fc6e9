//! A content being read: where it stands, and whether what lies before that place is still what was read there.

use super::FollowError;
use super::archive::Decoded;
use crate::format::{FormatChoice, LocalTime, SharedFormat, detect, resolve};
use crate::model::{Advance, Batch, Checkpoint, Clock, Fingerprint, HOUR_MS, Mark, Observed, SourceName, Timestamp};
use crate::pipeline::import::UntilDamage;
use crate::pipeline::parse::{StoredAs, parse_chunk};
use crate::pipeline::resume::{Resume, primed};
use crate::source::{ChunkReader, Damage, ReadTo};
use crate::store::{EventSink, StoreError};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// Bytes of a content by whose lines its format is found.
const SAMPLE_BYTES: usize = 64 * 1024;
/// A content whose format is not found in so many bytes is read as Squid's: its lines are kept as rejects.
const GIVE_UP_BYTES: usize = 1024 * 1024;
/// The format of contents that no format explains.
const FALLBACK: &str = "squid";

/// What is read.
enum Input {
    /// A file as it is, which may change under its reader.
    Plain(File),
    /// What a compressed file holds, as far as it is whole.
    Compressed(Box<UntilDamage<Decoded>>),
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(file) => file.read(out),
            Input::Compressed(content) => content.read(out),
        }
    }
}

/// Reads a content and stores it.
pub(super) struct Reader {
    chunks: ChunkReader<Input>,
    fingerprint: Fingerprint,
    /// Of the beginning that was looked up: what is read has to begin with it still.
    head: Fingerprint,
    /// How the lines behind the place are read.
    format: SharedFormat,
    /// Up to where it is stored.
    place: Mark,
    /// Where the store has the content.
    stands: Option<Mark>,
    /// The moment that `format` was last told as the end of what is written; `None` before.
    told: Option<Timestamp>,
    /// A last line without an end is a line.
    is_complete: bool,
}

/// Where lines go, and how.
pub(super) struct Way<'w, S: EventSink> {
    pub(super) store: &'w Arc<S>,
    pub(super) clock: &'w dyn Clock,
    pub(super) stored_as: &'w StoredAs,
    pub(super) source: &'w SourceName,
}

impl<S: EventSink> Way<'_, S> {
    /// Takes the place where a content is known: from now on it survives a clear, as the place of an import does not.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn take_place(&self, start: Resume, path: &Path) -> Result<Resume, FollowError> {
        if start.offset == 0 || self.store.checkpoint(start.fingerprint)?.is_some_and(|known| known.followed) {
            return Ok(start);
        }
        let mark = Mark { offset: start.offset, lines: start.lines, tail: Fingerprint::tail(&start.window) };
        let to = Checkpoint {
            fingerprint: start.fingerprint,
            mark,
            between: Vec::new(),
            followed: true,
            seen_as: path.display().to_string(),
            at: self.clock.now(),
        };
        self.store.append(Vec::new(), &[Advance { from: start.stands, to }])?;
        Ok(Resume { stands: Some(mark), ..start })
    }
}

/// What reading on came to.
pub(super) enum Step {
    /// So many lines were stored.
    Stored { lines: u64, observed: Observed },
    /// There is nothing more for now.
    Drained,
    /// The content is not what it was, or somebody else read on in it: it has to be looked up again.
    Moved,
}

impl Reader {
    /// Reads on in a plain file from where its content is known.
    pub(super) fn plain(mut file: File, start: Resume, format: SharedFormat) -> io::Result<Reader> {
        let format = primed(format, &mut file, start.offset)?;
        file.seek(SeekFrom::Start(start.offset))?;
        Ok(Reader::new(Input::Plain(file), start, format))
    }

    /// Reads on in what a compressed file holds, from where it is known; `content` stands there.
    pub(super) fn compressed(content: Decoded, start: Resume, format: SharedFormat) -> Reader {
        Reader::new(Input::Compressed(Box::new(UntilDamage::new(content))), start, format)
    }

    fn new(content: Input, start: Resume, format: SharedFormat) -> Reader {
        let place = Mark { offset: start.offset, lines: start.lines, tail: Fingerprint::tail(&start.window) };
        Reader {
            chunks: ChunkReader::new(content, start.offset, start.window, ReadTo::LastWholeLine),
            fingerprint: start.fingerprint,
            head: start.head,
            format,
            place,
            stands: start.stands,
            told: None,
            is_complete: false,
        }
    }

    /// Why no more comes out of a compressed file, where it should.
    pub(super) fn damage(&mut self) -> Option<Damage> {
        match self.chunks.input() {
            Input::Plain(_) => None,
            Input::Compressed(content) => content.damage(),
        }
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub(super) fn position(&self) -> u64 {
        self.place.offset
    }

    pub(super) fn format(&self) -> &str {
        self.format.spec()
    }

    /// When and where the lines behind were written: a file may be followed for longer than a time without its year can
    /// be told from the same one a year before.
    pub(super) fn is_written(&mut self, local: &LocalTime) {
        if self.told.is_some_and(|told| told.0.abs_diff(local.until.0) < HOUR_MS.unsigned_abs()) {
            return;
        }
        if let Some(format) = self.format.with_local_time(local) {
            self.format = format;
        }
        self.told = Some(local.until);
    }

    /// From now on a last line without an end is a line, unless it was cut off by damage. Answers whether that is new.
    pub(super) fn complete(&mut self) -> bool {
        if self.is_complete || self.damage().is_some() {
            return false;
        }
        self.chunks.complete();
        self.is_complete = true;
        true
    }

    /// Stores the next chunk of lines.
    ///
    /// # Errors
    /// What reading or the store says; the content has to be looked up again then.
    pub(super) fn step<S: EventSink>(&mut self, way: &Way<'_, S>, path: &Path) -> Result<Step, FollowError> {
        let Some(chunk) = self.chunks.next_chunk(Vec::new())? else {
            return Ok(if self.stands_still()? { Step::Drained } else { Step::Moved });
        };
        // Asked after reading: what was read then lay behind what was stored.
        if !self.stands_still()? {
            return Ok(Step::Moved);
        }
        let mut prepared = Vec::new();
        let mut batch = Batch::default();
        let parsed =
            parse_chunk(&mut self.format, way.source, &chunk, &mut (way.stored_as)(), &mut batch, |batch, _| {
                if !batch.is_empty() || !batch.rejects.is_empty() {
                    prepared.push(way.store.prepare(batch)?);
                }
                Ok::<_, StoreError>(())
            })?;
        let lines = self.place.lines;
        let mark = chunk.mark(lines + parsed.lines);
        let to = Checkpoint {
            fingerprint: self.fingerprint,
            mark,
            between: parsed.marks.iter().map(|mark| Mark { lines: lines + mark.lines, ..*mark }).collect(),
            followed: true,
            seen_as: path.display().to_string(),
            at: way.clock.now(),
        };
        match way.store.append(prepared, &[Advance { from: self.stands, to }]) {
            Ok(()) => {
                (self.place, self.stands) = (mark, Some(mark));
                Ok(Step::Stored { lines: parsed.lines, observed: parsed.observed })
            }
            Err(StoreError::Overtaken) => Ok(Step::Moved),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether what lies before the place is what was read there: a file cut short may have grown beyond the place again.
    fn stands_still(&mut self) -> io::Result<bool> {
        let Input::Plain(file) = self.chunks.input() else { return Ok(true) };
        if self.place.offset == 0 {
            return Ok(head_of(file)? == self.head);
        }
        let window = self.place.offset.min(Fingerprint::TAIL_BYTES as u64);
        let bytes = read_at(file, self.place.offset - window, window as usize)?;
        Ok(bytes.len() as u64 == window && Fingerprint::tail(&bytes) == self.place.tail)
    }
}

fn head_of(file: &File) -> io::Result<Fingerprint> {
    Ok(Fingerprint::of(&read_at(file, 0, Fingerprint::HEAD_BYTES)?))
}

/// The bytes at `offset`, `count` of them where there are as many; the file is left standing where it is.
pub(super) fn read_at(file: &File, offset: u64, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    let mut read = 0;
    while read < count {
        match file.read_at(&mut bytes[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(read);
    Ok(bytes)
}

/// How the lines of a content are read that begins with `sample`.
///
/// # Errors
/// [`FollowError::UnknownFormat`] when no format explains its first lines, and it is worth waiting for more of them.
pub(super) fn format_of(
    choice: &FormatChoice,
    mut sample: &[u8],
    is_growing: bool,
    local: &LocalTime,
) -> Result<SharedFormat, FollowError> {
    let format = match choice {
        FormatChoice::Given(format) => format.clone(),
        FormatChoice::Auto => {
            let seen = sample.len();
            if let Some(end) = memchr::memrchr(b'\n', sample) {
                sample = &sample[..=end];
            }
            let first = &sample[..sample.len().min(SAMPLE_BYTES)];
            match detect(first).format() {
                Some(format) => format.clone(),
                None if is_growing && seen < GIVE_UP_BYTES => return Err(FollowError::UnknownFormat),
                None => resolve(FALLBACK).map_err(|error| io::Error::other(error.to_string()))?,
            }
        }
    };
    Ok(format.with_local_time(local).unwrap_or(format))
}

/// As much of a content's beginning as is looked at to find its format.
///
/// # Errors
/// What reading says; damage ends the content.
pub(super) fn sample_of(choice: &FormatChoice, mut content: impl Read) -> io::Result<Vec<u8>> {
    let mut sample = Vec::new();
    if let FormatChoice::Auto = choice {
        match content.by_ref().take(GIVE_UP_BYTES as u64).read_to_end(&mut sample) {
            Err(error) if Damage::of(&error).is_none() => return Err(error),
            _ => {}
        }
    }
    Ok(sample)
}
