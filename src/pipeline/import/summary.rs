//! What an import comes to.

use super::super::parse::Parsed;
use crate::model::Observed;
use crate::source::Compression;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

/// What became of lines. `lines` = `stored` + all of `rejected` + `skipped_known`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LineCounts {
    /// Lines, blank ones not counted.
    pub lines: u64,
    /// Lines stored as rows.
    pub stored: u64,
    /// Lines kept as rejects, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Lines that were stored or rejected by an earlier import.
    pub skipped_known: u64,
    /// Bytes they were read from, decompressed.
    pub bytes: u64,
}

/// What became of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FileSummary {
    /// As it was named.
    pub path: String,
    /// The spec of its format, as its last header has it where it has any; `None` where none was found, or the file is empty.
    pub format: Option<String>,
    /// What it is compressed with: `gzip`, `zstd`, `bzip2` or `xz`.
    pub compression: Option<&'static str>,
    /// Its lines.
    #[serde(flatten)]
    pub counts: LineCounts,
    /// What its rows carried.
    #[serde(skip)]
    pub observed: Observed,
    /// Whether it is compressed and ends too early, so that more lines are to be had once it is whole.
    pub truncated: bool,
    /// Why it could not be read to its end.
    pub error: Option<String>,
}

/// What became of everything imported.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportSummary {
    /// All lines.
    #[serde(flatten)]
    pub counts: LineCounts,
    /// Wall time.
    pub seconds: f64,
    /// Lines per second of wall time.
    pub lines_per_second: f64,
    /// Each file, in the order in which they were read.
    pub files: Vec<FileSummary>,
}

impl LineCounts {
    fn add(&mut self, parsed: &Parsed, bytes: u64) {
        self.lines += parsed.lines;
        self.stored += parsed.stored;
        self.bytes += bytes;
        for (reason, lines) in &parsed.rejected {
            *self.rejected.entry(reason.name().to_owned()).or_default() += lines;
        }
    }

    fn add_known(&mut self, lines: u64, bytes: u64) {
        self.lines += lines;
        self.skipped_known += lines;
        self.bytes += bytes;
    }
}

/// A summary is the counts of all its files, and more.
impl Deref for ImportSummary {
    type Target = LineCounts;

    fn deref(&self) -> &LineCounts {
        &self.counts
    }
}

impl ImportSummary {
    /// Sets the time taken and what follows from it.
    pub fn took(&mut self, elapsed: Duration) {
        self.seconds = elapsed.as_secs_f64();
        self.lines_per_second = if self.seconds > 0.0 { self.lines as f64 / self.seconds } else { 0.0 };
    }

    /// Adds an archive, whose rows were not read from lines: how many were stored, how many known, and its bytes; or why
    /// it could not be stored, which is answered again.
    ///
    /// # Errors
    /// What was given.
    pub fn archive<E: ToString>(&mut self, path: &Path, done: Result<(u64, u64, u64), E>) -> Result<(), E> {
        self.begin(path);
        self.reads("archive", None);
        match done {
            Ok((stored, known, bytes)) => {
                let counts = self.files.last_mut().map(|file| &mut file.counts);
                for counts in counts.into_iter().chain([&mut self.counts]) {
                    counts.lines += stored + known;
                    counts.stored += stored;
                    counts.skipped_known += known;
                    counts.bytes += bytes;
                }
                Ok(())
            }
            Err(fault) => {
                if let Some(file) = self.file() {
                    file.error = Some(fault.to_string());
                }
                Err(fault)
            }
        }
    }

    /// The file that is being read.
    pub(super) fn file(&mut self) -> Option<&mut FileSummary> {
        self.files.last_mut()
    }

    pub(super) fn begin(&mut self, path: &Path) {
        self.files.push(FileSummary { path: path.display().to_string(), ..FileSummary::default() });
    }

    pub(super) fn reads(&mut self, format: &str, compression: Option<Compression>) {
        if let Some(file) = self.file() {
            file.format = Some(format.to_owned());
            file.compression = compression.map(Compression::name);
        }
    }

    /// Lines and bytes counted of the file that is being read.
    pub(super) fn counted(&self) -> (u64, u64) {
        self.files.last().map_or((0, 0), |file| (file.counts.lines, file.counts.bytes))
    }

    pub(super) fn add(&mut self, parsed: &Parsed, bytes: u64) {
        self.counts.add(parsed, bytes);
        if let Some(file) = self.file() {
            file.counts.add(parsed, bytes);
            file.observed.add(&parsed.observed);
            if parsed.directed.is_some() {
                file.format.clone_from(&parsed.directed);
            }
        }
    }

    pub(super) fn add_known(&mut self, lines: u64, bytes: u64) {
        self.counts.add_known(lines, bytes);
        if let Some(file) = self.file() {
            file.counts.add_known(lines, bytes);
        }
    }
}
