//! What origins learn of clients and of the proxy.

use super::callers::SITE;
use super::{configured, written};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{Access, ForwardedFor, Probe, SquidConf};
use std::net::IpAddr;

/// Whether a header of requests is removed for everybody.
fn removes(conf: &SquidConf, header: &str) -> bool {
    conf.named(&["request_header_access"]).any(|line| {
        line.word(0).is_some_and(|name| name.eq_ignore_ascii_case(header))
            && line.word(1) == Some("deny")
            && line.texts(2).all(|acl| acl == "all")
    })
}

pub(in crate::posture) fn header_leakage(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let conf = &facts.conf;
        let forwarded = match conf.forwarded_for() {
            ForwardedFor::Off | ForwardedFor::Transparent | ForwardedFor::Delete => true,
            ForwardedFor::On | ForwardedFor::Truncate => removes(conf, "X-Forwarded-For"),
        };
        let via = !conf.via() || removes(conf, "Via");
        let version = conf.flag("httpd_suppress_version_string", false);
        let of = |name: &str, kept: bool, leaks: &str, holds: &str| {
            let text = if kept { holds } else { leaks };
            match conf.last(name) {
                Some(line) => written(line, text),
                None => Evidence::text(format!("{name} is not set: {text}.")),
            }
        };
        let evidence = vec![
            of(
                "forwarded_for",
                forwarded,
                "origins are told the client's address",
                "origins are not told the client's address",
            ),
            of("via", via, "origins are told of the proxy", "origins are not told of the proxy"),
            of(
                "httpd_suppress_version_string",
                version,
                "error pages tell Squid's version",
                "error pages don't tell Squid's version",
            ),
        ];
        Finding::share([forwarded, via, version].into_iter().map(u32::from).sum(), 3, evidence)
    })
}

/// Whether lines of a directive allow anybody: `follow_x_forwarded_for allow all`. Without lines they don't.
pub(super) fn allows_anybody(conf: &SquidConf, directive: &str) -> bool {
    let access = Access::of(conf, directive);
    let strangers = [IpAddr::from([8, 33, 77, 77]), IpAddr::from([212, 33, 77, 77])];
    strangers.into_iter().all(|client| access.decide(&Probe::get(client, SITE, 80)).allows())
}
