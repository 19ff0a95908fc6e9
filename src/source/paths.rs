//! Which files a command line or a configuration means: names, globs, `-` for standard input.

use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// A path that names no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A pattern that is none.
    #[error("{pattern}: not a glob pattern: {reason}")]
    Pattern {
        /// As given.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing there.
    #[error("{0}: no such file; check the path, or quote a glob so that Tidegate expands it")]
    Missing(String),
    /// Something there that is not a file.
    #[error("{0}: a directory, not a log; name its files, as in '{0}/access.log*'")]
    Directory(String),
    /// A device or a socket: there is no end to what comes out of it, or nothing does.
    #[error("{0}: a device or a socket, not a log; name a file, a pipe, or '-' for standard input")]
    Device(String),
}

/// The files that `given` means, in order of name for a glob, where only files count; `-` stays as it is. A pipe that
/// has a name is one of them when it is named.
///
/// # Errors
/// Every path that names no file, all at once.
pub fn expand(given: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<PathError>> {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for path in given {
        match expand_one(path) {
            Ok(found) => files.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(faults) }
}

fn expand_one(path: &Path) -> Result<Vec<PathBuf>, PathError> {
    let shown = path.display().to_string();
    if shown == "-" || path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if let Ok(found) = path.metadata() {
        return match found.file_type() {
            kind if kind.is_dir() => Err(PathError::Directory(shown)),
            kind if kind.is_fifo() => Ok(vec![path.to_owned()]),
            _ => Err(PathError::Device(shown)),
        };
    }
    let pattern =
        |error: glob::PatternError| PathError::Pattern { pattern: shown.clone(), reason: error.msg.to_owned() };
    let mut found: Vec<PathBuf> =
        glob::glob(&shown).map_err(pattern)?.filter_map(Result::ok).filter(|path| path.is_file()).collect();
    found.sort();
    if found.is_empty() { Err(PathError::Missing(shown)) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_globs_and_faults() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| dir.path().join(name);
        for name in ["access.log.1", "access.log", "other"] {
            std::fs::write(file(name), b"").unwrap();
        }
        assert_eq!(
            expand(&[file("access.log*"), "-".into()]),
            Ok(vec![file("access.log"), file("access.log.1"), "-".into()])
        );
        let faults = expand(&[file("missing"), dir.path().to_owned(), file("a[")]).unwrap_err();
        assert!(matches!(faults[..], [PathError::Missing(_), PathError::Directory(_), PathError::Pattern { .. }]));
        for device in ["/dev/zero", "/dev/null"] {
            assert_eq!(expand(&[device.into()]), Err(vec![PathError::Device(device.into())]));
        }
        let _socket = std::os::unix::net::UnixListener::bind(file("access.log.socket")).unwrap();
        assert!(matches!(expand(&[file("access.log.socket")]).unwrap_err()[..], [PathError::Device(_)]));
        assert_eq!(expand(&[file("access.log*")]).unwrap().len(), 2, "a glob means files");
    }
}
