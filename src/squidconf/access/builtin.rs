//! ACLs that every configuration has without defining them (`cf.data.pre`, 5.7 to 7). `to_linklocal` is of version 6;
//! before, a configuration that uses it defines it.

/// Name, type, values.
pub(super) const BUILT_IN: &[(&str, &str, &[&str])] = &[
    ("all", "src", &["all"]),
    ("manager", "url_regex", &["-i", "^cache_object://", "^[^:]+://[^/]+/squid-internal-mgr/"]),
    ("localhost", "src", &["127.0.0.1/32", "::1"]),
    ("to_localhost", "dst", &["127.0.0.0/8", "0.0.0.0/32", "::1/128", "::/128"]),
    ("to_linklocal", "dst", &["169.254.0.0/16", "fe80::/10"]),
    ("CONNECT", "method", &["CONNECT"]),
];
