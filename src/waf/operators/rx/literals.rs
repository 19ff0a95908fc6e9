//! What literals a pattern needs: the gate of `rx`. From each part of a pattern that must match comes a set of literals
//! of which one must occur; the rarest set is taken. As in R. Cox, Regular Expression Matching with a Trigram Index
//! (2012), but with literals of any length.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use crate::waf::operators::Gate;

/// Literals, lowercased.
type Literals = BTreeSet<Vec<u8>>;

/// A part's texts are listed while they are so few and so short.
const MOST_TEXTS: usize = 256;
const LONGEST_TEXT: usize = 48;

/// Choices between words may have more.
const MOST_WORDS: usize = 4_096;

/// Repetitions are written out up to so many times.
const MOST_COPIES: u32 = 8;

/// Literals that are expected more often than once in so many bytes are no gate.
const RAREST_USELESS: f64 = 1.0 / 40.0;

/// A literal more in a gate costs as much as it saves if it makes the gate so much rarer, a byte.
const COST_OF_A_LITERAL: f64 = 1e-7;

/// The gate of a pattern.
pub fn gate(pattern: &Hir) -> Gate {
    let part = of(pattern);
    if part.never_matches() {
        return Gate::Never;
    }
    let mut best = part.needed;
    if let Some(texts) = part.texts {
        best = better(best, texts);
    }
    match best {
        Some(needed) if needed.frequency <= RAREST_USELESS => Gate::any_of(needed.literals),
        _ => Gate::Always,
    }
}

/// What is known of a part of a pattern.
#[derive(Clone)]
struct Part {
    /// All texts that it matches.
    texts: Option<Literals>,
    /// What each text that it matches begins with, and ends in: repetitions without an end have it.
    edges: Option<Literals>,
    /// Literals of which each text that it matches has one.
    needed: Option<Needed>,
}

#[derive(Clone)]
struct Needed {
    literals: Literals,
    /// How often they are expected, a byte of ordinary text.
    frequency: f64,
}

impl Part {
    const UNKNOWN: Part = Part { texts: None, edges: None, needed: None };

    fn texts(texts: Literals) -> Self {
        Part { texts: Some(texts), edges: None, needed: None }
    }

    fn empty() -> Self {
        Self::texts(Literals::from([Vec::new()]))
    }

    fn never_matches(&self) -> bool {
        self.texts.as_ref().is_some_and(Literals::is_empty)
    }

    /// The best that is known, the texts included.
    fn into_needed(self) -> Option<Needed> {
        match self.texts {
            Some(texts) => better(self.needed, texts),
            None => self.needed,
        }
    }
}

fn of(pattern: &Hir) -> Part {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::empty(),
        HirKind::Literal(literal) => {
            sequence(literal.0.iter().map(|byte| Part::texts(Literals::from([vec![byte.to_ascii_lowercase()]]))))
        }
        HirKind::Class(class) => class_texts(class).map_or(Part::UNKNOWN, Part::texts),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => sequence(parts.iter().map(of)),
        HirKind::Alternation(choices) => choice(choices),
        HirKind::Repetition(repetition) => repeated(repetition),
    }
}

/// Classes of a few bytes are texts, letters counted once for both cases.
fn class_texts(class: &Class) -> Option<Literals> {
    const MOST: usize = 16;
    let mut texts = Literals::new();
    // The crate makes classes of characters out of choices between ASCII signs.
    let class = match class {
        Class::Bytes(class) => class.clone(),
        Class::Unicode(class) => class.to_byte_class()?,
    };
    for range in class.ranges() {
        if texts.len() + usize::from(range.end() - range.start()) > 2 * MOST {
            return None;
        }
        texts.extend((range.start()..=range.end()).map(|byte| vec![byte.to_ascii_lowercase()]));
    }
    (texts.len() <= MOST).then_some(texts)
}

fn repeated(repetition: &Repetition) -> Part {
    let part = of(&repetition.sub);
    match (repetition.min, repetition.max) {
        (0, Some(1)) => Part {
            texts: part.texts.map(|mut texts| {
                texts.insert(Vec::new());
                texts
            }),
            edges: None,
            needed: None,
        },
        (0, Some(0)) => Part::empty(),
        (0, _) => Part::UNKNOWN,
        (least, most) => {
            let all = sequence((0..least.min(MOST_COPIES)).map(|_| part.clone()));
            if most == Some(least) && least <= MOST_COPIES {
                all
            } else {
                Part { texts: None, edges: all.texts.clone(), needed: all.into_needed() }
            }
        }
    }
}

