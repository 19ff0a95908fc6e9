//! The programs that `agents.toml` names by markers: how its text is read and searched. One pass over an agent finds all
//! markers at once.

use super::AgentClass;
use aho_corasick::{AhoCorasick, MatchKind};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table, ready to be searched.
pub(super) static MARKERS: LazyLock<Markers> = LazyLock::new(|| {
    // A test reads the table: nothing fails here.
    Markers::read(include_str!("agents.toml")).unwrap_or_default()
});

/// `[class]`, then `family = [markers]`.
type Table = BTreeMap<AgentClass, BTreeMap<&'static str, Vec<&'static str>>>;

/// What markers stand for, and the automaton that finds them.
#[derive(Default)]
pub(super) struct Markers {
    meanings: Vec<Meaning>,
    automaton: Option<AhoCorasick>,
}

struct Meaning {
    family: &'static str,
    class: AgentClass,
    /// Counts at the start only.
    leads: bool,
}

impl Markers {
    /// Reads the table; the fault in words where it can't be read.
    pub(super) fn read(text: &'static str) -> Result<Markers, String> {
        let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut patterns = Vec::new();
        let mut meanings = Vec::new();
        for (class, families) in table {
            for (family, markers) in families {
                for marker in markers {
                    let leads = marker.starts_with('^');
                    patterns.push(marker.trim_start_matches('^'));
                    meanings.push(Meaning { family, class, leads });
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(patterns)
            .map_err(|error| error.to_string())?;
        Ok(Markers { meanings, automaton: Some(automaton) })
    }

    /// The family and class of an agent: of the class that goes first, then the first in the text, then the longest.
    pub(super) fn find(&self, text: &str) -> Option<(&'static str, AgentClass)> {
        let is_word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        let best = self
            .automaton
            .as_ref()?
            .find_overlapping_iter(text)
            .filter(|found| {
                let (start, end) = (found.start(), found.end());
                let before = start.checked_sub(1).and_then(|at| bytes.get(at));
                let stands_alone = !(is_word(before) && is_word(bytes.get(start)));
                let ends = !(is_word(bytes.get(end)) && is_word(bytes.get(end - 1)));
                let leads = self.meanings[found.pattern()].leads;
                stands_alone && ends && (!leads || start == 0)
            })
            .min_by_key(|found| (self.meanings[found.pattern()].class, found.start(), Reverse(found.end())))?;
        let meaning = &self.meanings[best.pattern()];
        Some((meaning.family, meaning.class))
    }
}
