//! Proxies that write logs and tools that rotate them, on real files under a simulated clock, beside a follower that
//! looks, crashes and starts again.

use super::ledger::Ledger;
use super::op::{Op, Rng};
use crate::support::memory::{MemoryStore, Mood};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tidegate::format::FormatChoice;
use tidegate::model::{FixedClock, SourceName, Timestamp};
use tidegate::pipeline::{Follower, SourceSpec};

/// Noon of 20 November 2026, in milliseconds since 1970.
const START_MS: u64 = 1_795_176_000_000;

/// How a log is rotated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Numbered,
    Dated,
    DatedExtension,
    Symlink,
}

/// A sequence's circumstances, drawn from its seed.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub logs: usize,
    pub styles: [Style; 2],
    pub glob: bool,
    pub from_end: bool,
    /// Whether the writer goes on while its log is copied and truncated.
    pub races: bool,
    /// Files that lie there before the first start.
    pub old: bool,
    pub on_disk: bool,
}

struct Writer {
    file: File,
    body: usize,
}

struct Sibling {
    path: PathBuf,
    body: usize,
}

struct Copying {
    from: File,
    to: File,
    copied: usize,
    body: usize,
}

struct Compressing {
    from: PathBuf,
    to: PathBuf,
    bytes: Vec<u8>,
    written: usize,
}

struct Log {
    path: PathBuf,
    style: Style,
    writer: Option<Writer>,
    /// The line that was begun, and what is missing of it.
    partial: Option<(u64, Vec<u8>)>,
    /// The newest first.
    siblings: Vec<Sibling>,
    copying: Option<Copying>,
    compressing: Option<Compressing>,
}

pub struct World {
    directory: tempfile::TempDir,
    setting: Setting,
    logs: Vec<Log>,
    pub ledger: Ledger,
    pub store: Arc<MemoryStore>,
    clock: Arc<FixedClock>,
    follower: Option<Follower<MemoryStore>>,
    /// Since the beginning.
    now: Duration,
    /// When the running follower was started.
    started: Duration,
    /// The follower leaves a store that failed alone until then.
    sees_again: Duration,
    turn: u64,
}

impl World {
    pub fn new(setting: Setting) -> World {
        let clock = Arc::new(FixedClock::default());
        let shm = Path::new("/dev/shm");
        let directory = if shm.is_dir() && !setting.on_disk { tempfile::tempdir_in(shm) } else { tempfile::tempdir() };
        let directory = directory.unwrap();
        let log = |number: usize| Log {
            path: directory.path().join(["a.log", "b.log"][number]),
            style: setting.styles[number],
            writer: None,
            partial: None,
            siblings: Vec::new(),
            copying: None,
            compressing: None,
        };
        let logs = (0..setting.logs).map(log).collect();
        let mut world = World {
            logs,
            directory,
            setting,
            ledger: Ledger::default(),
            store: Arc::new(MemoryStore::new(clock.clone())),
            clock,
            follower: None,
            now: Duration::ZERO,
            started: Duration::ZERO,
            sees_again: Duration::ZERO,
            turn: 0,
        };
        world.pass(Duration::from_secs(1));
        for log in 0..setting.logs {
            world.reopen(log);
            let first = world.ledger.count();
            if setting.old {
                for _ in 0..2 {
                    world.write(log, 3);
                    world.pass(Duration::from_secs(3));
                    world.rotate(log, &mut Rng(log as u64));
                    world.reopen(log);
                }
                world.ledger.forgo_from(first);
                world.write(log, 2);
                if setting.from_end {
                    world.ledger.forgo_from(first);
                }
            }
        }
        world.start();
        world.look();
        world
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(START_MS) + self.now
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.clock.set(Timestamp((START_MS + self.now.as_millis() as u64) as i64));
    }

    /// Does one thing, where it can be done now.
    pub fn act(&mut self, op: Op, rng: &mut Rng) {
        let log = |number: usize| number % self.logs.len();
        match op {
            Op::Write(number, lines) => self.write(log(number), lines),
            Op::Partial(number) => self.write_partial(log(number), rng),
            Op::Rotate(number) => self.rotate(log(number), rng),
            Op::Link(number) => self.rotate_by_link(log(number), rng),
            Op::Reopen(number) => self.reopen(log(number)),
            Op::Copy(number) => self.copy(log(number), rng),
            Op::Compress(number) => self.compress(log(number), rng),
            Op::Truncate(number) => self.truncate(log(number)),
            Op::Delete(number) => self.delete(log(number)),
            Op::DeleteOldest(number) => self.delete_oldest(log(number)),
            Op::Look => self.look(),
            Op::Pass(millis) => self.pass_with_looks(Duration::from_millis(millis)),
            Op::Crash => self.crash(),
            Op::Start => self.start(),
            Op::Fail(mood) => {
                self.sees_again = self.now + Duration::from_secs(1);
                self.store.set_mood(mood);
                self.look();
                self.store.set_mood(Mood::Well);
            }
        }
        self.pass(Duration::from_millis(rng.below(4) * 7));
    }

