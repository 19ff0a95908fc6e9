//! What is found per row as it is stored, and where it is kept.

use super::{append, columnar};
use tidegate::model::{AccessEvent, Batch, HOUR_MS, SourceName, Target, Timestamp};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

fn batch(rows: &[(i64, &str, &str, &str, &str)]) -> Batch {
    let mut batch = Batch::new(SourceName::default());
    for (hour, origin, rest, agent, mime) in rows {
        let event = AccessEvent {
            time: Timestamp(hour * HOUR_MS),
            c_ip: b"10.0.0.1",
            cs_bytes: (*hour > 500_000).then_some(7),
            user_agent: agent.as_bytes(),
            content_type: mime.as_bytes(),
            canonical: true,
            ..AccessEvent::default()
        };
        batch.push(&event, &Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false }, b"");
    }
    batch
}

#[test]
fn rows_say_what_their_paths_do_and_origins_when_they_were_first_seen() {
    let temporary = columnar();
    let www = "http://www.example.com";
    append(
        &*temporary.store,
        &[batch(&[
            (490_002, www, "/invoice.pdf.exe", "", "image/png"),
            (490_001, www, "/a/b.js?x=1", "", "text/javascript"),
            (490_003, www, "/a/b.js?user=ada", "", "text/javascript"),
            (490_003, www, "/", "agent of 10.0.0.1", ""),
            (490_003, "http://10.0.0.1", "/", "", ""),
            (490_003, "www.example.com:443", "", "", ""),
        ])],
    );
    append(&*temporary.store, &[batch(&[(490_000, www, "/", "", ""), (500_001, www, "/", "", "")])]);
    append(&*temporary.store, &[batch(&[(490_004, www, "/", "", "")])]);
    let totals = temporary.store.stats().unwrap().totals;
    assert_eq!((totals.entropy_rows, totals.cs_bytes, totals.cs_bytes_rows), (3, 7, 1));
    let db = rusqlite::Connection::open(temporary.directory.path().join(ColumnarStore::FILE)).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut query = db.prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let traits = texts("SELECT CAST(value AS TEXT) FROM dictionary WHERE id >> 40 = 7 ORDER BY id");
    assert_eq!(traits, ["1exe.pdf", "0js", "4js", "4", "0"]);
    let seen = texts(
        "SELECT CAST(value AS TEXT) || ' ' || hour FROM origin_seen JOIN dictionary USING (id) ORDER BY origin_seen.id",
    );
    assert_eq!(seen, ["http://www.example.com 490000", "http://10.0.0.1 490003", "www.example.com:443 490003",]);
}
