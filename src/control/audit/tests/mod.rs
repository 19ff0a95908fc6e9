//! The audit log's promises: nothing lost, one row per action, exact totals, one chain whoever appends.

mod retention;
mod tampering;

use super::*;
use crate::control::db::tests::scratch;
use crate::control::settings::SettingDefaults;
use crate::control::{ControlDb, ControlError};
use crate::model::{FixedClock, Lens, Terms, Timestamp};
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

fn open(dir: &Path) -> ControlDb {
    ControlDb::open(dir, Arc::new(FixedClock::at(Timestamp(1_767_225_600_000))), SettingDefaults::default()).unwrap()
}

fn note(target: &str) -> AuditEntry {
    AuditEntry::new("settings.update", target)
}

fn actor(name: &str) -> Actor {
    Actor {
        username: name.to_owned(),
        source_ip: "::ffff:10.0.0.7".parse().ok(),
        credential: Some("API key 3".to_owned()),
        method: "POST".to_owned(),
        request_id: Some("r-1".to_owned()),
    }
}

fn all(db: &ControlDb) -> Vec<AuditRow> {
    let (rows, total) = db.audit_page(&AuditFilter::default(), 100, 0).unwrap();
    assert_eq!(rows.len() as u64, total);
    rows
}

#[test]
fn what_is_recorded_is_read_back() {
    let (_dir, db, clock) = scratch();
    let entry = AuditEntry::new("settings.update", "gdpr_mode").before(json!(false)).after(json!(true));
    let id = db.record(&actor("ada"), &entry).unwrap();
    clock.set(Timestamp(0));
    let rows = all(&db);
    let hash = rows[0].hash;
    let want = AuditRow {
        id,
        at: Timestamp(1_767_225_600_000),
        actor: Actor { source_ip: "10.0.0.7".parse().ok(), ..actor("ada") },
        action: "settings.update".to_owned(),
        target: "gdpr_mode".to_owned(),
        before: Some(json!(false)),
        after: Some(json!(true)),
        state: AuditState::Done,
        hash,
    };
    assert_eq!(rows, [want]);
    assert_eq!(db.verify_audit().unwrap().newest, Some((id, hash)));
}

/// By the description in `chain.rs`, computed by another program.
#[test]
fn a_hash_is_what_the_description_says() {
    let (_dir, db, _) = scratch();
    db.record(&actor("ada"), &note("ä").after(json!({"n": 1}))).unwrap();
    let hash = all(&db)[0].hash.to_string();
    assert_eq!(hash, "91d9adf3546e041e3d518e618871783b31ebc1cb8953b73e7c960d381d9f47e4");
}

#[test]
fn an_intent_and_its_end_are_one_row() {
    let (_dir, db, clock) = scratch();
    let [done, failed, open] = ["done", "failed", "open"]
        .map(|target| db.intent(&actor("ada"), "logs.clear", target, Some(json!({"rows": 7}))).unwrap());
    clock.set(Timestamp(1_767_225_700_000));
    db.complete(done, Some(json!({"deleted": 7}))).unwrap();
    db.fail(failed, "disk full").unwrap();

    let open_ids: Vec<_> = db.open_intents().unwrap().iter().map(|row| row.id).collect();
    assert_eq!(open_ids, [open]);
    for closed in [done, failed, AuditId(4711)] {
        assert!(matches!(db.complete(closed, None), Err(ControlError::NotOpen(_))));
    }
    assert_eq!(db.interrupt_open_intents().unwrap(), 1);
    assert_eq!(db.interrupt_open_intents().unwrap(), 0);

    let seen: Vec<_> = all(&db).into_iter().map(|row| (row.id, row.at.0, row.state, row.before, row.after)).collect();
    let before = Some(json!({"rows": 7}));
    assert_eq!(
        seen,
        [
            (open, 1_767_225_600_000, AuditState::Interrupted, before.clone(), None),
            (failed, 1_767_225_600_000, AuditState::Failed, before.clone(), Some(json!({"error": "disk full"}))),
            (done, 1_767_225_600_000, AuditState::Done, before, Some(json!({"deleted": 7}))),
        ]
    );
}

#[test]
fn a_recorded_action_is_no_intent() {
    let (_dir, db, _) = scratch();
    let id = db.record(&actor("ada"), &AuditEntry::new("settings.update", "x")).unwrap();
    assert!(matches!(db.complete(id, None), Err(ControlError::NotOpen(_))));
}

