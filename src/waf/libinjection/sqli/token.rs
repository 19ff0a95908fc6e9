//! The words of the SQL grammar as far as injections are told by it.

/// What a token is. Its letter stands for it in a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// No token: the end of the value.
    Nothing = 0,
    Keyword = b'k',
    Union = b'U',
    /// `GROUP BY`, `LIMIT`, `HAVING`
    Group = b'B',
    /// `SELECT`, `INSERT` and other starts of a statement
    Expression = b'E',
    SqlType = b't',
    Function = b'f',
    Bareword = b'n',
    Number = b'1',
    Variable = b'v',
    String = b's',
    Operator = b'o',
    LogicOperator = b'&',
    Comment = b'c',
    Collate = b'A',
    LeftParenthesis = b'(',
    RightParenthesis = b')',
    LeftBrace = b'{',
    RightBrace = b'}',
    Dot = b'.',
    Comma = b',',
    Colon = b':',
    Semicolon = b';',
    /// What starts a statement of Transact-SQL
    TransactSql = b'T',
    Unknown = b'?',
    /// What no client sends in good faith and databases read differently: nested and conditional comments
    Evil = b'X',
    Backslash = b'\\',
}

impl Kind {
    pub(super) const fn letter(self) -> u8 {
        self as u8
    }

    /// The kind of a keyword by its letter in the table.
    pub(super) const fn of_keyword(letter: u8) -> Self {
        match letter {
            b'k' => Self::Keyword,
            b'U' => Self::Union,
            b'B' => Self::Group,
            b'E' => Self::Expression,
            b't' => Self::SqlType,
            b'f' => Self::Function,
            b'1' => Self::Number,
            b'v' => Self::Variable,
            b'o' => Self::Operator,
            b'&' => Self::LogicOperator,
            b'A' => Self::Collate,
            b'T' => Self::TransactSql,
            _ => Self::Bareword,
        }
    }
}

/// The most bytes of a token's text that are kept. Longer texts are cut there.
pub(super) const MAX_TEXT: usize = 31;

/// A token with its text, which is as sent or, for a phrase, as the table of keywords has it.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// The quote which a string starts with; `None` where it is only thought of.
    pub(super) opened_by: Option<u8>,
    /// The quote which a string ends with; `None` where the value ended before.
    pub(super) closed_by: Option<u8>,
    /// At most [`MAX_TEXT`] bytes.
    pub(super) text: &'a [u8],
}

impl<'a> Token<'a> {
    pub(super) const NOTHING: Self = Self { kind: Kind::Nothing, opened_by: None, closed_by: None, text: &[] };

    pub(super) fn new(kind: Kind, text: &'a [u8]) -> Self {
        Self { kind, opened_by: None, closed_by: None, text: text.get(..MAX_TEXT).unwrap_or(text) }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word.as_bytes())
    }

    pub(super) fn is_arithmetic(&self) -> bool {
        self.kind == Kind::Operator && matches!(self.text, b"*" | b"/" | b"-" | b"+" | b"%")
    }

    pub(super) fn is_unary(&self) -> bool {
        self.kind == Kind::Operator && (matches!(self.text, b"+" | b"-" | b"!" | b"~" | b"!!") || self.is("NOT"))
    }
}
