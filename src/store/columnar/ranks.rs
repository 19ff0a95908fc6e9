//! The order of dictionary entries by what they are called: which rank each has. Large ones are kept, and grown as
//! dictionaries grow.

use super::block::Dictionary;
use super::filter::FilterCache;
use super::names::{NONE, Names};
use super::reader::Session;
use crate::model::{Dimension, Lens, Sort, SortValue};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::sync::Arc;

/// Orders kept in memory: hosts' and origins' names, and clients as some lenses show them.
const CACHED_RANKS: usize = 6;

/// Entries in order.
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    pub(super) sort: Sort,
    pub(super) dictionary: Dictionary,
    names: Arc<Names>,
    /// Numbers of names, in order.
    order: Vec<u32>,
    /// By number of the name: its rank; names that look the same have the same.
    rank: Vec<u32>,
}

/// Orders by what they are of and as which lens shows it.
#[derive(Debug, Default)]
pub(super) struct RankCache(Mutex<Vec<Known>>);

type Known = ((Sort, Lens), Arc<Ranks>);

impl RankCache {
    /// The order of the entries by which rows are sorted.
    pub(super) fn get(
        &self,
        session: &Session<'_>,
        filters: &FilterCache,
        sort: Sort,
        lens: &Lens,
    ) -> StoreResult<Arc<Ranks>> {
        let named = |by| filters.names.get(session, by, lens);
        let (dictionary, names) = match sort {
            Sort::Client => (Dictionary::Client, named(Dimension::Client)?),
            Sort::Destination => (Dictionary::Origin, named(Dimension::Destination)?),
            Sort::Url => (Dictionary::Origin, filters.names.origins(session)?),
            Sort::Host => (Dictionary::Source, named(Dimension::Host)?),
            Sort::Method => (Dictionary::Kind, named(Dimension::Method)?),
            Sort::Severity => {
                let mut digits = Vec::new();
                session.values_from(Dictionary::Verdict, 0, |id, value| {
                    digits.push((id, value[..1.min(value.len())].to_vec()))
                })?;
                (Dictionary::Verdict, Arc::new(Names::of(digits.into_iter())))
            }
            Sort::Status | Sort::Time | Sort::Bytes => {
                let kinds = filters.kinds(session)?;
                let facts = (0..).zip(kinds.iter()).filter_map(|(id, facts)| Some((id, facts.as_ref()?)));
                let name = |(id, facts): (u32, &Arc<super::reader::KindFacts>)| {
                    (id, format!("{:03} {}", facts.status, String::from_utf8_lossy(&facts.result)))
                };
                (Dictionary::Kind, Arc::new(Names::of(facts.map(name))))
            }
        };
        if !matches!(sort, Sort::Client | Sort::Destination | Sort::Url) {
            return Ok(Arc::new(Ranks::of(sort, dictionary, names)));
        }
        let lens = if sort == Sort::Client { *lens } else { Lens::PLAIN };
        let mut cached = self.0.lock();
        let at = cached.iter().position(|(key, _)| *key == (sort, lens));
        let known = at.map(|at| cached.remove(at).1);
        let ranks = match known {
            Some(known) if Arc::ptr_eq(&known.names, &names) => known,
            Some(known) if known.names.is_start_of(&names) => Arc::new(known.grown(names)),
            _ => Arc::new(Ranks::of(sort, dictionary, names)),
        };
        if cached.len() >= CACHED_RANKS {
            cached.remove(0);
        }
        cached.push(((sort, lens), Arc::clone(&ranks)));
        Ok(ranks)
    }
}

impl Ranks {
    fn of(sort: Sort, dictionary: Dictionary, names: Arc<Names>) -> Ranks {
        Ranks { sort, dictionary, names: Arc::default(), order: Vec::new(), rank: Vec::new() }.grown(names)
    }

    /// The order of these names, of which the first are in order already.
    fn grown(&self, names: Arc<Names>) -> Ranks {
        let text = |number: u32| text(self.sort, names.name(number));
        let mut new: Vec<u32> = (self.order.len() as u32..names.len() as u32).collect();
        new.sort_unstable_by(|a, b| text(*a).cmp(text(*b)));
        let mut order = Vec::with_capacity(names.len());
        let (mut old, mut new) = (self.order.iter().copied().peekable(), new.into_iter().peekable());
        while let (Some(known), Some(added)) = (old.peek(), new.peek()) {
            let next = if text(*known) <= text(*added) { old.next() } else { new.next() };
            order.extend(next);
        }
        order.extend(old.chain(new));
        let (mut rank, mut at) = (vec![0; names.len()], 0);
        for (place, number) in (0_u32..).zip(&order) {
            if place > 0 && text(order[place as usize - 1]) != text(*number) {
                at = place;
            }
            rank[*number as usize] = at;
        }
        Ranks { sort: self.sort, dictionary: self.dictionary, names, order, rank }
    }

    /// The rank of a dictionary entry; `None` for one that is gone or newer.
    #[inline]
    pub(super) fn of_id(&self, id: u32) -> Option<u32> {
        self.names.number(id).map(|number| self.rank[number as usize])
    }

    /// The text of a rank.
    pub(super) fn text(&self, rank: u32) -> &[u8] {
        text(self.sort, self.names.name(self.order[rank as usize]))
    }

    /// What rows of a rank are ordered by.
    pub(super) fn value(&self, rank: u32) -> SortValue {
        let text = self.text(rank);
        match (self.sort, text) {
            (Sort::Severity, [digit]) => SortValue::Number(i64::from(*digit) - i64::from(b'0')),
            _ => SortValue::text(text),
        }
    }

    /// How many values come before one, and whether there is that value.
    pub(super) fn find(&self, value: &SortValue) -> (u32, bool) {
        let before = self.order.partition_point(|number| self.value(self.rank[*number as usize]) < *value);
        let found = self.order.get(before).is_some_and(|number| self.value(self.rank[*number as usize]) == *value);
        (before as u32, found)
    }
}

/// What rows are ordered by, of a name: nothing where a line had none, but for destinations.
fn text(sort: Sort, name: &[u8]) -> &[u8] {
    match sort {
        Sort::Client | Sort::Method | Sort::Host | Sort::Url if name == NONE => b"",
        _ => &name[..name.len().min(SortValue::TEXT_BYTES)],
    }
}
