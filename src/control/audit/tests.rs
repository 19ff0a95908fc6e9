//! The audit log's promises: nothing lost, nothing changed, one row per action, exact totals.

use super::super::db::tests::scratch;
use super::*;
use serde_json::json;

fn actor(name: &str) -> Actor {
    Actor {
        username: name.to_owned(),
        source_ip: "::ffff:10.0.0.7".parse().ok(),
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
    let want = AuditRow {
        id,
        at: Timestamp(1_767_225_600_000),
        actor: Actor { source_ip: "10.0.0.7".parse().ok(), ..actor("ada") },
        action: "settings.update".to_owned(),
        target: "gdpr_mode".to_owned(),
        before: Some(json!(false)),
        after: Some(json!(true)),
        state: AuditState::Done,
    };
    assert_eq!(rows, [want]);
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
        let entry = AuditEntry::new(action, format!("t{n}")).after(json!({"n": format!("value {n}%")}));
        db.record(&actor(name), &entry).unwrap();
    }
    let text = |text: &str| Some(text.to_owned());
    let at = |ms: i64| Some(Timestamp(ms));
    let none = AuditFilter::default;
    let cases = [
        (none(), vec![9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (AuditFilter { username: text("ada"), ..none() }, vec![8, 6, 4, 2, 0]),
        (AuditFilter { username: text("ad"), ..none() }, vec![]),
        (AuditFilter { action: text("LOGS.clear"), ..none() }, vec![9, 8, 7, 6, 5]),
        (AuditFilter { target: text("t3"), ..none() }, vec![3]),
        (AuditFilter { from: at(3000), until: at(5000), ..none() }, vec![4, 3]),
        (AuditFilter { q: text("VALUE 7"), ..none() }, vec![7]),
        (AuditFilter { q: text("%"), ..none() }, vec![9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (AuditFilter { q: text("b_"), ..none() }, vec![9, 7, 5, 3, 1]),
        (
            AuditFilter { q: text("10.0.0.7"), action: text("logs.clear"), username: text("bob_"), ..none() },
            vec![9, 7, 5],
        ),
        (AuditFilter { q: text("' OR 1=1"), ..none() }, vec![]),
    ];
    for (filter, want) in cases {
        let numbers = |rows: &[AuditRow]| rows.iter().map(|row| row.at.0 / 1000).collect::<Vec<_>>();
        let (rows, total) = db.audit_page(&filter, 100, 0).unwrap();
        assert_eq!((numbers(&rows), total), (want.clone(), want.len() as u64), "{filter:?}");
        let (rows, total) = db.audit_page(&filter, 2, 1).unwrap();
        let page: Vec<_> = want.iter().copied().skip(1).take(2).collect();
        assert_eq!((numbers(&rows), total), (page, want.len() as u64), "{filter:?}, second page");
    }
}

#[test]
fn the_table_refuses_change_and_removal() {
    let (_dir, db, _) = scratch();
    db.record(&actor("ada"), &AuditEntry::new("settings.update", "x")).unwrap();
    for sql in ["DELETE FROM audit_log", "UPDATE audit_log SET username = 'bob'"] {
        let refused = db.change(|transaction| Ok(transaction.execute(sql, [])?)).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

#[test]
fn debug_shows_no_one() {
    let shown = format!("{:?}", actor("ada"));
    assert!(!shown.contains("ada") && !shown.contains("10.0"), "{shown}");
}
