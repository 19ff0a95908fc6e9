//! Importing whole contents: one thread reads and decompresses, as many as there are cores parse and encode, the
//! caller's commits.

mod summary;
mod whole;

pub use summary::{FileSummary, ImportSummary, LineCounts};

use super::forward::{Forward, resume_forward};
use super::parse::{Parsed, StoredAs, parse_chunk, stored_plain};
use super::resume::{Resume, primed, primed_forward, resume};
use crate::format::{FormatChoice, LocalTime, SharedFormat, Squid, detect};
use crate::model::{Advance, Batch, Checkpoint, Clock, Fingerprint, Mark, SourceName, Storing, Timestamp};
use crate::source::{Chunk, Damage, Decoder, Limits};
use crate::store::{EventSink, StoreError};
use crossbeam_channel::{Receiver, Sender, bounded};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
pub(super) use whole::UntilDamage;
use whole::{Damaged, Sample, WholeLines};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of this file that are read, compressed as they are there; of a pipe, bytes that are stored.
    pub bytes: u64,
    /// Lines done over all contents.
    pub lines: u64,
}

/// Why an import stopped. What was committed before stays, and the next import goes on behind it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The content could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// No format explains most of its first lines.
    #[error("{path}: its format is unknown: {found}; name it with --format")]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What was found: [`crate::format::Detection::explain`].
        found: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    /// What is wrong with a compressed content; its whole lines up to there were imported.
    pub fn damage(&self) -> Option<&Damage> {
        match self {
            ImportError::Read { source, .. } => Damage::of(source),
            _ => None,
        }
    }
}

/// A content to import.
#[derive(Clone, Copy)]
pub struct Content<'c> {
    /// The file, or what a pipe is called.
    pub path: &'c Path,
    /// How its lines are read.
    pub format: &'c FormatChoice,
    /// Name, machine and format of its rows.
    pub source: &'c SourceName,
}

impl Content<'_> {
    fn read_error(&self, source: io::Error) -> ImportError {
        ImportError::Read { path: self.path.to_owned(), source }
    }
}

/// A content that stands where it is to be read on.
struct Found<'c> {
    start: Resume,
    rest: Box<dyn Read + Send + 'c>,
    /// How the lines behind are read.
    format: SharedFormat,
}

/// Imports contents one after the other.
pub struct Importer<S: EventSink> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    threads: usize,
    /// Where what comes from a pipe is kept while it is compared with what is known.
    spool_dir: PathBuf,
    stored_as: StoredAs,
    limits: Limits,
    zone: TimeZone,
    /// So far.
    pub summary: ImportSummary,
}

/// Chunks committed in one transaction at most.
const CHUNKS_PER_COMMIT: usize = 4;

type Encoded<P> = Result<(Chunk, Vec<P>, Parsed), StoreError>;

