//! squid.conf from disk, with what it includes, and the format of a log out of it.

use crate::format::{FormatError, SharedFormat, resolve};
use crate::squidconf::{AccessLog, ConfFault, Included, LogFormat, Place, SquidConf};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// A file could not be read.
    #[error("{path}: can't be read ({cause}); name a file that this account may read")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A squid.conf that Squid would not start with.
    #[error(transparent)]
    Conf(#[from] ConfFault),
    /// A squid.conf that doesn't write that log.
    #[error("{conf}: writes no log {log}; it writes {known}")]
    NoSuchLog {
        /// The configuration.
        conf: PathBuf,
        /// The log that was asked for.
        log: String,
        /// Those it writes.
        known: String,
    },
    /// A log in a format that nothing defines.
    #[error("{place}: logformat {name} is not defined; add its logformat line, or name one that is")]
    NotDefined {
        /// The log's line.
        place: String,
        /// The format's name.
        name: String,
    },
    /// A format that can't be read.
    #[error("{place}: {fault}")]
    Format {
        /// Where it is defined.
        place: String,
        /// Why.
        fault: FormatError,
    },
    /// A file without content.
    #[error("{0}: is empty; name a log that has lines, or say what they will look like with --format")]
    Empty(PathBuf),
    /// A file that is neither a log nor a configuration.
    #[error("{0}: neither lines of a known format nor a squid.conf; say what its lines look like with --format")]
    Unknown(PathBuf),
}

/// Most of a file of a configuration that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a squid.conf with everything that it includes. Relative names are those of files beside it.
///
/// # Errors
/// [`DoctorError::Read`] where it can't be read, [`DoctorError::Conf`] where Squid would not start with it.
pub fn read_conf(path: &Path) -> Result<SquidConf, DoctorError> {
    let read = |cause| DoctorError::Read { path: path.to_owned(), cause };
    let content = read_file(path).map_err(read)?;
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut include = |pattern: &str| included(&beside.join(pattern));
    Ok(SquidConf::read(&path.display().to_string(), &content, &mut include)?)
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut content)?;
    Ok(content)
}

/// The files that a pattern means, in order of name as `glob(3)` has them.
fn included(pattern: &Path) -> Result<Included, String> {
    let shown = pattern.display();
    let found = glob::glob(&pattern.to_string_lossy()).map_err(|fault| format!("include {shown}: {}", fault.msg))?;
    let mut files: Vec<PathBuf> = found.filter_map(Result::ok).collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("include {shown}: no such file; Squid would not start"));
    }
    let file = |path: PathBuf| match read_file(&path) {
        Ok(content) => Ok((path.display().to_string(), content)),
        Err(cause) => Err(format!("include {}: can't be read ({cause})", path.display())),
    };
    files.into_iter().map(file).collect()
}

/// The format in which a squid.conf has a log written: that of the `access_log` of the same path, else of the same file
/// name (`access.log.1.gz` is `access.log` before it was rotated), else of the only one. Without `log` that of the first
/// one that is written into a file.
///
/// # Errors
/// [`DoctorError`], with its mend.
pub fn log_format(conf: &Path, log: Option<&Path>) -> Result<SharedFormat, DoctorError> {
    let read = read_conf(conf)?;
    let logs = read.access_logs();
    let found = find(&logs, log).ok_or_else(|| {
        let known: Vec<String> = logs.iter().map(AccessLog::shown).collect();
        let log = log.map_or_else(|| "into a file".to_owned(), |log| log.display().to_string());
        DoctorError::NoSuchLog { conf: conf.to_owned(), log, known: known.join(", ") }
    })?;
    format_of(&read, found)
}

