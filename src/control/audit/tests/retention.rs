//! What leaves the log, what stays, and that what stays can still be checked.

use super::*;
use crate::model::DAY_MS;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_767_225_600_000);

fn days_ago(days: i64) -> Timestamp {
    Timestamp(NOW.0 - days * DAY_MS)
}

/// What is written, days ago.
#[derive(Clone, Copy, Debug)]
enum Step {
    Done(i64),
    Begin(i64),
    /// The end of the oldest action that has none.
    End(i64),
}
use Step::{Begin, Done, End};

fn write(db: &ControlDb, clock: &FixedClock, steps: &[Step]) {
    let mut open = std::collections::VecDeque::new();
    for step in steps {
        let (Done(days) | Begin(days) | End(days)) = *step;
        clock.set(days_ago(days));
        match step {
            Done(_) => drop(db.record(&actor("ada"), &note("x")).unwrap()),
            Begin(_) => open.push_back(db.intent(&actor("ada"), "logs.clear", "events", None).unwrap()),
            End(_) => open.pop_front().into_iter().for_each(|id| db.complete(id, None).unwrap()),
        }
    }
    clock.set(NOW);
}

#[test]
fn the_oldest_go_up_to_the_first_that_must_stay() {
    for (steps, removed) in [
        (&[Done(99), Done(98), Done(10)][..], 2),
        (&[Done(99), Done(10), Done(98)], 1),
        (&[Done(10), Done(99)], 0),
        (&[], 0),
        (&[Done(99), Done(31), Done(30), Done(29)], 2),
        (&[Done(99), Begin(98), Done(97)], 1),
        (&[Begin(99), End(98), Done(97)], 3),
        (&[Done(99), Begin(98), Done(97), End(10)], 1),
        (&[Done(99), Begin(98), Begin(97), End(96), End(10)], 1),
        (&[Begin(99), Begin(98), End(97), End(96), Done(95)], 5),
    ] {
        let (_dir, db, clock) = scratch();
        write(&db, &clock, steps);
        let pruned = db.prune_audit(30, &actor("ada")).unwrap();
        assert_eq!(pruned.entries, removed, "{steps:?}");
        assert_eq!(pruned.up_to, (removed > 0).then_some(AuditId(removed as i64)), "{steps:?}");
        let verdict = db.verify_audit().unwrap();
        let stay = steps.len() as u64 - removed + u64::from(removed > 0);
        assert_eq!((verdict.entries, verdict.first_broken), (stay, None), "{steps:?}");
        assert_eq!(db.prune_audit(30, &actor("ada")).unwrap().entries, 0, "{steps:?}, again");
    }
}

#[test]
fn a_clean_up_is_on_record() {
    let (_dir, db, clock) = scratch();
    write(&db, &clock, &[Done(99), Done(98)]);
    db.prune_audit(30, &actor("bob")).unwrap();
    let rows = all(&db);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].id, &*rows[0].action, &*rows[0].actor.username), (AuditId(3), "audit.prune", "bob"));
    assert_eq!(rows[0].before, Some(json!({"days": 30, "cutoff": "2025-12-02T00:00:00Z"})));
    assert_eq!(rows[0].after, Some(json!({"entries": 2, "up_to_id": 2, "first_broken_id": null})));
}

#[test]
fn checkpoints_can_not_be_changed_and_cover_nothing_else() {
    let (_dir, db, clock) = scratch();
    write(&db, &clock, &[Done(99), Done(98), Done(1)]);
    db.prune_audit(30, &actor("ada")).unwrap();
    for sql in [
        "UPDATE audit_checkpoint SET up_to_id = 3",
        "DELETE FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint",
        "INSERT INTO audit_checkpoint SELECT 1, hash, at_ms, mac FROM audit_checkpoint",
        "DELETE FROM audit_log WHERE id = 3",
    ] {
        let refused = db.change(|change| Ok(change.execute(sql, [])?)).unwrap_err().to_string();
        assert!(refused.contains("audit log"), "{sql}: {refused}");
    }
}

#[test]
fn what_was_broken_leaves_with_retention_but_stays_on_record() {
    let (_dir, db, clock) = scratch();
    write(&db, &clock, &[Done(99), Done(98), Done(97), Done(1)]);
    tampering::by_hand(db.path(), "UPDATE audit_log SET username = 'eve' WHERE id = 2; DELETE FROM audit_head");
    db.record(&actor("ada"), &note("after")).unwrap();
    assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(2)));
    db.prune_audit(30, &actor("ada")).unwrap();
    assert_eq!(all(&db)[0].after.as_ref().unwrap()["first_broken_id"], 2);
    // The head was found gone behind entry 4, which is there still.
    assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(5)));
    clock.set(Timestamp(NOW.0 + 99 * DAY_MS));
    db.prune_audit(30, &actor("ada")).unwrap();
    assert!(db.verify_audit().unwrap().valid());
}

#[test]
fn a_lost_key_is_got_over() {
    let (dir, db, clock) = scratch();
    write(&db, &clock, &[Done(99), Done(50), Done(1)]);
    db.prune_audit(60, &actor("ada")).unwrap();
    drop(db);
    std::fs::remove_file(dir.path().join("keys/audit.key")).unwrap();
    let db = ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap();
    assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(1)));
    db.record(&actor("ada"), &note("after")).unwrap();
    assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(1)));
    clock.set(Timestamp(NOW.0 + 99 * DAY_MS));
    db.prune_audit(30, &actor("ada")).unwrap();
    assert!(db.verify_audit().unwrap().valid());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_leaves_the_rest_can_be_checked(
        steps in prop::collection::vec((0..3_usize, 0..60_i64), 1..24),
        keeps in prop::collection::vec(10..60_i64, 1..4),
    ) {
        let (_dir, db, clock) = scratch();
        let kinds: [fn(i64) -> Step; 3] = [Done, Begin, End];
        let steps: Vec<_> = steps.into_iter().map(|(kind, days)| kinds[kind](days)).collect();
        write(&db, &clock, &steps);
        let open = db.open_intents().unwrap();
        for days in keeps {
            let before = all(&db);
            let pruned = db.prune_audit(days, &actor("ada")).unwrap();
            let verdict = db.verify_audit().unwrap();
            prop_assert_eq!(verdict.first_broken, None);
            prop_assert_eq!(&db.open_intents().unwrap(), &open);
            // One action, one row, as before; those that went are the oldest.
            let after = all(&db);
            let kept: Vec<_> = before.into_iter().filter(|row| Some(row.id) > pruned.up_to).collect();
            prop_assert_eq!(&after[usize::from(pruned.entries > 0)..], &kept[..]);
        }
    }
}
