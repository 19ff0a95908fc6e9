//! The registry of settings, walked by the API, by config.toml and by tests. Names are the API contract's.

use super::value::{SettingFault, SettingValue};

/// Days events are kept where nobody names a number.
pub const LOG_RETENTION_DAYS: Setting<i64> = Setting::new("log_retention_days", 30);
/// Whether a request for credentials (407) counts as blocked.
pub const COUNT_AUTH_CHALLENGES_AS_BLOCKED: Setting<bool> = Setting::new("count_auth_challenges_as_blocked", false);
/// Whether TLS is spoken, and plain HTTP redirected to it.
pub const HTTPS_ENABLED: Setting<bool> = Setting::new("https_enabled", false);

/// Every setting.
pub const SETTINGS: &[SettingSpec] = &[
    SettingSpec {
        name: LOG_RETENTION_DAYS.name,
        section: "database",
        kind: SettingKind::Int { min: 1, max: 3650, default: LOG_RETENTION_DAYS.default },
        secret: false,
        help: "How many days of events a clean-up keeps when it is not told a number.",
    },
    SettingSpec {
        name: COUNT_AUTH_CHALLENGES_AS_BLOCKED.name,
        section: "statistics",
        kind: SettingKind::Bool { default: COUNT_AUTH_CHALLENGES_AS_BLOCKED.default },
        secret: false,
        help: "Whether a request for credentials (407) counts as blocked.",
    },
    SettingSpec {
        name: HTTPS_ENABLED.name,
        section: "https",
        kind: SettingKind::Bool { default: HTTPS_ENABLED.default },
        secret: false,
        help: "Whether TLS is spoken and plain HTTP redirected to it; needs a certificate and its key.",
    },
];

/// A setting as code names it: typed, and with a value even where everything else fails.
#[derive(Clone, Copy, Debug)]
pub struct Setting<T> {
    /// Its name.
    pub name: &'static str,
    /// Its value when nobody gave another.
    pub default: T,
}

impl<T> Setting<T> {
    const fn new(name: &'static str, default: T) -> Setting<T> {
        Setting { name, default }
    }
}

/// A type a setting can have.
pub trait SettingType<'s>: Sized {
    /// The value, when it is of this type.
    fn of(value: &'s SettingValue) -> Option<Self>;
}

impl SettingType<'_> for bool {
    fn of(value: &SettingValue) -> Option<bool> {
        if let SettingValue::Bool(value) = value { Some(*value) } else { None }
    }
}

impl SettingType<'_> for i64 {
    fn of(value: &SettingValue) -> Option<i64> {
        if let SettingValue::Int(value) = value { Some(*value) } else { None }
    }
}

impl<'s> SettingType<'s> for &'s str {
    fn of(value: &'s SettingValue) -> Option<&'s str> {
        if let SettingValue::Text(value) = value { Some(value) } else { None }
    }
}

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

/// The setting of that name.
///
/// # Errors
/// [`SettingFault::Unknown`] when there is none.
pub fn spec(name: &str) -> Result<&'static SettingSpec, SettingFault> {
    SETTINGS.iter().find(|spec| spec.name == name).ok_or_else(|| SettingFault::Unknown { name: name.to_owned() })
}

impl SettingSpec {
    /// The value when nobody gave another.
    pub fn default(&self) -> SettingValue {
        match self.kind {
            SettingKind::Bool { default } => SettingValue::Bool(default),
            SettingKind::Int { default, .. } => SettingValue::Int(default),
            SettingKind::Text { default, .. } | SettingKind::Choice { default, .. } => {
                SettingValue::Text(default.to_owned())
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
        }
    }

    /// Smallest and largest value, where there are any.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        if let SettingKind::Int { min, max, .. } = self.kind { Some((min, max)) } else { None }
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
        }
    }

    /// Checks a value and brings it to the setting's type; a text that reads as that type is as good.
    ///
    /// # Errors
    /// [`SettingFault::Refused`] when the value is of another type or out of bounds.
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
            _ => None,
        };
        accepted.ok_or_else(|| SettingFault::Refused { name: self.name, expects: self.expects() })
    }
}
