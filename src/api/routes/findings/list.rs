//! `GET /api/findings` and `GET /api/findings/{id}`.

use super::row::{FindingDetail, FindingRow};
use super::{ABSENT, find, number};
use crate::api::cursor::{Cursor, question};
use crate::api::envelope::{Listing, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{AlertsRead, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, PAGING, Paging, Param, Start, WINDOW, Window, document, terms};
use crate::api::responses::Failures;
use crate::api::rows::{LogRow, RowSettings};
use crate::api::state::AppState;
use crate::behaviour::detector;
use crate::model::{
    EventView, Finding, FindingStatus, FindingView, Lens, Order, People, Place, Scope, Severity, SortValue, Terms,
    TimeRange,
};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const LISTING: &str = "findings";
const SORTS: &[&str] = &["last_seen", "first_seen", "severity"];
const KNOWN: Known = &[
    PAGING,
    WINDOW,
    &[
        Param::filter("detector", "The name of a detector, without regard to case; `!` negates"),
        Param::filter("severity", "Severity by name or number, 0 the worst; `!` negates"),
        Param::one("min_severity", Kind::Text, "This severity, by name or number, or worse"),
        Param::filter("status", "`open` or `dismissed`; `!` negates"),
        Param::filter("client_ip", "The client, as it is shown, without regard to case; `!` negates"),
        Param::filter("destination", "A part of the destination, without regard to case; `!` negates"),
        Param::one("sort", Kind::Word(SORTS), "What to order by; last_seen where none is given"),
        Param::one("order", Kind::Word(&["desc", "asc"]), "desc (default; the worst severity first) or asc"),
    ],
];

/// The parameters of findings, for the OpenAPI document.
pub struct FindingsParams;

impl IntoParams for FindingsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Which findings.
#[derive(Clone, Debug, Hash)]
struct Wanted {
    detector: Terms<String>,
    severity: Terms<Severity>,
    min_severity: Option<Severity>,
    status: Terms<FindingStatus>,
    client: Terms<String>,
    destination: Terms<String>,
    sort: &'static str,
}

impl Wanted {
    fn read(asked: &mut Asked) -> Wanted {
        let severity = |text: &str| Severity::parse(text).ok_or("must be a severity of syslog, by name or number");
        let lower = |text: &str| Ok(vec![text.to_lowercase()]);
        let min_severity = asked.text("min_severity").and_then(|text| match severity(&text) {
            Ok(severity) => Some(severity),
            Err(fault) => {
                asked.faults.add("min_severity", fault);
                None
            }
        });
        Wanted {
            detector: terms(asked, "detector", |text| match detector(text) {
                Some(detector) => Ok(vec![detector.name.to_owned()]),
                None => Err("must be the name of a detector; /api/findings/detectors lists them".to_owned()),
            }),
            severity: terms(asked, "severity", |text| severity(text).map(|one| vec![one]).map_err(str::to_owned)),
            min_severity,
            status: terms(asked, "status", |text| {
                FindingStatus::named(text).map(|status| vec![status]).ok_or("must be open or dismissed".to_owned())
            }),
            client: terms(asked, "client_ip", lower),
            destination: terms(asked, "destination", lower),
            sort: asked.word("sort").unwrap_or(SORTS[0]),
        }
    }

    fn accepts(&self, finding: &Finding, (lens, people): (&Lens, &People), range: Option<TimeRange>) -> bool {
        let view = FindingView::of(finding, lens, people);
        let client = view.client.unwrap_or_default().to_lowercase();
        let destination = view.destination.unwrap_or_default().to_lowercase();
        range.is_none_or(|range| range.contains(finding.last))
            && self.detector.accept(|name| *name == finding.detector)
            && self.severity.accept(|severity| *severity == finding.severity)
            && self.min_severity.is_none_or(|worst| finding.severity <= worst)
            && self.status.accept(|status| *status == finding.status)
            && self.client.accept(|wanted| *wanted == client)
            && self.destination.accept(|part| destination.contains(part))
    }

    /// What is ordered by: the larger, the sooner it comes in descending order.
    fn value(&self, finding: &Finding) -> i64 {
        match self.sort {
            "severity" => -(finding.severity as i64),
            "first_seen" => finding.first.0,
            _ => finding.last.0,
        }
    }
}

/// What clients did over time that gives them away, by the newest request first; a window is about the last request.
#[utoipa::path(
    get, path = "/findings", operation_id = "findings_list", tag = "findings", params(FindingsParams),
    responses((status = 200, description = "A page of findings", body = Listing<FindingRow>), Failures)
)]
pub async fn list(auth: Authed<AlertsRead>, State(state): State<AppState>, uri: Uri) -> ApiResult<Listing<FindingRow>> {
    let mut asked = Asked::of(&uri, KNOWN);
    let now = state.clock.now();
    let paging = Paging::read(&mut asked);
    let window = Window::read(&mut asked, now);
    let wanted = Wanted::read(&mut asked);
    let order = if asked.word("order") == Some("asc") { Order::Ascending } else { Order::Descending };
    asked.finish()?;
    let (asked_for, epoch) = (question(&(&wanted, format!("{window:?}"))), auth.lens.epoch());
    let cursor = match &paging.start {
        Start::Cursor(parameter, token) => {
            Some(Cursor::open(&state.cursor_key, LISTING, parameter, token, (asked_for, order, epoch))?)
        }
        Start::Top | Start::Row(_) => None,
    };
    let range = cursor.as_ref().map_or_else(|| window.range(now), |cursor| Some(cursor.range));
    let (lens, limit) = (auth.lens, paging.limit);
    let (findings, people) =
        state.work(Lane::Scans, move |state| Ok((state.store.findings()?, state.people(&lens)?))).await?;
    let shown = (&lens, &*people);
    let mut found: Vec<(i64, u64, &Finding)> = findings
        .iter()
        .filter(|finding| wanted.accepts(finding, shown, range))
        .map(|finding| (wanted.value(finding), finding.id, finding))
        .collect();
    found.sort_unstable_by_key(|(value, id, _)| (*value, *id));
    if order == Order::Descending {
        found.reverse();
    }
    let total = found.len() as u64;
    let after = match (&paging.start, &cursor) {
        // Wherever it stands, whether or not it is among those asked for.
        (Start::Row(id), _) => {
            let row = findings.iter().find(|finding| finding.id == *id);
            let row = row.ok_or_else(|| ApiError::invalid("cursor_id", "there is no finding of that id"))?;
            Some((wanted.value(row), row.id))
        }
        (_, Some(Cursor { place: Place { value: SortValue::Number(value), id }, .. })) => Some((*value, *id)),
        _ => None,
    };
    let is_behind = |at: (i64, u64)| match (after, order) {
        (None, _) => true,
        (Some(after), Order::Descending) => at < after,
        (Some(after), Order::Ascending) => at > after,
    };
    let skip = usize::try_from(paging.offset).unwrap_or(usize::MAX);
    let mut behind = found.iter().filter(|(value, id, _)| is_behind((*value, *id))).skip(skip).peekable();
    let page: Vec<_> = behind.by_ref().take(limit).collect();
    let last = page.last().filter(|_| behind.peek().is_some());
    let next = last.map(|(value, id, _)| {
        let place = Place { value: SortValue::Number(*value), id: *id };
        let range = range.unwrap_or(TimeRange::ALL);
        Cursor { place, order, question: asked_for, epoch, range }.seal(&state.cursor_key, LISTING)
    });
    let rows = page.iter().map(|(_, _, finding)| FindingRow::of(finding, shown)).collect();
    Ok(Listing::new(rows, total, (limit, paging.offset), next.transpose()?).with_pages(paging.pages))
}

