//! One stream of server-sent events: rows that pass, by rising number. Source: HTML Living Standard, section 9.2.
//!
//! What a client has not taken waits in the store, not in memory, so that it is sent late rather than never. Whoever is
//! too far behind is told how many rows were left out, and goes on with the newest; whoever resumes is first sent
//! everything since.

use super::Place;
use crate::api::cursor::Cursor;
use crate::api::error::{ApiError, ApiResult};
use crate::api::lanes::Lane;
use crate::api::log_question::LogQuestion;
use crate::api::rows::{LogRow, RowSettings};
use crate::api::serve::Ending;
use crate::api::standing::{Fallen, Reader};
use crate::api::state::AppState;
use crate::model::{EventFilter, EventView, Lens, Order, Position, RowId, TimeRange, Timestamp};
use crate::store::{EventStore, StoreResult};
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Whose cursors the ids of events are.
pub const LISTING: &str = "logs live";
/// Rows sent at a time.
const PIECE_ROWS: usize = 500;
/// Rows sent in a second.
const PACE: u32 = 5_000;
/// Rows that may wait for a client that was up to date before some are left out.
const MOST_BEHIND: u64 = 20_000;
/// Rows left out at a time, where each has to be looked at.
const MOST_DROPPED: usize = 100_000;
/// How often somebody who is sent nothing is told that the connection stands.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How often it is made sure that whoever looks on still may.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// When a client whose connection broke is to try again, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// Where a stream begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Begin {
    /// With what is stored from now on.
    Now,
    /// With what was stored after that row.
    After(RowId),
}

