//! Typed readings of single directives, each with Squid's default where nothing is written.

use super::SquidConf;
use super::directive::{Place, Word, Writing};
use std::net::IpAddr;

/// A name of an ACL where it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AclName {
    /// The name.
    pub name: String,
    /// Whether it is negated (`!name`).
    pub negated: bool,
}

impl AclName {
    pub(super) fn parse(word: &str) -> AclName {
        let name = word.strip_prefix('!');
        AclName { name: name.unwrap_or(word).to_owned(), negated: name.is_some() }
    }

    /// As written.
    pub fn shown(&self) -> String {
        if self.negated { format!("!{}", self.name) } else { self.name.clone() }
    }
}

/// A line `acl name type value…`. Several lines of one name add up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acl {
    /// Its name.
    pub name: String,
    /// What it looks at (`src`, `dstdomain`, `proxy_auth`).
    pub kind: String,
    /// Its values and flags (`-i`), as written.
    pub values: Vec<Word>,
    /// Where it is written.
    pub place: Place,
}

impl Acl {
    /// The files that hold further values, one a line.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(|word| match word.writing {
            Writing::Parameters => Some(word.text.as_str()),
            Writing::Plain => {
                let inner = word.text.strip_prefix(['"', '\''])?;
                inner.split(['"', '\'']).next()
            }
            Writing::Quoted => None,
        })
    }
}

/// A line that decides: `http_access deny !Safe_ports`, `ssl_bump peek step1`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessRule {
    /// What is done (`allow`, `deny`, `bump`).
    pub action: String,
    /// With which requests: those that all of these are true of.
    pub acls: Vec<AclName>,
    /// Where it is written.
    pub place: Place,
}

/// A line `auth_param scheme parameter value…`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthParam {
    /// The scheme (`basic`, `negotiate`).
    pub scheme: String,
    /// The parameter (`program`).
    pub parameter: String,
    /// Its value, as written.
    pub value: String,
    /// Where it is written.
    pub place: Place,
}

/// A line `http_port` or `https_port`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    /// Whether clients speak TLS to it.
    pub https: bool,
    /// `port`, `host:port` or `address:port`.
    pub address: String,
    /// Mode and options, as written (`ssl-bump`, `tls-cert=…`).
    pub options: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

/// `uri_whitespace`: what happens to blanks in a URL before it is used and logged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UriWhitespace {
    /// They are taken out; the default.
    Strip,
    /// The request is refused.
    Deny,
    /// They stay.
    Allow,
    /// They are percent-encoded.
    Encode,
    /// The URL ends with the first.
    Chop,
}

/// `forwarded_for`: what Squid tells origins of the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ForwardedFor {
    /// Its address is added; the default.
    On,
    /// `unknown` is added.
    Off,
    /// The header stays as it came.
    Transparent,
    /// The header holds the client's address alone.
    Truncate,
    /// The header is removed.
    Delete,
}

impl SquidConf {
    /// A directive that is on or off.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.last(name).and_then(|directive| directive.word(0)).map_or(default, |word| matches!(word, "on" | "enable"))
    }

    /// Whether query strings are cut off before a URL is logged; on by default.
    pub fn strip_query_terms(&self) -> bool {
        self.flag("strip_query_terms", true)
    }

    /// Whether all headers are logged; off by default.
    pub fn log_mime_hdrs(&self) -> bool {
        self.flag("log_mime_hdrs", false)
    }

    /// Whether the log is like a web server's; of old versions, off by default.
    pub fn emulate_httpd_log(&self) -> bool {
        self.flag("emulate_httpd_log", false)
    }

    /// Whether the origin's address stands where a peer's name would; of old versions, on by default.
    pub fn log_ip_on_direct(&self) -> bool {
        self.flag("log_ip_on_direct", true)
    }

    /// Whether Squid names itself in `Via`; on by default.
    pub fn via(&self) -> bool {
        self.flag("via", true)
    }

    /// How many rotated logs are kept; 0 where others rotate. Squid's default is 10, Debian's is 0.
    pub fn logfile_rotate(&self) -> Option<u32> {
        self.last("logfile_rotate")?.word(0)?.parse().ok()
    }

    /// The mask laid on client addresses before they are logged, where it hides anything.
    pub fn client_netmask(&self) -> Option<IpAddr> {
        let mask: IpAddr = self.last("client_netmask")?.word(0)?.parse().ok()?;
        let hides = match mask {
            IpAddr::V4(mask) => mask.to_bits() != u32::MAX,
            IpAddr::V6(mask) => mask.to_bits() != u128::MAX,
        };
        hides.then_some(mask)
    }

    /// What happens to blanks in URLs.
    pub fn uri_whitespace(&self) -> UriWhitespace {
        match self.last("uri_whitespace").and_then(|directive| directive.word(0)) {
            Some("deny") => UriWhitespace::Deny,
            Some("allow") => UriWhitespace::Allow,
            Some("encode") => UriWhitespace::Encode,
            Some("chop") => UriWhitespace::Chop,
            _ => UriWhitespace::Strip,
        }
    }

    /// What origins are told of the client.
    pub fn forwarded_for(&self) -> ForwardedFor {
        match self.last("forwarded_for").and_then(|directive| directive.word(0)) {
            Some("off") => ForwardedFor::Off,
            Some("transparent") => ForwardedFor::Transparent,
            Some("truncate") => ForwardedFor::Truncate,
            Some("delete") => ForwardedFor::Delete,
            _ => ForwardedFor::On,
        }
    }

    /// The lines that define ACLs, in order.
    pub fn acls(&self) -> impl Iterator<Item = Acl> {
        self.named(&["acl"]).filter_map(|directive| {
            let (name, kind) = (directive.word(0)?.to_owned(), directive.word(1)?.to_owned());
            Some(Acl { name, kind, values: directive.words[2..].to_vec(), place: directive.place.clone() })
        })
    }

    /// Who may use the proxy: the first line that applies decides.
    pub fn http_access(&self) -> Vec<AccessRule> {
        self.rules("http_access")
    }

    /// What happens to TLS: at each step the first line that applies decides.
    pub fn ssl_bump(&self) -> Vec<AccessRule> {
        self.rules("ssl_bump")
    }

    /// The lines of a directive that has an action and ACLs.
    pub fn rules(&self, name: &str) -> Vec<AccessRule> {
        let lines = self.directives().filter(|directive| directive.name == name);
        let rule = |directive: &super::Directive| {
            let acls = directive.texts(1).map(AclName::parse).collect();
            Some(AccessRule { action: directive.word(0)?.to_owned(), acls, place: directive.place.clone() })
        };
        lines.filter_map(rule).collect()
    }

    /// How users log in.
    pub fn auth_params(&self) -> impl Iterator<Item = AuthParam> {
        self.named(&["auth_param"]).filter_map(|directive| {
            let (scheme, parameter) = (directive.word(0)?.to_owned(), directive.word(1)?.to_owned());
            let value = directive.texts(2).collect::<Vec<_>>().join(" ");
            Some(AuthParam { scheme, parameter, value, place: directive.place.clone() })
        })
    }

    /// Where clients connect to.
    pub fn ports(&self) -> impl Iterator<Item = Port> {
        self.named(&["http_port", "https_port"]).filter_map(|directive| {
            let address = directive.word(0)?.to_owned();
            let options = directive.texts(1).map(str::to_owned).collect();
            let https = directive.name == "https_port";
            Some(Port { https, address, options, place: directive.place.clone() })
        })
    }
}
