//! From a pattern's tree to what the `regex-automata` crate runs in linear time. What it has no word for is lowered to
//! something that matches wherever the pattern does, and maybe elsewhere.

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

use super::node::{ByteSet, Greed, Node, Place};

/// A lowered pattern.
pub struct Lowered {
    pub hir: Hir,
    /// Whether it matches exactly what the pattern matches, but for [`line_starts`](Self::line_starts).
    pub exact: bool,
    /// Whether it has a `^`: it also matches after a line feed that ends the value, where PCRE's doesn't.
    pub line_starts: bool,
}

/// Lowers a pattern.
pub fn lower(pattern: &Node) -> Lowered {
    let mut lowering = Lowering { pattern, exact: true, line_starts: false };
    let hir = lowering.lower(pattern);
    Lowered { hir, exact: lowering.exact, line_starts: lowering.line_starts }
}

struct Lowering<'p> {
    pattern: &'p Node,
    exact: bool,
    line_starts: bool,
}

impl Lowering<'_> {
    fn lower(&mut self, node: &Node) -> Hir {
        match node {
            Node::Empty => Hir::empty(),
            Node::Bytes(set) => bytes(*set),
            Node::Place(place) => self.place(*place),
            Node::Group(number, node) => {
                let sub = Box::new(self.lower(node));
                Hir::capture(Capture { index: u32::try_from(*number).unwrap_or(u32::MAX), name: None, sub })
            }
            Node::Sequence(nodes) => Hir::concat(nodes.iter().map(|node| self.lower(node)).collect()),
            Node::Choice(nodes) => choice(nodes.iter().map(|node| self.lower(node)).collect()),
            Node::Repeat { node, least, most, greed } => {
                let sub = Box::new(self.lower(node));
                Hir::repetition(Repetition { min: *least, max: *most, greedy: *greed == Greed::Greedy, sub })
            }
            Node::Atomic(node) => {
                self.exact = false;
                self.lower(node)
            }
            Node::Around { .. } => {
                self.exact = false;
                Hir::empty()
            }
            Node::Again { group, any_case } => {
                self.exact = false;
                find(self.pattern, *group).map_or_else(Hir::empty, |node| text_of(node, *any_case))
            }
        }
    }

    fn place(&mut self, place: Place) -> Hir {
        Hir::look(match place {
            Place::Start => Look::Start,
            Place::LineStart => {
                self.line_starts = true;
                Look::StartLF
            }
            Place::End => Look::End,
            Place::LineEnd => Look::EndLF,
            Place::LastLineEnd => {
                self.exact = false;
                Look::EndLF
            }
            Place::WordEdge => Look::WordAscii,
            Place::NoWordEdge => Look::WordAsciiNegate,
        })
    }
}

/// What a group's text may be, wherever it stands: its places don't count.
fn text_of(node: &Node, any_case: bool) -> Hir {
    let of = |node: &Node| text_of(node, any_case);
    match node {
        Node::Empty | Node::Place(_) | Node::Around { .. } => Hir::empty(),
        Node::Bytes(set) => bytes(if any_case { set.in_any_case() } else { *set }),
        Node::Group(_, node) | Node::Atomic(node) => of(node),
        Node::Sequence(nodes) => Hir::concat(nodes.iter().map(of).collect()),
        Node::Choice(nodes) => Hir::alternation(nodes.iter().map(of).collect()),
        Node::Repeat { node, least, most, .. } => {
            Hir::repetition(Repetition { min: *least, max: *most, greedy: true, sub: Box::new(of(node)) })
        }
        Node::Again { .. } => {
            let any = Box::new(bytes(ByteSet::ALL));
            Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub: any })
        }
    }
}

/// `regex-syntax` takes what all choices begin with out of them. If that has more than one length, the choices are then
/// not tried in their order: `a+$|a+b` isn't `a+(?:$|b)`. A choice that never matches keeps it from doing so.
fn choice(mut choices: Vec<Hir>) -> Hir {
    let parts = |choice: &Hir| match choice.kind() {
        HirKind::Concat(parts) => parts.clone(),
        _ => Vec::new(),
    };
    let first = choices.first().map(parts).unwrap_or_default();
    let common =
        choices.iter().map(|choice| first.iter().zip(parts(choice)).take_while(|(a, b)| **a == *b).count()).min();
    let has_one_length = |part: &Hir| part.properties().minimum_len() == part.properties().maximum_len();
    if !first[..common.unwrap_or(0)].iter().all(has_one_length) {
        choices.push(Hir::fail());
    }
    Hir::alternation(choices)
}

fn find(node: &Node, group: usize) -> Option<&Node> {
    match node {
        Node::Group(number, node) if *number == group => Some(node),
        Node::Group(_, node) | Node::Atomic(node) | Node::Repeat { node, .. } | Node::Around { node, .. } => {
            find(node, group)
        }
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().find_map(|node| find(node, group)),
        Node::Empty | Node::Bytes(_) | Node::Place(_) | Node::Again { .. } => None,
    }
}

fn bytes(set: ByteSet) -> Hir {
    Hir::class(Class::Bytes(ClassBytes::new(set.bytes().map(|byte| ClassBytesRange::new(byte, byte)))))
}
