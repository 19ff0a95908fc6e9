//! Percent-encoding undone, however often it was applied, with the way back to what was written. Source: RFC 3986,
//! section 2.1.

use std::borrow::Cow;
use std::ops::Range;

/// A text without percent-encoding.
pub(super) struct Decoded<'t> {
    /// The text.
    pub bytes: Cow<'t, [u8]>,
    /// Where each byte was written, and where the text ended; none where nothing was encoded.
    at: Option<Vec<u32>>,
}

impl Decoded<'_> {
    /// Undoes the encoding: one pass, as what it writes is looked at again at once.
    pub fn of(text: &[u8]) -> Decoded<'_> {
        if memchr::memchr(b'%', text).is_none() {
            return Decoded { bytes: Cow::Borrowed(text), at: None };
        }
        let mut bytes = Vec::with_capacity(text.len());
        let mut at = Vec::with_capacity(text.len() + 1);
        for (place, byte) in text.iter().enumerate() {
            bytes.push(*byte);
            at.push(place as u32);
            while let Some(decoded) = last_three(&bytes) {
                bytes.truncate(bytes.len() - 3);
                at.truncate(bytes.len() + 1);
                bytes.push(decoded);
            }
        }
        at.push(text.len() as u32);
        Decoded { bytes: Cow::Owned(bytes), at: Some(at) }
    }

    /// Whether a byte was written as it is, without encoding.
    pub fn is_literal(&self, place: usize) -> bool {
        self.at.as_ref().is_none_or(|at| at[place + 1] - at[place] == 1)
    }

    /// Where a part of the text was written.
    pub fn written(&self, span: &Range<usize>) -> Range<usize> {
        self.at.as_ref().map_or(span.clone(), |at| at[span.start] as usize..at[span.end] as usize)
    }
}

/// The byte that the last three stand for, where they are a percent sign and two digits.
fn last_three(bytes: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_undone_at_every_depth_and_places_are_kept() {
        for (text, decoded, span, written) in [
            ("a%40b", "a@b", 1..2, "%40"),
            ("a%2540b", "a@b", 1..2, "%2540"),
            ("a%25252540b", "a@b", 0..3, "a%25252540b"),
            ("a%4%30b", "a@b", 1..2, "%4%30"),
            ("a%zz%", "a%zz%", 1..5, "%zz%"),
            ("%e4", "\u{fffd}", 0..1, "%e4"),
            ("plain", "plain", 1..3, "la"),
        ] {
            let found = Decoded::of(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found.bytes), decoded, "{text}");
            assert_eq!(&text[found.written(&span)], written, "{text}");
        }
    }
}
