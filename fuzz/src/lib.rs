//! What is fuzzed: a function each that takes any bytes and panics where the program breaks a promise. Here so that the
//! test binary runs them over the seeds, too (`tests/it/fuzz_seeds.rs`); `fuzz_targets/` hands them to libFuzzer.
//!
//! Inputs are texts, so that seeds can be read and dictionaries help: mostly a line or two that say what to do, and
//! behind them the value to do it with. Where there are two ways to an answer, both are gone.

pub mod libinjection;
pub mod operators;
pub mod score;
pub mod seclang;
pub mod squid;
pub mod transformations;

use tidegate::waf::engine::{Engine, Verdict};
use tidegate::waf::transformations::by_name;
use tidegate::waf::variables::{Field, Request};

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 6] = [
    ("libinjection", libinjection::run),
    ("operators", operators::run),
    ("score", score::run),
    ("seclang", seclang::run),
    ("squid", squid::run),
    ("transformations", transformations::run),
];

/// The first line, and what is behind it.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, b""),
    }
}

/// A request of so many lines: method, target, and as far as they are there User-Agent, Referer, Host. An empty line
/// is a header that the request hadn't.
fn request<'a>(mut lines: impl Iterator<Item = &'a [u8]>) -> Request<'a> {
    let method = lines.next().unwrap_or_default();
    let uri = lines.next().unwrap_or_default();
    let mut field = || match lines.next() {
        None => Field::NotLogged,
        Some([]) => Field::Absent,
        Some(value) => Field::Is(value),
    };
    let (user_agent, referer, host) = (field(), field(), field());
    let protocol = if host == Field::NotLogged { Field::NotLogged } else { Field::Is(b"HTTP/1.1") };
    Request { method, uri, user_agent, referer, host, protocol, client: Field::Is(b"192.0.2.1"), ..Request::default() }
}

/// What an engine says of a request, the same in each of its ways.
fn verdict(engine: &Engine, request: &Request<'_>) -> Verdict {
    let mut scratch = engine.scratch();
    let score = engine.score(request, &mut scratch);
    let ids = scratch.ids().to_vec();
    assert_eq!(scratch.points().map(|(_, points)| points).fold(0, u32::saturating_add), score.points);
    let explanation = engine.explain(request, &mut scratch);
    let verdict = engine.judge(request, &mut scratch);
    assert_eq!(verdict, explanation.verdict);
    assert_eq!((score.points, score.severity), (verdict.score, verdict.severity));
    assert_eq!(ids, verdict.matches.iter().map(|found| found.id).collect::<Vec<_>>());
    assert_eq!(explanation.steps.len(), verdict.matches.len());
    for (found, steps) in verdict.matches.iter().zip(&explanation.steps) {
        assert!(found.value.get(found.fragment.clone()).is_some(), "{found:?}");
        assert!(steps.last().is_none_or(|last| last.value == found.value), "{found:?} {steps:?}");
        for pair in steps.windows(2) {
            let step = pair[1].transformation.and_then(by_name).expect("a step has its transformation");
            let mut value = Vec::new();
            assert!(step.apply(&pair[0].value, &mut value) && value == pair[1].value, "{pair:?}");
        }
    }
    assert_eq!(engine.score(request, &mut scratch), score, "what is remembered of values changes nothing");
    verdict
}
