//! Who is turned away for a while, to look at and to let in again. The limiter is one that turns away.

use crate::model::Timestamp;
use std::net::IpAddr;

/// A peer that was turned away of late.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockedPeer {
    /// Its address; that of its last request where it stands for a network or a principal.
    pub address: IpAddr,
    /// How many of its requests were turned away.
    pub attempts: u64,
    /// Whether the next one would be, too.
    pub blocked: bool,
    /// When all is forgotten.
    pub expires_at: Timestamp,
}

/// What turns peers away.
pub trait Blocked: Send + Sync {
    /// The peers turned away of late, those whose blocks are over but not forgotten included; in no order.
    fn list(&self) -> Vec<BlockedPeer>;

    /// Forgets everything about a peer; whether there was anything.
    fn clear(&self, address: IpAddr) -> bool;
}
