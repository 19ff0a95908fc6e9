//! One file of a source: looked into when it has changed, read to its end, and let go when it is done with. What is
//! known of it is its content; the file system's numbers only say when to look.

use super::archive::{Place, Search, Searching};
use super::reader::{Reader, Step, Way, format_of, read_at, sample_of};
use super::{FollowError, SourceSpec};
use crate::format::LocalTime;
use crate::model::{Fingerprint, Observed, Timestamp};
use crate::pipeline::resume::resume;
use crate::source::{Compression, FileId, FileStat, Found, Role};
use crate::store::{EventSink, StoreError};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Seek};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A file that is not written to any more, and has not changed for so long, has come to its end. Until told, a proxy goes
/// on writing to the file that was renamed under it.
const GRACE: Duration = Duration::from_secs(30);
/// The same for a file that went where it is not found again, but is somewhere.
const LONG_GRACE: Duration = Duration::from_secs(600);
/// A compressed file that changed no longer ago than this is still being written.
const COMPRESSING: Duration = Duration::from_secs(2);

/// How a file belongs to its source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// It is written to.
    Active,
    /// Rotation made it.
    Rotated,
    /// It has none of the source's names any more; it is read as long as it is held open.
    Gone,
}

pub(super) struct Followed {
    pub(super) path: PathBuf,
    pub(super) standing: Standing,
    pub(super) stat: FileStat,
    pub(super) last_line: Option<Timestamp>,
    pub(super) fault: Option<String>,
    id: FileId,
    is_regular: bool,
    is_compressed: bool,
    /// When `stat` or `standing` changed last, as far as was seen.
    changed: Duration,
    handle: Option<File>,
    reader: Option<Reader>,
    /// Being looked up, as it is compressed and large.
    searching: Option<Searching>,
    /// As the file was when there was nothing in it to read.
    drained: Option<FileStat>,
    /// As the file was when it was done with.
    done: Option<FileStat>,
}

impl Followed {
    pub(super) fn new(found: &Found, now: Duration) -> Followed {
        Followed {
            path: found.path.clone(),
            standing: standing(found.role),
            stat: found.stat,
            last_line: None,
            fault: None,
            id: found.id,
            is_regular: found.is_regular,
            is_compressed: false,
            changed: now,
            handle: None,
            reader: None,
            searching: None,
            drained: None,
            done: None,
        }
    }

    /// The directory was listed, and the file is this.
    pub(super) fn met(&mut self, found: &Found, now: Duration) {
        self.path.clone_from(&found.path);
        self.is_regular = found.is_regular;
        self.stands(standing(found.role), now);
        if self.handle.is_none() {
            self.became(found.stat, now);
        }
    }

    /// The directory was listed, and the file is not there.
    pub(super) fn missed(&mut self, now: Duration) {
        self.stands(Standing::Gone, now);
    }

    /// It is done with as it is.
    pub(super) fn is_done(&mut self) {
        self.done = Some(self.stat);
        (self.handle, self.reader) = (None, None);
    }

    /// It was done with, and that could not be kept: it is looked up again.
    pub(super) fn is_not_done(&mut self) {
        (self.reader, self.drained) = (None, None);
    }

    /// Whether nothing is left to be done, now or later.
    pub(super) fn is_over(&self) -> bool {
        self.standing == Standing::Gone && self.handle.is_none()
    }

    /// Whether it is held open.
    pub(super) fn is_open(&self) -> bool {
        self.handle.is_some()
    }

    pub(super) fn into_handle(self) -> Option<File> {
        self.handle
    }

    /// Whether it is done with as it is, and not held open.
    pub(super) fn rests(&self) -> bool {
        self.done == Some(self.stat) && self.handle.is_none()
    }

    /// Whether it is being looked up beside everything else.
    pub(super) fn is_searched(&self) -> bool {
        self.searching.is_some()
    }

    pub(super) fn id(&self) -> FileId {
        self.id
    }

    pub(super) fn reader(&self) -> Option<&Reader> {
        self.reader.as_ref()
    }

    /// Bytes not stored yet.
    pub(super) fn unread(&self) -> u64 {
        match &self.reader {
            _ if self.done == Some(self.stat) => 0,
            Some(_) if self.is_compressed && self.drained == Some(self.stat) => 0,
            Some(reader) if !self.is_compressed => self.stat.length.saturating_sub(reader.position()),
            _ => self.stat.length,
        }
    }

    fn stands(&mut self, standing: Standing, now: Duration) {
        if self.standing != standing {
            (self.standing, self.changed, self.drained) = (standing, now, None);
        }
    }

