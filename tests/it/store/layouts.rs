//! Files written by earlier versions, brought up to today's layout.

use super::{append, columnar, open};
use crate::support::lines::{NOON, SAMPLE, batch};
use rusqlite::types::Value;
use std::path::Path;
use std::sync::Arc;
use tidegate::classify::CLASSIFIERS;
use tidegate::model::{
    Dimension, FixedClock, GroupQuery, Kept, Lens, PageQuery, RejectQuery, Resolution, Subject, SubjectKind, TimeRange,
};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

/// A database of layout 2, with what `fill` puts into it.
fn layout_2(directory: &Path, fill: &str) {
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    for migration in [
        include_str!("../../../migrations/events/0001_blocks.sql"),
        include_str!("../../../migrations/events/0002_erasure.sql"),
        fill,
    ] {
        db.execute_batch(migration).unwrap();
    }
    db.pragma_update(None, "application_id", 0x5467_4576).unwrap();
    db.pragma_update(None, "user_version", 2).unwrap();
}

#[test]
fn rejects_of_layout_2_say_what_is_kept_of_them() {
    let directory = tempfile::tempdir().unwrap();
    layout_2(
        directory.path(),
        "INSERT INTO reject (id, source, reason, offset, line) VALUES
             (3, 'squid', 'bad_time', 7, CAST('x 10.0.0.1 y' AS BLOB)),
             (4, 'edge', 'bad_time', 8, CAST('9999999999.999 aaa Aa' AS BLOB)),
             (6, 'squid', 'too_long', 9, CAST('x 10.0.0.2' AS BLOB)),
             (7, 'squid', 'bad_time', 10, CAST(printf('%.*c', 65536, 'x') AS BLOB));
         INSERT INTO reject_count SELECT source, reason, count(*) FROM reject GROUP BY source, reason;",
    );
    let store = open(directory.path());
    let rows = store.rejects(&RejectQuery::newest(9)).unwrap().rows;
    let seen: Vec<_> = rows.iter().map(|row| (row.id, row.source.name.as_str(), row.offset, row.kept)).collect();
    assert_eq!(
        seen,
        [
            (7, "squid", 10, Kept::Head),
            (6, "squid", 9, Kept::Head),
            (4, "edge", 8, Kept::Shape),
            (3, "squid", 7, Kept::Whole)
        ]
    );
    assert_eq!(rows[3].whole_line(), Some(&b"x 10.0.0.1 y"[..]));
    assert!(rows.iter().all(|row| row.source.host.is_empty() && row.source.format.is_empty()));
    let counts = store.reject_counts().unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.source.as_str(), count.lines, count.kept)).collect();
    assert_eq!(counts, [("edge", 1, 1), ("squid", 2, 2), ("squid", 1, 1)]);
    append(&store, &[batch(&[])]);
    assert_eq!(store.rejects(&RejectQuery::newest(1)).unwrap().rows[0].id, 8);
}

/// Makes a database what it was in layout 4, but for what blocks add, which is made unreadable: it lacks groups.
fn back_to_layout_4(directory: &Path) {
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    db.execute_batch(
        "DELETE FROM block_column WHERE id % 64 = 16;
         UPDATE block_column SET data = x'01' WHERE id % 64 = 63;
         DELETE FROM dictionary_hash WHERE id >> 40 = 8;
         DELETE FROM dictionary WHERE id >> 40 = 8;
         DELETE FROM dictionary_next WHERE dictionary = 8;
         ALTER TABLE dictionary_next DROP COLUMN indexed;
         DELETE FROM rollup WHERE (id >> 40) / 2 = 7;
         DROP TABLE total_past;
         DROP TABLE finding;",
    )
    .unwrap();
    db.pragma_update(None, "user_version", 4).unwrap();
}

/// As [`back_to_layout_4`], to layout 3.
pub fn back_to_layout_3(directory: &Path) {
    back_to_layout_4(directory);
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    db.execute_batch(
        "DELETE FROM block_column WHERE id % 64 IN (14, 15);
         DELETE FROM dictionary_hash WHERE id >> 40 = 7;
         DELETE FROM dictionary WHERE id >> 40 = 7;
         DELETE FROM dictionary_next WHERE dictionary = 7;
         DELETE FROM rollup WHERE (id >> 40) / 2 IN (4, 5, 6);
         DROP TABLE origin_seen;",
    )
    .unwrap();
    for table in ["total_5m", "total_1h"] {
        for column in ["cs_bytes", "cs_bytes_rows", "entropy_millibits", "entropy_rows"] {
            db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN {column}")).unwrap();
        }
    }
    db.pragma_update(None, "user_version", 3).unwrap();
}

