//! The registry, and each check of squid.conf over configurations that pass and that don't.

use super::*;
use crate::model::Timestamp;
use crate::squidconf::SquidConf;
use std::collections::BTreeSet;

/// The report of a squid.conf alone.
fn report(conf: &str) -> Report {
    let conf = SquidConf::read("squid.conf", conf.as_bytes(), &mut |_| Ok(Vec::new())).unwrap();
    let facts = SquidFacts::of(conf);
    judge(&Grounds { now: Timestamp(0), installation: None, squid: Ok(&facts), traffic: None })
}

fn judged(conf: &str, id: &str) -> Judged {
    report(conf).checks.into_iter().find(|judged| judged.check.id == id).unwrap()
}

/// What came of a check: its status, its points, and the first line named.
fn outcome(conf: &str, id: &str) -> (&'static str, u32, Option<usize>) {
    let judged = judged(conf, id);
    let line = judged.evidence.iter().find_map(|seen| seen.place.as_ref()).map(|place| place.line);
    (judged.status.name(), judged.points, line)
}

/// A network is let in, as most configurations have it.
const NET: &str = "acl net src 10.0.0.0/8\n";

#[test]
fn every_check_of_squid_conf_passes_and_fails() {
    let net = |lines: &str| format!("{NET}{lines}\nhttp_access allow net\nhttp_access deny all\n");
    let login = |lines: &str, auth: &str| {
        format!("auth_param {auth} program /x\nacl in proxy_auth REQUIRED\n{NET}{lines}\nhttp_access deny all\n")
    };
    let bumping = |lines: &str| format!("http_port 3128 ssl-bump tls-cert=/x\n{lines}");
    let cases: Vec<(&str, String, &str, u32, Option<usize>)> = vec![
        ("squid.open_proxy", net(""), "passed", 10, Some(4)),
        ("squid.open_proxy", "http_access allow all".into(), "failed", 0, Some(1)),
        ("squid.open_proxy", "acl a src 0.0.0.0/1 128.0.0.0/1\nhttp_access allow a".into(), "failed", 0, Some(2)),
        ("squid.open_proxy", "acl bad src 10.0.0.0/8\nhttp_access deny bad".into(), "failed", 0, None),
        ("squid.open_proxy", "acl own src 9.0.0.0/8\nhttp_access allow own".into(), "partial", 5, Some(2)),
        ("squid.open_proxy", login("http_access allow in", "negotiate"), "partial", 8, Some(4)),
        (
            "squid.open_proxy",
            "acl x external y\nhttp_access allow x\nhttp_access deny all".into(),
            "unknown",
            0,
            Some(2),
        ),
        (
            "squid.open_proxy",
            "acl some dstdomain .example.org\nhttp_access allow some\nhttp_access deny all".into(),
            "failed",
            0,
            Some(2),
        ),
        ("squid.catch_all", net(""), "passed", 5, Some(4)),
        ("squid.catch_all", format!("{NET}http_access allow net"), "partial", 3, Some(2)),
        ("squid.catch_all", String::new(), "partial", 3, None),
        ("squid.catch_all", format!("{NET}http_access deny !net"), "failed", 0, Some(2)),
        ("squid.catch_all", "http_access allow all".into(), "failed", 0, Some(1)),
        ("squid.connect_ports", net("acl tls port 443\nhttp_access deny CONNECT !tls"), "passed", 6, Some(3)),
        ("squid.connect_ports", net("acl tls port 443 8443 563\nhttp_access deny CONNECT !tls"), "passed", 6, Some(3)),
        ("squid.connect_ports", net("http_access deny CONNECT"), "passed", 6, Some(2)),
        ("squid.connect_ports", net(""), "failed", 0, Some(3)),
        ("squid.connect_ports", net("acl tls port 443 22\nhttp_access deny CONNECT !tls"), "failed", 0, Some(4)),
        ("squid.connect_ports", net("acl tls port 443 2000-3000\nhttp_access deny CONNECT !tls"), "failed", 0, Some(4)),
        ("squid.connect_ports", net("acl tls port 443 8081\nhttp_access deny CONNECT !tls"), "partial", 3, Some(4)),
        // A name proves nothing, nor does a line that comes too late.
        (
            "squid.connect_ports",
            net("acl SSL_ports port 1-65535\nhttp_access deny CONNECT !SSL_ports"),
            "failed",
            0,
            Some(4),
        ),
        (
            "squid.connect_ports",
            format!(
                "{NET}acl tls port 443\nhttp_access allow net\nhttp_access deny CONNECT !tls\nhttp_access deny all"
            ),
            "failed",
            0,
            Some(3),
        ),
        // Where only some sites may be asked for, those are asked about.
        (
            "squid.connect_ports",
            format!("{NET}acl some dstdomain .example.org\nhttp_access allow net some\nhttp_access deny all"),
            "failed",
            0,
            Some(3),
        ),
        ("squid.safe_ports", net("acl web port 80 443\nhttp_access deny !web"), "passed", 3, Some(3)),
        ("squid.safe_ports", net(""), "failed", 0, Some(3)),
        ("squid.to_localhost", net("http_access deny to_localhost"), "passed", 5, Some(2)),
        ("squid.to_localhost", net("acl own dst 127.0.0.1\nhttp_access deny own"), "failed", 0, Some(4)),
        ("squid.to_localhost", net(""), "failed", 0, Some(3)),
        ("squid.to_localhost", "http_access allow localhost\nhttp_access deny all".into(), "partial", 2, Some(1)),
        ("squid.to_linklocal", net("acl ll dst 169.254.0.0/16 fe80::/10\nhttp_access deny ll"), "passed", 5, Some(3)),
        ("squid.to_linklocal", net("http_access deny to_localhost"), "failed", 0, Some(3)),
        ("squid.manager", net("http_access allow localhost manager\nhttp_access deny manager"), "passed", 4, Some(3)),
        ("squid.manager", net(""), "failed", 0, Some(3)),
        ("squid.authentication", login("http_access allow net in", "negotiate"), "passed", 6, Some(4)),
        ("squid.authentication", login("http_access allow net in", "basic"), "partial", 4, Some(4)),
        (
            "squid.authentication",
            login("https_port 3130 tls-cert=/x\nhttp_access allow net in", "basic"),
            "passed",
            6,
            Some(5),
        ),
        (
            "squid.authentication",
            login("acl old src 10.9.0.0/16\nhttp_access allow old\nhttp_access allow net in", "negotiate"),
            "partial",
            2,
            Some(5),
        ),
        ("squid.authentication", login("http_access allow net", "negotiate"), "failed", 0, Some(4)),
        ("squid.authentication", net(""), "failed", 0, Some(3)),
        ("squid.ssl_bump", bumping("acl s at_step SslBump1\nssl_bump peek s\nssl_bump bump all"), "passed", 4, Some(4)),
        ("squid.ssl_bump", bumping("ssl_bump peek all\nssl_bump splice all"), "partial", 2, Some(2)),
        ("squid.ssl_bump", "http_port 3128\nssl_bump bump all".into(), "failed", 0, Some(2)),
        ("squid.ssl_bump", String::new(), "failed", 0, None),
        (
            "squid.header_leakage",
            "forwarded_for delete\nvia off\nhttpd_suppress_version_string on".into(),
            "passed",
            3,
            Some(1),
        ),
        ("squid.header_leakage", "request_header_access Via deny all".into(), "partial", 1, None),
        ("squid.header_leakage", "forwarded_for on".into(), "failed", 0, Some(1)),
        ("squid.access_log", String::new(), "passed", 4, None),
        ("squid.access_log", "access_log none localhost\naccess_log stdio:/a squid".into(), "partial", 2, Some(1)),
        ("squid.access_log", "access_log stdio:/a squid localhost".into(), "partial", 2, Some(1)),
        ("squid.access_log", "access_log none".into(), "failed", 0, Some(1)),
        ("squid.access_log", "access_log none all\naccess_log stdio:/a squid".into(), "failed", 0, Some(1)),
        ("squid.query_strings", "strip_query_terms off".into(), "passed", 3, Some(1)),
        ("squid.query_strings", "logformat f %>ru\naccess_log stdio:/a f".into(), "passed", 3, Some(2)),
        ("squid.query_strings", "strip_query_terms on".into(), "failed", 0, Some(1)),
        ("squid.query_strings", String::new(), "failed", 0, None),
        ("squid.user_agents", "access_log stdio:/a combined".into(), "passed", 2, Some(1)),
        ("squid.user_agents", "access_log stdio:/a squid".into(), "failed", 0, Some(1)),
        (
            "squid.icap",
            "icap_enable on\nicap_service av respmod_precache icap://a/b\nadaptation_access av allow all".into(),
            "passed",
            2,
            Some(2),
        ),
        (
            "squid.icap",
            "icap_enable on\nicap_service av respmod_precache bypass=on icap://a/b\nadaptation_access av allow all"
                .into(),
            "partial",
            1,
            Some(2),
        ),
        ("squid.icap", "icap_enable on\nicap_service av respmod_precache icap://a/b".into(), "failed", 0, Some(2)),
        ("squid.icap", "icap_service av respmod_precache icap://a/b".into(), "failed", 0, None),
        ("squid.dangerous", net("log_mime_hdrs off"), "passed", 8, None),
        ("squid.dangerous", "log_mime_hdrs on".into(), "partial", 6, Some(1)),
        ("squid.dangerous", "log_mime_hdrs on\nuri_whitespace allow".into(), "partial", 4, Some(1)),
        ("squid.dangerous", "sslproxy_cert_error allow all".into(), "failed", 0, Some(1)),
    ];
    for (id, conf, status, points, line) in &cases {
        assert_eq!(outcome(conf, id), (*status, *points, *line), "{id}\n{conf}\n{:?}", judged(conf, id).evidence);
    }
    for check in CHECKS.iter().filter(|check| check.source == Source::SquidConf) {
        for status in ["passed", "failed"] {
            assert!(cases.iter().any(|case| (case.0, case.2) == (check.id, status)), "no case: {} {status}", check.id);
        }
    }
}

