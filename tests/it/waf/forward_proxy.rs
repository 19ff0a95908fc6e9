//! `crs-forward-proxy`: Debian's Core Rule Set leaves alone with it what a forward proxy sees all day, and finds attacks
//! all the same.

use super::cases::listed;
use crate::support::modsecurity::{CRS_RULES, CRS_SETUP};
use std::collections::BTreeSet;
use std::path::Path;
use tidegate::scoring::{Asked, BUILTIN, Judge, RuleBook};
use tidegate::waf::seclang::RemarkKind;

const WORD: &str = "crs-forward-proxy";
const FLAGGED: u32 = 5;

/// Rules that it takes out, and how many of them only 4.x has.
const LINES: usize = 24;
const ONLY_IN_4: usize = 5;

/// Method, target, User-Agent, Referer.
const HONEST: [(&str, &str, &str, &str); 15] = [
    ("CONNECT", "www.example.com:443", "Mozilla/5.0", ""),
    ("CONNECT", "192.0.2.7:443", "", ""),
    ("PUT", "http://dav.example.com/calendars/a", "CalDAV/1.0", ""),
    ("PROPFIND", "http://dav.example.com/calendars/", "CalDAV/1.0", ""),
    ("GET", "http://files.example.com/driver/x64/lib.dll", "Mozilla/5.0", ""),
    ("GET", "http://files.example.com/app.exe.config", "Mozilla/5.0", ""),
    ("GET", "http://files.example.com/notes.txt~", "Mozilla/5.0", ""),
    ("GET", "http://cdn.example.com/lib/package.json", "Mozilla/5.0", ""),
    ("GET", "http://files.example.com/simple/", "python-requests/2.32.3", ""),
    ("GET", "http://files.example.com/simple/", "libwww-perl/6.72", ""),
    ("GET", "http://www.example.com/login?to=https%3A%2F%2Fapp.example.org%2Fcb%3F", "Mozilla/5.0", ""),
    ("GET", "http://www.example.com/go?to=http%253A%252F%252Fwww.example.org%252F", "Mozilla/5.0", ""),
    ("GET", "http://www.example.com/beacon?session_id=7", "Mozilla/5.0", ""),
    ("GET", "http://www.example.com/beacon?session_id=7", "Mozilla/5.0", "http://www.example.org/"),
    ("GET", "http://www.example.com/s?q=%D0%BC%D0%B0%D0%BC%D0%B0%20%D0%BE%D0%BC%D1%8B%D0%BB%D0%B0", "Mozilla/5.0", ""),
];

/// Debian's at paranoia 2, with more; nothing where it isn't installed.
fn book(more: &[&str]) -> Option<RuleBook> {
    if !Path::new(CRS_SETUP).exists() {
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let level = directory.path().join("level.conf");
    std::fs::write(&level, "SecAction \"id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=2\"").unwrap();
    let words = [CRS_SETUP, level.to_str().unwrap(), CRS_RULES].into_iter().chain(more.iter().copied());
    Some(RuleBook::load(&words.map(str::to_owned).collect::<Vec<_>>()).unwrap_or_else(|faults| panic!("{faults}")))
}

fn flagged(book: &RuleBook) -> Vec<&'static str> {
    let mut judge = Judge::new(book);
    let of = |(method, url, user_agent, referer): &(&str, &'static str, &str, &str)| {
        let asked = Asked {
            method: method.as_bytes(),
            url: url.as_bytes(),
            client: None,
            user_agent: Some(user_agent.as_bytes()),
            referer: Some(referer.as_bytes()),
        };
        (judge.score(&asked).points >= FLAGGED).then_some(*url)
    };
    HONEST.iter().filter_map(of).collect()
}

#[test]
fn what_clients_do_all_day_is_not_flagged() {
    let (Some(all), Some(fitted)) = (book(&[]), book(&[WORD])) else { return };
    assert!(flagged(&all).len() >= 12, "{:?}", flagged(&all));
    assert_eq!(flagged(&fitted), Vec::<&str>::new());
}

/// But for URLs of the inside in arguments and for files of servers, which ours tells from the others.
#[test]
fn attacks_are_found_as_before() {
    let (Some(all), Some(fitted)) = (book(&[]), book(&[WORD])) else { return };
    let found = |book: &RuleBook| {
        let mut judge = Judge::new(book);
        let is_found = |case: &&super::cases::Case| {
            let asked = Asked { method: case.method().as_bytes(), url: case.url.as_bytes(), ..Asked::default() };
            judge.score(&asked).points >= FLAGGED
        };
        listed("attacks.txt").iter().filter(is_found).count()
    };
    let (before, after) = (found(&all), found(&fitted));
    assert!(before > 200 && after * 100 >= before * 92, "{after} of {before}");
}

#[test]
fn every_line_of_it_takes_out_a_rule_and_it_loads_beside_ours() {
    let Some(book) = book(&[BUILTIN, WORD]) else { return };
    let rules = book.rule_set();
    let removed: BTreeSet<u32> = rules.removed.iter().map(|removed| removed.id).collect();
    let unmet = rules.remarks.iter().filter(|remark| remark.kind == RemarkKind::MeetsNoRule);
    let unmet = unmet.filter(|remark| remark.place.file.contains(WORD)).count();
    assert_eq!((removed.len(), unmet), (LINES - ONLY_IN_4, ONLY_IN_4));
    assert!(book.applied() > 400);
}
