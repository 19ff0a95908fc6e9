use super::*;
use crate::classify::CLASSIFIERS;
use crate::model::{
    AccessEvent, Batch, Event, EventFilter, FixedClock, HOUR_MS, Lens, PseudonymKey, SourceName, SubjectKind, Target,
    Timestamp,
};
use crate::store::columnar::ColumnarStore;
use crate::store::{EventSink, EventStore, StoreError};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

const NOON: Timestamp = Timestamp(1_767_268_800_000);

struct Scratch {
    directory: tempfile::TempDir,
    store: ColumnarStore,
    folder: Folder,
}

fn open(directory: &Path) -> ColumnarStore {
    ColumnarStore::open(directory, CLASSIFIERS, Arc::new(FixedClock::at(NOON))).unwrap()
}

fn scratch() -> Scratch {
    let directory = tempfile::tempdir().unwrap();
    Scratch { store: open(directory.path()), folder: Folder::of(directory.path()), directory }
}

/// Rows of two sources, odd in every way that a row can be, an hour apart.
fn fill(store: &ColumnarStore, rows: i64) {
    let mut batches = ["squid", "edge"]
        .map(|name| Batch::new(SourceName { name: name.into(), host: "proxy1".into(), format: "squid".into() }));
    for row in 0..rows {
        let (client, path) = (format!("10.0.0.{}", row % 5), format!("/{row}?u=joe@b.example\u{1}\"\\"));
        let rest = [path.as_bytes(), if row % 3 == 0 { b"\xff\xfe" } else { b"" }].concat();
        let raw = [b"raw \x00\xff ".as_slice(), path.as_bytes()].concat();
        let event = AccessEvent {
            time: Timestamp(NOON.0 - row * HOUR_MS),
            time_taken_ms: row - 3,
            c_ip: client.as_bytes(),
            cs_username: if row % 5 == 2 { b"ada" } else { b"" },
            cs_method: if row % 4 == 0 { b"" } else { b"GET" },
            sc_status: if row % 7 == 0 { 403 } else { 200 },
            sc_bytes: row as u64,
            cs_bytes: (row % 2 == 0).then_some(row as u64),
            result: b"TCP_MISS",
            hierarchy: b"HIER_DIRECT",
            peer: b"198.51.100.1",
            content_type: b"text/html",
            user_agent: b"curl/8 (\xe4)",
            referer: if row % 6 == 0 { b"http://a.example/r" } else { b"" },
            extra: if row % 8 == 0 { b"{\"x\":1}" } else { b"" },
            canonical: row % 9 != 0,
            ..AccessEvent::default()
        };
        let target = Target { origin: b"http://a.example", rest: &rest, had_userinfo: false };
        let verdict: &[u8] = if row % 4 == 1 { b"5 2 sql 4210010:5" } else { b"0" };
        let verdict = if row % 11 == 0 { b"" } else { verdict };
        batches[(row % 2) as usize].push_scored(&event, &target, verdict, &raw);
    }
    store.append(batches.iter().map(|batch| store.prepare(batch).unwrap()).collect(), &[]).unwrap();
}

fn rows_of(store: &ColumnarStore) -> Vec<Event> {
    let mut rows = store.arrivals(&EventFilter::default(), &Lens::PLAIN, 0, 1 << 20).unwrap().rows;
    rows.iter_mut().for_each(|row| row.id = 0);
    rows.sort_by_key(|row| (row.time, row.sc_bytes));
    rows
}

impl Scratch {
    fn write_masked(&self, before: Timestamp, masking: Masking) -> Written {
        let clock = FixedClock::at(NOON);
        let writing = Writing { before, masking, rules: "r".into(), clock: &clock };
        write(&self.store, &self.folder, &writing, &|_, _| (), &|| false).unwrap()
    }

    fn write(&self, before: Timestamp) -> Written {
        self.write_masked(before, Masking::NONE)
    }
}

fn imported(archive: &Archive, store: &ColumnarStore) -> Imported {
    imported_as(archive, store, Lens::PLAIN)
}

fn imported_as(archive: &Archive, store: &ColumnarStore, lens: Lens) -> Imported {
    let storing = Storing { lens, threads: 2, clock: &FixedClock::at(NOON) };
    import(archive, store, storing, &|_, _| (), &|| false).unwrap()
}

