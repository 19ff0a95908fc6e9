//! Damaged files: what can't be read is said, left out, and never made anew.

use super::{append, columnar, open};
use crate::support::lines::{NOON, SAMPLE, batch};
use std::sync::Arc;
use tidegate::classify::CLASSIFIERS;
use tidegate::model::{Dimension, EventFilter, FixedClock, GroupEntry, GroupQuery, Lens, PageQuery, TimeRange};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

fn refuse(path: &std::path::Path) -> String {
    ColumnarStore::open(path, CLASSIFIERS, Arc::new(FixedClock::at(NOON))).unwrap_err().to_string()
}

#[test]
fn a_damaged_block_is_left_out_and_reported() {
    let temporary = columnar();
    append(&*temporary.store, &[batch(&SAMPLE[..4])]);
    append(&*temporary.store, &[batch(&SAMPLE[4..])]);
    drop(temporary.store);
    let file = temporary.directory.path().join(ColumnarStore::FILE);
    let db = rusqlite::Connection::open(&file).unwrap();
    // Column 10 of block 1: the rest of its URLs.
    let changed = db.execute(
        "UPDATE block_column SET data = CAST(substr(data, 1, length(data) - 3) || x'aabbcc' AS BLOB) WHERE id = 64 + 10",
        [],
    );
    assert_eq!(changed, Ok(1));
    drop(db);
    let store = open(temporary.directory.path());
    let page = store.page(&PageQuery::newest(50), &Lens::PLAIN).unwrap();
    assert_eq!(page.rows.len(), 8);
    assert_eq!(store.quarantined_blocks(), 1);
    let verified = store.verify().unwrap();
    assert_eq!((verified.blocks, verified.damaged.len()), (1, 1));
    assert!(verified.damaged[0].contains("block 1") && verified.damaged[0].contains("rest"), "{:?}", verified.damaged);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), 12);
}

#[test]
fn files_that_are_not_ours_are_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(ColumnarStore::FILE);
    let garbage = vec![0x5a_u8; 40_000];
    std::fs::write(&file, &garbage).unwrap();
    assert!(refuse(directory.path()).contains("not a SQLite database"), "{}", refuse(directory.path()));
    assert_eq!(std::fs::read(&file).unwrap(), garbage);

    std::fs::remove_file(&file).unwrap();
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(refuse(directory.path()).contains("not a Tidegate events database"));

    std::fs::remove_file(&file).unwrap();
    drop(open(directory.path()));
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 999).unwrap();
    assert!(refuse(directory.path()).contains("newer Tidegate"));
    assert!(refuse(std::path::Path::new("/no/such/directory")).contains("does the directory exist"));
}

#[test]
fn versions_of_different_stores_differ_even_after_the_same_history() {
    let versions: Vec<u64> = [columnar(), columnar()]
        .iter()
        .map(|temporary| {
            append(&*temporary.store, &[batch(&SAMPLE)]);
            temporary.store.version().unwrap()
        })
        .collect();
    assert_ne!(versions[0], versions[1]);
}

#[test]
fn damaged_sums_are_counted_from_rows_instead() {
    let temporary = columnar();
    append(&*temporary.store, &[batch(&SAMPLE)]);
    let top = GroupQuery::of(Dimension::Domain, TimeRange::ALL, 20);
    let want = temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries;
    temporary.store.settle().unwrap();
    assert_eq!(temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries, want);
    let file = temporary.directory.path().join(ColumnarStore::FILE);
    let db = rusqlite::Connection::open(&file).unwrap();
    assert!(db.execute("UPDATE rollup SET data = CAST(x'01' || substr(data, 2, 5) AS BLOB)", []).unwrap() > 8);
    drop(db);
    assert_eq!(temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries, want);
    // New rows in the same hours, folded onto damaged sums.
    append(&*temporary.store, &[batch(&SAMPLE)]);
    temporary.store.settle().unwrap();
    let doubled = temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries;
    let rows = |entries: &[GroupEntry]| entries.iter().map(|entry| entry.measure.outcomes.total()).sum::<u64>();
    assert_eq!((rows(&want), rows(&doubled)), (12, 24));
}

#[test]
fn a_damaged_delta_costs_time_and_no_rows() {
    let temporary = columnar();
    append(&*temporary.store, &[batch(&SAMPLE)]);
    let top = GroupQuery::of(Dimension::Client, TimeRange::ALL, 20);
    let want = temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries;
    let file = temporary.directory.path().join(ColumnarStore::FILE);
    let db = rusqlite::Connection::open(&file).unwrap();
    assert_eq!(db.execute("UPDATE block_column SET data = x'ff' WHERE id % 64 = 63", []), Ok(1));
    drop(db);
    temporary.store.settle().unwrap();
    assert_eq!(temporary.store.groups(&top, &Lens::PLAIN).unwrap().entries, want);
    assert_eq!(temporary.store.quarantined_blocks(), 0);
}

#[test]
fn a_damaged_block_keeps_nothing_else_from_being_joined() {
    let temporary = columnar();
    for _ in 0..30 {
        append(&*temporary.store, &[batch(&SAMPLE)]);
    }
    let file = temporary.directory.path().join(ColumnarStore::FILE);
    let db = rusqlite::Connection::open(&file).unwrap();
    assert_eq!(db.execute("UPDATE block_column SET data = x'00' WHERE id = 3 * 64", []), Ok(1));
    temporary.store.settle().unwrap();
    let blocks: u64 = db.query_row("SELECT count(*) FROM block", [], |row| row.get(0)).unwrap();
    assert!(blocks < 12, "{blocks} blocks are left");
    assert_eq!(temporary.store.page(&PageQuery::newest(1000), &Lens::PLAIN).unwrap().rows.len(), 29 * 12);
}
