//! `/api/security/rate-limits`: who is turned away for a while, and letting them in again.

use crate::api::envelope::{Described, Message};
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::limits::BlockedPeer;
use crate::api::params::Asked;
use crate::api::responses::Failures;
use crate::api::state::AppState;
use crate::control::AuditEntry;
use crate::control::settings::{
    API_BURST_RATE, API_BURST_SIZE, API_COVERAGE_RATE_LIMIT, API_DETAIL_RATE_LIMIT, API_EXPENSIVE_RATE_LIMIT,
    API_INGEST_HOURLY_QUOTA, API_LIST_RATE_LIMIT, API_QUERY_HOURLY_QUOTA, API_RATE_LIMIT_ENABLED, Settings,
};
use crate::model::Lens;
use axum::extract::{Path, State};
use axum::http::Uri;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::IpAddr;
use utoipa::ToSchema;

/// Rows answered at most.
const MOST_ROWS: usize = 1000;

/// A peer that was turned away of late.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BlockedRow {
    /// Its address, as the reader may see it.
    #[schema(example = "192.0.2.7")]
    ip: String,
    /// How many of its requests were turned away.
    attempts: u64,
    /// Whether the next one would be, too.
    blocked: bool,
    /// When all is forgotten, RFC 3339.
    #[schema(example = "2026-01-01T12:00:03Z")]
    expires_at: String,
}

/// The limits in force.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LimitsMeta {
    /// Whether requests are limited.
    enabled: bool,
    /// Requests a second in the long run; ten times as many for sessions.
    burst_rate: i64,
    /// Requests at once; ten times as many for sessions.
    burst_size: i64,
    /// Requests a minute for lists.
    list_per_minute: i64,
    /// Requests a minute for details.
    detail_per_minute: i64,
    /// Requests a minute for coverage.
    coverage_per_minute: i64,
    /// Requests a minute for what is expensive.
    expensive_per_minute: i64,
    /// Requests to ingest an hour, for each API key.
    ingest_per_hour: i64,
    /// Queries an hour, for each API key.
    query_per_hour: i64,
    /// Callers whose requests are counted at present.
    tracked: usize,
    /// Peers turned away of late; `data` has the first 1,000 of them.
    listed: usize,
}

impl LimitsMeta {
    fn of(settings: &Settings, tracked: usize, listed: usize) -> LimitsMeta {
        LimitsMeta {
            enabled: settings.get(API_RATE_LIMIT_ENABLED),
            burst_rate: settings.get(API_BURST_RATE),
            burst_size: settings.get(API_BURST_SIZE),
            list_per_minute: settings.get(API_LIST_RATE_LIMIT),
            detail_per_minute: settings.get(API_DETAIL_RATE_LIMIT),
            coverage_per_minute: settings.get(API_COVERAGE_RATE_LIMIT),
            expensive_per_minute: settings.get(API_EXPENSIVE_RATE_LIMIT),
            ingest_per_hour: settings.get(API_INGEST_HOURLY_QUOTA),
            query_per_hour: settings.get(API_QUERY_HOURLY_QUOTA),
            tracked,
            listed,
        }
    }
}

/// Who was turned away of late, by rate limits and after failed logins; those who still are first.
#[utoipa::path(
    get, path = "/security/rate-limits", operation_id = "rate_limits_list", tag = "security",
    responses((status = 200, description = "The peers", body = Described<Vec<BlockedRow>, LimitsMeta>), Failures)
)]
pub async fn list(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
) -> ApiResult<Described<Vec<BlockedRow>, LimitsMeta>> {
    Asked::of(&uri, &[]).finish()?;
    let peers = blocked_peers(&state);
    let meta = LimitsMeta::of(&state.control.settings(), state.limiter.tracked(), peers.len());
    let mut peers: Vec<(String, BlockedPeer)> =
        peers.into_iter().map(|peer| (shown(&auth.lens, peer.address), peer)).collect();
    // By what is shown, so that the order says nothing about what is not.
    peers.sort_by(|(a, one), (b, other)| (other.blocked, other.expires_at, a).cmp(&(one.blocked, one.expires_at, b)));
    let rows = peers.into_iter().take(MOST_ROWS).map(|(ip, peer)| BlockedRow {
        ip,
        attempts: peer.attempts,
        blocked: peer.blocked,
        expires_at: peer.expires_at.to_rfc3339(),
    });
    Ok(Described::new(rows.collect(), meta))
}

/// Forgets what was counted of a peer, so that it is let in again.
#[utoipa::path(
    delete, path = "/security/rate-limits/{ip}", operation_id = "rate_limits_clear", tag = "security", params(("ip" = String, Path, description = "The address as the list shows it")),
    responses((status = 200, description = "Forgotten", body = Message), Failures)
)]
pub async fn clear(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    Path(ip): Path<String>,
    uri: Uri,
) -> ApiResult<Message> {
    Asked::of(&uri, &[]).finish()?;
    let wanted = ip.parse::<IpAddr>().map_or(ip, |address| address.to_canonical().to_string());
    let mut peers = blocked_peers(&state);
    peers.retain(|peer| shown(&auth.lens, peer.address) == wanted);
    if peers.is_empty() {
        return Err(ApiError::NotFound("no such peer was turned away of late"));
    }
    let attempts: u64 = peers.iter().map(|peer| peer.attempts).sum();
    let entry = AuditEntry::new("rate_limits.clear", wanted).before(json!({ "attempts": attempts }));
    let actor = auth.actor();
    state
        .work(Lane::Pages, move |state| {
            state.control.record(&actor, &entry)?;
            for peer in peers {
                for blocked in state.blocked.iter() {
                    blocked.clear(peer.address);
                }
            }
            Ok(())
        })
        .await?;
    Ok(Message::new("The peer is let in again"))
}

/// Everybody turned away of late, each address once.
fn blocked_peers(state: &AppState) -> Vec<BlockedPeer> {
    let mut peers: BTreeMap<IpAddr, BlockedPeer> = BTreeMap::new();
    for peer in state.blocked.iter().flat_map(|blocked| blocked.list()) {
        let peer = BlockedPeer { address: peer.address.to_canonical(), ..peer };
        peers
            .entry(peer.address)
            .and_modify(|known| {
                known.attempts = known.attempts.saturating_add(peer.attempts);
                known.blocked |= peer.blocked;
                known.expires_at = known.expires_at.max(peer.expires_at);
            })
            .or_insert(peer);
    }
    peers.into_values().collect()
}

fn shown(lens: &Lens, address: IpAddr) -> String {
    lens.caller(address)
}
