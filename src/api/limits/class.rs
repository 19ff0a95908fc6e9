//! Which limits a route has beside the burst bucket that every route has: one table of methods and paths, for routes
//! that are built and those to come.
//!
//! Not here: how much each limit lets through (`rules`).

use axum::http::Method;

/// A group of routes with a limit of its own, in requests a minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Lists that are dear to make.
    List,
    /// One thing with everything about it.
    Detail,
    /// What the rules cover.
    Coverage,
    /// What reads very many rows, or works for long.
    Expensive,
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 4;
}

/// What an API key may do only so often an hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quota {
    /// Handing in events.
    Ingest,
    /// Asking for lists and details.
    Query,
}

impl Quota {
    /// How many there are.
    pub const COUNT: usize = 2;
}

/// What a request counts against, beside the burst bucket.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Charge {
    /// The class of its route.
    pub class: Option<Class>,
    /// The quota of its route, for API keys.
    pub quota: Option<Quota>,
}

#[derive(Clone, Copy)]
enum Verb {
    Any,
    /// HEAD, too.
    Get,
    Post,
}

const LIST: Charge = Charge { class: Some(Class::List), quota: Some(Quota::Query) };
const DETAIL: Charge = Charge { class: Some(Class::Detail), quota: Some(Quota::Query) };
const COVERAGE: Charge = Charge { class: Some(Class::Coverage), quota: Some(Quota::Query) };
const EXPENSIVE: Charge = Charge { class: Some(Class::Expensive), quota: None };
const INGEST: Charge = Charge { class: None, quota: Some(Quota::Ingest) };

/// Below `/api` and `/api/v1`; the first that fits counts. `{id}` stands for a whole number or a UUID, `*` for one
/// segment, `**` for any number of them.
const ROUTES: [(Verb, &str, Charge); 22] = [
    (Verb::Get, "/**/coverage", COVERAGE),
    (Verb::Post, "/waf/test-rule", EXPENSIVE),
    (Verb::Post, "/waf/rescore", EXPENSIVE),
    (Verb::Post, "/rejects/reimport", EXPENSIVE),
    (Verb::Post, "/maintenance/*", EXPENSIVE),
    (Verb::Post, "/archives/run", EXPENSIVE),
    (Verb::Post, "/privacy/erase", EXPENSIVE),
    (Verb::Get, "/privacy/export", EXPENSIVE),
    (Verb::Post, "/ingest/**", INGEST),
    (Verb::Post, "/events", INGEST),
    (Verb::Any, "/events/{id}/**", DETAIL),
    (Verb::Any, "/alerts/{id}/**", DETAIL),
    (Verb::Any, "/sigma-rules/{id}/**", DETAIL),
    (Verb::Any, "/entities/search", LIST),
    (Verb::Get, "/entities/*/**", DETAIL),
    (Verb::Get, "/events/**", LIST),
    (Verb::Any, "/alerts/**", LIST),
    (Verb::Any, "/sigma-rules/**", LIST),
    (Verb::Get, "/config", LIST),
    (Verb::Post, "/events/search", LIST),
    (Verb::Post, "/search", LIST),
    (Verb::Get, "/search", LIST),
];

/// Whether requests for a path are counted at all: a supervisor must always be answered.
pub fn is_limited(path: &str) -> bool {
    !matches!(path, "/livez" | "/readyz")
}

/// What a request counts against beside the burst bucket.
pub fn charge(method: &Method, path: &str) -> Charge {
    let Some(rest) = below_api(path) else { return Charge::default() };
    // One letter tells most patterns apart.
    let initial = rest.as_bytes().get(1);
    let near = |pattern: &str| pattern.as_bytes().get(1) == initial || pattern.starts_with("/**");
    let fits = |(verb, pattern, _): &&(Verb, &str, Charge)| near(pattern) && verb.fits(method) && fits(pattern, rest);
    ROUTES.iter().find(fits).map_or_else(Charge::default, |(_, _, charge)| *charge)
}

impl Verb {
    fn fits(self, method: &Method) -> bool {
        match self {
            Verb::Any => true,
            Verb::Get => method == Method::GET || method == Method::HEAD,
            Verb::Post => method == Method::POST,
        }
    }
}

/// The path below `/api` or `/api/v1`.
fn below_api(path: &str) -> Option<&str> {
    let below = |path: &'_ str| path.is_empty() || path.starts_with('/');
    let rest = path.strip_prefix("/api").filter(|rest| below(rest))?;
    Some(rest.strip_prefix("/v1").filter(|rest| below(rest)).unwrap_or(rest))
}

/// Whether a path, empty or beginning with a slash, fits a pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let Some((wanted, wanted_rest)) = first(pattern) else { return path.is_empty() };
    if wanted == "**" {
        return fits(wanted_rest, path) || first(path).is_some_and(|(_, rest)| fits(pattern, rest));
    }
    let Some((found, rest)) = first(path) else { return false };
    let alike = match wanted {
        "*" => !found.is_empty(),
        "{id}" => is_id(found),
        _ => wanted == found,
    };
    alike && fits(wanted_rest, rest)
}

/// The first segment, and what comes after it.
fn first(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('/')?;
    Some(path.split_at(path.find('/').unwrap_or(path.len())))
}

/// Whether a segment is a whole number or a UUID (RFC 9562).
fn is_id(segment: &str) -> bool {
    let number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let uuid = || {
        segment.len() == 36
            && segment.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    number || uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_have_the_contracts_limits() {
        const NONE: Charge = Charge { class: None, quota: None };
        for (request, want) in [
            ("GET /", NONE),
            ("GET /health", NONE),
            ("GET /metrics", NONE),
            ("GET /api/livez", NONE),
            ("GET /api/logs", NONE),
            ("GET /api/logs/5", NONE),
            ("GET /api/logs/stats", NONE),
            ("GET /api/v1/dashboard/summary", NONE),
            ("GET /api/events", LIST),
            ("HEAD /api/v1/events", LIST),
            ("GET /api/events/recent", LIST),
            ("GET /api/events/12", DETAIL),
            ("GET /api/events/12/related", DETAIL),
            ("POST /api/events", INGEST),
            ("POST /api/ingest", INGEST),
            ("POST /api/ingest/syslog", INGEST),
            ("GET /api/alerts", LIST),
            ("POST /api/alerts/7/close", DETAIL),
            ("GET /api/v1/alerts/550e8400-e29b-41d4-a716-446655440000", DETAIL),
            ("GET /api/alerts/550e8400xe29b-41d4-a716-446655440000", LIST),
            ("POST /api/entities/search", LIST),
            ("GET /api/entities/search", LIST),
            ("GET /api/entities/ip/10.0.0.1", DETAIL),
            ("GET /api/sigma-rules", LIST),
            ("GET /api/sigma-rules/9", DETAIL),
            ("GET /api/sigma-rules/coverage", COVERAGE),
            ("GET /api/coverage", COVERAGE),
            ("GET /api/config", LIST),
            ("PUT /api/config", NONE),
            ("POST /api/waf/test-rule", EXPENSIVE),
            ("POST /api/v1/waf/rescore", EXPENSIVE),
            ("POST /api/waf/score", NONE),
            ("POST /api/maintenance/vacuum", EXPENSIVE),
            ("GET /apis/events", NONE),
            ("GET /api/v1x/events", NONE),
            ("GET /api/eventsx", NONE),
            ("GET /api", NONE),
        ] {
            let (method, path) = request.split_once(' ').unwrap();
            assert_eq!(charge(&method.parse().unwrap(), path), want, "{request}");
        }
    }
}
