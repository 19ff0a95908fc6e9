//! A filter, resolved to what blocks hold: sets of dictionary ids. Predicates are evaluated once per distinct value,
//! on what the lens shows of it.

use super::block::{Dictionary, kind_outcome, read_source};
use super::column::Column;
use super::names::NameCache;
use super::reader::{KindFacts, Session};
use super::snapshot::BlockMeta;
use crate::model::{Classifiers, ClientTerm, Dimension, EventFilter, KindParts, Lens, Terms, TimeRange, Timestamp};
use crate::store::{StoreError, StoreResult};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Resolved client filters kept in memory.
const CACHED_FILTERS: usize = 64;

/// A set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IdSet(Vec<u64>);

impl IdSet {
    pub(super) fn insert(&mut self, id: u32) {
        let word = id as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (id % 64);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.0.len() as u32 * 64).filter(|id| self.contains(*id))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn contains(&self, id: u32) -> bool {
        self.0.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }
}

/// What filters have been resolved to, and every kind of request; grown as dictionaries grow, forgotten when rows or
/// entries go.
#[derive(Debug)]
pub(super) struct FilterCache {
    pub(super) names: NameCache,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The store's generation: changes when rows or dictionary entries go.
    generation: u64,
    kinds: Arc<Vec<Option<Arc<KindFacts>>>>,
    clients: HashMap<(Terms<ClientTerm>, Lens), ResolvedClients>,
}

impl Known {
    fn of_generation(&mut self, generation: u64) -> &mut Known {
        if generation > self.generation {
            *self = Known { generation, ..Known::default() };
        }
        self
    }
}

/// The ids that pass, and the first id not looked at yet.
#[derive(Clone, Debug, Default)]
struct ResolvedClients {
    next: u32,
    ids: Arc<IdSet>,
}

impl FilterCache {
    pub(super) fn new(classifiers: Classifiers) -> FilterCache {
        FilterCache { names: NameCache::new(classifiers), known: Mutex::default() }
    }

    /// Every kind of request by id; ids whose entry is gone are `None`.
    pub(super) fn kinds(&self, session: &Session<'_>) -> StoreResult<Arc<Vec<Option<Arc<KindFacts>>>>> {
        let mut known = self.known.lock();
        let kinds = &mut known.of_generation(session.snapshot.state.generation).kinds;
        let first = kinds.len() as u32;
        let mut new = Vec::new();
        session.values_from(Dictionary::Kind, first, |id, value| new.push((id, facts(value))))?;
        if !new.is_empty() {
            let grown = Arc::make_mut(kinds);
            for (id, facts) in new {
                grown.resize(id as usize + 1, None);
                grown[id as usize] = facts.map(Arc::new);
            }
        }
        Ok(Arc::clone(kinds))
    }

    fn clients(&self, session: &Session<'_>, terms: &Terms<ClientTerm>, lens: &Lens) -> StoreResult<Arc<IdSet>> {
        let key = (terms.clone(), *lens);
        let names = self.names.get(session, Dimension::Client, lens)?;
        let generation = session.snapshot.state.generation;
        let known = self.known.lock().of_generation(generation).clients.get(&key).cloned();
        let ResolvedClients { next, mut ids } = known.unwrap_or_default();
        if next < names.ids() {
            let grown = Arc::make_mut(&mut ids);
            for id in next..names.ids() {
                if names.shown(id).is_some_and(|shown| terms.accept(|term| term.matches(shown))) {
                    grown.insert(id);
                }
            }
            let mut known = self.known.lock();
            let clients = &mut known.of_generation(generation).clients;
            if clients.len() >= CACHED_FILTERS {
                clients.clear();
            }
            clients.insert(key, ResolvedClients { next: names.ids(), ids: Arc::clone(&ids) });
        }
        Ok(ids)
    }

    fn sources(session: &Session<'_>, filter: &EventFilter) -> StoreResult<Arc<IdSet>> {
        let mut set = IdSet::default();
        session.values_from(Dictionary::Source, 0, |id, value| {
            if filter.accepts_source(&read_source(value)) {
                set.insert(id);
            }
        })?;
        Ok(Arc::new(set))
    }

