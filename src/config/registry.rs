//! The registry of tables and keys. Adding a key is its field, one entry of [`KEYS`], and `config.toml` written anew
//! from [`super::reference`]. The keys of `[settings]` are those of [`SETTINGS`].

use super::Config;
use super::nearest::nearest;
use super::sections::{LogFormat, LogLevel, SourceConfig, StartAt, Supervised};
use crate::control::AccountName;
use crate::control::settings::SETTINGS;
use crate::format::FormatChoice;
use crate::scoring::BUILTIN;
use crate::source::syslog::ListenAddress;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// A table of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableSpec {
    /// Its name; empty for what stands above all tables.
    pub name: &'static str,
    /// Whether there may be several, written `[[name]]`.
    pub repeated: bool,
    /// What it is about.
    pub doc: &'static str,
}

/// Every table, in the order of the annotated file.
pub const TABLES: &[TableSpec] = &[
    TableSpec { name: "", repeated: false, doc: "" },
    TableSpec { name: "server", repeated: false, doc: "The HTTP server: API and dashboard." },
    TableSpec { name: "admin", repeated: false, doc: "The account made at first start." },
    TableSpec { name: "source", repeated: true, doc: "A log that is followed; one such table for each." },
    TableSpec { name: "waf", repeated: false, doc: "The rules that lines are scored by." },
    TableSpec { name: "squid", repeated: false, doc: "The proxy, for the security score." },
    TableSpec { name: "log", repeated: false, doc: "Tidegate's own log, written to standard error." },
    TableSpec {
        name: "updates",
        repeated: false,
        doc: "Whether there is a newer Tidegate: nobody is asked unless a url is given.",
    },
    TableSpec {
        name: SETTINGS_TABLE,
        repeated: false,
        doc: "Values of settings until somebody changes them in the dashboard or through the API.",
    },
];

/// The table whose keys are the settings.
pub(super) const SETTINGS_TABLE: &str = "settings";

/// A key of the file. All keys take strings, or a list of them; numbers and booleans are among the settings only.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// Its table; empty for what stands above all tables.
    pub table: &'static str,
    /// Its name.
    pub key: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What holds without it.
    pub presence: Presence,
    /// What it means, in one sentence.
    pub doc: &'static str,
    pub(super) apply: fn(&mut Config, &str),
}

/// What holds where a key is absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// This value.
    Default(&'static str),
    /// What the key's doc says; a value it might have.
    Optional(&'static str),
}

impl Presence {
    /// The default, or else the example.
    pub fn shown(self) -> &'static str {
        match self {
            Presence::Default(text) | Presence::Optional(text) => text,
        }
    }
}

/// What values a key takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An IP address and a port.
    Address,
    /// A name of an account.
    Account,
    /// A path.
    Path,
    /// A path that may have `*`, `?`, `[…]` and `**` in it.
    Glob,
    /// A text without control characters.
    Text,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A transport, an address and a port.
    Listen,
    /// A format's spec, or `auto`.
    Format,
    /// A name of the time zone database.
    TimeZone,
    /// A list of addresses and networks; each is checked and taken by itself.
    Networks,
    /// A list of files, directories and patterns of files.
    Rules,
    /// An address of the web.
    Url,
}

