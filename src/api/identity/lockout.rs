//! Peers locked out after failed logins, among all who are turned away.

use crate::api::limits::{Blocked, BlockedPeer};
use crate::auth::{Authenticator, LockoutKey};
use std::net::IpAddr;

impl Blocked for Authenticator {
    fn list(&self) -> Vec<BlockedPeer> {
        let entries = self.lockout().list().into_iter();
        let peers = entries.filter_map(|entry| match entry.key {
            LockoutKey::Peer(address) => Some(BlockedPeer {
                address,
                attempts: entry.attempts as u64,
                blocked: entry.blocked,
                expires_at: entry.expires_at,
            }),
            LockoutKey::Account(_) => None,
        });
        peers.collect()
    }

    fn clear(&self, address: IpAddr) -> bool {
        self.lockout().clear(&LockoutKey::peer(address))
    }
}
