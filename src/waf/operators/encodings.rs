//! `validateByteRange`, `validateUrlEncoding`, `validateUtf8Encoding`: they match what is *not* valid.

use std::ops::Range;
use std::sync::Arc;

use super::{Captures, Files, Gate, Matcher, OperatorError};

/// `validateByteRange`: which bytes are allowed.
struct ByteRange([bool; 256]);

/// Up to so many forbidden bytes, each of them is a literal of the gate.
const FEW: usize = 4;

/// `validateByteRange`: bytes and ranges of bytes in decimal, with commas between: `10, 13, 32-126`.
pub fn byte_range(argument: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    let mut allowed = [false; 256];
    for part in argument.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match (first.trim().parse::<u8>(), last.trim().parse::<u8>()) {
            (Ok(first), Ok(last)) if first <= last => allowed[usize::from(first)..=usize::from(last)].fill(true),
            _ => {
                return Err(OperatorError::Argument {
                    name: "validateByteRange",
                    argument: part.trim().to_owned(),
                    why: "write bytes as 9 or ranges as 32-126, from 0 to 255",
                });
            }
        }
    }
    Ok(Arc::new(ByteRange(allowed)))
}

impl Matcher for ByteRange {
    /// The first byte that isn't allowed.
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        value.iter().position(|byte| !self.0[usize::from(*byte)]).map(|at| at..at + 1)
    }

    fn gate(&self) -> Gate {
        let forbidden: Vec<_> = (0..=255).filter(|byte| !self.0[usize::from(*byte)]).map(|byte| vec![byte]).collect();
        if forbidden.len() > FEW { Gate::Always } else { Gate::any_of(forbidden) }
    }
}

struct UrlEncoding;

/// `validateUrlEncoding`: a percent sign without two hexadecimal digits.
pub fn url(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(UrlEncoding))
}

impl Matcher for UrlEncoding {
    /// From the first such sign to the end.
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        memchr::memchr_iter(b'%', value)
            .find(|at| !matches!(value[at + 1..], [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()))
            .map(|at| at..value.len())
    }

    fn gate(&self) -> Gate {
        Gate::any_of([b"%".to_vec()])
    }
}

struct Utf8Encoding;

/// `validateUtf8Encoding`: what is no UTF-8 (RFC 3629): a byte out of place, an overlong form, a surrogate.
pub fn utf8(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Utf8Encoding))
}

impl Matcher for Utf8Encoding {
    /// From the first such byte to the end.
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        std::str::from_utf8(value).err().map(|error| error.valid_up_to()..value.len())
    }

    fn gate(&self) -> Gate {
        Gate::Always
    }
}
