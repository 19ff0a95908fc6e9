//! How long the texts are that a pattern matches, by their first byte.

use std::sync::Arc;

use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer texts are not told apart, in bytes.
const LONGEST: usize = 63;

/// The lengths of texts, one bit each, by their first byte. The empty text is of none.
#[derive(Clone)]
struct Lengths {
    of: [u64; 256],
    empty: bool,
}

/// The lengths of the texts that a pattern matches, by their first byte in lower case; nothing where some are longer than
/// [`LONGEST`].
pub(super) fn lengths(pattern: &Hir) -> Option<Arc<[u64; 256]>> {
    let longest = pattern.properties().maximum_len()?;
    (longest <= LONGEST).then(|| {
        let mut lengths = Lengths::of(pattern).of;
        for letter in b'A'..=b'Z' {
            lengths[usize::from(letter.to_ascii_lowercase())] |= lengths[usize::from(letter)];
        }
        Arc::new(lengths)
    })
}

impl Lengths {
    const NONE: Lengths = Lengths { of: [0; 256], empty: false };
    const EMPTY: Lengths = Lengths { of: [0; 256], empty: true };

    fn of(pattern: &Hir) -> Lengths {
        match pattern.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::EMPTY,
            HirKind::Literal(literal) => literal.0.iter().fold(Self::EMPTY, |all, byte| all.then(&Self::byte(*byte))),
            HirKind::Class(class) => Self::class(class),
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => parts.iter().fold(Self::EMPTY, |all, part| all.then(&Self::of(part))),
            HirKind::Alternation(choices) => choices.iter().fold(Self::NONE, |all, choice| all.or(&Self::of(choice))),
            HirKind::Repetition(repetition) => {
                let once = Self::of(&repetition.sub);
                let (mut all, mut times) = (Self::NONE, Self::EMPTY);
                // A pattern that is short enough repeats nothing more often, unless that is empty.
                let most = repetition.max.unwrap_or(repetition.min).min(LONGEST as u32);
                for count in 0..=most {
                    if count >= repetition.min.min(most) {
                        all = all.or(&times);
                    }
                    times = times.then(&once);
                }
                all
            }
        }
    }

    fn byte(byte: u8) -> Lengths {
        let mut lengths = Self::NONE;
        lengths.of[usize::from(byte)] = 1 << 1;
        lengths
    }

    fn class(class: &Class) -> Lengths {
        let mut lengths = Self::NONE;
        match class {
            Class::Bytes(class) => {
                for byte in class.ranges().iter().flat_map(|range| range.start()..=range.end()) {
                    lengths.of[usize::from(byte)] = 1 << 1;
                }
            }
            // Whatever its signs begin with, they are of these lengths.
            Class::Unicode(class) => {
                let least = class.minimum_len().unwrap_or(1);
                let most = class.maximum_len().unwrap_or(4);
                let all = (least..=most).fold(0, |all, length| all | 1 << length);
                lengths.of.fill(all);
            }
        }
        lengths
    }

    fn or(mut self, others: &Lengths) -> Lengths {
        self.of.iter_mut().zip(&others.of).for_each(|(own, other)| *own |= other);
        self.empty |= others.empty;
        self
    }

    /// These texts, with those behind.
    fn then(&self, behind: &Lengths) -> Lengths {
        let lengths_behind = behind.of.iter().fold(u64::from(behind.empty), |all, of| all | of);
        let mut both = if self.empty { behind.clone() } else { Self::NONE };
        for (own, both) in self.of.iter().zip(&mut both.of) {
            let mut rest = *own;
            while rest != 0 {
                *both |= lengths_behind << rest.trailing_zeros();
                rest &= rest - 1;
            }
        }
        both
    }
}
