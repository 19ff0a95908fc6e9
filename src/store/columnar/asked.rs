//! What is asked of the entries of a dictionary, one after the other, and looking through all of them.

use super::block::{Dictionary, read_source};
use super::id_set::IdSet;
use super::parallel::over_items;
use super::reader::Session;
use super::verdicts;
use super::words::Needle;
use crate::model::{EventFilter, KindParts, Outcome, PathTraits, TagTest, Verdict};
use crate::store::StoreResult;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Entries that one core looks at in one go.
const LOOKED_AT_TOGETHER: u32 = 1 << 15;

/// What is asked of the entries of one dictionary.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Part {
    /// The fields of a filter that the dictionary answers; the others ask nothing.
    Fields(Box<EventFilter>),
    Tag(TagTest),
    Word(Box<str>),
    /// What lenses may show otherwise than it is stored.
    Personal,
}

/// Says of a value whether it passes.
type Passes<'p> = Box<dyn Fn(&[u8]) -> bool + 'p>;

/// A part, as it is asked of values one after the other.
pub(super) enum Asked<'p> {
    Passes(Passes<'p>),
    Word(Needle),
    WordAtBorder(Needle),
}

impl<'p> Asked<'p> {
    pub(super) fn of(dictionary: Dictionary, part: &'p Part) -> Asked<'p> {
        Asked::Passes(match (part, dictionary) {
            (Part::Word(word), Dictionary::Origin) => return Asked::WordAtBorder(Needle::new(word)),
            (Part::Word(word), _) => return Asked::Word(Needle::new(word)),
            (Part::Fields(fields), Dictionary::Kind) => Box::new(|value| {
                KindParts::read(value).is_some_and(|kind| fields.accepts_kind(kind.method, kind.result, kind.status))
            }),
            (Part::Fields(fields), Dictionary::Verdict) => Box::new(|value| {
                verdicts::read(value).is_some_and(|(severity, verdict)| fields.accepts_verdict(severity, verdict))
            }),
            (Part::Fields(fields), Dictionary::Source) => Box::new(|value| fields.accepts_source(&read_source(value))),
            (Part::Fields(fields), Dictionary::Client) => Box::new(|shown| fields.accepts_client(shown)),
            // Of origins, names are asked instead: [`FilterCache::places`].
            (Part::Fields(fields), _) => Box::new(|shown| fields.accepts_user(shown)),
            (Part::Tag(TagTest::Outcome(set)), _) => Box::new(|value| {
                KindParts::read(value).is_some_and(|kind| set.has(Outcome::of(kind.status, kind.result)))
            }),
            (Part::Tag(TagTest::Origin(test)), _) => Box::new(|value| (test.holds)(value)),
            (Part::Tag(TagTest::Score(least)), _) => Box::new(|value| {
                let found = verdicts::read(value).and_then(|(_, verdict)| Verdict::read(verdict));
                found.is_some_and(|verdict| verdict.score >= *least)
            }),
            (Part::Tag(TagTest::Path(test)), _) => {
                Box::new(|value| PathTraits::read(value).is_some_and(|traits| test.holds(&traits)))
            }
            (Part::Personal, _) => Box::new(|value| PathTraits::read(value).is_some_and(|traits| traits.personal)),
        })
    }

    pub(super) fn sets(&self) -> usize {
        match self {
            Asked::Passes(_) | Asked::Word(_) => 1,
            Asked::WordAtBorder(needle) => 1 + needle.borders().len(),
        }
    }

    pub(super) fn look(&mut self, id: u32, value: &[u8], sets: &mut [IdSet]) {
        match self {
            Asked::Passes(passes) => {
                if passes(value) {
                    sets[0].insert(id);
                }
            }
            Asked::Word(needle) => {
                if needle.is_in(value) {
                    sets[0].insert(id);
                }
            }
            Asked::WordAtBorder(needle) => {
                if needle.is_in(value) {
                    sets[0].insert(id);
                }
                needle.begins_in(|border| sets[1 + border].insert(id));
            }
        }
    }
}

/// Adds the entries from `first` on that pass to `sets`, and answers the first id that was not looked at; other cores
/// help with a large dictionary.
pub(super) fn look_through(
    session: &Session<'_>,
    dictionary: Dictionary,
    part: &Part,
    first: u32,
    sets: &mut [IdSet],
) -> StoreResult<u32> {
    let Some(highest) = session.highest_id(dictionary)?.filter(|highest| *highest >= first) else { return Ok(first) };
    let look = |session: &Session<'_>, ids: &RangeInclusive<u32>, sets: &mut [IdSet]| {
        let mut asked = Asked::of(dictionary, part);
        session.values_in(dictionary, ids.clone(), |id, value| asked.look(id, value, sets))
    };
    if highest - first < LOOKED_AT_TOGETHER {
        look(session, &(first..=highest), sets)?;
        return Ok(highest + 1);
    }
    let begin = |first: u32| first..=highest.min(first.saturating_add(LOOKED_AT_TOGETHER - 1));
    let ranges: Vec<_> = (first..=highest).step_by(LOOKED_AT_TOGETHER as usize).map(begin).collect();
    let (readers, snapshot, count) = (session.readers, &session.snapshot, sets.len());
    let found = over_items(
        &readers.helpers,
        &ranges,
        || Ok(vec![IdSet::default(); count]),
        |found: &mut StoreResult<Vec<IdSet>>, ids| {
            let Ok(sets) = found else { return };
            let looked =
                readers.with_connection(|db| look(&Session { readers, snapshot: Arc::clone(snapshot), db }, ids, sets));
            if let Err(error) = looked {
                *found = Err(error);
            }
        },
    );
    for found in found {
        sets.iter_mut().zip(&found?).for_each(|(set, more)| set.add(more));
    }
    Ok(highest + 1)
}

