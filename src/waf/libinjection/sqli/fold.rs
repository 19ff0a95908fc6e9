//! Tokens to at most five: what says nothing about the shape of a statement is dropped, phrases become one token, and
//! words get the kind that their neighbours give them. `1 + 2, 3` is one number.

use super::token::{Kind, MAX_TEXT, Token};
use super::tokenizer::Tokenizer;
use super::{Context, MAX_TOKENS, words};
use Kind::{
    Backslash, Bareword, Collate, Comma, Comment, Dot, Evil, Expression, Function, Group, Keyword, LeftBrace,
    LeftParenthesis, LogicOperator, Nothing, Number, Operator, RightBrace, RightParenthesis, Semicolon, SqlType,
    String, TransactSql, Union, Variable,
};

/// Names of columns and variables that are functions before a parenthesis.
const ALSO_FUNCTIONS: [&str; 11] = [
    "USER_ID",
    "USER_NAME",
    "DATABASE",
    "PASSWORD",
    "USER",
    "CURRENT_USER",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
];

/// What a value was folded to.
pub(super) struct Folded<'a> {
    tokens: [Token<'a>; MAX_TOKENS + 1],
    length: usize,
    /// How many tokens the value has, comments included, as far as it was read.
    pub(super) tokens_read: usize,
    /// There was a comment that the other dialect reads otherwise.
    pub(super) comments_differ: bool,
}

impl<'a> Folded<'a> {
    /// At most five.
    pub(super) fn tokens(&self) -> &[Token<'a>] {
        &self.tokens[..self.length]
    }
}

/// Reads and folds a value.
pub(super) fn fold(value: &[u8], context: Context) -> Folded<'_> {
    let mut fold = Fold {
        tokenizer: Tokenizer::new(value, context),
        tokens: [Token::NOTHING; MAX_TOKENS + 1],
        end: 0,
        left: 0,
        more: true,
        last_comment: None,
    };
    let length = if fold.skip_prefix() { fold.run() } else { 0 };
    let length = fold.empty_backtick_is_comment(length);
    let Fold { tokenizer, tokens, .. } = fold;
    Folded { tokens, length, tokens_read: tokenizer.tokens, comments_differ: tokenizer.comments_differ }
}

/// What folding two or three tokens came to.
enum Step {
    /// Something changed: look again.
    Again,
    /// Nothing to fold here.
    Stays,
    /// The statement is evil, and has this many tokens.
    Over(usize),
}

struct Fold<'a> {
    tokenizer: Tokenizer<'a>,
    /// A sixth token is read at times to tell what the fifth is.
    tokens: [Token<'a>; MAX_TOKENS + 1],
    /// Where the next token goes.
    end: usize,
    /// How many tokens are settled.
    left: usize,
    /// The value has not come to its end.
    more: bool,
    /// The comment behind the last token.
    last_comment: Option<Token<'a>>,
}

impl<'a> Fold<'a> {
    /// Reads up to the first token that isn't a comment, an opening parenthesis, a type or a sign. Whether there is one.
    fn skip_prefix(&mut self) -> bool {
        loop {
            let token = self.tokenizer.next();
            if matches!(token.kind, Comment | LeftParenthesis | SqlType) || token.is_unary() {
                continue;
            }
            self.tokens[0] = token;
            self.end = 1;
            return token.kind != Nothing;
        }
    }

    /// Folds to the end and returns how many tokens are left.
    fn run(&mut self) -> usize {
        loop {
            self.fold_five();
            if !self.more || self.left >= MAX_TOKENS {
                self.left = self.end;
                break;
            }
            self.read_up_to(2);
            if self.end - self.left < 2 {
                self.left = self.end;
                continue;
            }
            match self.fold_two() {
                Step::Again => continue,
                Step::Over(length) => return length,
                Step::Stays => {}
            }
            self.read_up_to(3);
            if self.end - self.left < 3 {
                self.left = self.end;
                continue;
            }
            if !self.fold_three() {
                self.left += 1;
            }
        }
        if let Some(comment) = self.last_comment.filter(|_| self.left < MAX_TOKENS) {
            self.tokens[self.left] = comment;
            self.left += 1;
        }
        self.left.min(MAX_TOKENS)
    }

