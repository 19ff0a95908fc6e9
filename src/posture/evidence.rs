//! What was seen, and where anybody can see it: a line of squid.conf, a setting, rows by number. No client's address, no
//! user and no URL stands in it.

use crate::control::settings::{Setting, SettingType, Settings};
use crate::model::RowId;
use crate::squidconf::Place;

/// `1 row`, `2 rows`.
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// One thing that was seen.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// What, in a sentence or two.
    pub text: String,
    /// The line of squid.conf.
    pub place: Option<Place>,
    /// The setting's name and value.
    pub setting: Option<(&'static str, serde_json::Value)>,
    /// The rows.
    pub rows: Option<RowsSeen>,
}

/// Rows that show something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowsSeen {
    /// How many.
    pub count: u64,
    /// The newest of them, at most [`RowsSeen::MOST`].
    pub newest: Vec<RowId>,
    /// The API's question that lists them, where there is one.
    pub link: Option<String>,
}

impl RowsSeen {
    /// Rows named at most.
    pub const MOST: usize = 5;
}

impl Evidence {
    pub(super) fn text(text: impl Into<String>) -> Evidence {
        Evidence { text: text.into(), place: None, setting: None, rows: None }
    }

    /// With the line that shows it.
    pub(super) fn at(self, place: Option<&Place>) -> Evidence {
        Evidence { place: place.cloned(), ..self }
    }

    /// With rows that show it.
    pub(super) fn seen(self, rows: RowsSeen) -> Evidence {
        Evidence { rows: Some(rows), ..self }
    }

    /// What a setting says.
    pub(super) fn setting<'s, T: SettingType<'s>>(
        settings: &Settings,
        setting: Setting<T>,
        text: impl Into<String>,
    ) -> Evidence {
        let value = setting.spec.audited(&settings.value(&setting.spec));
        Evidence { setting: Some((setting.spec.name, value)), ..Evidence::text(text) }
    }
}
