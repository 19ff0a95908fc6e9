//! Our own rules over any line, as the service runs them and with each rule asked about everything.

use super::{request, verdict};
use std::cell::RefCell;
use std::sync::LazyLock;
use tidegate::scoring::{Asked, BUILTIN, Judge, RuleBook};
use tidegate::waf::engine::{Engine, Options, Scratch};
use tidegate::waf::variables::Request;

/// The keys of `TX` that the classifiers set.
const SIGNALS: [&str; 5] = ["dga", "look_alike", "ip_literal", "unusual_port", "service_category"];

static BOOK: LazyLock<RuleBook> =
    LazyLock::new(|| RuleBook::load(&[BUILTIN.to_owned()]).unwrap_or_else(|faults| panic!("{faults}")));

static OPEN: LazyLock<Engine> = LazyLock::new(|| {
    let options = Options { signals: &SIGNALS, ..Options::default() };
    let engine = Engine::compile(BOOK.rule_set(), &options).unwrap_or_else(|unusable| panic!("{unusable:?}"));
    engine.without_plan()
});

thread_local! {
    /// What the service keeps from line to line.
    static KEPT: RefCell<(Scratch, Judge<'static>)> = RefCell::new((BOOK.engine().scratch(), Judge::new(&BOOK)));
}

/// Lines: the signals that are set, by their places as digits; method, target, User-Agent, Referer, Host.
pub fn run(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let digits = lines.next().unwrap_or_default();
    let signals: Vec<Option<&[u8]>> = (b'0'..)
        .zip(["1", "1", "1", "1", "paste"])
        .map(|(digit, value)| digits.contains(&digit).then_some(value.as_bytes()))
        .collect();
    let request = Request { signals: &signals, ..request(lines) };
    let planned = verdict(BOOK.engine(), &request);
    assert_eq!(planned, verdict(&OPEN, &request), "with the plan, and without");
    KEPT.with_borrow_mut(|(scratch, judge)| {
        assert_eq!(BOOK.engine().judge(&request, scratch), planned, "behind other lines");
        let asked = Asked {
            method: request.method,
            url: request.uri,
            client: request.client.value(),
            user_agent: request.user_agent.value(),
            referer: request.referer.value(),
        };
        let score = judge.score(&asked);
        let told = judge.points().map(|(id, _)| id).collect::<Vec<_>>();
        let explained = judge.explain(&asked).verdict;
        assert_eq!((score.points, score.severity), (explained.score, explained.severity));
        assert_eq!(told, explained.matches.iter().map(|found| found.id).collect::<Vec<_>>());
    });
}
