//! Rules: any text is read or refused, what is read prints to what reads the same, and compiled it says the same with
//! its plan and without.

use super::{request, verdict};
use std::path::Path;
use std::sync::Arc;
use tidegate::waf::engine::{Engine, Options};
use tidegate::waf::seclang::{Item, Place, RuleSet};
use tidegate::waf::variables::Request;

/// What stands between a request and the rules it is judged by.
const BETWEEN: &[u8] = b"\n--\n";

/// The lines of a request, two dashes, rules; or rules alone.
pub fn run(data: &[u8]) {
    let end = data.windows(BETWEEN.len()).position(|part| part == BETWEEN);
    let (lines, rules) = end.map_or((&b"GET\n/?a=b"[..], data), |at| (&data[..at], &data[at + BETWEEN.len()..]));
    let read = match RuleSet::parse("fuzz", rules) {
        Ok(read) => read,
        Err(faults) => {
            let lines = 1 + rules.iter().filter(|byte| **byte == b'\n').count();
            for fault in &faults.0 {
                assert!((1..=lines).contains(&fault.place.line), "{fault}");
                assert!(!fault.problem.is_empty() && !fault.mend.is_empty(), "{fault}");
            }
            return;
        }
    };
    let printed = read.to_string();
    let again = RuleSet::parse("again", printed.as_bytes()).unwrap_or_else(|faults| panic!("{faults}\nof {printed}"));
    assert_eq!(again.to_string(), printed);
    assert_eq!(bare(again), bare(read.clone()), "{printed}");

    let files = |file: &Path| match file.to_str() {
        Some("words") => Ok(b"# words\nphpinfo\n/etc/passwd\n10.0.0.0/8\n".to_vec()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let options = Options { presets: &[("level", "1")], signals: &["dga", "category"], files: &files };
    let Ok(engine) = Engine::compile(&read, &options) else { return };
    let signals = [Some(&b"1"[..]), None];
    let signals = if lines.len() % 2 == 0 { &signals[..] } else { &[] };
    let lines = request(lines.split(|byte| *byte == b'\n'));
    let request = Request { time: Some(1_795_194_307_841), duration_ms: Some(29), signals, ..lines };
    let planned = verdict(&engine, &request);
    let open = verdict(&engine.without_plan(), &request);
    assert_eq!(planned, open, "with the plan, and without");
}

/// Without what another text changes: places, sources, and what was listed.
fn bare(mut read: RuleSet) -> RuleSet {
    let nowhere = Place { file: Arc::from(""), line: 0 };
    for item in &mut read.items {
        match item {
            Item::Marker { place, .. } => *place = nowhere.clone(),
            Item::Rule(rule) => {
                for link in &mut rule.links {
                    link.place = nowhere.clone();
                    link.source = "".into();
                }
            }
        }
    }
    RuleSet { remarks: Vec::new(), removed: Vec::new(), ..read }
}
