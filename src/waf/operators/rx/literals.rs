//! What literals a pattern needs: the gate of `rx`. From each part of a pattern that must match comes a set of literals
//! of which one must occur; the rarest set is taken. As in R. Cox, Regular Expression Matching with a Trigram Index
//! (2012), but with literals of any length.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use crate::waf::operators::{Gate, expected};

/// Literals, lowercased.
type Literals = BTreeSet<Vec<u8>>;

/// A part's texts are listed while they are so few and so short.
const MOST_TEXTS: usize = 512;
const LONGEST_TEXT: usize = 48;

/// Choices between words may have more.
const MOST_WORDS: usize = 4_096;

/// Repetitions are written out up to so many times.
const MOST_COPIES: u32 = 8;

/// So many options of a sequence are told apart, of so few texts each.
const MOST_OPTIONS: usize = 3;
const MOST_TEXTS_OF_AN_OPTION: usize = 16;

/// Literals that are to be expected more often than so many times a URL are no gate.
const TOO_FREQUENT: f64 = 0.4;

/// A literal more in a gate costs as much as it saves if it makes the gate so much rarer, a URL.
const COST_OF_A_LITERAL: f64 = 1e-5;

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
        Some(needed) if needed.frequency <= TOO_FREQUENT => Gate::any_of(needed.literals),
        _ => Gate::Always,
    }
}

/// What is known of a part of a pattern.
#[derive(Clone)]
struct Part {
    /// All texts that it matches.
    texts: Option<Literals>,
    /// What each text that it matches begins with, where not all texts are known.
    starts: Option<Literals>,
    /// And what it ends in.
    ends: Option<Literals>,
    /// Literals of which each text that it matches has one.
    needed: Option<Needed>,
}

#[derive(Clone)]
struct Needed {
    literals: Literals,
    /// How often they are to be expected in a URL.
    frequency: f64,
}

impl Part {
    const UNKNOWN: Part = Part { texts: None, starts: None, ends: None, needed: None };

    fn texts(texts: Literals) -> Self {
        Part { texts: Some(texts), ..Part::UNKNOWN }
    }

    fn empty() -> Self {
        Self::texts(Literals::from([Vec::new()]))
    }

    fn never_matches(&self) -> bool {
        self.texts.as_ref().is_some_and(Literals::is_empty)
    }

    fn starts(&self) -> Option<&Literals> {
        self.texts.as_ref().or(self.starts.as_ref())
    }

    fn ends(&self) -> Option<&Literals> {
        self.texts.as_ref().or(self.ends.as_ref())
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
        HirKind::Concat(parts) => with_options(parts),
        HirKind::Alternation(choices) => choice(choices),
        HirKind::Repetition(repetition) => repeated(repetition),
    }
}

/// Classes of a few bytes are texts, letters counted once for both cases.
fn class_texts(class: &Class) -> Option<Literals> {
    const MOST: usize = 36;
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
    match (repetition.min, repetition.max) {
        (0, Some(1)) => match of(&repetition.sub).texts {
            Some(mut texts) => {
                texts.insert(Vec::new());
                Part::texts(texts)
            }
            None => Part::UNKNOWN,
        },
        (0, Some(0)) => Part::empty(),
        (0, _) => Part::UNKNOWN,
        (least, most) => {
            let part = of(&repetition.sub);
            let all = sequence((0..least.min(MOST_COPIES)).map(|_| part.clone()));
            if most == Some(least) && least <= MOST_COPIES {
                all
            } else {
                let (starts, ends) = (all.starts().cloned(), all.ends().cloned());
                Part { texts: None, starts, ends, needed: all.into_needed() }
            }
        }
    }
}

