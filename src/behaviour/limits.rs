//! From where on something counts: the settings, in the units that detectors use.

use crate::control::settings::{
    AUTH_SPRAY_USERS, BEACON_MAX_JITTER_PCT, BEACON_MIN_CALLS, DENIED_BURST_REQUESTS, FAN_OUT_HOSTS, FINDINGS_DISABLED,
    NEW_DOMAIN_REQUESTS, NEW_SERVICE_REQUESTS, RARE_CLIENTS_PCT, Sanctions, Settings, TUNNEL_REQUESTS,
    UPLOAD_MEGABYTES, UPLOAD_MINUTES, VOLUME_OUT_FACTOR, VOLUME_OUT_MEGABYTES,
};
use std::sync::Arc;

/// From where on something counts.
#[derive(Clone, Debug)]
pub struct Limits {
    disabled: Arc<[String]>,
    pub(super) sanctions: Sanctions,
    pub(super) rare_clients_pct: u64,
    pub(super) beacon_min_calls: usize,
    pub(super) beacon_max_jitter_pct: f64,
    pub(super) fan_out_hosts: u64,
    pub(super) denied_burst_requests: u64,
    pub(super) auth_spray_users: u64,
    pub(super) upload_bytes: u64,
    pub(super) upload_minutes: u64,
    pub(super) volume_out_bytes: u64,
    pub(super) volume_out_factor: u64,
    pub(super) new_service_requests: u64,
    pub(super) new_domain_requests: u64,
    pub(super) tunnel_requests: u64,
}

impl Limits {
    /// By the settings of one instant.
    pub fn of(settings: &Settings) -> Limits {
        let whole = |setting| u64::try_from(settings.get(setting)).unwrap_or_default();
        Limits {
            disabled: settings.get(FINDINGS_DISABLED),
            sanctions: Sanctions::of(settings),
            rare_clients_pct: whole(RARE_CLIENTS_PCT),
            beacon_min_calls: whole(BEACON_MIN_CALLS) as usize,
            beacon_max_jitter_pct: whole(BEACON_MAX_JITTER_PCT) as f64,
            fan_out_hosts: whole(FAN_OUT_HOSTS),
            denied_burst_requests: whole(DENIED_BURST_REQUESTS),
            auth_spray_users: whole(AUTH_SPRAY_USERS),
            upload_bytes: whole(UPLOAD_MEGABYTES) * 1_000_000,
            upload_minutes: whole(UPLOAD_MINUTES),
            volume_out_bytes: whole(VOLUME_OUT_MEGABYTES) * 1_000_000,
            volume_out_factor: whole(VOLUME_OUT_FACTOR),
            new_service_requests: whole(NEW_SERVICE_REQUESTS),
            new_domain_requests: whole(NEW_DOMAIN_REQUESTS),
            tunnel_requests: whole(TUNNEL_REQUESTS),
        }
    }

    /// Whether a detector looks.
    pub fn wants(&self, detector: &str) -> bool {
        !self.disabled.iter().any(|disabled| disabled.eq_ignore_ascii_case(detector))
    }
}
