//! squid.conf as a model: every directive with file and line, in the order in which Squid reads them, and typed readings
//! of those that say how requests are decided and logged.
//!
//! Not here: reading files (the caller gives what an `include` names), and whether a configuration is a good one.
//! Source: Squid's `cf.data.pre`, `cache_cf.cc` and `ConfigParser.cc`, versions 5.7 to 7; names that older versions had are
//! read, too. As in Squid a later line wins over an earlier one where a directive has one value.

mod access;
mod access_log;
mod directive;
mod lexer;
mod log_format;
mod reader;
mod values;

pub use access::{Access, Decision, Probe};
pub use access_log::{AccessLog, LogModule};
pub use directive::{Directive, Place, Word, Writing};
pub use log_format::{LogCode, LogFormat};
pub use reader::{ConfFault, Included};
pub use values::{AccessRule, Acl, AclName, AuthParam, ForwardedFor, Port, UriWhitespace};

/// A configuration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SquidConf {
    directives: Vec<Directive>,
    files: Vec<String>,
}

impl SquidConf {
    /// Where Squid looks for it unless told otherwise, as packaged by the distributions.
    pub const FILE: &'static str = "/etc/squid/squid.conf";

    /// Every directive, those of conditional branches that are not taken included.
    pub fn all(&self) -> &[Directive] {
        &self.directives
    }

    /// Every directive that is in force.
    pub fn directives(&self) -> impl DoubleEndedIterator<Item = &Directive> {
        self.directives.iter().filter(|directive| directive.taken)
    }

    /// Those in force that have one of the names.
    pub fn named<'c>(&'c self, names: &'c [&str]) -> impl DoubleEndedIterator<Item = &'c Directive> {
        self.directives().filter(|directive| names.contains(&directive.name.as_str()))
    }

    /// The one that counts where a directive has one value: the last.
    pub fn last(&self, name: &str) -> Option<&Directive> {
        self.directives().rfind(|directive| directive.name == name)
    }

    /// The files read, in order; an included one as often as it is included.
    pub fn files(&self) -> &[String] {
        &self.files
    }
}

#[cfg(test)]
mod tests;
