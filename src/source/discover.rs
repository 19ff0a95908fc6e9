//! Which files belong to a source that is followed: those its path or glob names, and what rotation made of them
//! (`access.log.1`, `access.log-20261120.gz`, `access-2026-11-20.log`). By names alone; what the files hold is looked at
//! elsewhere.
//!
//! Names are those of logrotate (numbers, `dateext`, `extension`, `compress`), Squid (`logfile_rotate`) and cronolog.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Which file it is, whatever it is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId {
    /// The device.
    pub device: u64,
    /// Its number there; used again once the file is gone.
    pub inode: u64,
}

/// What can be told of a file's bytes without reading them. Where it is the same as before, so are they.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct FileStat {
    /// When it was last written, in nanoseconds since 1970, by the clock of the file system.
    pub modified_ns: i64,
    /// Its length, in bytes.
    pub length: u64,
}

impl FileId {
    /// Of a file.
    pub fn of(found: &Metadata) -> FileId {
        FileId { device: found.dev(), inode: found.ino() }
    }
}

impl FileStat {
    /// Of a file.
    pub fn of(found: &Metadata) -> FileStat {
        let modified_ns = found.mtime().saturating_mul(1_000_000_000).saturating_add(found.mtime_nsec());
        FileStat { modified_ns, length: found.len() }
    }
}

/// How a file belongs to a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// It is written to.
    Active,
    /// It was, and the source's path or glob names it.
    NamedRotated,
    /// It was, and has a name that rotation gives.
    Rotated,
}

/// A file of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Where it lies; of several names the active one.
    pub path: PathBuf,
    /// How it belongs to the source.
    pub role: Role,
    /// Which file it is.
    pub id: FileId,
    /// Its length and last change.
    pub stat: FileStat,
    /// Whether it is a regular file, not a pipe, a directory or a device.
    pub is_regular: bool,
}

/// The names of a source.
#[derive(Debug)]
pub struct Names {
    path: PathBuf,
    /// Paths that are not this source's, though their names may look so.
    others: BTreeSet<PathBuf>,
    /// Active files that were there once: what they have become is looked for as long as this lives.
    once: BTreeSet<PathBuf>,
}

impl Names {
    /// The names that a path or glob means. `others` belong to other sources.
    pub fn new(path: &Path, others: BTreeSet<PathBuf>) -> Names {
        Names { path: path.to_owned(), others, once: BTreeSet::new() }
    }

    /// Other paths belong to other sources from now on.
    pub fn set_others(&mut self, others: BTreeSet<PathBuf>) {
        self.others = others;
    }

    /// Whether the source is a pattern, not the name of one file.
    pub fn is_pattern(&self) -> bool {
        self.path.to_string_lossy().contains(['*', '?', '['])
    }