#[test]
fn filters_pages_and_totals_agree() {
    let (_dir, db, clock) = scratch();
    for n in 0..10_i64 {
        clock.set(Timestamp(n * 1000));
        let name = if n % 2 == 0 { "Ada" } else { "Bob_" };
        let action = if n < 5 { "settings.update" } else { "logs.clear" };
        let target = if n == 9 { "10.1.1.9".to_owned() } else { format!("t{n}") };
        let entry = AuditEntry::new(action, target).after(json!({"n": format!("value {n}%")}));
        db.record(&actor(name), &entry).unwrap();
    }
    let any = |texts: &[&str]| Terms { any: texts.iter().map(|text| text.to_string()).collect(), none: Vec::new() };
    let none_of = |text: &str| Terms { any: Vec::new(), none: vec![text.to_owned()] };
    let q = |text: &str| Some(text.to_owned());
    let at = |ms: i64| Some(Timestamp(ms));
    let none = AuditFilter::default;
    let masked = || AuditFilter { lens: Lens::MASKED, ..none() };
    let every = vec![9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    let cases = [
        (none(), every.clone()),
        (AuditFilter { username: any(&["ada"]), ..none() }, vec![8, 6, 4, 2, 0]),
        (AuditFilter { username: any(&["ada", "BOB_"]), ..none() }, every.clone()),
        (AuditFilter { username: none_of("ADA"), ..none() }, vec![9, 7, 5, 3, 1]),
        (AuditFilter { username: any(&["ad"]), ..none() }, vec![]),
        (AuditFilter { action: any(&["LOGS.clear"]), ..none() }, vec![9, 8, 7, 6, 5]),
        (AuditFilter { action: any(&["Logs.*"]), ..none() }, vec![9, 8, 7, 6, 5]),
        (AuditFilter { action: none_of("logs.*"), ..none() }, vec![4, 3, 2, 1, 0]),
        (AuditFilter { action: any(&["log*"]), ..none() }, vec![]),
        (AuditFilter { target: any(&["t3", "T5"]), ..none() }, vec![5, 3]),
        (AuditFilter { target: any(&["10.1.1.9"]), ..none() }, vec![9]),
        (AuditFilter { target: any(&["10.1.1.9"]), ..masked() }, vec![]),
        (AuditFilter { target: any(&["***"]), ..masked() }, vec![9]),
        (AuditFilter { from: at(3000), until: at(5000), ..none() }, vec![4, 3]),
        (AuditFilter { q: q("VALUE 7"), ..none() }, vec![7]),
        (AuditFilter { q: q("%"), ..none() }, every.clone()),
        (AuditFilter { q: q("b_"), ..none() }, vec![9, 7, 5, 3, 1]),
        (AuditFilter { q: q("api KEY 3"), ..none() }, every.clone()),
        (
            AuditFilter { q: q("10.0.0.7"), action: any(&["logs.clear"]), username: any(&["bob_"]), ..none() },
            vec![9, 7, 5],
        ),
        (AuditFilter { q: q("10.0.0"), ..masked() }, vec![]),
        (AuditFilter { q: q("10.1.1"), ..masked() }, vec![]),
        (AuditFilter { q: q("***"), ..masked() }, every),
        (AuditFilter { q: q("' OR 1=1"), ..none() }, vec![]),
    ];
    for (filter, want) in cases {
        let numbers = |rows: &[AuditRow]| rows.iter().map(|row| row.at.0 / 1000).collect::<Vec<_>>();
        let (rows, total) = db.audit_page(&filter, 100, 0).unwrap();
        assert_eq!((numbers(&rows), total), (want.clone(), want.len() as u64), "{filter:?}");
        let (rows, total) = db.audit_page(&filter, 2, 1).unwrap();
        let page: Vec<_> = want.iter().copied().skip(1).take(2).collect();
        assert_eq!((numbers(&rows), total), (page.clone(), want.len() as u64), "{filter:?}, second page");
        let Some(first) = db.audit_page(&filter, 1, 0).unwrap().0.pop() else { continue };
        let (rows, total) = db.audit_page_before(&filter, 2, first.id).unwrap();
        assert_eq!((numbers(&rows), total), (page, want.len() as u64), "{filter:?}, behind the first");
    }
}

#[test]
fn the_table_refuses_change_and_removal() {
    let (_dir, db, _) = scratch();
    db.record(&actor("ada"), &AuditEntry::new("settings.update", "x")).unwrap();
    let intent = db.intent(&actor("ada"), "logs.clear", "events", None).unwrap();
    db.complete(intent, None).unwrap();
    let columns = "intent_id, at_ms, username, method, action, target, state, hash, mac";
    for sql in [
        "DELETE FROM audit_log",
        "UPDATE audit_log SET username = 'bob'",
        &format!("INSERT OR REPLACE INTO audit_log (id, {columns}) SELECT id, {columns} FROM audit_log"),
        &format!("INSERT OR REPLACE INTO audit_log ({columns}) SELECT {columns} FROM audit_log WHERE intent_id = 2"),
    ] {
        let refused = db.change(|change| Ok(change.execute(sql, [])?)).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

/// A database as schema 1 had it, with an action that has its end, one that has not, and one in one piece; `without`
/// are entries someone had already removed.
fn schema_1(dir: &Path, without: &[i64]) {
    let file = Connection::open(dir.join(ControlDb::FILE)).unwrap();
    file.execute_batch(include_str!("../../../../migrations/control/0001_init.sql")).unwrap();
    file.pragma_update(None, "application_id", 0x5464_6743).unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    for (id, intent_id, source_ip, after, state) in [
        (1, None, Some("10.0.0.7"), Some("{\"n\": 1}"), "done"),
        (2, None, None, None, "intent"),
        (3, None, None, None, "intent"),
        (4, Some(2), None, Some("7"), "failed"),
    ] {
        if !without.contains(&id) {
            file.execute(
                "INSERT INTO audit_log (id, intent_id, at_ms, username, source_ip, method, action, target, after_json,
                                        state) VALUES (?1, ?2, ?1 * 1000, 'ada', ?3, 'POST', 'a.b', 'ä', ?4, ?5)",
                (id, intent_id, source_ip, after, state),
            )
            .unwrap();
        }
    }
}

#[test]
fn what_schema_1_wrote_is_chained_once_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    schema_1(dir.path(), &[]);
    let db = open(dir.path());
    let seen: Vec<_> = all(&db).into_iter().map(|row| (row.id.0, row.at.0, row.state, row.after)).collect();
    assert_eq!(
        seen,
        [
            (3, 3000, AuditState::Intent, None),
            (2, 2000, AuditState::Failed, Some(json!(7))),
            (1, 1000, AuditState::Done, Some(json!({"n": 1}))),
        ]
    );
    let hashes = |db: &ControlDb| all(db).iter().map(|row| row.hash).collect::<Vec<_>>();
    let before = hashes(&db);
    assert_eq!(db.record(&actor("ada"), &note("x")).unwrap(), AuditId(5));
    assert_eq!(hashes(&open(dir.path()))[1..], before);
    let verdict = db.verify_audit().unwrap();
    assert_eq!((verdict.entries, verdict.first_broken), (5, None));
    let tables: i64 = db
        .read(|connection| {
            let count = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%unchained%'";
            Ok(connection.query_row(count, [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(tables, 0);
}

#[test]
fn what_was_removed_before_the_chain_is_missed() {
    for (without, first) in [(&[1][..], 1), (&[3], 3), (&[2, 4], 2)] {
        let dir = tempfile::tempdir().unwrap();
        schema_1(dir.path(), without);
        let broken = open(dir.path()).verify_audit().unwrap().first_broken;
        assert_eq!(broken, Some(AuditBreak { id: AuditId(first), fault: AuditFault::Missing }), "{without:?}");
    }
}

#[test]
fn a_new_log_is_empty_and_valid() {
    let (_dir, db, _) = scratch();
    let verdict = db.verify_audit().unwrap();
    assert_eq!(verdict, AuditVerdict { entries: 0, first_broken: None, newest: None });
}

#[test]
fn processes_that_append_at_once_keep_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    let databases = [open(dir.path()), open(dir.path())];
    std::thread::scope(|scope| {
        for n in 0..6 {
            let db = &databases[n % 2];
            scope.spawn(move || {
                for _ in 0..10 {
                    db.record(&actor("ada"), &note("x")).unwrap();
                    let intent = db.intent(&actor("bob"), "logs.clear", "events", None).unwrap();
                    assert!(db.verify_audit().unwrap().valid());
                    db.complete(intent, None).unwrap();
                }
            });
        }
    });
    let verdict = databases[0].verify_audit().unwrap();
    assert_eq!((verdict.entries, verdict.first_broken), (180, None));
    assert_eq!(verdict.newest.map(|(id, _)| id), Some(AuditId(180)));
}

#[test]
fn debug_shows_no_one() {
    let shown = format!("{:?}", actor("ada"));
    assert!(!shown.contains("ada") && !shown.contains("10.0"), "{shown}");
}
