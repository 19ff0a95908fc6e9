//! HTML to tokens, by the tokenizer of the WHATWG standard (<https://html.spec.whatwg.org/#tokenization>) with what old
//! browsers do otherwise: NULs in names, backticks as quotes, `<% … %>` as a comment. Nothing is decoded, and script
//! elements are not read differently from others.

use memchr::{memchr, memchr_iter};

/// Where a value stands at its start.
#[derive(Clone, Copy)]
pub(super) enum Context {
    Text,
    /// Between attributes.
    Tag,
    /// In the value of an attribute, between such quotes.
    Value(u8),
}

impl Context {
    pub(super) const ALL: [Self; 5] = [Self::Text, Self::Tag, Self::Value(b'\''), Self::Value(b'"'), Self::Value(b'`')];
}

/// What a token is, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name of an element that starts, or of one that ends before its `>`.
    Element,
    AttributeName,
    AttributeValue,
    Comment,
    DocumentType,
    /// Text, ends of tags, ends of elements.
    Other,
}

#[derive(Clone, Copy)]
enum State {
    End,
    Text,
    TagOpen,
    EndTagOpen,
    TagName,
    TagEnd,
    BeforeAttributeName,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    /// In a value, whose opening quote is at the position unless that is the start.
    QuotedValue(u8),
    UnquotedValue,
    AfterQuotedValue,
    SelfClosing,
    Markup,
    BogusComment,
    PercentComment,
    Comment,
    CharacterData,
    DocumentType,
}

/// Reads a value as HTML.
pub(super) struct Html<'a> {
    value: &'a [u8],
    position: usize,
    /// The tag began with `</`. Stays until a tag ends.
    closing: bool,
    state: State,
}

/// A token from the position on, or the state that goes on without one.
type Step<'a> = Result<(Kind, &'a [u8]), State>;

impl<'a> Iterator for Html<'a> {
    type Item = (Kind, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Ok(token) => return Some(token),
                Err(State::End) => {
                    self.state = State::End;
                    return None;
                }
                Err(state) => self.state = state,
            }
        }
    }
}

impl<'a> Html<'a> {
    pub(super) fn new(value: &'a [u8], context: Context) -> Self {
        let state = match context {
            Context::Text => State::Text,
            Context::Tag => State::BeforeAttributeName,
            Context::Value(quote) => State::QuotedValue(quote),
        };
        Self { value, position: 0, closing: false, state }
    }

    fn step(&mut self) -> Step<'a> {
        match self.state {
            State::End => Err(State::End),
            State::Text => self.text(),
            State::TagOpen => self.tag_open(),
            State::EndTagOpen => self.end_tag_open(),
            State::TagName => self.tag_name(),
            State::TagEnd => {
                self.closing = false;
                self.token(Kind::Other, 1, 0, if self.rest().len() > 1 { State::Text } else { State::End })
            }
            State::BeforeAttributeName => self.before_attribute_name(),
            State::AttributeName => self.attribute_name(),
            State::AfterAttributeName => self.after_attribute_name(),
            State::BeforeValue => self.before_value(),
            State::QuotedValue(quote) => self.quoted_value(quote),
            State::UnquotedValue => self.unquoted_value(),
            State::AfterQuotedValue => self.after_quoted_value(),
            State::SelfClosing => self.self_closing(),
            State::Markup => self.markup(),
            State::BogusComment => {
                let end = memchr(b'>', self.rest());
                self.up_to(Kind::Comment, end, 1, State::Text)
            }
            State::PercentComment => {
                let rest = self.rest();
                let end = memchr_iter(b'%', rest).find(|&at| rest.get(at + 1) == Some(&b'>'));
                self.up_to(Kind::Comment, end, 2, State::Text)
            }
            State::Comment => self.comment(),
            State::CharacterData => {
                let rest = self.rest();
                let end = memchr_iter(b']', rest).find(|&at| rest[at..].starts_with(b"]]>"));
                self.up_to(Kind::Other, end, 3, State::Text)
            }
            State::DocumentType => {
                let end = memchr(b'>', self.rest());
                self.up_to(Kind::DocumentType, end, 1, State::Text)
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.value.get(self.position..).unwrap_or_default()
    }

    /// The next `length` bytes as a token, and the position so far behind them.
    fn token(&mut self, kind: Kind, length: usize, skipped: usize, next: State) -> Step<'a> {
        let rest = self.rest();
        self.position += length + skipped;
        self.state = next;
        Ok((kind, rest.get(..length).unwrap_or(rest)))
    }

