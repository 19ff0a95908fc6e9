//! One source: its files, from the active one to those that rotation made of it. Every file that may hold lines that are
//! not stored is looked into until its end is stored; what is done with is kept on record, so that a restart doesn't
//! read old archives again.

use super::end::End;
use super::file::{Followed, Looked, Moment, Standing};
use super::reader::Way;
use super::{FollowError, FollowState, SourceSpec, record};
use crate::model::{Fingerprint, Observed};
use crate::source::{FileId, Found, Names, Role};
use crate::store::{EventSink, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// Chunks read of an active file before others have their turn.
const CHUNKS_OF_ACTIVE: usize = 4;
/// Chunks read of all others together: what is written now is seen soon, however much there is of old.
const CHUNKS_OF_ROTATED: usize = 2;
/// After the store failed, it is left alone for so long.
const BACK_OFF: Duration = Duration::from_secs(1);
/// In the midst of a rotation the active file is missing for moments.
const MISSING: Duration = Duration::from_secs(5);

pub(super) struct Family {
    spec: SourceSpec,
    names: Names,
    files: BTreeMap<FileId, Followed>,
    /// Whether the source was met before, as is on record.
    is_met: bool,
    /// What the rows carried.
    observed: Observed,
    /// When an active file was there last, or the source was looked for first.
    present: Option<Duration>,
    /// When the store may be asked again.
    not_before: Duration,
    fault: Option<String>,
}

impl Family {
    /// A source; `others` are paths that belong to other sources.
    pub(super) fn new(spec: SourceSpec, others: BTreeSet<PathBuf>) -> Family {
        Family {
            names: Names::new(&spec.path, others),
            spec,
            files: BTreeMap::new(),
            is_met: false,
            observed: Observed::default(),
            present: None,
            not_before: Duration::ZERO,
            fault: None,
        }
    }

    /// The same beside other sources than before.
    pub(super) fn beside(mut self, others: BTreeSet<PathBuf>) -> Family {
        self.names.set_others(others);
        self
    }

    pub(super) fn spec(&self) -> &SourceSpec {
        &self.spec
    }

    pub(super) fn directories(&self) -> BTreeSet<PathBuf> {
        self.names.directories()
    }

    /// Looks at every file; first at which there are, where `list` is set.
    pub(super) fn look<S: EventSink + 'static>(&mut self, way: &Way<'_, S>, now: Duration, list: bool) -> Looked {
        if now < self.not_before {
            return Looked::default();
        }
        if list || !self.is_met {
            let listed = self.list(way, now);
            self.judge(listed.map(|()| Looked::default()), None, now);
        }
        if !self.is_met {
            return Looked::default();
        }
        let mut all = Looked::default();
        let mut left = CHUNKS_OF_ROTATED;
        let mut may_search = self.files.values().all(|file| !file.is_searched());
        for id in self.in_order() {
            let Some(file) = self.files.get(&id) else { continue };
            let is_active = file.standing == Standing::Active;
            if !is_active && file.rests() {
                continue;
            }
            // Asked of every file, and so only for those that may come to their end.
            let growing = if is_active { BTreeSet::new() } else { self.growing(id, now) };
            let chunks = if is_active { CHUNKS_OF_ACTIVE } else { left };
            let mut moment = Moment { now, chunks, may_search, growing: &growing };
            let looked = self.look_at(id, way, &mut moment);
            if !is_active {
                left = moment.chunks;
            }
            // One at a time.
            may_search &= self.files.get(&id).is_none_or(|file| !file.is_searched());
            let looked = self.judge(looked, Some(id), now);
            self.observed.add(&looked.observed);
            all.lines += looked.lines;
            all.more |= looked.more;
            if now < self.not_before {
                break;
            }
        }
        self.files.retain(|_, file| !file.is_over());
        all
    }

    fn look_at<S: EventSink + 'static>(
        &mut self,
        id: FileId,
        way: &Way<'_, S>,
        moment: &mut Moment<'_>,
    ) -> Result<Looked, FollowError> {
        let Some(file) = self.files.get_mut(&id) else { return Ok(Looked::default()) };
        let looked = file.look(&self.spec, way, moment)?;
        if looked.ended {
            if file.standing == Standing::Rotated {
                remember(way, &self.spec, file).inspect_err(|_| file.is_not_done())?;
            }
            file.is_done();
        }
        Ok(looked)
    }

    /// The active files, then the others from the oldest on.
    fn in_order(&self) -> Vec<FileId> {
        let mut order: Vec<_> =
            self.files.iter().map(|(id, file)| (file.standing != Standing::Active, file.stat, *id)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, id)| id).collect()
    }

    /// The contents of other files that may still grow.
    fn growing(&self, but: FileId, now: Duration) -> BTreeSet<Fingerprint> {
        self.files.iter().filter(|(id, _)| **id != but).filter_map(|(_, file)| file.growing(now)).collect()
    }

    /// Finds which files there are, and which of them are done with.
    fn list<S: EventSink + 'static>(&mut self, way: &Way<'_, S>, now: Duration) -> Result<(), FollowError> {
        let found = self.names.look()?;
        if !self.is_met {
            self.meet(&found, way, now)?;
            self.is_met = true;
        }
        let there: BTreeSet<FileId> = found.iter().map(|file| file.id).collect();
        for found in &found {
            if let Some(file) = self.files.get_mut(&found.id) {
                file.met(found, now);
                continue;
            }
            let mut file = Followed::new(found, now);
            let record = record::of_file(&self.spec.path, found.id, found.stat);
            if found.role != Role::Active && record::is_kept(&**way.store, record)? {
                file.is_done();
            }
            self.files.insert(found.id, file);
        }
        for (id, file) in &mut self.files {
            if !there.contains(id) {
                file.missed(now);
            }
        }
        self.files.retain(|_, file| !file.is_over());
        let is_present = self.names.is_pattern() || found.iter().any(|file| file.role == Role::Active);
        if is_present {
            self.present = Some(now);
        }
        // Not there at the first look, or for longer than a rotation takes.
        if self.present.is_none_or(|seen| now.saturating_sub(seen) > MISSING) {
            return Err(FollowError::Missing);
        }
        Ok(())
    }

    /// The first time ever: what rotation has made before is not read, and with `from_end` nothing that is there. What
    /// is partly known is read to its end all the same.
    fn meet<S: EventSink + 'static>(
        &self,
        found: &[Found],
        way: &Way<'_, S>,
        now: Duration,
    ) -> Result<(), FollowError> {
        let source = record::of_source(&self.spec.path);
        if record::is_kept(&**way.store, source)? {
            return Ok(());
        }
        for found in found.iter().filter(|found| found.is_regular) {
            if !self.spec.from_end && found.role != Role::Rotated {
                continue;
            }
            let end = match Followed::new(found, now).end(way, now) {
                Ok(End::Known) => continue,
                Ok(End::At(advance)) => Some(*advance),
                Ok(End::Unplaced) => None,
                // What nobody lets us read is not going to be read.
                Err(FollowError::Read(_)) if found.role == Role::Rotated => None,
                Err(error) => return Err(error),
            };
            let record = record::of_file(&self.spec.path, found.id, found.stat);
            let is_done = found.role != Role::Active && !record::is_kept(&**way.store, record)?;
            let done = is_done.then(|| record::keep(record, &found.path, way.clock.now()));
            way.store.append(Vec::new(), &end.into_iter().chain(done).collect::<Vec<_>>())?;
        }
        Ok(way.store.append(Vec::new(), &[record::keep(source, &self.spec.path, way.clock.now())])?)
    }

    /// Keeps faults where they can be seen, and says each once.
    fn judge(&mut self, looked: Result<Looked, FollowError>, id: Option<FileId>, now: Duration) -> Looked {
        let file = id.and_then(|id| self.files.get_mut(&id));
        let is_source = file.is_none();
        let kept = file.map_or(&mut self.fault, |file| &mut file.fault);
        match looked {
            Ok(looked) => {
                if is_source && kept.take().is_some() {
                    tracing::info!(source = self.spec.source.name, "source is readable again");
                }
                looked
            }
            Err(error) => {
                if matches!(error, FollowError::Store(_)) && !matches!(error, FollowError::Store(StoreError::Overtaken))
                {
                    self.not_before = now + BACK_OFF;
                }
                let fault = error.to_string();
                if kept.as_ref() != Some(&fault) {
                    tracing::error!(
                        source = self.spec.source.name,
                        error = fault,
                        "source can't be followed; trying again"
                    );
                }
                *kept = Some(fault);
                Looked::default()
            }
        }
    }

    /// How its files stand.
    pub(super) fn states(&self) -> Vec<FollowState> {
        let state = |file: &Followed| FollowState {
            source: self.spec.source.name.clone(),
            path: file.path.clone(),
            is_active: file.standing == Standing::Active,
            format: file.reader().map_or_else(String::new, |reader| reader.format().to_owned()),
            position: file.reader().map_or(0, |reader| reader.position()),
            length: file.stat.length,
            unread: file.unread(),
            last_line: file.last_line,
            observed: self.observed,
            fault: file.fault.clone().or_else(|| self.fault.clone()),
        };
        let shown = |file: &&Followed| file.standing == Standing::Active || file.is_open() || file.fault.is_some();
        let mut states: Vec<_> = self.files.values().filter(shown).map(state).collect();
        if states.is_empty() && !self.names.is_pattern()
            || states.iter().all(|state| !state.is_active) && self.fault.is_some()
        {
            states.push(FollowState {
                source: self.spec.source.name.clone(),
                path: self.spec.path.clone(),
                is_active: true,
                format: String::new(),
                position: 0,
                length: 0,
                unread: 0,
                last_line: None,
                observed: self.observed,
                fault: self.fault.clone(),
            });
        }
        states.sort_by(|one, other| (!one.is_active, &one.path).cmp(&(!other.is_active, &other.path)));
        states
    }
}

/// Puts on record that a file is done with as it is.
fn remember<S: EventSink + 'static>(way: &Way<'_, S>, spec: &SourceSpec, file: &Followed) -> Result<(), StoreError> {
    let record = record::of_file(&spec.path, file.id(), file.stat);
    if record::is_kept(&**way.store, record)? {
        return Ok(());
    }
    way.store.append(Vec::new(), &[record::keep(record, &file.path, way.clock.now())])
}
