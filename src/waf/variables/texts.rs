//! The texts of one line, all in one buffer, named by number.

use std::ops::Range;

use crate::waf::Kinds;

/// The number of a text in [`Texts`].
pub(in crate::waf) type Text = u32;

/// Texts. The first ones, the fixed, are those of the rules and stay from line to line.
#[derive(Clone, Debug, Default)]
pub(in crate::waf) struct Texts {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
    /// Those of its bytes; none where nobody has asked.
    kinds: Kinds,
}

impl Texts {
    /// The empty text, which is always there once [`Texts::new`] made it.
    pub(in crate::waf) const EMPTY: Text = 0;

    pub(in crate::waf) fn new() -> Self {
        let mut texts = Texts::default();
        texts.push(b"");
        texts
    }

    pub(in crate::waf) fn len(&self) -> usize {
        self.places.len()
    }

    pub(in crate::waf) fn get(&self, text: Text) -> &[u8] {
        &self.bytes[self.range(text)]
    }

    /// Where a text is. Texts that are parts of another one are within it.
    pub(in crate::waf) fn range(&self, text: Text) -> Range<usize> {
        let place = &self.places[text as usize];
        place.start as usize..place.end as usize
    }

    /// The kinds of a text's bytes.
    pub(in crate::waf) fn kinds(&mut self, text: Text) -> Kinds {
        let place = &mut self.places[text as usize];
        if place.kinds == Kinds::NONE {
            place.kinds = Kinds::of(&self.bytes[place.start as usize..place.end as usize]);
        }
        place.kinds
    }

    /// Forgets all but the first texts.
    pub(in crate::waf) fn truncate(&mut self, texts: usize, bytes: usize) {
        self.places.truncate(texts);
        self.bytes.truncate(bytes);
    }

    pub(in crate::waf) fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    pub(in crate::waf) fn push(&mut self, bytes: &[u8]) -> Text {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.name(start..self.bytes.len())
    }

    /// What `parts` are together.
    pub(in crate::waf) fn push_all(&mut self, parts: &[&[u8]]) -> Text {
        let start = self.bytes.len();
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.name(start..self.bytes.len())
    }

    /// A part of a text, by its place there; not copied.
    pub(in crate::waf) fn part(&mut self, text: Text, part: Range<usize>) -> Text {
        let whole = self.range(text);
        self.name(whole.start + part.start..(whole.start + part.end).min(whole.end))
    }

    /// A number in decimal.
    pub(in crate::waf) fn number(&mut self, number: i64) -> Text {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push_all(&[if number < 0 { b"-" } else { b"" }, &digits[at..]])
    }

    /// A part of a text with each escape of two digits decoded, and `+` as a blank if `plus`. Says whether that changed
    /// anything, and whether there was a `%` that begins no escape.
    pub(in crate::waf) fn decoded(&mut self, text: Text, part: Range<usize>, plus: bool) -> (Text, bool, bool) {
        let whole = self.range(text);
        let part = whole.start + part.start..whole.start + part.end;
        let kinds = Kinds::of(&self.bytes[part.clone()]);
        if !kinds.meet(if plus { Kinds::of(b"%+") } else { Kinds::of(b"%") }) {
            let text = self.name(part);
            self.places[text as usize].kinds = kinds;
            return (text, false, false);
        }
        let (start, mut at, mut invalid) = (self.bytes.len(), part.start, false);
        while at < part.end {
            // What stays as it is, up to the next escape.
            let stays = self.bytes[at..part.end].iter().position(|byte| *byte == b'%' || (plus && *byte == b'+'));
            let next = stays.map_or(part.end, |stays| at + stays);
            if next > at {
                self.bytes.extend_from_within(at..next);
                at = next;
                continue;
            }
            let byte = self.bytes[at];
            let digit = |at: usize| if at < part.end { char::from(self.bytes[at]).to_digit(16) } else { None };
            let decoded = match (byte, digit(at + 1), digit(at + 2)) {
                (b'%', Some(high), Some(low)) => {
                    at += 2;
                    (high << 4 | low) as u8
                }
                (b'+', ..) if plus => b' ',
                _ => {
                    invalid |= byte == b'%';
                    byte
                }
            };
            self.bytes.push(decoded);
            at += 1;
        }
        let changed = self.bytes[start..] != self.bytes[part];
        (self.name(start..self.bytes.len()), changed, invalid)
    }

    fn name(&mut self, place: Range<usize>) -> Text {
        self.places.push(Place { start: place.start as u32, end: place.end as u32, kinds: Kinds::NONE });
        (self.places.len() - 1) as Text
    }
}
