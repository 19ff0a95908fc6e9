//! What config.toml says: what is fixed at start. [`KEYS`] is the registry that drives reading, checking and the
//! annotated file in the repository; [`Config::load`] reports every fault at once, each with its line and its mend.
//!
//! Not here: command line and environment (`cli`), settings changed while running (`control::settings`), to which the
//! `[settings]` table only gives other defaults.

mod faults;
mod nearest;
mod read;
mod reference;
mod registry;
mod sections;

pub use faults::{ConfigFault, ConfigFaults};
pub use reference::reference;
pub use registry::{KEYS, KeySpec, Kind, Presence, TABLES, TableSpec};
pub use sections::{
    AdminConfig, LogConfig, LogFormat, LogLevel, ServerConfig, SourceConfig, SquidConfig, StartAt, Supervised,
    UpdatesConfig, WafConfig,
};

use crate::control::settings::SettingDefaults;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Everything that is fixed at start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Where databases and keys are kept.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: ServerConfig,
    /// The account made at first start.
    pub admin: AdminConfig,
    /// The logs that are followed.
    pub sources: Vec<SourceConfig>,
    /// The rules that lines are scored by.
    pub waf: WafConfig,
    /// The proxy.
    pub squid: SquidConfig,
    /// Tidegate's own log.
    pub log: LogConfig,
    /// Where newer releases are told of.
    pub updates: UpdatesConfig,
    /// Values of settings nobody has set.
    pub settings: SettingDefaults,
}

impl Config {
    /// The file's usual name.
    pub const FILE: &'static str = "config.toml";

    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigFaults`] with everything that is wrong with it.
    pub fn load(path: &Path) -> Result<Config, ConfigFaults> {
        let faults = |fault| ConfigFaults::new(path, vec![fault]);
        let bytes = std::fs::read(path).map_err(|cause| {
            let mend = "name the right file with --config, or make it readable for the account that runs Tidegate";
            faults(ConfigFault {
                line: None,
                place: String::new(),
                problem: format!("can't be read ({cause}); {mend}"),
            })
        })?;
        match String::from_utf8(bytes) {
            Ok(text) => Config::parse(&text, path),
            Err(cause) => {
                let valid = cause.utf8_error().valid_up_to();
                Err(faults(ConfigFault {
                    line: Some(faults::line_of(cause.as_bytes(), valid)),
                    place: String::new(),
                    problem: "is not UTF-8; save the file as UTF-8".to_owned(),
                }))
            }
        }
    }

    /// What is in force, table by table as in the file, without the settings, which may change.
    pub fn to_json(&self) -> Value {
        let source = |source: &SourceConfig| {
            json!({
                "path": Some(&source.path).filter(|path| !path.is_empty()),
                "listen": source.listen.map(|listen| listen.to_string()),
                "name": source.name,
                "format": source.format,
                "squid_conf": source.squid_conf,
                "timezone": source.timezone,
                "allow": source.allow.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "start": source.start.word(),
                "host": source.host,
            })
        };
        json!({
            "data_dir": self.data_dir.display().to_string(),
            "server": { "listen": self.server.listen.to_string(), "supervised": self.server.supervised.word() },
            "admin": { "username": self.admin.username },
            "source": self.sources.iter().map(source).collect::<Vec<_>>(),
            "waf": { "rules": self.waf.rules() },
            "squid": { "conf": self.squid.conf },
            "log": { "level": self.log.level.word(), "format": self.log.format.word() },
            // What stands behind the question mark may be a secret.
            "updates": { "url": self.updates.url.as_ref().and_then(|url| url.split('?').next()) },
        })
    }

    /// The squid.conf that the security score looks at: that of the proxy, else the first that a source names.
    pub fn squid_conf(&self) -> Option<&Path> {
        let of_source = || self.sources.iter().find_map(|source| source.squid_conf.as_deref());
        self.squid.conf.as_deref().or_else(of_source)
    }

    /// Checks a file's text; `path` is what faults call it.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigFaults> {
        let (config, faults) = read::read(text);
        if faults.is_empty() { Ok(config) } else { Err(ConfigFaults::new(path, faults)) }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            data_dir: PathBuf::from("tidegate-data"),
            server: ServerConfig::default(),
            admin: AdminConfig::default(),
            sources: Vec::new(),
            waf: WafConfig::default(),
            squid: SquidConfig::default(),
            log: LogConfig::default(),
            updates: UpdatesConfig::default(),
            settings: SettingDefaults::default(),
        }
    }
}

#[cfg(test)]
mod tests;