#[test]
fn rows_come_back_as_they_were_into_any_store_and_once() {
    let from = scratch();
    fill(&from.store, 200);
    let rows = rows_of(&from.store);
    let before = Timestamp(NOON.0 - 100 * HOUR_MS);
    let written = from.write(before);
    let archive = written.archive.unwrap();
    assert_eq!((archive.manifest.rows, written.unreadable_rows), (99, 0));
    assert_eq!(archive.verify(&|_, _| (), &|| false).unwrap(), 99);
    // Into the store that has them all.
    assert_eq!(imported(&archive, &from.store), Imported { rows: 99, stored: 0, skipped_known: 99 });
    assert_eq!(rows_of(&from.store), rows);
    // Into an empty one, twice, and again after it was cleared.
    let to = scratch();
    let wanted: Vec<_> = rows.iter().filter(|row| row.time.hour() < before.hour()).cloned().collect();
    for round in [0, 1, 2] {
        if round == 2 {
            to.store.clear().unwrap();
        }
        let stored = if round == 1 { 0 } else { 99 };
        assert_eq!(imported(&archive, &to.store).stored, stored, "round {round}");
        assert_eq!(rows_of(&to.store), wanted, "round {round}");
    }
    // Into the one they came from, once retention has removed them.
    let back = scratch();
    fill(&back.store, 200);
    let written = back.write(before);
    assert_eq!(back.store.clear_archived(before, written.up_to).unwrap(), 99);
    assert_eq!(imported(&written.archive.unwrap(), &back.store).stored, 99);
    assert_eq!(rows_of(&back.store), rows);
    back.store.settle().unwrap();
    assert_eq!(rows_of(&back.store), rows);
}

#[test]
fn what_is_archived_is_not_archived_again_and_what_comes_late_is_not_lost() {
    let some = scratch();
    assert!(some.write(NOON).archive.is_none());
    fill(&some.store, 50);
    let first = some.write(Timestamp(NOON.0 - 20 * HOUR_MS));
    assert_eq!(first.archive.unwrap().manifest.rows, 29);
    assert!(some.write(Timestamp(NOON.0 - 20 * HOUR_MS)).archive.is_none());
    // Late rows of the same hours.
    fill(&some.store, 50);
    let cutoff = Timestamp(NOON.0 - 10 * HOUR_MS);
    assert!(matches!(some.store.clear_archived(cutoff, first.up_to), Err(StoreError::Overtaken)));
    let second = some.write(cutoff);
    assert_eq!(second.archive.as_ref().unwrap().manifest.rows, 10 + 39);
    assert_eq!(some.store.clear_archived(cutoff, second.up_to).unwrap(), 2 * 39);
    assert_eq!(some.folder.list().unwrap().len(), 2);
    // What an archive hides, one that hides less has to be written for.
    let masked = scratch();
    fill(&masked.store, 50);
    let masking = Masking { name: "mask", lens: Lens::MASKED, pseudonym_key: None };
    assert_eq!(masked.write_masked(NOON, masking).archive.unwrap().manifest.rows, 49);
    assert!(masked.write_masked(NOON, masking).archive.is_none());
    assert_eq!(masked.write(NOON).archive.unwrap().manifest.rows, 49);
    assert!(masked.write_masked(NOON, masking).archive.is_none());
}

#[test]
fn rows_that_could_not_be_read_are_archived_once_they_can() {
    let some = scratch();
    fill(&some.store, 10);
    fill(&some.store, 10);
    drop(some.store);
    // Column 10 of the second block of each: the rest of its URLs.
    let db = rusqlite::Connection::open(some.directory.path().join(ColumnarStore::FILE)).unwrap();
    let column = "id = (SELECT max(id) FROM block) * 64 + 10";
    let data: Vec<u8> =
        db.query_row(&format!("SELECT data FROM block_column WHERE {column}"), [], |row| row.get(0)).unwrap();
    let write_data =
        |data: &[u8]| db.execute(&format!("UPDATE block_column SET data = ?1 WHERE {column}"), [data]).unwrap();
    let mut damaged = data.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    write_data(&damaged);
    let some = Scratch { store: open(some.directory.path()), ..some };
    let first = some.write(NOON);
    assert_eq!((first.archive.unwrap().manifest.rows, first.unreadable_rows), (13, 5));
    write_data(&data);
    let some = Scratch { store: open(some.directory.path()), ..some };
    let second = some.write(NOON);
    assert_eq!((second.archive.unwrap().manifest.rows, second.unreadable_rows), (5, 0));
    assert!(some.write(NOON).archive.is_none());
}

