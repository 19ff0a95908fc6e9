//! Splits a line into the values of a definition.
//!
//! Each value ends where the next literal first stands, which gives the only reading of almost every line. Where that
//! leads nowhere, because a user name holds blanks or Squid was told to leave them in targets, every reading is considered.

use super::codes::Feeds;
use super::definition::{Guard, Item, Shape, Value};
use super::readings::any_ends;
use crate::format::{LocalTime, is_escaped};
use crate::model::RejectReason;
use bumpalo::Bump;
use memchr::{memchr, memchr2};

/// The values of a line, in the order of the definition, as written.
///
/// # Errors
/// What the first value that can't be found should have been.
pub(super) fn split<'line>(
    items: &[Item],
    line: &'line [u8],
    local: Option<&LocalTime>,
    arena: &'line Bump,
) -> Result<&'line [&'line [u8]], RejectReason> {
    let values = items.iter().filter(|item| matches!(item, Item::Value(_))).count();
    let found: &'line mut [&'line [u8]] = arena.alloc_slice_fill_copy(values, &[][..]);
    let Err(reason) = first_ends(items, line, local, found) else { return Ok(found) };
    // Nothing is found behind a beginning that is another format's.
    if !begins(items, line, local) || !any_ends(items, line, local, found) {
        return Err(reason);
    }
    Ok(found)
}

/// Whether the line begins as the definition does, as far as that can be told.
fn begins(items: &[Item], line: &[u8], local: Option<&LocalTime>) -> bool {
    match items.first() {
        Some(Item::Literal(text)) => line.starts_with(text),
        Some(Item::Value(value)) if value.shape == Shape::Text { blanks: true, guard: Guard::None } => true,
        Some(Item::Value(value)) => longest(value, line, local).is_some(),
        None => false,
    }
}

/// Ends each value at the first place where the next literal stands.
#[inline]
fn first_ends<'line>(
    items: &[Item],
    line: &'line [u8],
    local: Option<&LocalTime>,
    found: &mut [&'line [u8]],
) -> Result<(), RejectReason> {
    let mut rest = line;
    let mut values = found.iter_mut();
    let mut items = items.iter().peekable();
    // What a literal that is missing says: that the number or time before it goes on as none.
    let mut missing = RejectReason::BadSyntax;
    while let Some(item) = items.next() {
        let value = match item {
            Item::Literal(text) => {
                let ended = rest.len() < text.len() && text.starts_with(rest);
                let behind = rest.strip_prefix(&text[..]);
                rest = behind.ok_or(if ended { RejectReason::TooFewFields } else { missing })?;
                continue;
            }
            Item::Value(value) => value,
        };
        let wrong = || if rest.is_empty() { RejectReason::TooFewFields } else { reason(value) };
        let end = match (value.shape, items.peek()) {
            (Shape::Text { .. }, Some(Item::Value(_))) => return Err(wrong()),
            (Shape::Text { blanks, guard }, next) => {
                let next = match next {
                    Some(Item::Literal(text)) => &text[..],
                    _ => &[],
                };
                let none = || if memchr(b' ', rest).is_none() { RejectReason::TooFewFields } else { reason(value) };
                text_end(rest, blanks, guard, next).ok_or_else(none)?
            }
            _ => longest(value, rest, local).ok_or_else(wrong)?,
        };
        if end == 0 {
            return Err(wrong());
        }
        if let Some(slot) = values.next() {
            *slot = &rest[..end];
        }
        rest = &rest[end..];
        missing = match value.shape {
            Shape::Text { .. } => RejectReason::BadSyntax,
            _ => reason(value),
        };
    }
    if rest.is_empty() { Ok(()) } else { Err(RejectReason::BadSyntax) }
}

/// Why a line is rejected in which this value is not what it should be.
fn reason(value: &Value) -> RejectReason {
    match value.feeds {
        Some(Feeds::Seconds | Feeds::Subsecond | Feeds::Clock(_) | Feeds::Started) => RejectReason::BadTime,
        Some(Feeds::TimeTaken) => RejectReason::BadDuration,
        Some(Feeds::Status) => RejectReason::BadStatus,
        Some(Feeds::Bytes) => RejectReason::BadSize,
        Some(Feeds::Result) => RejectReason::BadResult,
        Some(Feeds::Hierarchy) => RejectReason::BadHierarchy,
        _ => RejectReason::BadSyntax,
    }
}

/// Where a text ends before the first `next`; the end of the line where there is none.
#[inline]
fn text_end(rest: &[u8], blanks: bool, guard: Guard, next: &[u8]) -> Option<usize> {
    let Some(&first) = next.first() else {
        let whole = Shape::Text { blanks, guard };
        return all_fit(whole, rest).then_some(rest.len());
    };
    // Quotes around a text go with it.
    let mut from = match rest {
        [b'"', inner @ ..] if guard == Guard::Shell => {
            2 + memchr::memchr_iter(b'"', inner).find(|at| !is_escaped(inner, *at))?
        }
        _ => 0,
    };
    loop {
        let at = from + memchr(first, &rest[from..])?;
        // A quote that a backslash stands before is the text's own.
        let escaped = guard == Guard::Quotes && first == b'"' && is_escaped(rest, at);
        if !escaped && rest[at..].starts_with(next) {
            return all_fit(Shape::Text { blanks, guard }, &rest[..at]).then_some(at);
        }
        from = at + 1;
    }
}

/// Whether a text holds nothing that its shape forbids.
#[inline]
fn all_fit(shape: Shape, text: &[u8]) -> bool {
    let Shape::Text { blanks, guard } = shape else { return true };
    if !blanks && memchr(b' ', text).is_some() {
        return false;
    }
    match guard {
        Guard::None => true,
        Guard::Shell => text.starts_with(b"\"") || memchr(b' ', text).is_none(),
        Guard::Brackets => memchr2(b'[', b']', text).is_none(),
        Guard::Quotes => match memchr2(b'"', b'\\', text) {
            None => true,
            Some(first) => quotes_fit(&text[first..]),
        },
    }
}

fn quotes_fit(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return false,
            b'\\' if bytes.next().is_none() => return false,
            _ => {}
        }
    }
    true
}

/// How long the value is that `text` begins with, where it can be told without what follows.
#[inline]
pub(super) fn longest(value: &Value, text: &[u8], local: Option<&LocalTime>) -> Option<usize> {
    match value.shape {
        Shape::Number => longest_number(value, text),
        Shape::Clock => match &value.clock {
            Some(clock) => clock.read(text, local).map(|(_, _, length)| length),
            None => None,
        },
        Shape::Text { .. } => text.iter().position(|byte| *byte != b' '),
    }
}

#[inline]
fn longest_number(value: &Value, text: &[u8]) -> Option<usize> {
    let start = if value.width > 0 { text.iter().take_while(|byte| **byte == b' ').count() } else { 0 };
    let mut end = start + usize::from(text.get(start) == Some(&b'-'));
    let sign_end = end;
    let is_fraction = value.code.alphabet != super::codes::Alphabet::Number;
    while let Some(byte) = text.get(end)
        && (byte.is_ascii_digit() || is_fraction && *byte == b'.' && end > sign_end)
    {
        end += 1;
    }
    if end == start {
        return None;
    }
    if value.left {
        while end - start < value.width && text.get(end) == Some(&b' ') {
            end += 1;
        }
    }
    Some(end)
}
