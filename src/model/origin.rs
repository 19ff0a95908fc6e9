//! What an origin names, as the store needs to know it. The store can't find out by itself (it doesn't know the
//! classifiers, which stand beside it): whoever opens it hands it these.

/// How to read an origin (`scheme://host:port`, or CONNECT's `host:port`). Called once per distinct origin.
#[derive(Clone, Copy, Debug)]
pub struct OriginReader {
    /// Whether the host is an IP literal, in any spelling that clients accept.
    pub is_ip_literal: fn(&[u8]) -> bool,
    /// `host:port`; `None` where the origin names no host.
    pub destination: fn(&[u8]) -> Option<String>,
    /// The registrable domain, or a literal's address; `None` where the origin names no host.
    pub domain: fn(&[u8]) -> Option<String>,
}
