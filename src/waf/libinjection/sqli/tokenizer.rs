//! A value to tokens: comments, operators and words. Strings and numbers are in [`super::literals`].
//!
//! Each token is found by its first byte. What is read for a token is consumed with it, or is at most as long as a
//! token's text, so that all tokens of a value take linear time.

use memchr::{memchr, memchr_iter};

use super::token::{Kind, MAX_TEXT, Token};
use super::{Context, Dialect, words};

/// Reads a value in a context.
pub(super) struct Tokenizer<'a> {
    pub(super) value: &'a [u8],
    /// Where the next token starts, at the latest.
    pub(super) position: usize,
    context: Context,
    /// How many tokens were read.
    pub(super) tokens: usize,
    /// There was a comment that the other dialect reads otherwise.
    pub(super) comments_differ: bool,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn new(value: &'a [u8], context: Context) -> Self {
        Self { value, position: 0, context, tokens: 0, comments_differ: false }
    }

    /// The next token; of kind [`Kind::Nothing`] at the end.
    pub(super) fn next(&mut self) -> Token<'a> {
        if self.position == 0
            && !self.value.is_empty()
            && let Some(quote) = self.context.quote
        {
            self.tokens += 1;
            return self.string(quote, None);
        }
        while let Some(&first) = self.value.get(self.position) {
            // Control characters, DEL and Latin-1's no-break space are white space.
            if !matches!(first, 0..=b' ' | 0x7f | 0xa0) {
                self.tokens += 1;
                return self.token(first);
            }
            self.position += 1;
        }
        Token::NOTHING
    }

    fn token(&mut self, first: u8) -> Token<'a> {
        match first {
            b'!' | b'&' | b'*' | b':' | b'<' | b'=' | b'>' | b'|' => self.operator(),
            b'%' | b'+' | b'^' | b'~' => self.take(Kind::Operator, 1),
            b'-' => self.dash(),
            b'/' => self.slash(),
            b'#' => self.hash(),
            b'"' | b'\'' => {
                self.position += 1;
                self.string(first, Some(first))
            }
            b'`' => self.backtick(),
            b'$' => self.dollar(),
            b'.' | b'0'..=b'9' => self.number(),
            b'@' => self.variable(),
            b'[' => self.bracketed(),
            b'\\' if self.at(1) == Some(b'N') => self.take(Kind::Number, 2), // NULL in MySQL
            b'\\' => self.take(Kind::Backslash, 1),
            b'(' => self.take(Kind::LeftParenthesis, 1),
            b')' => self.take(Kind::RightParenthesis, 1),
            b'{' => self.take(Kind::LeftBrace, 1),
            b'}' => self.take(Kind::RightBrace, 1),
            b',' => self.take(Kind::Comma, 1),
            b';' => self.take(Kind::Semicolon, 1),
            b'?' | b']' => self.take(Kind::Unknown, 1),
            b'B' | b'b' => self.digits_in_quotes(b"01"),
            b'X' | b'x' => self.digits_in_quotes(b"0123456789ABCDEFabcdef"),
            b'E' | b'e' => self.prefixed_string(),
            b'N' | b'n' => self.national_string(),
            b'Q' | b'q' => self.oracle_string(0),
            b'U' | b'u' => self.unicode_string(),
            _ => self.word(),
        }
    }

    /// The byte this far from the position.
    pub(super) fn at(&self, offset: usize) -> Option<u8> {
        self.value.get(self.position + offset).copied()
    }

    /// What follows the position.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.value.get(self.position..).unwrap_or_default()
    }

    /// The next `length` bytes as a token, and the position behind them.
    pub(super) fn take(&mut self, kind: Kind, length: usize) -> Token<'a> {
        let rest = self.rest();
        let text = rest.get(..length).unwrap_or(rest);
        self.position += text.len();
        Token::new(kind, text)
    }

    fn operator(&mut self) -> Token<'a> {
        if self.rest().starts_with(b"<=>") {
            return self.take(Kind::Operator, 3);
        }
        match self.rest().get(..2).and_then(words::keyword) {
            Some((_, kind)) => self.take(kind, 2),
            None if self.at(0) == Some(b':') && self.at(1).is_some() => self.take(Kind::Colon, 1),
            None => self.take(Kind::Operator, 1),
        }
    }

    /// `--` starts a comment at the end and before white space; elsewhere only the ANSI dialect says so, while MySQL
    /// reads two minus signs.
    fn dash(&mut self) -> Token<'a> {
        if self.at(1) == Some(b'-') {
            if self.at(2).is_none_or(is_white) {
                return self.line_comment();
            }
            if self.context.dialect == Dialect::Ansi {
                self.comments_differ = true;
                return self.line_comment();
            }
        }
        self.take(Kind::Operator, 1)
    }

    fn hash(&mut self) -> Token<'a> {
        self.comments_differ = true;
        match self.context.dialect {
            Dialect::MySql => self.line_comment(),
            Dialect::Ansi => self.take(Kind::Operator, 1),
        }
    }

    fn line_comment(&mut self) -> Token<'a> {
        let rest = self.rest();
        let comment = self.take(Kind::Comment, memchr(b'\n', rest).unwrap_or(rest.len()));
        self.position += 1;
        comment
    }

    /// PostgreSQL nests comments and MySQL runs what is in `/*!`: both are [`Kind::Evil`].
    fn slash(&mut self) -> Token<'a> {
        if self.at(1) != Some(b'*') {
            return self.take(Kind::Operator, 1);
        }
        let inside = &self.rest()[2..];
        let end = find_pair(inside, *b"*/");
        // The star that ends it counts too: "/*/*/" is nested.
        let nested = end.is_some_and(|end| find_pair(&inside[..=end], *b"/*").is_some());
        let kind = if nested || inside.first() == Some(&b'!') { Kind::Evil } else { Kind::Comment };
        self.take(kind, end.map_or(inside.len(), |end| end + 2) + 2)
    }

    /// A name in brackets, as SQL Server writes them.
    fn bracketed(&mut self) -> Token<'a> {
        let rest = self.rest();
        self.take(Kind::Bareword, memchr(b']', rest).map_or(rest.len(), |end| end + 1))
    }

    /// A word may have dots and backticks in it, and is cut where what stands before one is a keyword: `SELECT.1`,
    /// ``SELECT`column` ``.
    pub(super) fn word(&mut self) -> Token<'a> {
        let rest = self.rest();
        let length = |text: &[u8]| text.iter().position(|&byte| ends_word(byte)).unwrap_or(text.len());
        let start = &rest[..length(&rest[..rest.len().min(MAX_TEXT)])];
        for (at, _) in start.iter().enumerate().filter(|&(_, byte)| matches!(byte, b'.' | b'`')) {
            if let Some((_, kind)) = words::keyword(&start[..at]).filter(|&(_, kind)| kind != Kind::Bareword) {
                return self.take(kind, at);
            }
        }
        let length = start.len() + length(&rest[start.len()..]);
        let known = if length <= MAX_TEXT { words::keyword(start) } else { None };
        self.take(known.map_or(Kind::Bareword, |(_, kind)| kind), length)
    }

    /// Backticks hold names, in MySQL those of functions too.
    fn backtick(&mut self) -> Token<'a> {
        self.position += 1;
        let mut token = self.string(b'`', Some(b'`'));
        token.kind = match words::keyword(token.text) {
            Some((_, Kind::Function)) => Kind::Function,
            _ => Kind::Bareword,
        };
        token
    }

    /// ``@name``, ``@@name``, ``@`name` ``, `@'name'`.
    fn variable(&mut self) -> Token<'a> {
        self.position += if self.at(1) == Some(b'@') { 2 } else { 1 };
        let mut token = match self.at(0) {
            Some(b'`') => self.backtick(),
            Some(quote @ (b'\'' | b'"')) => {
                self.position += 1;
                self.string(quote, Some(quote))
            }
            _ => {
                let rest = self.rest();
                self.take(Kind::Variable, rest.iter().position(|&byte| ends_variable(byte)).unwrap_or(rest.len()))
            }
        };
        token.kind = Kind::Variable;
        token
    }
}

/// White space behind `--`.
pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | 0xa0 | 0)
}

fn ends_word(byte: u8) -> bool {
    is_white(byte) || matches!(byte, b'[' | b']' | b'{' | b'}' | b'"') || is_sign(byte)
}

/// Latin-1's no-break space doesn't, nor do brackets and braces.
fn ends_variable(byte: u8) -> bool {
    (is_white(byte) && byte != 0xa0) || matches!(byte, b'`' | b'"') || is_sign(byte)
}

/// Signs that end both words and variables.
fn is_sign(byte: u8) -> bool {
    matches!(
        byte,
        b'<' | b'>'
            | b':'
            | b'\\'
            | b'?'
            | b'='
            | b'@'
            | b'!'
            | b'#'
            | b'~'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'&'
            | b'|'
            | b'^'
            | b'%'
            | b'('
            | b')'
            | b','
            | b'\''
            | b';'
    )
}

/// Where two bytes stand side by side first.
pub(super) fn find_pair(haystack: &[u8], pair: [u8; 2]) -> Option<usize> {
    memchr_iter(pair[0], haystack).find(|&at| haystack.get(at + 1) == Some(&pair[1]))
}
