//! The guard of a pattern: how long the texts are that it matches, and which bytes they have.

use super::lengths;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::waf::Kinds;
use crate::waf::operators::{Guard, expected_kinds};

/// So many needs are kept, the rarest ones.
const MOST: usize = 4;

/// The guard of a pattern.
pub fn guard(pattern: &Hir) -> Guard {
    let known = pattern.properties();
    let starts = known.look_set_prefix();
    let starts = starts.contains(Look::Start) || starts.contains(Look::StartLF) || starts.contains(Look::StartCRLF);
    let ends = known.look_set_suffix();
    let ends = ends.contains(Look::End) || ends.contains(Look::EndLF) || ends.contains(Look::EndCRLF);
    Guard {
        shortest: known.minimum_len().unwrap_or(0),
        longest: known.maximum_len().filter(|_| starts && ends).unwrap_or(usize::MAX),
        first: match first(pattern) {
            (first, false) if starts => first,
            _ => Kinds::ALL,
        },
        needs: needs(pattern).into(),
        lengths: if starts && ends { lengths::lengths(pattern) } else { None },
        may_match: None,
    }
}

/// The kinds of the first byte of each text, and whether the empty text is one.
fn first(pattern: &Hir) -> (Kinds, bool) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => (Kinds::NONE, true),
        HirKind::Literal(literal) => {
            literal.0.first().map_or((Kinds::NONE, true), |byte| (Kinds::of_byte(*byte), false))
        }
        HirKind::Class(class) => (of_class(class), false),
        HirKind::Repetition(repetition) => {
            let (kinds, empty) = first(&repetition.sub);
            (kinds, empty || repetition.min == 0)
        }
        HirKind::Capture(capture) => first(&capture.sub),
        HirKind::Concat(parts) => {
            let mut all = Kinds::NONE;
            for part in parts {
                let (kinds, empty) = first(part);
                all = all.and(kinds);
                if !empty {
                    return (all, false);
                }
            }
            (all, true)
        }
        HirKind::Alternation(choices) => {
            choices.iter().map(first).fold((Kinds::NONE, false), |all, one| (all.0.and(one.0), all.1 || one.1))
        }
    }
}

fn of_class(class: &Class) -> Kinds {
    let of = |start: u8, end: u8| (start..=end).fold(Kinds::NONE, |kinds, byte| kinds.and(Kinds::of_byte(byte)));
    match class {
        Class::Bytes(class) => {
            class.ranges().iter().fold(Kinds::NONE, |kinds, range| kinds.and(of(range.start(), range.end())))
        }
        Class::Unicode(class) => class.ranges().iter().fold(Kinds::NONE, |kinds, range| {
            let byte = |sign: char| u8::try_from(u32::from(sign)).unwrap_or(u8::MAX);
            // All bytes beyond ASCII are of one kind.
            kinds.and(of(byte(range.start()), byte(range.end())))
        }),
    }
}

/// Sets of kinds; each text has one kind of each of them.
fn needs(pattern: &Hir) -> Vec<Kinds> {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => Vec::new(),
        HirKind::Literal(literal) => rarest(literal.0.iter().map(|byte| Kinds::of_byte(*byte)).collect()),
        HirKind::Class(class) => vec![of_class(class)],
        HirKind::Repetition(repetition) if repetition.min == 0 => Vec::new(),
        HirKind::Repetition(repetition) => needs(&repetition.sub),
        HirKind::Capture(capture) => needs(&capture.sub),
        HirKind::Concat(parts) => rarest(parts.iter().flat_map(needs).collect()),
        HirKind::Alternation(choices) => {
            let mut choices = choices.iter().map(needs);
            let first = choices.next().unwrap_or_default();
            choices.fold(first, |all, one| {
                rarest(all.iter().flat_map(|some| one.iter().map(|other| some.and(*other))).collect())
            })
        }
    }
}

/// The rarest ones, none of which follows from another.
fn rarest(mut needs: Vec<Kinds>) -> Vec<Kinds> {
    needs.sort_by(|a, b| expected_kinds(*a).total_cmp(&expected_kinds(*b)));
    let mut kept: Vec<Kinds> = Vec::with_capacity(MOST);
    for need in needs {
        if kept.len() < MOST && !kept.iter().any(|other| other.are_of(need)) {
            kept.push(need);
        }
    }
    kept
}
