//! A server killed while it removes old rows, and while it gives back their space.

use super::{random, rounds, seed, verify};
use crate::support::api::{PASSWORD, basic};
use crate::support::process::{Server, json, sample_log, tidegate};
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

const DAY_MS: i64 = 86_400_000;
/// The first instant of the generated log, which spans 30 days.
const START_MS: i64 = 1_767_225_600_000;

/// How many days before now a day of the log ended.
fn days_ago(day: i64) -> i64 {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64;
    (now - START_MS) / DAY_MS - day
}

/// Rows that removed rows summed up to.
fn past(directory: &Path) -> u64 {
    let db = rusqlite::Connection::open(directory.join("data/events.db")).unwrap();
    db.query_row(
        "SELECT coalesce(sum(allowed + denied + origin_forbidden + auth_challenge + aborted + error), 0) FROM total_past",
        [],
        |row| row.get(0),
    )
    .unwrap()
}

fn integrity(directory: &Path) -> String {
    let db = rusqlite::Connection::open(directory.join("data/events.db")).unwrap();
    db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_server_killed_while_it_removes_old_rows_has_removed_a_day_or_not() {
    let mut seed = seed();
    for round in 0..rounds() {
        let (directory, first) = (tempfile::tempdir().unwrap(), seed);
        std::fs::write(directory.path().join("log"), sample_log(200_000, 23)).unwrap();
        let all = json(directory.path(), &["import", "--json", "log"])["stored"].as_u64().unwrap();
        let mut gone = 0;
        for kill in 0..10 {
            let when = format!("round {round}, kill {kill}, seed {first}");
            let days = days_ago(2 * kill + 2);
            let server = Server::start(directory.path());
            let preview = server.get(&format!("/api/retention-preview?days={days}"));
            let would = preview["data"]["delete_count"].as_u64().unwrap();
            assert!(would > 0, "{when}: {preview}");
            // The answer may never come.
            let mut request = TcpStream::connect(server.address).unwrap();
            let login = basic("admin", PASSWORD);
            write!(
                request,
                "POST /api/logs/clear-old?days={days} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {login}\r\n\r\n"
            )
            .unwrap();
            std::thread::sleep(Duration::from_millis(random(&mut seed) % 120));
            server.signal(9);
            drop(server);
            let (rows, _) = verify(directory.path());
            assert!(
                [all - gone, all - gone - would].contains(&rows),
                "{when}: {rows} of {all} after {gone} and {would}"
            );
            gone = all - rows;
            assert_eq!((past(directory.path()), integrity(directory.path()).as_str()), (gone, "ok"), "{when}");
        }
        // What was cut off is done in the end, and what was left to reclaim is.
        let server = Server::start(directory.path());
        let done = server.send("POST", &format!("/api/logs/clear-old?days={}", days_ago(25)), PASSWORD);
        let left = all - gone - done["deleted"].as_u64().unwrap();
        assert_eq!(server.get("/api/logs/stats")["data"]["total_count"], left, "{done}");
        drop(server);
        assert!(tidegate(directory.path(), &["db", "settle"]).status().unwrap().success());
        assert_eq!(
            (verify(directory.path()).0, past(directory.path())),
            (left, all - left),
            "round {round}, seed {first}"
        );
    }
}
