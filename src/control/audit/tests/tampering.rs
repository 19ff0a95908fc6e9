//! Someone edits the file: found at the first entry touched, also after more was appended.

use super::*;
use crate::control::audit::chain::{COLUMNS, Fields, entry_signature, hash};
use crate::control::audit::entry::AuditHash;
use crate::control::keys::{Key, KeyName, KeyRing};
use crate::model::DAY_MS;
use hmac::Mac;
use proptest::prelude::*;
use proptest::sample::Index;
use rusqlite::types::ValueRef;
use std::sync::OnceLock;

/// Runs SQL on the file as someone with a SQLite shell would, triggers out of the way.
pub(super) fn by_hand(path: &Path, sql: &str) {
    unguarded(path).execute_batch(sql).unwrap();
}

fn unguarded(path: &Path) -> Connection {
    let file = Connection::open(path).unwrap();
    file.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
        .unwrap();
    let triggers = file
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    for trigger in triggers {
        file.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    file
}

/// A log that someone is going to edit.
struct Log {
    dir: tempfile::TempDir,
    /// Where its checkpoints are.
    checkpoints: Vec<i64>,
    /// Its last entry; the first is behind the last checkpoint.
    last: i64,
}

impl Log {
    fn first(&self) -> i64 {
        self.checkpoints.last().map_or(1, |up_to| up_to + 1)
    }

    /// One with three checkpoints and entries of every kind.
    fn whole() -> &'static Log {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let (dir, db, clock) = scratch();
            let mut checkpoints = Vec::new();
            for round in 0..4 {
                clock.set(Timestamp(1_767_225_600_000 + round * 40 * DAY_MS));
                checkpoints.extend(db.prune_audit(30, &actor("ada")).unwrap().up_to.map(|id| id.0));
                for n in 0..5 {
                    db.record(&actor("ada"), &note("x").before(json!(n)).after(json!({"n": n}))).unwrap();
                    let system = Actor::system("serve");
                    let intent = db.intent(&system, "logs.clear", "events", Some(json!({"n": n}))).unwrap();
                    db.complete(intent, Some(json!(n))).unwrap();
                }
            }
            db.intent(&actor("bob"), "logs.clear", "open", Some(json!(1))).unwrap();
            let verdict = db.verify_audit().unwrap();
            assert_eq!((checkpoints.len(), verdict.first_broken), (3, None));
            let last = verdict.newest.unwrap().0.0;
            drop(db);
            Log { dir, checkpoints, last }
        })
    }

    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        std::fs::create_dir(copy.path().join(KeyRing::DIR)).unwrap();
        for file in [ControlDb::FILE, "keys/audit.key"] {
            std::fs::copy(self.dir.path().join(file), copy.path().join(file)).unwrap();
        }
        copy
    }
}

/// What someone does to the file.
#[derive(Clone, Debug)]
enum Tampering {
    /// One value of one entry; with `rechained`, every hash behind it is computed anew, and signed with another key.
    Edit { entry: Index, column: Index, nulled: bool, rechained: bool },
    /// Entries gone.
    Remove { from: Index, count: usize },
    /// Two entries in each other's place.
    Swap { one: Index, other: Index, with_hashes: bool },
    /// A copy of an entry, at the end, in front, or between two, those behind it moved on.
    PutIn { copied: Index, at: Index },
    /// New numbers from an entry on.
    Renumber { from: Index, by: i64 },
    /// The head: a column, or all of it.
    Head(Index),
    /// A checkpoint: a column, or all of it.
    Checkpoint(Index, Index),
    /// A checkpoint of someone else's: from this place on, covering so many more; with the entries it covers gone.
    Forge { at: Index, removing: bool },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), index(), any::<bool>(), any::<bool>())
            .prop_map(|(entry, column, nulled, rechained)| Tampering::Edit { entry, column, nulled, rechained }),
        2 => (index(), 1..20_usize).prop_map(|(from, count)| Tampering::Remove { from, count }),
        1 => (index(), index(), any::<bool>())
            .prop_map(|(one, other, with_hashes)| Tampering::Swap { one, other, with_hashes }),
        1 => (index(), index()).prop_map(|(copied, at)| Tampering::PutIn { copied, at }),
        1 => (index(), 1..50_i64).prop_map(|(from, by)| Tampering::Renumber { from, by }),
        1 => index().prop_map(Tampering::Head),
        2 => (index(), index()).prop_map(|(which, column)| Tampering::Checkpoint(which, column)),
        1 => (index(), any::<bool>()).prop_map(|(at, removing)| Tampering::Forge { at, removing }),
    ]
}

