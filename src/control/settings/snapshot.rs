//! All settings at one instant, and where each value comes from.

use super::registry::{SETTINGS, spec};
use super::spec::{Setting, SettingSpec, SettingType};
use super::value::{SettingFault, SettingValue};
use crate::control::ControlResult;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fmt;

/// The values config.toml gives; they hold where nobody has set another.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SettingDefaults(BTreeMap<&'static str, SettingValue>);

impl SettingDefaults {
    /// Takes a value for a setting, replacing an earlier one.
    ///
    /// # Errors
    /// When there is no such setting or it doesn't take that value.
    pub fn insert(&mut self, name: &str, value: &SettingValue) -> Result<(), SettingFault> {
        let spec = spec(name)?;
        self.0.insert(spec.name, spec.accept(value)?);
        Ok(())
    }

    /// The value given for a setting.
    pub fn get(&self, name: &str) -> Option<&SettingValue> {
        self.0.get(name)
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettingSource {
    /// The registry.
    Default,
    /// config.toml.
    File,
    /// Somebody set it.
    Database,
}

impl SettingSource {
    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            SettingSource::Default => "default",
            SettingSource::File => "file",
            SettingSource::Database => "database",
        }
    }
}

/// All settings at one instant.
pub struct Settings {
    values: BTreeMap<&'static str, (SettingValue, SettingSource)>,
    version: u64,
}

impl Settings {
    /// Reads what was set and fills up with what was not. A stored value that its setting no longer takes, or of a
    /// setting this version doesn't have, is passed over.
    pub(in crate::control) fn read(connection: &Connection, defaults: &SettingDefaults) -> ControlResult<Settings> {
        let mut statement = connection.prepare_cached("SELECT name, value FROM setting")?;
        let stored: BTreeMap<String, String> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let values = SETTINGS.iter().map(|spec| {
            let set = stored.get(spec.name).and_then(|text| spec.accept(&SettingValue::Text(text.clone())).ok());
            let value = match (set, defaults.get(spec.name)) {
                (Some(value), _) => (value, SettingSource::Database),
                (None, Some(value)) => (value.clone(), SettingSource::File),
                (None, None) => (spec.default(), SettingSource::Default),
            };
            (spec.name, value)
        });
        Ok(Settings::of(values.collect()))
    }

    fn of(values: BTreeMap<&'static str, (SettingValue, SettingSource)>) -> Settings {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for (name, (value, _)) in &values {
            for part in [name.as_bytes(), value.to_text().as_bytes()] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        Settings { values, version: hash.digest() }
    }

    /// The value of a setting, ready to use.
    pub fn get<'s, T: SettingType<'s>>(&'s self, setting: Setting<T>) -> T {
        self.values.get(setting.spec.name).and_then(|(value, _)| T::of(value)).unwrap_or_default()
    }

    /// The value of a registered setting.
    pub fn value(&self, spec: &SettingSpec) -> SettingValue {
        self.values.get(spec.name).map_or_else(|| spec.default(), |(value, _)| value.clone())
    }

    /// Where the value of a setting comes from.
    pub fn source(&self, spec: &SettingSpec) -> SettingSource {
        self.values.get(spec.name).map_or(SettingSource::Default, |(_, source)| *source)
    }

    /// A number that is the same exactly while all values are: a hash of them, so that it differs after a restart with
    /// another config.toml too. For ETags.
    pub fn version(&self) -> u64 {
        self.version
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::of(SETTINGS.iter().map(|spec| (spec.name, (spec.default(), SettingSource::Default))).collect())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Settings").field("version", &self.version).finish_non_exhaustive()
    }
}
