//! `GET /api/analytics/user-agents`: methods, kinds of service, and programs.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::params::Extent;
use crate::api::responses::Failures;
use crate::api::statistic::{WindowParams, Windowed};
use crate::model::{Dimension, EventFilter, GroupEntry};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// With what, and for what, clients ask.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserAgents {
    /// Requests by method.
    pub methods: Vec<NameCount>,
    /// Requests by kind of service: what there is to tell where the log has no user agent.
    pub service_types: Vec<NameCount>,
    /// Requests by program.
    pub agents: Vec<AgentCount>,
}

/// Requests of something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NameCount {
    /// Its name.
    pub name: String,
    /// Requests.
    pub count: u64,
}

/// Requests of a program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgentCount {
    /// Its family; `-` where the log names none, or none that is known.
    #[schema(example = "Firefox")]
    pub family: String,
    /// `browser`, `library`, `cli_tool`, `updater`, `bot`, `scanner` or `unknown`.
    #[schema(example = "browser")]
    pub class: String,
    /// Requests.
    pub count: u64,
    /// Clients that used it.
    pub clients: u64,
}

impl NameCount {
    fn of(entry: GroupEntry) -> NameCount {
        NameCount { name: entry.name, count: entry.measure.outcomes.total() }
    }
}

/// Methods, kinds of service and programs with most requests.
#[utoipa::path(
    get, path = "/analytics/user-agents", operation_id = "analytics_user_agents", tag = "statistics", params(WindowParams),
    responses(
        (status = 200, description = "Methods, kinds of service and programs, most requests first", body = Success<UserAgents>),
        (status = 304, description = "As the client has it already"),
        Failures
    )
)]
pub async fn user_agents(asked: Windowed) -> ApiResult<Response> {
    asked
        .answer("user-agents", |statistic, Extent { range, limit }| {
            let filter = EventFilter::within(range);
            let counts = |by| -> ApiResult<Vec<NameCount>> {
                Ok(statistic.top(by, &filter, limit, false)?.into_iter().map(NameCount::of).collect())
            };
            let agents = statistic.top(Dimension::Agent, &filter, limit, true)?.into_iter().map(|entry| {
                let (family, class) = entry.name.split_once('\n').unwrap_or((&entry.name, "unknown"));
                AgentCount {
                    family: statistic.family(family),
                    class: class.to_owned(),
                    count: entry.measure.outcomes.total(),
                    clients: entry.clients,
                }
            });
            Ok(UserAgents {
                methods: counts(Dimension::Method)?,
                service_types: counts(Dimension::ServiceType)?,
                agents: agents.collect(),
            })
        })
        .await
}
