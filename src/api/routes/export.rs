//! `/api/export/{csv,json,ndjson}`, and `/export/{csv,json}` for links: rows of the log as a file.

use crate::api::error::ApiResult;
use crate::api::export::{FileFormat, MOST_ROWS, export};
use crate::api::extract::{Authed, LogsExport, Narrowed};
use crate::api::log_question::LogQuestion;
use crate::api::params::{Asked, FILTERS, Kind, Known, MAX_INTEGER, Param, WINDOW, document};
use crate::api::responses::Failures;
use crate::api::rows::LogRow;
use crate::api::standing::Reader;
use crate::api::state::AppState;
use crate::model::Scope;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const MOST: &[Param] = &[Param::one(
    "max_rows",
    Kind::Integer { min: 1, max: MAX_INTEGER },
    "Rows at most, the newest; 10,000 unless given, more only for administrators",
)];
const KNOWN: Known = &[FILTERS, WINDOW, MOST];

/// The parameters of an export, for the OpenAPI document.
pub struct ExportParams;

impl IntoParams for ExportParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

async fn answer(auth: Authed<LogsExport>, state: AppState, uri: &Uri, format: FileFormat) -> ApiResult<Response> {
    let mut asked = Asked::of(uri, KNOWN);
    let most_rows = asked.integer("max_rows").map_or(MOST_ROWS, i64::unsigned_abs);
    if most_rows > MOST_ROWS && !auth.principal.scopes.has(Scope::Admin) {
        asked.faults.add("max_rows", format!("more than {MOST_ROWS} rows are for administrators"));
    }
    let mut question = LogQuestion::read(&mut asked, &state, &auth.lens);
    asked.finish()?;
    question.keep_to(&auth.principal)?;
    let actor = auth.actor();
    let reader = Reader::of(&state, auth).await?;
    export(state, reader, actor, question, format, most_rows).await
}

macro_rules! exports {
    ($($(#[$doc:meta])* $name:ident $id:literal $path:literal $format:ident $mime:literal $body:ty;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(
            get, path = $path, operation_id = $id, tag = "logs", params(ExportParams),
            responses(
                (
                    status = 200, description = "The rows, newest first", body = $body, content_type = $mime,
                    headers(
                        ("X-Total-Count" = u64, description = "How many rows match"),
                        ("X-Truncated" = bool, description = "Whether the file holds fewer"),
                    )
                ),
                Failures
            )
        )]
        pub async fn $name(
            Narrowed(auth): Narrowed<LogsExport>,
            State(state): State<AppState>,
            uri: Uri,
        ) -> ApiResult<Response> {
            answer(auth, state, &uri, FileFormat::$format).await
        }
    )*};
}

exports! {
    /// The rows that match as CSV (RFC 4180), with a header line.
    ///
    /// Texts that a spreadsheet would take for a formula have an apostrophe in front. Lists are separated by blanks.
    csv "export_csv" "/export/csv" Csv "text/csv" String;
    /// The rows that match as a JSON array.
    json "export_json" "/export/json" Json "application/json" Vec<LogRow>;
    /// The rows that match, a JSON object a line.
    ndjson "export_ndjson" "/export/ndjson" Ndjson "application/x-ndjson" LogRow;
    /// The rows that match as CSV, for links: the same as `/api/export/csv`.
    csv_link "export_csv_link" "/export/csv" Csv "text/csv" String;
    /// The rows that match as a JSON array, for links: the same as `/api/export/json`.
    json_link "export_json_link" "/export/json" Json "application/json" Vec<LogRow>;
}