/// What a table holds.
fn table(directory: &Path, sql: &str) -> Vec<Vec<Value>> {
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    let mut query = db.prepare(sql).unwrap();
    let columns = query.column_count();
    let rows = query.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Rows in four blocks, of which two are folded; somebody's are being erased, and the oldest are gone.
fn fill(store: &ColumnarStore) {
    append(store, &[batch(&SAMPLE), batch(&SAMPLE[3..])]);
    store.settle().unwrap();
    store.clear_before(tidegate::model::Timestamp(NOON.0 - 36 * 24 * 3_600_000)).unwrap();
    append(store, &[batch(&SAMPLE[2..]), batch(&SAMPLE[..9])]);
}

#[test]
fn blocks_of_earlier_layouts_get_the_columns_they_lack() {
    let back: [(fn(&Path), _); 2] = [(back_to_layout_3, 14), (back_to_layout_4, 16)];
    for ((back, column), is_cut_off) in back.into_iter().flat_map(|back| [(back, false), (back, true)]) {
        let (new, old) = (columnar(), columnar());
        fill(&new.store);
        fill(&old.store);
        let directory = old.directory.path();
        drop(old.store);
        back(directory);
        if is_cut_off {
            let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
            db.execute_batch(&format!(
                "CREATE TRIGGER cut BEFORE INSERT ON block_column WHEN new.id % 64 = {column}
                     AND (SELECT count(*) FROM block_column WHERE id % 64 = {column}) = 2
                 BEGIN SELECT raise(ABORT, 'cut off'); END",
            ))
            .unwrap();
            let clock = Arc::new(FixedClock::at(NOON));
            let cut = ColumnarStore::open(directory, CLASSIFIERS, clock).map(drop).unwrap_err();
            assert!(cut.to_string().contains("cut off"), "{cut}");
            db.execute_batch("DROP TRIGGER cut").unwrap();
        }
        let store = open(directory);
        let mut want = new.store.stats().unwrap();
        want.last_import = store.stats().unwrap().last_import;
        assert!(want.totals.entropy_rows > 0);
        for settled in [false, true] {
            assert_eq!(store.stats().unwrap(), want);
            assert_eq!(store.verify().unwrap().checksum, new.store.verify().unwrap().checksum);
            for resolution in [Resolution::FiveMinutes, Resolution::Hour] {
                let timelines = [&store, &*new.store].map(|store| store.timeline(TimeRange::ALL, resolution).unwrap());
                assert_eq!(timelines[0], timelines[1]);
            }
            for by in [Dimension::Client, Dimension::Domain, Dimension::Method, Dimension::Severity, Dimension::Verdict]
            {
                let query = GroupQuery::of(by, TimeRange::ALL, 50);
                let groups = [&store, &*new.store].map(|store| store.groups(&query, &Lens::PLAIN).unwrap());
                assert_eq!(groups[0], groups[1], "{by:?}");
            }
            let pages = [&store, &*new.store].map(|store| store.page(&PageQuery::newest(90), &Lens::PLAIN).unwrap());
            assert_eq!(pages[0].rows, pages[1].rows);
            if !settled {
                store.settle().unwrap();
                new.store.settle().unwrap();
            }
        }
        drop(store);
        for sql in [
            "SELECT * FROM origin_seen ORDER BY id",
            "SELECT id, value FROM dictionary WHERE id >> 40 IN (7, 8) ORDER BY id",
            "SELECT * FROM rollup ORDER BY id",
            "SELECT * FROM total_5m ORDER BY bucket",
            "SELECT hour FROM dirty_hour",
        ] {
            let tables = [directory, new.directory.path()].map(|directory| table(directory, sql));
            assert_eq!(tables[0], tables[1], "{sql}");
        }
    }
}

#[test]
fn erasures_and_damage_of_layout_3_stay_what_they_were() {
    let old = columnar();
    fill(&old.store);
    let directory = old.directory.path();
    drop(old.store);
    back_to_layout_3(directory);
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    // Column 10 of the newest block: the rest of its URLs.
    let changed = db.execute(
        "UPDATE block_column SET data = CAST(substr(data, 1, length(data) - 3) || x'aabbcc' AS BLOB)
         WHERE id = (SELECT max(id) FROM block) * 64 + 10",
        [],
    );
    assert_eq!(changed, Ok(1));
    drop(db);
    let store = open(directory);
    assert_eq!(store.verify().unwrap().damaged.len(), 1);
    let before = store.stats().unwrap().totals;
    let erased = store.erase(&Subject::new(SubjectKind::Client, b"10.0.0.2"), &mut |_| {}).unwrap();
    let after = store.stats().unwrap().totals;
    assert!(erased.rows > 0 && after.entropy_rows <= before.entropy_rows);
    store.settle().unwrap();
    assert_eq!(store.stats().unwrap().totals, after);
}
