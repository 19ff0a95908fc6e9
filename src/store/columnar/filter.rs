//! A filter, resolved to what blocks hold: sets of dictionary ids. Predicates are evaluated once per distinct value,
//! on what the lens shows of it.

use super::block::{Dictionary, kind_outcome};
use super::column::Column;
use super::reader::{KindFacts, Session};
use super::snapshot::BlockMeta;
use crate::model::{ClientTerm, EventFilter, KindParts, Lens, Terms, TimeRange, Timestamp};
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

    pub(super) fn contains(&self, id: u32) -> bool {
        self.0.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }
}

/// What filters have been resolved to, and every kind of request; grown as dictionaries grow.
#[derive(Debug, Default)]
pub(super) struct FilterCache {
    kinds: Mutex<Arc<Vec<Option<Arc<KindFacts>>>>>,
    clients: Mutex<HashMap<(Terms<ClientTerm>, Lens), ResolvedClients>>,
}

/// The ids that pass, and the first id not looked at yet.
#[derive(Clone, Debug, Default)]
struct ResolvedClients {
    next: u32,
    ids: Arc<IdSet>,
}

impl FilterCache {
    /// Every kind of request by id; ids whose entry is gone are `None`.
    pub(super) fn kinds(&self, session: &Session<'_>) -> StoreResult<Arc<Vec<Option<Arc<KindFacts>>>>> {
        let mut kinds = self.kinds.lock();
        let first = kinds.len() as u32;
        let mut new = Vec::new();
        session.values_from(Dictionary::Kind, first, |id, value| new.push((id, facts(value))))?;
        if !new.is_empty() {
            let grown = Arc::make_mut(&mut kinds);
            for (id, facts) in new {
                grown.resize(id as usize + 1, None);
                grown[id as usize] = facts.map(Arc::new);
            }
        }
        Ok(Arc::clone(&kinds))
    }

    fn clients(&self, session: &Session<'_>, terms: &Terms<ClientTerm>, lens: &Lens) -> StoreResult<Arc<IdSet>> {
        let key = (terms.clone(), *lens);
        let ResolvedClients { mut next, ids: mut set } = self.clients.lock().get(&key).cloned().unwrap_or_default();
        let known = next;
        let mut grown = None;
        session.values_from(Dictionary::Client, next, |id, value| {
            if terms.accept(|term| term.matches(&lens.client(value))) {
                grown.get_or_insert_with(|| IdSet::clone(&set)).insert(id);
            }
            next = id + 1;
        })?;
        if let Some(grown) = grown {
            set = Arc::new(grown);
        }
        if next != known {
            let mut cache = self.clients.lock();
            if cache.len() >= CACHED_FILTERS {
                cache.clear();
            }
            cache.insert(key, ResolvedClients { next, ids: Arc::clone(&set) });
        }
        Ok(set)
    }

    /// Forgets everything, as after a clear.
    pub(super) fn forget(&self) {
        *self.kinds.lock() = Arc::default();
        self.clients.lock().clear();
    }

    /// Resolves a filter.
    pub(super) fn resolve(&self, session: &Session<'_>, filter: &EventFilter, lens: &Lens) -> StoreResult<Resolved> {
        let kinds = if filter.asks_kind() {
            let mut set = IdSet::default();
            for (id, facts) in self.kinds(session)?.iter().enumerate() {
                if let Some(facts) = facts
                    && filter.accepts_kind(&facts.method, facts.status, facts.outcome)
                {
                    set.insert(id as u32);
                }
            }
            Some(Arc::new(set))
        } else {
            None
        };
        let clients =
            if filter.client_ip.is_empty() { None } else { Some(self.clients(session, &filter.client_ip, lens)?) };
        Ok(Resolved { range: filter.range(), kinds, clients })
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
}

impl Resolved {
    /// Whether only time is asked.
    pub(super) fn is_time_only(&self) -> bool {
        self.kinds.is_none() && self.clients.is_none()
    }

    /// Which codes of a block pass, for each column asked; `None` when no row of the block can.
    fn masks(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<Option<Vec<Mask>>> {
        let mut masks = Vec::new();
        for (dictionary, set) in [(Dictionary::Kind, &self.kinds), (Dictionary::Client, &self.clients)] {
            let Some(set) = set else { continue };
            let mask: Vec<bool> = session.ids(block, dictionary)?.iter().map(|id| set.contains(*id)).collect();
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
    mut each: impl FnMut(u32, Timestamp),
) -> StoreResult<()> {
    if session.is_quarantined(block) {
        return Ok(());
    }
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