    fn became(&mut self, stat: FileStat, now: Duration) {
        if self.stat != stat {
            (self.stat, self.changed) = (stat, now);
        }
    }

    /// Whether it has come to its end: a last line without an end will not get one.
    fn has_ended(&self, now: Duration) -> io::Result<bool> {
        let grace = match self.standing {
            Standing::Active => return Ok(false),
            Standing::Gone
                if self.handle.as_ref().map(File::metadata).transpose()?.is_some_and(|found| found.nlink() > 0) =>
            {
                LONG_GRACE
            }
            Standing::Rotated | Standing::Gone => GRACE,
        };
        Ok(now.saturating_sub(self.changed) >= grace)
    }
}

fn standing(role: Role) -> Standing {
    match role {
        Role::Active => Standing::Active,
        Role::NamedRotated | Role::Rotated => Standing::Rotated,
    }
}

/// A look at a file.
pub(super) struct Moment<'m> {
    /// Monotonic.
    pub(super) now: Duration,
    /// Chunks that may be read.
    pub(super) chunks: usize,
    /// Whether a large compressed file may be looked up: one at a time.
    pub(super) may_search: bool,
    /// Contents of other files that may still grow.
    pub(super) growing: &'m BTreeSet<Fingerprint>,
}

/// What looking up a content came to.
enum Sought {
    Reader(Box<Reader>),
    /// It takes longer than a look may.
    Later,
    /// There is nothing to read, or nothing any more.
    Nothing,
}

/// What looking at a file came to.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) lines: u64,
    pub(super) observed: Observed,
    /// There is more to read at once.
    pub(super) more: bool,
    /// It has come to its end, and all of it is stored.
    pub(super) ended: bool,
}

