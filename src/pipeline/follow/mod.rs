//! Following files as they grow: one thread looks at every source in turn, stores what is new and goes on looking.
//! A file that was replaced under its name is read to its end first.

use super::parse::{StoredAs, parse_chunk, stored_plain};
use super::resume::{primed, resume};
use crate::format::SharedFormat;
use crate::model::{Advance, Batch, Checkpoint, Clock, Fingerprint, Lens, Mark, SourceName, Timestamp};
use crate::source::{ChunkReader, ReadTo};
use crate::store::{EventSink, StoreError};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What to follow.
#[derive(Clone)]
pub struct SourceSpec {
    /// Name, machine and format of its rows.
    pub source: SourceName,
    /// The files: a path or a glob.
    pub path: PathBuf,
    /// How its lines are read.
    pub format: SharedFormat,
    /// Whether a file never seen before is followed from its end instead of its beginning.
    pub from_end: bool,
}

/// How a followed file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowState {
    /// The source's name.
    pub source: String,
    /// The file.
    pub path: PathBuf,
    /// Bytes stored.
    pub position: u64,
    /// Bytes there are.
    pub length: u64,
    /// When a line was last stored, wall clock.
    pub last_line: Option<Timestamp>,
    /// What is wrong, if anything.
    pub fault: Option<String>,
}

/// How long to wait when there was nothing new.
const IDLE: Duration = Duration::from_millis(100);
/// After a look that found fewer lines than this there is a pause, so that a busy log is stored in ten commits a second,
/// not in hundreds.
const BACKLOG_LINES: u64 = 10_000;
/// Chunks read of a file before the next has its turn.
const CHUNKS_PER_LOOK: usize = 4;
/// Globs are looked at again every so many rounds of waiting.
const DISCOVER_EVERY: u32 = 20;

/// Follows files.
pub struct Follower<S: EventSink> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    specs: Vec<SourceSpec>,
    files: BTreeMap<PathBuf, Followed>,
    status: Arc<FollowStatus>,
    /// The store's version when there was no background work left.
    maintained: Option<u64>,
    /// Whether the sources' files have been looked for.
    discovered: bool,
    stored_as: StoredAs,
}

/// How following goes, for whoever wants to know; kept up to date while [`Follower::run`] runs.
#[derive(Debug, Default)]
pub struct FollowStatus {
    files: Mutex<Vec<FollowState>>,
    /// When (monotonic), and lines stored then, of the last [`FollowStatus::WINDOW`].
    recent: Mutex<VecDeque<(Instant, u64)>>,
    /// When the files were last looked at.
    looked: Mutex<Option<Instant>>,
}

impl FollowStatus {
    /// Lines per second are counted over this.
    pub const WINDOW: Duration = Duration::from_secs(60);

    /// Looking at the files takes moments; after this long without, something is wrong.
    pub const STALLED_AFTER: Duration = Duration::from_secs(60);

    /// Whether the follower has not looked for [`FollowStatus::STALLED_AFTER`], having begun.
    pub fn is_stalled(&self) -> bool {
        self.looked.lock().is_some_and(|at| at.elapsed() > Self::STALLED_AFTER)
    }

    /// How every followed file stands.
    pub fn files(&self) -> Vec<FollowState> {
        self.files.lock().clone()
    }

    /// Lines stored per second, over the last minute.
    pub fn lines_per_second(&self) -> f64 {
        let lines: u64 = self.forget_old().iter().map(|(_, lines)| lines).sum();
        lines as f64 / Self::WINDOW.as_secs_f64()
    }

    fn stored(&self, lines: u64) {
        self.forget_old().push_back((Instant::now(), lines));
    }

    fn forget_old(&self) -> parking_lot::MutexGuard<'_, VecDeque<(Instant, u64)>> {
        let mut recent = self.recent.lock();
        while recent.front().is_some_and(|(at, _)| at.elapsed() > Self::WINDOW) {
            recent.pop_front();
        }
        recent
    }
}

struct Followed {
    spec: usize,
    /// Whether the file is new to be followed from its end: it was there at the start, and the source says so.
    from_end: bool,
    reader: Option<Open>,
    last_line: Option<Timestamp>,
    fault: Option<String>,
}

struct Open {
    reader: ChunkReader<File>,
    inode: (u64, u64),
    fingerprint: Fingerprint,
    /// How the lines behind the position are read.
    format: SharedFormat,
    position: u64,
    lines: u64,
    /// Where the store has the content.
    stands: Option<Mark>,
}