/// A sequence. What may be left out in it but has no end, or too many texts, `%(?:25)*2e`, makes two sequences: one
/// without it, and one with it. The first few of these make two again each; what a part has is found out once.
fn with_options(parts: &[Hir]) -> Part {
    let known: Vec<Part> = parts.iter().map(of).collect();
    let mut options = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if options.len() < MOST_OPTIONS && known[at].texts.is_none() {
            options.extend(some_of(part).map(|some| (at, some)));
        }
    }
    if options.is_empty() {
        return sequence(known.into_iter());
    }
    // A bit for each option: whether it is there.
    let sequences = (0..1_u32 << options.len()).map(|there| {
        let mut parts: Vec<Option<&Part>> = known.iter().map(Some).collect();
        for (bit, (at, some)) in options.iter().enumerate() {
            parts[*at] = (there >> bit & 1 == 1).then_some(some);
        }
        sequence(parts.into_iter().flatten().cloned())
    });
    one_of(sequences.collect())
}

/// What may be left out, where it is there, as long as it begins and ends in few texts.
fn some_of(part: &Hir) -> Option<Part> {
    let HirKind::Repetition(repetition) = part.kind() else { return None };
    if repetition.min > 0 || repetition.max == Some(0) {
        return None;
    }
    let some = of(&Hir::repetition(Repetition { min: 1, ..repetition.clone() }));
    let few = |texts: Option<&Literals>| texts.is_some_and(|texts| texts.len() <= MOST_TEXTS_OF_AN_OPTION);
    (few(some.starts()) && few(some.ends())).then_some(some)
}

fn choice(choices: &[Hir]) -> Part {
    one_of(choices.iter().map(of).collect())
}

fn one_of(mut parts: Vec<Part>) -> Part {
    parts.retain(|part| !part.never_matches());
    let all_of = |literals: fn(&Part) -> Option<&Literals>| {
        parts.iter().try_fold(Literals::new(), |mut all, part| {
            all.extend(literals(part)?.iter().cloned());
            (all.len() <= MOST_WORDS).then_some(all)
        })
    };
    if let Some(texts) = all_of(|part| part.texts.as_ref()) {
        return Part::texts(texts);
    }
    let (starts, ends) = (all_of(Part::starts), all_of(Part::ends));
    let needed = parts.into_iter().try_fold(Literals::new(), |mut all, part| {
        all.extend(part.into_needed()?.literals);
        (all.len() <= MOST_WORDS).then_some(all)
    });
    Part { texts: None, starts, ends, needed: needed.and_then(|literals| better(None, literals)) }
}

/// Parts one after the other. Texts grow from part to part while they stay few; where they don't, they begin anew.
fn sequence(parts: impl Iterator<Item = Part>) -> Part {
    let mut best: Option<Needed> = None;
    let mut texts = Literals::from([Vec::new()]);
    // What the sequence starts with, once not all of its texts are known.
    let mut starts: Option<Literals> = None;
    for part in parts {
        if let Some(needed) = &part.needed {
            best = better(best, needed.literals.clone());
        }
        let grown = part.texts.as_ref().and_then(|next| product(&texts, next));
        // Each length is a candidate: one more part may make many literals of few.
        best = better(best, texts.clone());
        texts = match grown {
            Some(grown) => grown,
            None => {
                let longer = part.starts().and_then(|next| product(&texts, next));
                if let Some(longer) = &longer {
                    best = better(best, longer.clone());
                }
                starts.get_or_insert(longer.unwrap_or(texts));
                part.texts.or(part.ends).unwrap_or_else(|| Literals::from([Vec::new()]))
            }
        };
    }
    match starts {
        None => Part { texts: Some(texts), starts: None, ends: None, needed: best },
        Some(starts) => {
            let needed = better(best, texts.clone());
            Part { texts: None, starts: Some(starts), ends: Some(texts), needed }
        }
    }
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
    let frequency = literals.iter().map(|literal| expected(literal)).sum();
    let shortest = |literals: &Literals| literals.iter().map(Vec::len).min();
    let cost = |frequency: f64, count: usize| frequency + count as f64 * COST_OF_A_LITERAL;
    match best {
        Some(best)
            if cost(best.frequency, best.literals.len())
                .total_cmp(&cost(frequency, literals.len()))
                // Of two as rare, the longer one.
                .then_with(|| shortest(&literals).cmp(&shortest(&best.literals)))
                .is_le() =>
        {
            Some(best)
        }
        _ => Some(Needed { literals, frequency }),
    }
}
