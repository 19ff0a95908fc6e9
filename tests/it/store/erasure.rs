//! Erasing a data subject from the files of the columnar store: nothing of it is left in them, whenever the process
//! ends, while others go on appending.

use super::{append, columnar, open};
use crate::support::lines::NOON;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tidegate::model::{
    AccessEvent, Batch, Dimension, EventFilter, GroupQuery, HOUR_MS, Lens, PageQuery, Reject, RejectReason, Resolution,
    SourceName, Subject, SubjectKind, Target, TimeRange, Timestamp,
};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

const NAME: &str = "grace.hopper-1906";
/// What only rows of the subject hold.
const SECRETS: [&str; 6] = [NAME, "192.0.2.77", "/cobol-7", "hopper.example", "Nanosecond/1.0", "amazing-grace"];

fn grace() -> Subject {
    Subject::new(SubjectKind::User, NAME.as_bytes())
}

/// Rows of `people`, one each, the subject's with values that nobody else has.
fn batch(people: &[u32]) -> Batch {
    let mut batch = Batch::new(SourceName { name: "s".into(), host: "h".into(), format: "squid".into() });
    for (at, person) in people.iter().enumerate() {
        let hers = *person == 0;
        let (client, rest) = (format!("10.0.{}.{}", person / 250, person % 250), format!("/p{person}"));
        let target = Target {
            origin: if hers { b"http://hopper.example" } else { b"http://www.example" },
            rest: if hers { b"/cobol-7" } else { rest.as_bytes() },
            had_userinfo: false,
        };
        let name = format!("user-{person}");
        let event = AccessEvent {
            time: Timestamp(NOON.0 - i64::from(*person % 90) * HOUR_MS / 4 + at as i64),
            c_ip: if hers { b"192.0.2.77" } else { client.as_bytes() },
            cs_username: if hers { NAME.as_bytes() } else { name.as_bytes() },
            cs_method: b"GET",
            sc_status: 200,
            sc_bytes: 7,
            result: b"TCP_MISS",
            hierarchy: b"HIER_DIRECT",
            peer: b"198.51.100.1",
            content_type: b"text/html",
            user_agent: if hers { b"Nanosecond/1.0" } else { b"curl/8" },
            referer: if hers { b"http://amazing-grace/" } else { b"" },
            extra: b"",
            canonical: !hers,
            ..AccessEvent::default()
        };
        batch.push(&event, &target, format!("{NAME} 192.0.2.77 amazing-grace").as_bytes());
    }
    if people.contains(&0) {
        batch.rejects.push(Reject::new(RejectReason::BadTime, 0, format!("x {NAME} 192.0.2.77").as_bytes()));
    }
    batch
}

/// Many small commits of five rows, joined and folded as they come, so that the file is full of what was there before.
/// Answers how many rows are the subject's.
fn fill(store: &ColumnarStore, commits: u32) -> u64 {
    let mut hers = 0;
    for commit in 0..commits {
        let people: Vec<u32> =
            (0..5).map(|at| if (commit + at).is_multiple_of(7) { 0 } else { commit * 3 + at + 1 }).collect();
        hers += people.iter().filter(|person| **person == 0).count() as u64;
        append(store, &[batch(&people)]);
        if commit.is_multiple_of(3) {
            store.maintain().unwrap();
        }
    }
    hers
}

/// Which of the secrets occur in files of a directory.
fn found_in_files(directory: &Path) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        found.extend(SECRETS.into_iter().filter(|secret| memchr::memmem::find(&bytes, secret.as_bytes()).is_some()));
    }
    found
}

