//! Debian's Core Rule Set, loaded as it is: on each line the engine names the rules that libmodsecurity does.

use std::collections::{BTreeMap, BTreeSet};

use tidegate::waf::engine::{Engine, Options};
use tidegate::waf::seclang::{RuleSet, Source};
use tidegate::waf::variables::{Field, Request};

use super::cases::{BROWSER, Case, listed};
use crate::support::modsecurity::{self, CRS_RULES, CRS_SETUP, ModSecurity};

/// Rules that libmodsecurity 3.0.9 is known to judge otherwise, and why.
const KNOWN: [(u32, &str); 3] = [
    (920_180, "asks for a header that no log has: there it is absent, here it is not logged"),
    (930_120, "of long lists of phrases, its matcher misses some that begin within another one"),
    (949_110, "sums up the points, so it follows the other"),
];

/// With the Core Rule Set at a paranoia level.
fn core_rule_set(paranoia_level: u8) -> Engine {
    let level =
        format!("SecAction \"id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level={paranoia_level}\"\n");
    let sources = [
        Source::Path(CRS_SETUP.to_owned()),
        Source::Text { name: "level".to_owned(), text: level.into_bytes() },
        Source::Path(format!("{CRS_RULES}/*.conf")),
    ];
    let rules = RuleSet::load(&sources).unwrap_or_else(|faults| panic!("{faults}"));
    Engine::compile(&rules, &Options::default()).unwrap_or_else(|unusable| panic!("{unusable:#?}"))
}

fn ids(engine: &Engine, cases: &[Case]) -> Vec<BTreeSet<u32>> {
    let mut scratch = engine.scratch();
    let of = |case: &Case| {
        let (target, host) = case.target();
        let request = Request {
            method: case.method().as_bytes(),
            uri: target.as_bytes(),
            protocol: Field::Is(b"HTTP/1.1"),
            host: Field::Is(host.as_bytes()),
            user_agent: Field::Is(case.user_agent.as_deref().unwrap_or(BROWSER).as_bytes()),
            referer: Field::logged(case.referer.as_deref().map(str::as_bytes)),
            client: Field::Is(b"192.0.2.1"),
            ..Request::default()
        };
        engine.score(&request, &mut scratch);
        scratch.ids().iter().copied().collect()
    };
    cases.iter().map(of).collect()
}

#[expect(clippy::print_stdout, reason = "the share is worth knowing")]
fn same_rules(paranoia_level: u8) {
    let Some(modsecurity) = ModSecurity::with_crs(paranoia_level) else { return };
    let cases: Vec<Case> = ["benign.txt", "attacks.txt"].into_iter().flat_map(listed).collect();
    let ours = ids(&core_rule_set(paranoia_level), &cases);
    let targets: Vec<(String, &str)> = cases.iter().map(Case::target).collect();
    let requests: Vec<modsecurity::Request<'_>> = (cases.iter().zip(&targets))
        .map(|(case, (uri, host))| modsecurity::Request {
            method: case.method(),
            uri,
            host,
            user_agent: Some(case.user_agent.as_deref().unwrap_or(BROWSER)),
            referer: case.referer.as_deref(),
        })
        .collect();
    let theirs = modsecurity.matches(&requests).into_iter().map(|ids| ids.into_iter().collect::<BTreeSet<u32>>());
    let (mut same, mut named) = (0, 0);
    let mut differences: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for ((case, ours), theirs) in cases.iter().zip(&ours).zip(theirs) {
        named += theirs.len();
        same += usize::from(*ours == theirs);
        for id in ours.symmetric_difference(&theirs) {
            differences.entry(*id).or_default().push(&case.url);
        }
    }
    differences.retain(|id, _| !KNOWN.iter().any(|(known, _)| known == id));
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(same * 100 >= cases.len() * 99, "{same} of {} lines", cases.len());
    assert!(named > cases.len() / 2, "{named} rules named");
    println!("paranoia {paranoia_level}: the same rules on {same} of {} lines, {named} named", cases.len());
}

#[test]
fn the_core_rule_set_says_the_same_at_paranoia_one() {
    same_rules(1);
}

#[test]
fn the_core_rule_set_says_the_same_at_paranoia_two() {
    same_rules(2);
}
