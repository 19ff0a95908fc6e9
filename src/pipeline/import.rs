//! Importing whole contents: one thread reads, as many as there are cores parse and encode, the caller's commits.

use super::parse::{Parsed, StoredAs, parse_chunk, stored_plain};
use super::resume::{Resume, primed, resume};
use crate::format::SharedFormat;
use crate::model::{Advance, Batch, Checkpoint, Clock, Fingerprint, Lens, Mark, SourceName};
use crate::source::{Chunk, ChunkReader, ReadTo};
use crate::store::{EventSink, StoreError};
use crossbeam_channel::{Receiver, Sender, bounded};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What became of everything imported. `lines` = `stored` + all of `rejected` + `skipped_known`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportSummary {
    /// Lines, blank ones not counted.
    pub lines: u64,
    /// Lines stored as rows.
    pub stored: u64,
    /// Lines kept as rejects, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Lines that were stored or rejected by an earlier import.
    pub skipped_known: u64,
    /// Bytes of all contents, those known included.
    pub bytes: u64,
    /// Wall time.
    pub seconds: f64,
    /// Lines per second of wall time.
    pub lines_per_second: f64,
}

impl ImportSummary {
    /// Sets the time taken and what follows from it.
    pub fn took(&mut self, elapsed: std::time::Duration) {
        self.seconds = elapsed.as_secs_f64();
        self.lines_per_second = if self.seconds > 0.0 { self.lines as f64 / self.seconds } else { 0.0 };
    }

    fn add(&mut self, parsed: &Parsed) {
        self.lines += parsed.lines;
        self.stored += parsed.stored;
        for (reason, lines) in &parsed.rejected {
            *self.rejected.entry(reason.name().to_owned()).or_default() += lines;
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of this content that are done.
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
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A content to import.
#[derive(Clone, Copy)]
pub struct Content<'c> {
    /// The file, or what a pipe is called.
    pub path: &'c Path,
    /// How its lines are read.
    pub format: &'c SharedFormat,
    /// Name, machine and format of its rows.
    pub source: &'c SourceName,
}

impl Content<'_> {
    fn read_error(&self, source: io::Error) -> ImportError {
        ImportError::Read { path: self.path.to_owned(), source }
    }
}

/// Imports contents one after the other.
pub struct Importer<S: EventSink> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    threads: usize,
    /// Where what comes from a pipe is kept while it is compared with what is known.
    spool_dir: PathBuf,
    stored_as: StoredAs,
    /// So far.
    pub summary: ImportSummary,
}

/// Chunks committed in one transaction at most.
const CHUNKS_PER_COMMIT: usize = 4;

type Encoded<P> = Result<(Chunk, Vec<P>, Parsed), StoreError>;

