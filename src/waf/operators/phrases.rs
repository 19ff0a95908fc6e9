//! `pm`, `pmf`, `pmFromFile`: any of many phrases, whatever the case of ASCII letters, all at once (Aho and Corasick,
//! Efficient string matching, 1975).
//!
//! libmodsecurity's automaton misses some phrases that begin inside another one, and all that have a byte beyond ASCII;
//! this one misses none.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::{Captures, Files, Gate, Matcher, OperatorError};

struct Phrases {
    automaton: AhoCorasick,
    phrases: Vec<Vec<u8>>,
}

/// `pm`: phrases with blanks between. `|ab cd|` spells bytes, `\` before `: ; \ "` that sign.
pub fn listed(argument: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    let unescaped = unescape(argument.as_bytes()).unwrap_or_else(|| argument.into());
    let blank = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
    made("pm", unescaped.split(blank).map(<[u8]>::to_vec).collect())
}

/// `pmFromFile`: a phrase a line. Empty lines and those whose first sign is `#` don't count; blanks do.
pub fn from_file(file: &str, files: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    const NAME: &str = "pmFromFile";
    let text = files(file).map_err(|error| OperatorError::File { name: NAME, file: file.to_owned(), error })?;
    let is_phrase = |line: &&[u8]| !line.trim_ascii_start().starts_with(b"#");
    made(NAME, text.split(|byte| *byte == b'\n').filter(is_phrase).map(<[u8]>::to_vec).collect())
}

fn made(name: &'static str, mut phrases: Vec<Vec<u8>>) -> Result<Arc<dyn Matcher>, OperatorError> {
    phrases.retain(|phrase| !phrase.is_empty());
    let automaton =
        AhoCorasick::builder().match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(&phrases).map_err(
            |_| OperatorError::Argument { name, argument: String::new(), why: "there are too many phrases" },
        )?;
    Ok(Arc::new(Phrases { automaton, phrases }))
}

impl Matcher for Phrases {
    /// The phrase that ends first.
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        let place = self.automaton.find(Input::new(value).earliest(true))?.range();
        if let Some(captures) = captures {
            captures.only(place.clone());
        }
        Some(place)
    }

    fn gate(&self) -> Gate {
        Gate::any_of(self.phrases.iter().cloned())
    }

    fn captures(&self) -> bool {
        true
    }
}

/// `None` if there is an escape of another sign: then the argument is taken as it stands.
fn unescape(argument: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(argument.len());
    let mut bytes = argument.iter();
    let mut spelt: Option<Vec<u8>> = None;
    while let Some(byte) = bytes.next() {
        match (byte, &mut spelt) {
            (b'|', None) => spelt = Some(Vec::new()),
            (b'|', Some(_)) => spelt = None,
            (_, Some(digits)) => {
                digits.extend(char::from(*byte).to_digit(16).map(|digit| digit as u8));
                if let [high, low] = digits[..] {
                    out.push(high << 4 | low);
                    digits.clear();
                }
            }
            (b'\\', None) => out.push(*bytes.next().filter(|sign| b":;\\\"".contains(sign))?),
            _ => out.push(*byte),
        }
    }
    Some(out)
}
