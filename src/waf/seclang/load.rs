//! Sources to lines: files, directories, globs, and what they include.
//!
//! Bounds: [`MAX_DEPTH`], [`MAX_FILES`], [`MAX_BYTES`] and [`MAX_FAULTS`], so that files that include each other, and
//! files that are no rules at all, come to an end.

use super::RuleSet;
use super::fault::{Fault, Faults, Place};
use super::lines::Lines;
use super::reader::{Directed, Reader};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep includes may be nested.
const MAX_DEPTH: usize = 16;
/// How many files are read at most.
const MAX_FILES: usize = 10_000;
/// How much is read at most, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// How many faults are told at most, but for those of one more line.
const MAX_FAULTS: usize = 1000;

/// Where rules come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A file, a directory (its `*.conf` files by name), or a glob (its files by name).
    Path(String),
    /// A text. It can't include files.
    Text {
        /// What its places are called.
        name: String,
        /// Its bytes, which have to be UTF-8.
        text: Vec<u8>,
    },
}

pub(super) fn load(sources: &[Source]) -> Result<RuleSet, Faults> {
    let mut loader = Loader { reader: Reader::default(), open: Vec::new(), files: 0, bytes: 0 };
    for source in sources {
        match source {
            Source::Text { name, text } => loader.text(name.as_str().into(), text, None),
            Source::Path(path) => {
                let place = Place { file: path.as_str().into(), line: 1 };
                loader.paths(&place, Path::new(""), path, false);
            }
        }
    }
    loader.reader.finish()
}

struct Loader {
    reader: Reader,
    /// The files being read, the innermost last.
    open: Vec<PathBuf>,
    files: usize,
    bytes: usize,
}

impl Loader {
    fn fault(&mut self, place: &Place, problem: String, mend: &str) {
        self.reader.fault(Fault { place: place.clone(), problem, mend: mend.to_owned() });
    }

    /// Reads what a pattern names, which stands at a place in a file of the folder.
    fn paths(&mut self, place: &Place, folder: &Path, pattern: &str, optional: bool) {
        match expand(&folder.join(pattern)) {
            Ok(files) if files.is_empty() && !optional => {
                self.fault(
                    place,
                    format!("'{pattern}' names no rules"),
                    "correct the path, or write a *.conf file there",
                );
            }
            Ok(files) => files.iter().for_each(|file| self.file(place, file)),
            Err(_) if optional && !folder.join(pattern).exists() => {}
            Err(problem) => self.fault(place, format!("'{pattern}' can't be read: {problem}"), "correct the path"),
        }
    }

    fn file(&mut self, place: &Place, path: &Path) {
        let name = path.display().to_string();
        if self.open.iter().any(|open| open == path) || self.open.len() > MAX_DEPTH {
            let problem = format!("'{name}' is included by itself, or more than {MAX_DEPTH} files deep");
            return self.fault(place, problem, "take out the include that closes the circle");
        }
        let is_file = fs::metadata(path).map(|data| (data.is_file(), data.len()));
        let room = MAX_BYTES - self.bytes;
        match is_file {
            Ok((false, _)) => self.fault(place, format!("'{name}' is no file"), "correct the path"),
            Ok((true, length))
                if self.files >= MAX_FILES || usize::try_from(length).is_ok_and(|length| length > room) =>
            {
                let problem = format!("more than {MAX_FILES} files or {} MiB", MAX_BYTES >> 20);
                self.fault(place, problem, "load fewer rules");
            }
            Ok((true, _)) => match fs::read(path) {
                Ok(text) => {
                    self.files += 1;
                    self.bytes = (self.bytes + text.len()).min(MAX_BYTES);
                    self.open.push(path.to_owned());
                    self.text(name.into(), &text, path.parent());
                    self.open.pop();
                }
                Err(error) => self.fault(place, format!("'{name}' can't be read: {error}"), "see to its permissions"),
            },
            Err(error) => self.fault(place, format!("'{name}' can't be read: {error}"), "correct the path"),
        }
    }

    /// Reads a text; one that lies in a folder may include files.
    fn text(&mut self, name: Arc<str>, text: &[u8], folder: Option<&Path>) {
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => {
                let before = &text[..error.valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                return self.fault(&Place { file: name, line }, "not UTF-8".to_owned(), "save it as UTF-8");
            }
        };
        self.reader.begin(&name);
        for line in Lines::of(text) {
            if self.reader.faults.len() >= MAX_FAULTS {
                break;
            }
            let Some(Directed { pattern, place, optional }) = self.reader.line(&name, &line) else { continue };
            match folder {
                Some(folder) => self.paths(&place, folder, &pattern, optional),
                None => self.fault(&place, "a text can't include files".to_owned(), "load the file beside it"),
            }
        }
        self.reader.end();
    }
}

/// The files that a path names, by name: one, a directory's `*.conf`, or a glob's.
fn expand(path: &Path) -> Result<Vec<PathBuf>, String> {
    let text = path.to_string_lossy();
    if path.is_dir() {
        let mut files = Vec::new();
        for entry in fs::read_dir(path).map_err(|error| error.to_string())? {
            let file = entry.map_err(|error| error.to_string())?.path();
            if file.extension().is_some_and(|extension| extension == "conf") && file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        Ok(files)
    } else if text.contains(['*', '?', '[']) && !path.exists() {
        let found = glob::glob(&text).map_err(|error| error.to_string())?;
        Ok(found.filter_map(Result::ok).filter(|file| file.is_file()).collect())
    } else {
        fs::metadata(path).map_err(|error| error.to_string())?;
        Ok(vec![path.to_owned()])
    }
}