#[test]
fn every_danger_is_found() {
    for (line, is_grave) in [
        ("follow_x_forwarded_for allow all", true),
        ("sslproxy_cert_error allow all", true),
        ("tls_outgoing_options flags=DONT_VERIFY_PEER", true),
        ("auth_param basic program /usr/lib/squid/basic_fake_auth", true),
        ("cachemgr_passwd none all", true),
        ("cache_effective_user root", true),
        ("snmp_port 3401\nsnmp_access allow all", false),
        ("icp_port 3130\nicp_access allow all", false),
        ("htcp_port 4827\nhtcp_access allow all", false),
        ("log_mime_hdrs on", false),
        ("url_rewrite_bypass on", false),
        ("uri_whitespace allow", false),
        ("tls_outgoing_options min-version=1.0", false),
        ("debug_options ALL,9", false),
    ] {
        let points = if is_grave { 0 } else { 6 };
        assert_eq!(judged(line, "squid.dangerous").points, points, "{line}");
    }
    for harmless in [
        "acl lb src 10.0.0.9\nfollow_x_forwarded_for allow lb\nfollow_x_forwarded_for deny all",
        "acl known ssl_error X509_V_ERR_CERT_HAS_EXPIRED\nacl old dstdomain old.example\nsslproxy_cert_error allow known old\nsslproxy_cert_error deny all",
        "snmp_port 0\nsnmp_access allow all",
        "cachemgr_passwd disable all",
        "debug_options ALL,1",
    ] {
        assert_eq!(outcome(harmless, "squid.dangerous").0, "passed", "{harmless}");
    }
}