impl Tampering {
    /// Does it, and answers the first entry in question.
    fn commit(&self, log: &Log, path: &Path) -> i64 {
        let file = unguarded(path);
        let run = |sql: &str| file.execute_batch(sql).unwrap();
        let pick = |index: &Index| log.first() + index.index((log.last - log.first() + 1) as usize) as i64;
        match self {
            Tampering::Edit { entry, column, nulled, rechained } => {
                let id = pick(entry);
                let columns = [&COLUMNS[..], &["hash", "mac"]].concat();
                let column = columns[column.index(columns.len())];
                let value = match column {
                    "id" => "id + 1000",
                    "at_ms" => "at_ms + 1",
                    "intent_id" if *nulled => "CASE WHEN intent_id IS NULL THEN 4711 END",
                    "intent_id" => "4711",
                    "state" => "CASE state WHEN 'done' THEN 'failed' ELSE 'done' END",
                    "hash" | "mac" if *nulled => "x''",
                    "hash" | "mac" => "randomblob(32)",
                    "username" | "method" | "action" | "target" => &format!("{column} || ' '"),
                    _ if *nulled => &format!("CASE WHEN {column} IS NULL THEN '' END"),
                    _ => &format!("coalesce({column}, '') || '0'"),
                };
                run(&format!("UPDATE audit_log SET {column} = {value} WHERE id = {id}"));
                if *rechained && !["id", "hash", "mac"].contains(&column) {
                    rechain(&file, id);
                }
                id
            }
            Tampering::Remove { from, count } => {
                let from = pick(from);
                run(&format!("DELETE FROM audit_log WHERE id >= {from} AND id < {from} + {count}"));
                from
            }
            Tampering::Swap { one, other, with_hashes } => {
                let (one, mut other) = (pick(one), pick(other));
                if one == other {
                    other = if one == log.first() { log.last } else { log.first() };
                }
                run(&format!(
                    "UPDATE audit_log SET id = -1 WHERE id = {one}; UPDATE audit_log SET id = {one} WHERE id = {other};
                     UPDATE audit_log SET id = {other} WHERE id = -1"
                ));
                if !with_hashes {
                    run(&format!(
                        "CREATE TEMP TABLE signed AS SELECT id, hash, mac FROM audit_log WHERE id IN ({one}, {other});
                         UPDATE audit_log SET (hash, mac) = (SELECT hash, mac FROM signed s WHERE s.id <> audit_log.id)
                         WHERE id IN ({one}, {other})"
                    ));
                }
                one.min(other)
            }
            Tampering::PutIn { copied, at } => {
                let at = log.first() - 1 + at.index((log.last - log.first() + 3) as usize) as i64;
                let copied = pick(copied);
                run(&format!("CREATE TEMP TABLE copied AS SELECT * FROM audit_log WHERE id = {copied}"));
                if at >= log.first() {
                    move_on(&file, at, 1);
                }
                run(&format!(
                    "UPDATE copied SET id = {at}, intent_id = NULL, username = 'eve'; INSERT INTO audit_log SELECT * FROM copied"
                ));
                at
            }
            Tampering::Renumber { from, by } => {
                let from = pick(from);
                move_on(&file, from, *by);
                from
            }
            Tampering::Head(column) => {
                run([
                    "DELETE FROM audit_head",
                    "UPDATE audit_head SET last_id = last_id - 1",
                    "UPDATE audit_head SET last_id = last_id + 1",
                    "UPDATE audit_head SET hash = x'00'",
                    "UPDATE audit_head SET hash = (SELECT hash FROM audit_log LIMIT 1)",
                    "UPDATE audit_head SET broken_id = 1",
                    "UPDATE audit_head SET mac = randomblob(32)",
                ][column.index(7)]);
                log.last + 1
            }
            Tampering::Checkpoint(which, column) => {
                let which = which.index(log.checkpoints.len());
                let change = [
                    "DELETE FROM audit_checkpoint",
                    "UPDATE audit_checkpoint SET up_to_id = up_to_id + 1",
                    "UPDATE audit_checkpoint SET hash = randomblob(32)",
                    "UPDATE audit_checkpoint SET hash = x'00'",
                    "UPDATE audit_checkpoint SET at_ms = at_ms + 1",
                    "UPDATE audit_checkpoint SET mac = randomblob(32)",
                    "UPDATE audit_checkpoint SET mac = x'00'",
                ][column.index(7)];
                run(&format!("{change} WHERE up_to_id = {}", log.checkpoints[which]));
                log.checkpoints[..which].last().map_or(1, |up_to| up_to + 1)
            }
            Tampering::Forge { at, removing } => {
                let up_to = 1 + at.index(log.last as usize) as i64;
                let known = log.checkpoints.contains(&up_to);
                let up_to = if known { up_to + 1 } else { up_to };
                run(&format!(
                    "INSERT INTO audit_checkpoint
                     SELECT {up_to}, coalesce((SELECT hash FROM audit_log WHERE id = {up_to}), randomblob(32)), at_ms, mac
                     FROM audit_checkpoint ORDER BY up_to_id DESC LIMIT 1"
                ));
                if *removing {
                    run(&format!("DELETE FROM audit_log WHERE id <= {up_to}"));
                }
                log.checkpoints.iter().rfind(|known| **known < up_to).map_or(1, |before| before + 1)
            }
        }
    }
}