#[cfg(test)]
mod tests {
    use super::super::ColumnarStore;
    use super::super::origin_terms::tests::CLASSIFIERS;
    use super::*;
    use crate::model::{
        AccessEvent, Batch, FixedClock, Lens, MAX_BLOCK_ROWS, OriginTest, SourceName, Tag, Target, Terms, Timestamp,
    };
    use crate::store::{EventSink, EventStore};

    /// More origins than are looked at in one go, then a few more.
    #[test]
    fn every_entry_of_a_large_dictionary_is_looked_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(0)));
        let store = ColumnarStore::open(directory.path(), CLASSIFIERS, clock).unwrap();
        let append = |numbers: std::ops::Range<u32>| {
            let numbers: Vec<u32> = numbers.collect();
            for numbers in numbers.chunks(MAX_BLOCK_ROWS) {
                let mut batch = Batch::new(SourceName::default());
                for number in numbers {
                    let origin = format!("http://{number}.example");
                    let target = Target { origin: origin.as_bytes(), rest: b"/", had_userinfo: false };
                    batch.push(&AccessEvent { canonical: true, ..AccessEvent::default() }, &target, b"");
                }
                store.append(vec![store.prepare(&batch).unwrap()], &[]).unwrap();
            }
        };
        let test = OriginTest { tag: Tag::Dga, version: 1, holds: Arc::new(|origin| origin.ends_with(b"7.example")) };
        let tag = Terms { any: vec![TagTest::Origin(test)], none: Vec::new() };
        let filter = EventFilter { tag, ..EventFilter::default() };
        let count = || store.count(&filter, &Lens::PLAIN).unwrap();
        append(0..3 * LOOKED_AT_TOGETHER + 5);
        assert_eq!(count(), (0..3 * LOOKED_AT_TOGETHER + 5).filter(|number| number % 10 == 7).count() as u64);
        append(3 * LOOKED_AT_TOGETHER + 5..3 * LOOKED_AT_TOGETHER + 25);
        assert_eq!(count(), (0..3 * LOOKED_AT_TOGETHER + 25).filter(|number| number % 10 == 7).count() as u64);
    }
}
