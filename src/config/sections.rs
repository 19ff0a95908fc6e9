//! The tables of config.toml as types.

use crate::format::FormatChoice;
use crate::scoring::BUILTIN;
use crate::source::syslog::ListenAddress;
use ipnet::IpNet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Declares a closed set of words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The words, as written in the file.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// What a word stands for.
            pub fn parse(word: &str) -> Option<$name> {
                match word {
                    $($word => Some($name::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

/// `[server]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerConfig {
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Whether something starts the process again when it ends.
    pub supervised: Supervised,
}

impl Default for ServerConfig {
    fn default() -> ServerConfig {
        ServerConfig { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), supervised: Supervised::default() }
    }
}

words! {
    /// Whether something starts the process again when it ends.
    Supervised {
        /// Where systemd started it.
        #[default]
        Auto = "auto",
        /// Something does.
        Yes = "yes",
        /// Nothing does.
        No = "no",
    }
}

/// `[updates]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UpdatesConfig {
    /// Where to ask for the newest release; nobody is asked without.
    pub url: Option<String>,
}

/// `[admin]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdminConfig {
    /// The name of the account made at first start; a valid account name.
    pub username: String,
}

impl Default for AdminConfig {
    fn default() -> AdminConfig {
        AdminConfig { username: "admin".to_owned() }
    }
}

/// `[[source]]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceConfig {
    /// What the source is called; none for the file's name, or the address.
    pub name: Option<String>,
    /// A file, a pattern of files, or `-` for standard input; empty where it listens.
    pub path: String,
    /// Where it listens.
    pub listen: Option<ListenAddress>,
    /// What its lines look like: a spec, or `auto`.
    pub format: String,
    /// The squid.conf that says what they look like.
    pub squid_conf: Option<PathBuf>,
    /// The zone of times without one, by its name in the time zone database; none for UTC.
    pub timezone: Option<String>,
    /// Who may send to where it listens; everybody when it is empty.
    pub allow: Vec<IpNet>,
    /// Where a file begins that was not seen before.
    pub start: StartAt,
    /// The machine whose log it is; none for this one.
    pub host: Option<String>,
}

impl SourceConfig {
    /// The path that stands for standard input.
    pub const STDIN: &str = "-";

    /// Whether its lines are in a file, or in several.
    pub fn is_file(&self) -> bool {
        self.listen.is_none() && self.path != Self::STDIN
    }

    /// Where its lines come from, as it is written.
    pub fn place(&self) -> String {
        self.listen.map_or_else(|| self.path.clone(), |listen| listen.to_string())
    }
}

impl Default for SourceConfig {
    fn default() -> SourceConfig {
        SourceConfig {
            name: None,
            path: String::new(),
            listen: None,
            format: FormatChoice::AUTO.to_owned(),
            squid_conf: None,
            timezone: None,
            allow: Vec::new(),
            start: StartAt::default(),
            host: None,
        }
    }
}

words! {
    /// Where reading begins in a file that was not seen before.
    StartAt {
        /// With its first line.
        #[default]
        Beginning = "beginning",
        /// With the first line written from then on.
        End = "end",
    }
}

/// `[waf]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WafConfig {
    /// Files, directories and patterns as the file lists them; empty where it doesn't.
    pub rules: Vec<String>,
}

impl WafConfig {
    /// What is to be read, in order.
    pub fn rules(&self) -> Vec<String> {
        if self.rules.is_empty() { vec![BUILTIN.to_owned()] } else { self.rules.clone() }
    }
}

/// `[squid]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SquidConfig {
    /// The proxy's squid.conf.
    pub conf: Option<PathBuf>,
}

/// `[log]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogConfig {
    /// What is logged.
    pub level: LogLevel,
    /// How a log line looks.
    pub format: LogFormat,
}

words! {
    /// The least important messages that are still logged.
    LogLevel {
        /// What needs somebody.
        Error = "error",
        /// What may need somebody.
        Warn = "warn",
        /// What happened.
        #[default]
        Info = "info",
        /// How it happened.
        Debug = "debug",
        /// Every step.
        Trace = "trace",
    }
}

words! {
    /// How Tidegate's own log lines look.
    LogFormat {
        /// For people.
        #[default]
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}
