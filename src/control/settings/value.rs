//! A setting's value between JSON, TOML and the database's text.

use crate::control::lists::{EntryFault, List};
use serde_json::Value;
use std::fmt;

/// A setting's value. Its `Debug` shows the type only, since it may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, or one word of a choice.
    Text(String),
    /// Entries.
    List(List),
}

impl SettingValue {
    /// A JSON boolean, whole number, string or array of strings; `None` for anything else.
    pub fn from_json(value: &Value) -> Option<SettingValue> {
        match value {
            Value::Bool(value) => Some(SettingValue::Bool(*value)),
            Value::Number(number) => number.as_i64().map(SettingValue::Int),
            Value::String(text) => Some(SettingValue::Text(text.clone())),
            Value::Array(items) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                Some(SettingValue::List(List::Texts(texts.collect::<Option<_>>()?)))
            }
            _ => None,
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        match self {
            SettingValue::Bool(value) => Value::Bool(*value),
            SettingValue::Int(number) => Value::from(*number),
            SettingValue::Text(text) => Value::from(text.as_str()),
            SettingValue::List(list) => list.texts().map(Value::from).collect(),
        }
    }

    /// As the database keeps it.
    pub(super) fn to_text(&self) -> String {
        match self {
            SettingValue::Bool(value) => value.to_string(),
            SettingValue::Int(number) => number.to_string(),
            SettingValue::Text(text) => text.clone(),
            SettingValue::List(list) => list.to_text(),
        }
    }
}

impl fmt::Debug for SettingValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            SettingValue::Bool(_) => "Bool(…)",
            SettingValue::Int(_) => "Int(…)",
            SettingValue::Text(_) => "Text(…)",
            SettingValue::List(_) => "List(…)",
        })
    }
}

/// Why a setting can't be set.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SettingFault {
    /// There is no such setting.
    #[error("setting '{name}' does not exist; correct its name")]
    Unknown {
        /// The name given.
        name: String,
    },
    /// The value is of another type or out of bounds; it is not repeated here, since it may be a secret.
    #[error("setting '{name}' takes {expects}")]
    Refused {
        /// The setting.
        name: &'static str,
        /// What it takes.
        expects: String,
    },
    /// An entry of a list can't be read.
    #[error("setting '{name}': {entry}")]
    Entry {
        /// The setting.
        name: &'static str,
        /// The entry and what is wrong with it.
        entry: EntryFault,
    },
}

impl SettingFault {
    /// What is wrong, beside the name.
    pub fn problem(&self) -> String {
        match self {
            SettingFault::Unknown { .. } => "does not exist; correct its name".to_owned(),
            SettingFault::Refused { expects, .. } => format!("takes {expects}"),
            SettingFault::Entry { entry, .. } => entry.to_string(),
        }
    }

    /// The name of the setting that was given.
    pub fn name(&self) -> &str {
        match self {
            SettingFault::Unknown { name } => name,
            SettingFault::Refused { name, .. } | SettingFault::Entry { name, .. } => name,
        }
    }
}
