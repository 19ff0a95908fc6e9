//! A pattern run as PCRE runs it, by trying and going back, in a bounded number of steps. Only for what
//! [`super::lower`] can't say exactly, and only where its superset matched.

use super::node::{ByteSet, Greed, Node, Place};
use crate::waf::operators::OperatorError;

/// Repetitions are written out; longer programs are refused.
const LONGEST: usize = 50_000;

/// Steps for one value: so many, and so many more a byte. What isn't decided by then doesn't match, as in PCRE with its
/// match limit.
const STEPS: usize = 20_000;
const STEPS_A_BYTE: usize = 256;

#[derive(Debug)]
enum Step {
    Byte(ByteSet),
    Place(Place),
    /// First here, and if that leads nowhere, there.
    Split(usize, usize),
    Go(usize),
    /// Notes the place in a slot.
    Note(usize),
    /// Ends a group that began at the place in a slot. Until then the group is what it was before.
    Close {
        group: usize,
        start: usize,
    },
    /// Goes round again only if bytes were read since the place was noted in a slot.
    Advanced(usize),
    Again {
        group: usize,
        any_case: bool,
    },
    /// A part that runs by itself, up to its own [`Step::Matched`]; then goes on at `after`.
    Part {
        kind: Part,
        start: usize,
        after: usize,
    },
    Matched,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Atomic,
    Ahead {
        negative: bool,
    },
    /// Each choice with how far before the place it starts.
    Behind {
        negative: bool,
        width: usize,
    },
}

/// A pattern, ready to run.
pub struct Program {
    steps: Vec<Step>,
    slots: usize,
}

/// Places of groups: two slots each, start and end, group 0 first.
pub type Slots = Vec<Option<usize>>;

impl Program {
    /// # Errors
    /// When repetitions make it too long.
    pub fn of(pattern: &Node, groups: usize) -> Result<Self, OperatorError> {
        let mut program = Program { steps: Vec::new(), slots: 2 * (groups + 1) };
        program.add(pattern)?;
        program.push(Step::Matched)?;
        Ok(program)
    }

