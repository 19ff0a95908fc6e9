//! All routes on one page. `/api/v1/*` is the same router as `/api/*`.

use super::assets;
use super::cors::{self, Methods};
use super::error::ApiError;
use super::extract::gate;
use super::frame::frame;
use super::peer::find_peer;
use super::routes::maintenance;
use super::routes::openapi::Document;
use super::routes::{analytics, charts, clients, dashboard, domains, server_stats, services, status, traffic};
use super::routes::{api_keys, auth, session, totp, users};
use super::routes::{archives, export, findings, jobs, live, waf};
use super::routes::{audit, clear, health, logs, metrics, openapi, privacy, rejects, retention, security, statistics};
use super::routes::{config, lists, reimport, score, settings, sources, tls};
use super::routes::{license, operation, version};
use super::state::AppState;
use axum::{Extension, Router, middleware};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What needs no credentials below `/api`.
pub(super) const OPEN: &[&str] = &["/health", "/openapi.json", "/auth/login", "/auth/refresh"];

/// Below `/api` and `/api/v1`.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::empty())
        .routes(routes!(logs::list))
        .routes(routes!(live::live))
        .routes(routes!(export::csv))
        .routes(routes!(export::json))
        .routes(routes!(export::ndjson))
        .routes(routes!(statistics::stats))
        .routes(routes!(statistics::timeline))
        .routes(routes!(dashboard::summary))
        .routes(routes!(traffic::statistics))
        .routes(routes!(clients::statistics::statistics))
        .routes(routes!(clients::details::details))
        .routes(routes!(domains::statistics::statistics))
        .routes(routes!(domains::details::details))
        .routes(routes!(analytics::shadow_it::shadow_it))
        .routes(routes!(analytics::user_agents::user_agents))
        .routes(routes!(analytics::file_extensions::file_extensions))
        .routes(routes!(analytics::top_domains::top_domains))
        .routes(routes!(analytics::domain_risk::domain_risk))
        .routes(routes!(services::set))
        .routes(routes!(findings::list))
        .routes(routes!(findings::detectors))
        .routes(routes!(findings::detail, findings::set))
        .routes(routes!(waf::stats::stats))
        .routes(routes!(waf::timeline::timeline))
        .routes(routes!(waf::categories::list))
        .routes(routes!(waf::categories::toggle))
        .routes(routes!(waf::rules::list))
        .routes(routes!(waf::rules::detail))
        .routes(routes!(waf::score::score))
        .routes(routes!(waf::test_rule::test))
        .routes(routes!(waf::rescore::rescore_all))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::runs))
        .routes(routes!(jobs::detail))
        .routes(routes!(jobs::run))
        .routes(routes!(maintenance::vacuum))
        .routes(routes!(maintenance::analyze))
        .routes(routes!(maintenance::rebuild_stats))
        .routes(routes!(archives::list))
        .routes(routes!(archives::run))
        .routes(routes!(archives::delete))
        .routes(routes!(server_stats::stats))
        .routes(routes!(status::status))
        .routes(routes!(charts::volume))
        .routes(routes!(charts::top_hosts))
        .routes(routes!(charts::severities))
        .routes(routes!(clear::clear))
        .routes(routes!(clear::clear_old))
        .routes(routes!(logs::detail))
        .routes(routes!(retention::preview))
        .routes(routes!(audit::list))
        .routes(routes!(auth::login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::change_password))
        .routes(routes!(auth::me))
        .routes(routes!(totp::enrol, totp::remove))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::detail, users::update, users::delete))
        .routes(routes!(users::reset_password))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::delete))
        .routes(routes!(api_keys::access_secret))
        .routes(routes!(settings::list, settings::set_several))
        .routes(routes!(settings::set, settings::set_section, settings::reset))
        .routes(routes!(config::effective))
        .routes(routes!(lists::all))
        .routes(routes!(lists::entries))
        .routes(routes!(lists::import))
        .routes(routes!(audit::verify))
        .routes(routes!(security::list))
        .routes(routes!(security::clear))
        .routes(routes!(score::score))
        .routes(routes!(tls::state, tls::put))
        .routes(routes!(tls::delete))
        .routes(routes!(tls::generate))
        .routes(routes!(privacy::reveal::reveal))
        .routes(routes!(privacy::reveal::approve))
        .routes(routes!(privacy::reveal::list))
        .routes(routes!(privacy::subject::erase))
        .routes(routes!(privacy::subject::export))
        .routes(routes!(rejects::list))
        .routes(routes!(sources::list))
        .routes(routes!(reimport::reimport))
        .routes(routes!(health::below_api))
        .routes(routes!(version::version))
        .routes(routes!(version::check))
        .routes(routes!(license::status))
        .routes(routes!(operation::reload))
        .routes(routes!(openapi::document))
}

/// Beside `/api`.
fn service() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::empty())
        .routes(routes!(health::health))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::metrics))
        .routes(routes!(operation::restart))
        .routes(routes!(session::login))
        .routes(routes!(session::logout))
        .routes(routes!(archives::download))
        .routes(routes!(export::csv_link))
        .routes(routes!(export::json_link))
}

fn both() -> (Router<AppState>, OpenApi) {
    service().nest("/api", api()).split_for_parts()
}

/// The OpenAPI document of every route but the dashboard's files.
pub fn document() -> OpenApi {
    both().1
}

/// The service: every route, behind the gate, inside the frame; who asks is found out before, who may read the answer
/// is said after.
pub fn router(state: AppState) -> Router {
    let (routes, document) = both();
    let (again, _) = api().split_for_parts();
    let methods = Methods::layer(&document);
    // A document made of texts and numbers always serialises.
    let document = Document(Arc::from(document.to_json().unwrap_or_default()));
    assets::routes()
        .into_iter()
        .fold(routes.nest("/api/v1", again), |router, (path, handler)| router.route(&path, handler))
        .fallback(assets::elsewhere)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(Extension(document))
        .layer(middleware::from_fn_with_state(state.clone(), gate))
        .layer(methods)
        .layer(middleware::from_fn_with_state(state.clone(), frame))
        .layer(middleware::from_fn_with_state(state.clone(), find_peer))
        .layer(middleware::from_fn_with_state(state.clone(), cors::share))
        .with_state(state)
}
