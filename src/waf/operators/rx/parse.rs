//! Patterns as PCRE2 reads them (pcre2pattern(3), release 10.42), compiled as libmodsecurity does: `.` takes line ends,
//! `^` and `$` know lines, bytes are bytes. Not read: Unicode properties, recursion, conditions, verbs, `\K`, callouts.

use super::node::{ByteSet, Greed, Node, Place};
use crate::waf::operators::OperatorError;

mod class;
mod escape;

/// Groups in groups; deeper patterns are refused.
const DEEPEST: usize = 200;

/// PCRE2's own bound for `{n}`.
const MOST_REPETITIONS: u32 = 65_535;

/// A pattern's tree and how many groups it has.
pub struct Parsed {
    pub node: Node,
    pub groups: usize,
}

/// Reads a pattern.
pub fn parse(pattern: &[u8]) -> Result<Parsed, OperatorError> {
    // What `\12` means depends on how many groups there are. There may be as many as parentheses, until it is known.
    let parentheses = pattern.iter().filter(|byte| **byte == b'(').count();
    let parsed = parse_with(pattern, parentheses)?;
    if parsed.groups == parentheses { Ok(parsed) } else { parse_with(pattern, parsed.groups) }
}

fn parse_with(pattern: &[u8], all_groups: usize) -> Result<Parsed, OperatorError> {
    let mut parser = Parser {
        pattern,
        at: 0,
        groups: 0,
        all_groups,
        names: Vec::new(),
        flags: Flags { any_case: false, multi_line: true, dot_all: true, extended: false },
        depth: 0,
    };
    let node = parser.choice()?;
    if parser.at < pattern.len() {
        return Err(parser.fault("this ) closes nothing: write \\)"));
    }
    Ok(Parsed { node, groups: parser.groups })
}

#[derive(Clone, Copy)]
struct Flags {
    any_case: bool,
    multi_line: bool,
    dot_all: bool,
    extended: bool,
}

struct Parser<'p> {
    pattern: &'p [u8],
    at: usize,
    groups: usize,
    /// Those behind the place that is read are counted, too.
    all_groups: usize,
    names: Vec<(&'p [u8], usize)>,
    flags: Flags,
    depth: usize,
}

impl<'p> Parser<'p> {
    fn fault(&self, why: &str) -> OperatorError {
        self.fault_at(self.at, why)
    }

    fn fault_at(&self, at: usize, why: &str) -> OperatorError {
        OperatorError::Pattern { at, why: why.to_owned() }
    }

