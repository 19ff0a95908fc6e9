//! Rate limits: how many requests a caller may make, and what every answer says about that. The headers are those of
//! draft-ietf-httpapi-ratelimit-headers-03 (`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` in seconds) and
//! RFC 9110 §10.2.3 (`Retry-After`).
//!
//! Not here: failed logins (`auth`), connections and bodies (`serve`).

mod blocked;
mod bucket;
mod class;
mod limiter;
mod rules;
mod who;

pub use blocked::{Blocked, BlockedPeer};
pub use class::is_limited;
pub use limiter::Limiter;

use super::error::{ApiError, ApiResult};
use super::extract::Peer;
use super::state::AppState;
use crate::model::Principal;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bucket::Standing;
use std::sync::{Arc, OnceLock};
use who::Who;

/// The names of the headers that say how a limit stands.
pub const HEADERS: [HeaderName; 3] = [
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("ratelimit-reset"),
];

/// Carries how the tightest limit stands from where a request is counted to the frame, which writes it on whatever is
/// answered.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<OnceLock<Standing>>);

impl Tally {
    /// Writes the headers, where the request was counted.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Some(standing) = self.0.get() else { return };
        let values = [standing.limit, standing.remaining, whole_seconds(standing.reset_ms)];
        for (name, value) in HEADERS.into_iter().zip(values) {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

/// Counts a request of a principal, else of its peer.
///
/// # Errors
/// [`ApiError::RateLimited`] when a limit is reached.
pub fn admit(state: &AppState, request: &Request, principal: Option<&Principal>) -> ApiResult<()> {
    let path = request.uri().path();
    if !is_limited(path) {
        return Ok(());
    }
    let Some(rules) = state.limiter.rules(&state.control.settings()) else { return Ok(()) };
    let charge = class::charge(request.method(), path);
    let address = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let counted = state.limiter.take(&rules, Who::of(principal, address), address, charge);
    let standing = match counted {
        Ok(standing) => standing,
        Err(refusal) => refusal.standing,
    };
    if let Some(Tally(slot)) = request.extensions().get::<Tally>() {
        // A request is counted once.
        let _ = slot.set(standing);
    }
    counted.map(drop).map_err(|refusal| ApiError::RateLimited {
        retry_after_s: whole_seconds(refusal.wait_ms).unsigned_abs().max(1),
    })
}

/// Rounded up, so that who waits that long has waited long enough.
fn whole_seconds(ms: i64) -> i64 {
    ms.max(0) / 1000 + i64::from(ms.max(0) % 1000 > 0)
}