    /// The files there are now, each once, active ones first, then those written to last.
    ///
    /// # Errors
    /// What listing a directory says. A file that is not there, or gone again, is none.
    pub fn look(&mut self) -> io::Result<Vec<Found>> {
        let mut found: BTreeMap<FileId, Found> = BTreeMap::new();
        let named = match super::expand(std::slice::from_ref(&self.path)) {
            Ok(named) => named,
            Err(_) if self.is_pattern() => Vec::new(),
            Err(_) => vec![self.path.clone()],
        };
        let is_made_by_rotation =
            |path: &Path| self.is_pattern() && is_compressed(path) || named.iter().any(|other| is_rotated(other, path));
        let (rotated, active): (Vec<_>, Vec<_>) = named.iter().cloned().partition(|path| is_made_by_rotation(path));
        self.once.extend(active.iter().cloned());
        self.once.extend(self.left_behind());
        for (role, path) in
            active.iter().map(|path| (Role::Active, path)).chain(rotated.iter().map(|path| (Role::NamedRotated, path)))
        {
            meet(&mut found, role, path)?;
        }
        for (directory, bases) in self.families() {
            let entries = match std::fs::read_dir(&directory) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let name = entry?.file_name();
                let path = directory.join(&name);
                if bases.iter().any(|base| is_rotated(base, &path)) && !self.others.contains(&path) {
                    meet(&mut found, Role::Rotated, &path)?;
                }
            }
        }
        let mut found: Vec<Found> = found.into_values().collect();
        found.sort_by_key(|file| (file.role != Role::Active, std::cmp::Reverse(file.stat)));
        Ok(found)
    }

    /// Files that a pattern names and that are not there, but what rotation made of them is: they were there before this
    /// was made.
    fn left_behind(&self) -> Vec<PathBuf> {
        let pattern = glob::Pattern::new(&self.path.to_string_lossy()).ok().filter(|_| self.is_pattern());
        let (Some(pattern), Some(directory)) = (pattern, self.path.parent()) else { return Vec::new() };
        let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
        let is_named = |path: &Path| pattern.matches_path_with(path, options);
        let directories = glob::glob(&directory.to_string_lossy()).into_iter().flatten().filter_map(Result::ok);
        let entries = directories.filter_map(|directory| std::fs::read_dir(directory).ok()).flatten();
        let rotated = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| !is_named(path));
        rotated.flat_map(|path| rotated_from(&path)).filter(|path| is_named(path)).collect()
    }

    /// The directories in which something that matters may happen.
    pub fn directories(&self) -> BTreeSet<PathBuf> {
        let own = self.path.parent().filter(|_| !self.is_pattern()).map(not_empty);
        self.families().into_keys().chain(own).collect()
    }

    /// Active files by directory, symbolic links also as what they lead to.
    fn families(&self) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
        let mut families: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        for path in &self.once {
            let target = path.is_symlink().then(|| path.canonicalize().ok()).flatten();
            for path in [Some(path.clone()), target].into_iter().flatten() {
                if let Some(directory) = path.parent() {
                    families.entry(not_empty(directory)).or_default().insert(path);
                }
            }
        }
        families
    }
}

/// A bare name lies in the working directory.
fn not_empty(directory: &Path) -> PathBuf {
    if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory.to_owned() }
}

fn meet(found: &mut BTreeMap<FileId, Found>, role: Role, path: &Path) -> io::Result<()> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if role == Role::Active && error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) => return Ok(()),
    };
    let (id, stat) = (FileId::of(&metadata), FileStat::of(&metadata));
    let file = Found { path: path.to_owned(), role, id, stat, is_regular: metadata.is_file() };
    found.entry(id).or_insert(file);
    Ok(())
}

/// The suffixes that compressing gives.
const COMPRESSED: [&str; 4] = [".gz", ".zst", ".bz2", ".xz"];

fn without_compression(name: &str) -> &str {
    COMPRESSED.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

fn is_compressed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| COMPRESSED.iter().any(|suffix| name.to_string_lossy().ends_with(suffix)))
}

/// Whether `path` has a name that rotation gives the file at `active`, in the same directory.
fn is_rotated(active: &Path, path: &Path) -> bool {
    let (Some(active_name), Some(name)) = (active.file_name(), path.file_name()) else { return false };
    let (active_name, name) = (active_name.to_string_lossy(), name.to_string_lossy());
    if active_name == name || not_empty(active.parent().unwrap_or(active)) != not_empty(path.parent().unwrap_or(path)) {
        return false;
    }
    let bare = without_compression(&name);
    if let Some(rest) = bare.strip_prefix(&*active_name) {
        return rest.is_empty() || is_turn(rest);
    }
    // With the turn before the extension.
    let Some((stem, extension)) = active_name.rsplit_once('.') else { return false };
    let rest = bare.strip_prefix(stem).and_then(|rest| rest.strip_suffix(extension)?.strip_suffix('.'));
    rest.is_some_and(is_turn)
}

