//! What every statistic goes through: its tag before the question, one answer for all who ask the same at a time, the lane
//! of long questions, and names of groups as the reader may see them.
//!
//! A row hides its own client and user in its host ([`Lens::origin`]). A group has rows of many, so its name hides
//! everybody whom the lens hides ([`crate::model::People`]): it says no more than any of its rows does. Groups that differ
//! only in what is hidden stay apart, each with its own counts.

use super::caching::{tag, unless_known};
use super::envelope::Success;
use super::error::{ApiError, ApiResult};
use super::extract::{Authed, LogsRead};
use super::lanes::Lane;
use super::params::{Asked, Extent, Known, LIMIT, WINDOW, document};
use super::rows::RowSettings;
use super::state::AppState;
use super::tags;
use crate::model::{
    Dimension, EventFilter, GroupEntry, GroupOrder, GroupQuery, Groups, Lens, Owner, People, Tag, Terms, TimeRange,
    Timestamp,
};
use crate::scoring::RuleBook;
use crate::store::EventStore;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

/// The name of rows that have none.
pub const NAMELESS: &str = "-";

/// The parameters of a statistic of a window, for the OpenAPI document.
pub struct WindowParams;

impl WindowParams {
    /// Which they are.
    pub const KNOWN: Known = &[WINDOW, LIMIT];
}

impl IntoParams for WindowParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(Self::KNOWN)
    }
}

/// What a request for a statistic asks: window, 7 days where none is given, and how long arrays may be; nothing else.
#[derive(Clone, Debug)]
pub struct Windowed {
    auth: Authed<LogsRead>,
    state: AppState,
    headers: HeaderMap,
    extent: Extent,
}

impl FromRequestParts<AppState> for Windowed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Windowed> {
        let auth = Authed::from_request_parts(parts, state).await?;
        let mut asked = Asked::of(&parts.uri, WindowParams::KNOWN);
        let extent = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
        asked.finish()?;
        Ok(Windowed { auth, state: state.clone(), headers: parts.headers.clone(), extent })
    }
}

impl Windowed {
    /// Answers what `compute` makes of the window, as [`statistic`]; `name` tells it from other statistics.
    ///
    /// # Errors
    /// See [`statistic`].
    pub async fn answer<T: Serialize + Send + 'static>(
        self,
        name: &str,
        compute: impl FnOnce(&Statistic<'_>, Extent) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<Response> {
        let Windowed { auth, state, headers, extent } = self;
        let question = format!("{name} {extent:?}");
        statistic((&auth, &state, &headers), question, move |statistic| Ok(Success::new(compute(statistic, extent)?)))
            .await
    }
}

/// Groups that are new in a window and remembered, the latest.
const MOST_NEW: usize = 100_000;

/// A statistic while it is made.
pub struct Statistic<'s> {
    /// The events.
    pub store: &'s dyn EventStore,
    /// How personal values appear.
    pub lens: Lens,
    /// What settings say of rows.
    pub rows: Arc<RowSettings>,
    /// The rules in force.
    pub book: Arc<RuleBook>,
    people: Arc<People>,
}

/// What a statistic answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked, with its window resolved: who asks the same through the same lens may share an answer.
    asked: String,
    /// What else the answer depends on at this moment, beside store, settings and rules.
    beside: String,
}

impl From<String> for Question {
    fn from(asked: String) -> Question {
        Question { asked, beside: String::new() }
    }
}

impl Question {
    /// With what the answer depends on at this moment, which `compute` finds out for itself.
    pub fn beside(self, beside: String) -> Question {
        Question { beside, ..self }
    }
}

/// Answers a statistic: 304 where the client has it, else what `compute` makes of the store, for all who ask the same now.
/// It may rest on nothing but the store, settings, rules, and what `question` names.
///
/// # Errors
/// What `compute` answers, and when the store can't be read.
pub async fn statistic<T: IntoResponse + 'static>(
    (auth, state, headers): (&Authed<LogsRead>, &AppState, &HeaderMap),
    question: impl Into<Question>,
    compute: impl FnOnce(&Statistic<'_>) -> ApiResult<T> + Send + 'static,
) -> ApiResult<Response> {
    let (Question { asked, beside }, lens, worker) = (question.into(), auth.lens, state.clone());
    let tag = tag(auth, state, &format!("{asked}\n{beside}")).await?;
    let made = async move {
        let work = worker.work(Lane::Scans, move |state| Ok(compute(&Statistic::of(state, lens)?)?.into_response()));
        work.await
    };
    unless_known(headers, &tag, async || state.flights.share((lens, asked), made).await).await
}

impl Statistic<'_> {
    /// One for a reader who looks through `lens`; blocks.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn of(state: &AppState, lens: Lens) -> ApiResult<Statistic<'_>> {
        let rows = Arc::new(RowSettings::of(&state.control.settings(), &lens));
        Ok(Statistic { store: &*state.store, lens, rows, book: state.scorer.book(), people: state.people(&lens)? })
    }

    /// The groups of a range with most rows, with their clients; and of groups that are new in it, the hour they were
    /// first seen.
    pub fn top_and_new(
        &self,
        by: Dimension,
        range: TimeRange,
        limit: usize,
    ) -> ApiResult<(Vec<GroupEntry>, HashMap<String, Timestamp>)> {
        let (top, new) = std::thread::scope(|scope| {
            let new = scope.spawn(|| self.store.first_seen(by, range.from, MOST_NEW));
            (self.top(by, &EventFilter::within(range), limit, true), new.join())
        });
        let new = new.map_err(|_| ApiError::internal("the search for what is new ended early"))??;
        Ok((top?, new.into_iter().collect()))
    }

    /// The largest groups of rows that pass, with their clients counted where that is asked; rows without a name are in
    /// none of them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn top(
        &self,
        by: Dimension,
        filter: &EventFilter,
        limit: usize,
        count_clients: bool,
    ) -> ApiResult<Vec<GroupEntry>> {
        Ok(self.groups(by, filter, GroupOrder::Rows, limit, count_clients)?.entries)
    }

    /// As [`Statistic::top`], in another order, and with how many groups there are, that of rows without a name among
    /// them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn groups(
        &self,
        by: Dimension,
        filter: &EventFilter,
        order: GroupOrder,
        limit: usize,
        count_clients: bool,
    ) -> ApiResult<Groups> {
        let query = GroupQuery { by, filter: filter.clone(), order, limit: limit + 1, count_clients };
        let mut groups = self.store.groups(&query, &self.lens)?;
        groups.entries.retain(|entry| entry.name != NAMELESS);
        groups.entries.truncate(limit);
        Ok(groups)
    }

    /// The name of a group of destinations, domains or extensions as the reader may see it.
    pub fn name(&self, name: &str) -> String {
        self.people.hide(name).into_owned()
    }

    /// The family of a user agent as the reader may see it.
    pub fn family(&self, family: &str) -> String {
        let shown = self.lens.agent(family.as_bytes(), &Owner::default()).into_owned();
        self.name(&String::from_utf8_lossy(&shown))
    }

    /// Rows of a range with any of some tags.
    pub fn tagged(&self, range: TimeRange, tags: &[Tag]) -> EventFilter {
        let any = tags.iter().map(|tag| tags::test(*tag, &self.rows)).collect();
        EventFilter { tag: Terms { any, none: Vec::new() }, ..EventFilter::within(range) }
    }

    /// Rows of a group that count as blocked.
    pub fn blocked(&self, entry: &GroupEntry) -> u64 {
        entry.measure.outcomes.blocked(self.rows.challenges_block)
    }
}
