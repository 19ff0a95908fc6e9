//! `GET /api/sources`: where lines come from, and how that goes.

use crate::api::envelope::Success;
use crate::api::extract::{LogsRead, Narrowed, NoParams};
use crate::api::responses::Failures;
use crate::api::sources::Source;
use crate::api::state::AppState;
use axum::extract::State;

/// Every source, by name; to a key restricted to some, those.
#[utoipa::path(
    get, path = "/sources", operation_id = "sources_list", tag = "service",
    responses((status = 200, description = "Every source", body = Success<Vec<Source>>), Failures)
)]
pub async fn list(auth: Narrowed<LogsRead>, State(state): State<AppState>, _: NoParams) -> Success<Vec<Source>> {
    let mut sources = state.health.ingest().sources;
    if let Some(known) = &auth.0.principal.sources {
        sources.retain(|source| known.iter().any(|name| name.eq_ignore_ascii_case(&source.name)));
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Success::new(sources)
}