    /// Reads tokens until so many are not settled. Comments are not kept, but for the last.
    fn read_up_to(&mut self, wanted: usize) {
        while self.more && self.end <= MAX_TOKENS && self.end - self.left < wanted {
            let token = self.tokenizer.next();
            self.tokens[self.end] = token;
            match token.kind {
                Nothing => self.more = false,
                Comment => self.last_comment = Some(token),
                _ => {
                    self.last_comment = None;
                    self.end += 1;
                }
            }
        }
    }

    /// Five tokens that are one expression, such as `1 + ( 2 )` and `a ) = ( b`, are their first.
    fn fold_five(&mut self) {
        if self.end < MAX_TOKENS {
            return;
        }
        let kinds = [0, 1, 2, 3, 4].map(|at| self.tokens[at].kind);
        if matches!(
            kinds,
            [Number, Operator | Comma, LeftParenthesis, Number, RightParenthesis]
                | [Bareword, Operator, LeftParenthesis, Bareword | Number, RightParenthesis]
                | [Number, RightParenthesis, Comma, LeftParenthesis, Number]
                | [Bareword, RightParenthesis, Operator, LeftParenthesis, Bareword]
        ) {
            if self.end > MAX_TOKENS {
                self.tokens[1] = self.tokens[MAX_TOKENS];
                self.end = 2;
            } else {
                self.end = 1;
            }
            self.left = 0;
        }
    }

    /// Drops the last so many tokens and starts over.
    fn drop_last(&mut self, count: usize) {
        self.end -= count;
        self.left = 0;
    }

    /// The second of two or three tokens goes, the one behind it takes its place.
    fn drop_second(&mut self) {
        self.tokens[self.left + 1] = self.tokens[self.left + 2];
        self.drop_last(1);
    }

    fn fold_two(&mut self) -> Step {
        let left = self.left;
        let [first, second] = [self.tokens[left], self.tokens[left + 1]];
        match (first.kind, second.kind) {
            (String, String) | (Semicolon, Semicolon) => self.end -= 1,
            (Operator | LogicOperator, _) if second.is_unary() || second.kind == SqlType => self.drop_last(1),
            (LeftParenthesis, _) if second.is_unary() => {
                self.end -= 1;
                self.left = left.saturating_sub(1);
            }
            _ if self.merge(&first, &second) => {
                self.end -= 1;
                self.left = left.saturating_sub(1);
            }
            // Transact-SQL's IF, which elsewhere is a function.
            (Semicolon, Function) if starts_with_if(second.text) => self.tokens[left + 1].kind = TransactSql,
            (Bareword | Variable, LeftParenthesis) if ALSO_FUNCTIONS.iter().any(|name| first.is(name)) => {
                self.tokens[left].kind = Function;
            }
            (Keyword, _) if first.is("IN") || first.is("NOT IN") => {
                self.tokens[left].kind = if second.kind == LeftParenthesis { Operator } else { Bareword };
            }
            (Operator, _) if first.is("LIKE") || first.is("NOT LIKE") => {
                if second.kind == LeftParenthesis {
                    self.tokens[left].kind = Function;
                }
                return Step::Stays;
            }
            (SqlType, Bareword | Number | SqlType | LeftParenthesis | Function | Variable | String) => {
                self.tokens[left] = second;
                self.drop_last(1);
            }
            // There are too many collations to know them; one of several words is taken for it.
            (Collate, Bareword) => {
                if second.text.iter().take_while(|&&byte| byte != 0).any(|&byte| byte == b'_') {
                    self.tokens[left + 1].kind = SqlType;
                    self.left = 0;
                }
                return Step::Stays;
            }
            // Transact-SQL reads `\%1` as `0 % 1`, and otherwise skips a backslash.
            (Backslash, _) => {
                if second.is_arithmetic() {
                    self.tokens[left].kind = Number;
                } else {
                    self.tokens[left] = second;
                    self.end -= 1;
                }
                self.left = 0;
            }
            (LeftParenthesis, LeftParenthesis) | (RightParenthesis, RightParenthesis) => self.drop_last(1),
            // MySQL's {``.``.id}
            (LeftBrace, Bareword) if second.text.is_empty() => {
                self.tokens[left + 1].kind = Evil;
                return Step::Over(left + 2);
            }
            // ODBC's {name expression}
            (LeftBrace, Bareword) => self.drop_last(2),
            (_, RightBrace) => self.drop_last(1),
            _ => return Step::Stays,
        }
        Step::Again
    }

