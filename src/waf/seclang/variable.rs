//! Variables: `ARGS|!ARGS:token|&REQUEST_HEADERS:Host|TX:/^score_/`.
//!
//! As in libmodsecurity a comma separates, too; a key between slashes is a regular expression, which has to stand in
//! single quotes (`'/a|b/'`) where it has a `|` in it.

use super::fault::Wrong;
use super::names::{self, COLLECTIONS, SCALARS};
use super::words::Cursor;
use std::fmt;

/// A variable, or the part of one that a key names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Variable {
    /// What is done with it.
    pub modifier: Modifier,
    /// Its name, in capitals.
    pub collection: &'static str,
    /// Which of its values; all where it is one value.
    pub selector: Selector,
}

/// What a rule does with a [`Variable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Modifier {
    /// Looks at its values.
    Value,
    /// `&`: looks at how many there are.
    Count,
    /// `!`: doesn't look at it, though another variable of the list names it.
    Exclusion,
}

/// Which values of a collection.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Selector {
    /// All of them.
    All,
    /// That of a key, compared without regard to case; of XML, an XPath.
    Key(Box<str>),
    /// Those whose key a regular expression finds; its text, without the slashes.
    Regex(Box<str>),
}

/// How many variables a list has at most.
const MOST: usize = 1000;

/// The variables of a list that begins at `at` of its line.
pub(super) fn parse(list: &str, at: usize) -> Result<Vec<Variable>, Wrong> {
    let mut cursor = Cursor::new(list);
    let mut variables = Vec::new();
    loop {
        if variables.len() == MOST {
            return Err(Wrong::new(at + cursor.at(), format!("more than {MOST} variables"), "write several rules"));
        }
        variables.push(one(&mut cursor, at)?);
        match cursor.next() {
            None => return Ok(variables),
            Some('|' | ',') => {}
            Some(sign) => {
                let problem = format!("'{sign}' behind a variable");
                return Err(Wrong::new(at + cursor.at() - 1, problem, "separate variables with |"));
            }
        }
    }
}

/// The one variable that a text has to be.
pub(super) fn parse_one(text: &str, at: usize) -> Result<Variable, Wrong> {
    match <[Variable; 1]>::try_from(parse(text, at)?) {
        Ok([variable]) if variable.modifier == Modifier::Value => Ok(variable),
        _ => Err(Wrong::new(at, format!("'{text}' is not one variable"), "write one, without & or !")),
    }
}

fn one(cursor: &mut Cursor<'_>, base: usize) -> Result<Variable, Wrong> {
    let modifier = match cursor.peek() {
        Some('&') => Modifier::Count,
        Some('!') => Modifier::Exclusion,
        _ => Modifier::Value,
    };
    if modifier != Modifier::Value {
        cursor.next();
    }
    let at = base + cursor.at();
    let name = cursor.until(|sign| !(sign.is_ascii_alphanumeric() || sign == '_'));
    if name.is_empty() {
        return Err(Wrong::new(at, "a variable without a name", "name one, such as ARGS"));
    }
    let scalar = names::find(name, SCALARS);
    let Some(collection) = scalar.or_else(|| names::find(name, COLLECTIONS)) else {
        let mend = names::mend(name, SCALARS.iter().chain(COLLECTIONS).copied());
        return Err(Wrong::new(at, format!("unknown variable '{name}'"), mend));
    };
    if !matches!(cursor.peek(), Some(':' | '.')) {
        return Ok(Variable { modifier, collection, selector: Selector::All });
    }
    if scalar.is_some() {
        let problem = format!("{collection} is one value, and has no keys");
        return Err(Wrong::new(at, problem, "leave out what is behind the colon"));
    }
    cursor.next();
    Ok(Variable { modifier, collection, selector: selector(cursor, base, collection)? })
}

fn selector(cursor: &mut Cursor<'_>, base: usize, collection: &str) -> Result<Selector, Wrong> {
    let at = base + cursor.at();
    let rest = cursor.rest();
    let (key, length) = if let Some(quoted) = rest.strip_prefix('\'') {
        let ends = |(at, _): &(usize, &str)| matches!(quoted.as_bytes().get(at + 1), None | Some(b'|' | b','));
        let Some((end, _)) = quoted.match_indices('\'').find(ends) else {
            return Err(Wrong::new(at, "the ' before a key is not closed", "end the key with '"));
        };
        (&quoted[..end], end + 2)
    } else {
        let segment = &rest[..rest.find('|').unwrap_or(rest.len())];
        let ends = |(at, _): &(usize, &str)| matches!(segment.as_bytes().get(at + 1), None | Some(b','));
        let regex = if segment.starts_with('/') { segment.rmatch_indices('/').find(ends) } else { None };
        match regex {
            Some((end, _)) => (&segment[..=end], end + 1),
            None => {
                let key = &segment[..segment.find(',').unwrap_or(segment.len())];
                (key, key.len())
            }
        }
    };
    if key.is_empty() {
        let mend = format!("write a key, or {collection} alone for all of them");
        return Err(Wrong::new(at, "no key behind the colon", mend));
    }
    if key.contains("%{") {
        return Err(Wrong::new(at, "a macro in a variable's key", "write the key itself, or a /regular expression/"));
    }
    for _ in rest[..length].chars() {
        cursor.next();
    }
    let regex = key.strip_prefix('/').and_then(|inside| inside.strip_suffix('/')).filter(|inside| !inside.is_empty());
    Ok(match regex {
        Some(regex) => Selector::Regex(regex.into()),
        None => Selector::Key(key.into()),
    })
}

impl fmt::Display for Variable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.modifier {
            Modifier::Value => {}
            Modifier::Count => out.write_str("&")?,
            Modifier::Exclusion => out.write_str("!")?,
        }
        out.write_str(self.collection)?;
        match &self.selector {
            Selector::All => Ok(()),
            Selector::Key(key) if key.contains(['|', ',']) || key.starts_with('\'') || key.ends_with('\\') => {
                write!(out, ":'{key}'")
            }
            Selector::Key(key) => write!(out, ":{key}"),
            Selector::Regex(regex) if regex.contains('|') => write!(out, ":'/{regex}/'"),
            Selector::Regex(regex) => write!(out, ":/{regex}/"),
        }
    }
}
