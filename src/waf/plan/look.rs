//! Looking for literals in the texts of a line.

use super::hits::{Arguments, Within};
use super::{Lists, Node, Plan, Scratch, Slot, Source, Sources, Text, repeated};

/// What is in the path of the URI.
const PATH: Sources =
    Source::UriRaw.bit() | Source::Uri.bit() | Source::Filename.bit() | Source::PathInfo.bit() | Source::Basename.bit();
/// What is in its query.
const QUERY: Sources =
    Source::UriRaw.bit() | Source::Uri.bit() | Source::Query.bit() | Source::Args.bit() | Source::ArgNames.bit();

/// No arguments.
const NONE: Within = Within { names: Arguments::NONE, values: Arguments::NONE };

impl Plan {
    /// Leaves the rules that may match in the scratch, whose line has been read and whose signals are set. `matches`
    /// asks a rule.
    pub(in crate::waf) fn candidates(
        &self,
        nodes: &[Node],
        signals: &[Slot],
        scratch: &mut Scratch,
        matches: impl Fn(&mut Scratch, u32) -> bool,
    ) {
        scratch.candidates.clear();
        scratch.candidates.extend_from_slice(&self.always);
        scratch.hits_of.clear(self.sources_of.len());
        for (signal, rules) in signals.iter().zip(&self.needs_signal) {
            if scratch.is_set(*signal) {
                rules.iter().for_each(|rule| add(&mut scratch.candidates, *rule));
            }
        }
        self.names(scratch);
        self.uri(scratch);
        for (at, source) in repeated::SOURCES.into_iter().enumerate() {
            self.repeated(nodes, scratch, at, source, &matches);
        }
        for lists in self.nodes_of.iter().filter(|lists| !repeated::SOURCES.contains(&lists.source)) {
            if !matches!(lists.source, Source::Args | Source::ArgNames) {
                if let Some(text) = scratch.line.one(lists.source) {
                    self.transformed(nodes, scratch, lists, text, NONE);
                }
                continue;
            }
            let summary = scratch.line.summary(&mut scratch.texts, lists.source, 0);
            if summary.is_some_and(|summary| lists.acts_on.is_some_and(|acts_on| !acts_on.meet(summary.kinds))) {
                // As they are, they have been looked at with the URI.
                continue;
            }
            for at in 0..scratch.line.args.len() {
                let (name, value) = scratch.line.args[at];
                let (text, within) = match lists.source {
                    Source::Args => (value, Within { values: Arguments::at(at), ..NONE }),
                    _ => (name, Within { names: Arguments::at(at), ..NONE }),
                };
                self.transformed(nodes, scratch, lists, text, within);
            }
        }
    }

    /// What lists of transformations make of a text.
    fn transformed(&self, nodes: &[Node], scratch: &mut Scratch, lists: &Lists, text: Text, within: Within) {
        let kinds = scratch.texts.kinds(text);
        if lists.acts_on.is_some_and(|acts_on| !acts_on.meet(kinds)) {
            return self.look(scratch, text, lists.source.bit(), within);
        }
        for node in &lists.nodes {
            let text = if nodes[*node].keeps(kinds) { text } else { scratch.transformed(nodes, text, *node) };
            self.look(scratch, text, lists.source.bit(), within);
        }
    }

    /// The candidates of a source whose values come again and again: of the rules that look at nothing else, those that
    /// match.
    fn repeated(
        &self,
        nodes: &[Node],
        scratch: &mut Scratch,
        at: usize,
        source: Source,
        matches: impl Fn(&mut Scratch, u32) -> bool,
    ) {
        let Some(text) = scratch.line.one(source) else { return };
        let Scratch { repeated, texts, candidates, .. } = scratch;
        if let Some(rules) = repeated.get(at, texts.get(text)) {
            rules.iter().for_each(|rule| add(candidates, *rule));
            return;
        }
        std::mem::swap(&mut scratch.candidates, &mut scratch.other_candidates);
        scratch.candidates.clear();
        scratch.candidates.resize(scratch.other_candidates.len(), 0);
        for lists in self.nodes_of.iter().filter(|lists| lists.source == source) {
            self.transformed(nodes, scratch, lists, text, NONE);
        }
        let ungated = self.ungated_of.iter().filter(|(of, _)| *of == source);
        ungated.for_each(|(_, rule)| add(&mut scratch.candidates, *rule));
        std::mem::swap(&mut scratch.candidates, &mut scratch.other_candidates);
        let mut rules = Vec::new();
        for at in 0..scratch.other_candidates.len() {
            let mut word = scratch.other_candidates[at];
            while word != 0 {
                let rule = at as u32 * 64 + word.trailing_zeros();
                word &= word - 1;
                if self.only_source[rule as usize].is_none() || matches(scratch, rule) {
                    rules.push(rule);
                }
            }
        }
        rules.iter().for_each(|rule| add(&mut scratch.candidates, *rule));
        let Scratch { repeated, texts, .. } = scratch;
        repeated.insert(at, texts.get(text), rules);
    }

