//! Our rules, run by the engine over requests as a log has them.

use std::collections::BTreeSet;

use tidegate::waf::engine::{Engine, Options};

use super::cases::{FLAGGED, SIGNALS, cases, listed, ours};

fn compiled() -> Engine {
    let options = Options { signals: &SIGNALS, ..Options::default() };
    Engine::compile(&ours(), &options).unwrap_or_else(|unusable| panic!("{unusable:#?}"))
}

#[test]
fn every_rule_can_be_hit_and_few_run_on_every_line() {
    let engine = compiled();
    assert!(engine.left_out().is_empty(), "{:?}", engine.left_out());
    assert!(engine.plan().ungated().len() < 10, "{:?}", engine.plan().ungated());
}

#[test]
fn every_rule_hits_what_it_is_for_and_nothing_near_it() {
    let engine = compiled();
    let mut scratch = engine.scratch();
    let (mut hits, mut near_misses, mut wrong) = (0, 0, Vec::new());
    for rule in engine.rules() {
        let of_rule = cases(rule.id);
        hits += of_rule.hits.len();
        near_misses += of_rule.near_misses.len();
        let all =
            of_rule.hits.iter().map(|case| (case, true)).chain(of_rule.near_misses.iter().map(|case| (case, false)));
        for (case, hit) in all {
            let verdict = case.judged(&engine, &mut scratch);
            let found = verdict.matches.iter().find(|found| found.id == rule.id);
            if found.is_some() != hit {
                wrong.push(format!("{} {} {}", rule.id, if hit { "misses" } else { "hits" }, case.url));
            }
            if let Some(found) = found {
                assert!(found.points > 0 && !found.msg.is_empty() && found.place.is_some(), "{found:?}");
                assert!(found.value.get(found.fragment.clone()).is_some(), "{found:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{} rules, {hits} hits, {near_misses} near-misses", engine.rules().count());
}

#[test]
fn a_modern_network_is_left_alone_and_attacks_are_flagged() {
    let engine = compiled();
    let mut scratch = engine.scratch();
    let mut hit = BTreeSet::new();
    for (name, flags) in [("benign.txt", false), ("attacks.txt", true)] {
        let all = listed(name);
        assert!(all.len() > 400, "{name}");
        let mut wrong = Vec::new();
        for case in &all {
            let verdict = case.judged(&engine, &mut scratch);
            let ids: Vec<u32> = verdict.matches.iter().map(|found| found.id).collect();
            if (verdict.score >= FLAGGED) != flags {
                wrong.push((verdict.score, ids.clone(), &case.url));
            }
            hit.extend(ids);
        }
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        println!("{name}: {} lines, all {}", all.len(), if flags { "flagged" } else { "left alone" });
    }
    assert!(hit.len() > 100, "{} rules", hit.len());
}
