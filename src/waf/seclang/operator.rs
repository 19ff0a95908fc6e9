//! Operators: `!@rx \.php$`, `@eq 0`, `@detectSQLi`; a text without `@` is a regular expression.

use super::fault::Wrong;
use super::names::{self, BARE_OPERATORS};
use super::template::Template;
use crate::waf::operators::{self, OPERATORS};
use std::fmt;

/// What a rule asks of a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Operator {
    /// Whether the rule matches where the operator doesn't.
    pub negated: bool,
    /// Its name, as the manual writes it: `rx`, `pmFromFile`.
    pub name: &'static str,
    /// What stands behind the name and one blank, with `\"` as `"` and all else as written, as libmodsecurity keeps it:
    /// other blanks, too. Empty where the operator takes none.
    pub argument: Template,
}

/// The operator of a word's text that begins at `at` of its line.
pub(super) fn parse(text: &str, at: usize) -> Result<Operator, Wrong> {
    let trimmed = text.trim_start();
    let (negated, rest) = match trimmed.strip_prefix('!') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed),
    };
    let Some(named) = rest.strip_prefix('@').filter(|rest| rest.starts_with(|sign: char| sign.is_ascii_alphabetic()))
    else {
        let pattern = if negated { rest } else { text };
        if pattern.is_empty() {
            return Err(Wrong::new(at, "no operator", "write one, such as \"@rx pattern\""));
        }
        return Ok(Operator { negated, name: "rx", argument: Template::parse(pattern, at)? });
    };
    let end = named.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(named.len());
    let (written, behind) = named.split_at(end);
    if let Some(name) = names::find(written, BARE_OPERATORS) {
        if !behind.trim().is_empty() {
            return Err(Wrong::new(at, format!("@{name} takes no argument"), "leave out what is behind it"));
        }
        return Ok(Operator { negated, name, argument: Template::default() });
    }
    let Some(name) = operators::spelling(written) else {
        let mend = names::mend(written, OPERATORS.iter().map(|known| known.name));
        let mend = format!("{mend}; a pattern that begins with @ is written \"@rx @{written}…\"");
        return Err(Wrong::new(at, format!("unknown operator '@{written}'"), mend));
    };
    let argument = match behind.strip_prefix([' ', '\t']) {
        Some(argument) if !argument.is_empty() => argument,
        _ => {
            let mend = "write one behind the name and a blank";
            return Err(Wrong::new(at, format!("@{name} has no argument"), mend));
        }
    };
    Ok(Operator { negated, name, argument: Template::parse(argument, at)? })
}

/// Whether a text is the name of an operator that takes an argument, and no more: without quotes around the two the
/// argument is the next word.
pub(super) fn awaits_argument(text: &str) -> bool {
    let name = text.strip_prefix('!').unwrap_or(text).strip_prefix('@');
    name.is_some_and(|name| operators::spelling(name).is_some() && names::find(name, BARE_OPERATORS).is_none())
}

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}@{}", if self.negated { "!" } else { "" }, self.name)?;
        if self.argument.pieces().is_empty() { Ok(()) } else { write!(out, " {}", self.argument) }
    }
}