fn find<'l>(logs: &'l [AccessLog], log: Option<&Path>) -> Option<&'l AccessLog> {
    let files: Vec<(&AccessLog, &Path)> =
        logs.iter().filter_map(|log| log.path().map(|path| (log, Path::new(path)))).collect();
    let Some(wanted) = log else { return files.first().map(|(log, _)| *log) };
    let name = wanted.file_name().unwrap_or_default().to_string_lossy();
    // `access.log.1`, `access.log-20260101.gz`
    let is_rotated = |path: &Path| {
        let stem = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix(&*stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    };
    let same = files.iter().find(|(_, path)| *path == wanted);
    let found = same.or_else(|| files.iter().find(|(_, path)| is_rotated(path)));
    let only = || if let [only] = &files[..] { Some(only) } else { None };
    found.or_else(only).map(|(log, _)| *log)
}

/// The format of a log's lines.
pub(super) fn format_of(conf: &SquidConf, log: &AccessLog) -> Result<SharedFormat, DoctorError> {
    let place = |place: Option<&Place>| place.map_or_else(|| "squid.conf".to_owned(), ToString::to_string);
    let layout = conf
        .layout(log)
        .ok_or_else(|| DoctorError::NotDefined { place: place(log.place.as_ref()), name: log.format.clone() })?;
    // Those built in have names, unless the headers stand behind them.
    let is_built_in = LogFormat::built_in(&log.format).is_some_and(|known| known == layout);
    let spec = if is_built_in { layout.name.clone() } else { format!("logformat {}", layout.definition) };
    let fault = |fault| DoctorError::Format { place: place(layout.place.as_ref().or(log.place.as_ref())), fault };
    resolve(&spec).map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_found_by_path_then_by_name_then_alone() {
        let directory = tempfile::tempdir().unwrap();
        let conf = directory.path().join("squid.conf");
        let found = |text: &str, log: Option<&str>| {
            std::fs::write(&conf, text).unwrap();
            let read = read_conf(&conf).unwrap();
            find(&read.access_logs(), log.map(Path::new)).map(AccessLog::shown)
        };
        let two = "access_log none quiet\naccess_log udp://10.0.0.1:514\naccess_log stdio:/a/all.log\naccess_log daemon:/b/x.log\n";
        let one = "access_log daemon:/b/x.log\n";
        for (text, log, want) in [
            (two, None, Some("stdio:/a/all.log")),
            (two, Some("/b/x.log"), Some("daemon:/b/x.log")),
            (two, Some("/backup/x.log.3.gz"), Some("daemon:/b/x.log")),
            (two, Some("x.log-20260101"), Some("daemon:/b/x.log")),
            (two, Some("/b/x.logs"), None),
            (one, Some("/b/other"), Some("daemon:/b/x.log")),
            ("access_log udp://a:1", None, None),
            ("", Some("any"), Some("daemon:/var/log/squid/access.log")),
        ] {
            assert_eq!(found(text, log).as_deref(), want, "{log:?}");
        }
    }

    #[test]
    fn what_can_not_be_told_is_told_with_its_place() {
        let directory = tempfile::tempdir().unwrap();
        let conf = directory.path().join("squid.conf");
        for (text, want) in [
            ("access_log udp://a:1", "writes no log into a file; it writes udp://a:1"),
            ("via on\naccess_log stdio:/l logformat=mine", "squid.conf:2: logformat mine is not defined"),
            ("include none/*", "no such file"),
            ("endif", "squid.conf:1: 'endif' without 'if'"),
        ] {
            std::fs::write(&conf, text).unwrap();
            let fault = log_format(&conf, None).unwrap_err().to_string();
            assert!(fault.contains(want), "{text}: {fault}");
        }
        assert!(matches!(log_format(&directory.path().join("none"), None), Err(DoctorError::Read { .. })));
        std::fs::write(&conf, "include conf.d/*.conf").unwrap();
        std::fs::create_dir(directory.path().join("conf.d")).unwrap();
        std::fs::write(directory.path().join("conf.d/a.conf"), "access_log stdio:/l logformat=squid").unwrap();
        assert_eq!(log_format(&conf, Some(Path::new("/l"))).unwrap().spec(), "squid");
    }
}
