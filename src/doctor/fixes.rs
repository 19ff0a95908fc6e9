//! Lines of squid.conf that mend blind spots, ready to be pasted at the end of the file. A line that goes in place of
//! another says so in a comment above it.

use super::evidence::Evidence;
use crate::squidconf::{AccessLog, AclName};

/// Squid's own format with Referer and User-Agent behind it.
const DEFINITION: &str =
    "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt \"%{Referer}>h\" \"%{User-Agent}>h\"";

/// A directive that has one value.
pub(super) fn directive(evidence: &Evidence<'_>, name: &str, value: &str) -> Vec<String> {
    let there = evidence.conf.and_then(|conf| conf.last(name));
    let comment = there.map(|there| format!("# in place of {}: {} {}", there.place, there.name, there.rest));
    comment.into_iter().chain([format!("{name} {value}")]).collect()
}

/// A format that carries everything, and the log written in it.
pub(super) fn logformat(evidence: &Evidence<'_>) -> Vec<String> {
    let by_default = AccessLog::by_default();
    let log = evidence.log.unwrap_or(&by_default);
    let taken = |name: &str| evidence.conf.is_some_and(|conf| conf.log_format(name).is_some());
    let name = ["tidegate", "tidegate_full"].into_iter().find(|name| !taken(name)).unwrap_or("tidegate_all");
    let lines = access_log(&AccessLog { format: name.to_owned(), ..log.clone() });
    [format!("logformat {name} {DEFINITION}")].into_iter().chain(lines).collect()
}

/// A log, in place of the line it was.
pub(super) fn access_log(log: &AccessLog) -> Vec<String> {
    let by_default = AccessLog::by_default();
    let target = if log.path().is_none_or(str::is_empty) && log.target.is_empty() { &by_default } else { log };
    let mut line = format!("access_log {} logformat={}", target.shown(), log.format);
    for word in log.options.iter().cloned().chain(log.acls.iter().map(AclName::shown)) {
        line = line + " " + &word;
    }
    let comment = log.place.as_ref().map(|place| format!("# in place of {place}: access_log {} …", log.shown()));
    comment.into_iter().chain([line]).collect()
}

/// Users who log in by name and password.
pub(super) fn login() -> Vec<String> {
    vec![
        "auth_param basic program /usr/lib/squid/basic_ncsa_auth /etc/squid/passwords".to_owned(),
        "# before the first http_access allow:".to_owned(),
        "acl known_users proxy_auth REQUIRED".to_owned(),
        "http_access deny !known_users".to_owned(),
    ]
}

/// TLS inspection.
pub(super) fn inspection(evidence: &Evidence<'_>) -> Vec<String> {
    let plain = |port: &crate::squidconf::Port| !port.https;
    let port = evidence.conf.and_then(|conf| conf.ports().find(plain));
    let comment = port.as_ref().map(|port| format!("# in place of {}: http_port {} …", port.place, port.address));
    let address = port.map_or_else(|| "3128".to_owned(), |port| port.address);
    let lines = [
        format!("http_port {address} ssl-bump tls-cert=/etc/squid/ca.pem generate-host-certificates=on"),
        "acl first_step at_step SslBump1".to_owned(),
        "ssl_bump peek first_step".to_owned(),
        "ssl_bump bump all".to_owned(),
    ];
    comment.into_iter().chain(lines).collect()
}