/// What a store says, in a form to compare.
fn answers(store: &ColumnarStore) -> String {
    let tops: Vec<_> = [Dimension::Client, Dimension::User, Dimension::Domain, Dimension::Status]
        .map(|by| store.groups(&GroupQuery::of(by, TimeRange::ALL, 10_000), &Lens::PLAIN).unwrap().entries)
        .into();
    let days = store.timeline(TimeRange::ALL, Resolution::Day).unwrap();
    let count = store.count(&EventFilter::default(), &Lens::PLAIN).unwrap();
    let (stats, rejects) = (store.stats().unwrap(), store.reject_counts().unwrap());
    let verified = store.verify().unwrap();
    assert_eq!((verified.rows, stats.totals.measure.outcomes.total()), (count, count));
    assert_eq!(verified.damaged, Vec::<String>::new());
    format!("{tops:?} {days:?} {stats:?} {rejects:?} {:x}", verified.checksum)
}

#[test]
fn nothing_is_left_in_any_file() {
    let temporary = columnar();
    let (store, directory) = (&temporary.store, temporary.directory.path());
    let hers = fill(store, 200);
    assert_eq!(found_in_files(directory), BTreeSet::from(SECRETS));
    assert!(!store.find_traces(&grace()).unwrap().files.is_empty());
    let erased = store.erase(&grace(), &mut |_| ()).unwrap();
    assert_eq!((erased.rows, erased.rejects), (hers, hers));
    assert_eq!(found_in_files(directory), BTreeSet::new());
    let left = store.find_traces(&grace()).unwrap();
    assert!(left.is_clean() && left.files.is_empty() && left.values.is_empty(), "{left:?}");
    // Sums are whole again, and nothing is left to do.
    let db = rusqlite::Connection::open(directory.join(ColumnarStore::FILE)).unwrap();
    for table in ["rollup WHERE data = x''", "dirty_hour", "erasing", "orphan", "state WHERE unwiped > 0"] {
        let left = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
        assert_eq!(left, Ok(0), "{table}");
    }
    drop(db);
    // She comes back, and is stored again.
    append(&**store, &[batch(&[0])]);
    assert_eq!(store.subject_rows(&grace(), 0, 9).unwrap().len(), 1);
    let ids: Vec<u64> =
        store.page(&PageQuery::newest(2000), &Lens::PLAIN).unwrap().rows.iter().map(|row| row.id).collect();
    assert!(ids.len() as u64 == 1000 - hers + 1 && ids.contains(&1001));
}

#[test]
fn a_crash_between_any_two_steps_is_gone_on_from() {
    let temporary = columnar();
    fill(&temporary.store, 60);
    let copies = std::cell::RefCell::new(Vec::new());
    let copy = || {
        let into = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(temporary.directory.path()).unwrap().map(Result::unwrap) {
            // The index of the log is of the process that wrote it.
            if !file.file_name().to_string_lossy().ends_with("-shm") {
                std::fs::copy(file.path(), into.path().join(file.file_name())).unwrap();
            }
        }
        copies.borrow_mut().push(into);
    };
    temporary.store.erase(&grace(), &mut |_| copy()).unwrap();
    let want = answers(&temporary.store);
    let copies = copies.into_inner();
    assert!(copies.len() > 8, "{} steps", copies.len());
    for (step, directory) in copies.iter().enumerate() {
        let store = open(directory.path());
        assert_eq!(answers(&store), want, "after step {step}");
        while store.maintain().unwrap() {}
        assert_eq!(answers(&store), want, "after step {step}, gone on with");
        assert_eq!(found_in_files(directory.path()), BTreeSet::new(), "after step {step}");
    }
}

#[test]
fn others_append_meanwhile() {
    let temporary = columnar();
    let store = &temporary.store;
    let hers = fill(store, 40);
    let (done, appended) = (AtomicBool::new(false), std::sync::atomic::AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) || appended.load(Ordering::SeqCst) < 5 {
                append(&**store, &[batch(&[1, 2, 3])]);
                store.maintain().unwrap();
                appended.fetch_add(1, Ordering::SeqCst);
            }
        });
        let erased = store.erase(&grace(), &mut |_| ());
        done.store(true, Ordering::SeqCst);
        assert_eq!(erased.unwrap().rows, hers);
    });
    let rows = 200 - hers + 3 * appended.load(Ordering::SeqCst);
    assert_eq!(store.count(&EventFilter::default(), &Lens::PLAIN).unwrap(), rows);
    answers(store);
    assert!(store.find_traces(&grace()).unwrap().is_clean());
}