impl Followed {
    /// Reads what is new, at most `chunks` chunks.
    ///
    /// # Errors
    /// What reading or storing says; looked at again, it goes on where the store has it.
    pub(super) fn look<S: EventSink + 'static>(
        &mut self,
        spec: &SourceSpec,
        way: &Way<'_, S>,
        moment: &mut Moment<'_>,
    ) -> Result<Looked, FollowError> {
        let looked = self.read(spec, way, moment);
        match &looked {
            Ok(looked) if looked.lines > 0 => {
                self.last_line = Some(way.clock.now());
                self.fault = None;
            }
            Ok(_) => {}
            // Somebody else reads on in it just now: it is looked up again.
            Err(FollowError::Store(StoreError::Overtaken)) => {
                (self.reader, self.drained) = (None, None);
                return Ok(Looked::default());
            }
            // There may be more of it at the next change.
            Err(FollowError::UnknownFormat) => (self.reader, self.drained) = (None, Some(self.stat)),
            // The reader may be past lines that are not stored.
            Err(_) => (self.reader, self.drained) = (None, None),
        }
        looked
    }

    fn read<S: EventSink + 'static>(
        &mut self,
        spec: &SourceSpec,
        way: &Way<'_, S>,
        moment: &mut Moment<'_>,
    ) -> Result<Looked, FollowError> {
        let (mut looked, now) = (Looked::default(), moment.now);
        let before = self.stat;
        if let Some(handle) = &self.handle {
            self.became(FileStat::of(&handle.metadata()?), now);
        }
        let changed = self.stat != before;
        if self.standing != Standing::Active && self.done == Some(self.stat) {
            (self.handle, self.reader) = (None, None);
            return Ok(looked);
        }
        let has_ended = self.has_ended(now)?;
        if self.drained == Some(self.stat) && !has_ended {
            return Ok(looked);
        }
        if self.handle.is_none() && !self.open(now)? {
            return Ok(looked);
        }
        let Some(handle) = &self.handle else { return Ok(looked) };
        self.is_compressed = Compression::of(&read_at(handle, 0, Compression::HEAD_BYTES)?).is_some();
        if self.is_compressed && changed {
            self.reader = None;
        }
        if self.is_compressed && now.saturating_sub(self.changed) < COMPRESSING {
            return Ok(looked);
        }
        while moment.chunks > 0 {
            if self.reader.is_none() {
                match self.find(spec, way, has_ended, moment.may_search)? {
                    Sought::Reader(reader) => self.reader = Some(*reader),
                    Sought::Later => return Ok(looked),
                    Sought::Nothing => {
                        self.fault = None;
                        (self.drained, looked.ended) = (Some(self.stat), has_ended);
                        return Ok(looked);
                    }
                }
            }
            let local = self.local_time(spec, way);
            let Some(reader) = &mut self.reader else { return Ok(looked) };
            reader.is_written(&local);
            moment.chunks -= 1;
            match reader.step(way, &self.path)? {
                Step::Stored { lines, observed } => {
                    looked.lines += lines;
                    looked.observed.add(&observed);
                }
                Step::Moved => self.reader = None,
                Step::Drained => {
                    // While its content still grows in another file, its last line may.
                    let has_ended = has_ended && !moment.growing.contains(&reader.fingerprint());
                    if has_ended && reader.complete() {
                        continue;
                    }
                    self.fault = None;
                    (self.drained, looked.ended) = (Some(self.stat), has_ended);
                    if let Some(damage) = reader.damage().filter(|_| has_ended) {
                        tracing::warn!(source = way.source.name, %damage, "a compressed file was read as far as it is whole");
                    }
                    return Ok(looked);
                }
            }
        }
        looked.more = true;
        Ok(looked)
    }

    /// Opens the file, unless another has its name by now.
    pub(super) fn open(&mut self, now: Duration) -> Result<bool, FollowError> {
        if !self.is_regular {
            if self.standing != Standing::Active {
                return Ok(false);
            }
            return Err(io::Error::other("not a regular file, and so not something to follow").into());
        }
        // Should it have become a pipe meanwhile, nobody waits for its writer.
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let file = match File::options().read(true).custom_flags(flags).open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let found = file.metadata()?;
        if FileId::of(&found) != self.id || !found.is_file() {
            return Ok(false);
        }
        self.became(FileStat::of(&found), now);
        self.handle = Some(file);
        Ok(true)
    }

    /// Finds where the content is known, and makes its reader.
    fn find<S: EventSink + 'static>(
        &mut self,
        spec: &SourceSpec,
        way: &Way<'_, S>,
        has_ended: bool,
        may_search: bool,
    ) -> Result<Sought, FollowError> {
        let Some(handle) = &self.handle else { return Ok(Sought::Nothing) };
        let mut file = handle.try_clone()?;
        let (is_growing, local) = (self.is_growing(), self.local_time(spec, way));
        if self.is_compressed {
            let search = Search { file, choice: spec.format.clone(), local, stat: self.stat, has_ended };
            let Some(place) = self.search(search, way, may_search)? else { return Ok(Sought::Later) };
            let Some((start, content, format)) = place else { return Ok(Sought::Nothing) };
            if start.is_prefix {
                return Ok(Sought::Nothing);
            }
            let start = way.take_place(start, &self.path)?;
            return Ok(Sought::Reader(Box::new(Reader::compressed(content, start, format))));
        }
        self.searching = None;
        let length = file.metadata()?.len();
        let Some(start) = resume(&**way.store, &mut file, length, has_ended)?? else { return Ok(Sought::Nothing) };
        if start.is_prefix {
            return Ok(Sought::Nothing);
        }
        let start = way.take_place(start, &self.path)?;
        file.rewind()?;
        let format = format_of(&spec.format, &sample_of(&spec.format, &file)?, is_growing, &local)?;
        Ok(Sought::Reader(Box::new(Reader::plain(file, start, format)?)))
    }

    /// Looks a compressed file up: a small one at once, a large one beside everything else. `None` while that lasts.
    fn search<S: EventSink + 'static>(
        &mut self,
        search: Search,
        way: &Way<'_, S>,
        may_search: bool,
    ) -> Result<Option<Place>, FollowError> {
        // A search in the file as it was is let go.
        if let Some(searching) = self.searching.take().filter(|known| known.is_of(search.stat, search.has_ended)) {
            if searching.is_over() {
                return searching.result().map(Some);
            }
            self.searching = Some(searching);
            return Ok(None);
        }
        if search.stat.length <= Search::SMALL_BYTES {
            return search.run(&**way.store, &Arc::default()).map(Some);
        }
        if may_search {
            self.searching = Some(Searching::begin(search, way.store)?);
        }
        Ok(None)
    }

    fn is_growing(&self) -> bool {
        self.standing == Standing::Active && !self.is_compressed
    }

    /// When and where its last lines were written.
    fn local_time<S: EventSink + 'static>(&self, spec: &SourceSpec, way: &Way<'_, S>) -> LocalTime {
        let written = Timestamp(self.stat.modified_ns / 1_000_000);
        let until = if self.is_growing() { way.clock.now() } else { written };
        LocalTime { until, zone: spec.zone.clone() }
    }

    /// The content being read, where it may still grow.
    pub(super) fn growing(&self, now: Duration) -> Option<Fingerprint> {
        let reader = self.reader.as_ref()?;
        (!self.has_ended(now).unwrap_or(false)).then(|| reader.fingerprint())
    }
}
