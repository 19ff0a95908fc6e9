//! All settings at one instant, and where each value comes from.

use super::handle::{Setting, SettingType};
use super::registry::{SETTINGS, spec};
use super::spec::SettingSpec;
use super::value::{SettingFault, SettingValue};
use crate::control::ControlResult;
use crate::control::keys::{self, Key};
use rusqlite::{Connection, OptionalExtension};
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
    values: BTreeMap<&'static str, Held>,
    lost: Vec<&'static str>,
    version: u64,
}

/// A value and where it comes from.
#[derive(Clone)]
struct Held {
    value: SettingValue,
    source: SettingSource,
    /// The same exactly while the value is; of a secret only whether it is set.
    digest: u64,
}

impl Held {
    fn new(spec: &SettingSpec, value: SettingValue, source: SettingSource) -> Held {
        let text = if spec.secret { spec.audited(&value).to_string() } else { value.to_text() };
        Held { digest: digest(&text), value, source }
    }
}

/// Names a text, for comparison.
pub(super) fn digest(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

impl Settings {
    /// Reads what was set and fills up with what was not. A stored value that its setting no longer takes, or of a
    /// setting this version doesn't have, is passed over, and so is a secret that the key doesn't open. Lists with a
    /// table are taken from `held` where they are the same.
    pub(in crate::control) fn read(
        connection: &Connection,
        defaults: &SettingDefaults,
        sealing: &Key,
        held: &Settings,
    ) -> ControlResult<Settings> {
        let mut statement = connection.prepare_cached("SELECT name, value FROM setting")?;
        let mut stored: BTreeMap<String, String> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut lost = Vec::new();
        let mut values = BTreeMap::new();
        for spec in SETTINGS {
            let set = if spec.has_table() {
                read_list(connection, spec, held)?
            } else {
                let text = stored.remove(spec.name).and_then(|text| match spec.secret {
                    true => opened(sealing, &text, spec.name).or_else(|| {
                        lost.push(spec.name);
                        None
                    }),
                    false => Some(text),
                });
                let value = text.and_then(|text| spec.accept(&SettingValue::Text(text)).ok());
                value.map(|value| Held::new(spec, value, SettingSource::Database))
            };
            let value = set.unwrap_or_else(|| match defaults.get(spec.name) {
                Some(value) => Held::new(spec, value.clone(), SettingSource::File),
                None => Held::new(spec, spec.default(), SettingSource::Default),
            });
            values.insert(spec.name, value);
        }
        Ok(Settings::of(values, lost))
    }

    fn of(values: BTreeMap<&'static str, Held>, lost: Vec<&'static str>) -> Settings {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for (name, held) in &values {
            hash.update(&(name.len() as u64).to_le_bytes());
            hash.update(name.as_bytes());
            hash.update(&held.digest.to_le_bytes());
        }
        Settings { values, lost, version: hash.digest() }
    }

    /// The value of a setting, ready to use.
    pub fn get<'s, T: SettingType<'s>>(&'s self, setting: Setting<T>) -> T {
        self.values.get(setting.spec.name).and_then(|held| T::of(&held.value)).unwrap_or_default()
    }

    /// The value of a registered setting.
    pub fn value(&self, spec: &SettingSpec) -> SettingValue {
        self.values.get(spec.name).map_or_else(|| spec.default(), |held| held.value.clone())
    }

    /// Where the value of a setting comes from.
    pub fn source(&self, spec: &SettingSpec) -> SettingSource {
        self.values.get(spec.name).map_or(SettingSource::Default, |held| held.source)
    }

    /// The secrets that were set and can't be opened, since the key they were sealed with is gone; they count as not
    /// set until they are set again.
    pub fn lost_secrets(&self) -> &[&'static str] {
        &self.lost
    }

    /// A number that is the same exactly while all values are: a hash of them, so that it differs after a restart with
    /// another config.toml too. For ETags.
    pub fn version(&self) -> u64 {
        self.version
    }
}

/// A list that somebody has set, from its table; from `held` where it is there already.
fn read_list(connection: &Connection, spec: &SettingSpec, held: &Settings) -> ControlResult<Option<Held>> {
    let digest = connection
        .prepare_cached("SELECT digest FROM setting_list WHERE name = ?1")?
        .query_row([spec.name], |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(digest) = digest.map(i64::cast_unsigned) else { return Ok(None) };
    let same = |held: &&Held| (held.digest, held.source) == (digest, SettingSource::Database);
    if let Some(held) = held.values.get(spec.name).filter(same) {
        return Ok(Some(held.clone()));
    }
    let text = connection
        .prepare_cached("SELECT entries FROM setting_list WHERE name = ?1")?
        .query_row([spec.name], |row| row.get(0))?;
    let value = spec.accept(&SettingValue::Text(text)).ok();
    Ok(value.map(|value| Held { value, source: SettingSource::Database, digest }))
}

fn opened(sealing: &Key, token: &str, name: &str) -> Option<String> {
    String::from_utf8(keys::open(sealing, token, name.as_bytes())?).ok()
}

impl Default for Settings {
    fn default() -> Settings {
        let held = |spec: &SettingSpec| Held::new(spec, spec.default(), SettingSource::Default);
        Settings::of(SETTINGS.iter().map(|spec| (spec.name, held(spec))).collect(), Vec::new())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Settings").field("version", &self.version).finish_non_exhaustive()
    }
}
