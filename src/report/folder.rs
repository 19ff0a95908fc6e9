//! A folder of reports: each is written whole or not at all, the oldest make room. Nothing else in the folder is touched.

use super::{Format, Report};
use crate::model::Timestamp;
use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why reports can't be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder is named relatively: relative to what, nobody could say.
    #[error("report_folder is '{0}', which is no absolute path; begin it with /, or leave it empty")]
    Relative(String),
    /// No format is chosen.
    #[error("report_formats names no format; name one of html, text, md, json, csv")]
    NoFormat,
    /// The folder or a file in it.
    #[error("{path}: {cause}; the service must be allowed to write there")]
    Io {
        /// Which.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
}

/// A folder of reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportFolder {
    dir: PathBuf,
}

/// How names of reports begin.
const PREFIX: &str = "report-";
/// What a file is called until it is whole: hidden, and with this ending.
const PARTIAL: &str = ".partial";

impl ReportFolder {
    /// The folder's name in the data directory, where none is chosen.
    pub const DIR: &'static str = "reports";

    /// The folder that a setting names, empty for that in the data directory.
    ///
    /// # Errors
    /// [`FolderError::Relative`].
    pub fn named(setting: &str, data_dir: &Path) -> Result<ReportFolder, FolderError> {
        match setting.trim() {
            "" => Ok(ReportFolder { dir: data_dir.join(Self::DIR) }),
            path if Path::new(path).is_absolute() => Ok(ReportFolder { dir: PathBuf::from(path) }),
            path => Err(FolderError::Relative(path.to_owned())),
        }
    }

    /// Writes a report in each format; answers the names of the files, which begin with the time of writing. The folder is
    /// made where there is none.
    ///
    /// # Errors
    /// [`FolderError`]; formats before the one that failed are there.
    pub fn write(&self, report: &Report, formats: &[&Format]) -> Result<Vec<String>, FolderError> {
        if formats.is_empty() {
            return Err(FolderError::NoFormat);
        }
        let made = DirBuilder::new().recursive(true).mode(0o750).create(&self.dir);
        made.map_err(self.failed(&self.dir))?;
        let is_own = |name: &str| {
            let cut = name.strip_prefix('.').and_then(|name| name.strip_suffix(PARTIAL));
            cut.is_some_and(|name| stem_of(name).is_some())
        };
        for name in self.names()?.iter().filter(|name| is_own(name)) {
            // What a run left that was cut off; one run goes on at a time.
            let path = self.dir.join(name);
            fs::remove_file(&path).map_err(self.failed(&path))?;
        }
        let stem = stem(report.generated_at);
        let mut written = Vec::new();
        for format in formats {
            let ending = format.endings.first().copied().unwrap_or(format.name);
            let name = format!("{stem}.{ending}");
            let (partial, path) = (self.dir.join(format!(".{name}{PARTIAL}")), self.dir.join(&name));
            write_whole(report, format, &partial, &path).map_err(self.failed(&path))?;
            written.push(name);
        }
        File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(self.failed(&self.dir))?;
        Ok(written)
    }

    /// Removes all but the newest so many reports, whatever formats each is in; answers how many files went.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn keep(&self, newest: usize) -> Result<usize, FolderError> {
        let names = self.names()?;
        let stems: BTreeSet<&str> = names.iter().filter_map(|name| stem_of(name)).collect();
        let kept: BTreeSet<&str> = stems.into_iter().rev().take(newest).collect();
        let old = names.iter().filter(|name| stem_of(name).is_some_and(|stem| !kept.contains(stem)));
        let mut removed = 0;
        for name in old {
            let path = self.dir.join(name);
            fs::remove_file(&path).map_err(self.failed(&path))?;
            removed += 1;
        }
        Ok(removed)
    }

    /// The names of files in the folder.
    fn names(&self) -> Result<Vec<String>, FolderError> {
        let failed = || self.failed(&self.dir);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            // A link is nobody's report.
            if entry.file_type().map_err(failed())?.is_file() {
                names.extend(entry.file_name().into_string().ok());
            }
        }
        Ok(names)
    }

    fn failed(&self, path: &Path) -> impl FnOnce(io::Error) -> FolderError + use<> {
        let path = path.to_owned();
        move |cause| FolderError::Io { path, cause }
    }
}

fn write_whole(report: &Report, format: &Format, partial: &Path, path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o640).open(partial)?;
    let mut out = BufWriter::new(file);
    (format.write)(report, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    fs::rename(partial, path)
}

/// What a report of that time is called, without an ending: `report-20260101T030000Z`.
fn stem(time: Timestamp) -> String {
    let digits: String = time.to_sql().chars().filter(char::is_ascii_digit).collect();
    let (day, clock) = digits.split_at(digits.len().saturating_sub(6));
    format!("{PREFIX}{day}T{clock}Z")
}

/// The stem of a name that a report may have; none of whatever else lies in the folder.
fn stem_of(name: &str) -> Option<&str> {
    let (stem, ending) = name.split_once('.')?;
    let time = stem.strip_prefix(PREFIX)?;
    let is_time = time.len() == 16
        && time.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    (is_time && super::format_of_ending(ending).is_some()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reports_are_known_as_such() {
        assert_eq!(stem(Timestamp(1_767_225_600_000)), "report-20260101T000000Z");
        for (name, is_one) in [
            ("report-20260101T000000Z.html", true),
            ("report-20260101T000000Z.txt", true),
            ("report-20260101T000000Z.bak", false),
            ("report-20260101T000000Z", false),
            ("report-of-may.html", false),
            ("report-2026010100000000.html", false),
            ("access.log", false),
        ] {
            assert_eq!(stem_of(name).is_some(), is_one, "{name}");
        }
    }

    #[test]
    fn folders_are_absolute() {
        let data = Path::new("/var/lib/tidegate");
        assert_eq!(ReportFolder::named(" ", data).unwrap().dir, data.join("reports"));
        assert_eq!(ReportFolder::named("/srv/reports", data).unwrap().dir, Path::new("/srv/reports"));
        assert!(matches!(ReportFolder::named("reports", data), Err(FolderError::Relative(_))));
    }
}
