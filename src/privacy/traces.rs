//! The search for a data subject in the files of an installation, other than the event store's, which searches its own.

use crate::control::keys::KeyRing;
use crate::model::{FileTraces, Occurrences, SubjectSearch};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Bytes searched at a time.
const PIECE: usize = 1024 * 1024;

/// How often each file below `data_dir` holds the subject, as its bytes stand; only those that do. Files whose names
/// begin with `except` and the keys are left out. Constant memory.
///
/// # Errors
/// When a file can't be read; one that is gone meanwhile is none.
pub fn find_in_files(data_dir: &Path, except: &str, search: &SubjectSearch) -> io::Result<Vec<FileTraces>> {
    let mut found = Vec::new();
    let mut dirs = vec![data_dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            let name = entry.file_name();
            if kind.is_dir() && name != KeyRing::DIR {
                dirs.push(path);
            } else if kind.is_file() && !name.to_string_lossy().starts_with(except) {
                let occurrences = match File::open(&path) {
                    Ok(mut file) => find_in(&mut file, search)?,
                    Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
                    Err(cause) => return Err(cause),
                };
                if occurrences.any() {
                    let file = path.strip_prefix(data_dir).unwrap_or(&path).display().to_string();
                    found.push(FileTraces { file, found: occurrences });
                }
            }
        }
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(found)
}

/// Pieces overlap, so that a value across their seam is found, and what stands around it is seen.
fn find_in(input: &mut impl Read, search: &SubjectSearch) -> io::Result<Occurrences> {
    let overlap = search.longest() + 1;
    let (mut window, mut found) = (Vec::new(), Occurrences::default());
    // The byte before the first place not counted yet stays in front of the window.
    let mut counted = 0;
    loop {
        let before = window.len();
        input.by_ref().take(PIECE as u64).read_to_end(&mut window)?;
        let is_last = window.len() == before;
        let until = if is_last { window.len() } else { window.len().saturating_sub(overlap).max(counted) };
        found.add(search.count_from(&window, counted..until));
        if is_last {
            return Ok(found);
        }
        let drop = until.saturating_sub(1);
        window.drain(..drop);
        counted = until - drop;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Subject, SubjectKind};

    #[test]
    fn values_are_found_across_seams_and_told_from_parts_of_words() {
        let search = Subject::new(SubjectKind::User, b"ada").search();
        for start in (PIECE - 6..PIECE + 6).chain([0, 1, 2 * PIECE - 1]) {
            for (text, want) in [("ada", (1, 0)), ("xADAx", (0, 1))] {
                let mut bytes = vec![b' '; 3 * PIECE];
                bytes[start..start + text.len()].copy_from_slice(text.as_bytes());
                let found = find_in(&mut &bytes[..], &search).unwrap();
                assert_eq!((found.alone, found.inside), want, "{text} at {start}");
            }
        }
    }

    #[test]
    fn every_file_but_the_stores_and_the_keys_is_searched() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["control.db", "events.db", "events.db-wal", "keys/a.key", "backup/old.db", "other"] {
            fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            fs::write(dir.path().join(name), if name == "other" { "nobody" } else { "u=ada&ada" }).unwrap();
        }
        let found = find_in_files(dir.path(), "events.db", &Subject::new(SubjectKind::User, b"ada").search()).unwrap();
        let files: Vec<_> = found.iter().map(|file| (file.file.as_str(), file.found.alone)).collect();
        assert_eq!(files, [("backup/old.db", 2), ("control.db", 2)]);
    }
}
