//! What is wrong with a configuration file, all of it, in the order of its lines.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFault {
    /// The line, 1 upwards; none where it concerns the whole file.
    pub line: Option<usize>,
    /// Table and key: `[server] listen`; empty where neither is known.
    pub place: String,
    /// What is wrong and how to mend it.
    pub problem: String,
}

/// Everything that is wrong. Its text has a line for each: `config.toml:LINE: [table] key: what; how to mend it`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFaults {
    path: PathBuf,
    faults: Vec<ConfigFault>,
}

impl ConfigFaults {
    pub(super) fn new(path: &Path, mut faults: Vec<ConfigFault>) -> ConfigFaults {
        faults.sort_by_key(|fault| fault.line);
        ConfigFaults { path: path.to_owned(), faults }
    }

    /// Table and key of each, and its whole text; the file's name where neither is known.
    pub fn by_place(&self) -> Vec<(String, String)> {
        let one = |fault: &ConfigFault| {
            let place = if fault.place.is_empty() { self.path.display().to_string() } else { fault.place.clone() };
            let alone = ConfigFaults { path: self.path.clone(), faults: vec![fault.clone()] };
            (place, alone.to_string())
        };
        self.faults.iter().map(one).collect()
    }

    /// The faults in the order of their lines.
    pub fn faults(&self) -> &[ConfigFault] {
        &self.faults
    }
}

impl fmt::Display for ConfigFaults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            write!(out, "{}:", self.path.display())?;
            if let Some(line) = fault.line {
                write!(out, "{line}:")?;
            }
            if !fault.place.is_empty() {
                write!(out, " {}:", fault.place)?;
            }
            write!(out, " {}", fault.problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigFaults {}

/// The line, 1 upwards, that holds the byte at `offset`.
pub(super) fn line_of(text: &[u8], offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text[..offset.min(text.len())]).count() + 1
}