/// The names of which rotation makes that of `path`, in the same directory.
fn rotated_from(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let bare = without_compression(name);
    let parts = bare.char_indices().filter(|(_, letter)| matches!(letter, '.' | '-' | '_')).map(|(at, _)| at);
    let behind = parts.clone().map(|at| bare[..at].to_owned());
    let inside = bare.rfind('.').into_iter().flat_map(|dot| {
        let (stem, extension) = bare.split_at(dot);
        parts.clone().filter(move |at| *at < dot).map(move |at| format!("{}{extension}", &stem[..at]))
    });
    let names = behind.chain(inside).chain((bare != name).then(|| bare.to_owned()));
    names.map(|name| path.with_file_name(name)).filter(|active| is_rotated(active, path)).collect()
}

/// What rotation puts behind a name: a number, a date, `old`; with what parts it from the name.
fn is_turn(rest: &str) -> bool {
    let Some(turn) = rest.strip_prefix(['.', '-', '_']) else { return false };
    let is_number = turn.starts_with(|first: char| first.is_ascii_digit())
        && turn.bytes().all(|byte| byte.is_ascii_digit() || b"-_.:TZ+".contains(&byte));
    is_number || matches!(turn, "old" | "bak" | "prev")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_rotation_gives() {
        let active = Path::new("/var/log/squid/access.log");
        for (name, rotated) in [
            ("access.log", false),
            ("access.log.0", true),
            ("access.log.1", true),
            ("access.log.10.gz", true),
            ("access.log-20261120", true),
            ("access.log-20261120.xz", true),
            ("access.log-20261120-1763640000.zst", true),
            ("access.log.2026-11-20_00:00", true),
            ("access.log.gz", true),
            ("access.log.old", true),
            ("access-20261120.log", true),
            ("access.1.log.bz2", true),
            ("access_2026-11-20T10.log", true),
            ("access.logs", false),
            ("access.log.d", false),
            ("access.log-node1", false),
            ("access-internal.log", false),
            ("access.log.1.part", false),
            ("cache.log.1", false),
            ("access.", false),
        ] {
            let path = Path::new("/var/log/squid").join(name);
            assert_eq!(is_rotated(active, &path), rotated, "{name}");
            assert_eq!(rotated_from(&path).contains(&active.to_owned()), rotated, "{name}");
        }
        assert!(!is_rotated(active, Path::new("/var/log/access.log.1")));
        assert!(is_rotated(Path::new("access"), Path::new("access.1")));
    }

    #[test]
    fn a_source_finds_its_files_and_their_roles() {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        for name in ["a.log", "a.log.1", "a.log.2.gz", "b.log", "b.log.1", "c.log.1", "other"] {
            std::fs::write(file(name), name).unwrap();
        }
        std::os::unix::fs::symlink(file("b.log"), file("link.log")).unwrap();
        let look = |path: &str, others: &[&str]| {
            let mut names = Names::new(&file(path), others.iter().map(|name| file(name)).collect());
            let found = names.look().unwrap();
            let name = |found: &Found| found.path.file_name().unwrap().to_str().unwrap().to_owned();
            let mut found: Vec<_> = found.iter().map(|found| (name(found), found.role)).collect();
            found.sort();
            found
        };
        let found = |files: &[(&str, Role)]| -> Vec<(String, Role)> {
            files.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect()
        };
        use Role::{Active, NamedRotated, Rotated};
        assert_eq!(look("a.log", &[]), found(&[("a.log", Active), ("a.log.1", Rotated), ("a.log.2.gz", Rotated)]));
        assert_eq!(look("a.log", &["a.log.1"]), found(&[("a.log", Active), ("a.log.2.gz", Rotated)]));
        assert_eq!(
            look("a.log*", &[]),
            found(&[("a.log", Active), ("a.log.1", NamedRotated), ("a.log.2.gz", NamedRotated)])
        );
        assert_eq!(look("link.log", &[]), found(&[("b.log.1", Rotated), ("link.log", Active)]));
        assert_eq!(look("c.log", &[]), found(&[("c.log.1", Rotated)]));
        assert_eq!(look("no*.log", &[]), []);
        // Its log is not there just now, or will never be again.
        assert_eq!(look("c*.log", &[]), found(&[("c.log.1", Rotated)]));
    }
}
