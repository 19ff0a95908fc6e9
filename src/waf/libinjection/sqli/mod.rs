//! SQL injection: a value is split into tokens, the tokens are folded to at most five, and their kinds, the fingerprint,
//! are looked up among those of known injections.
//!
//! What a value does depends on where it lands in a statement, so it is tried in several contexts: bare, within a
//! string of single quotes, within one of double quotes; with ANSI comments and with MySQL's.

mod fold;
mod literals;
mod suspicion;
mod token;
mod tokenizer;
mod verdict;
mod words;

use std::fmt;

use memchr::memchr;
pub use suspicion::may_be_sqli;
use token::Kind;

/// The most kinds in a fingerprint.
const MAX_TOKENS: usize = 5;

/// The kinds of the tokens that a value was folded to, one ASCII character each: `s&1o1`, `1UEnn`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    kinds: [u8; MAX_TOKENS],
    length: usize,
}

impl Fingerprint {
    /// Of kinds in order; those past the fifth are not kept.
    fn of(kinds: impl Iterator<Item = Kind>) -> Self {
        let mut fingerprint = Self { kinds: [b' '; MAX_TOKENS], length: 0 };
        for (place, kind) in fingerprint.kinds.iter_mut().zip(kinds) {
            *place = kind.letter();
            fingerprint.length += 1;
        }
        fingerprint
    }

    /// One to five ASCII characters.
    pub fn as_bytes(&self) -> &[u8] {
        &self.kinds[..self.length]
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|&kind| fmt::Write::write_char(formatter, char::from(kind)))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({self})")
    }
}

/// Which comments a database knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// `--` always starts a comment, `#` never.
    Ansi,
    /// `--` starts a comment before white space, `#` always.
    MySql,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Context {
    /// The quote of the string that it starts within.
    quote: Option<u8>,
    dialect: Dialect,
}

/// Whether a value is SQL injection, and by which fingerprint in the first context where it is. [`may_be_sqli`] is much
/// cheaper to ask first.
pub fn sqli(value: &[u8]) -> Option<Fingerprint> {
    let in_quotes = |quote| memchr(quote, value).is_some();
    in_both_dialects(value, None)
        .or_else(|| if in_quotes(b'\'') { in_both_dialects(value, Some(b'\'')) } else { None })
        .or_else(|| {
            // No standard has strings in double quotes, so only MySQL's dialect is tried.
            let context = Context { quote: Some(b'"'), dialect: Dialect::MySql };
            if in_quotes(b'"') { in_context(value, context).0 } else { None }
        })
}

/// MySQL's comments only matter where the value has some.
fn in_both_dialects(value: &[u8], quote: Option<u8>) -> Option<Fingerprint> {
    let (found, comments_differ) = in_context(value, Context { quote, dialect: Dialect::Ansi });
    match found {
        None if comments_differ => in_context(value, Context { quote, dialect: Dialect::MySql }).0,
        found => found,
    }
}

/// The fingerprint of an injection, and whether there was a comment that the other dialect reads otherwise.
fn in_context(value: &[u8], context: Context) -> (Option<Fingerprint>, bool) {
    let folded = fold::fold(value, context);
    (verdict::injection(value, &folded), folded.comments_differ)
}