    fn push(&mut self, step: Step) -> Result<usize, OperatorError> {
        if self.steps.len() >= LONGEST {
            return Err(OperatorError::Pattern { at: 0, why: "its repetitions make it too large".to_owned() });
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn new_slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    fn add(&mut self, node: &Node) -> Result<(), OperatorError> {
        match node {
            Node::Empty => {}
            Node::Bytes(set) => {
                self.push(Step::Byte(*set))?;
            }
            Node::Place(place) => {
                self.push(Step::Place(*place))?;
            }
            Node::Group(number, node) => {
                let start = self.new_slot();
                self.push(Step::Note(start))?;
                self.add(node)?;
                self.push(Step::Close { group: *number, start })?;
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.add(node))?,
            Node::Choice(nodes) => self.choice(nodes)?,
            Node::Repeat { node, least, most, greed } => {
                for _ in 0..*least {
                    self.add(node)?;
                }
                match most {
                    None => self.unbounded(node, *greed)?,
                    Some(most) => self.optional(node, most - least, *greed)?,
                }
            }
            Node::Atomic(node) => self.part(Part::Atomic, node)?,
            Node::Around { ahead: true, negative, node } => self.part(Part::Ahead { negative: *negative }, node)?,
            Node::Around { ahead: false, negative, node } => self.behind(*negative, node)?,
            Node::Again { group, any_case } => {
                self.push(Step::Again { group: *group, any_case: *any_case })?;
            }
        }
        Ok(())
    }

    fn choice(&mut self, nodes: &[Node]) -> Result<(), OperatorError> {
        let mut ends = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            let split = if at + 1 < nodes.len() { Some(self.push(Step::Split(0, 0))?) } else { None };
            self.add(node)?;
            if let Some(split) = split {
                ends.push(self.push(Step::Go(0))?);
                self.steps[split] = Step::Split(split + 1, self.steps.len());
            }
        }
        for end in ends {
            self.steps[end] = Step::Go(self.steps.len());
        }
        Ok(())
    }

    /// A round that reads nothing is the last.
    fn unbounded(&mut self, node: &Node, greed: Greed) -> Result<(), OperatorError> {
        let slot = self.new_slot();
        let split = self.push(Step::Split(0, 0))?;
        self.push(Step::Note(slot))?;
        self.add(node)?;
        self.push(Step::Advanced(slot))?;
        self.push(Step::Go(split))?;
        self.set_split(split, greed);
        Ok(())
    }

    fn optional(&mut self, node: &Node, rounds: u32, greed: Greed) -> Result<(), OperatorError> {
        let mut splits = Vec::new();
        for _ in 0..rounds {
            splits.push(self.push(Step::Split(0, 0))?);
            self.add(node)?;
        }
        for split in splits {
            self.set_split(split, greed);
        }
        Ok(())
    }

    /// Between what follows the split and what comes next in the program.
    fn set_split(&mut self, split: usize, greed: Greed) {
        let next = self.steps.len();
        self.steps[split] = match greed {
            Greed::Greedy => Step::Split(split + 1, next),
            Greed::Lazy => Step::Split(next, split + 1),
        };
    }

    fn part(&mut self, kind: Part, node: &Node) -> Result<(), OperatorError> {
        let at = self.push(Step::Matched)?;
        self.add(node)?;
        self.push(Step::Matched)?;
        self.steps[at] = Step::Part { kind, start: at + 1, after: self.steps.len() };
        Ok(())
    }

    /// Of a positive look behind, one of the choices has to match; of a negative one, none.
    fn behind(&mut self, negative: bool, node: &Node) -> Result<(), OperatorError> {
        let nodes = match node {
            Node::Choice(nodes) => nodes.as_slice(),
            node => std::slice::from_ref(node),
        };
        let width = |node: &Node| {
            let why = "what is looked for behind must have a fixed length".to_owned();
            node.width().ok_or(OperatorError::Pattern { at: 0, why })
        };
        let mut ends = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            let kind = Part::Behind { negative, width: width(node)? };
            let more = !negative && at + 1 < nodes.len();
            let split = if more { Some(self.push(Step::Split(0, 0))?) } else { None };
            self.part(kind, node)?;
            if let Some(split) = split {
                ends.push(self.push(Step::Go(0))?);
                self.steps[split] = Step::Split(split + 1, self.steps.len());
            }
        }
        for end in ends {
            self.steps[end] = Step::Go(self.steps.len());
        }
        Ok(())
    }

    /// A run over one value.
    pub fn run<'r>(&'r self, value: &'r [u8]) -> Run<'r> {
        let steps_left = STEPS + STEPS_A_BYTE.saturating_mul(value.len());
        Run { program: self, value, slots: vec![None; self.slots], steps_left }
    }
}

/// The state of a run; the steps left are those for the whole value.
pub struct Run<'r> {
    program: &'r Program,
    value: &'r [u8],
    slots: Slots,
    steps_left: usize,
}

/// What there is to go back to.
enum Back {
    Try { step: usize, at: usize },
    Slot { slot: usize, was: Option<usize> },
}

