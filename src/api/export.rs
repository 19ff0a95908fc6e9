//! Rows of the log as a file: CSV, a JSON array or a JSON object a line. Written while it is read, piece by piece, as
//! fast as the client takes it; on record with its begin and its end.
//!
//! CSV is RFC 4180's with a header line.

use super::columns::COLUMNS;
use super::error::{ApiError, ApiResult};
use super::lanes::Lane;
use super::log_question::LogQuestion;
use super::rows::{LogRow, RowSettings};
use super::standing::Reader;
use super::state::AppState;
use crate::control::{Actor, AuditId};
use crate::model::{EventFilter, EventView, Order, Page, PageQuery, Place, Sort};
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

/// How many rows a file holds at most unless an administrator asks for more.
pub const MOST_ROWS: u64 = 10_000;
/// Rows read at a time.
const PIECE_ROWS: usize = 2_000;
/// What an export is called in the audit log.
const ACTION: &str = "logs.export";

/// What a file looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileFormat {
    /// Lines of cells separated by commas.
    Csv,
    /// An array of rows.
    Json,
    /// A row a line.
    Ndjson,
}

impl FileFormat {
    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Json => "json",
            FileFormat::Ndjson => "ndjson",
        }
    }

    fn mime(self) -> &'static str {
        match self {
            FileFormat::Csv => "text/csv; charset=utf-8; header=present",
            FileFormat::Json => "application/json",
            FileFormat::Ndjson => "application/x-ndjson",
        }
    }

    /// What stands before the first row.
    fn head(self) -> ApiResult<Vec<u8>> {
        match self {
            FileFormat::Csv => records(std::iter::once(COLUMNS.iter().map(|column| column.name))),
            FileFormat::Json => Ok(b"[".to_vec()),
            FileFormat::Ndjson => Ok(Vec::new()),
        }
    }

    /// Rows; `first` where none were before.
    fn rows(self, rows: &[LogRow], mut first: bool) -> ApiResult<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            FileFormat::Csv => {
                return records(rows.iter().map(|row| COLUMNS.iter().map(|column| (column.of)(row).into_csv())));
            }
            FileFormat::Json => {
                for row in rows {
                    out.extend_from_slice(if std::mem::take(&mut first) { b"\n" } else { b",\n" });
                    serde_json::to_writer(&mut out, row).map_err(ApiError::internal)?;
                }
            }
            FileFormat::Ndjson => {
                for row in rows {
                    serde_json::to_writer(&mut out, row).map_err(ApiError::internal)?;
                    out.push(b'\n');
                }
            }
        }
        Ok(out)
    }

    /// What stands after the last row.
    fn tail(self) -> &'static [u8] {
        if self == FileFormat::Json { b"\n]\n" } else { b"" }
    }
}

fn records<C: AsRef<str>>(lines: impl Iterator<Item = impl Iterator<Item = C>>) -> ApiResult<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        for cell in line {
            writer.write_field(cell.as_ref()).map_err(ApiError::internal)?;
        }
        writer.write_record(None::<&[u8]>).map_err(ApiError::internal)?;
    }
    writer.into_inner().map_err(ApiError::internal)
}

/// Hands out the newest rows of a question, newest first, at most `most_rows`.
///
/// # Errors
/// When nothing could be counted or recorded; what fails later breaks the answer off.
pub async fn export(
    state: AppState,
    reader: Reader,
    actor: Actor,
    question: LogQuestion,
    format: FileFormat,
    most_rows: u64,
) -> ApiResult<Response> {
    let (counted, lens) = (question.filter.clone(), reader.lens);
    let total = state.ask(Lane::Scans, move |store| store.count(&counted, &lens)).await?;
    let details = json!({ "filter": question.on_record, "max_rows": most_rows, "total": total });
    let intent = state
        .work(Lane::Pages, move |state| Ok(state.control.intent(&actor, ACTION, format.ending(), Some(details))?))
        .await?;
    let name = format!("tidegate-{}.{}", state.clock.now().to_sql().replace([' ', ':'], "-"), format.ending());
    let file = File {
        record: Record { state: state.clone(), intent: Some(intent), rows: 0 },
        state,
        reader,
        filter: question.filter,
        format,
        left: most_rows,
        place: Next::Head,
    };
    let body = Body::from_stream(stream::try_unfold(file, File::piece));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.mime()));
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    headers.insert(CONTENT_DISPOSITION, disposition.map_err(ApiError::internal)?);
    headers.insert(HeaderName::from_static("x-total-count"), HeaderValue::from(total));
    let truncated = if total > most_rows { "true" } else { "false" };
    headers.insert(HeaderName::from_static("x-truncated"), HeaderValue::from_static(truncated));
    Ok(response)
}

