//! What a match writes to `TX`, and texts with macros.

use crate::waf::engine::Engine;
use crate::waf::engine::program::{Key, Operation, Piece, SetVar, Template};
use crate::waf::engine::scratch::Scratch;
use crate::waf::variables::{Source, Text, Texts};

/// A text with macros ends there, in bytes.
const LONGEST: usize = 1 << 20;
/// What setvars write of texts with macros for one line, in bytes: behind that such texts are empty, and keys with
/// macros are not set. A text that is made of itself would double with each match.
const MOST_WRITTEN: usize = 16 << 20;
/// How many keys of a line only macros name; further ones are not set.
const MOST_OTHER_KEYS: usize = 1000;

impl Engine {
    pub(super) fn set_all(&self, scratch: &mut Scratch, setvars: &[SetVar]) {
        for setvar in setvars {
            let mut key = None;
            let slot = match &setvar.key {
                Key::Slot(slot) => Some(*slot),
                Key::Macros(template) => {
                    if scratch.written > MOST_WRITTEN {
                        continue;
                    }
                    let name = self.told(scratch, template).to_ascii_lowercase();
                    scratch.written += name.len();
                    let slot = self.slots.find(&name);
                    key = Some(name);
                    slot
                }
            };
            let key = key.as_deref().unwrap_or_default();
            let before = |scratch: &Scratch| {
                scratch.value_of_tx(key, slot).map_or(0, |text| whole_number(scratch.texts.get(text)))
            };
            let value = match &setvar.operation {
                Operation::Unset => None,
                Operation::Set(template) => Some(self.text(scratch, template)),
                Operation::Add(template) => {
                    let by = self.number(scratch, template);
                    if setvar.is_points {
                        scratch.points = scratch.points.saturating_add(u32::try_from(by).unwrap_or(0));
                    }
                    Some(scratch.texts.number(before(scratch) + by))
                }
                Operation::Subtract(template) => {
                    let by = self.number(scratch, template);
                    Some(scratch.texts.number(before(scratch) - by))
                }
            };
            match (slot, value) {
                (Some(slot), value) => scratch.tx[slot] = value,
                (None, value) => {
                    scratch.other_tx.retain(|(own, _)| **own != *key);
                    if scratch.other_tx.len() < MOST_OTHER_KEYS {
                        scratch.other_tx.extend(value.map(|value| (key.into(), value)));
                    }
                }
            }
        }
    }

    /// What a template comes to.
    fn text(&self, scratch: &mut Scratch, template: &Template) -> Text {
        match template {
            Template::Fixed(text) => *text,
            Template::Pieces(_) => {
                let mut expanded = std::mem::take(&mut scratch.expanded);
                expanded.clear();
                self.expand(scratch, template, &mut expanded);
                let fits = scratch.written <= MOST_WRITTEN;
                scratch.written += expanded.len();
                let text = if fits { scratch.texts.push(&expanded) } else { Texts::EMPTY };
                scratch.expanded = expanded;
                text
            }
        }
    }

    /// The number that a template comes to.
    fn number(&self, scratch: &mut Scratch, template: &Template) -> i64 {
        let mut expanded = std::mem::take(&mut scratch.expanded);
        expanded.clear();
        self.expand(scratch, template, &mut expanded);
        let number = whole_number(&expanded);
        scratch.expanded = expanded;
        number
    }

    pub(super) fn told(&self, scratch: &Scratch, template: &Template) -> String {
        let mut expanded = Vec::new();
        self.expand(scratch, template, &mut expanded);
        String::from_utf8_lossy(&expanded).into_owned()
    }

    pub(super) fn expand(&self, scratch: &Scratch, template: &Template, out: &mut Vec<u8>) {
        let pieces = match template {
            Template::Fixed(text) => return out.extend_from_slice(scratch.texts.get(*text)),
            Template::Pieces(pieces) => pieces,
        };
        for piece in pieces {
            let text = match piece {
                Piece::Fixed(text) => Some(*text),
                Piece::Slot(slot) => scratch.tx[*slot],
                Piece::Value(source, key) => first_of(scratch, *source, key.as_deref()),
            };
            if let Some(text) = text {
                let room = LONGEST.saturating_sub(out.len());
                let text = scratch.texts.get(text);
                out.extend_from_slice(&text[..text.len().min(room)]);
            }
        }
    }
}

/// What a macro names.
fn first_of(scratch: &Scratch, source: Source, key: Option<&[u8]>) -> Option<Text> {
    let is = |name: Text| key.is_none_or(|key| scratch.texts.get(name).eq_ignore_ascii_case(key));
    match source {
        Source::Args => scratch.line.args.iter().find(|(name, _)| is(*name)).map(|(_, value)| *value),
        Source::ArgNames => scratch.line.args.iter().find(|(name, _)| is(*name)).map(|(name, _)| *name),
        Source::MatchedVar | Source::MatchedVars => scratch.matched.last().map(|matched| matched.text),
        Source::MatchedVarName | Source::MatchedVarsNames => scratch.matched.last().map(|matched| matched.name),
        source => scratch.line.one(source),
    }
}

/// What a text begins with, as C's `stoi` has it; 0 where that is no number, or too large a one.
fn whole_number(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let mut number: i64 = 0;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = number * 10 + i64::from(digit - b'0');
        if number > i64::from(i32::MAX) {
            return 0;
        }
    }
    sign * number
}