fn choice(choices: &[Hir]) -> Part {
    let mut parts = Vec::with_capacity(choices.len());
    for choice in choices {
        let part = of(choice);
        if part.texts.is_none() && part.needed.is_none() {
            return Part::UNKNOWN;
        }
        if !part.never_matches() {
            parts.push(part);
        }
    }
    let texts = parts.iter().try_fold(Literals::new(), |mut all, part| {
        all.extend(part.texts.as_ref()?.iter().cloned());
        (all.len() <= MOST_WORDS).then_some(all)
    });
    if texts.is_some() {
        return Part { texts, edges: None, needed: None };
    }
    let needed = parts.into_iter().try_fold(Literals::new(), |mut all, part| {
        all.extend(part.into_needed()?.literals);
        (all.len() <= MOST_WORDS).then_some(all)
    });
    Part { texts: None, edges: None, needed: needed.and_then(|literals| better(None, literals)) }
}

/// Parts one after the other. Texts grow from part to part while they stay few; where they don't, they begin anew.
fn sequence(parts: impl Iterator<Item = Part>) -> Part {
    let mut best: Option<Needed> = None;
    let mut texts = Literals::from([Vec::new()]);
    let mut whole = true;
    for part in parts {
        if let Some(needed) = part.needed {
            best = better(best, needed.literals);
        }
        let grown = part.texts.as_ref().and_then(|next| product(&texts, next));
        whole &= grown.is_some();
        texts = match grown {
            Some(grown) => {
                // Each length is a candidate: one more part may make many literals of few.
                best = better(best, texts);
                grown
            }
            None => {
                if let Some(longer) = part.edges.as_ref().and_then(|edges| product(&texts, edges)) {
                    best = better(best, longer);
                }
                best = better(best, texts);
                part.texts.or(part.edges).unwrap_or_else(|| Literals::from([Vec::new()]))
            }
        };
    }
    if whole {
        return Part { texts: Some(texts), edges: None, needed: best };
    }
    Part { texts: None, edges: None, needed: better(best, texts) }
}

fn product(firsts: &Literals, seconds: &Literals) -> Option<Literals> {
    let longest = |texts: &Literals| texts.iter().map(Vec::len).max().unwrap_or(0);
    let one_is_single = firsts.len() == 1 || seconds.len() == 1;
    let most = if one_is_single { MOST_WORDS } else { MOST_TEXTS };
    if firsts.len() * seconds.len() > most || longest(firsts) + longest(seconds) > LONGEST_TEXT {
        return None;
    }
    Some(firsts.iter().flat_map(|first| seconds.iter().map(|second| [&first[..], second].concat())).collect())
}

fn better(best: Option<Needed>, literals: Literals) -> Option<Needed> {
    if literals.is_empty() || literals.contains(&Vec::new()) {
        return best;
    }
    let frequency = literals.iter().map(|literal| literal.iter().map(|byte| how_often(*byte)).product::<f64>()).sum();
    let cost = |frequency: f64, count: usize| frequency + count as f64 * COST_OF_A_LITERAL;
    match best {
        Some(best) if cost(best.frequency, best.literals.len()) <= cost(frequency, literals.len()) => Some(best),
        _ => Some(Needed { literals, frequency }),
    }
}

/// How often a byte is expected in request lines, roughly, and at most.
fn how_often(byte: u8) -> f64 {
    match byte {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'c' | b'/' => 0.06,
        b'd' | b'l' | b'm' | b'p' | b'u' | b'h' | b'g' | b'b' | b'f' | b'0'..=b'9' => 0.03,
        b'a'..=b'z' | b'.' | b'-' | b'_' | b'=' | b'&' | b'%' | b' ' | b'+' => 0.02,
        b'?' | b':' | b',' => 0.01,
        b';' | b'(' | b')' | b'"' | b'\'' | b'{' | b'}' | b'[' | b']' | b'|' | b'*' | b'@' | b'!' | b'~' | b'#' => {
            0.003
        }
        _ => 0.001,
    }
}