impl Run<'_> {
    /// Whether the steps are used up.
    pub fn is_spent(&self) -> bool {
        self.steps_left == 0
    }

    /// The slots of the match that starts here, if one does.
    pub fn match_at(&mut self, start: usize) -> Option<&Slots> {
        self.slots.fill(None);
        let end = self.part(0, start)?;
        self.slots[0] = Some(start);
        self.slots[1] = Some(end);
        Some(&self.slots)
    }

    /// Where a part ends that starts here, if it matches. Parts nest no deeper than groups do.
    fn part(&mut self, mut step: usize, mut at: usize) -> Option<usize> {
        let mut back: Vec<Back> = Vec::new();
        loop {
            self.steps_left = self.steps_left.checked_sub(1)?;
            let next = match &self.program.steps[step] {
                Step::Matched => return Some(at),
                Step::Byte(set) => match self.value.get(at) {
                    Some(byte) if set.has(*byte) => {
                        at += 1;
                        Some(step + 1)
                    }
                    _ => None,
                },
                Step::Place(place) => holds(*place, self.value, at).then_some(step + 1),
                Step::Split(first, second) => {
                    back.push(Back::Try { step: *second, at });
                    Some(*first)
                }
                Step::Go(to) => Some(*to),
                Step::Note(slot) => {
                    self.set(*slot, Some(at), &mut back);
                    Some(step + 1)
                }
                Step::Close { group, start } => {
                    self.set(2 * group, self.slots[*start], &mut back);
                    self.set(2 * group + 1, Some(at), &mut back);
                    Some(step + 1)
                }
                // A round that read nothing leads out of the rounds, past the way back to their start.
                Step::Advanced(slot) => Some(if self.slots[*slot] == Some(at) { step + 2 } else { step + 1 }),
                Step::Again { group, any_case } => self.again(*group, *any_case, at).map(|end| {
                    at = end;
                    step + 1
                }),
                Step::Part { kind, start, after } => {
                    let (kind, start, after) = (*kind, *start, *after);
                    self.inner(kind, start, at, &mut back).map(|end| {
                        at = end;
                        after
                    })
                }
            };
            step = match next {
                Some(next) => next,
                None => loop {
                    match back.pop()? {
                        Back::Slot { slot, was } => self.slots[slot] = was,
                        Back::Try { step, at: there } => {
                            at = there;
                            break step;
                        }
                    }
                },
            };
        }
    }

    fn set(&mut self, slot: usize, to: Option<usize>, back: &mut Vec<Back>) {
        back.push(Back::Slot { slot, was: self.slots[slot] });
        self.slots[slot] = to;
    }

    /// Where to go on after a part, if it lets.
    fn inner(&mut self, kind: Part, start: usize, at: usize, back: &mut Vec<Back>) -> Option<usize> {
        let before = self.slots.clone();
        let (from, negative) = match kind {
            Part::Atomic => (Some(at), false),
            Part::Ahead { negative } => (Some(at), negative),
            Part::Behind { negative, width } => (at.checked_sub(width), negative),
        };
        let end = from.and_then(|from| self.part(start, from));
        if self.is_spent() {
            return None;
        }
        if end.is_some() == negative {
            self.slots = before;
            return None;
        }
        if negative {
            self.slots = before;
        } else {
            let changed = before.iter().zip(&self.slots).enumerate().filter(|(_, (was, is))| was != is);
            back.extend(changed.map(|(slot, (was, _))| Back::Slot { slot, was: *was }));
        }
        match kind {
            Part::Atomic => end,
            _ => Some(at),
        }
    }

    fn again(&self, group: usize, any_case: bool, at: usize) -> Option<usize> {
        let text = self.value.get(self.slots[2 * group]?..self.slots[2 * group + 1]?)?;
        let here = self.value.get(at..at + text.len())?;
        let same = if any_case { here.eq_ignore_ascii_case(text) } else { here == text };
        same.then_some(at + text.len())
    }
}

fn holds(place: Place, value: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| value[before]);
    let after = value.get(at).copied();
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match place {
        Place::Start => before.is_none(),
        Place::LineStart => before.is_none() || before == Some(b'\n') && after.is_some(),
        Place::End => after.is_none(),
        Place::LastLineEnd => after.is_none() || after == Some(b'\n') && at + 1 == value.len(),
        Place::LineEnd => after.is_none() || after == Some(b'\n'),
        Place::WordEdge => is_word(before) != is_word(after),
        Place::NoWordEdge => is_word(before) == is_word(after),
    }
}