    fn rest(&self) -> &'p [u8] {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.pattern.get(self.at).copied()
    }

    fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Alternatives up to a `)` or the end. Flags set within hold up to there.
    fn choice(&mut self) -> Result<Node, OperatorError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("groups are nested too deep"));
        }
        let outer = self.flags;
        let mut choices = vec![self.sequence()?];
        while self.eat(b"|") {
            choices.push(self.sequence()?);
        }
        self.flags = outer;
        self.depth -= 1;
        Ok(if choices.len() == 1 { choices.remove(0) } else { Node::Choice(choices) })
    }

    fn sequence(&mut self) -> Result<Node, OperatorError> {
        let mut nodes = Vec::new();
        loop {
            if self.flags.extended && self.skip_blanks() {
                continue;
            }
            match self.peek() {
                None | Some(b'|' | b')') => break,
                _ => {}
            }
            if self.eat(b"\\Q") {
                let end = memchr::memmem::find(self.rest(), b"\\E");
                let text = &self.rest()[..end.unwrap_or(self.rest().len())];
                let (last, before) = match text.split_last() {
                    Some((last, before)) => (Some(*last), before),
                    None => (None, text),
                };
                nodes.extend(before.iter().map(|byte| self.literal(*byte)));
                self.at += text.len() + if end.is_some() { 2 } else { 0 };
                if let Some(last) = last {
                    let node = self.literal(last);
                    nodes.push(self.repeated(node)?);
                }
                continue;
            }
            if self.eat(b"\\E") || self.comment()? || self.inline_flags()? {
                continue;
            }
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    /// Of extended mode.
    fn skip_blanks(&mut self) -> bool {
        match self.peek() {
            Some(b' ' | 0x09..=0x0d) => self.at += 1,
            Some(b'#') => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
            _ => return false,
        }
        true
    }

    fn comment(&mut self) -> Result<bool, OperatorError> {
        if !self.rest().starts_with(b"(?#") {
            return Ok(false);
        }
        let length = memchr::memchr(b')', self.rest()).ok_or_else(|| self.fault("this comment has no )"))?;
        self.at += length + 1;
        Ok(true)
    }

    /// `(?i)` and its like, which hold for the rest of the group.
    fn inline_flags(&mut self) -> Result<bool, OperatorError> {
        let Some(flags) = self.rest().strip_prefix(b"(?") else { return Ok(false) };
        let length = flags.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'-').count();
        if flags.get(length) != Some(&b')') {
            return Ok(false);
        }
        self.at += 2;
        self.set_flags(length)?;
        self.at += 1;
        Ok(true)
    }

    fn set_flags(&mut self, length: usize) -> Result<(), OperatorError> {
        let mut on = true;
        for _ in 0..length {
            match self.peek() {
                Some(b'-') => on = false,
                Some(b'i') => self.flags.any_case = on,
                Some(b'm') => self.flags.multi_line = on,
                Some(b's') => self.flags.dot_all = on,
                Some(b'x') => self.flags.extended = on,
                _ => return Err(self.fault("of the flags, only i, m, s and x are known here")),
            }
            self.at += 1;
        }
        Ok(())
    }

    fn literal(&self, byte: u8) -> Node {
        self.bytes(ByteSet::one(byte))
    }

    fn bytes(&self, set: ByteSet) -> Node {
        Node::Bytes(if self.flags.any_case { set.in_any_case() } else { set })
    }

    fn atom(&mut self) -> Result<Node, OperatorError> {
        let start = self.at;
        let Some(byte) = self.peek() else { return Ok(Node::Empty) };
        if byte == b'(' {
            return self.group();
        }
        self.at += 1;
        Ok(match byte {
            b'[' => self.class()?,
            b'\\' => self.escape()?,
            b'.' if self.flags.dot_all => Node::Bytes(ByteSet::ALL),
            b'.' => Node::Bytes(ByteSet::one(b'\n').negated()),
            b'^' if self.flags.multi_line => Node::Place(Place::LineStart),
            b'^' => Node::Place(Place::Start),
            b'$' if self.flags.multi_line => Node::Place(Place::LineEnd),
            b'$' => Node::Place(Place::LastLineEnd),
            b'*' | b'+' | b'?' => return Err(self.fault_at(start, "there is nothing to repeat: write it with a \\")),
            _ => self.literal(byte),
        })
    }

    fn group(&mut self) -> Result<Node, OperatorError> {
        let start = self.at;
        let outer = self.flags;
        let around =
            [(&b"(?="[..], true, false), (b"(?!", true, true), (b"(?<=", false, false), (b"(?<!", false, true)];
        let node = if let Some((_, ahead, negative)) = around.into_iter().find(|(text, ..)| self.eat(text)) {
            let node = Box::new(self.choice()?);
            let widths = match &*node {
                Node::Choice(nodes) => nodes.iter().all(|node| node.width().is_some()),
                node => node.width().is_some(),
            };
            if !ahead && !widths {
                return Err(self.fault_at(start, "what is looked for behind must have a fixed length"));
            }
            Node::Around { ahead, negative, node }
        } else if self.eat(b"(?:") {
            self.choice()?
        } else if self.eat(b"(?>") {
            Node::Atomic(Box::new(self.choice()?))
        } else if let Some(closing) = self.named_group() {
            let length = memchr::memchr(closing, self.rest()).ok_or_else(|| self.fault("this name has no end"))?;
            let name = &self.rest()[..length];
            self.at += length + 1;
            self.names.push((name, self.groups + 1));
            self.capture()?
        } else if self.rest().starts_with(b"(*") {
            return Err(self.fault("verbs are not known here"));
        } else if self.eat(b"(?P=") {
            let group = self.group_named(b')')?;
            return Ok(Node::Again { group, any_case: self.flags.any_case });
        } else if self.eat(b"(?") {
            let length = self.rest().iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'-').count();
            if length == 0 || self.rest().get(length) != Some(&b':') {
                return Err(self.fault_at(start, "groups of this kind are not known here"));
            }
            self.set_flags(length)?;
            self.at += 1;
            self.choice()?
        } else {
            self.at += 1;
            self.capture()?
        };
        self.flags = outer;
        if !self.eat(b")") {
            return Err(self.fault_at(start, "this ( has no )"));
        }
        Ok(node)
    }

    fn capture(&mut self) -> Result<Node, OperatorError> {
        self.groups += 1;
        let group = self.groups;
        Ok(Node::Group(group, Box::new(self.choice()?)))
    }

    /// What ends the name of the group that begins here.
    fn named_group(&mut self) -> Option<u8> {
        if self.eat(b"(?P<") || self.eat(b"(?<") { Some(b'>') } else { self.eat(b"(?'").then_some(b'\'') }
    }

    /// The number of the group whose name ends in this byte.
    fn group_named(&mut self, closing: u8) -> Result<usize, OperatorError> {
        let length = memchr::memchr(closing, self.rest()).ok_or_else(|| self.fault("this name has no end"))?;
        let name = &self.rest()[..length];
        let known = self.names.iter().find(|(known, _)| *known == name);
        let (_, group) = *known.ok_or_else(|| self.fault("no group before has this name"))?;
        self.at += name.len() + 1;
        Ok(group)
    }

    /// The repetition that follows an atom, if one does.
    fn repeated(&mut self, node: Node) -> Result<Node, OperatorError> {
        let mut node = node;
        loop {
            if self.flags.extended {
                while self.skip_blanks() {}
            }
            let start = self.at;
            let Some((least, most)) = self.repetition() else { return Ok(node) };
            if least > MOST_REPETITIONS || most.is_some_and(|most| most > MOST_REPETITIONS || most < least) {
                return Err(self.fault_at(start, "write {n,m} with n at most m and both at most 65535"));
            }
            let possessive = self.eat(b"+");
            let greed = if !possessive && self.eat(b"?") { Greed::Lazy } else { Greed::Greedy };
            let repeat = Node::Repeat { node: Box::new(node), least, most, greed };
            node = if possessive { Node::Atomic(Box::new(repeat)) } else { repeat };
            if matches!(self.peek(), Some(b'*' | b'+' | b'?')) {
                return Err(self.fault("a repetition of a repetition needs a group: write (?:…)"));
            }
        }
    }

    fn repetition(&mut self) -> Option<(u32, Option<u32>)> {
        let (bounds, length) = match self.peek()? {
            b'*' => ((0, None), 1),
            b'+' => ((1, None), 1),
            b'?' => ((0, Some(1)), 1),
            b'{' => {
                let length = memchr::memchr(b'}', self.rest())?;
                let inside = std::str::from_utf8(&self.rest()[1..length]).ok()?;
                let number = |text: &str| {
                    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                    digits.then(|| text.parse::<u32>().unwrap_or(u32::MAX))
                };
                let bounds = match inside.split_once(',') {
                    Some((least, "")) => (number(least)?, None),
                    Some((least, most)) => (number(least)?, Some(number(most)?)),
                    None => (number(inside)?, Some(number(inside)?)),
                };
                (bounds, length + 1)
            }
            _ => return None,
        };
        self.at += length;
        Some(bounds)
    }
}
