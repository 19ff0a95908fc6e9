//! What a thread works with: the texts of a line, what was made of them, and what rules have set. It keeps its memory
//! from line to line.

use super::Engine;
use super::program::{NodeAt, RuleAt, Slot};
use crate::waf::Kinds;
use crate::waf::operators::Captures;
use crate::waf::plan::{Arguments, Hits, Repeated};
use crate::waf::variables::{Line, Sources, Text, Texts};

/// Room for one thread's work; made by [`Engine::scratch`], and good for that engine only.
pub struct Scratch {
    pub(in crate::waf) texts: Texts,
    fixed: (usize, usize),
    pub(in crate::waf) line: Line,
    /// Of each text that the line came with, and each list of transformations, what it became; 0 where nobody asked.
    memo: Vec<Text>,
    nodes: usize,
    /// The texts of the line itself are those before this one.
    base: usize,
    buffer: Vec<u8>,
    pub(in crate::waf) lowercased: Vec<u8>,
    pub(super) expanded: Vec<u8>,
    pub(super) captures: Captures,
    pub(super) tx: Vec<Option<Text>>,
    /// Keys that only a macro named.
    pub(super) other_tx: Vec<(Box<str>, Text)>,
    /// What setvars have written of texts with macros, in bytes.
    pub(super) written: usize,
    pub(super) matched: Vec<Matched>,
    pub(super) values: Vec<Value>,
    pub(super) removed: Vec<RuleAt>,
    pub(super) removed_targets: Vec<usize>,
    pub(super) points: u32,
    pub(super) hits: Vec<Hit>,
    pub(super) ids: Vec<u32>,
    /// The rules that may hit, one bit each.
    pub(in crate::waf) candidates: Vec<u64>,
    /// Room for those of one value.
    pub(in crate::waf) other_candidates: Vec<u64>,
    pub(in crate::waf) repeated: Repeated,
    pub(in crate::waf) hits_of: Hits,
    /// The arguments with a name that some rule has.
    pub(in crate::waf) named: Arguments,
    /// Of each text, the sources it was looked at for.
    pub(in crate::waf) looked_at: Vec<Sources>,
    /// Of each text that differs from another only in case, that other; 0 of the rest.
    pub(in crate::waf) same_but_case: Vec<Text>,
}

/// A value that a link looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// Which target of the link it is of.
    pub(super) target: usize,
    /// Its key; empty where it has none.
    pub(super) key: Text,
    pub(super) text: Text,
}

/// A value that matched, as `MATCHED_VAR` and its like have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    pub(super) name: Text,
    pub(super) text: Text,
}

/// A rule that matched.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) rule: RuleAt,
    pub(super) points: u32,
    /// What the last of the links with a test matched, the first of its values.
    pub(super) found: Option<Found>,
    pub(super) msg: String,
    pub(super) logdata: String,
}

#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) link: usize,
    pub(super) value: Value,
    pub(super) node: NodeAt,
    pub(super) decoded: Text,
    pub(super) fragment: std::ops::Range<usize>,
}

impl Scratch {
    pub(super) fn new(engine: &Engine) -> Self {
        Scratch {
            texts: engine.fixed.clone(),
            fixed: (engine.fixed.len(), engine.fixed.byte_len()),
            line: Line::default(),
            memo: Vec::new(),
            nodes: engine.nodes.len(),
            base: 0,
            buffer: Vec::new(),
            lowercased: Vec::new(),
            expanded: Vec::new(),
            captures: Captures::default(),
            tx: engine.initial.clone(),
            other_tx: Vec::new(),
            written: 0,
            matched: Vec::new(),
            values: Vec::new(),
            removed: Vec::new(),
            removed_targets: Vec::new(),
            points: 0,
            hits: Vec::new(),
            ids: Vec::new(),
            candidates: Vec::new(),
            other_candidates: Vec::new(),
            repeated: Repeated::default(),
            hits_of: Hits::default(),
            named: Arguments::NONE,
            looked_at: Vec::new(),
            same_but_case: Vec::new(),
        }
    }

    /// The ids of the rules that matched the last request, in the order in which they did.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// As [`Scratch::ids`], each with the points of the rule.
    pub fn points(&self) -> impl Iterator<Item = (u32, u32)> {
        self.ids.iter().zip(&self.hits).map(|(id, hit)| (*id, hit.points))
    }

    /// Whether a key of `TX` is set.
    pub(in crate::waf) fn is_set(&self, slot: Slot) -> bool {
        self.tx.get(slot).is_some_and(Option::is_some)
    }

    /// Forgets the last line.
    pub(super) fn clear(&mut self, engine: &Engine) {
        self.texts.truncate(self.fixed.0, self.fixed.1);
        self.tx.copy_from_slice(&engine.initial);
        self.other_tx.clear();
        self.written = 0;
        self.matched.clear();
        self.removed.clear();
        self.removed_targets.clear();
        self.points = 0;
        self.hits.clear();
        self.ids.clear();
    }

    /// The texts up to now are those of the line; what transformations make of them is remembered.
    pub(super) fn line_is_read(&mut self) {
        self.base = self.texts.len();
        self.memo.clear();
        self.memo.resize((self.base - self.fixed.0) * self.nodes, 0);
        self.looked_at.clear();
        self.looked_at.resize(self.base, 0);
        self.same_but_case.clear();
    }

    /// What a list of transformations makes of a text: the text itself where nothing changes.
    pub(in crate::waf) fn transformed(&mut self, engine: &[super::Node], text: Text, node: NodeAt) -> Text {
        let step = engine[node];
        let Some(transformation) = step.last else { return text };
        if let Some(acts_on) = step.acts_on
            && !acts_on.meet(self.texts.kinds(text))
        {
            return text;
        }
        let place = (text as usize).checked_sub(self.fixed.0).map(|at| at * self.nodes + node);
        let place = place.filter(|place| *place < self.memo.len());
        if let Some(known) = place.map(|place| self.memo[place]).filter(|known| *known != 0) {
            return known;
        }
        let before = self.transformed(engine, text, step.before);
        let kinds = self.texts.kinds(before);
        let value = self.texts.get(before);
        let acts = transformation.acts_on().is_none_or(|acts_on| acts_on.meet(kinds));
        let after = if acts && transformation.may_change(value) && transformation.rewrite(value, &mut self.buffer) {
            let after = self.texts.push(&self.buffer);
            let only_case = transformation
                .acts_on()
                .is_some_and(|acts_on| acts_on.meet(kinds) && !acts_on.without(Kinds::UPPER_CASE).meet(kinds));
            if only_case || transformation.name == "uppercase" {
                let other = self.but_case(before);
                self.same_but_case.resize(after as usize + 1, 0);
                self.same_but_case[after as usize] = other;
            }
            after
        } else {
            before
        };
        if let Some(place) = place {
            self.memo[place] = after;
        }
        after
    }

    /// The first text that this one is but for case.
    pub(in crate::waf) fn but_case(&self, text: Text) -> Text {
        self.same_but_case.get(text as usize).copied().filter(|other| *other != 0).unwrap_or(text)
    }

    pub(super) fn value_of_tx(&self, key: &str, slot: Option<usize>) -> Option<Text> {
        match slot {
            Some(slot) => self.tx.get(slot).copied().flatten(),
            None => self.other_tx.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, text)| *text),
        }
    }
}