impl<S: EventSink> Importer<S> {
    /// An importer with `threads` threads that parse and encode (at least one).
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, threads: usize, spool_dir: &Path) -> Self {
        Importer {
            store,
            clock,
            threads: threads.max(1),
            spool_dir: spool_dir.to_owned(),
            stored_as: stored_plain(),
            limits: Limits::default(),
            zone: TimeZone::UTC,
            summary: ImportSummary::default(),
        }
    }

    /// With another way to store rows than as they are.
    pub fn stored_as(self, stored_as: StoredAs) -> Self {
        Importer { stored_as, ..self }
    }

    /// With other limits to what may come out of a compressed content than the usual.
    pub fn limits(self, limits: Limits) -> Self {
        Importer { limits, ..self }
    }

    /// With the zone of times that are written without one; else it is UTC.
    pub fn zone(self, zone: TimeZone) -> Self {
        Importer { zone, ..self }
    }

    /// Imports a file, compressed or not. It is opened once: what happens to its name meanwhile changes nothing.
    ///
    /// # Errors
    /// [`ImportError`]; what was committed before stays.
    pub fn file(&mut self, content: Content<'_>, progress: impl FnMut(Progress)) -> Result<(), ImportError> {
        self.summary.begin(content.path);
        let done = self.open(content, progress);
        self.note(done)
    }

    /// Imports what comes from a pipe, compressed or not. If its first line is known, all of it is first put into a
    /// temporary file, so that it can be compared.
    ///
    /// # Errors
    /// [`ImportError`]; what was committed before stays.
    pub fn stream(
        &mut self,
        input: impl Read + Send,
        content: Content<'_>,
        progress: impl FnMut(Progress),
    ) -> Result<(), ImportError> {
        self.summary.begin(content.path);
        let done = self.piped(input, content, progress);
        self.note(done)
    }

    fn note(&mut self, done: Result<(), ImportError>) -> Result<(), ImportError> {
        if let (Err(error), Some(file)) = (&done, self.summary.file()) {
            file.truncated = matches!(error.damage(), Some(Damage::Truncated { .. }));
            file.error = Some(error.to_string());
        }
        done
    }

    fn open(&mut self, content: Content<'_>, mut progress: impl FnMut(Progress)) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let file = File::open(content.path).map_err(read)?;
        let found = file.metadata().map_err(read)?;
        if found.file_type().is_fifo() {
            return self.piped(file, content, progress);
        }
        if !found.is_file() {
            return Err(read(io::Error::other("neither a file nor a pipe, and so not something to import")));
        }
        let mut decoder = Decoder::new(&file, self.limits).map_err(read)?;
        let compression = decoder.compression();
        let sample = Sample::of(&mut decoder).map_err(read)?;
        if sample.bytes.is_empty() {
            return decoder.read(&mut [0]).map(drop).map_err(read);
        }
        drop(decoder);
        let file = &file;
        let written = Timestamp(found.mtime().saturating_mul(1000));
        let format = self.format(&sample, content, written)?;
        self.summary.reads(format.spec(), compression);
        // Where the file stands is how much of it was read.
        let mut progress = |done: Progress| {
            progress(Progress { bytes: { file }.stream_position().unwrap_or(done.bytes), ..done });
        };
        if compression.is_none() {
            return self.seekable(file, None, &format, content, &mut progress);
        }
        let limits = self.limits;
        let open = move || {
            { file }.rewind()?;
            Decoder::new(file, limits)
        };
        self.until_done(content, &mut progress, |importer| {
            let Some(Forward { start, content: mut rest }) =
                resume_forward(&*importer.store, open, true).map_err(read)??
            else {
                // Not even its first line is whole.
                return open()
                    .and_then(|mut content| io::copy(&mut content, &mut io::sink()))
                    .map(|_| None)
                    .map_err(read);
            };
            let mut format = format.clone();
            if format.has_directives() && start.offset > 0 {
                let mut whole = open().map_err(read)?;
                format = primed_forward(format, &mut whole, start.offset).map_err(read)?;
                rest = io::Cursor::new(Vec::new()).chain(whole);
            }
            Ok(Some(Found { start, rest: Box::new(rest), format }))
        })
    }

    fn piped(
        &mut self,
        input: impl Read + Send,
        content: Content<'_>,
        mut progress: impl FnMut(Progress),
    ) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let mut input = Decoder::new(input, self.limits).map_err(read)?;
        let sample = Sample::of(&mut input).map_err(read)?;
        if sample.bytes.is_empty() {
            return input.read(&mut [0]).map(drop).map_err(read);
        }
        let format = self.format(&sample, content, self.clock.now())?;
        self.summary.reads(format.spec(), input.compression());
        let fingerprint = Fingerprint::of(&sample.bytes);
        let input = io::Cursor::new(sample.bytes).chain(input);
        if self.store.marks(fingerprint)?.is_empty() {
            let (head, stands, window) = (fingerprint, None, Vec::new());
            let start = Resume { fingerprint, head, offset: 0, lines: 0, window, stands, is_prefix: false };
            return self.run(Found { start, rest: Box::new(input), format }, content, &mut progress);
        }
        let mut spool = tempfile::tempfile_in(&self.spool_dir).map_err(read)?;
        let mut input = UntilDamage::new(input);
        io::copy(&mut input, &mut spool).map_err(read)?;
        self.seekable(&spool, input.damage(), &format, content, &mut progress)
    }

    /// The format of a content that begins like this, and whose lines were written by then.
    fn format(&self, sample: &Sample, content: Content<'_>, until: Timestamp) -> Result<SharedFormat, ImportError> {
        let format = match content.format {
            FormatChoice::Given(format) => format.clone(),
            FormatChoice::Auto => {
                let detection = detect(&sample.whole_lines());
                match detection.format() {
                    Some(format) => format.clone(),
                    // Without a line there is nothing to read in the wrong way.
                    None if detection.lines == 0 && sample.ended => Arc::new(Squid),
                    None => {
                        let (path, found) = (content.path.to_owned(), detection.explain());
                        return Err(ImportError::UnknownFormat { path, found });
                    }
                }
            }
        };
        let local = LocalTime { until, zone: self.zone.clone() };
        Ok(format.with_local_time(&local).unwrap_or(format))
    }

    /// Imports what a file holds, and where there is damage, what it holds before that.
    fn seekable(
        &mut self,
        mut file: &File,
        damage: Option<Damage>,
        format: &SharedFormat,
        content: Content<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let length = file.seek(io::SeekFrom::End(0)).map_err(read)?;
        if length == 0 {
            return Ok(());
        }
        self.until_done(content, progress, |importer| {
            let Some(start) = resume(&*importer.store, &mut file, length, true).map_err(read)?? else {
                return Ok(None);
            };
            let format = primed(format.clone(), &mut file, start.offset).map_err(read)?;
            file.seek(io::SeekFrom::Start(start.offset)).map_err(read)?;
            let rest: Box<dyn Read + Send> = match damage.clone() {
                Some(damage) => Box::new(file.chain(Damaged(damage))),
                None => Box::new(file),
            };
            Ok(Some(Found { start, rest, format }))
        })
    }

    /// Imports what `find` finds left of a content, until nobody else does.
    fn until_done<'c>(
        &mut self,
        content: Content<'_>,
        progress: &mut dyn FnMut(Progress),
        mut find: impl FnMut(&Self) -> Result<Option<Found<'c>>, ImportError>,
    ) -> Result<(), ImportError> {
        loop {
            let Some(found) = find(self)? else { return Ok(()) };
            match self.go_on(found, content, progress) {
                // Somebody else reads the same content: what they stored is known now.
                Err(ImportError::Store(StoreError::Overtaken)) => {}
                done => return done,
            }
        }
    }

    fn go_on(
        &mut self,
        found: Found<'_>,
        content: Content<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        // What this content has been counted for already, where this is not the first try.
        let (lines, bytes) = self.summary.counted();
        let start = &found.start;
        self.summary.add_known(start.lines.saturating_sub(lines), start.offset.saturating_sub(bytes));
        if !start.is_prefix {
            return self.run(found, content, progress);
        }
        let (lines, bytes, end) = WholeLines::new(found.rest, 0, Vec::new()).count();
        self.summary.add_known(lines, bytes);
        end.map_err(|cause| content.read_error(cause))
    }

    fn run(
        &mut self,
        Found { start, rest, format }: Found<'_>,
        content: Content<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        let store = Arc::clone(&self.store);
        // Lines that speak of the lines behind them are read in order.
        let threads = if format.has_directives() { 1 } else { self.threads };
        let stored_as = Arc::clone(&self.stored_as);
        let Resume { fingerprint, offset, lines, window, mut stands, .. } = start;
        std::thread::scope(|scope| {
            let (to_workers, work) = bounded::<(u64, Chunk)>(1);
            let (to_committer, done) = bounded::<(u64, Encoded<S::Prepared>)>(threads);
            let (recycle, recycled) = bounded::<Vec<u8>>(threads + 3);
            let reader = scope.spawn(move || {
                let mut reader = WholeLines::new(rest, offset, window);
                read_chunks(&mut reader, &to_workers, &recycled)
            });
            for _ in 0..threads {
                let (work, to_committer, store, stored_as) = (work.clone(), to_committer.clone(), &*store, &*stored_as);
                let (format, source) = (format.clone(), content.source);
                scope.spawn(move || encode_chunks(store, format, source, stored_as, &work, &to_committer));
            }
            drop((work, to_committer));
            let mut place = Mark { offset, lines, tail: 0 };
            let mut waiting: BTreeMap<u64, Encoded<S::Prepared>> = BTreeMap::new();
            let mut next = 0;
            while let Ok((number, encoded)) = done.recv() {
                waiting.insert(number, encoded);
                waiting.extend(done.try_iter());
                let (mut batches, mut parsed, mut between) = (Vec::new(), Vec::new(), Vec::new());
                while parsed.len() < CHUNKS_PER_COMMIT
                    && let Some(encoded) = waiting.remove(&next)
                {
                    let (chunk, prepared, counts) = encoded?;
                    between.extend(counts.marks.iter().map(|mark| Mark { lines: place.lines + mark.lines, ..*mark }));
                    place = chunk.mark(place.lines + counts.lines);
                    batches.extend(prepared);
                    parsed.push((counts, chunk.end - chunk.offset));
                    // A full channel means that there are buffers enough.
                    let _ = recycle.try_send(chunk.bytes);
                    next += 1;
                }
                if parsed.is_empty() {
                    continue;
                }
                let to = Checkpoint {
                    fingerprint,
                    mark: place,
                    between,
                    followed: false,
                    seen_as: content.path.display().to_string(),
                    at: self.clock.now(),
                };
                store.append(batches, &[Advance { from: stands, to }])?;
                stands = Some(place);
                for (counts, bytes) in &parsed {
                    self.summary.add(counts, *bytes);
                }
                progress(Progress { bytes: place.offset, lines: self.summary.lines });
                if let Err(error) = store.maintain() {
                    tracing::warn!(%error, "background work of the store failed; the import goes on");
                }
            }
            let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            read.map_err(|cause| content.read_error(cause))
        })
    }
}

