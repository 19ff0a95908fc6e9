//! `/api/archives`: the archives of this installation, and `/archives/download/{name}`, the files themselves.

use crate::api::audited::audited;
use crate::api::envelope::{Message, Success};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed, LogsExport};
use crate::api::fields::Fields;
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::routes::jobs::{Started, started};
use crate::api::state::AppState;
use crate::archive::{Archive, Folder, Listed, Manifest, Masking};
use crate::jobs::Wanted;
use crate::model::{ClientLevel, Lens, UrlLevel, UserLevel};
use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// Bytes of a file read at a time.
const PIECE_BYTES: u64 = 512 * 1024;

const UNKNOWN: ApiError = ApiError::NotFound("there is no archive of that name");

/// An archive.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArchiveRow {
    /// Its name.
    #[schema(example = "tidegate-20260101T000000Z-1a2b3c4d.tar")]
    pub name: String,
    /// The size of its file.
    pub bytes: u64,
    /// Where the file is to be had.
    pub download: String,
    /// Why it can't be read; everything below is null then.
    pub error: Option<String>,
    /// When it was written, RFC 3339.
    pub created: Option<String>,
    /// How many rows it holds.
    pub rows: Option<u64>,
    /// The time of its oldest row, RFC 3339.
    pub first_event: Option<String>,
    /// The time of its newest row, RFC 3339.
    pub last_event: Option<String>,
    /// What is masked in it: `none`, `pseudonyms` or `mask`.
    #[schema(example = "none")]
    pub masking: Option<String>,
    /// Rows of persons that were erased from it.
    pub erased_rows: Option<u64>,
    /// Rows that lay in damaged blocks and are not in it.
    pub unreadable_rows: Option<u64>,
}

impl ArchiveRow {
    fn of(listed: Listed) -> ArchiveRow {
        let download = format!("/archives/download/{}", listed.name);
        let (manifest, error) = match listed.manifest {
            Ok(manifest) => (Some(manifest), None),
            // Where it is on the server's disk is not said.
            Err(_) => (None, Some("it can't be read; `tidegate archive list` says why".to_owned())),
        };
        let number = |of: fn(&Manifest) -> u64| manifest.as_ref().map(of);
        let text = |of: fn(&Manifest) -> &String| manifest.as_ref().map(|manifest| of(manifest).clone());
        ArchiveRow {
            download,
            error,
            created: text(|manifest| &manifest.created),
            rows: number(|manifest| manifest.rows),
            first_event: text(|manifest| &manifest.first_event),
            last_event: text(|manifest| &manifest.last_event),
            masking: text(|manifest| &manifest.masking.applied),
            erased_rows: number(|manifest| manifest.erased_rows),
            unreadable_rows: number(|manifest| manifest.unreadable_rows),
            name: listed.name,
            bytes: listed.bytes,
        }
    }
}

/// The archives, oldest first.
#[utoipa::path(
    get, path = "/archives", operation_id = "archives_list", tag = "archives",
    responses((status = 200, description = "The archives", body = Success<Vec<ArchiveRow>>), Failures)
)]
pub async fn list(
    _: Authed<LogsExport>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Success<Vec<ArchiveRow>>> {
    Asked::of(&uri, &[]).finish()?;
    let listed = state.work(Lane::Pages, |state| Ok(state.archives().list()?)).await?;
    Ok(Success::new(listed.into_iter().map(ArchiveRow::of).collect()))
}

/// An archive's file. While masking is on, archives that show more of a person than the caller may see need the scope
/// `pii:read`. On record before the first byte.
#[utoipa::path(
    get, path = "/archives/download/{name}", operation_id = "archives_download", tag = "archives",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/x-tar"),
        (status = 409, description = "The file is damaged", body = crate::api::error::Failure<'static>),
        Failures
    )
)]
pub async fn download(
    auth: Authed<LogsExport>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Response> {
    Asked::of(&uri, &[]).finish()?;
    let Path(name) = name.map_err(|_| UNKNOWN)?;
    let (actor, lens) = (auth.actor(), auth.lens);
    let archive = state.work(Lane::Pages, move |state| {
        let archive = state.archives().open(&name)?;
        if !may_see(&lens, &archive.manifest) {
            let masking = &archive.manifest.masking.applied;
            let text =
                format!("masking is on and this archive was written with masking '{masking}': it needs pii:read");
            return Err(ApiError::Forbidden(text));
        }
        let details = json!({ "rows": archive.manifest.rows, "masking": archive.manifest.masking.applied });
        audited(state, &actor, "archives.download", &archive.name(), details, || {
            Ok((json!({ "bytes": archive.bytes() }), ()))
        })?;
        Ok(archive)
    });
    let archive = Arc::new(archive.await?);
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (CONTENT_LENGTH, archive.bytes().to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", archive.name())),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let pieces = stream::try_unfold((state, archive, 0), |(state, archive, at)| async move {
        let length = PIECE_BYTES.min(archive.bytes().saturating_sub(at));
        if length == 0 {
            return Ok::<_, ApiError>(None);
        }
        let of: Arc<Archive> = Arc::clone(&archive);
        let piece = state.work(Lane::Pages, move |_| Ok(of.piece(at, length)?)).await?;
        Ok(Some((Bytes::from(piece), (state, archive, at + length))))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Writes the events older than `log_retention_days` that are in no archive yet into one, as a job.
#[utoipa::path(
    post, path = "/archives/run", operation_id = "archives_run", tag = "archives",
    responses(
        (status = 202, description = "Begun", body = Success<Started>, headers(("Location" = String, description = "The run"))),
        (status = 409, description = "It runs already", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn run(auth: Authed<Admin>, State(state): State<AppState>, fields: Fields) -> ApiResult<Response> {
    fields.finish()?;
    let actor = auth.actor();
    let run = state.work(Lane::Pages, move |state| state.start_job("archive", Wanted::By(actor))).await?;
    Ok(started(run.id))
}

/// Whether an archive shows no more of a person than a lens does.
fn may_see(lens: &Lens, manifest: &Manifest) -> bool {
    let shows_pseudonyms = matches!(lens.client, ClientLevel::Pseudonym(_))
        && matches!(lens.user, UserLevel::Pseudonym(_))
        && lens.url != UrlLevel::Mask;
    match manifest.masking.applied.as_str() {
        _ if lens.is_plain() => true,
        word if word == Masking::NONE.name => false,
        "pseudonyms" => shows_pseudonyms,
        "mask" => true,
        _ => false,
    }
}

/// Removes an archive: the rows in it are gone, unless the store or a copy of the file has them.
#[utoipa::path(
    delete, path = "/archives/{name}", operation_id = "archives_delete", tag = "archives",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Removed", body = Message), Failures)
)]
pub async fn delete(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> ApiResult<Message> {
    Asked::of(&uri, &[]).finish()?;
    let Path(name) = name.map_err(|_| UNKNOWN)?;
    let actor = auth.actor();
    let removed = state.work(Lane::Pages, move |state| {
        let folder = state.archives();
        folder.path_of(&name)?;
        let rows = folder.open(&name).ok().map(|archive| archive.manifest.rows);
        audited(state, &actor, "archives.delete", &name, json!({ "rows": rows }), || {
            folder.remove(&name)?;
            Ok((json!({ "removed": true }), ()))
        })
    });
    removed.await?;
    Ok(Message::new("Archive deleted"))
}

impl AppState {
    /// The archives of this installation.
    pub(in crate::api) fn archives(&self) -> Folder {
        Folder::of(self.data_dir())
    }
}
