//! What the model doesn't say: faults that are shown, formats that are found, archives that are damaged.

use crate::support::lines::NOON;
use crate::support::memory::MemoryStore;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tidegate::format::FormatChoice;
use tidegate::model::{DAY_MS, FixedClock, SourceName, Timestamp};
use tidegate::pipeline::{FollowState, Follower, SourceSpec};
use tidegate::store::EventStore;

struct Followed {
    directory: tempfile::TempDir,
    store: Arc<MemoryStore>,
    clock: Arc<FixedClock>,
    follower: Follower<MemoryStore>,
    spec: SourceSpec,
    now: Duration,
}

impl Followed {
    fn new(path: &str, format: &str) -> Followed {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOON));
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let spec = SourceSpec {
            source: SourceName { name: "edge".into(), ..SourceName::default() },
            path: directory.path().join(path),
            format: FormatChoice::parse(format).unwrap(),
            zone: jiff::tz::TimeZone::UTC,
            from_end: false,
        };
        let follower = Follower::new(store.clone(), clock.clone(), vec![spec.clone()]);
        Followed { directory, store, clock, follower, spec, now: Duration::ZERO }
    }

    fn restart(&mut self) {
        self.follower = Follower::new(self.store.clone(), self.clock.clone(), vec![self.spec.clone()]);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn append(&self, name: &str, text: &str) {
        fs::File::options()
            .append(true)
            .create(true)
            .open(self.path(name))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    /// Looks after so many seconds; answers how many rows and rejects there are, and the fault of the first file.
    fn after(&mut self, seconds: u64) -> (usize, usize, Option<String>) {
        self.now += Duration::from_secs(seconds);
        self.follower.look(self.now);
        let fault = self.states().into_iter().next().and_then(|state| state.fault);
        (self.store.rests().len(), self.store.rejected(), fault)
    }

    fn states(&self) -> Vec<FollowState> {
        self.follower.status().files()
    }
}

fn line(number: usize) -> String {
    format!("1795176000.123      5 10.0.0.1 TCP_MISS/200 10 GET http://h.example/{number} - HIER_NONE/- -\n")
}

#[test]
fn what_is_no_file_is_a_fault_until_it_is_one() {
    let mut followed = Followed::new("access.log", "squid");
    let (_, _, fault) = followed.after(0);
    assert_eq!(fault.as_deref(), Some("no such file; it is waited for"));
    for make in [
        (|path: &Path| fs::create_dir(path).unwrap()) as fn(&Path),
        |path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
    ] {
        let path = followed.path("access.log");
        make(&path);
        let (_, _, fault) = followed.after(1);
        assert_eq!(fault.as_deref(), Some("not a regular file, and so not something to follow"));
        let _ = fs::remove_dir(&path).or_else(|_| fs::remove_file(&path));
    }
    followed.append("access.log", &line(1));
    assert_eq!(followed.after(1), (1, 0, None));
    // Missing in the midst of a rotation, it is not missed at once.
    fs::rename(followed.path("access.log"), followed.path("access.log.1")).unwrap();
    assert_eq!(followed.after(1), (1, 0, None));
    assert!(followed.after(10).2.is_some() || followed.states().iter().any(|state| state.fault.is_some()));
}

#[test]
fn a_format_is_found_or_waited_for_and_no_line_is_lost() {
    let mut followed = Followed::new("access.log", "auto");
    followed.append("access.log", &line(1));
    assert_eq!(followed.after(0), (1, 0, None));
    assert_eq!(followed.states()[0].format, "squid");
    assert_eq!(followed.states()[0].observed.rows, 1);
    // The next log is in no known format: it is waited for more of it.
    fs::rename(followed.path("access.log"), followed.path("access.log.1")).unwrap();
    followed.append("access.log", "what is this\nor that\n");
    let (rows, rejects, fault) = followed.after(1);
    assert_eq!((rows, rejects), (1, 0));
    assert!(fault.unwrap().contains("no known format explains"));
    assert_eq!(followed.states()[0].unread, 21);
    // Rotated, there will be no more of it; its lines are kept as rejects.
    fs::rename(followed.path("access.log"), followed.path("access.log.2")).unwrap();
    followed.append("access.log", &line(2));
    assert_eq!(followed.after(1), (2, 2, None));
    // And so where there is a lot of it.
    fs::write(followed.path("access.log"), "x y z\n".repeat(200_000)).unwrap();
    assert_eq!(followed.after(1), (2, 200_002, None));
}

#[test]
fn a_damaged_archive_is_read_as_far_as_it_is_whole() {
    let mut followed = Followed::new("access.log", "squid");
    followed.append("access.log", &line(0));
    assert_eq!(followed.after(0), (1, 0, None));
    let text: String = (1..5000).map(line).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    fs::write(followed.path("access.log.1.gz"), &gz[..gz.len() / 2]).unwrap();
    assert_eq!(followed.after(1), (1, 0, None), "it may still be written");
    let (rows, rejects, _) = followed.after(5);
    assert!(rows > 1000 && rows < 4500 && rejects == 0, "{rows} {rejects} {:?}", followed.states());
    assert_eq!(followed.after(40), (rows, 0, None));
    // Whole after all, the rest is read, too.
    fs::write(followed.path("access.log.1.gz"), &gz).unwrap();
    followed.after(1);
    assert_eq!(followed.after(5), (5000, 0, None));
}

#[test]
fn archives_are_done_with_and_a_restart_leaves_them_alone() {
    let mut followed = Followed::new("access.log", "squid");
    followed.append("access.log", &line(0));
    followed.after(0);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(line(1).as_bytes()).unwrap();
    fs::write(followed.path("access.log.1.gz"), gz.finish().unwrap()).unwrap();
    followed.after(1);
    assert_eq!(followed.after(40).0, 2);
    followed.after(40);
    assert_eq!(followed.states().len(), 1, "what is done with is not held open");
    // Changed under the same length and time, it would be read anew if it were looked into.
    let path = followed.path("access.log.1.gz");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let length = fs::metadata(&path).unwrap().len();
    fs::File::options().write(true).open(&path).unwrap().write_all(&vec![b'x'; length as usize]).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    let spec = SourceSpec {
        source: SourceName::default(),
        path: followed.path("access.log"),
        format: FormatChoice::parse("squid").unwrap(),
        zone: jiff::tz::TimeZone::UTC,
        from_end: false,
    };
    let mut again = Follower::new(followed.store.clone(), Arc::new(FixedClock::at(NOON)), vec![spec]);
    for seconds in [0, 5, 50] {
        again.look(Duration::from_secs(seconds));
    }
    assert_eq!((followed.store.rests().len(), followed.store.rejected()), (2, 0));
    assert_eq!(followed.store.stats().unwrap().rejected_lines, 0);
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

#[test]
fn a_log_that_is_followed_for_long_keeps_its_year() {
    let mut followed = Followed::new("tinyproxy.log", "tinyproxy");
    for day in [1, 2, 9, 27] {
        followed.clock.set(Timestamp(NOON.0 + (day - 1) * DAY_MS));
        let said = |what: &str| format!("CONNECT   Jan {day:02} 11:59:59.123 [812]: {what}\n");
        followed.append("tinyproxy.log", &said("Connect (file descriptor 6): 192.0.2.7"));
        followed.append("tinyproxy.log", &said("Request (file descriptor 6): GET http://h.example/ HTTP/1.1"));
        followed.after(1);
    }
    assert_eq!(followed.store.rests().len(), 4);
    assert_eq!(followed.store.count_before(Timestamp(NOON.0 - DAY_MS)).unwrap(), 0, "rows of the year before");
}

/// Of logs that were followed and compressed, all is known, which shows once all is decompressed.
#[test]
fn a_large_archive_is_looked_up_beside_the_lines_that_are_written() {
    let mut followed = Followed::new("access.log", "squid");
    // Digits in no order, so that the archive is large.
    let number = |at: usize| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ at;
    let text: String = (0..150_000).map(|at| line(number(at)) + &line(number(at + 1_000_000))).collect();
    fs::write(followed.path("access.log"), &text).unwrap();
    for _ in 0..9 {
        followed.after(1);
    }
    assert_eq!(followed.store.rests().len(), 300_000);
    fs::remove_file(followed.path("access.log")).unwrap();
    fs::write(followed.path("access.log.1.gz"), gzipped(&text)).unwrap();
    assert!(fs::metadata(followed.path("access.log.1.gz")).unwrap().len() > 1 << 20);
    fs::write(followed.path("access.log"), line(1)).unwrap();
    assert_eq!(followed.after(1).0, 300_001);
    let unread = |followed: &Followed| {
        followed.states().iter().find(|state| state.path.ends_with("access.log.1.gz")).map_or(0, |state| state.unread)
    };
    followed.append("access.log", &line(2));
    assert_eq!(followed.after(3).0, 300_002);
    assert!(unread(&followed) > 0, "the look came back before all was decompressed");
    for wait in 0.. {
        followed.append("access.log", &line(3 + wait));
        assert_eq!(followed.after(1), (300_003 + wait, 0, None));
        if unread(&followed) == 0 {
            break;
        }
        assert!(wait < 6000, "it is never done with");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_file_that_is_copied_and_truncated_while_it_is_looked_up_is_stored_once() {
    let mut followed = Followed::new("access.log", "squid");
    let (before, behind): (String, String) = ((0..20).map(line).collect(), (20..50).map(line).collect());
    followed.append("access.log", &before);
    let (log, copy, written) = (followed.path("access.log"), followed.path("access.log.1"), behind.clone());
    followed.store.when_looked_up(move || {
        fs::copy(&log, copy).unwrap();
        // In place: what was opened now holds other lines.
        fs::write(&log, written).unwrap();
    });
    for _ in 0..5 {
        assert!(followed.after(10).0 <= 50);
        followed.restart();
    }
    assert_eq!(followed.after(10), (50, 0, None));
}
