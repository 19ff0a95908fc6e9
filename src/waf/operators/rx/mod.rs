//! `rx` and `rxGlobal`: patterns in PCRE's language, as libmodsecurity compiles them: `.` takes line ends, `^` and `$`
//! know lines, bytes are bytes.
//!
//! A pattern runs in linear time. Look-around, back references, atomic groups and possessive repetitions have no such
//! form: there a superset of the pattern runs first, and only where it matches, the pattern itself, in bounded steps.

mod exact;
mod guard;
mod lengths;
mod literals;
mod lower;
mod node;
mod parse;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use regex_automata::meta::{Config, Regex};
use regex_automata::{Anchored, Input};

use super::{Captures, Files, Gate, Guard, Matcher, OperatorError};
use exact::Program;

/// A compiled pattern may take so much memory, and as much again for each thread that uses it.
const LARGEST: usize = 10 << 20;

/// A compiled pattern.
pub struct Pattern {
    /// Matches wherever the pattern does.
    regex: Regex,
    exact: Exact,
    groups: usize,
    gate: Gate,
    guard: Guard,
}

enum Exact {
    /// The regex is the pattern.
    Always,
    /// But after a line feed that ends the value, where `^` doesn't match.
    ButAfterLastLine(Program),
    /// The regex is a superset.
    Never(Program),
}

impl Pattern {
    /// Compiles a pattern. The empty one matches everything.
    ///
    /// # Errors
    /// What isn't a pattern, what is none of those that can be evaluated, what is too large.
    pub fn compile(pattern: &str) -> Result<Self, OperatorError> {
        let parsed = parse::parse(pattern.as_bytes())?;
        let lowered = lower::lower(&parsed.node);
        let config = Config::new().utf8_empty(false).nfa_size_limit(Some(LARGEST));
        let regex = Regex::builder().configure(config).build_from_hir(&lowered.hir).map_err(|error| {
            let why = match error.size_limit() {
                Some(_) => "it is too large once compiled".to_owned(),
                None => error.to_string(),
            };
            OperatorError::Pattern { at: 0, why }
        })?;
        let program = || Program::of(&parsed.node, parsed.groups);
        let exact = match lowered {
            lower::Lowered { exact: false, .. } => Exact::Never(program()?),
            lower::Lowered { line_starts: true, .. } => program().map_or(Exact::Always, Exact::ButAfterLastLine),
            _ => Exact::Always,
        };
        Ok(Self {
            regex,
            exact,
            groups: parsed.groups,
            gate: literals::gate(&lowered.hir),
            guard: guard::guard(&lowered.hir),
        })
    }

    /// Whether a superset runs first: the pattern has what can't be run in linear time.
    pub fn is_verified(&self) -> bool {
        matches!(self.exact, Exact::Never(_))
    }

    /// How much memory it takes once compiled, in bytes.
    pub fn memory(&self) -> usize {
        self.regex.memory_usage()
    }

    /// What a value that matches has in it.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What the bytes and the length of a value are that matches.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The first match from a place on, what is before it being seen by `^`, `\b` and their like.
    fn find_from(&self, value: &[u8], from: usize, captures: Option<&mut Captures>) -> Option<Range<usize>> {
        let found = self.regex.search(&Input::new(value).range(from..))?.range();
        let program = match &self.exact {
            Exact::Never(program) => program,
            Exact::ButAfterLastLine(program) if found.end == value.len() && value.ends_with(b"\n") => program,
            _ => {
                if let Some(captures) = captures {
                    self.fill(captures, value, &found);
                }
                return Some(found);
            }
        };
        let mut run = program.run(value);
        let mut start = found.start;
        loop {
            if let Some(slots) = run.match_at(start) {
                let mut places = slots.chunks_exact(2).take(self.groups + 1).map(|place| Some(place[0]?..place[1]?));
                let whole = places.next()??;
                if let Some(captures) = captures {
                    captures.only(whole.clone());
                    for (group, place) in places.enumerate() {
                        place.into_iter().for_each(|place| captures.set(group + 1, place));
                    }
                }
                return Some(whole);
            }
            if run.is_spent() || start == value.len() {
                return None;
            }
            start = self.regex.search(&Input::new(value).range(start + 1..))?.start();
        }
    }

    fn fill(&self, captures: &mut Captures, value: &[u8], found: &Range<usize>) {
        captures.only(found.clone());
        if self.groups == 0 {
            return;
        }
        let mut groups = self.regex.create_captures();
        let input = Input::new(value).range(found.start..).anchored(Anchored::Yes);
        self.regex.search_captures(&input, &mut groups);
        for (group, place) in groups.iter().enumerate().skip(1).take(9) {
            place.into_iter().for_each(|place| captures.set(group, place.range()));
        }
    }

    /// All matches, none inside another; an empty one isn't next to the one before.
    fn find_all<'v>(&'v self, value: &'v [u8]) -> impl Iterator<Item = Range<usize>> + 'v {
        let mut from = 0;
        let mut last_end = None;
        std::iter::from_fn(move || {
            loop {
                let found = (from <= value.len()).then(|| self.find_from(value, from, None)).flatten()?;
                from = if found.is_empty() { found.end + 1 } else { found.end };
                if !(found.is_empty() && last_end == Some(found.end)) {
                    last_end = Some(found.end);
                    return Some(found);
                }
            }
        })
    }
}

/// `rx`: the first match.
struct First(Pattern);

/// `rx`.
pub(super) fn first(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(First(Pattern::compile(pattern)?)))
}

impl Matcher for First {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        self.0.find_from(value, 0, captures)
    }

    fn gate(&self) -> Gate {
        self.0.gate().clone()
    }

    fn guard(&self) -> Guard {
        self.0.guard().clone()
    }

    fn captures(&self) -> bool {
        true
    }

    fn pattern(&self) -> Option<&Pattern> {
        Some(&self.0)
    }
}

/// `rxGlobal`: all matches; the captures go on from one to the next, the ten first of them all.
struct Global(Pattern);

/// `rxGlobal`.
pub(super) fn global(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Global(Pattern::compile(pattern)?)))
}

impl Matcher for Global {
    /// The place of the first match.
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        let first = self.0.find_from(value, 0, None)?;
        if let Some(captures) = captures {
            captures.clear();
            let mut taken = 0;
            for found in self.0.find_all(value) {
                let mut own = Captures::default();
                self.0.find_from(value, found.start, Some(&mut own));
                let mut last = 0;
                for (group, place) in own.iter() {
                    captures.set(taken + group, place);
                    last = group;
                }
                taken += last + 1;
                if taken > 9 {
                    break;
                }
            }
        }
        Some(first)
    }

    fn gate(&self) -> Gate {
        self.0.gate().clone()
    }

    fn guard(&self) -> Guard {
        self.0.guard().clone()
    }

    fn captures(&self) -> bool {
        true
    }

    fn pattern(&self) -> Option<&Pattern> {
        Some(&self.0)
    }
}

/// Every match that a check could be made of: one for each place where one starts, in order. The bytes looked at are
/// bounded by the value's length.
pub(super) fn candidates<'v>(pattern: &'v Pattern, value: &'v [u8]) -> impl Iterator<Item = Range<usize>> + 'v {
    const BYTES_A_BYTE: usize = 64;
    let mut left = BYTES_A_BYTE * (value.len() + 16);
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = (from <= value.len()).then(|| pattern.find_from(value, from, None)).flatten()?;
        from = found.start + 1;
        left = left.checked_sub(found.len() + 1)?;
        Some(found)
    })
}
