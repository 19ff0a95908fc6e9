//! What this process takes of its machine, as proc(5) and statvfs(3) say it; nothing where they don't.

use std::path::Path;

/// What it takes.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Usage {
    /// Memory it holds (resident set).
    pub resident_bytes: Option<u64>,
    /// Time on any core since its start.
    pub cpu_seconds: Option<f64>,
    /// Files and sockets it has open.
    pub open_fds: Option<u64>,
    /// How many it may have open.
    pub max_fds: Option<u64>,
}

impl Usage {
    /// Now. Reads files of `/proc`, which wait for nothing.
    pub fn now() -> Usage {
        Usage {
            resident_bytes: resident_bytes(),
            cpu_seconds: cpu_seconds(),
            open_fds: std::fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64),
            max_fds: rustix::process::getrlimit(rustix::process::Resource::Nofile).current,
        }
    }
}

/// The resident set, by `/proc/self/status`.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// User and system time, fields 14 and 15 of `/proc/self/stat`; the name before them may hold anything.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some((ticks()? + ticks()?) as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// What is free for this process in the file system of a directory, in bytes.
pub fn free_bytes(directory: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(directory).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// What the files of a directory take, without those of directories in it, in bytes.
pub fn held_bytes(directory: &Path) -> Option<u64> {
    let files = std::fs::read_dir(directory).ok()?.filter_map(|file| file.ok()?.metadata().ok());
    Some(files.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_told_what_it_takes() {
        let usage = Usage::now();
        assert!(usage.resident_bytes.unwrap() > 1 << 20);
        assert!(usage.cpu_seconds.unwrap() < 100_000.0);
        assert!((3..=usage.max_fds.unwrap_or(u64::MAX)).contains(&usage.open_fds.unwrap()));
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("a"), [0; 1000]).unwrap();
        std::fs::create_dir(directory.path().join("b")).unwrap();
        assert_eq!(held_bytes(directory.path()), Some(1000));
        assert!(free_bytes(directory.path()).unwrap() > 0);
        assert_eq!(free_bytes(&directory.path().join("nowhere")), None);
    }
}