impl Open {
    /// The same file, to be read from behind what is stored of it.
    fn again(self) -> io::Result<Open> {
        let mut content = self.reader.into_input();
        let window = window_before(&mut content, self.position)?;
        let reader = ChunkReader::new(content, self.position, window, ReadTo::LastWholeLine);
        Ok(Open { reader, ..self })
    }
}

/// The bytes before a place, as many as a mark hashes; the file is left standing at the place.
fn window_before(content: &mut File, place: u64) -> io::Result<Vec<u8>> {
    let bytes = place.min(Fingerprint::TAIL_BYTES as u64);
    content.seek(SeekFrom::Start(place - bytes))?;
    let mut window = vec![0; bytes as usize];
    io::Read::read_exact(content, &mut window)?;
    Ok(window)
}

/// What following a file for a moment can run into.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error("{0}")]
    Read(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: EventSink> Follower<S> {
    /// A follower of `specs`.
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, specs: Vec<SourceSpec>) -> Self {
        Follower {
            store,
            clock,
            specs,
            files: BTreeMap::new(),
            status: Arc::default(),
            maintained: None,
            discovered: false,
            stored_as: stored_plain(),
        }
    }

    /// With another way to store rows than as they are.
    pub fn stored_as(self, stored_as: StoredAs) -> Self {
        Follower { stored_as, ..self }
    }

    /// How following goes.
    pub fn status(&self) -> Arc<FollowStatus> {
        Arc::clone(&self.status)
    }

    /// Follows until `stop` is set; between looks, background work of the store is done.
    pub fn run(&mut self, stop: &AtomicBool) {
        let mut round = 0_u32;
        while !stop.load(Ordering::Relaxed) {
            if round.is_multiple_of(DISCOVER_EVERY) {
                self.discover();
            }
            round = round.wrapping_add(1);
            let new = self.look();
            // Also while there is a lot to read: what waits to be folded must not pile up.
            match self.maintain() {
                Ok(more) if new >= BACKLOG_LINES || more => {}
                Ok(_) => std::thread::sleep(IDLE),
                Err(error) => {
                    tracing::error!(%error, "background work of the store failed; trying again");
                    std::thread::sleep(IDLE * 10);
                }
            }
        }
    }

    /// Does background work until there is none, and again only when the store has changed.
    fn maintain(&mut self) -> Result<bool, StoreError> {
        let version = self.store.version()?;
        if self.maintained == Some(version) {
            return Ok(false);
        }
        let more = self.store.maintain()?;
        self.maintained = (!more).then_some(version);
        Ok(more)
    }

    /// Looks at every file once; answers how many lines were new.
    pub fn look(&mut self) -> u64 {
        let mut lines = 0;
        for (path, file) in &mut self.files {
            let spec = &self.specs[file.spec];
            match follow_once(&*self.store, &*self.clock, &(self.stored_as)(), spec, path, file) {
                Ok(new) => {
                    if new > 0 {
                        self.status.stored(new);
                    }
                    if file.fault.take().is_some() {
                        tracing::info!(source = spec.source.name, "source is readable again");
                    }
                    lines += new;
                }
                Err(error) => {
                    let fault = error.to_string();
                    if file.fault.as_ref() != Some(&fault) {
                        tracing::error!(
                            source = spec.source.name,
                            error = fault,
                            "source can't be followed; trying again"
                        );
                    }
                    file.fault = Some(fault);
                }
            }
        }
        let states = self.files.iter().map(|(path, file)| FollowState {
            source: self.specs[file.spec].source.name.clone(),
            path: path.clone(),
            position: file.reader.as_ref().map_or(0, |open| open.position),
            length: std::fs::metadata(path).map_or(0, |found| found.len()),
            last_line: file.last_line,
            fault: file.fault.clone(),
        });
        *self.status.files.lock() = states.collect();
        *self.status.looked.lock() = Some(Instant::now());
        lines
    }

    /// Finds the files that the sources mean now. A path that is not there yet is waited for.
    pub fn discover(&mut self) {
        let at_start = !std::mem::replace(&mut self.discovered, true);
        for (number, spec) in self.specs.iter().enumerate() {
            let found = crate::source::expand(std::slice::from_ref(&spec.path));
            let is_pattern = spec.path.to_string_lossy().contains(['*', '?', '[']);
            let paths = match found {
                Ok(paths) => paths,
                Err(_) if is_pattern => Vec::new(),
                Err(_) => vec![spec.path.clone()],
            };
            for path in paths {
                let from_end = at_start && spec.from_end && std::fs::metadata(&path).is_ok_and(|found| found.len() > 0);
                let new = Followed { spec: number, from_end, reader: None, last_line: None, fault: None };
                self.files.entry(path).or_insert(new);
            }
        }
    }
}

