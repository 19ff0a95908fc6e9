//! Files written by earlier versions, brought up to today's layout.

use super::{append, open};
use crate::support::lines::batch;
use std::path::Path;
use tidegate::model::{Kept, RejectQuery};
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
