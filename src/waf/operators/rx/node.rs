//! A pattern as a tree.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// Every byte.
    pub const ALL: ByteSet = ByteSet([u64::MAX; 4]);

    /// The bytes of these ranges.
    pub const fn of(ranges: &[(u8, u8)]) -> Self {
        let mut set = ByteSet([0; 4]);
        let mut at = 0;
        while at < ranges.len() {
            let mut byte = ranges[at].0;
            loop {
                set.0[(byte >> 6) as usize] |= 1 << (byte & 63);
                if byte == ranges[at].1 {
                    break;
                }
                byte += 1;
            }
            at += 1;
        }
        set
    }

    /// One byte.
    pub const fn one(byte: u8) -> Self {
        Self::of(&[(byte, byte)])
    }

    /// Whether a byte is in it.
    pub const fn has(&self, byte: u8) -> bool {
        self.0[(byte >> 6) as usize] & (1 << (byte & 63)) != 0
    }

    /// Adds those of another.
    pub fn add(&mut self, other: ByteSet) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
    }

    /// The others.
    pub fn negated(self) -> Self {
        ByteSet(self.0.map(|bits| !bits))
    }

    /// With both cases of its ASCII letters.
    pub fn in_any_case(self) -> Self {
        let mut set = self;
        for byte in self.bytes().filter(u8::is_ascii_alphabetic) {
            set.add(ByteSet::one(byte ^ 0x20));
        }
        set
    }

    /// In order.
    pub fn bytes(self) -> impl Iterator<Item = u8> {
        (0..=255).filter(move |byte| self.has(*byte))
    }
}

/// What holds at a place between two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `\A`, `\G`, and `^` without multi-line mode.
    Start,
    /// `^`: the start, and after a line feed that doesn't end the value.
    LineStart,
    /// `\z`.
    End,
    /// `\Z`, and `$` without multi-line mode: the end, and before a line feed that ends the value.
    LastLineEnd,
    /// `$`: the end, and before each line feed.
    LineEnd,
    /// `\b`.
    WordEdge,
    /// `\B`.
    NoWordEdge,
}

/// Which number of repetitions is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greed {
    /// The most.
    Greedy,
    /// The fewest.
    Lazy,
}

/// A pattern or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Nothing, anywhere.
    Empty,
    /// One byte of these.
    Bytes(ByteSet),
    /// A place.
    Place(Place),
    /// A capturing group and its number, from 1.
    Group(usize, Box<Node>),
    /// One after the other.
    Sequence(Vec<Node>),
    /// The first of these that lets the rest match.
    Choice(Vec<Node>),
    /// Repetitions.
    Repeat {
        /// Of what.
        node: Box<Node>,
        /// How many at least.
        least: u32,
        /// How many at most.
        most: Option<u32>,
        /// Which first.
        greed: Greed,
    },
    /// What it matched first stays matched: `(?>…)` and possessive repetitions.
    Atomic(Box<Node>),
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
    Around {
        /// Of what follows; else of what comes before.
        ahead: bool,
        /// Whether it must not match.
        negative: bool,
        /// What.
        node: Box<Node>,
    },
    /// The text that a group matched last.
    Again {
        /// The group.
        group: usize,
        /// Whether in any case.
        any_case: bool,
    },
}

impl Node {
    /// How many bytes it matches, where that is always the same. `None` also for what looks back at text.
    pub fn width(&self) -> Option<usize> {
        match self {
            Node::Empty | Node::Place(_) | Node::Around { .. } => Some(0),
            Node::Bytes(_) => Some(1),
            Node::Group(_, node) | Node::Atomic(node) => node.width(),
            Node::Sequence(nodes) => nodes.iter().map(Node::width).sum(),
            Node::Choice(nodes) => {
                let mut widths = nodes.iter().map(Node::width);
                let first = widths.next()??;
                widths.all(|width| width == Some(first)).then_some(first)
            }
            Node::Repeat { node, least, most, .. } if *most == Some(*least) => {
                node.width()?.checked_mul(usize::try_from(*least).ok()?)
            }
            Node::Repeat { .. } | Node::Again { .. } => None,
        }
    }
}