    /// A token up to `end`, with the mark there behind it, or all the rest.
    fn up_to(&mut self, kind: Kind, end: Option<usize>, mark_length: usize, next: State) -> Step<'a> {
        match end {
            Some(end) => self.token(kind, end, mark_length, next),
            None => self.token(kind, self.rest().len(), 0, State::End),
        }
    }

    /// Goes on behind the next byte.
    fn skip(&mut self, next: State) -> Step<'a> {
        self.position += 1;
        Err(next)
    }

    /// Skips white space and returns what follows. A byte 255 counts as the end.
    fn skip_white(&mut self) -> Option<u8> {
        self.position += self.rest().iter().take_while(|&&byte| is_white(byte)).count();
        self.rest().first().copied().filter(|&byte| byte != 0xff)
    }

    fn text(&mut self) -> Step<'a> {
        match memchr(b'<', self.rest()) {
            Some(0) => self.skip(State::TagOpen),
            Some(end) => self.token(Kind::Other, end, 1, State::TagOpen),
            None if self.rest().is_empty() => Err(State::End),
            None => self.token(Kind::Other, self.rest().len(), 0, State::End),
        }
    }

    fn tag_open(&mut self) -> Step<'a> {
        match self.rest().first() {
            None => Err(State::End),
            Some(b'!') => self.skip(State::Markup),
            Some(b'/') => {
                self.closing = true;
                self.skip(State::EndTagOpen)
            }
            Some(b'?') => self.skip(State::BogusComment),
            Some(b'%') => self.skip(State::PercentComment),
            Some(b'a'..=b'z' | b'A'..=b'Z' | 0) => Err(State::TagName),
            Some(_) => self.token(Kind::Other, 0, 0, State::Text),
        }
    }

    fn end_tag_open(&mut self) -> Step<'a> {
        match self.rest().first() {
            None => Err(State::End),
            Some(b'>') => Err(State::Text),
            Some(b'a'..=b'z' | b'A'..=b'Z') => Err(State::TagName),
            Some(_) => {
                self.closing = false;
                Err(State::BogusComment)
            }
        }
    }

    fn tag_name(&mut self) -> Step<'a> {
        let ends = |&byte: &u8| byte != 0 && (is_white(byte) || matches!(byte, b'/' | b'>'));
        let rest = self.rest();
        match rest.iter().position(ends).map(|end| (end, rest[end])) {
            None => self.token(Kind::Element, rest.len(), 0, State::End),
            Some((end, b'/')) => self.token(Kind::Element, end, 1, State::SelfClosing),
            Some((end, b'>')) if self.closing => {
                self.closing = false;
                self.token(Kind::Other, end, 1, State::Text)
            }
            Some((end, b'>')) => self.token(Kind::Element, end, 0, State::TagEnd),
            Some((end, _)) => self.token(Kind::Element, end, 1, State::BeforeAttributeName),
        }
    }

    fn before_attribute_name(&mut self) -> Step<'a> {
        match self.skip_white() {
            None => Err(State::End),
            Some(b'/') => self.skip(State::SelfClosing),
            Some(b'>') => self.token(Kind::Other, 1, 0, State::Text),
            Some(_) => Err(State::AttributeName),
        }
    }

    /// The first byte is part of a name, whatever it is.
    fn attribute_name(&mut self) -> Step<'a> {
        let ends = |&byte: &u8| is_white(byte) || matches!(byte, b'/' | b'=' | b'>');
        let rest = self.rest();
        match rest.iter().skip(1).position(ends).map(|end| (end + 1, rest[end + 1])) {
            None => self.token(Kind::AttributeName, rest.len(), 0, State::End),
            Some((end, b'/')) => self.token(Kind::AttributeName, end, 1, State::SelfClosing),
            Some((end, b'=')) => self.token(Kind::AttributeName, end, 1, State::BeforeValue),
            Some((end, b'>')) => self.token(Kind::AttributeName, end, 0, State::TagEnd),
            Some((end, _)) => self.token(Kind::AttributeName, end, 1, State::AfterAttributeName),
        }
    }

    fn after_attribute_name(&mut self) -> Step<'a> {
        match self.skip_white() {
            None => Err(State::End),
            Some(b'/') => self.skip(State::SelfClosing),
            Some(b'=') => self.skip(State::BeforeValue),
            Some(b'>') => Err(State::TagEnd),
            Some(_) => Err(State::AttributeName),
        }
    }

    fn before_value(&mut self) -> Step<'a> {
        match self.skip_white() {
            None => Err(State::End),
            Some(quote @ (b'"' | b'\'' | b'`')) => Err(State::QuotedValue(quote)),
            Some(_) => Err(State::UnquotedValue),
        }
    }

    fn quoted_value(&mut self, quote: u8) -> Step<'a> {
        if self.position > 0 {
            self.position += 1;
        }
        let end = memchr(quote, self.rest());
        self.up_to(Kind::AttributeValue, end, 1, State::AfterQuotedValue)
    }

    fn unquoted_value(&mut self) -> Step<'a> {
        let rest = self.rest();
        match rest.iter().position(|&byte| is_white(byte) || byte == b'>').map(|end| (end, rest[end])) {
            None => self.token(Kind::AttributeValue, rest.len(), 0, State::End),
            Some((end, b'>')) => self.token(Kind::AttributeValue, end, 0, State::TagEnd),
            Some((end, _)) => self.token(Kind::AttributeValue, end, 1, State::BeforeAttributeName),
        }
    }

    fn after_quoted_value(&mut self) -> Step<'a> {
        match self.rest().first() {
            None => Err(State::End),
            Some(b'/') => self.skip(State::SelfClosing),
            Some(_) => Err(State::BeforeAttributeName),
        }
    }

    fn self_closing(&mut self) -> Step<'a> {
        match self.rest().first() {
            None => Err(State::End),
            Some(b'>') => self.token(Kind::Other, 1, 0, State::Text),
            Some(_) => Err(State::BeforeAttributeName),
        }
    }

    fn markup(&mut self) -> Step<'a> {
        let rest = self.rest();
        if rest.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"DOCTYPE")) {
            return Err(State::DocumentType);
        }
        for (start, state) in [(&b"[CDATA["[..], State::CharacterData), (b"--", State::Comment)] {
            if rest.starts_with(start) {
                self.position += start.len();
                return Err(state);
            }
        }
        Err(State::BogusComment)
    }

    /// Ends with `-->` or `--!>`'s misspelling `-!>`; there may be NULs behind the first dash.
    fn comment(&mut self) -> Step<'a> {
        let rest = self.rest();
        for dash in memchr_iter(b'-', rest) {
            let behind = dash + 1;
            let nulls = rest[behind..].iter().take_while(|&&byte| byte == 0).count();
            match rest[behind + nulls..] {
                // Too near to the end.
                _ if dash + 3 > rest.len() => break,
                [] | [b'-' | b'!'] => break,
                [b'-' | b'!', b'>', ..] => return self.token(Kind::Comment, dash, nulls + 3, State::Text),
                _ => {}
            }
        }
        self.up_to(Kind::Comment, None, 0, State::End)
    }
}

/// NUL is among them.
pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | 0)
}