#[test]
fn a_damaged_block_is_said_to_hold_what_could_not_be_erased() {
    let temporary = columnar();
    append(&*temporary.store, &[batch(&[0, 1, 2])]);
    append(&*temporary.store, &[batch(&[3, 0, 4])]);
    let file = temporary.directory.path().join(ColumnarStore::FILE);
    let db = rusqlite::Connection::open(&file).unwrap();
    // Column 10 of block 1: the rest of its URLs.
    assert_eq!(db.execute("UPDATE block_column SET data = CAST(substr(data, 1, length(data) - 3) || x'aabbcc' AS BLOB) WHERE id = 64 + 10", []), Ok(1));
    let erased = temporary.store.erase(&grace(), &mut |_| ()).unwrap();
    assert_eq!((erased.rows, erased.unreadable_blocks), (2, 1));
    let traces = temporary.store.find_traces(&grace()).unwrap();
    assert!(!traces.is_clean() && traces.unreadable_blocks == 1);
    let people = GroupQuery::of(Dimension::User, TimeRange::ALL, 9);
    let shown = temporary.store.groups(&people, &Lens::PLAIN).unwrap().entries;
    assert!(shown.iter().all(|entry| entry.name.starts_with("user-")), "{shown:?}");
    assert_eq!(temporary.store.page(&PageQuery::newest(9), &Lens::PLAIN).unwrap().rows.len(), 2);
    assert_eq!(temporary.store.event(1).unwrap(), None);
    while temporary.store.maintain().unwrap() {}
}

/// The variable that tells [`erases_under_fire`] where.
const PLACE: &str = "TIDEGATE_TEST_ERASES_IN";

/// What the next test runs in a process of its own, to be killed.
#[test]
#[ignore = "run by the next test"]
fn erases_under_fire() {
    let store = open(Path::new(&std::env::var(PLACE).unwrap()));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for person in 1.. {
                append(&store, &[batch(&[5_000 + person % 400])]);
                store.maintain().unwrap();
            }
        });
        store.erase(&grace(), &mut |_| ()).unwrap();
        std::thread::sleep(Duration::from_secs(60));
    });
}

#[test]
fn an_erasure_killed_anywhere_is_gone_on_with() {
    let calm = columnar();
    fill(&calm.store, 120);
    calm.store.erase(&grace(), &mut |_| ()).unwrap();
    let old_rows = |store: &ColumnarStore| {
        let rows = store.page(&PageQuery::newest(1_000_000), &Lens::PLAIN).unwrap().rows;
        rows.into_iter().filter(|row| row.id <= 600).map(|row| (row.id, row.checksum())).collect::<BTreeSet<_>>()
    };
    let want = old_rows(&calm.store);
    for round in 0..8_u64 {
        let temporary = columnar();
        fill(&temporary.store, 120);
        let directory = temporary.directory;
        drop(temporary.store);
        let name = "store::erasure::erases_under_fire";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--ignored", "--quiet"])
            .env(PLACE, directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + 45 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(directory.path());
        // Killed before the first transaction, everything is as it was; after it, nobody meets her again.
        let begun = !store.has_subject(&grace()).unwrap();
        if !begun {
            store.erase(&grace(), &mut |_| ()).unwrap();
        }
        assert_eq!(old_rows(&store), want, "round {round}, begun: {begun}");
        while store.maintain().unwrap() {}
        assert_eq!(old_rows(&store), want, "round {round}, gone on with");
        answers(&store);
        assert_eq!(found_in_files(directory.path()), BTreeSet::new(), "round {round}");
        assert!(store.find_traces(&grace()).unwrap().is_clean());
    }
}