/// A finding, with rows that show it and what to do about it.
#[utoipa::path(
    get, path = "/findings/{id}", operation_id = "findings_detail", tag = "findings",
    params(("id" = u64, Path, description = "The finding's number")),
    responses((status = 200, description = "The finding", body = Success<FindingDetail>), Failures)
)]
pub async fn detail(
    auth: Authed<AlertsRead>,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Success<FindingDetail>> {
    let Path(id) = id.map_err(|_| ABSENT)?;
    let id = number(&id).ok_or(ABSENT)?;
    Asked::of(&uri, &[]).finish()?;
    let lens = auth.lens;
    let sees_rows = auth.principal.scopes.has(Scope::LogsRead);
    let found = state.work(Lane::Scans, move |state| {
        let store = &*state.store;
        let Some(finding) = find(store, id)? else { return Ok(None) };
        let mut events = Vec::new();
        for row in finding.evidence.iter().filter(|_| sees_rows) {
            events.extend(store.event(*row)?);
        }
        Ok(Some((finding, events, state.people(&lens)?)))
    });
    let (finding, events, people) = found.await?.ok_or(ABSENT)?;
    let settings = RowSettings::of(&state.control.settings(), &lens);
    Ok(Success::new(FindingDetail {
        evidence: events.iter().map(|event| LogRow::of(EventView::of(event, &lens), &settings)).collect(),
        recommendation: detector(&finding.detector).map_or("", |detector| detector.advice),
        note: Some(finding.note.clone()).filter(|note| !note.is_empty()),
        row: FindingRow::of(&finding, (&lens, &*people)),
    }))
}
