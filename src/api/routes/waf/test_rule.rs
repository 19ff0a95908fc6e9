//! `POST /api/waf/test-rule`: what a pattern or a rule would have matched among the newest rows, before it is put in force.

use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Authed, LogsRead};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::rows::{LogRow, RowSettings};
use crate::api::state::AppState;
use crate::model::{EventFilter, EventView, HOUR_MS, Lens, Outcome, PageQuery, TimeRange, Timestamp};
use crate::waf::engine::{Engine, Options, Scratch};
use crate::waf::seclang::RuleSet;
use crate::waf::variables::{Field, Request};
use axum::extract::State;
use regex_automata::meta::{self, Regex};
use regex_automata::util::syntax;
use serde::Serialize;
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// Most characters of a pattern or a rule.
const MOST_CHARS: usize = 4_096;
/// Most bytes that a pattern may take when it is compiled.
const MOST_BYTES: usize = 1 << 20;
/// How long rows are looked at.
const BOX: Duration = Duration::from_secs(5);
/// Rows that are fetched together.
const PAGE_ROWS: usize = 2_000;
/// Rows that are shown.
const EXAMPLES: usize = 20;

/// The body that says what is tried: one of the two.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestBody {
    /// A regular expression, matched on the URL as rows show it, without regard to case.
    pub regex: Option<String>,
    /// One or more rules in SecLang.
    pub rule: Option<String>,
    /// How far back rows are looked at [default: 24].
    pub hours: Option<i64>,
}

/// What was matched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tested {
    /// Rows that were looked at, newest first.
    pub scanned: u64,
    /// Rows that were matched.
    pub matched: u64,
    /// The newest of these.
    pub examples: Vec<LogRow>,
    /// Of the matched rows, those that the proxy let through.
    pub would_block: u64,
    /// The pattern that was tried; null where it was a rule.
    pub regex: Option<String>,
    /// How far back.
    pub hours: i64,
    /// Whether all rows of that time were looked at; false where time ran out.
    pub complete: bool,
}

/// What is tried.
enum Trial {
    Pattern(Regex),
    Rules(Box<Engine>),
}

impl Trial {
    fn read(regex: Option<&str>, rule: Option<&str>) -> ApiResult<Trial> {
        match (regex, rule) {
            (Some(regex), None) => {
                let syntax = syntax::Config::new().case_insensitive(true);
                let limits = meta::Config::new().nfa_size_limit(Some(MOST_BYTES));
                let built = Regex::builder().syntax(syntax).configure(limits).build(regex);
                built.map(Trial::Pattern).map_err(|fault| ApiError::invalid("regex", unusable(&fault)))
            }
            (None, Some(rule)) => {
                let refused = |fault: String| ApiError::invalid("rule", fault);
                let set = RuleSet::parse("rule", rule.as_bytes()).map_err(|faults| refused(faults.to_string()))?;
                // What comes from afar names no files of this machine.
                let files = |_: &std::path::Path| Err(std::io::ErrorKind::PermissionDenied.into());
                let engine = Engine::compile(&set, &Options { files: &files, ..Options::default() });
                let engine = engine
                    .map_err(|faults| refused(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
                Ok(Trial::Rules(Box::new(engine)))
            }
            _ => Err(ApiError::invalid("regex", "give either `regex` or `rule`")),
        }
    }

    fn matches(&self, view: &EventView, scratch: &mut Option<Scratch>) -> bool {
        match self {
            Trial::Pattern(regex) => regex.is_match(&view.url),
            Trial::Rules(engine) => {
                let scratch = scratch.get_or_insert_with(|| engine.scratch());
                // What the row has not, its log may not have either.
                let header = |value: &'_ Option<String>| value.clone().map(String::into_bytes);
                let (method, agent, referer) = (header(&view.method), header(&view.user_agent), header(&view.referer));
                let request = Request {
                    method: method.as_deref().unwrap_or_default(),
                    uri: view.url.as_bytes(),
                    user_agent: agent.as_deref().map_or(Field::NotLogged, Field::Is),
                    referer: referer.as_deref().map_or(Field::NotLogged, Field::Is),
                    ..Request::default()
                };
                engine.score(&request, scratch);
                !scratch.ids().is_empty()
            }
        }
    }
}

/// Why a pattern can't be used.
fn unusable(fault: &meta::BuildError) -> String {
    match (fault.syntax_error(), fault.size_limit()) {
        (Some(fault), _) => fault.to_string(),
        (None, Some(_)) => "takes too much memory; write smaller repetitions".to_owned(),
        (None, None) => fault.to_string(),
    }
}

/// Tries a pattern or a rule on the newest rows, for some seconds at most.
#[utoipa::path(
    post, path = "/waf/test-rule", operation_id = "waf_test_rule", tag = "waf", request_body = TestBody,
    responses((status = 200, description = "What it matched", body = Success<Tested>), Failures, BodyFailures)
)]
pub async fn test(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    mut fields: Fields,
) -> ApiResult<Success<Tested>> {
    let regex = fields.line("regex", MOST_CHARS);
    let rule = fields.text("rule");
    if rule.as_ref().is_some_and(|rule| rule.chars().count() > MOST_CHARS) {
        fields.fault("rule", format!("must have at most {MOST_CHARS} characters"));
    }
    let hours = fields.number("hours", 1, 24 * 366).unwrap_or(24);
    fields.finish()?;
    let trial = Trial::read(regex.as_deref(), rule.as_deref())?;
    let lens = auth.lens;
    let now = state.clock.now().0;
    let range = TimeRange { from: Timestamp(now.saturating_sub(hours * HOUR_MS)), until: Timestamp(now + 1) };
    let tested = state.work(Lane::Scans, move |state| {
        let empty =
            Tested { scanned: 0, matched: 0, examples: Vec::new(), would_block: 0, regex, hours, complete: true };
        try_on(state, &trial, range, &lens, empty)
    });
    Ok(Success::new(tested.await?))
}

fn try_on(state: &AppState, trial: &Trial, range: TimeRange, lens: &Lens, mut tested: Tested) -> ApiResult<Tested> {
    let settings = RowSettings::of(&state.control.settings(), lens);
    let mut query = PageQuery { filter: EventFilter::within(range), ..PageQuery::newest(PAGE_ROWS) };
    let (started, mut scratch) = (Instant::now(), None);
    loop {
        let page = state.store.page(&query, lens)?;
        for event in &page.rows {
            let view = EventView::of(event, lens);
            tested.scanned += 1;
            if trial.matches(&view, &mut scratch) {
                tested.matched += 1;
                tested.would_block += u64::from(view.outcome == Outcome::Allowed);
                if tested.examples.len() < EXAMPLES {
                    tested.examples.push(LogRow::of(view, &settings));
                }
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(tested);
        }
        if started.elapsed() > BOX {
            tested.complete = false;
            return Ok(tested);
        }
    }
}
