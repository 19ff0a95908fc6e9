//! Splits a line into the values of a definition.
//!
//! Each value ends where the next literal first stands, which gives the only reading of almost every line. Where that
//! leads nowhere, because a user name holds blanks or Squid was told to leave them in targets, all readings are
//! considered at once: from the end of the line backwards, for each item, the places from which the rest of the line can
//! be read; then forwards along those places. That takes time in proportion to line and definition, whatever they hold.

use super::codes::Feeds;
use super::definition::{Guard, Item, Shape, Value};
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
fn longest(value: &Value, text: &[u8], local: Option<&LocalTime>) -> Option<usize> {
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

/// Places in a line.
struct Places(Vec<u64>);

impl Places {
    fn none(length: usize) -> Places {
        Places(vec![0; length / 64 + 1])
    }

    fn add(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] & 1 << (at % 64) != 0
    }
}

/// Considers every reading. Of several, a target is as long as it can be, everything else as short.
#[cold]
fn any_ends<'line>(items: &[Item], line: &'line [u8], local: Option<&LocalTime>, found: &mut [&'line [u8]]) -> bool {
    [false, true].into_iter().any(|relaxed| {
        let readable = readable(items, line, local, relaxed);
        readable[0].has(0) && {
            forward(items, line, local, relaxed, &readable, found);
            true
        }
    })
}

/// A value's shape; `relaxed`, texts hold whatever.
fn shape(value: &Value, relaxed: bool) -> Shape {
    match value.shape {
        Shape::Text { .. } if relaxed => Shape::Text { blanks: true, guard: Guard::None },
        shape => shape,
    }
}

/// For each item, and the end, the places from which the line can be read to its end.
fn readable(items: &[Item], line: &[u8], local: Option<&LocalTime>, relaxed: bool) -> Vec<Places> {
    let mut end = Places::none(line.len());
    end.add(line.len());
    let mut all = vec![end];
    for item in items.iter().rev() {
        let mut from = Places::none(line.len());
        let to = &all[all.len() - 1];
        match item {
            Item::Literal(text) => {
                for at in 0..(line.len() + 1).saturating_sub(text.len()) {
                    if to.has(at + text.len()) && line[at..].starts_with(text) {
                        from.add(at);
                    }
                }
            }
            Item::Value(value) => match shape(value, relaxed) {
                Shape::Text { blanks, guard } => {
                    // Whether a text that goes on here, with a byte or with none, can end well; and the next quote.
                    let mut goes_on = [false; 2];
                    let mut close = None;
                    for at in (0..=line.len()).rev() {
                        let is_quote = guard == Guard::Shell && line.get(at) == Some(&b'"') && !is_escaped(line, at);
                        let more = line.get(at).is_some_and(|byte| {
                            let fits = *byte != b' ' || blanks && guard != Guard::Shell;
                            match (guard, byte) {
                                _ if !fits => false,
                                _ if is_quote => close.is_some_and(|close: usize| to.has(close + 1)),
                                (Guard::Quotes, b'"') | (Guard::Brackets, b'[' | b']') => false,
                                (Guard::Quotes, b'\\') => at + 1 < line.len() && goes_on[1],
                                _ => goes_on[0],
                            }
                        });
                        if more {
                            from.add(at);
                        }
                        goes_on = [more || to.has(at), goes_on[0]];
                        close = if is_quote { Some(at) } else { close };
                    }
                }
                _ => {
                    for at in 0..line.len() {
                        if ends(value, line, at, local).any(|end| to.has(end)) {
                            from.add(at);
                        }
                    }
                }
            },
        }
        all.push(from);
    }
    all.reverse();
    all
}

/// Where a number or a time that begins at a place may end, longest first.
fn ends(value: &Value, line: &[u8], at: usize, local: Option<&LocalTime>) -> impl Iterator<Item = usize> {
    let most = longest(value, &line[at..], local).map_or(0, |length| length.min(64));
    let least = match value.shape {
        Shape::Number if value.zero && most >= value.width => value.width.max(1),
        Shape::Number => 1,
        _ => most.max(1),
    };
    (least..=most).rev().map(move |length| at + length)
}

/// Walks from one place to the next.
fn forward<'line>(
    items: &[Item],
    line: &'line [u8],
    local: Option<&LocalTime>,
    relaxed: bool,
    readable: &[Places],
    found: &mut [&'line [u8]],
) {
    let mut at = 0;
    let mut values = found.iter_mut();
    for (item, to) in items.iter().zip(&readable[1..]) {
        let value = match item {
            Item::Literal(text) => {
                at += text.len();
                continue;
            }
            Item::Value(value) => value,
        };
        let end = match shape(value, relaxed) {
            Shape::Text { blanks, guard } => {
                let mut best = None;
                let mut end = at;
                let mut in_quotes = false;
                while let Some(byte) = line.get(end) {
                    match (guard, byte) {
                        (Guard::Shell, b'"') if !is_escaped(line, end) => {
                            in_quotes = end == at;
                            end += 1;
                        }
                        (Guard::Shell, b' ') if !in_quotes => break,
                        _ if !blanks && *byte == b' ' => break,
                        (Guard::Quotes, b'"') | (Guard::Brackets, b'[' | b']') => break,
                        (Guard::Quotes, b'\\') => end += 2,
                        _ => end += 1,
                    }
                    if end <= line.len() && !in_quotes && to.has(end) {
                        best = Some(end);
                        if value.feeds != Some(Feeds::Url) {
                            break;
                        }
                    }
                }
                best
            }
            _ => ends(value, line, at, local).find(|end| to.has(*end)),
        };
        let end = end.unwrap_or(at);
        if let Some(slot) = values.next() {
            *slot = &line[at..end];
        }
        at = end;
    }
}