#[test]
fn what_is_masked_is_nowhere_in_the_archive() {
    let some = scratch();
    fill(&some.store, 50);
    let key = PseudonymKey::new([7; 32]);
    let lens = Lens::pseudonyms(key);
    let masking = Masking { name: "pseudonyms", lens, pseudonym_key: Some(key.epoch()) };
    let archive = some.write_masked(NOON, masking).archive.unwrap();
    for number in 0..archive.manifest.parts.len() {
        let lines = String::from_utf8(archive.lines(number).unwrap()).unwrap();
        for hidden in ["ada", "10.0.0.", "joe@", "raw "] {
            assert!(!lines.contains(hidden), "{hidden}");
        }
    }
    let to = scratch();
    assert_eq!(imported(&archive, &to.store).stored, 49);
    let client = String::from_utf8(lens.client(b"10.0.0.3").into_owned()).unwrap();
    assert!(to.store.subject(&client, SubjectKind::Client, &Lens::PLAIN).unwrap().is_some());
    // Nor is it stored where rows are stored under pseudonyms, whatever the archive says.
    let (plain, pseudonymised) = (some.write(NOON).archive.unwrap(), scratch());
    assert_eq!(imported_as(&plain, &pseudonymised.store, lens).stored, 49);
    assert_eq!(rows_of(&pseudonymised.store), rows_of(&to.store));
}

#[test]
fn a_person_is_taken_out_and_the_archive_is_still_known() {
    let key = PseudonymKey::new([7; 32]);
    let lens = Lens::pseudonyms(key);
    let person = |kind, value: &[u8]| {
        let shown = if kind == SubjectKind::Client { lens.client(value) } else { lens.user(value) };
        let pseudonym = String::from_utf8(shown.into_owned()).unwrap();
        Person { kind, pseudonym, lens, pseudonym_key: key.epoch() }
    };
    let pseudonyms = Masking { name: "pseudonyms", lens, pseudonym_key: Some(key.epoch()) };
    for masking in [Masking::NONE, pseudonyms] {
        let some = scratch();
        fill(&some.store, 51);
        let archive = some.write_masked(NOON, masking).archive.unwrap();
        let (name, id) = (archive.name(), archive.manifest.id.clone());
        let to = scratch();
        assert_eq!(imported(&archive, &to.store).stored, 50);
        assert!(!holds(&some.folder, &person(SubjectKind::Client, b"10.0.0.9")).unwrap());
        for (person, rows) in [
            (person(SubjectKind::User, b"ADA"), 10),
            (person(SubjectKind::Client, b"::ffff:10.0.0.3"), 10),
            (person(SubjectKind::Client, b"10.0.0.3"), 0),
        ] {
            assert_eq!(holds(&some.folder, &person).unwrap(), rows > 0);
            let erased = erase(&some.folder, &person, &|_, _| ()).unwrap();
            assert_eq!((erased.rows, erased.archives.len()), (rows, usize::from(rows > 0)));
            assert!(erased.unreadable.is_empty() && erased.other_keys.is_empty());
        }
        let left = some.folder.open(&name).unwrap();
        assert_eq!((left.manifest.rows, left.manifest.erased_rows, &left.manifest.id), (30, 20, &id));
        assert_eq!(left.verify(&|_, _| (), &|| false).unwrap(), 30);
        assert_eq!(imported(&left, &to.store).stored, 0);
        let traces = find_traces(&some.folder, &crate::model::Subject::new(SubjectKind::User, b"ada").search());
        assert!(traces.iter().all(|trace| trace.found.alone == 0), "{traces:?}");
        for last in [b"10.0.0.0", b"10.0.0.1", b"10.0.0.4"] {
            erase(&some.folder, &person(SubjectKind::Client, last), &|_, _| ()).unwrap();
        }
        assert!(some.folder.list().unwrap().is_empty(), "an archive without rows goes");
    }
    let some = scratch();
    fill(&some.store, 9);
    some.write_masked(NOON, Masking { pseudonym_key: Some(1), ..pseudonyms });
    let erased = erase(&some.folder, &person(SubjectKind::User, b"ada"), &|_, _| ()).unwrap();
    assert_eq!(erased.other_keys.len(), 1);
}

