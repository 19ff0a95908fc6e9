//! Which files a command line or a configuration means: names, globs, `-` for standard input.

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
}

/// The files that `given` means, in order of name for a glob; `-` stays as it is.
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
    if path.is_dir() {
        return Err(PathError::Directory(shown));
    }
    if path.exists() {
        return Ok(vec![path.to_owned()]);
    }
    let pattern =
        |error: glob::PatternError| PathError::Pattern { pattern: shown.clone(), reason: error.msg.to_owned() };
    let mut found: Vec<PathBuf> =
        glob::glob(&shown).map_err(pattern)?.filter_map(Result::ok).filter(|path| !path.is_dir()).collect();
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
    }
}