/// A file on its way out.
struct File {
    state: AppState,
    reader: Reader,
    filter: EventFilter,
    format: FileFormat,
    left: u64,
    place: Next,
    record: Record,
}

/// What comes next.
enum Next {
    Head,
    Rows(Option<Place>),
    Tail,
    Nothing,
}

impl File {
    /// The next piece of the file; `None` after the last, which is on record then.
    async fn piece(mut self) -> ApiResult<Option<(Bytes, File)>> {
        match self.next().await {
            Ok(Some(bytes)) => Ok(Some((Bytes::from(bytes), self))),
            Ok(None) => {
                self.record.close(None).await?;
                Ok(None)
            }
            Err(failure) => {
                if let Some(cause) = failure.cause() {
                    tracing::error!(cause, "an export broke off");
                }
                self.record.close(Some(failure.kind().1)).await?;
                Err(failure)
            }
        }
    }

    async fn next(&mut self) -> ApiResult<Option<Vec<u8>>> {
        match std::mem::replace(&mut self.place, Next::Nothing) {
            Next::Head => {
                self.place = Next::Rows(None);
                self.format.head().map(Some)
            }
            Next::Rows(after) => self.rows(after).await.map(Some),
            Next::Tail => Ok(Some(self.format.tail().to_vec())),
            Next::Nothing => Ok(None),
        }
    }

    async fn rows(&mut self, after: Option<Place>) -> ApiResult<Vec<u8>> {
        if self.reader.fallen(&self.state).await?.is_some() {
            return Err(ApiError::Forbidden("what the export may show has changed".to_owned()));
        }
        let limit = usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE_ROWS);
        let filter = self.filter.clone();
        let query = PageQuery { filter, sort: Sort::Time, order: Order::Descending, after, offset: 0, limit };
        let (format, first, lens) = (self.format, self.record.rows == 0, self.reader.lens);
        let (bytes, rows, next) = self
            .state
            .work(Lane::Scans, move |state| {
                let Page { rows, next } = state.store.page(&query, &lens)?;
                let settings = RowSettings::of(&state.control.settings(), &lens);
                let rows: Vec<LogRow> =
                    rows.iter().map(|event| LogRow::of(EventView::of(event, &lens), &settings)).collect();
                Ok((format.rows(&rows, first)?, rows.len() as u64, next))
            })
            .await?;
        self.record.rows += rows;
        self.left = self.left.saturating_sub(rows);
        self.place = match next {
            Some(place) if self.left > 0 => Next::Rows(Some(place)),
            _ => Next::Tail,
        };
        Ok(bytes)
    }
}

/// An export in the audit log. One that is dropped before its end was broken off by the client.
struct Record {
    state: AppState,
    intent: Option<AuditId>,
    rows: u64,
}

impl Record {
    /// Records the end, and why it failed where it did.
    async fn close(&mut self, failed: Option<&'static str>) -> ApiResult<()> {
        let Some(intent) = self.intent.take() else { return Ok(()) };
        let rows = self.rows;
        self.state.work(Lane::Pages, move |state| end(state, intent, rows, failed)).await
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let Some(intent) = self.intent.take() else { return };
        let (state, rows) = (self.state.clone(), self.rows);
        let record = move || {
            if let Err(failure) = end(&state, intent, rows, Some("the client went away")) {
                tracing::error!(cause = failure.cause(), "the end of an export was not recorded; its intent stays open");
            }
        };
        // Not on a thread that others wait for; without any runtime nobody waits.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(record)),
            Err(_) => record(),
        }
    }
}

fn end(state: &AppState, intent: AuditId, rows: u64, failed: Option<&str>) -> ApiResult<()> {
    match failed {
        None => state.control.complete(intent, Some(json!({ "rows": rows })))?,
        Some(why) => state.control.fail(intent, &format!("{why}; {rows} rows were handed out"))?,
    }
    Ok(())
}
