//! The alphabet that a pattern needs: whether it can match within plain values.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::waf::operators::Alphabet;

/// The smallest alphabet within which a text may be that the pattern matches.
pub fn least(pattern: &Hir) -> Alphabet {
    [Alphabet::Words, Alphabet::Names, Alphabet::Paths]
        .into_iter()
        .find(|alphabet| fits(pattern, *alphabet))
        .unwrap_or(Alphabet::All)
}

fn fits(pattern: &Hir, alphabet: Alphabet) -> bool {
    let has = |byte: u8| Alphabet::of_byte(byte) <= alphabet;
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().all(|byte| has(*byte)),
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).any(has))
        }
        HirKind::Class(Class::Unicode(class)) => class.ranges().iter().any(|range| {
            let last = u32::from(range.end()).min(127) as u8;
            u32::from(range.start()) < 128 && (u32::from(range.start()) as u8..=last).any(has)
        }),
        HirKind::Repetition(repetition) => repetition.min == 0 || fits(&repetition.sub, alphabet),
        HirKind::Capture(capture) => fits(&capture.sub, alphabet),
        HirKind::Concat(parts) => parts.iter().all(|part| fits(part, alphabet)),
        HirKind::Alternation(choices) => choices.iter().any(|choice| fits(choice, alphabet)),
    }
}