    pub fn look(&mut self) {
        let Some(follower) = &mut self.follower else { return };
        follower.look(self.now - self.started);
        if self.now > self.sees_again {
            self.ledger.seen();
        }
    }

    /// Within so much time writers are told to reopen, lines are ended, and what was begun is done.
    fn pass_with_looks(&mut self, time: Duration) {
        if time > Duration::from_secs(5) {
            for log in 0..self.logs.len() {
                self.settle(log);
            }
            self.pass(Duration::from_secs(2));
            self.look();
        }
        for _ in 0..3 {
            self.pass(time / 3);
            self.look();
        }
    }

    fn settle(&mut self, log: usize) {
        self.end_line(log);
        self.reopen(log);
        let mut rng = Rng(self.turn);
        while self.logs[log].copying.is_some() {
            self.copy(log, &mut rng);
        }
        while self.logs[log].compressing.is_some() {
            self.compress(log, &mut rng);
        }
    }

    /// Everything comes to rest, and the follower has time to notice.
    pub fn finish(&mut self) {
        for log in 0..self.logs.len() {
            self.settle(log);
        }
        self.start();
        for seconds in [2, 3, 40, 3, 700, 40] {
            self.pass(Duration::from_secs(seconds));
            for _ in 0..3 {
                self.look();
            }
        }
    }

    fn start(&mut self) {
        if self.follower.is_some() {
            return;
        }
        let spec = |path: PathBuf| SourceSpec {
            source: SourceName::default(),
            path,
            format: FormatChoice::parse("squid").unwrap(),
            zone: jiff::tz::TimeZone::UTC,
            from_end: self.setting.from_end,
        };
        let specs = if self.setting.glob {
            vec![spec(self.directory.path().join("*.log"))]
        } else {
            self.logs.iter().map(|log| spec(log.path.clone())).collect()
        };
        self.follower = Some(Follower::new(self.store.clone(), self.clock.clone(), specs));
        self.started = self.now;
        self.ledger.started();
    }

    fn crash(&mut self) {
        self.follower = None;
        self.ledger.crashed(&self.store);
    }

    fn write(&mut self, log: usize, lines: usize) {
        if self.logs[log].copying.is_some() && !self.setting.races {
            return;
        }
        self.end_line(log);
        let Some(body) = self.logs[log].writer.as_ref().map(|writer| writer.body) else { return };
        let mut text = Vec::new();
        for _ in 0..lines {
            let (_, line) = self.ledger.line(body, self.now);
            text.extend(line);
        }
        self.put(log, &text);
    }

    fn write_partial(&mut self, log: usize, rng: &mut Rng) {
        if self.logs[log].copying.is_some() {
            return;
        }
        self.end_line(log);
        let Some(body) = self.logs[log].writer.as_ref().map(|writer| writer.body) else { return };
        let (number, line) = self.ledger.line(body, self.now);
        let cut = 1 + rng.below(line.len() as u64 - 1) as usize;
        self.put(log, &line[..cut]);
        self.logs[log].partial = Some((number, line[cut..].to_vec()));
    }

    fn end_line(&mut self, log: usize) {
        if let Some((_, rest)) = self.logs[log].partial.take() {
            self.put(log, &rest);
        }
    }

    fn put(&mut self, log: usize, bytes: &[u8]) {
        let wall = self.wall();
        let Some(writer) = &mut self.logs[log].writer else { return };
        writer.file.write_all(bytes).unwrap();
        writer.file.set_modified(wall).unwrap();
    }

    /// A name for what the active file becomes; room is made for it.
    fn next_name(&mut self, log: usize, rng: &mut Rng) -> PathBuf {
        self.turn += 1;
        let turn = self.turn;
        let path = self.logs[log].path.clone();
        let name = path.display();
        match self.logs[log].style {
            Style::Numbered => {
                for at in (0..self.logs[log].siblings.len()).rev() {
                    let from = self.logs[log].siblings[at].path.clone();
                    let (_, suffix) = split_suffix(&from);
                    let to = PathBuf::from(format!("{name}.{}{suffix}", at + 2));
                    fs::rename(&from, &to).unwrap();
                    self.logs[log].siblings[at].path = to;
                    if rng.below(8) == 0 {
                        self.look();
                    }
                }
                PathBuf::from(format!("{name}.1"))
            }
            Style::Dated => PathBuf::from(format!("{name}-20261120-{turn:04}")),
            Style::DatedExtension | Style::Symlink => {
                PathBuf::from(format!("{}-20261120-{turn:04}.log", name.to_string().strip_suffix(".log").unwrap()))
            }
        }
    }

