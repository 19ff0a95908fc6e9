//! Reads a definition into items, as Squid's `Format::Token::parse` does:
//! `% [encoding] [-] [[0]width[.precision]] [{argument}] code [{argument}]`, and the text between.
//!
//! A quote or a bracket in the text between sets the encoding of the codes up to its partner, where they say none.

use super::codes::{self, Alphabet, Code, Feeds};
use super::quoting::Quoting;
use crate::format::strftime::{self, Strftime};

/// A piece of a line.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// The same in every line.
    Literal(Vec<u8>),
    /// What a code says.
    Value(Box<Value>),
}

/// A code with everything that is said of it.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) code: &'static Code,
    pub(super) feeds: Option<Feeds>,
    /// Whether no other value is rather believed.
    pub(super) is_first: bool,
    pub(super) quoting: Quoting,
    pub(super) left: bool,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
    /// How times are written.
    pub(super) clock: Option<Strftime>,
    /// How a value is told from what follows it.
    pub(super) shape: Shape,
    rank: u8,
}

/// Where a value may end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A number, padded with blanks.
    Number,
    /// A time in words.
    Clock,
    /// Text, with blanks inside or not, which holds no byte of its guard.
    Text { blanks: bool, guard: Guard },
}

/// What a text does not hold, because its encoding writes it otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Guard {
    /// It may hold anything.
    None,
    /// No quote without a backslash.
    Quotes,
    /// No brackets.
    Brackets,
    /// No blanks but inside of quotes around it, and there no quote without a backslash.
    Shell,
}

impl Value {
    /// Decimals of a fraction.
    pub(super) fn decimals(&self) -> usize {
        self.precision.unwrap_or(3)
    }
}

/// The items of a definition, literals joined.
///
/// # Errors
/// What is wrong, where, and the mend.
pub(super) fn items(definition: &str) -> Result<Vec<Item>, String> {
    let mut items: Vec<Item> = Vec::new();
    let mut open = None;
    let mut at = 0;
    while at < definition.len() {
        let rest = &definition[at..];
        let literal = rest.find('%').unwrap_or(rest.len());
        if literal > 0 {
            literal_quoting(&rest[..literal], &mut open);
            push_literal(&mut items, &rest.as_bytes()[..literal]);
            at += literal;
            continue;
        }
        let (value, length) = value(&rest[1..], open).map_err(|problem| {
            let column = definition[..at].chars().count() + 1;
            format!("at character {column}: {problem}")
        })?;
        match value {
            Item::Literal(text) => push_literal(&mut items, &text),
            value => items.push(value),
        }
        at += 1 + length;
    }
    elect(&mut items);
    let feeds = |wanted: &[Feeds]| {
        items
            .iter()
            .any(|item| matches!(item, Item::Value(value) if value.feeds.is_some_and(|feeds| wanted.contains(&feeds))))
    };
    if !feeds(&[Feeds::Seconds, Feeds::Started, Feeds::Clock(false), Feeds::Clock(true)]) {
        return Err("it says no time; write %ts.%03tu into it, as the format squid does".to_owned());
    }
    Ok(items)
}

fn push_literal(items: &mut Vec<Item>, text: &[u8]) {
    match items.last_mut() {
        Some(Item::Literal(before)) => before.extend_from_slice(text),
        _ => items.push(Item::Literal(text.to_vec())),
    }
}

fn literal_quoting(text: &str, open: &mut Option<Quoting>) {
    for byte in text.bytes() {
        *open = match (byte, *open) {
            (b'"', None) => Some(Quoting::Quotes),
            (b'"', Some(Quoting::Quotes)) | (b']', Some(Quoting::MimeBlob)) => None,
            (b'[', None) => Some(Quoting::MimeBlob),
            (_, same) => same,
        };
    }
}

/// Of the values that feed one field, the one to be believed.
fn elect(items: &mut [Item]) {
    let ranks: Vec<(usize, Feeds, u8)> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| match item {
            Item::Value(value) => value.feeds.map(|feeds| (at, same_field(feeds), value.rank)),
            Item::Literal(_) => None,
        })
        .collect();
    for (at, field, rank) in &ranks {
        let is_first = !ranks.iter().any(|(other, of, other_rank)| of == field && (other_rank, other) < (rank, at));
        if let Item::Value(value) = &mut items[*at] {
            value.is_first = is_first;
        }
    }
}

fn same_field(feeds: Feeds) -> Feeds {
    if feeds == Feeds::Clock(true) { Feeds::Clock(false) } else { feeds }
}