fn read_chunks<R: Read>(
    reader: &mut WholeLines<R>,
    to_workers: &Sender<(u64, Chunk)>,
    recycled: &Receiver<Vec<u8>>,
) -> io::Result<()> {
    let mut number = 0;
    while let Some(chunk) = reader.next_chunk(recycled.try_recv().unwrap_or_default())? {
        if to_workers.send((number, chunk)).is_err() {
            // The committer stopped; it says why.
            break;
        }
        number += 1;
    }
    Ok(())
}

fn encode_chunks<S: EventSink>(
    store: &S,
    mut format: SharedFormat,
    source: &SourceName,
    stored_as: &(dyn Fn() -> Storing + Send + Sync),
    work: &Receiver<(u64, Chunk)>,
    to_committer: &Sender<(u64, Encoded<S::Prepared>)>,
) {
    let mut batch = Batch::default();
    for (number, chunk) in work {
        let mut prepared = Vec::new();
        let parsed = parse_chunk(&mut format, source, &chunk, &mut stored_as(), &mut batch, |batch, _| {
            if !batch.is_empty() || !batch.rejects.is_empty() {
                prepared.push(store.prepare(batch)?);
            }
            Ok(())
        });
        if to_committer.send((number, parsed.map(|parsed| (chunk, prepared, parsed)))).is_err() {
            break;
        }
    }
}
