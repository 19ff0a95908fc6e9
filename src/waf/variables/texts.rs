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
        let start = self.bytes.len();
        self.bytes.extend_from_within(part.clone());
        let (length, invalid) = decode(&mut self.bytes[start..], plus);
        self.bytes.truncate(start + length);
        if self.bytes[start..] == self.bytes[part.clone()] {
            // What was found in the whole was found in it, too.
            self.bytes.truncate(start);
            return (self.name(part), false, invalid);
        }
        (self.name(start..start + length), true, invalid)
    }

    fn name(&mut self, place: Range<usize>) -> Text {
        self.places.push(Place { start: place.start as u32, end: place.end as u32, kinds: Kinds::NONE });
        (self.places.len() - 1) as Text
    }
}

/// Decodes escapes, and `+` as a blank if `plus`, in place. How long it is then, and whether there was a `%` that begins
/// no escape.
fn decode(bytes: &mut [u8], plus: bool) -> (usize, bool) {
    let (mut from, mut to, mut invalid) = (0, 0, false);
    while let Some(&byte) = bytes.get(from) {
        let mut decoded = byte;
        from += 1;
        if byte == b'%' {
            let digit = |at: usize| bytes.get(at).map_or(NO_DIGIT, |byte| DIGITS[usize::from(*byte)]);
            let (high, low) = (digit(from), digit(from + 1));
            if (high | low) & NO_DIGIT == 0 {
                decoded = high << 4 | low;
                from += 2;
            } else {
                invalid = true;
            }
        } else if plus && byte == b'+' {
            decoded = b' ';
        }
        bytes[to] = decoded;
        to += 1;
    }
    (to, invalid)
}

const NO_DIGIT: u8 = 0x80;

/// The value of each hexadecimal digit.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digits[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};