/// One code, from behind its percent sign; and how long it is.
fn value(text: &str, open: Option<Quoting>) -> Result<(Item, usize), String> {
    let mut rest = text;
    let explicit = match rest.bytes().next() {
        Some(b'"') => Some(Quoting::Quotes),
        Some(b'\'') => Some(Quoting::Raw),
        Some(b'[') => Some(Quoting::MimeBlob),
        Some(b'#') => Some(Quoting::Url),
        Some(b'/') => Some(Quoting::Shell),
        _ => None,
    };
    rest = &rest[usize::from(explicit.is_some())..];
    let left = skip(&mut rest, '-');
    let zero = skip(&mut rest, '0');
    let width = number(&mut rest)?.unwrap_or(0);
    let precision = if skip(&mut rest, '.') { number(&mut rest)? } else { None };
    let mut argument = argument(&mut rest)?;
    let Some((code, length)) = codes::find(rest) else {
        let shown: String = rest.chars().take_while(|c| !c.is_whitespace()).take(24).collect();
        return Err(match codes::nearest(rest) {
            _ if shown.is_empty() => "a code is missing behind '%'; write '%%' for the character".to_owned(),
            nearest => format!("Squid has no code '%{shown}'; the nearest is '%{nearest}'"),
        });
    };
    rest = &rest[length..];
    if argument.is_none() {
        argument = self::argument(&mut rest)?;
    }
    let consumed = text.len() - rest.len();
    let quoting = explicit.or(open).unwrap_or(match code.alphabet {
        Alphabet::Encoded => Quoting::PassThrough,
        _ => Quoting::Raw,
    });
    if code.alphabet == Alphabet::Literal {
        let byte = match code.name {
            "%" => b'%',
            _ => argument
                .and_then(|byte| byte.parse().ok())
                .filter(|byte| *byte != 0)
                .ok_or_else(|| "%byte wants a number from 1 to 255: %byte{9}".to_owned())?,
        };
        let mut out = Vec::new();
        pad(&quoting.literal(byte), width, left, &mut out);
        return Ok((Item::Literal(out), consumed));
    }
    let clock = match code.alphabet {
        Alphabet::Clock => {
            let usual = if code.name == "tl" { strftime::COMMON } else { "%d/%b/%Y:%H:%M:%S" };
            Some(Strftime::compile(argument.unwrap_or(usual)).map_err(|problem| format!("%{}: {problem}", code.name))?)
        }
        _ => None,
    };
    let (feeds, rank) = code
        .feeds
        .or_else(|| codes::of_header(code.name, argument?))
        .map_or((None, 0), |(feeds, rank)| (Some(feeds), rank));
    // What is cut may end inside an escape.
    let is_cut = precision.is_some();
    let guard = match quoting {
        Quoting::Quotes if !is_cut => Guard::Quotes,
        Quoting::MimeBlob => Guard::Brackets,
        Quoting::Shell if !is_cut && width == 0 => Guard::Shell,
        _ => Guard::None,
    };
    let is_encoded = matches!(quoting, Quoting::Url | Quoting::PassThrough);
    let shape = match code.alphabet {
        Alphabet::Number | Alphabet::Millis | Alphabet::SecondsAndFraction => Shape::Number,
        Alphabet::Clock if matches!(quoting, Quoting::Url | Quoting::Shell) => Shape::Text { blanks: true, guard },
        Alphabet::Clock => Shape::Clock,
        // Squid strips blanks from targets or encodes them, unless it is told not to.
        _ => Shape::Text {
            blanks: width > 0 || !(is_encoded || code.alphabet == Alphabet::Word || feeds == Some(Feeds::Url)),
            guard,
        },
    };
    let value = Value { code, feeds, is_first: false, quoting, left, zero, width, precision, clock, shape, rank };
    Ok((Item::Value(Box::new(value)), consumed))
}

/// The widest that a value may be asked to be.
const MAX_WIDTH: usize = 1024;

fn skip(rest: &mut &str, wanted: char) -> bool {
    let found = rest.strip_prefix(wanted);
    *rest = found.unwrap_or(rest);
    found.is_some()
}

fn number(rest: &mut &str) -> Result<Option<usize>, String> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, behind) = rest.split_at(length);
    *rest = behind;
    match digits.parse() {
        _ if digits.is_empty() => Ok(None),
        Ok(number) if number <= MAX_WIDTH => Ok(Some(number)),
        _ => Err(format!("a width is at most {MAX_WIDTH}, not {digits}")),
    }
}

fn argument<'text>(rest: &mut &'text str) -> Result<Option<&'text str>, String> {
    let Some(behind) = rest.strip_prefix('{') else { return Ok(None) };
    let Some((argument, behind)) = behind.split_once('}') else {
        return Err("'{' has no '}'; close the argument".to_owned());
    };
    *rest = behind;
    Ok(Some(argument))
}

/// Appends a text with blanks up to a width, in front of it or behind it.
pub(super) fn pad(text: &[u8], width: usize, left: bool, out: &mut Vec<u8>) {
    let blanks = width.saturating_sub(text.len());
    if !left {
        out.resize(out.len() + blanks, b' ');
    }
    out.extend_from_slice(text);
    if left {
        out.resize(out.len() + blanks, b' ');
    }
}
