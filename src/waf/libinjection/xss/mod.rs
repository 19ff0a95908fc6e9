//! Script injection: HTML that runs code, by its elements, attributes and addresses.
//!
//! A value may land in text or in an attribute, so it is read as HTML in several contexts: as text, between attributes,
//! and within an attribute's value in single quotes, double quotes or backticks.

mod html;

use html::{Context, Html, Kind, is_white};
use memchr::{memchr, memchr_iter};

use crate::waf::Kinds;

/// What an attribute can do.
#[derive(Clone, Copy)]
enum Attribute {
    /// Runs code, or makes something that does.
    Evil,
    /// Holds an address.
    Address,
    Style,
    /// Names the attribute that an SVG animation changes.
    Name,
}

const ATTRIBUTES: [(&str, Attribute); 20] = [
    ("ACTION", Attribute::Address),
    ("ATTRIBUTENAME", Attribute::Name),
    ("BY", Attribute::Address),
    ("BACKGROUND", Attribute::Address),
    ("DATAFORMATAS", Attribute::Evil),
    ("DATASRC", Attribute::Evil),
    ("DYNSRC", Attribute::Address),
    ("FILTER", Attribute::Style),
    ("FORMACTION", Attribute::Address),
    ("FOLDER", Attribute::Address),
    ("FROM", Attribute::Address),
    ("HANDLER", Attribute::Address),
    ("HREF", Attribute::Address),
    ("LOWSRC", Attribute::Address),
    ("POSTER", Attribute::Address),
    ("SRC", Attribute::Address),
    ("STYLE", Attribute::Style),
    ("TO", Attribute::Address),
    ("VALUES", Attribute::Address),
    ("XLINK:HREF", Attribute::Address),
];

const ELEMENTS: [&str; 20] = [
    "APPLET", "BASE", "COMMENT", "EMBED", "FRAME", "FRAMESET", "HANDLER", "IFRAME", "IMPORT", "ISINDEX", "LINK",
    "LISTENER", "META", "NOSCRIPT", "OBJECT", "SCRIPT", "STYLE", "VMLFRAME", "XML", "XSS",
];

/// Starts of addresses that run code.
const ADDRESSES: [&str; 4] = ["DATA", "VIEW-SOURCE", "JAVA", "VBSCRIPT"];

/// Whether a value, of bytes of these kinds, has what any script injection needs; where it doesn't, [`xss`] is false.
///
/// An element, comment or document type starts with `<`. An attribute alone counts only with a name that can do
/// something, and a value, thus with `=`.
pub fn may_be_xss(value: &[u8], kinds: Kinds) -> bool {
    if kinds.meet(Kinds::of(b"<\0")) {
        return true;
    }
    let quotes = kinds.meet(Kinds::of(b"\"'`"));
    kinds.meet(Kinds::of(b"=")) && memchr_iter(b'=', value).any(|sign| has_name_that_may_act(&value[..sign], quotes))
}

/// Whether what stands before a `=` ends in the name of an attribute that can do something. A name may also begin behind a
/// quote that is in it, if there are `quotes` at all.
fn has_name_that_may_act(before: &[u8], quotes: bool) -> bool {
    let Some(last) = before.iter().rposition(|byte| !is_white(*byte)) else { return false };
    let before = &before[..=last];
    let ends = |byte: &u8| is_white(*byte) || matches!(byte, b'/' | b'=' | b'>');
    let begin = before.iter().rposition(ends).map_or(0, |end| end + 1);
    let may_act = |name: &[u8]| {
        let first = name.first().map_or(0, u8::to_ascii_lowercase);
        b"oxabdfhlpstv".contains(&first) && attribute_of(name).is_some()
    };
    let name = &before[begin..];
    ((begin == 0 || before[begin - 1] != b'=') && may_act(name))
        || (quotes && (0..name.len()).any(|at| matches!(name[at], b'"' | b'\'' | b'`') && may_act(&name[at + 1..])))
}

/// Whether a value is HTML that runs code in some context. [`may_be_xss`] is much cheaper to ask first.
pub fn xss(value: &[u8]) -> bool {
    Context::ALL.into_iter().any(|context| runs_code(value, context))
}

