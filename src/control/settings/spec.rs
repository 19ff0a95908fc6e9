//! What a setting is: its name, section, kind and help, and which values it takes.

use super::value::{SettingFault, SettingValue};
use crate::control::lists::{EntryFault, List, ListItem};
use crate::model::Schedule;
use serde_json::{Value, json};

/// What values a setting takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettingKind {
    /// `true` or `false`.
    Bool {
        /// When nobody gave another.
        default: bool,
    },
    /// A whole number.
    Int {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
        /// When nobody gave another.
        default: i64,
    },
    /// Any text without control characters.
    Text {
        /// Most characters.
        max_chars: usize,
        /// When nobody gave another.
        default: &'static str,
    },
    /// One of some words.
    Choice {
        /// The words.
        options: &'static [&'static str],
        /// When nobody gave another.
        default: &'static str,
    },
    /// When a job runs by itself: a [`Schedule`](crate::model::Schedule), empty for never.
    Schedule {
        /// When nobody gave another.
        default: &'static str,
    },
    /// Entries of one kind, each once; also read from a text that separates them by commas or line ends.
    List {
        /// What the entries are.
        item: ListItem,
        /// Most entries.
        max_items: usize,
        /// When nobody gave others.
        default: &'static [&'static str],
    },
}

/// A setting as the API and config.toml present it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SettingSpec {
    /// Its name, in snake case.
    pub name: &'static str,
    /// Where it is shown.
    pub section: &'static str,
    /// What values it takes, and which it has when nobody gave another.
    pub kind: SettingKind,
    /// Whether its value is never shown nor audited.
    pub secret: bool,
    /// What it does, in one sentence.
    pub help: &'static str,
}

impl SettingSpec {
    /// How many entries of a list are shown among the settings; the rest is shown by itself.
    pub const SHOWN_ENTRIES: usize = 100;

    /// The value when nobody gave another.
    pub fn default(&self) -> SettingValue {
        match self.kind {
            SettingKind::Bool { default } => SettingValue::Bool(default),
            SettingKind::Int { default, .. } => SettingValue::Int(default),
            SettingKind::Text { default, .. }
            | SettingKind::Choice { default, .. }
            | SettingKind::Schedule { default } => SettingValue::Text(default.to_owned()),
            SettingKind::List { item, default, .. } => {
                // That every default can be read is tested.
                let empty = || item.list(Default::default());
                SettingValue::List(item.read(default.iter().copied()).unwrap_or_else(|_| empty()))
            }
        }
    }

    /// The word for the type, as answered by the API.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            SettingKind::Bool { .. } => "bool",
            SettingKind::Int { .. } => "int",
            SettingKind::Text { .. } => "text",
            SettingKind::Choice { .. } => "choice",
            SettingKind::Schedule { .. } => "schedule",
            SettingKind::List { .. } => "list",
        }
    }

    /// Smallest and largest value, where there are any.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        if let SettingKind::Int { min, max, .. } = self.kind { Some((min, max)) } else { None }
    }

    /// The words to choose from, where there are any.
    pub fn options(&self) -> Option<&'static [&'static str]> {
        match self.kind {
            SettingKind::Choice { options, .. } => Some(options),
            SettingKind::List { item: ListItem::Word(words), .. } => Some(words),
            _ => None,
        }
    }

    /// Whether it is a list that is kept in a table of its own, shown in part and imported from files: one that may be
    /// longer than what is shown.
    pub fn has_table(&self) -> bool {
        matches!(self.kind, SettingKind::List { max_items, .. } if max_items > Self::SHOWN_ENTRIES)
    }

    /// A value as the audit log shows it: of a secret only whether it is set, of a list with a table how long it is.
    pub fn audited(&self, value: &SettingValue) -> Value {
        match value {
            SettingValue::Text(text) if self.secret && text.is_empty() => Value::from(""),
            _ if self.secret => Value::from("***"),
            SettingValue::List(list) if self.has_table() => json!({ "entries": list.len() }),
            _ => value.to_json(),
        }
    }

    /// What may be given, for people.
    pub fn expects(&self) -> String {
        match self.kind {
            SettingKind::Bool { .. } => "true or false".to_owned(),
            SettingKind::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
            SettingKind::Text { max_chars, .. } => {
                format!("a text of at most {max_chars} characters without control characters")
            }
            SettingKind::Choice { options, .. } => format!("one of {}", options.join(", ")),
            SettingKind::Schedule { .. } => {
                "a cron pattern of six fields in UTC (0 30 3 * * * is every day at 03:30), empty for never".to_owned()
            }
            SettingKind::List { item, max_items, .. } => format!("a list of at most {max_items} {}", item.expects()),
        }
    }

    /// Checks a value and brings it to the setting's type; a text that reads as that type is as good.
    ///
    /// # Errors
    /// [`SettingFault::Refused`] when the value is of another type or out of bounds, [`SettingFault::Entry`] when it
    /// is a list with an entry that can't be read.
    pub fn accept(&self, value: &SettingValue) -> Result<SettingValue, SettingFault> {
        let accepted = match (self.kind, value) {
            (SettingKind::Bool { .. }, SettingValue::Bool(_)) => Some(value.clone()),
            (SettingKind::Bool { .. }, SettingValue::Text(text)) => text.trim().parse().ok().map(SettingValue::Bool),
            (SettingKind::Int { min, max, .. }, SettingValue::Int(number)) => {
                (min..=max).contains(number).then(|| value.clone())
            }
            (SettingKind::Int { .. }, SettingValue::Text(text)) => match text.trim().parse() {
                Ok(number) => return self.accept(&SettingValue::Int(number)),
                Err(_) => None,
            },
            (SettingKind::Text { max_chars, .. }, SettingValue::Text(text)) => {
                let fits = text.chars().nth(max_chars).is_none() && !text.contains(char::is_control);
                fits.then(|| value.clone())
            }
            (SettingKind::Choice { options, .. }, SettingValue::Text(text)) => {
                options.contains(&text.as_str()).then(|| value.clone())
            }
            (SettingKind::Schedule { .. }, SettingValue::Text(text)) => {
                let text = text.trim();
                (text.is_empty() || Schedule::parse(text).is_ok()).then(|| SettingValue::Text(text.to_owned()))
            }
            (SettingKind::List { item, .. }, SettingValue::Text(text)) => {
                return self.accept_list(item.read(text.split([',', '\n'])));
            }
            (SettingKind::List { item, .. }, SettingValue::List(List::Texts(given))) => {
                return self.accept_list(item.read(given.iter().map(String::as_str)));
            }
            (SettingKind::List { .. }, SettingValue::List(list)) => return self.accept_list(Ok(list.clone())),
            _ => None,
        };
        accepted.ok_or_else(|| SettingFault::Refused { name: self.name, expects: self.expects() })
    }

    fn accept_list(&self, list: Result<List, EntryFault>) -> Result<SettingValue, SettingFault> {
        let list = list.map_err(|entry| SettingFault::Entry { name: self.name, entry })?;
        match self.kind {
            SettingKind::List { max_items, .. } if list.len() <= max_items => Ok(SettingValue::List(list)),
            _ => Err(SettingFault::Refused { name: self.name, expects: self.expects() }),
        }
    }
}