#[test]
fn any_byte_that_differs_is_found() {
    let some = scratch();
    fill(&some.store, 300);
    let path = some.write(NOON).archive.unwrap().path().to_owned();
    let whole = std::fs::read(&path).unwrap();
    let copy = some.directory.path().join("copy.tar");
    let mut silent = Vec::new();
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&copy, &bytes).unwrap();
        let read = Archive::open(&copy).and_then(|archive| archive.verify(&|_, _| (), &|| false));
        if let Ok(rows) = read {
            assert_eq!(rows, 299);
            silent.push(at);
        }
    }
    // Bytes that mean nothing: what fills a tar file's blocks, and the names of nobody in its headers.
    assert!(silent.iter().all(|at| is_filling(&whole, *at)), "{silent:?}");
    for length in [0, 100, 511, 512, whole.len() / 2, whole.len() - 2000] {
        std::fs::write(&copy, &whole[..length]).unwrap();
        assert!(Archive::open(&copy).is_err(), "{length}");
    }
}

/// Whether a byte of a tar file is one of those between the end of a file and its last block's.
fn is_filling(tar: &[u8], at: usize) -> bool {
    let mut start = 0;
    while start + 512 <= tar.len() && tar[start] != 0 {
        let size = std::str::from_utf8(&tar[start + 124..start + 135]).unwrap();
        let end = start + 512 + usize::from_str_radix(size, 8).unwrap();
        let next = end.div_ceil(512) * 512;
        if (start..next).contains(&at) {
            // The header's own sum is not part of what it sums.
            return at >= end || (148..156).contains(&(at - start));
        }
        start = next;
    }
    true
}

#[test]
fn what_is_no_archive_and_what_is_newer_is_said() {
    let some = scratch();
    fill(&some.store, 3);
    let archive = some.write(NOON).archive.unwrap();
    let other = some.folder.path().join("other.tar");
    std::fs::write(&other, "no archive").unwrap();
    assert!(!is_archive(&other) && is_archive(archive.path()));
    assert!(matches!(Archive::open(&other), Err(ArchiveError::Foreign { .. })));
    let listed = some.folder.list().unwrap();
    assert_eq!(listed.iter().filter(|archive| archive.manifest.is_err()).count(), 1);
    let aside = some.folder.begin("newer.tar").unwrap();
    let mut pack = pack::Pack::new(aside).unwrap();
    pack.push(&crate::model::StoredRow::of(&Event { id: 1, ..Event::default() }, &Lens::PLAIN)).unwrap();
    let path = pack.finish(&mut Manifest { version: 2, ..archive.manifest.clone() }).unwrap();
    let said = Archive::open(&path).unwrap_err().to_string();
    assert!(said.contains("written by a newer Tidegate (format 2, this one knows 1)"), "{said}");
}

#[test]
fn names_lead_nowhere_else_and_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let some = scratch();
    fill(&some.store, 3);
    let archive = some.write(NOON).archive.unwrap();
    std::fs::write(some.directory.path().join("secret.tar"), "x").unwrap();
    for name in ["../secret.tar", "..", "", ".tar", "a/b.tar", "nothing.tar", "/etc/passwd", ".hidden.tar"] {
        assert!(matches!(some.folder.path_of(name), Err(ArchiveError::Unknown)), "{name}");
    }
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(archive.path()), mode(some.folder.path())), (0o600, 0o700));
    some.folder.remove(&archive.name()).unwrap();
    assert!(some.folder.list().unwrap().is_empty());
}

#[test]
fn what_is_stopped_or_killed_leaves_nothing_and_what_is_under_way_stays() {
    let some = scratch();
    fill(&some.store, 30);
    let clock = FixedClock::at(NOON);
    let writing = Writing { before: NOON, masking: Masking::NONE, rules: String::new(), clock: &clock };
    assert!(matches!(write(&some.store, &some.folder, &writing, &|_, _| (), &|| true), Err(ArchiveError::Stopped)));
    let files = || std::fs::read_dir(some.folder.path()).unwrap().count();
    assert_eq!(files(), 0);
    let under_way = some.folder.begin("one.tar").unwrap();
    std::fs::write(some.folder.path().join(".two.tar.partial"), "left").unwrap();
    assert_eq!((some.folder.sweep().unwrap(), files()), (1, 1));
    drop(under_way);
    assert_eq!(files(), 0);
    let seen = Cell::new((0, 0));
    write(&some.store, &some.folder, &writing, &|done, total| seen.set((done, total)), &|| false).unwrap();
    assert_eq!(seen.get(), (29, 29));
}