impl Kind {
    /// Says what is wrong with a value and how to mend it.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        match self {
            Kind::Address if text.parse::<SocketAddr>().is_ok() => Ok(()),
            Kind::Address => {
                Err(format!("'{text}' is not an IP address with a port; write it like 127.0.0.1:8080 or [::]:8080"))
            }
            Kind::Account => AccountName::new(text).map(drop).map_err(|fault| fault.to_string()),
            Kind::Path | Kind::Glob | Kind::Text | Kind::Rules if text.is_empty() => {
                Err("is empty; give a value or remove the line".to_owned())
            }
            Kind::Path | Kind::Glob | Kind::Text | Kind::Rules if text.contains(char::is_control) => {
                Err("holds a control character; write a backslash twice, or use single quotes".to_owned())
            }
            Kind::Glob => glob::Pattern::new(text).map(drop).map_err(|fault| {
                format!(
                    "is not a pattern ({} at character {}); write [*], [?] or [[] for the sign itself",
                    fault.msg,
                    fault.pos + 1
                )
            }),
            Kind::Path | Kind::Text | Kind::Rules => Ok(()),
            Kind::Choice(words) if words.contains(&text) => Ok(()),
            Kind::Choice(words) => {
                let lower = text.to_lowercase();
                let hint = nearest(&lower, words.iter().copied())
                    .map_or_else(String::new, |word| format!(" (did you mean '{word}'?)"));
                Err(format!("'{text}' is not known; write one of {}{hint}", words.join(", ")))
            }
            Kind::Listen => text.parse::<ListenAddress>().map(drop).map_err(|fault| fault.to_string()),
            Kind::Format => FormatChoice::parse(text).map(drop).map_err(|fault| fault.to_string()),
            Kind::TimeZone => jiff::tz::TimeZone::get(text)
                .map(drop)
                .map_err(|_| format!("'{text}' is not in the time zone database; write a name like Europe/Berlin")),
            Kind::Url => web_address(text),
            Kind::Networks if network(text).is_some() => Ok(()),
            Kind::Networks => Err(format!("'{text}' is neither an address nor a network such as 10.0.0.0/8")),
        }
    }

    /// Of a list, how one that is empty is mended: who wrote it may mean nothing or everything.
    pub(super) fn if_empty(self) -> Option<&'static str> {
        match self {
            Kind::Networks => Some("name who may send, or remove the line to let everybody"),
            Kind::Rules => Some("name rules, or set waf_enabled = false in [settings] where nothing is to be scored"),
            _ => None,
        }
    }

    /// What may be given, for the annotated file; empty where the key's doc says it all.
    pub(super) fn expects(self) -> String {
        match self {
            Kind::Address => "An IP address and a port.".to_owned(),
            Kind::Account => "1 to 64 characters, no colon.".to_owned(),
            Kind::Glob => "May hold the wildcards *, ?, [...] and **.".to_owned(),
            Kind::Choice(words) => format!("One of {}.", words.join(", ")),
            Kind::Listen => "udp://, tcp:// or tls://, an IP address and a port.".to_owned(),
            Kind::Networks => "A list of addresses and networks.".to_owned(),
            Kind::Rules => "Files, directories, patterns of files.".to_owned(),
            Kind::Url => "An address that begins with https:// or http://.".to_owned(),
            Kind::Path | Kind::Text | Kind::Format | Kind::TimeZone => String::new(),
        }
    }
}

/// Keys of a source that don't go together.
pub(super) const EITHER_OR: &[(&str, &str)] =
    &[("listen", "path"), ("squid_conf", "format"), ("start", "listen"), ("allow", "path")];