impl<S: EventSink> Importer<S> {
    /// An importer with `threads` threads that parse and encode (at least one).
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, threads: usize, spool_dir: &Path) -> Self {
        let spool_dir = spool_dir.to_owned();
        let stored_as = stored_plain();
        Importer { store, clock, threads: threads.max(1), spool_dir, stored_as, summary: ImportSummary::default() }
    }

    /// With another way to store rows than as they are.
    pub fn stored_as(self, stored_as: StoredAs) -> Self {
        Importer { stored_as, ..self }
    }

    /// Imports a file.
    ///
    /// # Errors
    /// [`ImportError`]; what was committed before stays.
    pub fn file(&mut self, content: Content<'_>, progress: impl FnMut(Progress)) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let mut file = File::open(content.path).map_err(read)?;
        if !file.metadata().map_err(read)?.is_file() {
            return self.stream(file, content, progress);
        }
        self.seekable(&mut file, content, progress)
    }

    /// Imports what comes from a pipe. If its first line is known, all of it is first put into a temporary file, so
    /// that it can be compared.
    ///
    /// # Errors
    /// [`ImportError`]; what was committed before stays.
    pub fn stream(
        &mut self,
        mut input: impl Read + Send,
        content: Content<'_>,
        progress: impl FnMut(Progress),
    ) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let mut head = Vec::new();
        input.by_ref().take(Fingerprint::HEAD_BYTES as u64).read_to_end(&mut head).map_err(read)?;
        if head.is_empty() {
            return Ok(());
        }
        let fingerprint = Fingerprint::of(&head);
        let mut input = io::Cursor::new(head).chain(input);
        if !self.store.marks(fingerprint)?.is_empty() {
            let mut spool = tempfile::tempfile_in(&self.spool_dir).map_err(read)?;
            io::copy(&mut input, &mut spool).map_err(read)?;
            return self.seekable(&mut spool, content, progress);
        }
        let stands = None;
        let start = Resume { fingerprint, offset: 0, lines: 0, window: Vec::new(), stands, is_prefix: false };
        self.run(input, start, content, progress)
    }

    fn seekable(
        &mut self,
        file: &mut File,
        content: Content<'_>,
        mut progress: impl FnMut(Progress),
    ) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let length = file.seek(io::SeekFrom::End(0)).map_err(read)?;
        if length == 0 {
            return Ok(());
        }
        let before = (self.summary.lines, self.summary.bytes);
        loop {
            match self.go_on(file, length, content, before, &mut progress) {
                // Somebody else reads the same content: what they stored is known now.
                Err(ImportError::Store(StoreError::Overtaken)) => {}
                done => return done,
            }
        }
    }

    fn go_on(
        &mut self,
        file: &mut File,
        length: u64,
        content: Content<'_>,
        before: (u64, u64),
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        let read = |cause| content.read_error(cause);
        let Some(start) = resume(&*self.store, file, length, true).map_err(read)?? else { return Ok(()) };
        // What this content has been counted for already, where this is not the first try.
        let counted = (self.summary.lines - before.0, self.summary.bytes - before.1);
        let known = start.lines.saturating_sub(counted.0);
        self.summary.lines += known;
        self.summary.skipped_known += known;
        self.summary.bytes += start.offset.saturating_sub(counted.1);
        if start.is_prefix {
            let lines = count_lines(file).map_err(read)?;
            self.summary.lines += lines;
            self.summary.skipped_known += lines;
            self.summary.bytes += length - start.offset;
            return Ok(());
        }
        let format = primed(content.format.clone(), file, start.offset).map_err(read)?;
        file.seek(io::SeekFrom::Start(start.offset)).map_err(read)?;
        self.run(file, start, Content { format: &format, ..content }, progress)
    }

    fn run(
        &mut self,
        input: impl Read + Send,
        start: Resume,
        content: Content<'_>,
        mut progress: impl FnMut(Progress),
    ) -> Result<(), ImportError> {
        let store = Arc::clone(&self.store);
        // Lines that speak of the lines behind them are read in order.
        let threads = if content.format.has_directives() { 1 } else { self.threads };
        let stored_as = Arc::clone(&self.stored_as);
        let Resume { fingerprint, offset, lines, window, mut stands, .. } = start;
        std::thread::scope(|scope| {
            let (to_workers, work) = bounded::<(u64, Chunk)>(1);
            let (to_committer, done) = bounded::<(u64, Encoded<S::Prepared>)>(threads);
            let (recycle, recycled) = bounded::<Vec<u8>>(threads + 3);
            let reader = scope.spawn(move || {
                let mut reader = ChunkReader::new(input, offset, window, ReadTo::End);
                read_chunks(&mut reader, &to_workers, &recycled)
            });
            for _ in 0..threads {
                let (work, to_committer, store, stored_as) = (work.clone(), to_committer.clone(), &*store, &*stored_as);
                scope.spawn(move || encode_chunks(store, content, stored_as, &work, &to_committer));
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
                    self.summary.add(counts);
                    self.summary.bytes += bytes;
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
    reader: &mut ChunkReader<R>,
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
    content: Content<'_>,
    stored_as: &(dyn Fn() -> Lens + Send + Sync),
    work: &Receiver<(u64, Chunk)>,
    to_committer: &Sender<(u64, Encoded<S::Prepared>)>,
) {
    let (mut batch, mut format) = (Batch::default(), content.format.clone());
    for (number, chunk) in work {
        let mut prepared = Vec::new();
        let parsed = parse_chunk(&mut format, content.source, &chunk, &stored_as(), &mut batch, |batch, _| {
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

fn count_lines(content: &mut impl Read) -> io::Result<u64> {
    let mut reader = ChunkReader::new(content, 0, Vec::new(), ReadTo::End);
    let mut lines = 0;
    while let Some(chunk) = reader.next_chunk(Vec::new())? {
        let whole = chunk.bytes.split(|byte| *byte == b'\n').filter(|line| !matches!(*line, [] | [b'\r'])).count();
        lines += (whole + chunk.too_long.len()) as u64;
    }
    Ok(lines)
}
