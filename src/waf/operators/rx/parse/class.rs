//! `[…]`: classes of bytes.

use super::escape::{DIGIT, SPACE, WORD};
use super::{Node, OperatorError, Parser};
use crate::waf::operators::rx::node::ByteSet;

/// Of POSIX, in the C locale.
const NAMED: [(&[u8], ByteSet); 14] = [
    (b"alnum", ByteSet::of(&[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')])),
    (b"alpha", ByteSet::of(&[(b'A', b'Z'), (b'a', b'z')])),
    (b"ascii", ByteSet::of(&[(0, 0x7f)])),
    (b"blank", ByteSet::of(&[(b'\t', b'\t'), (b' ', b' ')])),
    (b"cntrl", ByteSet::of(&[(0, 0x1f), (0x7f, 0x7f)])),
    (b"digit", DIGIT),
    (b"graph", ByteSet::of(&[(b'!', b'~')])),
    (b"lower", ByteSet::of(&[(b'a', b'z')])),
    (b"print", ByteSet::of(&[(b' ', b'~')])),
    (b"punct", ByteSet::of(&[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')])),
    (b"space", SPACE),
    (b"upper", ByteSet::of(&[(b'A', b'Z')])),
    (b"word", WORD),
    (b"xdigit", ByteSet::of(&[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')])),
];

const DASH: &str = "a dash beside \\d or [:digit:] and their like is no range: put it last or write \\-";

/// A part of a class: only a single byte can begin or end a range.
enum Part {
    Byte(u8),
    Set(ByteSet),
}

impl Parser<'_> {
    /// The opening bracket is read.
    pub(super) fn class(&mut self) -> Result<Node, OperatorError> {
        let start = self.at - 1;
        let negated = self.eat(b"^");
        let mut set = ByteSet::default();
        let mut first = true;
        let mut literal = false;
        loop {
            if !literal && self.eat(b"\\E") {
                continue;
            }
            if !literal && self.eat(b"\\Q") {
                literal = true;
            }
            if literal && self.eat(b"\\E") {
                literal = false;
                continue;
            }
            let Some(byte) = self.peek() else { return Err(self.fault_at(start, "this [ has no ]")) };
            if byte == b']' && !first && !literal {
                self.at += 1;
                break;
            }
            first = false;
            match if literal { self.plain(byte) } else { self.part()? } {
                Part::Set(part) => {
                    set.add(part);
                    if self.begins_range() {
                        return Err(self.fault(DASH));
                    }
                }
                Part::Byte(low) => set.add(ByteSet::of(&[(low, self.end_of_range(low)?)])),
            }
        }
        if self.flags.any_case {
            set = set.in_any_case();
        }
        Ok(Node::Bytes(if negated { set.negated() } else { set }))
    }

    /// The last byte of the range that this one begins; itself if it begins none.
    fn end_of_range(&mut self, low: u8) -> Result<u8, OperatorError> {
        if !self.begins_range() {
            return Ok(low);
        }
        let dash = self.at;
        self.at += 1;
        match self.part()? {
            Part::Byte(high) if high >= low => Ok(high),
            Part::Byte(_) => Err(self.fault_at(dash, "this range runs backwards")),
            Part::Set(_) => Err(self.fault_at(dash, DASH)),
        }
    }

    fn begins_range(&self) -> bool {
        self.peek() == Some(b'-') && !matches!(self.pattern.get(self.at + 1), None | Some(b']'))
    }

    fn plain(&mut self, byte: u8) -> Part {
        self.at += 1;
        Part::Byte(byte)
    }

    fn part(&mut self) -> Result<Part, OperatorError> {
        match self.rest() {
            [b'[', b':', ..] => {
                if let Some(set) = self.posix()? {
                    return Ok(Part::Set(set));
                }
                Ok(self.plain(b'['))
            }
            [b'\\', b'b', ..] => {
                self.at += 2;
                Ok(Part::Byte(0x08))
            }
            [b'\\', ..] => {
                self.at += 1;
                if let Some(set) = self.byte_set()? {
                    return Ok(Part::Set(set));
                }
                let set = self.one_byte()?;
                Ok(set.bytes().next().map_or(Part::Set(set), Part::Byte))
            }
            [byte, ..] => Ok(self.plain(*byte)),
            [] => Err(self.fault("this [ has no ]")),
        }
    }

    /// `[:alpha:]`, if one is here.
    fn posix(&mut self) -> Result<Option<ByteSet>, OperatorError> {
        let inside = &self.rest()[2..];
        let Some(length) = memchr::memmem::find(inside, b":]") else { return Ok(None) };
        let name = &inside[..length];
        if name.iter().any(|byte| !byte.is_ascii_lowercase() && *byte != b'^') {
            return Ok(None);
        }
        let (negated, name) = match name.strip_prefix(b"^") {
            Some(name) => (true, name),
            None => (false, name),
        };
        let (_, set) =
            NAMED.iter().find(|(known, _)| *known == name).ok_or_else(|| self.fault("no POSIX class has this name"))?;
        self.at += length + 4;
        Ok(Some(if negated { set.negated() } else { *set }))
    }
}
