//! A line's words: those in double quotes keep their blanks, and `\"` in them is a quotation mark.

use super::fault::Wrong;
use super::lines::BLANK;

/// A word, without its quotes.
pub(super) struct Word {
    pub(super) text: String,
    /// Where its text begins in the line.
    pub(super) at: usize,
    pub(super) quoted: bool,
}

/// A place in a line's text.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next sign, and past it.
    pub(super) fn next(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += sign.len_utf8();
        Some(sign)
    }

    pub(super) fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(BLANK).len();
    }

    /// The text up to the first sign that `ends`, and up to it.
    pub(super) fn until(&mut self, ends: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let text = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += text.len();
        text
    }

    /// Whether only blanks are left.
    pub(super) fn is_done(&mut self) -> bool {
        self.skip_blanks();
        self.rest().is_empty()
    }

    /// The next word, or none at the end of the line.
    pub(super) fn word(&mut self) -> Result<Option<Word>, Wrong> {
        self.skip_blanks();
        let begins = self.at;
        match self.peek() {
            None => Ok(None),
            Some('"') => {
                self.next();
                let at = self.at;
                let text = self.text_until(|sign| sign == '"', &['"']);
                if self.next().is_none() {
                    let mend = "close it, and end each line but the directive's last with \\";
                    return Err(Wrong::new(begins, "the quotation mark is not closed", mend));
                }
                match self.peek() {
                    None | Some('"') => {}
                    Some(sign) if BLANK.contains(&sign) => {}
                    Some(_) => {
                        return Err(Wrong::new(
                            self.at,
                            "text right behind a closing quotation mark",
                            r#"write \" for a quotation mark inside of the quotes"#,
                        ));
                    }
                }
                Ok(Some(Word { text, at, quoted: true }))
            }
            Some(_) => {
                let text = self.until(|sign| BLANK.contains(&sign));
                if let Some(quote) = text.find('"') {
                    let mend = r#"put the whole word into quotes, and write \" for the one inside"#;
                    return Err(Wrong::new(begins + quote, "a quotation mark inside of a word", mend));
                }
                lone_backslash(text, begins)?;
                Ok(Some(Word { text: text.to_owned(), at: begins, quoted: false }))
            }
        }
    }

    /// The text up to the first sign that ends it, or up to the end of the line. A backslash makes one of `escaped` part
    /// of the text, and is left out; before all else it stays, for it belongs to what the text says.
    pub(super) fn text_until(&mut self, ends: impl Fn(char) -> bool, escaped: &[char]) -> String {
        let mut text = String::new();
        let mut backslashes = 0;
        while let Some(sign) = self.peek() {
            let is_escaped = backslashes % 2 == 1 && escaped.contains(&sign);
            if is_escaped {
                text.pop();
            } else if ends(sign) {
                break;
            }
            backslashes = if sign == '\\' { backslashes + 1 } else { 0 };
            text.push(sign);
            self.next();
        }
        text
    }
}

/// Refuses a text that ends in a backslash that escapes nothing.
pub(super) fn lone_backslash(text: &str, at: usize) -> Result<(), Wrong> {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes.is_multiple_of(2) {
        return Ok(());
    }
    let mend = r"write \\ for a backslash";
    Err(Wrong::new(at + text.len() - 1, "a backslash that escapes nothing", mend))
}