    fn is_busy(&self, log: usize) -> bool {
        self.logs[log].copying.is_some() || self.logs[log].compressing.is_some()
    }

    /// The body that the active path leads to.
    fn active(&self, log: usize) -> Option<usize> {
        let writer = self.logs[log].writer.as_ref()?;
        self.ledger.is_active(writer.body).then_some(writer.body)
    }

    /// Renames it; the writer goes on with the old file until it is told.
    fn rotate(&mut self, log: usize, rng: &mut Rng) {
        if self.is_busy(log) {
            return;
        }
        let Some(body) = self.active(log) else { return };
        if self.logs[log].style == Style::Symlink {
            // The new target is there when the writer is told.
            let path = fs::canonicalize(&self.logs[log].path).unwrap();
            self.ledger.retire(body);
            self.logs[log].siblings.insert(0, Sibling { path, body });
            return;
        }
        let to = self.next_name(log, rng);
        fs::rename(&self.logs[log].path, &to).unwrap();
        self.ledger.retire(body);
        self.logs[log].siblings.insert(0, Sibling { path: to, body });
    }

    /// As [`World::rotate`], by a second name before the first goes.
    fn rotate_by_link(&mut self, log: usize, rng: &mut Rng) {
        if self.is_busy(log) || self.logs[log].style == Style::Symlink {
            return;
        }
        let Some(body) = self.active(log) else { return };
        let to = self.next_name(log, rng);
        fs::hard_link(&self.logs[log].path, &to).unwrap();
        self.look();
        fs::remove_file(&self.logs[log].path).unwrap();
        self.ledger.retire(body);
        self.logs[log].siblings.insert(0, Sibling { path: to, body });
    }

    /// The writer opens the file of the active name, made where it is not there.
    fn reopen(&mut self, log: usize) {
        if self.active(log).is_some() {
            return;
        }
        self.end_line(log);
        let path = self.logs[log].path.clone();
        let wall = self.wall();
        let file = if self.logs[log].style == Style::Symlink {
            let target = self.next_name(log, &mut Rng(0));
            let file = append(&target);
            let _ = fs::remove_file(path.with_extension("new"));
            std::os::unix::fs::symlink(&target, path.with_extension("new")).unwrap();
            fs::rename(path.with_extension("new"), &path).unwrap();
            file
        } else {
            append(&path)
        };
        file.set_modified(wall).unwrap();
        let body = self.ledger.body();
        self.logs[log].writer = Some(Writer { file, body });
    }

    /// A part of copying the active file and truncating it.
    fn copy(&mut self, log: usize, rng: &mut Rng) {
        let wall = self.wall();
        if self.logs[log].copying.is_none() {
            let Some(body) = self.active(log) else { return };
            if self.logs[log].partial.is_some() || self.is_busy(log) || self.logs[log].style == Style::Symlink {
                return;
            }
            let to = self.next_name(log, rng);
            let from = File::open(&self.logs[log].path).unwrap();
            let copying = Copying { from, to: append(&to), copied: 0, body: self.ledger.body() };
            self.ledger.retire(copying.body);
            self.logs[log].siblings.insert(0, Sibling { path: to, body: copying.body });
            self.logs[log].copying = Some(copying);
            let _ = body;
        }
        let Some(copying) = &mut self.logs[log].copying else { return };
        let mut bytes = Vec::new();
        let is_last = rng.below(2) == 0;
        let limit = if is_last { u64::MAX } else { 1 + rng.below(3000) };
        (&mut copying.from).take(limit).read_to_end(&mut bytes).unwrap();
        copying.to.write_all(&bytes).unwrap();
        copying.to.set_modified(wall).unwrap();
        copying.copied += bytes.len();
        if !is_last {
            return;
        }
        if self.setting.races && rng.below(2) == 0 {
            self.write(log, 1 + rng.below(3) as usize);
            if rng.below(2) == 0 {
                self.look();
            }
        }
        self.end_line(log);
        let Some(copying) = self.logs[log].copying.take() else { return };
        let Some(writer) = &mut self.logs[log].writer else { return };
        self.ledger.copied(writer.body, copying.body, copying.copied, &self.store);
        writer.file.set_len(0).unwrap();
        writer.file.set_modified(wall).unwrap();
        let before = std::mem::replace(&mut writer.body, self.ledger.body());
        self.ledger.replaced(before, writer.body);
    }

