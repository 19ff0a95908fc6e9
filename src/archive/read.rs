//! Reading an archive: what it holds, checked against its manifest and its sums before anything is taken from it.

use super::manifest::{Manifest, Part};
use super::pack::hex;
use super::{ArchiveError, MOST_PART_BYTES};
use crate::model::StoredRow;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes of a manifest or of the sums at most.
const MOST_MANIFEST_BYTES: u64 = 64 << 20;

/// An archive whose manifest agrees with its sums and with the files in it. What the files hold is checked as they are
/// read.
#[derive(Debug)]
pub struct Archive {
    /// What it says of itself.
    pub manifest: Manifest,
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Where each part begins, and how long it is.
    places: Vec<(u64, u64)>,
}

/// Whether a file begins as archives do. Of a pipe nothing is read: what was would be gone.
pub fn is_archive(path: &Path) -> bool {
    if !std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut block = [0; 512];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut block));
    read.is_ok() && is_first_block(&block)
}

/// The header of the first file with rows: its name, and what marks a tar file (POSIX.1-1988, `ustar`).
fn is_first_block(block: &[u8; 512]) -> bool {
    block.starts_with(Manifest::ROWS.as_bytes()) && &block[257..262] == b"ustar"
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`ArchiveError::Foreign`], [`ArchiveError::Newer`], [`ArchiveError::Damaged`], or that it can't be read.
    pub fn open(path: &Path) -> Result<Archive, ArchiveError> {
        let failed = ArchiveError::io(path);
        let damaged = |reason: &str| ArchiveError::damaged(path, reason);
        let file = File::open(path).map_err(&failed)?;
        let bytes = file.metadata().map_err(&failed)?.len();
        let mut block = [0; 512];
        match file.read_exact_at(&mut block, 0) {
            Ok(()) if is_first_block(&block) => {}
            Err(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => return Err(failed(cause)),
            _ => return Err(ArchiveError::Foreign { path: path.to_owned() }),
        }
        let mut places = places(&file).map_err(|cause| ArchiveError::damaged(path, cause.to_string()))?;
        let mut take = |name: &str| {
            let (at, length) = places.remove(name).ok_or_else(|| damaged(&format!("it has no {name}")))?;
            if length > MOST_MANIFEST_BYTES {
                return Err(damaged(&format!("{name} is too large")));
            }
            read_at(&file, at, length).map_err(&failed)
        };
        let (text, sums) = (take(Manifest::FILE)?, take(Manifest::SUMS)?);
        let sums: HashMap<&str, &str> = std::str::from_utf8(&sums)
            .ok()
            .and_then(|sums| sums.lines().map(|line| line.split_once("  ").map(|(sum, name)| (name, sum))).collect())
            .ok_or_else(|| damaged("its sums can't be read"))?;
        if sums.get(Manifest::FILE) != Some(&hex(&Sha256::digest(&text)).as_str()) {
            return Err(damaged("its manifest does not agree with its sums"));
        }
        let manifest = read_manifest(path, &text)?;
        let mut found = Vec::with_capacity(manifest.parts.len());
        for part in &manifest.parts {
            let place = places.remove(&part.name).ok_or_else(|| damaged(&format!("it has no {}", part.name)))?;
            if sums.get(part.name.as_str()) != Some(&part.sha256.as_str()) {
                return Err(damaged("its manifest and its sums speak of different files"));
            }
            found.push(place);
        }
        if !places.is_empty() {
            return Err(damaged("it has files that its manifest does not know"));
        }
        Ok(Archive { manifest, path: path.to_owned(), file, bytes, places: found })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its file's name.
    pub fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A piece of the file.
    ///
    /// # Errors
    /// When it can't be read, as beyond its end.
    pub fn piece(&self, at: u64, length: u64) -> Result<Vec<u8>, ArchiveError> {
        read_at(&self.file, at, length).map_err(ArchiveError::io(&self.path))
    }

    /// A part as it is in the archive.
    pub(super) fn packed(&self, number: usize) -> Result<(&Part, Vec<u8>), ArchiveError> {
        let (part, (at, length)) = (&self.manifest.parts[number], self.places[number]);
        if length > MOST_PART_BYTES {
            return Err(self.damaged(part, "is too large"));
        }
        let packed = read_at(&self.file, at, length).map_err(ArchiveError::io(&self.path))?;
        if hex(&Sha256::digest(&packed)) != part.sha256 {
            return Err(self.damaged(part, "does not agree with its sum"));
        }
        Ok((part, packed))
    }

    /// The lines of a part, checked against what the manifest says.
    pub(super) fn lines(&self, number: usize) -> Result<Vec<u8>, ArchiveError> {
        let (part, packed) = self.packed(number)?;
        if part.bytes > MOST_PART_BYTES {
            return Err(self.damaged(part, "is too large"));
        }
        let mut lines = Vec::with_capacity(part.bytes as usize);
        let decoder = zstd::stream::read::Decoder::with_buffer(&packed[..]);
        let read = decoder.and_then(|decoder| decoder.take(part.bytes + 1).read_to_end(&mut lines));
        read.map_err(|cause| self.damaged(part, &format!("can't be decompressed: {cause}")))?;
        if lines.len() as u64 != part.bytes || !lines.ends_with(b"\n") {
            return Err(self.damaged(part, "is not as long as the manifest says"));
        }
        Ok(lines)
    }

    /// The rows of a part's lines: as many as the manifest says, by rising number.
    pub(super) fn rows<'l>(&self, number: usize, lines: &'l [u8]) -> Result<Vec<StoredRow<'l>>, ArchiveError> {
        let part = &self.manifest.parts[number];
        let mut rows: Vec<StoredRow<'_>> = Vec::with_capacity(usize::try_from(part.rows.min(1 << 20)).unwrap_or(0));
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row = serde_json::from_slice(line);
            rows.push(row.map_err(|_| self.damaged(part, &format!("line {} is no row", rows.len() + 1)))?);
        }
        let ends = |row: Option<&StoredRow<'_>>, id| row.is_some_and(|row| row.id == id);
        let is_whole = rows.len() as u64 == part.rows
            && ends(rows.first(), part.first_row)
            && ends(rows.last(), part.last_row)
            && rows.is_sorted_by(|one, next| one.id < next.id);
        if is_whole { Ok(rows) } else { Err(self.damaged(part, "has other rows than the manifest says")) }
    }

    /// Reads everything: every sum, every row. Answers how many rows there are. `progress` is told how many are done, of
    /// how many.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] at the first that is not as it was written.
    pub fn verify(&self, progress: &dyn Fn(u64, u64), stop: &dyn Fn() -> bool) -> Result<u64, ArchiveError> {
        let (mut rows, mut last) = (0, 0);
        for (number, part) in self.manifest.parts.iter().enumerate() {
            if stop() {
                return Err(ArchiveError::Stopped);
            }
            if part.first_row <= last {
                return Err(self.damaged(part, "is not behind the one before"));
            }
            let lines = self.lines(number)?;
            rows += self.rows(number, &lines)?.len() as u64;
            last = part.last_row;
            progress(rows, self.manifest.rows);
        }
        if rows != self.manifest.rows {
            return Err(ArchiveError::damaged(&self.path, "it has another number of rows than its manifest says"));
        }
        Ok(rows)
    }

    pub(super) fn damaged(&self, part: &Part, reason: &str) -> ArchiveError {
        ArchiveError::damaged(&self.path, format!("{} {reason}", part.name))
    }
}

