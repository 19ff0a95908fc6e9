//! One pass over a text that stops where something personal may begin, and asks there.

use super::decode::Decoded;
use super::{Place, address, number, parameter, token};
use crate::model::PseudonymKind;
use std::ops::Range;

/// The kinds of characters, as bits.
pub(super) mod class {
    pub const DIGIT: u8 = 1;
    pub const UPPER: u8 = 2;
    pub const LOWER: u8 = 4;
    /// `-` and `_`, which stand inside tokens.
    pub const JOINT: u8 = 8;
    /// Something may be found around or behind this character.
    pub const STOP: u8 = 16;
    pub const ALNUM: u8 = DIGIT | UPPER | LOWER;
    pub const TOKEN: u8 = ALNUM | JOINT;

    /// The kind of every byte.
    pub static OF: [u8; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = match byte as u8 {
                b'0'..=b'9' => DIGIT,
                b'A'..=b'Z' => UPPER,
                b'a'..=b'z' => LOWER,
                b'-' | b'_' => JOINT,
                b'@' | b'=' | b':' | b'+' => STOP,
                _ => 0,
            };
            byte += 1;
        }
        table
    };
}

/// Whether a byte is of one of these kinds.
#[inline]
pub(super) fn is(byte: u8, kinds: u8) -> bool {
    class::OF[byte as usize] & kinds != 0
}

/// The end of the run of these kinds that begins at `start`.
#[inline]
pub(super) fn run(text: &[u8], start: usize, kinds: u8) -> usize {
    let mut end = start;
    while end < text.len() && is(text[end], kinds) {
        end += 1;
    }
    end
}

/// Where personal data stands, in no particular order. Finders look a bounded way back and around, or skip what they
/// read ahead, so that the pass is linear.
pub(super) fn scan(decoded: &Decoded<'_>, place: Place) -> Vec<Range<usize>> {
    let text = &decoded.bytes[..];
    let mut spans = Vec::new();
    let mut at = 0;
    // Behind this no token has begun yet.
    let mut token_end = 0;
    while at < text.len() {
        let byte = text[at];
        let kind = class::OF[byte as usize];
        if kind & class::TOKEN != 0 && at >= token_end {
            token_end = run(text, at, class::TOKEN);
            if let Some(end) = token(text, at, token_end) {
                // A pseudonym is none of anybody's data any more.
                if !is_pseudonym(&text[at..end]) {
                    spans.push(at..end);
                }
                at = end;
                token_end = token_end.max(end);
                continue;
            }
        }
        if kind & class::ALNUM != 0 {
            let end = run(text, at, class::ALNUM);
            let found = word(text, at, end, place);
            spans.extend(found.map(|found| at..found));
            at = found.unwrap_or(end);
            continue;
        }
        let found = match byte {
            b'@' => address::email(text, at, spans.last().map_or(0, |last| last.end)),
            b'=' => parameter::value(decoded, at),
            b':' => colon(text, at),
            b'+' => number::international_phone(text, at),
            _ => None,
        };
        match found {
            Some(span) => {
                at = span.end.max(at + 1);
                spans.push(span);
            }
            None => at += 1,
        }
    }
    spans
}

/// What begins with a run of letters, digits and joints, and where it ends.
fn token(text: &[u8], start: usize, end: usize) -> Option<usize> {
    if is_pseudonym(&text[start..end]) {
        return Some(end);
    }
    token::secret(text, start, end)
}

/// What begins with a run of letters and digits, and where it ends.
fn word(text: &[u8], start: usize, end: usize, place: Place) -> Option<usize> {
    if is(text[start], class::DIGIT) {
        let address = || address::ipv4(text, start, place == Place::Agent);
        return address().or_else(|| number::card(text, start)).or_else(|| number::national_phone(text, start, end));
    }
    number::iban(text, start)
}

fn colon(text: &[u8], at: usize) -> Option<Range<usize>> {
    if text[at..].starts_with(b"://") {
        return address::userinfo(text, at + 3);
    }
    parameter::member(text, at).or_else(|| number::dialled(text, at)).or_else(|| address::colons(text, at))
}

fn is_pseudonym(text: &[u8]) -> bool {
    PseudonymKind::of(text).is_some()
}
