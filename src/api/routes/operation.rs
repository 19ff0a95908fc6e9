//! `POST /api/reload` and `/restart-server`: the configuration is read again, the process is started again.

use crate::api::envelope::{Changed, Message};
use crate::api::error::{ApiError, ApiResult, Faults};
use crate::api::extract::{Admin, Authed, NoParams};
use crate::api::operator::{ReloadError, Reloaded};
use crate::api::responses::Failures;
use crate::api::state::AppState;
use axum::extract::State;
use std::sync::Arc;

/// Reads config.toml again, and the rules and certificates it names, and puts them in force; no line is lost. Where
/// anything is wrong with them nothing is changed, and `errors` names file, line and mend.
#[utoipa::path(
    post, path = "/reload", operation_id = "reload", tag = "service",
    responses((status = 200, description = "In force", body = Changed<Reloaded>), Failures)
)]
pub async fn reload(auth: Authed<Admin>, State(state): State<AppState>, _: NoParams) -> ApiResult<Changed<Reloaded>> {
    let (operator, actor) = (Arc::clone(&state.operator), auth.actor());
    let reloaded = tokio::task::spawn_blocking(move || operator.reload(&actor)).await.map_err(ApiError::internal)?;
    Ok(Changed::new("Configuration reloaded", reloaded?))
}

/// Answers, then ends the process so that its supervisor starts it again. Whatever has come is stored first.
#[utoipa::path(
    post, path = "/restart-server", operation_id = "restart_server", tag = "service",
    responses(
        (status = 200, description = "It restarts", body = Message),
        (status = 409, description = "Nothing would start it again"),
        Failures
    )
)]
pub async fn restart(auth: Authed<Admin>, State(state): State<AppState>, _: NoParams) -> ApiResult<Message> {
    if !state.operator.is_supervised() {
        let text = "nothing would start Tidegate again: run it as a service of systemd, or set supervised = \"yes\" \
                    in [server] of config.toml where something else does";
        return Err(ApiError::Conflict(text.to_owned()));
    }
    let (control, actor) = (Arc::clone(&state.control), auth.actor());
    let recorded = tokio::task::spawn_blocking(move || {
        let intent = control.intent(&actor, "service.restart", "server", None)?;
        control.complete(intent, None)
    });
    recorded.await.map_err(ApiError::internal)??;
    state.operator.restart();
    Ok(Message::new("Restarting"))
}

impl From<ReloadError> for ApiError {
    fn from(failure: ReloadError) -> ApiError {
        match failure {
            ReloadError::Refused(problems) => {
                let mut faults = Faults::default();
                problems.into_iter().for_each(|(place, problem)| faults.add(&place, problem));
                ApiError::Invalid(faults)
            }
            ReloadError::Control(cause) => cause.into(),
        }
    }
}
