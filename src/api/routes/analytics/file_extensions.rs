//! `GET /api/analytics/file-extensions`: what kinds of file were asked for, by the path, never by host or query.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{WindowParams, Windowed};
use crate::model::{Dimension, EventFilter};
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
    get, path = "/analytics/file-extensions", operation_id = "analytics_file_extensions", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Extensions and categories, most requests first", body = Success<FileTypes>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn file_extensions(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("file-extensions", |statistic, Extent { range, limit }| {
            let filter = EventFilter::within(range);
            let extensions = statistic.top(Dimension::Extension, &filter, limit, false)?.into_iter();
            let categories = statistic.top(Dimension::FileCategory, &filter, limit, false)?.into_iter();
            Ok(FileTypes {
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
            })
        })
        .await
}
