//! Which part of a host's name is judged.

use crate::model::ip_literal;
use std::borrow::Cow;

/// The part of a name that its owner chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judged<'host> {
    /// The label left of the public suffix, in lower case.
    pub label: &'host str,
    /// The public suffix, in lower case.
    pub suffix: &'host str,
}

/// Where a provider draws the names of its customers, so that random letters say nothing. From the providers'
/// documentation of default host names.
const DRAWN: &[&str] = &[
    "akamaiedge.net",
    "akamaized.net",
    "amazonaws.com",
    "appdomain.cloud",
    "awsapprunner.com",
    "awsglobalaccelerator.com",
    "azurestaticapps.net",
    "cloudfront.net",
    "edgekey.net",
    "edgesuite.net",
    "fastly.net",
    "googleusercontent.com",
    "loca.lt",
    "lovableproject.com",
    "myshopify.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok-free.dev",
    "ngrok.app",
    "ngrok.dev",
    "ngrok.io",
    "on.aws",
    "ondigitalocean.app",
    "pages.dev",
    "r2.dev",
    "replit.dev",
    "run.app",
    "stackblitz.io",
    "vercel.app",
    "webcontainer.io",
];

/// Suffixes that nobody registers names under: of local networks (RFC 6762, appendix G; RFC 8375; `.internal` by
/// ICANN), and of onion services, whose names are keys (RFC 7686).
const UNREGISTERED: &[&str] =
    &["corp", "home", "home.arpa", "internal", "intranet", "lan", "local", "localdomain", "onion", "private"];

/// Gives what of a host is judged to `judge`; `None` where nothing is.
pub fn judged<T>(host: &str, judge: impl FnOnce(Judged<'_>) -> Option<T>) -> Option<T> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    };
    if !host.is_ascii() || ip_literal(&host).is_some() {
        return None;
    }
    let domain = psl::domain_str(&host)?;
    let suffix = psl::suffix_str(domain)?;
    let label = domain.strip_suffix(suffix)?.strip_suffix('.')?;
    if DRAWN.iter().chain(UNREGISTERED).any(|zone| within(&host, zone)) {
        return None;
    }
    if label.len() < 4 || label.len() > 63 || label.starts_with("xn--") {
        return None;
    }
    judge(Judged { label, suffix })
}

/// Whether a host is a zone or below it.
fn within(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