#[test]
fn evidence_does_not_repeat_what_may_be_secret() {
    let conf = "auth_param basic program /usr/lib/squid/basic_fake_auth -w hunter2";
    let shown = format!("{:?}", judged(conf, "squid.dangerous"));
    assert!(shown.contains("auth_param basic program …") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_hardened_proxy_proves_what_is_declared_about_it() {
    let hardened = include_str!("../../tests/fixtures/posture/hardened.conf");
    let report = report(hardened);
    for judged in report.of(Source::SquidConf) {
        assert_eq!(judged.status, Status::Passed, "{}: {:?}", judged.check.id, judged.evidence);
    }
    assert_eq!((report.score, report.grade()), (100, Grade::A));
    assert_eq!(report.recommendations().count(), 0);
    let conf = SquidConf::read("x", hardened.as_bytes(), &mut |_| Ok(Vec::new())).unwrap();
    let line = 1 + hardened.lines().position(|line| line == "http_access deny bare_ip").unwrap();
    assert_eq!(SquidFacts::of(conf).denies_bare_addresses().unwrap().line, line);
}

#[test]
fn the_score_is_of_what_could_be_looked_at() {
    let report = report("http_access allow all");
    for source in [Source::Settings, Source::Traffic] {
        assert_eq!(report.points(source), (0, 0));
        assert!(report.of(source).all(|judged| judged.status == Status::Unknown && judged.recommendation.is_none()));
    }
    let (points, counts) = report.points(Source::SquidConf);
    assert!(counts > 0 && report.score == 100 * points / counts);
    let lost: Vec<u32> = report.losing().iter().map(|judged| judged.lost()).collect();
    assert!(lost.is_sorted_by(|a, b| a >= b) && lost[0] == 10, "{lost:?}");
    for (score, grade) in [(100, "A"), (90, "A"), (89, "B"), (80, "B"), (70, "C"), (60, "D"), (59, "F"), (0, "F")] {
        assert_eq!(Grade::of(score).name(), grade);
    }
}

#[test]
fn checks_have_names_of_their_own_that_begin_with_their_source() {
    let ids: BTreeSet<&str> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), CHECKS.len());
    for check in CHECKS {
        let begin = check.source.name().split('.').next().unwrap();
        assert!(check.id.starts_with(&format!("{begin}.")), "{}", check.id);
        assert!(check.max_points > 0 && check.recommendation.ends_with('.'), "{}", check.id);
    }
    assert!(CHECKS.is_sorted_by_key(|check| check.source));
}

/// The table of `docs/POSTURE.md`.
fn table() -> String {
    let mut table = "| check | points | looks at | earns part of them |\n|---|---|---|---|\n".to_owned();
    for check in CHECKS {
        let Check { id, title, max_points, looks_at, partial, .. } = check;
        table += &format!("| `{id}`<br>{title} | {max_points} | {looks_at} | {partial} |\n");
    }
    table
}

#[test]
fn the_documentation_has_the_table_of_weights() {
    let document = include_str!("../../docs/POSTURE.md");
    assert!(document.contains(&table()), "docs/POSTURE.md must hold this table:\n{}", table());
}
