//! Texts with macros: `%{tx.score}`, `%{MATCHED_VAR}`.
//!
//! A macro's name begins with a letter: the `%{2}` of a regular expression is text. `\%{` begins no macro, and as in
//! libmodsecurity its backslash stays. A name that is no variable is a fault, as there.

use super::fault::Wrong;
use super::names::{self, COLLECTIONS, SCALARS};
use std::fmt;

/// A text whose macros are filled in when a rule runs.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// A part of a [`Template`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Piece {
    /// Text as it is; two of these are never neighbours.
    Text(Box<str>),
    /// What a variable holds: the first of its values, or nothing.
    Macro {
        /// The variable's name, in capitals.
        collection: &'static str,
        /// The key, as written; only where the variable is a collection.
        key: Option<Box<str>>,
    },
}

impl Template {
    /// Its parts, in order; none of an empty text.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text, unless there is a macro in it.
    pub fn text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Reads a text that begins at `at` of its line.
    pub(super) fn parse(text: &str, at: usize) -> Result<Template, Wrong> {
        let mut pieces = Vec::new();
        // Where the text begins that is not yet in a piece, and from where on a macro is looked for.
        let (mut begins, mut from) = (0, 0);
        while let Some(open) = text.get(from..).and_then(|rest| rest.find("%{")).map(|found| from + found) {
            from = open + "%{".len();
            let before = &text[begins..open];
            let backslashes = before.len() - before.trim_end_matches('\\').len();
            let inside = &text[from..];
            if backslashes % 2 == 1 || !inside.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
                continue;
            }
            let Some(length) = inside.find('}') else {
                let mend = r"end it with }, or write \%{ for the text";
                return Err(Wrong::new(at + open, "a macro that is not closed", mend));
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.into()));
            }
            pieces.push(macro_of(&inside[..length], at + open)?);
            from += length + 1;
            begins = from;
        }
        if begins < text.len() {
            pieces.push(Piece::Text(text[begins..].into()));
        }
        Ok(Template { pieces })
    }
}

fn macro_of(inside: &str, at: usize) -> Result<Piece, Wrong> {
    let (name, key) = match inside.split_once(['.', ':']) {
        Some((name, key)) => (name, Some(key)),
        None => (inside, None),
    };
    match (names::find(name, COLLECTIONS), names::find(name, SCALARS), key) {
        (Some(collection), _, None) => Ok(Piece::Macro { collection, key: None }),
        (Some(collection), _, Some(key)) if !key.is_empty() => Ok(Piece::Macro { collection, key: Some(key.into()) }),
        (Some(_), _, Some(_)) => {
            Err(Wrong::new(at, format!("the macro %{{{inside}}} has no key"), "write one behind the dot"))
        }
        (None, Some(collection), None) => Ok(Piece::Macro { collection, key: None }),
        (None, Some(collection), Some(_)) => {
            let mend = format!("write %{{{collection}}}");
            Err(Wrong::new(at, format!("the macro %{{{inside}}} has a key, but {collection} is one value"), mend))
        }
        (None, None, _) => {
            let mend = names::mend(name, SCALARS.iter().chain(COLLECTIONS).copied());
            Err(Wrong::new(at, format!("unknown variable '{name}' in a macro"), mend))
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => out.write_str(text),
            Piece::Macro { collection, key: None } => write!(out, "%{{{collection}}}"),
            Piece::Macro { collection, key: Some(key) } => write!(out, "%{{{collection}.{key}}}"),
        })
    }
}
