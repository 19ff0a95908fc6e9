//! The files in `<data_dir>/tls/`: each replaced as a whole, readable for this user alone, or a link to a file that
//! somebody else keeps.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Component, Path, PathBuf};

/// The largest PEM file read.
pub const MAX_PEM_BYTES: usize = 256 * 1024;

/// What tells one version of a file from the next.
pub(super) type Stamp = Option<(u64, u64, i64, i64)>;

/// The stamp of the file at `path`, or of what it links to.
pub(super) fn stamp(path: &Path) -> Stamp {
    fs::metadata(path).ok().map(|found| (found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
}

/// The text of a PEM file; `None` where there is none.
///
/// # Errors
/// A sentence that says why it can't be read.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    match fs::symlink_metadata(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        _ => {}
    }
    read_given(path).map(|(text, _)| Some(text))
}

/// The text of a PEM file that has to be there, and what the file is like.
pub(super) fn read_given(path: &Path) -> Result<(Vec<u8>, Metadata), String> {
    let unreadable = |cause: io::Error| match cause.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "can't be read by the account that runs Tidegate".to_owned(),
        _ => format!("can't be read: {}", cause.kind()),
    };
    // Looked at before it is opened: opening a pipe waits for a writer.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err("is not a regular file".to_owned());
    }
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let mut text = Vec::new();
    file.take(MAX_PEM_BYTES as u64 + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() > MAX_PEM_BYTES {
        return Err(format!("is larger than {MAX_PEM_BYTES} bytes"));
    }
    Ok((text, metadata))
}

/// Checks a path that somebody gave: absolute and without `..`, so that it means the same wherever Tidegate runs and
/// whoever reads it.
///
/// # Errors
/// A sentence that says what is wrong.
pub(super) fn given_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let plain = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if path.is_absolute() && plain && !text.contains('\0') {
        Ok(path)
    } else {
        Err("must be an absolute path without ..".to_owned())
    }
}

/// Makes the directory, closed to others.
pub(super) fn make_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Replaces a file by a text.
pub(super) fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    // Made with mode 0600.
    let mut aside = tempfile::NamedTempFile::new_in(dir_of(path))?;
    aside.write_all(text)?;
    aside.as_file().sync_all()?;
    aside.persist(path)?;
    File::open(dir_of(path))?.sync_all()
}

/// Replaces a file by a link to another.
pub(super) fn link(path: &Path, target: &Path) -> io::Result<()> {
    let aside = tempfile::Builder::new().make_in(dir_of(path), |aside| symlink(target, aside))?;
    aside.persist(path)?;
    File::open(dir_of(path))?.sync_all()
}

/// Moves a file to another's place.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    File::open(dir_of(to))?.sync_all()
}

/// Removes a file or link, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

fn dir_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}
