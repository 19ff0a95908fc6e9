//! Strings and numbers, in the spellings of several databases.

use memchr::{memchr, memmem};

use super::token::{Kind, Token};
use super::tokenizer::{Tokenizer, find_pair, is_white};

impl<'a> Tokenizer<'a> {
    /// A string from the position on, which is behind its opening quote; `opened_by` is `None` where that is only
    /// thought of. It ends at a quote that is neither behind a backslash nor doubled.
    pub(super) fn string(&mut self, quote: u8, opened_by: Option<u8>) -> Token<'a> {
        let rest = self.rest();
        let mut from = 0;
        let end = loop {
            let Some(at) = rest.get(from..).and_then(|rest| memchr(quote, rest)).map(|at| from + at) else {
                break None;
            };
            let backslashes = rest[..at].iter().rev().take_while(|&&byte| byte == b'\\').count();
            if backslashes % 2 == 1 {
                from = at + 1;
            } else if rest.get(at + 1) == Some(&quote) {
                from = at + 2;
            } else {
                break Some(at);
            }
        };
        self.string_up_to(end, 1, opened_by, end.map(|_| quote))
    }

    /// The string from the position up to `end`, and the position behind the mark of `mark_length` bytes there; or all
    /// the rest.
    fn string_up_to(
        &mut self,
        end: Option<usize>,
        mark_length: usize,
        opened_by: Option<u8>,
        closed_by: Option<u8>,
    ) -> Token<'a> {
        let token = self.take(Kind::String, end.unwrap_or(self.rest().len()));
        self.position += end.map_or(0, |_| mark_length);
        Token { opened_by, closed_by, ..token }
    }

    /// `E'…'` of PostgreSQL, `N'…'` of MySQL: a letter, then a string, of which there is at least one byte more.
    pub(super) fn prefixed_string(&mut self) -> Token<'a> {
        if self.at(1) != Some(b'\'') || self.at(2).is_none() {
            return self.word();
        }
        self.position += 2;
        self.string(b'\'', Some(b'\''))
    }

    /// `N'…'`, or Oracle's `NQ'…'`.
    pub(super) fn national_string(&mut self) -> Token<'a> {
        if self.at(1) == Some(b'\'') && self.at(2).is_some() { self.prefixed_string() } else { self.oracle_string(1) }
    }

    /// `U&'…'`.
    pub(super) fn unicode_string(&mut self) -> Token<'a> {
        if !self.rest()[1..].starts_with(b"&'") {
            return self.word();
        }
        self.position += 3;
        let mut token = self.string(b'\'', Some(b'u'));
        token.closed_by = token.closed_by.map(|_| b'u');
        token
    }

    /// Oracle's `q'(…)'`, with letters before the `q`. Its quotes are of any sign above the space; brackets close with
    /// their like.
    pub(super) fn oracle_string(&mut self, letters: usize) -> Token<'a> {
        let (Some(b'q' | b'Q'), Some(b'\''), Some(open @ 33..=127)) =
            (self.at(letters), self.at(letters + 1), self.at(letters + 2))
        else {
            return self.word();
        };
        let close = match open {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            same => same,
        };
        self.position += letters + 3;
        let end = find_pair(self.rest(), [close, b'\'']);
        self.string_up_to(end, 2, Some(b'q'), end.map(|_| b'q'))
    }

    /// A number as a string of such digits: `b'01'`, `x'1f'`. A NUL counts as a digit.
    pub(super) fn digits_in_quotes(&mut self, digits: &[u8]) -> Token<'a> {
        if self.at(1) == Some(b'\'') {
            let length = span(&self.rest()[2..], digits);
            if self.at(2 + length) == Some(b'\'') {
                return self.take(Kind::Number, length + 3);
            }
        }
        self.word()
    }

    /// Money, `$1,000.00`, or PostgreSQL's strings, `$$…$$` and `$tag$…$tag$`.
    pub(super) fn dollar(&mut self) -> Token<'a> {
        let behind = &self.rest()[1..];
        match span(behind, b"0123456789.,") {
            0 => self.dollar_quoted(behind),
            1 if behind[0] == b'.' => self.word(),
            length => self.take(Kind::Number, 1 + length),
        }
    }

    fn dollar_quoted(&mut self, behind: &[u8]) -> Token<'a> {
        let tag = behind.iter().take_while(|&&byte| byte == 0 || byte.is_ascii_alphabetic()).count(); // NUL as in `span`
        if behind.get(tag) != Some(&b'$') {
            return self.take(Kind::Bareword, 1);
        }
        let mark = &self.rest()[..tag + 2];
        self.position += mark.len();
        let end = if tag == 0 { find_pair(self.rest(), *b"$$") } else { memmem::find(self.rest(), mark) };
        self.string_up_to(end, mark.len(), Some(b'$'), end.map(|_| b'$'))
    }

    /// `12`, `1.5`, `.5e-3`, `1e5d`, `0x1f`, `0b01`. What has an `e` and no exponent is a word.
    pub(super) fn number(&mut self) -> Token<'a> {
        let rest = self.rest();
        let radix: &[u8] = match rest {
            [b'0', b'X' | b'x', ..] => b"0123456789ABCDEFabcdef",
            [b'0', b'B' | b'b', ..] => b"01",
            _ => return self.decimal(),
        };
        match span(&rest[2..], radix) {
            0 => self.take(Kind::Bareword, 2),
            length => self.take(Kind::Number, 2 + length),
        }
    }

    fn decimal(&mut self) -> Token<'a> {
        let rest = self.rest();
        let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = digits(0);
        if rest.get(length) == Some(&b'.') {
            length += 1;
            length += digits(length);
            if length == 1 {
                return self.take(Kind::Dot, 1);
            }
        }
        let mut kind = Kind::Number;
        if let Some(b'E' | b'e') = rest.get(length) {
            length += 1;
            if let Some(b'+' | b'-') = rest.get(length) {
                length += 1;
            }
            let exponent = digits(length);
            length += exponent;
            if exponent == 0 {
                kind = Kind::Bareword;
            }
        }
        // Oracle's suffix for floats, and what makes `1fUNION` read as `1f UNION`.
        if let Some(b'd' | b'D' | b'f' | b'F') = rest.get(length)
            && rest.get(length + 1).is_none_or(|&next| is_white(next) || matches!(next, b';' | b'u' | b'U'))
        {
            length += 1;
        }
        self.take(kind, length)
    }
}

/// How many of the first bytes are these. NUL is taken for one of them, as the terminator that `strchr` finds.
fn span(text: &[u8], accepted: &[u8]) -> usize {
    text.iter().take_while(|&&byte| byte == 0 || accepted.contains(&byte)).count()
}
