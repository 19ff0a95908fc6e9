//! Settings as code names them: a handle that knows the type of its setting's value.

use super::spec::{SettingKind, SettingSpec};
use super::value::SettingValue;
use crate::control::lists::{Aliases, HostSet, List, ListItem};
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

    /// A cron pattern, empty for never.
    pub(super) const fn schedule(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        default: &'static str,
    ) -> Setting<&'static str> {
        Setting::new(section, name, help, SettingKind::Schedule { default })
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

    pub(super) const fn names(
        section: &'static str,
        name: &'static str,
        help: &'static str,
        max_items: usize,
        default: &'static [&'static str],
    ) -> Setting<Arc<[String]>> {
        Setting::new(section, name, help, SettingKind::List { item: ListItem::Name, max_items, default })
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
