//! `/api/analytics`: what is used, with what, and which domains are worth a look.

pub mod domain_risk;
pub mod file_extensions;
pub mod shadow_it;
pub mod top_domains;
pub mod user_agents;

use crate::api::params::{Known, LIMIT, WINDOW, document};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

const KNOWN: Known = &[WINDOW, LIMIT];

/// The parameters of an analysis, for the OpenAPI document.
pub struct AnalyticsParams;

impl IntoParams for AnalyticsParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}
