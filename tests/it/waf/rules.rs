//! Our rules, `waf-rules/`: each is read and compiled, hits what it is for and nothing near it; together they leave a
//! modern network alone and find attacks. Judged by libmodsecurity; `engine.rs` has them judged by the engine.

use super::cases::{BROWSER, Case, Cases, FLAGGED, OURS_ALONE, cases, listed, ours, path};
use crate::support::modsecurity::{ModSecurity, Request};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tidegate::waf::operators::{Gate, Operator};
use tidegate::waf::seclang::{Phase, Rule, Severity};
use tidegate::waf::transformations;

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path("waf-rules")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

fn points(rule: &Rule) -> u32 {
    match rule.severity.unwrap() {
        Severity::Critical => 5,
        Severity::Error => 4,
        Severity::Warning => 3,
        Severity::Notice => 2,
        other => panic!("{}: {other:?}", rule.id),
    }
}

/// The rules that each case matches; nothing where libmodsecurity is not installed.
fn matched(cases: &[Case]) -> Option<Vec<BTreeSet<u32>>> {
    let judged = files().into_iter().filter(|file| OURS_ALONE.iter().all(|name| !file.ends_with(name)));
    let modsecurity = judged.fold(ModSecurity::new()?, |modsecurity, file| modsecurity.file(&file));
    let targets: Vec<(String, &str)> = cases.iter().map(Case::target).collect();
    let requests: Vec<Request<'_>> = cases
        .iter()
        .zip(&targets)
        .map(|(case, (uri, host))| Request {
            method: case.method.as_deref().unwrap_or("GET"),
            uri,
            host,
            user_agent: Some(case.user_agent.as_deref().unwrap_or(BROWSER)),
            referer: case.referer.as_deref(),
        })
        .collect();
    Some(modsecurity.matches(&requests).into_iter().map(|ids| ids.into_iter().collect()).collect())
}

#[test]
fn every_rule_is_read_compiled_and_says_what_it_is() {
    let set = ours();
    let mut ungated = BTreeSet::new();
    for rule in set.rules() {
        let id = rule.id;
        let file = Path::new(&*rule.place().unwrap().file).file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(file[..2].parse::<u32>().unwrap() * 1000, (id - 4_200_000) / 1000 * 1000, "{id} in {file}");
        assert_eq!(rule.phase, Phase::RequestBody, "{id}");
        assert!(rule.msg.is_some() && points(rule) > 0, "{id}");
        for prefix in ["category/", "attack/T", "paranoia-level/1"] {
            assert!(rule.tags.iter().any(|tag| tag.starts_with(prefix)), "{id} has no tag {prefix}");
        }
        for link in &rule.links {
            for name in &link.transformations {
                assert!(transformations::by_name(name).is_some(), "{id}: {name}");
            }
            let operator = &link.condition.as_ref().unwrap().operator;
            let no_files = |name: &str| panic!("{id} reads {name}");
            let compiled = Operator::compile(operator.name, operator.argument.text().unwrap(), &no_files);
            let compiled = compiled.unwrap_or_else(|error| panic!("{id}: {error}"));
            if operator.name == "rx" && matches!(compiled.gate(), Gate::Always) {
                ungated.insert(id);
            }
        }
    }
    assert!(ungated.len() < 10, "patterns without a literal: {ungated:?}");
}

#[test]
fn every_rule_has_cases_and_every_case_a_rule() {
    let rules: BTreeSet<u32> = ours().rules().map(|rule| rule.id).collect();
    let mut tested = BTreeSet::new();
    for entry in std::fs::read_dir(path("tests/waf-rules")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "yaml") {
            let id: u32 = file.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            let cases = cases(id);
            assert_eq!(cases.id, id);
            assert!(!cases.hits.is_empty() && !cases.near_misses.is_empty(), "{id}");
            tested.insert(id);
        }
    }
    assert_eq!(rules, tested);
}

#[test]
fn every_rule_hits_what_it_is_for_and_nothing_near_it() {
    let set = ours();
    let judged = set
        .rules()
        .filter(|rule| OURS_ALONE.iter().all(|name| !Path::new(&*rule.place().unwrap().file).ends_with(name)));
    let (mut all, mut wanted) = (Vec::new(), Vec::new());
    for rule in judged {
        let Cases { hits, near_misses, .. } = cases(rule.id);
        wanted.extend(hits.iter().map(|_| (rule.id, true)).chain(near_misses.iter().map(|_| (rule.id, false))));
        all.extend(hits.into_iter().chain(near_misses));
    }
    let Some(matched) = matched(&all) else { return };
    let wrong: Vec<_> = (all.iter().zip(&matched).zip(&wanted))
        .filter(|((_, ids), (id, hit))| ids.contains(id) != *hit)
        .map(|((case, ids), (id, hit))| (id, hit, &case.url, ids))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{} hits, {} near-misses", wanted.iter().filter(|(_, hit)| *hit).count(), all.len());
}

#[test]
fn a_modern_network_is_left_alone_and_attacks_are_flagged() {
    let set = ours();
    let points: BTreeMap<u32, u32> = set.rules().map(|rule| (rule.id, points(rule))).collect();
    for (name, flags) in [("benign.txt", false), ("attacks.txt", true)] {
        let all = listed(name);
        assert!(all.len() > 400, "{name}");
        let Some(matched) = matched(&all) else { return };
        let score = |ids: &BTreeSet<u32>| ids.iter().map(|id| points[id]).sum::<u32>();
        let wrong: Vec<_> = (all.iter().zip(&matched))
            .filter(|(_, ids)| (score(ids) >= FLAGGED) != flags)
            .map(|(case, ids)| (score(ids), ids, &case.url))
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}