fn follow_once<S: EventSink>(
    store: &S,
    clock: &dyn Clock,
    lens: &Lens,
    spec: &SourceSpec,
    path: &Path,
    file: &mut Followed,
) -> Result<u64, FollowError> {
    if file.reader.is_none() {
        file.reader = open(store, clock, &spec.format, path, file.from_end)?;
        // Whatever stands under this name later is read from its beginning.
        file.from_end &= file.reader.is_none();
    }
    let Some(open) = &mut file.reader else { return Ok(0) };
    let mut lines = 0;
    let length = open.reader.input().metadata()?.len();
    if length < open.position {
        // Truncated: what is there now is another content.
        file.reader = None;
        return Ok(0);
    }
    let replaced = match std::fs::metadata(path) {
        Ok(found) => (found.dev(), found.ino()) != open.inode,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if replaced {
        open.reader.complete();
    }
    let mut drained = false;
    // A few chunks at a time: other sources want their turn, and whoever says stop.
    for _ in 0..CHUNKS_PER_LOOK {
        let Some(chunk) = open.reader.next_chunk(Vec::new())? else {
            drained = true;
            break;
        };
        let (mut batch, mut prepared) = (Batch::default(), Vec::new());
        let parsed = parse_chunk(&mut open.format, &spec.source, &chunk, lens, &mut batch, |batch, _| {
            if !batch.is_empty() || !batch.rejects.is_empty() {
                prepared.push(store.prepare(batch)?);
            }
            Ok::<_, StoreError>(())
        })?;
        let now = clock.now();
        let mark = chunk.mark(open.lines + parsed.lines);
        let to = Checkpoint {
            fingerprint: open.fingerprint,
            mark,
            between: parsed.marks.iter().map(|mark| Mark { lines: open.lines + mark.lines, ..*mark }).collect(),
            followed: true,
            seen_as: path.display().to_string(),
            at: now,
        };
        match store.append(prepared, &[Advance { from: open.stands, to }]) {
            Ok(()) => open.stands = Some(mark),
            // Somebody else reads the same content: the file is opened again where the store has it.
            Err(StoreError::Overtaken) => {
                file.reader = None;
                return Ok(lines);
            }
            // The reader is past these lines, the store is not. The file may have another name by now, so it is this
            // one that is read again.
            Err(error) => {
                file.reader = file.reader.take().map(Open::again).transpose()?;
                return Err(error.into());
            }
        }
        open.position = chunk.end;
        open.lines += parsed.lines;
        file.last_line = Some(now);
        lines += parsed.lines;
    }
    if replaced && drained {
        file.reader = None;
    }
    Ok(lines)
}

fn open<S: EventSink>(
    store: &S,
    clock: &dyn Clock,
    format: &SharedFormat,
    path: &Path,
    from_end: bool,
) -> Result<Option<Open>, FollowError> {
    let mut content = File::open(path)?;
    let found = content.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("not a regular file, and so not something to follow").into());
    }
    let Some(mut start) = resume(store, &mut content, found.len(), false)?? else { return Ok(None) };
    if from_end && start.offset == 0 {
        let mut tail = ChunkReader::new(&mut content, 0, Vec::new(), ReadTo::LastWholeLine);
        while let Some(chunk) = tail.next_chunk(Vec::new())? {
            start.offset = chunk.end;
        }
        start.window = window_before(&mut content, start.offset)?;
    }
    let format = primed(format.clone(), &mut content, start.offset)?;
    content.seek(SeekFrom::Start(start.offset))?;
    let mut stands = start.stands;
    if start.offset > 0 {
        // The place is taken at once: it survives a clear from now on, and a stop before the first new line.
        let mark = Mark { offset: start.offset, lines: start.lines, tail: Fingerprint::tail(&start.window) };
        let seen_as = path.display().to_string();
        let fingerprint = start.fingerprint;
        let to = Checkpoint { fingerprint, mark, between: Vec::new(), followed: true, seen_as, at: clock.now() };
        match store.append(Vec::new(), &[Advance { from: stands, to }]) {
            Ok(()) => stands = Some(mark),
            // Somebody else reads on in it just now: looked up again at the next look.
            Err(StoreError::Overtaken) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(Open {
        reader: ChunkReader::new(content, start.offset, start.window, ReadTo::LastWholeLine),
        inode: (found.dev(), found.ino()),
        fingerprint: start.fingerprint,
        format,
        position: start.offset,
        lines: start.lines,
        stands,
    }))
}
