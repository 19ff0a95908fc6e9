use super::*;
use crate::format::resolve;
use crate::model::{Field, FieldSet};
use crate::squidconf::SquidConf;
use std::collections::BTreeSet;

fn conf(text: &str) -> SquidConf {
    SquidConf::read("squid.conf", text.as_bytes(), &mut |_| Err("nothing is included here".to_owned())).unwrap()
}

/// The blind spots of the first log of a configuration whose lines carry `fields`.
fn spots(text: &str, fields: FieldSet) -> Vec<BlindSpot> {
    let conf = conf(text);
    let log = conf.access_logs().remove(0);
    let layout = conf.layout(&log);
    examine(&Evidence {
        fields: Some(fields),
        by_squid: true,
        observed: None,
        conf: Some(&conf),
        log: Some(&log),
        layout: layout.as_ref(),
    })
}

fn ids(spots: &[BlindSpot]) -> Vec<&str> {
    spots.iter().map(|spot| spot.id).collect()
}

fn everything() -> FieldSet {
    FieldSet::of(&Field::ALL)
}

/// Nothing is blind here.
const SOUND: &str = "strip_query_terms off\nuri_whitespace encode\nacl people proxy_auth REQUIRED\n\
                     http_port 3128 ssl-bump\nssl_bump bump all\n";

#[test]
fn a_configuration_says_what_its_log_lacks_and_what_mends_it() {
    assert_eq!(ids(&spots(SOUND, everything())), Vec::<&str>::new());
    for (line, id, what, fix) in [
        ("strip_query_terms on", "query_strings", "squid.conf:6", "strip_query_terms off"),
        ("uri_whitespace strip", "whitespace", "squid.conf:6", "uri_whitespace encode"),
        ("uri_whitespace chop", "whitespace", "end it", "uri_whitespace encode"),
        ("client_netmask 255.255.0.0", "masked_clients", "255.255.0.0", "client_netmask 255.255.255.255"),
        ("log_mime_hdrs on", "secrets_in_log", "passwords", "log_mime_hdrs off"),
        ("access_log none", "unlogged_requests", "No request", "daemon:/var/log/squid/access.log logformat=tidegate"),
        ("access_log stdio:/log !quiet", "unlogged_requests", "!quiet", "access_log stdio:/log logformat=squid"),
        ("logformat x %ru %{Cookie}>h\naccess_log stdio:/l x", "secrets_in_log", "%{Cookie}>h", "logformat=tidegate"),
        (
            "logformat x %'ru\naccess_log stdio:/l x",
            "raw_values",
            "logformat x",
            "access_log stdio:/l logformat=tidegate",
        ),
    ] {
        let found = spots(&format!("{SOUND}{line}\n"), everything());
        assert_eq!(ids(&found), [id], "{line}");
        assert!(found[0].what.contains(what), "{line}: {}", found[0].what);
        assert!(found[0].fix.iter().any(|fixed| fixed.contains(fix)), "{line}: {:?}", found[0].fix);
    }
    // %>ru holds the query string all the same; braces and case of a header's name don't matter.
    let own = format!("{SOUND}strip_query_terms on\nlogformat x %>ru\naccess_log stdio:/l x\n");
    assert_eq!(ids(&spots(&own, everything())), Vec::<&str>::new());
    for without in ["strip_query_terms", "uri_whitespace", "acl", "http_port", "ssl_bump"] {
        let text: String =
            SOUND.lines().filter(|line| !line.starts_with(without)).map(|line| format!("{line}\n")).collect();
        assert_eq!(spots(&text, everything()).len(), 1, "{without}");
    }
}

#[test]
fn a_fix_pasted_behind_the_configuration_mends_it() {
    let all: &[&str] = &["", "strip_query_terms on\nclient_netmask 255.0.0.0\nuri_whitespace chop\nlog_mime_hdrs on\n"];
    for text in all {
        let pasted: String =
            spots(text, everything()).into_iter().flat_map(|spot| spot.fix).map(|line| line + "\n").collect();
        let left = spots(&format!("{text}{pasted}"), everything());
        assert_eq!(ids(&left), Vec::<&str>::new(), "{pasted}");
    }
}

#[test]
fn rows_say_what_their_log_lacks() {
    let squid = resolve("squid").unwrap();
    let rows = |rows, tunnels, queries, stripped_queries, users| Observed {
        rows,
        tunnels,
        queries,
        stripped_queries,
        users,
        ..Observed::default()
    };
    let always = ["user_agents", "referers"];
    for (seen, want) in [
        (Observed::default(), vec![]),
        (rows(1000, 0, 1, 0, 1), vec![]),
        // One bare question mark is proof; absence is told of many rows only, tunnels not counted.
        (rows(3, 0, 0, 1, 1), vec!["query_strings"]),
        (rows(99, 0, 0, 0, 0), vec![]),
        (rows(100, 0, 0, 0, 0), vec!["query_strings", "users"]),
        (rows(300, 250, 0, 0, 0), vec!["tunnels"]),
        (rows(300, 100, 0, 7, 3), vec!["query_strings", "tunnels"]),
    ] {
        let found = blind_spots(&*squid, &seen);
        let found: BTreeSet<&str> = found.iter().map(|spot| spot.id).filter(|id| !always.contains(id)).collect();
        assert_eq!(found, want.into_iter().collect(), "{seen:?}");
    }
    let found = blind_spots(&*squid, &rows(1000, 500, 0, 7, 0));
    assert!(found.is_sorted_by_key(|spot| std::cmp::Reverse(spot.severity)));
    assert_eq!(found[0].fix, ["strip_query_terms off"]);
    assert!(!left(&found).contains(&Ability::ArgumentRules) && left(&found).contains(&Ability::Outcomes));
}

#[test]
fn every_check_is_found_by_its_word_and_mended_by_squid_alone() {
    let ids: BTreeSet<&str> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), CHECKS.len());
    let is_word = |id: &str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(ids.iter().all(|id| is_word(id)));
    // A format without a single field, and a configuration with every fault.
    let mut found: Vec<BlindSpot> = spots("", FieldSet::default());
    found.extend(spots("client_netmask 255.0.0.0\nlog_mime_hdrs on\naccess_log none", everything()));
    found.extend(spots("logformat x %'ru\naccess_log stdio:/l x", everything()));
    assert_eq!(found.iter().map(|spot| spot.id).collect::<BTreeSet<_>>(), ids);
    assert!(found.iter().all(|spot| !spot.fix.is_empty() && spot.what.ends_with('.')), "{found:?}");
    let other = Evidence { fields: Some(FieldSet::default()), ..Evidence::default() };
    assert!(examine(&other).iter().all(|spot| spot.fix.is_empty()));
    let words: BTreeSet<&str> = Ability::ALL.iter().map(|ability| ability.word()).collect();
    assert_eq!(words.len(), Ability::ALL.len());
}
