//! `GET /api/analytics/file-extensions`: what kinds of file were asked for, by the path, never by host or query.

use super::{AnalyticsParams, KNOWN};
use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Authed, LogsRead};
use crate::api::params::{Asked, Extent};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::api::statistic::statistic;
use crate::model::{Dimension, EventFilter};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Kinds of file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileTypes {
    /// By extension; paths without one are left out.
    pub extensions: Vec<ExtensionCount>,
    /// By category: of the extension, else of the MIME type; what has neither is left out.
    pub categories: Vec<CategoryCount>,
}

/// Requests for an extension.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExtensionCount {
    /// The extension, with its dot.
    #[schema(example = ".js")]
    pub ext: String,
    /// Requests.
    pub count: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
}

/// Requests for a category of files.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CategoryCount {
    /// The category.
    #[schema(example = "script")]
    pub category: String,
    /// Requests.
    pub count: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
}

/// Extensions and categories of files with most requests.
#[utoipa::path(
    get, path = "/analytics/file-extensions", operation_id = "analytics_file_extensions", tag = "statistics", params(AnalyticsParams),
    responses(
        (status = 200, description = "Extensions and categories, most requests first", body = Success<FileTypes>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn file_extensions(
    auth: Authed<LogsRead>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let Extent { range, limit } = Extent::read(&mut asked, state.clock.now(), Extent::DEFAULT_MS);
    asked.finish()?;
    statistic((&auth, &state, &headers), &format!("file-extensions {range:?} {limit}"), move |statistic| {
        let filter = EventFilter::within(range);
        let extensions = statistic.top(Dimension::Extension, &filter, limit, false)?.into_iter();
        let categories = statistic.top(Dimension::FileCategory, &filter, limit, false)?.into_iter();
        Ok(Success::new(FileTypes {
            extensions: extensions
                .map(|entry| ExtensionCount {
                    ext: format!(".{}", statistic.name(&entry.name)),
                    count: entry.measure.outcomes.total(),
                    bytes: entry.measure.bytes,
                })
                .collect(),
            categories: categories
                .map(|entry| CategoryCount {
                    category: entry.name,
                    count: entry.measure.outcomes.total(),
                    bytes: entry.measure.bytes,
                })
                .collect(),
        }))
    })
    .await
}