fn move_on(file: &Connection, from: i64, by: i64) {
    // By way of the negative numbers, so that none is taken twice.
    file.execute("UPDATE audit_log SET id = -(id + ?2) WHERE id >= ?1", (from, by)).unwrap();
    file.execute("UPDATE audit_log SET id = -id WHERE id < 0", []).unwrap();
}

/// Computes the chain anew from an entry on, as anyone can who knows how it is made, and signs with another key.
fn rechain(file: &Connection, from: i64) {
    let elsewhere = tempfile::tempdir().unwrap();
    let key: Key = KeyRing::open(elsewhere.path()).unwrap().key(KeyName::Audit).clone();
    let before =
        "SELECT hash FROM (SELECT id, hash FROM audit_log UNION ALL SELECT up_to_id, hash FROM audit_checkpoint)
                  WHERE id < ?1 ORDER BY id DESC LIMIT 1";
    let mut previous = AuditHash(file.query_row(before, [from], |row| row.get(0)).unwrap());
    let columns = COLUMNS.join(", ");
    let mut statement = file.prepare(&format!("SELECT {columns} FROM audit_log WHERE id >= ?1 ORDER BY id")).unwrap();
    let mut rows = statement.query([from]).unwrap();
    let mut anew = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let mut fields: Fields<'_> = [ValueRef::Null; COLUMNS.len()];
        for (place, field) in fields.iter_mut().enumerate() {
            *field = row.get_ref(place).unwrap();
        }
        previous = hash(&previous, &fields);
        anew.push((row.get::<_, i64>(0).unwrap(), previous));
    }
    for (id, hash) in anew {
        let mac: [u8; 32] = entry_signature(&key, &hash).finalize().into_bytes().into();
        file.execute("UPDATE audit_log SET hash = ?2, mac = ?3 WHERE id = ?1", (id, hash.0, mac)).unwrap();
    }
    file.execute("UPDATE audit_head SET hash = ?1", [previous.0]).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]
    #[test]
    fn any_tampering_is_found_where_it_begins(tampering in tampering()) {
        let log = Log::whole();
        let copy = log.copy();
        let first = tampering.commit(log, &copy.path().join(ControlDb::FILE));
        let db = open(copy.path());
        prop_assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(first)));
        // What happens later is recorded, and doesn't hide it.
        let recorded = db.record(&actor("eve"), &note("later")).unwrap();
        prop_assert!(db.has_audit_row(recorded).unwrap());
        prop_assert_eq!(db.verify_audit().unwrap().first_broken_id(), Some(AuditId(first)));
    }
}

#[test]
fn what_nobody_touched_is_valid() {
    let copy = Log::whole().copy();
    let db = open(copy.path());
    assert!(db.verify_audit().unwrap().valid());
    db.record(&actor("ada"), &note("later")).unwrap();
    assert!(db.verify_audit().unwrap().valid());
}

#[test]
fn the_fault_says_what_happened() {
    let log = Log::whole();
    for (sql, fault) in [
        ("DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)", AuditFault::Missing),
        ("UPDATE audit_log SET username = 'eve'", AuditFault::Changed),
        ("DELETE FROM audit_checkpoint", AuditFault::Missing),
        ("UPDATE audit_checkpoint SET at_ms = 0", AuditFault::Checkpoint),
        ("DELETE FROM audit_head", AuditFault::Head),
    ] {
        let copy = log.copy();
        by_hand(&copy.path().join(ControlDb::FILE), sql);
        let broken = open(copy.path()).verify_audit().unwrap().first_broken.unwrap();
        assert_eq!(broken.fault, fault, "{sql}");
    }
}
