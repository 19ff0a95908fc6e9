//! The dashboard, embedded: one page, whose script shows what its address names. The page needs a login like everything
//! else; only `/login`, which is the same page, and what it is made of are open. A browser that comes without
//! credentials is sent there, everything else gets its 401.
//!
//! `build/web.rs` says where the files come from. A binary built without them answers a page that says how to get them.

mod file;

use super::error::{ApiError, ApiResult};
use super::extract::{Authed, LogsRead};
use super::identity::is_navigation;
use super::state::AppState;
use axum::extract::Path;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};

/// What `npm run build` made.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/web.rs"));
}
use embedded::Files;

/// Who asks for the page.
type Visitor = Result<Authed<LogsRead>, ApiError>;

/// The page at `/` and at `/login`, and what it is made of; every other address of it is [`elsewhere`]'s.
pub fn routes() -> Vec<(String, MethodRouter<AppState>)> {
    [
        ("/", get(page)),
        ("/index.html", get(page)),
        ("/login", get(async |headers: HeaderMap| file::page::<Files>(&headers).await)),
        ("/icon.svg", get(async |headers: HeaderMap| file::open::<Files>("icon.svg", &headers).await)),
        // Of what the dashboard is made of.
        ("/licenses.txt", get(async |headers: HeaderMap| file::open::<Files>("licenses.txt", &headers).await)),
        (
            "/assets/{*name}",
            get(async |Path(name): Path<String>, headers: HeaderMap| {
                file::open::<Files>(&format!("assets/{name}"), &headers).await
            }),
        ),
    ]
    .map(|(path, handler)| (path.to_owned(), handler))
    .into()
}

/// What no route has. A browser on its way to an address of the dashboard gets the page; nothing else is there.
pub async fn elsewhere(method: Method, who: Visitor, uri: Uri, headers: HeaderMap) -> ApiResult<Response> {
    let reads = [Method::GET, Method::HEAD].contains(&method);
    if reads && is_navigation(&headers) && is_page(uri.path()) {
        return page(who, uri, headers).await;
    }
    Err(ApiError::NotFound("there is nothing here"))
}

/// Whether an address may be one of the dashboard's: what lies below these is the server's.
fn is_page(path: &str) -> bool {
    const SERVERS: [&str; 4] = ["/api", "/assets", "/archives/download", "/export"];
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !SERVERS.iter().any(|prefix| below(prefix))
}

async fn page(who: Visitor, uri: Uri, headers: HeaderMap) -> ApiResult<Response> {
    match who {
        Ok(_) => file::page::<Files>(&headers).await,
        Err(ApiError::Unauthenticated) if is_navigation(&headers) => Ok(to_login(&uri, "")),
        Err(ApiError::PasswordChangeRequired) if is_navigation(&headers) => Ok(to_login(&uri, "&change")),
        Err(failure) => Err(failure),
    }
}

/// Sends a browser to the login page, which brings it back; `what` it is to do there besides.
fn to_login(uri: &Uri, what: &str) -> Response {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/login?next={next}{what}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_addresses_are_not_the_dashboards() {
        for page in ["/logs", "/clients/10.0.0.1", "/domains/example.com", "/archives", "/apis", "/exports"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["/api", "/api/", "/api/nothing", "/assets/a.js", "/archives/download/x.tar", "/export/csv"] {
            assert!(!is_page(other), "{other}");
        }
    }
}
