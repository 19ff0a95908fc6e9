//! What a squid.conf says of the log that it writes.

use super::checks::Finding;
use super::evidence::Evidence;
use super::fixes;
use crate::squidconf::{LogCode, LogModule, SquidConf, UriWhitespace};

/// Codes that hold the query string whatever `strip_query_terms` says: only `%ru` obeys it.
const WITH_QUERY: [&str; 5] = [">ru", "<ru", ">rp", "<rp", "rp"];

/// Headers that hold passwords and sessions, in small letters.
const SECRET_HEADERS: [&str; 5] = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"];

/// Actions of `ssl_bump` that decrypt.
const DECRYPTING: [&str; 4] = ["bump", "stare", "client-first", "server-first"];

/// Types of ACL that make Squid ask for a user's name.
const LOGIN_ACLS: [&str; 7] =
    ["proxy_auth", "proxy_auth_regex", "external", "ident", "ident_regex", "ext_user", "ext_user_regex"];

pub(super) fn query_strings(evidence: &Evidence<'_>, conf: &SquidConf) -> Option<Finding> {
    let whole = codes(evidence).iter().any(|code| WITH_QUERY.contains(&code.code));
    if whole || !conf.strip_query_terms() {
        return None;
    }
    let why = match conf.last("strip_query_terms") {
        Some(line) => format!("strip_query_terms is on ({})", line.place),
        None => "strip_query_terms is on unless it is turned off".to_owned(),
    };
    let what = format!("Squid cuts query strings off before it writes a line: {why}.");
    Some(Finding { what, fix: fixes::directive(evidence, "strip_query_terms", "off") })
}

/// Whether anything makes Squid ask who a client is.
pub(super) fn asks_for_logins(conf: &SquidConf) -> bool {
    conf.acls().any(|acl| LOGIN_ACLS.contains(&acl.kind.as_str()))
}

/// Whether some TLS is decrypted: on a port that may, by a rule that does.
pub(super) fn inspects_tls(conf: &SquidConf) -> bool {
    let may = conf.ports().any(|port| port.options.iter().any(|option| option == "ssl-bump"));
    may && conf.ssl_bump().iter().any(|rule| DECRYPTING.contains(&rule.action.as_str()))
}

pub(super) fn masked_clients(evidence: &Evidence<'_>) -> Option<Finding> {
    let conf = evidence.conf?;
    let (mask, line) = (conf.client_netmask()?, conf.last("client_netmask")?);
    let what = format!("Client addresses are cut to their networks: client_netmask {mask} ({}).", line.place);
    Some(Finding { what, fix: fixes::directive(evidence, "client_netmask", "255.255.255.255") })
}

pub(super) fn unlogged_requests(evidence: &Evidence<'_>) -> Option<Finding> {
    let (conf, log) = (evidence.conf?, evidence.log?);
    let place = log.place.as_ref()?;
    let names = |acls: &[crate::squidconf::AclName]| {
        let names: Vec<String> = acls.iter().filter(|acl| acl.name != "all").map(|acl| acl.shown()).collect();
        names.join(" ")
    };
    if log.module == LogModule::None {
        let what = format!("No request is logged: nothing but access_log none ({place}).");
        return Some(Finding { what, fix: fixes::logformat(evidence) });
    }
    let before = conf.access_logs().into_iter().take_while(|other| other.place != log.place);
    if let Some(none) = before.into_iter().find(|other| other.module == LogModule::None) {
        let (place, acls) = (none.place?, names(&none.acls));
        let what = format!("Some requests are not logged: access_log none {acls} ({place}).");
        return Some(Finding { what, fix: vec![format!("# remove {place}: access_log none {acls}")] });
    }
    let acls = names(&log.acls);
    let what = format!("Only requests that match {acls} are logged ({place}).");
    let all = crate::squidconf::AccessLog { acls: Vec::new(), ..log.clone() };
    (!acls.is_empty()).then(|| Finding { what, fix: fixes::access_log(&all) })
}

pub(super) fn secrets(evidence: &Evidence<'_>) -> Option<Finding> {
    let conf = evidence.conf?;
    if conf.log_mime_hdrs() {
        let line = conf.last("log_mime_hdrs")?;
        let what = format!(
            "All headers are logged, passwords and session cookies among them: log_mime_hdrs on ({}).",
            line.place
        );
        return Some(Finding { what, fix: fixes::directive(evidence, "log_mime_hdrs", "off") });
    }
    let layout = evidence.layout?;
    let leak = layout.codes().into_iter().find(is_secret)?;
    let shown = format!("%{}{}", leak.argument.map_or_else(String::new, |name| format!("{{{name}}}")), leak.code);
    let what = format!("Passwords or session cookies are logged: {shown} in logformat {}.", layout.name);
    Some(Finding { what, fix: fixes::logformat(evidence) })
}

fn is_secret(code: &LogCode) -> bool {
    // Behind a colon stands a member of the header's list.
    let header = code.argument.as_deref().map(|name| name.split(':').next().unwrap_or_default().to_lowercase());
    match code.code {
        "credentials" => true,
        ">h" | "<h" | ">ha" => header.is_none_or(|name| SECRET_HEADERS.contains(&name.as_str())),
        _ => false,
    }
}

pub(super) fn raw_values(evidence: &Evidence<'_>) -> Option<Finding> {
    let layout = evidence.layout?;
    let raw = |code: &LogCode| {
        let is_given = [">h", "<h", ">ha", "ru", ">ru", "<ru", ">rp", "un", "ul"].contains(&code.code);
        code.encoding == Some('\'') && is_given
    };
    let code = layout.codes().into_iter().find(raw)?;
    let what = format!(
        "Values that clients choose are written as they come (%'…{} in logformat {}): a client can write lines of its own \
         into the log.",
        code.code, layout.name
    );
    Some(Finding { what, fix: fixes::logformat(evidence) })
}

pub(super) fn whitespace(evidence: &Evidence<'_>) -> Option<Finding> {
    let conf = evidence.conf?;
    let does = match conf.uri_whitespace() {
        UriWhitespace::Strip => "are taken out of it, so that 'union select' is logged as 'unionselect'",
        UriWhitespace::Chop => "end it, so that what stands behind them is not logged",
        UriWhitespace::Allow => "are logged as they are, so that the line has more fields than its format",
        UriWhitespace::Encode | UriWhitespace::Deny => return None,
    };
    let why = match conf.last("uri_whitespace") {
        Some(line) => format!("uri_whitespace {}, {}", line.rest, line.place),
        None => "uri_whitespace is strip unless it is set".to_owned(),
    };
    let what = format!("Blanks in a URL {does} ({why}).");
    Some(Finding { what, fix: fixes::directive(evidence, "uri_whitespace", "encode") })
}

fn codes(evidence: &Evidence<'_>) -> Vec<LogCode> {
    evidence.layout.map(crate::squidconf::LogFormat::codes).unwrap_or_default()
}
