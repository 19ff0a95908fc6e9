//! What every request goes through on its way in and out: its number, a limit on headers and time, panics caught,
//! failures rendered in the one envelope, security headers, and counts of it all.

use super::error::ApiError;
use super::limits::Tally;
use super::peer::Secure;
use super::serve::Arrival;
use super::state::AppState;
use super::tls;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, WWW_AUTHENTICATE};
use axum::http::header::{STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt::Write;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Instant;

/// The largest request line and headers together.
pub const MAX_HEADER_BYTES: usize = 32 * 1024;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number: in its answer, in its errors, and in the log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RequestId(String);

impl RequestId {
    /// A new number, 96 random bits.
    pub fn random() -> RequestId {
        let mut bytes = [0_u8; 12];
        // Without randomness the number is not unique, which is no reason to refuse the request.
        let _ = getrandom::fill(&mut bytes);
        let mut text = String::with_capacity(24);
        for byte in bytes {
            // Writing to a string can't fail.
            let _ = write!(text, "{byte:02x}");
        }
        RequestId(text)
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The outermost layer.
pub async fn frame(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::random();
    let tally = Tally::default();
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(tally.clone());
    let method = method_label(request.method());
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let challenge_browser = browser_may_ask(request.headers());
    let secure = request.extensions().get().copied().unwrap_or_default();
    let arrival = request.extensions().get::<Arrival>().cloned().unwrap_or_default();

    let answer = if header_bytes(&request) > MAX_HEADER_BYTES {
        Ok(ApiError::HeadersTooLarge(MAX_HEADER_BYTES).into_response())
    } else if let Some(redirect) = tls::redirect(&state.tls, &request) {
        Ok(redirect)
    } else {
        match tokio::time::timeout(state.request_timeout, caught(next.run(request))).await {
            Ok(answer) => answer,
            Err(_) => Ok(ApiError::Timeout.into_response()),
        }
    };
    let mut response = answer.unwrap_or_else(|message| ApiError::internal(message).into_response());
    if arrival.is_late() {
        // Whatever the handler made of a body that broke off.
        response = ApiError::Timeout.into_response();
    }
    let mut response = rendered(response, &id, &route);
    sign(response.headers_mut(), &id, secure);
    tally.write(response.headers_mut());
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        challenge(response.headers_mut(), challenge_browser);
    }
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("tidegate_http_requests_total", &labels).increment(1);
    metrics::histogram!("tidegate_http_request_duration_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
    response
}

/// Failures in their envelope, whoever made them; the server's own are logged here and nowhere else.
fn rendered(mut response: Response, id: &RequestId, route: &str) -> Response {
    let status = response.status();
    let failure = match response.extensions_mut().remove::<ApiError>() {
        Some(failure) => failure,
        None if (status.is_client_error() || status.is_server_error()) && !is_deliberate(&response) => {
            ApiError::of_status(status)
        }
        None => return response,
    };
    if let Some(cause) = failure.cause() {
        tracing::error!(request_id = id.as_str(), route, cause, "a request failed");
    }
    failure.render(id.as_str(), response.headers_mut().remove(ALLOW))
}

/// A mark on answers whose status says that something is wrong but whose body is as it should be: health.
#[derive(Clone, Copy, Debug)]
pub struct Deliberate;

fn is_deliberate(response: &Response) -> bool {
    response.extensions().get::<Deliberate>().is_some()
}

/// Runs a future to its end; a panic in it is an error with the panic's message.
async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = Box::pin(future);
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(answer)) => Poll::Ready(Ok(answer)),
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            Poll::Ready(Err(format!("panic: {}", text.as_deref().unwrap_or("without a message"))))
        }
    })
    .await
}

fn header_bytes(request: &Request) -> usize {
    let line = request.uri().path().len() + request.uri().query().map_or(0, str::len);
    // Each header also costs a colon, a blank and a line end.
    line + request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>()
}

/// Methods as label values: a client's inventions don't become series.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Whether a 401 may make a browser open its own password box: not where a session cookie says that there is a login
/// page, and not for what a page fetches.
fn browser_may_ask(headers: &HeaderMap) -> bool {
    let fetched = headers.get("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    let session = headers
        .get_all("cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|cookies| cookies.split(';').any(|cookie| cookie.trim().split('=').next() == Some(SESSION_COOKIE)));
    !fetched && !session
}

/// The session cookie's name.
pub const SESSION_COOKIE: &str = "tidegate_session";

fn challenge(headers: &mut HeaderMap, browser_may_ask: bool) {
    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    if browser_may_ask {
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"tidegate\""));
    }
}

/// Puts a request's number and the security headers into its answer, but for what the answer says itself. Source: OWASP
/// Secure Headers Project.
pub(super) fn sign(headers: &mut HeaderMap, id: &RequestId, secure: Secure) {
    const DEFAULTS: [(HeaderName, &str); 10] = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
        (CACHE_CONTROL, "no-store"),
    ];
    /// What no page of this server ever asks a browser for.
    const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
                               geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                               picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), \
                               xr-spatial-tracking=()";
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(X_REQUEST_ID, value);
    }
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if secure.0 {
        // A year, as browsers and scanners ask for; this host alone, whose neighbours decide for themselves.
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        assert_eq!(caught(async { 1 }).await, Ok(1));
        let fall = async { panic!("over {}", "board") };
        assert_eq!(caught(fall).await, Err::<(), _>("panic: over board".to_owned()));
    }

    #[test]
    fn browsers_ask_only_on_navigation_without_a_session() {
        let ask = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            browser_may_ask(&headers)
        };
        assert!(ask(&[]));
        assert!(ask(&[("sec-fetch-mode", "navigate"), ("cookie", "theme=dark")]));
        assert!(!ask(&[("sec-fetch-mode", "cors")]));
        assert!(!ask(&[("cookie", "theme=dark; tidegate_session=x")]));
    }
}