    /// The rules that look at arguments by their names.
    fn names(&self, scratch: &mut Scratch) {
        let Scratch { texts, line, candidates, lowercased, named, .. } = scratch;
        *named = Arguments::NONE;
        for (at, (name, _)) in line.args.iter().enumerate() {
            let name = texts.get(*name);
            let shape = shape(name);
            if self.name_shapes[shape / 64] >> (shape % 64) & 1 == 0 {
                continue;
            }
            lowercased.clear();
            lowercased.extend(name.iter().map(u8::to_ascii_lowercase));
            let Some(rules) = self.by_name.get(lowercased.as_slice()) else { continue };
            rules.iter().for_each(|rule| add(candidates, *rule));
            *named = named.and(Arguments::at(at));
        }
    }

    /// The URI once for all that are parts of it.
    fn uri(&self, scratch: &mut Scratch) {
        let Some(raw) = scratch.line.one(Source::UriRaw) else { return };
        let query_at = scratch.line.query_at;
        let starts = std::mem::take(&mut scratch.line.starts);
        self.find(scratch, raw, |from, to| {
            if to <= query_at {
                (PATH, NONE)
            } else if from > query_at {
                let at = Arguments::at(starts.partition_point(|start| *start as usize <= from).saturating_sub(1));
                (QUERY, Within { names: at, values: at })
            } else {
                (PATH & QUERY, NONE)
            }
        });
        scratch.line.starts = starts;
        if let Some(decoded) = scratch.line.decoded {
            let sources = if self.looks_at_uri { PATH } else { PATH & !Source::Uri.bit() };
            let filename = scratch.line.one(Source::Filename).unwrap_or(decoded);
            let path = if self.looks_at_uri { decoded } else { filename };
            if scratch.texts.range(path).start >= scratch.texts.range(decoded).start {
                self.find(scratch, path, |_, _| (sources, NONE));
            }
        }
        let known = |scratch: &mut Scratch, text: Text| scratch.looked_at[text as usize] = !0;
        known(scratch, raw);
        for source in [Source::Uri, Source::Filename, Source::PathInfo, Source::Basename, Source::Query] {
            if let Some(text) = scratch.line.one(source) {
                known(scratch, text);
            }
        }
        let whole = scratch.texts.range(raw);
        for at in 0..scratch.line.args.len() {
            let (name, value) = scratch.line.args[at];
            let here = Arguments::at(at);
            for (text, source, within) in [
                (name, Source::ArgNames, Within { names: here, ..NONE }),
                (value, Source::Args, Within { values: here, ..NONE }),
            ] {
                if scratch.texts.range(text).end <= whole.end {
                    known(scratch, text);
                } else {
                    self.look(scratch, text, source.bit(), within);
                }
            }
        }
    }

    /// Looks at a text that is of these sources, unless that is done.
    fn look(&self, scratch: &mut Scratch, text: Text, sources: Sources, within: Within) {
        let text = scratch.but_case(text);
        if scratch.looked_at.len() <= text as usize {
            scratch.looked_at.resize(text as usize + 1, 0);
        }
        let done = &mut scratch.looked_at[text as usize];
        if *done & sources == sources {
            return;
        }
        *done |= sources;
        self.find(scratch, text, |_, _| (sources, within));
    }

    /// Adds the rules of all literals in a text. `of` says which sources a place, from and to, is of, and which
    /// arguments.
    fn find(&self, scratch: &mut Scratch, text: Text, of: impl Fn(usize, usize) -> (Sources, Within)) {
        let Scratch { texts, candidates, hits_of, lowercased, .. } = scratch;
        let start = texts.range(text).start;
        self.finder.find(texts.get(text), lowercased, |literal, from, to| {
            let (sources, within) = of(from, to);
            for rule in &self.rules_of[literal] {
                if self.sources_of[*rule as usize] & sources != 0 {
                    add(candidates, *rule);
                    hits_of.add(*rule, start + from, start + to, within);
                }
            }
        });
    }

    /// Whether the values of a source were looked at for what a link of a rule needs.
    pub(in crate::waf) fn is_gated(&self, rule: usize, link: usize, source: Source) -> bool {
        self.literal_link[rule] == Some(link) && !repeated::SOURCES.contains(&source) && source != Source::Headers
    }

    /// Whether a text may be one that a link of a rule matches: one of the rule's literals was found in it. The text is
    /// one that the plan looked at.
    pub(in crate::waf) fn may_match(
        &self,
        scratch: &Scratch,
        rule: usize,
        link: usize,
        source: Source,
        text: Text,
    ) -> bool {
        !self.is_gated(rule, link, source)
            || scratch.hits_of.any_within(rule, scratch.texts.range(scratch.but_case(text)))
    }
}

/// How many shapes of names there are.
pub(super) const SHAPES: usize = 1 << 15;

/// What is seen of a name at a glance, whatever the case of its letters: its first byte, its last one, its length.
pub(super) fn shape(name: &[u8]) -> usize {
    let byte = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or(0)) % 32;
    byte(name.first()) << 10 | byte(name.last()) << 5 | (name.len() % 32)
}

fn add(candidates: &mut [u64], rule: u32) {
    if let Some(word) = candidates.get_mut(rule as usize / 64) {
        *word |= 1 << (rule % 64);
    }
}
