//! What stands after a backslash.

use super::{Node, OperatorError, Parser, Place};
use crate::waf::operators::rx::node::ByteSet;

/// `\d`.
pub const DIGIT: ByteSet = ByteSet::of(&[(b'0', b'9')]);
/// `\w`.
pub const WORD: ByteSet = ByteSet::of(&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]);
/// `\s`.
pub const SPACE: ByteSet = ByteSet::of(&[(0x09, 0x0d), (b' ', b' ')]);
/// `\h`: horizontal blanks.
const HORIZONTAL: ByteSet = ByteSet::of(&[(b'\t', b'\t'), (b' ', b' '), (0xa0, 0xa0)]);
/// `\v`: line ends.
const VERTICAL: ByteSet = ByteSet::of(&[(b'\n', b'\r'), (0x85, 0x85)]);

impl Parser<'_> {
    /// Outside of classes. The backslash is read.
    pub(super) fn escape(&mut self) -> Result<Node, OperatorError> {
        let Some(byte) = self.peek() else { return Err(self.fault("a \\ ends the pattern: write \\\\")) };
        if let Some(place) = match byte {
            b'b' => Some(Place::WordEdge),
            b'B' => Some(Place::NoWordEdge),
            b'A' | b'G' => Some(Place::Start),
            b'z' => Some(Place::End),
            b'Z' => Some(Place::LastLineEnd),
            _ => None,
        } {
            self.at += 1;
            return Ok(Node::Place(place));
        }
        match byte {
            b'R' => {
                self.at += 1;
                let pair = Node::Sequence([b'\r', b'\n'].map(|byte| Node::Bytes(ByteSet::one(byte))).into());
                Ok(Node::Atomic(Box::new(Node::Choice(vec![pair, Node::Bytes(VERTICAL)]))))
            }
            b'N' => {
                self.at += 1;
                Ok(Node::Bytes(ByteSet::one(b'\n').negated()))
            }
            b'k' | b'g' => self.reference(),
            b'1'..=b'9' => {
                let digits = self.rest().iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
                let number = self.decimal(digits);
                if number < 10 || matches!(byte, b'8' | b'9') || number <= self.all_groups {
                    self.at += digits;
                    return self.again(number);
                }
                self.one_byte().map(|set| self.bytes(set))
            }
            _ => match self.byte_set()? {
                Some(set) => Ok(Node::Bytes(set)),
                None => self.one_byte().map(|set| self.bytes(set)),
            },
        }
    }

    fn decimal(&self, digits: usize) -> usize {
        self.rest()[..digits].iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
    }

    fn again(&self, group: usize) -> Result<Node, OperatorError> {
        if group == 0 || group > self.all_groups {
            return Err(self.fault("there is no group of this number"));
        }
        Ok(Node::Again { group, any_case: self.flags.any_case })
    }

    /// `\g1`, `\g{1}`, `\g{-1}`, `\k{name}`, `\k<name>`, `\k'name'`.
    fn reference(&mut self) -> Result<Node, OperatorError> {
        let named_only = self.peek() == Some(b'k');
        self.at += 1;
        let closing = match self.peek() {
            Some(b'{') => Some(b'}'),
            Some(b'<') => Some(b'>'),
            Some(b'\'') => Some(b'\''),
            _ => None,
        };
        let digits_from = self.at + usize::from(closing == Some(b'}'));
        let relative = self.pattern.get(digits_from) == Some(&b'-');
        let digits_from = digits_from + usize::from(relative);
        let tail = self.pattern.get(digits_from..).unwrap_or_default();
        let digits = tail.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        if !named_only && digits > 0 && closing.is_none_or(|closing| closing == b'}') {
            self.at = digits_from;
            let number = self.decimal(digits);
            self.at += digits;
            if closing.is_some() && !self.eat(b"}") {
                return Err(self.fault("this number has no }"));
            }
            let group = if relative { (self.groups + 1).saturating_sub(number) } else { number };
            return self.again(group);
        }
        let closing = closing.ok_or_else(|| self.fault("write \\g1, \\g{1} or \\k{name}"))?;
        self.at += 1;
        let group = self.group_named(closing)?;
        self.again(group)
    }

    /// `\d` and its like.
    pub(super) fn byte_set(&mut self) -> Result<Option<ByteSet>, OperatorError> {
        let set = match self.peek() {
            Some(b'd' | b'D') => DIGIT,
            Some(b'w' | b'W') => WORD,
            Some(b's' | b'S') => SPACE,
            Some(b'h' | b'H') => HORIZONTAL,
            Some(b'v' | b'V') => VERTICAL,
            Some(b'C') => ByteSet::ALL,
            Some(b'p' | b'P' | b'X') => {
                return Err(self.fault("Unicode properties are not known here: bytes are bytes"));
            }
            _ => return Ok(None),
        };
        let negated = self.peek().is_some_and(|byte| byte.is_ascii_uppercase() && byte != b'C');
        self.at += 1;
        Ok(Some(if negated { set.negated() } else { set }))
    }

    /// An escape that stands for one byte.
    pub(super) fn one_byte(&mut self) -> Result<ByteSet, OperatorError> {
        let Some(byte) = self.peek() else { return Err(self.fault("a \\ ends the pattern: write \\\\")) };
        self.at += 1;
        let byte = match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'f' => 0x0c,
            b'e' => 0x1b,
            b'a' => 0x07,
            b'c' => {
                let control = self.peek().filter(|byte| matches!(byte, b' '..=b'~'));
                self.at += 1;
                control.ok_or_else(|| self.fault("write \\c with an ASCII sign after it"))?.to_ascii_uppercase() ^ 0x40
            }
            b'x' if self.peek() == Some(b'{') => self.braced(16)?,
            b'x' => self.number(16, 2)?,
            b'o' if self.peek() == Some(b'{') => self.braced(8)?,
            b'0'..=b'7' => {
                self.at -= 1;
                self.number(8, 3)?
            }
            _ if byte.is_ascii_alphanumeric() => {
                self.at -= 1;
                return Err(self.fault("this letter means nothing after a \\"));
            }
            _ => byte,
        };
        Ok(ByteSet::one(byte))
    }

    /// A number of so many digits at most; none is 0.
    fn number(&mut self, radix: u32, most: usize) -> Result<u8, OperatorError> {
        let mut number = 0;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(radix)) else { break };
            number = number * radix + digit;
            self.at += 1;
        }
        u8::try_from(number).map_err(|_| self.fault("this number is no byte: 255 is the last"))
    }

    fn braced(&mut self, radix: u32) -> Result<u8, OperatorError> {
        self.at += 1;
        let number = self.number(radix, 6)?;
        if self.eat(b"}") { Ok(number) } else { Err(self.fault("this number has no }, or is no byte")) }
    }
}