fn read_manifest(path: &Path, text: &[u8]) -> Result<Manifest, ArchiveError> {
    /// What manifests of every version have.
    #[derive(serde::Deserialize)]
    struct Any {
        format: String,
        version: u64,
    }
    let unreadable = |_| ArchiveError::damaged(path, "its manifest can't be read");
    let any: Any = serde_json::from_slice(text).map_err(unreadable)?;
    if any.format != Manifest::FORMAT {
        return Err(ArchiveError::Foreign { path: path.to_owned() });
    }
    if any.version > Manifest::VERSION {
        let (found, known) = (any.version, Manifest::VERSION);
        return Err(ArchiveError::Newer { path: path.to_owned(), found, known });
    }
    serde_json::from_slice(text).map_err(unreadable)
}

/// Where the files in a tar file are; reads only their headers.
fn places(file: &File) -> io::Result<HashMap<String, (u64, u64)>> {
    let mut tar = tar::Archive::new(file);
    let mut places = HashMap::new();
    for entry in tar.entries_with_seek()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            return Err(io::Error::other("it holds what is no file"));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if places.insert(name, (entry.raw_file_position(), entry.size())).is_some() {
            return Err(io::Error::other("it holds two files of one name"));
        }
    }
    Ok(places)
}

fn read_at(file: &File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}