/// A stream of the rows of a question. Ends by itself when whoever looks on may not any more, when what they see has
/// changed, and when the server ends.
///
/// # Errors
/// When the store can't be asked.
pub async fn live(
    state: AppState,
    reader: Reader,
    question: LogQuestion,
    begin: Begin,
    (place, ending): (Place, Option<Ending>),
) -> ApiResult<Response> {
    // Subscribed before the store is asked, so that nothing is missed in between.
    let wake = state.live.wake(&state);
    let after = match begin {
        Begin::After(id) => id,
        Begin::Now => state.ask(Lane::Pages, |store| store.stats()).await?.highest_row,
    };
    let now = Instant::now();
    let stream = Stream {
        number: question.number(&LISTING),
        range: question.filter.range.unwrap_or(TimeRange::ALL),
        filter: Arc::new(question.filter),
        is_current: begin == Begin::Now,
        phase: Phase::Hello,
        has_news: true,
        ready_at: now,
        check_at: now + CHECK_EVERY,
        comment_at: now + COMMENT_EVERY,
        state,
        reader,
        after,
        wake,
        ending,
        _place: place,
    };
    let mut response = Body::from_stream(stream::unfold(stream, Stream::piece)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // Reverse proxies that collect answers must not collect this one.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

struct Stream {
    state: AppState,
    reader: Reader,
    filter: Arc<EventFilter>,
    number: u64,
    range: TimeRange,
    /// The last row that was looked at.
    after: RowId,
    /// Whether everything stored was sent at some time since the begin.
    is_current: bool,
    phase: Phase,
    /// Whether there may be rows that were not looked at.
    has_news: bool,
    /// When more rows may be sent.
    ready_at: Instant,
    check_at: Instant,
    comment_at: Instant,
    wake: watch::Receiver<u64>,
    ending: Option<Ending>,
    _place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Hello,
    Rows,
    Over,
}

/// What a look at the store brought.
struct Looked {
    rows: Vec<(RowId, String)>,
    up_to: RowId,
    dropped: u64,
    more: bool,
}

impl Stream {
    async fn piece(mut self) -> Option<(Result<Bytes, Infallible>, Stream)> {
        let text = match self.phase {
            Phase::Over => return None,
            Phase::Hello => {
                self.phase = Phase::Rows;
                self.cursor(self.after, &self.reader.lens).map(|id| format!("retry: {RETRY_MS}\nid: {id}\n\n"))
            }
            Phase::Rows => self.next().await,
        };
        let text = text.unwrap_or_else(|failure| {
            if let Some(cause) = failure.cause() {
                tracing::error!(cause, "a live stream broke off");
            }
            self.end(failure.kind().1, None)
        });
        Some((Ok(Bytes::from(text)), self))
    }

    /// The next events, once there are any.
    async fn next(&mut self) -> ApiResult<String> {
        loop {
            let now = Instant::now();
            let ready = self.has_news && now >= self.ready_at;
            if ready || now >= self.check_at {
                self.check_at = now + CHECK_EVERY;
                if let Some(fallen) = self.reader.fallen(&self.state).await? {
                    return self.fall(fallen);
                }
            }
            if ready {
                let events = self.look().await?;
                if !events.is_empty() {
                    self.comment_at = Instant::now() + COMMENT_EVERY;
                    return Ok(events);
                }
                continue;
            }
            if now >= self.comment_at {
                self.comment_at = now + COMMENT_EVERY;
                return Ok(":\n\n".to_owned());
            }
            let mut until = self.check_at.min(self.comment_at);
            if self.has_news {
                until = until.min(self.ready_at);
            }
            tokio::select! {
                () = told(&mut self.ending) => return Ok(self.end("shutdown", None)),
                changed = self.wake.changed(), if !self.has_news => self.has_news = changed.is_ok(),
                () = sleep_until(until) => {}
            }
        }
    }

    async fn look(&mut self) -> ApiResult<String> {
        self.wake.borrow_and_update();
        let (filter, lens) = (Arc::clone(&self.filter), self.reader.lens);
        let (after, is_current) = (self.after, self.is_current);
        let looked = self.state.work(Lane::Scans, move |state| look(state, &filter, &lens, after, is_current)).await?;
        self.after = looked.up_to;
        self.has_news = looked.more;
        self.is_current |= !looked.more;
        let sent = u32::try_from(looked.rows.len()).unwrap_or(PACE);
        self.ready_at = Instant::now() + Duration::from_secs(1) * sent / PACE;
        let mut events = String::new();
        for (row, json) in looked.rows {
            let id = self.cursor(row, &lens)?;
            events += &format!("event: log\nid: {id}\ndata: {json}\n\n");
        }
        if looked.dropped > 0 {
            let (id, data) = (self.cursor(self.after, &lens)?, json!({ "count": looked.dropped }));
            events += &format!("event: dropped\nid: {id}\ndata: {data}\n\n");
        }
        Ok(events)
    }

    fn fall(&mut self, fallen: Fallen) -> ApiResult<String> {
        match fallen {
            Fallen::Credential => Ok(self.end("unauthenticated", None)),
            Fallen::View => {
                // The same place in what they see from now on: whoever connects again goes on from there.
                let id = self.cursor(self.after, &self.state.lens_of(&self.reader.principal))?;
                Ok(self.end("view_changed", Some(id)))
            }
        }
    }

    fn end(&mut self, code: &str, id: Option<String>) -> String {
        self.phase = Phase::Over;
        let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
        format!("event: end\n{id}data: {}\n\n", json!({ "code": code }))
    }

    fn cursor(&self, row: RowId, lens: &Lens) -> ApiResult<String> {
        let place = Position { time: Timestamp(0), id: row }.into();
        let (question, epoch, range) = (self.number, lens.epoch(), self.range);
        Cursor { place, order: Order::Ascending, question, epoch, range }.seal(&self.state.cursor_key, LISTING)
    }
}

/// The row a token of a stream names, where the stream asks the same question in the same view. The window its walk
/// began with is gone on with.
///
/// # Errors
/// [`ApiError::Invalid`] when it is none, or of another question.
pub fn resume(
    state: &AppState,
    question: &mut LogQuestion,
    lens: &Lens,
    (parameter, token): (&str, &str),
) -> ApiResult<Begin> {
    let wanted = (question.number(&LISTING), Order::Ascending, lens.epoch());
    let cursor = Cursor::open(&state.cursor_key, LISTING, parameter, token, wanted)?;
    question.go_on(&cursor);
    Ok(Begin::After(cursor.place.id))
}

async fn told(ending: &mut Option<Ending>) {
    match ending {
        Some(ending) => ending.told().await,
        None => std::future::pending().await,
    }
}

/// The next rows after one, and how many are left out so that a reader who was up to date is not too far behind.
fn look(
    state: &AppState,
    filter: &EventFilter,
    lens: &Lens,
    after: RowId,
    is_current: bool,
) -> ApiResult<Looked> {
    let store = &*state.store;
    let found = store.arrivals(filter, lens, after, PIECE_ROWS)?;
    let settings = RowSettings::of(&state.control.settings(), lens);
    let rows: ApiResult<Vec<_>> = found
        .rows
        .iter()
        .map(|event| {
            let row = LogRow::of(EventView::of(event, lens), &settings);
            Ok((row.id, serde_json::to_string(&row).map_err(ApiError::internal)?))
        })
        .collect();
    let mut looked = Looked { up_to: found.up_to, dropped: 0, more: found.rows.len() == PIECE_ROWS, rows: rows? };
    if looked.more && is_current {
        (looked.dropped, looked.up_to) = left_out(store, filter, lens, looked.up_to)?;
    }
    Ok(looked)
}

/// How many rows after one are left out, and up to which; none unless too many wait.
fn left_out(store: &dyn EventStore, filter: &EventFilter, lens: &Lens, after: RowId) -> StoreResult<(u64, RowId)> {
    let newest = store.stats()?.highest_row;
    if newest.saturating_sub(after) <= MOST_BEHIND {
        return Ok((0, after));
    }
    if *filter == EventFilter::default() {
        return Ok((newest - after, newest));
    }
    let waiting = store.arrivals(filter, lens, after, MOST_DROPPED)?;
    let count = waiting.rows.len() as u64;
    Ok(if count > MOST_BEHIND { (count, waiting.up_to) } else { (0, after) })
}
