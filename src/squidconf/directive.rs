//! A directive as written: name, words, place.

use std::fmt;
use std::sync::Arc;

/// A line of the configuration, continuations joined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// Its first word.
    pub name: String,
    /// Everything behind the name, as written, without blanks at its ends; a comment behind the values included.
    pub rest: String,
    /// What stands behind the name, word by word. Of a `logformat` the second word is all of its definition.
    pub words: Vec<Word>,
    /// Where it begins.
    pub place: Place,
    /// Whether it is in force: it is in no `if`, or in a branch that is taken.
    pub taken: bool,
}

impl Directive {
    /// The word at that position, the first behind the name being 0.
    pub fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(|word| word.text.as_str())
    }

    /// The texts of the words from that position on.
    pub fn texts(&self, from: usize) -> impl Iterator<Item = &str> {
        self.words.iter().skip(from).map(|word| word.text.as_str())
    }
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Its text, without the quotes that Squid takes off.
    pub text: String,
    /// How it was written.
    pub writing: Writing,
}

/// How a value was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Writing {
    /// As it is. Quotes that begin it are part of it unless `configuration_includes_quoted_values` is on.
    Plain,
    /// In quotes.
    Quoted,
    /// `parameters("file")`: the values are the lines of that file.
    Parameters,
}

/// A line of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The file as it was found, or the name that who read it gave to a text.
    pub file: Arc<str>,
    /// The line, from 1 on.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}
