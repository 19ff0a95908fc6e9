//! Directives that undo what others do. One entry of [`DANGERS`] each.

use super::headers::allows_anybody;
use super::{configured, written};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{Directive, SquidConf};

/// What makes a configuration dangerous.
struct Danger {
    /// Whether it undoes everything.
    is_grave: bool,
    /// Why, behind the line.
    why: &'static str,
    find: for<'c> fn(&'c SquidConf) -> Option<&'c Directive>,
}

/// Every danger that is looked for.
const DANGERS: &[Danger] = &[
    Danger {
        is_grave: true,
        why: "any client may claim any address",
        find: |conf| anybody(conf, "follow_x_forwarded_for"),
    },
    Danger {
        is_grave: true,
        why: "certificates that are not valid are accepted",
        find: |conf| anybody(conf, "sslproxy_cert_error"),
    },
    Danger {
        is_grave: true,
        why: "certificates of origins are not verified",
        find: |conf| with(conf, &["tls_outgoing_options", "sslproxy_flags"], |word| word.contains("DONT_VERIFY_PEER")),
    },
    Danger {
        is_grave: true,
        why: "any password is right",
        find: |conf| with(conf, &["auth_param"], |word| word.contains("fake_auth") || word.contains("basic_fake")),
    },
    Danger {
        is_grave: true,
        why: "the manager needs no password, for shutdown neither",
        find: |conf| conf.named(&["cachemgr_passwd"]).find(|line| line.word(0) == Some("none")),
    },
    Danger {
        is_grave: true,
        why: "Squid runs as root",
        find: |conf| conf.last("cache_effective_user").filter(|line| line.word(0) == Some("root")),
    },
    Danger {
        is_grave: false,
        why: "anybody may read the proxy's state by SNMP",
        find: |conf| open_port(conf, "snmp_port", "snmp_access"),
    },
    Danger {
        is_grave: false,
        why: "anybody may ask what is cached (ICP)",
        find: |conf| open_port(conf, "icp_port", "icp_access"),
    },
    Danger {
        is_grave: false,
        why: "anybody may ask what is cached (HTCP)",
        find: |conf| open_port(conf, "htcp_port", "htcp_access"),
    },
    Danger {
        is_grave: false,
        why: "passwords and session cookies are logged",
        find: |conf| switched_on(conf, "log_mime_hdrs"),
    },
    Danger {
        is_grave: false,
        why: "requests pass the filter by when it is busy",
        find: |conf| switched_on(conf, "url_rewrite_bypass").or_else(|| switched_on(conf, "redirector_bypass")),
    },
    Danger {
        is_grave: false,
        why: "blanks in URLs are passed on as they are",
        find: |conf| conf.last("uri_whitespace").filter(|line| line.word(0) == Some("allow")),
    },
    Danger {
        is_grave: false,
        why: "versions of TLS are offered that are broken",
        find: |conf| {
            with(conf, &["tls_outgoing_options", "http_port", "https_port"], |word| {
                matches!(word, "min-version=1.0" | "min-version=1.1") || word.starts_with("sslversion=")
            })
        },
    },
    Danger {
        is_grave: false,
        why: "everything is written to cache.log, secrets too",
        find: |conf| with(conf, &["debug_options"], |word| word.trim_start_matches("ALL,").parse() == Ok(9)),
    },
];

fn anybody<'c>(conf: &'c SquidConf, directive: &str) -> Option<&'c Directive> {
    let line = conf.directives().find(|line| line.name == directive && line.word(0) == Some("allow"))?;
    allows_anybody(conf, directive).then_some(line)
}

fn with<'c>(conf: &'c SquidConf, names: &[&str], holds: impl Fn(&str) -> bool) -> Option<&'c Directive> {
    conf.directives().find(|line| names.contains(&line.name.as_str()) && line.texts(0).any(&holds))
}

fn switched_on<'c>(conf: &'c SquidConf, name: &str) -> Option<&'c Directive> {
    conf.last(name).filter(|line| line.word(0) == Some("on"))
}

fn open_port<'c>(conf: &'c SquidConf, port: &str, access: &str) -> Option<&'c Directive> {
    conf.last(port).filter(|line| line.word(0) != Some("0"))?;
    anybody(conf, access)
}

pub(in crate::posture) fn dangerous(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let found: Vec<(&Danger, &Directive)> =
            DANGERS.iter().filter_map(|danger| Some((danger, (danger.find)(&facts.conf)?))).collect();
        if found.is_empty() {
            return Finding::all(vec![Evidence::text(format!("None of {} was found.", DANGERS.len()))]);
        }
        let lesser = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let quarters = if found.iter().any(|(danger, _)| danger.is_grave) { 0 } else { 4_u32.saturating_sub(lesser) };
        let lines: Vec<String> = found.iter().map(|(_, line)| format!("{} ({})", line.name, line.place)).collect();
        let evidence = found.iter().map(|(danger, line)| written(line, danger.why)).collect();
        Finding::share(quarters, 4, evidence).advice(format!("Remove {}.", lines.join(", ")))
    })
}