/// Every key but those of `[settings]`, table by table.
pub const KEYS: &[KeySpec] = &[
    KeySpec {
        table: "",
        key: "data_dir",
        kind: Kind::Path,
        presence: Presence::Default("tidegate-data"),
        doc: "The directory that holds the databases and keys; made at first start.",
        apply: |config, text| config.data_dir = text.into(),
    },
    KeySpec {
        table: "server",
        key: "listen",
        kind: Kind::Address,
        presence: Presence::Default("127.0.0.1:8080"),
        doc: "Where the server listens; 0.0.0.0 or [::] stands for every interface.",
        apply: |config, text| {
            if let Ok(address) = text.parse() {
                config.server.listen = address;
            }
        },
    },
    KeySpec {
        table: "server",
        key: "supervised",
        kind: Kind::Choice(Supervised::WORDS),
        presence: Presence::Default("auto"),
        doc: "Whether something starts Tidegate again when it ends; auto: where systemd started it.",
        apply: |config, text| config.server.supervised = Supervised::parse(text).unwrap_or_default(),
    },
    KeySpec {
        table: "admin",
        key: "username",
        kind: Kind::Account,
        presence: Presence::Default("admin"),
        doc: "Its name. Its password is TIDEGATE_ADMIN_PASSWORD, else generated and printed once.",
        apply: |config, text| config.admin.username = text.to_owned(),
    },
    KeySpec {
        table: "source",
        key: "path",
        kind: Kind::Glob,
        presence: Presence::Optional("/var/log/squid/access.log"),
        doc: "The file to follow or a pattern of files, - for standard input; or listen.",
        apply: |config, text| source(config, |source| source.path = text.to_owned()),
    },
    KeySpec {
        table: "source",
        key: "listen",
        kind: Kind::Listen,
        presence: Presence::Optional("udp://0.0.0.0:5514"),
        doc: "Where to listen instead, for syslog or Squid's udp: and tcp:.",
        apply: |config, text| source(config, |source| source.listen = text.parse().ok()),
    },
    KeySpec {
        table: "source",
        key: "allow",
        kind: Kind::Networks,
        presence: Presence::Optional("10.0.0.0/8"),
        doc: "Who may send to where it listens; without it, everybody.",
        apply: |config, text| source(config, |source| source.allow.extend(network(text))),
    },
    KeySpec {
        table: "source",
        key: "name",
        kind: Kind::Text,
        presence: Presence::Optional("edge"),
        doc: "What the source is called in answers; without it, the file's name, or the address it listens on.",
        apply: |config, text| source(config, |source| source.name = Some(text.to_owned())),
    },
    KeySpec {
        table: "source",
        key: "format",
        kind: Kind::Format,
        presence: Presence::Default(FormatChoice::AUTO),
        doc: "What its lines look like: auto, a name, or a definition such as 'logformat %ts.%03tu %>a ...'.",
        apply: |config, text| source(config, |source| source.format = text.to_owned()),
    },
    KeySpec {
        table: "source",
        key: "squid_conf",
        kind: Kind::Path,
        presence: Presence::Optional("/etc/squid/squid.conf"),
        doc: "The squid.conf that says what its lines look like, in place of a format.",
        apply: |config, text| source(config, |source| source.squid_conf = Some(text.into())),
    },
    KeySpec {
        table: "source",
        key: "timezone",
        kind: Kind::TimeZone,
        presence: Presence::Optional("Europe/Berlin"),
        doc: "The zone of times that are written without one; without it, UTC.",
        apply: |config, text| source(config, |source| source.timezone = Some(text.to_owned())),
    },
    KeySpec {
        table: "source",
        key: "start",
        kind: Kind::Choice(StartAt::WORDS),
        presence: Presence::Default("beginning"),
        doc: "Where reading begins in a file that was not seen before.",
        apply: |config, text| source(config, |source| source.start = StartAt::parse(text).unwrap_or_default()),
    },
    KeySpec {
        table: "source",
        key: "host",
        kind: Kind::Text,
        presence: Presence::Optional("proxy1.example.net"),
        doc: "The machine whose log it is; without it, this machine's name.",
        apply: |config, text| source(config, |source| source.host = Some(text.to_owned())),
    },
    KeySpec {
        table: "waf",
        key: "rules",
        kind: Kind::Rules,
        presence: Presence::Default(BUILTIN),
        doc: "Rules in SecLang, read in this order; waf-rules stands for Tidegate's own.",
        apply: |config, text| config.waf.rules.push(text.to_owned()),
    },
    KeySpec {
        table: "squid",
        key: "conf",
        kind: Kind::Path,
        presence: Presence::Optional("/etc/squid/squid.conf"),
        doc: "Its squid.conf; without it, the first that a source names.",
        apply: |config, text| config.squid.conf = Some(text.into()),
    },
    KeySpec {
        table: "log",
        key: "level",
        kind: Kind::Choice(LogLevel::WORDS),
        presence: Presence::Default("info"),
        doc: "The least important messages that are still written.",
        apply: |config, text| config.log.level = LogLevel::parse(text).unwrap_or_default(),
    },
    KeySpec {
        table: "log",
        key: "format",
        kind: Kind::Choice(LogFormat::WORDS),
        presence: Presence::Default("text"),
        doc: "How a message is written: for people, or as one JSON object a line.",
        apply: |config, text| config.log.format = LogFormat::parse(text).unwrap_or_default(),
    },
    KeySpec {
        table: "updates",
        key: "url",
        kind: Kind::Url,
        presence: Presence::Optional("https://releases.example.net/tidegate.json"),
        doc: "Serves version, url and notes as one JSON object; asked daily.",
        apply: |config, text| config.updates.url = Some(text.to_owned()),
    },
];

fn source(config: &mut Config, set: impl FnOnce(&mut SourceConfig)) {
    if let Some(source) = config.sources.last_mut() {
        set(source);
    }
}

/// Says what is wrong with an address of the web.
fn web_address(text: &str) -> Result<(), String> {
    let example = "write it like https://releases.example.net/tidegate.json";
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return Err(format!("'{text}' is not an address of the web; {example}"));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match text.parse::<axum::http::Uri>() {
        _ if host.contains('@') => Err(format!("holds a name or password; {example}")),
        Ok(uri) if uri.host().is_some_and(|host| !host.is_empty()) => Ok(()),
        _ => Err(format!("'{text}' is not an address of the web; {example}")),
    }
}

/// An address is a network of its own.
fn network(text: &str) -> Option<IpNet> {
    let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    // Senders that come as ::ffff:10.0.0.1 are known as 10.0.0.1.
    let mapped = match network {
        IpNet::V6(network) => network.addr().to_ipv4_mapped().zip(network.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    mapped.map_or(Some(network), |(address, length)| IpNet::new(address.into(), length).ok())
}

/// The keys of a table, by name.
pub(super) fn key_names(table: &str) -> Vec<&'static str> {
    if table == SETTINGS_TABLE {
        return SETTINGS.iter().map(|spec| spec.name).collect();
    }
    KEYS.iter().filter(|spec| spec.table == table).map(|spec| spec.key).collect()
}
