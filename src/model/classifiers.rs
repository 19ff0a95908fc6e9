//! What distinct values say, as the store needs to know it. The store can't find out by itself (it doesn't know the
//! classifiers, which stand beside it): whoever opens it hands it these.

/// How to read values. Origins (`scheme://host:port`, or CONNECT's `host:port`) and agents are read once per distinct
/// value, [`Classifiers::path`] once per row.
#[derive(Clone, Copy, Debug)]
pub struct Classifiers {
    /// Whether an origin's host is an IP literal, in any spelling that clients accept.
    pub is_ip_literal: fn(&[u8]) -> bool,
    /// An origin's `host:port`; `None` where it names no host.
    pub destination: fn(&[u8]) -> Option<String>,
    /// An origin's registrable domain, or a literal's address; `None` where it names no host.
    pub domain: fn(&[u8]) -> Option<String>,
    /// The name of the service that an origin belongs to.
    pub service: fn(&[u8]) -> Option<&'static str>,
    /// The category of that service: `storage`, `messaging` and so on.
    pub service_category: fn(&[u8]) -> Option<&'static str>,
    /// What kind of service an origin is, told by its service or else by scheme and port.
    pub service_type: fn(&[u8]) -> &'static str,
    /// Family and class of a user agent.
    pub agent: fn(&[u8]) -> AgentName,
    /// Writes what a target's path (what follows its origin) and the reply's MIME type say together, in the text form of
    /// [`PathTraits`](super::PathTraits), replacing what was there.
    /// Answers the Shannon entropy of that path, in thousandths of a bit per byte; `None` where there is too little to
    /// measure.
    pub path: PathReader,
    /// The category of a file by its extension (lower case, without the dot) and MIME type.
    pub file_category: fn(&[u8], &[u8]) -> &'static str,
}

/// See [`Classifiers::path`].
pub type PathReader = fn(&[u8], &[u8], &mut Vec<u8>) -> Option<u32>;

/// A user agent by name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AgentName {
    /// `Firefox`, `curl`; `-` where there is none or it is not known.
    pub family: String,
    /// `browser`, `library`, `cli_tool`, `updater`, `bot`, `scanner` or `unknown`.
    pub class: &'static str,
}
