//! Every reading of a line at once: from its end backwards, for each item of the definition, the places from which the
//! rest of the line can be read; then forwards along those places. That takes time in proportion to line and definition,
//! whatever they hold.

use super::codes::Feeds;
use super::definition::{Guard, Item, Shape, Value};
use super::split::longest;
use crate::format::{LocalTime, is_escaped};

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
pub(super) fn any_ends<'line>(
    items: &[Item],
    line: &'line [u8],
    local: Option<&LocalTime>,
    found: &mut [&'line [u8]],
) -> bool {
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
    // No number of Squid's is longer, and behind what one may be nothing is looked at: it would be looked at from every
    // place before it.
    let most = if value.shape == Shape::Number { value.width.max(32) } else { line.len() };
    let text = &line[at..line.len().min(at.saturating_add(most))];
    let most = longest(value, text, local).unwrap_or(0);
    let least = match value.shape {
        Shape::Number if value.zero && line.get(at) != Some(&b'-') => value.width.max(1),
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