    /// Two words that are a phrase become one token in place of the first.
    fn merge(&mut self, first: &Token<'a>, second: &Token<'a>) -> bool {
        if !is_word(first.kind) || !(is_word(second.kind) || second.kind == LogicOperator) {
            return false;
        }
        let (start, end) = (first.text, second.text);
        let length = start.len() + 1 + end.len();
        let mut phrase = [b' '; MAX_TEXT];
        let Some(phrase) = phrase.get_mut(..length) else { return false };
        phrase[..start.len()].copy_from_slice(start);
        phrase[start.len() + 1..].copy_from_slice(end);
        let Some((text, kind)) = words::keyword(phrase) else { return false };
        self.tokens[self.left] = Token { kind, text, ..*first };
        true
    }

    /// Whether something changed.
    fn fold_three(&mut self) -> bool {
        let left = self.left;
        let [first, second, third] = [self.tokens[left], self.tokens[left + 1], self.tokens[left + 2]];
        match (first.kind, second.kind, third.kind) {
            (Number, Operator, Number) | (LogicOperator, _, LogicOperator) => self.drop_last(2),
            (Operator, _, Operator) if second.kind != LeftParenthesis => self.drop_last(2),
            (Variable, Operator, Variable | Number | Bareword) => self.drop_last(2),
            (Bareword | Number, Operator, Number | Bareword) => self.drop_last(2),
            (Bareword | Number | Variable | String, Operator, SqlType) if second.text == b"::" => self.drop_last(2),
            (Bareword | Number | String | Variable, Comma, Number | Bareword | String | Variable) => self.drop_last(2),
            (Expression | Group | Comma, _, LeftParenthesis) if second.is_unary() => self.drop_second(),
            (Keyword | Expression | Group, _, Number | Bareword | Variable | String | Function)
                if second.is_unary() =>
            {
                self.drop_second();
            }
            // `, -1` is `, 1`, of which only what stands before the comma is kept.
            (Comma, _, Number | Bareword | Variable | String) if second.is_unary() => {
                self.tokens[left + 1] = third;
                self.drop_last(3);
            }
            (Comma, _, Function) if second.is_unary() => self.drop_second(),
            (Bareword, Dot, Bareword) => self.drop_last(2),
            (Expression, Dot, Bareword) => self.drop_second(),
            // USER() is a function without arguments: with some it is none.
            (Function, LeftParenthesis, kind) if kind != RightParenthesis && first.is("USER") => {
                self.tokens[left].kind = Bareword;
                return false;
            }
            _ => return false,
        }
        true
    }

    /// PHP's trick: a backtick that opens nothing at the end comments out what follows.
    fn empty_backtick_is_comment(&mut self, length: usize) -> usize {
        if length > 2 {
            let last = &mut self.tokens[length - 1];
            if last.kind == Bareword && last.opened_by == Some(b'`') && last.closed_by.is_none() && last.text.is_empty()
            {
                last.kind = Comment;
            }
        }
        length
    }
}

/// What may start a phrase.
fn is_word(kind: Kind) -> bool {
    matches!(kind, Keyword | Bareword | Operator | Union | Function | Expression | TransactSql | SqlType)
}

fn starts_with_if(text: &[u8]) -> bool {
    matches!(text, [b'I' | b'i', b'F' | b'f', ..])
}
