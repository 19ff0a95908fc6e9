//! What a setting is: its name, section, kind and help, and which values it takes.

use super::value::{SettingFault, SettingValue};
use crate::control::lists::{Aliases, EntryFault, HostSet, List, ListItem};
use ipnet::IpNet;
use std::marker::PhantomData;
use std::sync::Arc;

/// A setting as code names it: `settings.get(GDPR_MODE)` is a `bool`.
#[derive(Debug)]
pub struct Setting<T> {
    /// How it is presented and checked.
    pub spec: SettingSpec,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Setting<T> {
    fn clone(&self) -> Setting<T> {
        *self
    }
}

impl<T> Copy for Setting<T> {}

impl<T> Setting<T> {
    const fn new(section: &'static str, name: &'static str, help: &'static str, kind: SettingKind) -> Setting<T> {
        Setting { spec: SettingSpec { name, section, kind, secret: false, help }, value: PhantomData }
    }
}

impl Setting<bool> {
    pub(super) const fn switch(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        default: bool,
    ) -> Setting<bool> {
        Setting::new(section, name, help, SettingKind::Bool { default })
    }
}

impl Setting<i64> {
    pub(super) const fn whole(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        min: i64,
        max: i64,
        default: i64,
    ) -> Setting<i64> {
        Setting::new(section, name, help, SettingKind::Int { min, max, default })
    }
}

impl Setting<&'static str> {
    pub(super) const fn text(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_chars: usize,
    ) -> Setting<&'static str> {
        Setting::new(section, name, help, SettingKind::Text { max_chars, default: "" })
    }

    pub(super) const fn secret(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_chars: usize,
    ) -> Setting<&'static str> {
        let kind = SettingKind::Text { max_chars, default: "" };
        Setting { spec: SettingSpec { name, section, kind, secret: true, help }, value: PhantomData }
    }

    /// The first word is the default.
    pub(super) const fn choice(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        options: &'static [&'static str],
    ) -> Setting<&'static str> {
        Setting::new(section, name, help, SettingKind::Choice { options, default: options[0] })
    }
}

impl Setting<Arc<[String]>> {
    pub(super) const fn origins(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_items: usize,
    ) -> Setting<Arc<[String]>> {
        let kind = SettingKind::List { item: ListItem::Origin, max_items, default: &[] };
        Setting::new(section, name, help, kind)
    }

    pub(super) const fn words(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        words: &'static [&'static str],
        default: &'static [&'static str],
    ) -> Setting<Arc<[String]>> {
        let kind = SettingKind::List { item: ListItem::Word(words), max_items: words.len(), default };
        Setting::new(section, name, help, kind)
    }
}

impl Setting<Arc<[IpNet]>> {
    pub(super) const fn networks(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_items: usize,
    ) -> Setting<Arc<[IpNet]>> {
        let kind = SettingKind::List { item: ListItem::Network, max_items, default: &[] };
        Setting::new(section, name, help, kind)
    }
}

impl Setting<Arc<Aliases>> {
    pub(super) const fn aliases(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_items: usize,
    ) -> Setting<Arc<Aliases>> {
        let kind = SettingKind::List { item: ListItem::Alias, max_items, default: &[] };
        Setting::new(section, name, help, kind)
    }
}

impl Setting<Arc<HostSet>> {
    pub(super) const fn hosts(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_items: usize,
    ) -> Setting<Arc<HostSet>> {
        let kind = SettingKind::List { item: ListItem::Host, max_items, default: &[] };
        Setting::new(section, name, help, kind)
    }
}

/// A type a setting can have. Its `Default` stands in where a setting is not registered.
pub trait SettingType<'s>: Default {
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

macro_rules! lists {
    ($($variant:ident: $type:ty),+) => {$(
        impl SettingType<'_> for $type {
            fn of(value: &SettingValue) -> Option<$type> {
                if let SettingValue::List(List::$variant(list)) = value { Some(Arc::clone(list)) } else { None }
            }
        }
    )+};
}
lists!(Texts: Arc<[String]>, Networks: Arc<[IpNet]>, Aliases: Arc<Aliases>, Hosts: Arc<HostSet>);

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
    /// The value when nobody gave another.
    pub fn default(&self) -> SettingValue {
        match self.kind {
            SettingKind::Bool { default } => SettingValue::Bool(default),
            SettingKind::Int { default, .. } => SettingValue::Int(default),
            SettingKind::Text { default, .. } | SettingKind::Choice { default, .. } => {
                SettingValue::Text(default.to_owned())
            }
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

    /// What may be given, for people.
    pub fn expects(&self) -> String {
        match self.kind {
            SettingKind::Bool { .. } => "true or false".to_owned(),
            SettingKind::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
            SettingKind::Text { max_chars, .. } => {
                format!("a text of at most {max_chars} characters without control characters")
            }
            SettingKind::Choice { options, .. } => format!("one of {}", options.join(", ")),
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
