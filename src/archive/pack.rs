//! Writing an archive's file: parts of rows, compressed and summed in memory one by one, then the manifest and the sums.

use super::folder::Aside;
use super::manifest::{Manifest, Part};
use super::{ArchiveError, PART_BYTES, PART_ROWS};
use crate::model::{RowId, StoredRow};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use zstd::stream::write::Encoder;

/// The level that rows are compressed at.
const LEVEL: i32 = 3;

/// An archive being written.
pub(super) struct Pack {
    aside: Aside,
    tar: tar::Builder<BufWriter<std::fs::File>>,
    parts: Vec<Part>,
    sums: String,
    open: Option<OpenPart>,
    line: Vec<u8>,
}

/// A part that takes rows.
struct OpenPart {
    encoder: Encoder<'static, Vec<u8>>,
    rows: u64,
    bytes: u64,
    first_row: RowId,
    last_row: RowId,
}

impl Pack {
    pub(super) fn new(aside: Aside) -> io::Result<Pack> {
        let file = aside.file.try_clone()?;
        let tar = tar::Builder::new(BufWriter::with_capacity(1 << 20, file));
        Ok(Pack { aside, tar, parts: Vec::new(), sums: String::new(), open: None, line: Vec::new() })
    }

    /// Where it is for now.
    pub(super) fn path(&self) -> &Path {
        self.aside.path()
    }

    /// Adds a row; their numbers rise.
    pub(super) fn push(&mut self, row: &StoredRow<'_>) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, row)?;
        self.line.push(b'\n');
        let open = match &mut self.open {
            Some(open) => open,
            None => {
                let encoder = Encoder::new(Vec::new(), LEVEL)?;
                self.open.insert(OpenPart { encoder, rows: 0, bytes: 0, first_row: row.id, last_row: row.id })
            }
        };
        open.encoder.write_all(&self.line)?;
        open.rows += 1;
        open.bytes += self.line.len() as u64;
        open.last_row = row.id;
        if open.rows == PART_ROWS || open.bytes >= PART_BYTES { self.close() } else { Ok(()) }
    }

    /// Ends the part that takes rows, if there is one.
    pub(super) fn close(&mut self) -> io::Result<()> {
        let Some(OpenPart { encoder, rows, bytes, first_row, last_row }) = self.open.take() else { return Ok(()) };
        let packed = encoder.finish()?;
        self.add_part(&packed, Part { name: String::new(), rows, first_row, last_row, bytes, sha256: String::new() })
    }

    /// Adds a part that is compressed already.
    pub(super) fn add_part(&mut self, packed: &[u8], part: Part) -> io::Result<()> {
        let name = format!("{}{:06}.ndjson.zst", Manifest::ROWS, self.parts.len() + 1);
        let sha256 = self.add(&name, packed)?;
        self.parts.push(Part { name, sha256, ..part });
        Ok(())
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<String> {
        let sum = hex(&Sha256::digest(bytes));
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        self.tar.append_data(&mut header, name, bytes)?;
        // A text takes everything.
        let _ = writeln!(self.sums, "{sum}  {name}");
        Ok(sum)
    }

    /// Writes what stands behind the rows, and gives the file its name. The manifest is completed with the parts and
    /// their rows.
    pub(super) fn finish(mut self, manifest: &mut Manifest) -> Result<PathBuf, ArchiveError> {
        let path = self.aside.path().to_owned();
        let failed = ArchiveError::io(&path);
        self.close().map_err(&failed)?;
        manifest.parts = std::mem::take(&mut self.parts);
        manifest.rows = manifest.parts.iter().map(|part| part.rows).sum();
        let mut text = serde_json::to_vec_pretty(manifest).map_err(|cause| failed(cause.into()))?;
        text.push(b'\n');
        self.add(Manifest::FILE, &text).map_err(&failed)?;
        let sums = std::mem::take(&mut self.sums);
        self.add(Manifest::SUMS, sums.as_bytes()).map_err(&failed)?;
        let file = self.tar.into_inner().map_err(&failed)?;
        file.into_inner().map_err(|cause| failed(cause.into_error()))?;
        self.aside.finish()
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