    /// A part of compressing a rotated file that nobody writes to any more.
    fn compress(&mut self, log: usize, rng: &mut Rng) {
        if self.logs[log].copying.is_some() {
            return;
        }
        if self.logs[log].compressing.is_none() {
            let written = self.logs[log].writer.as_ref().map(|writer| writer.body);
            let plain: Vec<&Sibling> = (self.logs[log].siblings.iter())
                .filter(|sibling| split_suffix(&sibling.path).1.is_empty() && Some(sibling.body) != written)
                .collect();
            let Some(sibling) = plain.get(rng.below(plain.len().max(1) as u64) as usize) else { return };
            let (suffix, bytes) = compressed(&fs::read(&sibling.path).unwrap(), rng);
            let to = PathBuf::from(format!("{}{suffix}", sibling.path.display()));
            let from = sibling.path.clone();
            self.logs[log].compressing = Some(Compressing { from, to, bytes, written: 0 });
        }
        let wall = self.wall();
        let log = &mut self.logs[log];
        let Some(work) = &mut log.compressing else { return };
        let is_last = rng.below(2) == 0;
        let end =
            if is_last { work.bytes.len() } else { work.bytes.len().min(work.written + 1 + rng.below(200) as usize) };
        let mut file = append(&work.to);
        file.write_all(&work.bytes[work.written..end]).unwrap();
        file.set_modified(wall).unwrap();
        work.written = end;
        if is_last {
            file.set_modified(fs::metadata(&work.from).unwrap().modified().unwrap()).unwrap();
            fs::remove_file(&work.from).unwrap();
            for sibling in log.siblings.iter_mut().filter(|sibling| sibling.path == work.from) {
                sibling.path.clone_from(&work.to);
                self.ledger.remade(sibling.body);
            }
            log.compressing = None;
        }
    }

    fn truncate(&mut self, log: usize) {
        if self.is_busy(log) || self.logs[log].partial.is_some() || self.active(log).is_none() {
            return;
        }
        let wall = self.wall();
        let Some(writer) = &mut self.logs[log].writer else { return };
        self.ledger.destroyed(writer.body, &self.store);
        writer.file.set_len(0).unwrap();
        writer.file.set_modified(wall).unwrap();
        let before = std::mem::replace(&mut writer.body, self.ledger.body());
        self.ledger.replaced(before, writer.body);
    }

    /// Removes the active file; the writer goes on in what has no name any more.
    fn delete(&mut self, log: usize) {
        if self.is_busy(log) || self.logs[log].style == Style::Symlink {
            return;
        }
        let Some(body) = self.active(log) else { return };
        fs::remove_file(&self.logs[log].path).unwrap();
        self.ledger.unlinked(body, &self.store);
    }

    fn delete_oldest(&mut self, log: usize) {
        if self.is_busy(log) || self.logs[log].siblings.len() < 3 {
            return;
        }
        let written = self.logs[log].writer.as_ref().map(|writer| writer.body);
        let Some(oldest) = self.logs[log].siblings.last().filter(|oldest| Some(oldest.body) != written) else { return };
        fs::remove_file(&oldest.path).unwrap();
        self.ledger.unlinked(oldest.body, &self.store);
        self.logs[log].siblings.pop();
    }
}

fn append(path: &Path) -> File {
    File::options().append(true).create(true).open(path).unwrap()
}

fn split_suffix(path: &Path) -> (String, &'static str) {
    let name = path.display().to_string();
    for suffix in [".gz", ".zst", ".bz2", ".xz"] {
        if let Some(bare) = name.strip_suffix(suffix) {
            return (bare.to_owned(), suffix);
        }
    }
    (name, "")
}

fn compressed(bytes: &[u8], rng: &mut Rng) -> (&'static str, Vec<u8>) {
    match rng.below(12) {
        0 => {
            let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            out.write_all(bytes).unwrap();
            (".bz2", out.finish().unwrap())
        }
        1 => {
            let mut out = liblzma::write::XzEncoder::new(Vec::new(), 0);
            out.write_all(bytes).unwrap();
            (".xz", out.finish().unwrap())
        }
        2..=5 => (".zst", zstd::stream::encode_all(bytes, 1).unwrap()),
        _ => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(bytes).unwrap();
            (".gz", out.finish().unwrap())
        }
    }
}
