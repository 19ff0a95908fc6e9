//! `access_log`: where lines go, how they are written, and which requests get one.

use super::directive::{Directive, Place};
use super::values::AclName;
use super::{LogFormat, SquidConf};

/// A line of `access_log`, or Squid's default where there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessLog {
    /// What takes the lines.
    pub module: LogModule,
    /// Where to: a path, `//host:port`, `facility.priority`; empty for [`LogModule::None`].
    pub target: String,
    /// The name of the format.
    pub format: String,
    /// Options but the format, as written (`rotate=7`).
    pub options: Vec<String>,
    /// Which requests get a line: those that all of these are true of.
    pub acls: Vec<AclName>,
    /// Where it is written; none for the default.
    pub place: Option<Place>,
}

/// What takes the lines of an access log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LogModule {
    /// Nothing: requests that match get no line here or further down.
    None,
    /// A file.
    Stdio,
    /// A helper, usually one that writes a file.
    Daemon,
    /// The system's log.
    Syslog,
    /// A receiver of datagrams.
    Udp,
    /// A receiver of a stream.
    Tcp,
    /// Another module.
    Other(String),
}

impl LogModule {
    /// Its name, as written before the colon.
    pub fn name(&self) -> &str {
        match self {
            LogModule::None => "none",
            LogModule::Stdio => "stdio",
            LogModule::Daemon => "daemon",
            LogModule::Syslog => "syslog",
            LogModule::Udp => "udp",
            LogModule::Tcp => "tcp",
            LogModule::Other(name) => name,
        }
    }

    fn parse(name: &str) -> LogModule {
        match name {
            "stdio" => LogModule::Stdio,
            "daemon" => LogModule::Daemon,
            "syslog" => LogModule::Syslog,
            "udp" => LogModule::Udp,
            "tcp" => LogModule::Tcp,
            other => LogModule::Other(other.to_owned()),
        }
    }
}

impl AccessLog {
    /// The file that its lines are in, where they are in one.
    pub fn path(&self) -> Option<&str> {
        matches!(self.module, LogModule::Stdio | LogModule::Daemon).then_some(self.target.as_str())
    }

    /// `module:target`, as written in the configuration.
    pub fn shown(&self) -> String {
        if self.module == LogModule::None {
            "none".to_owned()
        } else {
            format!("{}:{}", self.module.name(), self.target)
        }
    }

    /// What Squid does without an `access_log`.
    pub fn by_default() -> AccessLog {
        AccessLog {
            module: LogModule::Daemon,
            target: "/var/log/squid/access.log".to_owned(),
            format: "squid".to_owned(),
            options: Vec::new(),
            acls: Vec::new(),
            place: None,
        }
    }

    /// Reads `<module>:<place> [option …] [acl …]`, `<module>:<place> [format [acl …]]` or `none [acl …]`.
    fn of(conf: &SquidConf, directive: &Directive, usual: &str) -> Option<AccessLog> {
        let first = directive.word(0)?;
        let place = Some(directive.place.clone());
        let mut words = directive.texts(1).peekable();
        if first == "none" {
            let acls = words.map(AclName::parse).collect();
            let module = LogModule::None;
            return Some(AccessLog { module, acls, place, format: String::new(), ..AccessLog::by_default() }.nowhere());
        }
        let (module, target) = match first.split_once(':') {
            Some((module, target)) if !module.contains('/') => (LogModule::parse(module), target),
            _ if first == "syslog" => (LogModule::Syslog, ""),
            _ => (LogModule::Stdio, first),
        };
        let (mut format, mut options) = (usual.to_owned(), Vec::new());
        if words.peek().is_some_and(|word| !word.contains('=')) {
            let is_format = |name: &&str| conf.log_format(name).is_some();
            if let Some(name) = words.next_if(is_format) {
                name.clone_into(&mut format);
            }
        } else {
            while let Some(option) = words.next_if(|word| word.contains('=')) {
                match option.strip_prefix("logformat=") {
                    Some(name) => name.clone_into(&mut format),
                    None => options.push(option.to_owned()),
                }
            }
        }
        let acls = words.map(AclName::parse).collect();
        Some(AccessLog { module, target: target.to_owned(), format, options, acls, place })
    }

    fn nowhere(self) -> AccessLog {
        AccessLog { target: String::new(), ..self }
    }
}

impl SquidConf {
    /// Where lines go, in the order in which Squid asks; its default where nothing is written.
    pub fn access_logs(&self) -> Vec<AccessLog> {
        let usual = if self.emulate_httpd_log() { "common" } else { "squid" };
        let written = self.named(&["access_log", "cache_access_log"]);
        let logs: Vec<AccessLog> = written.filter_map(|directive| AccessLog::of(self, directive, usual)).collect();
        if logs.is_empty() { vec![AccessLog { format: usual.to_owned(), ..AccessLog::by_default() }] } else { logs }
    }

    /// How a log's lines are written. Squid adds the headers to those of built-in formats where `log_mime_hdrs` is on.
    /// `None` for a format that isn't defined.
    pub fn layout(&self, log: &AccessLog) -> Option<LogFormat> {
        let mut format = self.log_format(&log.format)?;
        if self.log_mime_hdrs() && matches!(format.name.as_str(), "squid" | "common" | "combined") {
            format.definition.push_str(" [%>h] [%<h]");
        }
        Some(format)
    }
}