fn runs_code(value: &[u8], context: Context) -> bool {
    let mut attribute = None;
    Html::new(value, context).any(|(kind, text)| match kind {
        Kind::DocumentType => true,
        Kind::Element => {
            attribute = None;
            is_evil_element(text)
        }
        Kind::AttributeName => {
            attribute = attribute_of(text);
            false
        }
        Kind::AttributeValue => match attribute.take() {
            Some(Attribute::Evil | Attribute::Style) => true,
            Some(Attribute::Address) => is_evil_address(text),
            Some(Attribute::Name) => attribute_of(text).is_some(),
            None => false,
        },
        Kind::Comment => {
            attribute = None;
            is_evil_comment(text)
        }
        Kind::Other => {
            attribute = None;
            false
        }
    })
}

fn is_evil_element(name: &[u8]) -> bool {
    name.len() >= 3
        && (ELEMENTS.iter().any(|element| is(name, element)) || starts_with(name, "SVG") || starts_with(name, "XSL"))
}

fn attribute_of(name: &[u8]) -> Option<Attribute> {
    if let Some(start) = name.get(..5)
        && (starts_with(name, "ON") || is(start, "XMLNS") || is(start, "XLINK"))
    {
        return Some(Attribute::Evil);
    }
    if name.len() < 2 {
        return None;
    }
    ATTRIBUTES.iter().find(|(attribute, _)| is(name, attribute)).map(|&(_, attribute)| attribute)
}

fn is_evil_comment(text: &[u8]) -> bool {
    // Internet Explorer ends a comment at a backtick, and has conditional ones.
    memchr(b'`', text).is_some()
        || (text.len() > 3 && (starts_with(text, "[IF") || starts_with(text, "XML")))
        || text.get(..6).is_some_and(|start| is(start, "IMPORT") || is(start, "ENTITY"))
}

/// Control characters, spaces and bytes from 127 on before an address don't count.
fn is_evil_address(address: &[u8]) -> bool {
    let start = address.iter().position(|byte| matches!(byte, 33..=126)).unwrap_or(address.len());
    ADDRESSES.iter().any(|known| decodes_to_start(&address[start..], known))
}

/// Equality with a word in upper case, for any case and without the NULs.
fn is(text: &[u8], word: &str) -> bool {
    text.iter().filter(|&&byte| byte != 0).map(u8::to_ascii_uppercase).eq(word.bytes())
}

fn starts_with(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a text with numeric character references starts with a word in upper case, for any case and without NULs,
/// line feeds and what stands before that is not above the space.
fn decodes_to_start(mut text: &[u8], word: &str) -> bool {
    let mut word = word.bytes().peekable();
    let mut first = true;
    while !text.is_empty() {
        let Some(&wanted) = word.peek() else { return true };
        let (sign, length) = decode(text);
        text = text.get(length..).unwrap_or_default();
        if first && sign <= 32 {
            continue;
        }
        first = false;
        if sign == 0 || sign == 10 {
            continue;
        }
        let upper = if (97..=122).contains(&sign) { sign - 32 } else { sign };
        if upper as u8 != wanted {
            return false; // only the lowest eight bits are compared
        }
        word.next();
    }
    word.peek().is_none()
}

/// The number of the first sign and how many bytes it takes. A reference that is none, or beyond Unicode, is an
/// ampersand. `text` is not empty.
fn decode(text: &[u8]) -> (u32, usize) {
    let (digits_at, radix) = match text {
        [b'&', b'#', b'x' | b'X', ..] => (3, 16),
        [b'&', b'#', ..] => (2, 10),
        _ => return (text.first().map_or(0, |&byte| u32::from(byte)), 1),
    };
    let mut number = 0;
    let mut length = digits_at;
    while let Some(digit) = text.get(length).and_then(|&byte| char::from(byte).to_digit(radix)) {
        number = number * radix + digit;
        if number > 0x10_00ff {
            return (u32::from(b'&'), 1);
        }
        length += 1;
    }
    match text.get(length) {
        _ if length == digits_at => (u32::from(b'&'), 1),
        Some(b';') => (number, length + 1),
        _ => (number, length),
    }
}