    /// Resolves a filter.
    pub(super) fn resolve(&self, session: &Session<'_>, filter: &EventFilter, lens: &Lens) -> StoreResult<Resolved> {
        let mut resolved = Resolved::within(filter.range());
        if filter.asks_kind() {
            let mut set = IdSet::default();
            for (id, facts) in self.kinds(session)?.iter().enumerate() {
                if let Some(facts) = facts
                    && filter.accepts_kind(&facts.method, &facts.result, facts.status)
                {
                    set.insert(id as u32);
                }
            }
            resolved.kinds = Some(Arc::new(set));
        }
        if !filter.client_ip.is_empty() {
            resolved.clients = Some(self.clients(session, &filter.client_ip, lens)?);
        }
        if !filter.source.is_empty() {
            resolved.sources = Some(Self::sources(session, filter)?);
        }
        Ok(resolved)
    }
}

fn facts(value: &[u8]) -> Option<KindFacts> {
    let parts = KindParts::read(value)?;
    Some(KindFacts {
        method: parts.method.into(),
        result: parts.result.into(),
        hierarchy: parts.hierarchy.into(),
        content_type: parts.content_type.into(),
        status: parts.status,
        outcome: kind_outcome(value),
    })
}

/// Which codes of a column pass.
struct Mask {
    column: Column,
    passes: Vec<bool>,
}

/// A filter as sets of ids; `None` asks nothing.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    pub(super) range: TimeRange,
    pub(super) kinds: Option<Arc<IdSet>>,
    pub(super) clients: Option<Arc<IdSet>>,
    pub(super) users: Option<Arc<IdSet>>,
    pub(super) sources: Option<Arc<IdSet>>,
}

impl Resolved {
    /// All rows of a range.
    pub(super) fn within(range: TimeRange) -> Resolved {
        Resolved { range, kinds: None, clients: None, users: None, sources: None }
    }

    /// Whether only time is asked.
    pub(super) fn is_time_only(&self) -> bool {
        self.kinds.is_none() && self.clients.is_none() && self.users.is_none() && self.sources.is_none()
    }

    /// Which codes of a block pass, for each column asked; `None` when no row of the block can. Who is being erased
    /// never passes.
    fn masks(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<Option<Vec<Mask>>> {
        let (nobody, erasing) = (IdSet::default(), &session.snapshot.erasing);
        let mut masks = Vec::new();
        for (dictionary, wanted, unwanted) in [
            (Dictionary::Kind, &self.kinds, &nobody),
            (Dictionary::Client, &self.clients, &erasing.clients),
            (Dictionary::User, &self.users, &erasing.users),
            (Dictionary::Source, &self.sources, &nobody),
        ] {
            if wanted.is_none() && unwanted.is_empty() {
                continue;
            }
            let passes = |id: &u32| wanted.as_ref().is_none_or(|set| set.contains(*id)) && !unwanted.contains(*id);
            let mask: Vec<bool> = session.ids(block, dictionary)?.iter().map(passes).collect();
            if !mask.contains(&true) {
                return Ok(None);
            }
            if mask.contains(&false) {
                masks.push(Mask { column: dictionary.column(), passes: mask });
            }
        }
        Ok(Some(masks))
    }
}

/// Hands every living row of a block that passes, with its time, to `each`, in order of rows. `within` narrows the
/// filter's range.
pub(super) fn scan(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
    each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    if session.is_quarantined(block) { Ok(()) } else { scan_any(session, block, filter, within, each) }
}

/// As [`scan`], of a quarantined block as well.
pub(super) fn scan_any(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    within: TimeRange,
    mut each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    let from = within.from.max(filter.range.from).max(block.alive_from).0;
    let until = within.until.min(filter.range.until).0;
    let Some(masks) = filter.masks(session, block)? else { return Ok(()) };
    let header = session.header(block.id, Column::Time)?.ok_or(StoreError::Moved)?;
    for (frame, entry) in header.frames.iter().enumerate() {
        if entry.most < from || entry.least >= until {
            continue;
        }
        let times = session.ints(block, Column::Time, frame)?;
        let first = (frame * header.frame_rows) as u32;
        let codes = masks
            .iter()
            .map(|mask| Ok((session.codes(block, mask.column, frame)?, &mask.passes)))
            .collect::<StoreResult<Vec<_>>>()?;
        match &codes[..] {
            [] => {
                for (row, &time) in times.iter().enumerate() {
                    if from <= time && time < until {
                        each(first + row as u32, Timestamp(time));
                    }
                }
            }
            codes => {
                for (row, &time) in times.iter().enumerate() {
                    let passes =
                        |(codes, mask): &(Arc<[u32]>, &Vec<bool>)| mask.get(codes[row] as usize) == Some(&true);
                    if from <= time && time < until && codes.iter().all(passes) {
                        each(first + row as u32, Timestamp(time));
                    }
                }
            }
        }
    }
    Ok(())
}
