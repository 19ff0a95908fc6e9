//! Two writers of one database, which take turns, against a map.

use super::super::open::open;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const BOTH: [Dictionary; 2] = [Dictionary::Origin, Dictionary::Agent];

#[derive(Clone, Debug)]
enum Step {
    /// Words of a dictionary, each in an hour.
    Ids(Dictionary, Vec<(u8, i64)>),
    Index,
    Reopen,
    Remove(Dictionary, u8),
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let dictionary = prop::sample::select(BOTH.as_slice());
    let words = proptest::collection::vec((0..40_u8, 0..6_i64), 1..8);
    let step = prop_oneof![
        6 => (dictionary.clone(), words).prop_map(|(dictionary, words)| Step::Ids(dictionary, words)),
        2 => Just(Step::Index),
        2 => Just(Step::Reopen),
        1 => (dictionary, 0..40_u8).prop_map(|(dictionary, word)| Step::Remove(dictionary, word)),
    ];
    (0..2_usize, step)
}

/// So many ids given out that no writer keeps all entries in memory.
fn fill(db: &Connection) {
    let row = "INSERT INTO dictionary_next (dictionary, next, indexed) VALUES (?1, ?2, ?2)";
    db.execute(row, params![Dictionary::Kind as u8, CACHED_ENTRIES]).unwrap();
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_value_keeps_its_id(steps in proptest::collection::vec(step(), 1..24), is_large in any::<bool>()) {
        let directory = tempfile::tempdir().unwrap();
        let db = open(&directory.path().join("events.db")).unwrap();
        if is_large {
            fill(&db);
        }
        let mut writers = [Dictionaries::default(), Dictionaries::default()];
        let mut given: BTreeMap<(u8, u8), u32> = BTreeMap::new();
        let mut first_hours: BTreeMap<u32, i64> = BTreeMap::new();
        let (mut next, mut last) = ([0_u32; 2], 0);
        for (at, step) in steps {
            let writer = &mut writers[at];
            if at != last {
                writer.catch_up(&db).unwrap();
                last = at;
            }
            match step {
                Step::Ids(dictionary, mut words) => {
                    words.sort_unstable();
                    words.dedup_by_key(|(word, _)| *word);
                    let mut values = Interner::default();
                    words.iter().for_each(|(word, _)| _ = values.intern(&[*word]));
                    let first_new = writer.next(&db, dictionary).unwrap();
                    let ids = writer.ids(&db, dictionary, &values).unwrap();
                    let which = BOTH.iter().position(|other| *other == dictionary).unwrap();
                    prop_assert_eq!(first_new, next[which]);
                    for ((word, hour), id) in words.iter().zip(&ids) {
                        let expected = *given.entry((which as u8, *word)).or_insert_with(|| {
                            next[which] += 1;
                            next[which] - 1
                        });
                        prop_assert_eq!(*id, expected);
                        if dictionary == Dictionary::Origin {
                            let first = first_hours.entry(*id).or_insert(*hour);
                            *first = (*first).min(*hour);
                        }
                    }
                    if dictionary == Dictionary::Origin {
                        let hours: Vec<i64> = words.iter().map(|(_, hour)| *hour).collect();
                        writer.seen(&db, &ids, &hours, first_new).unwrap();
                    }
                }
                Step::Index => {
                    writer.index(&db).unwrap();
                    prop_assert!(writer.unindexed.is_empty());
                    prop_assert_eq!(number(&db, "SELECT count(*) FROM dictionary_hash"), given.len() as i64);
                }
                Step::Reopen => writer.invalidate(),
                Step::Remove(dictionary, word) => {
                    let which = BOTH.iter().position(|other| *other == dictionary).unwrap();
                    if let Some(id) = given.remove(&(which as u8, word)) {
                        Dictionaries::remove(&db, dictionary, id).unwrap();
                        writers.iter_mut().for_each(Dictionaries::invalidate);
                        if dictionary == Dictionary::Origin {
                            first_hours.remove(&id);
                        }
                    }
                }
            }
        }
        let mut query = db.prepare("SELECT id & 0xffffffff, hour FROM origin_seen").unwrap();
        let stored = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        prop_assert_eq!(stored.collect::<Result<BTreeMap<u32, i64>, _>>().unwrap(), first_hours);
    }
}

#[test]
fn entries_go_into_the_index_many_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let db = open(&directory.path().join("events.db")).unwrap();
    let mut writer = Dictionaries::default();
    let mut values = Interner::default();
    (0..INDEXED_TOGETHER as u32 - 1).for_each(|word| _ = values.intern(&word.to_le_bytes()));
    let transaction = db.unchecked_transaction().unwrap();
    writer.ids(&db, Dictionary::Agent, &values).unwrap();
    assert!(!writer.index_is_due());
    values.intern(b"one more");
    writer.ids(&db, Dictionary::Agent, &values).unwrap();
    assert!(writer.index_is_due());
    assert_eq!(number(&db, "SELECT count(*) FROM dictionary_hash"), 0);
    writer.index(&db).unwrap();
    assert!(!writer.index_is_due());
    assert_eq!(number(&db, "SELECT count(*) FROM dictionary_hash"), INDEXED_TOGETHER as i64);
    transaction.commit().unwrap();
}

#[test]
fn hours_of_origins_that_lack_one_are_made_up_for() {
    let directory = tempfile::tempdir().unwrap();
    let db = open(&directory.path().join("events.db")).unwrap();
    let mut writer = Dictionaries::default();
    let mut values = Interner::default();
    ["a", "b", "c"].iter().for_each(|word| _ = values.intern(word.as_bytes()));
    let ids = writer.ids(&db, Dictionary::Origin, &values).unwrap();
    // The hours of the first and the last got lost, as if an earlier version had stored them.
    writer.seen(&db, &ids[1..2], &[7], 0).unwrap();
    writer.make_up_for(&db, &HashMap::from([(ids[0], 9), (ids[1], 8), (ids[2], 3)])).unwrap();
    writer.make_up_for(&db, &HashMap::from([(ids[0], 5), (ids[1], 9), (ids[2], 4)])).unwrap();
    let mut query = db.prepare("SELECT hour FROM origin_seen ORDER BY id").unwrap();
    let hours: Vec<i64> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(hours, [5, 7, 3]);
}
