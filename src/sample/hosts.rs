//! The hosts of a site and the server addresses behind them.
//!
//! Nothing is stored per host: its label and its addresses follow from the site and the part the
//! host plays. Addresses are from the documentation ranges, the benchmarking range 198.18.0.0/15
//! (RFC 2544, so that there are enough of them) and 2001:db8::/32.

use super::line::Address;
use super::names::Names;
use super::rng::{Rng, mix};
use super::text::{self, Alphabet};

/// What a host is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Role {
    Web,
    Api,
    Assets,
    Images,
    Video,
    Tracking,
    Storage,
    Login,
}

/// Labels by role; a site uses one or two of its row.
const LABELS: [[&str; 8]; 8] = [
    ["www", "www", "www", "www", "m", "", "shop", "news"],
    ["api", "api", "api", "rest", "gateway", "graph", "app", "ws"],
    ["cdn", "static3", "static", "assets", "cdn2", "s1", "js", "edge-fra2"],
    ["img", "images", "i", "media", "img2", "pics", "thumbs", "cdn-img"],
    ["video", "vod", "hls", "stream-eu1", "live", "media-edge4", "play", "v2"],
    ["t", "pixel", "collect", "stats", "events", "metrics", "beacon", "telemetry"],
    ["", "", "", "", "", "", "", ""],
    ["login", "sso", "accounts", "auth", "id", "secure", "my", "portal"],
];

/// Which host of which site: what its label and its addresses follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    pub(super) domain: u32,
    /// Stands for the site: its habits follow from it.
    pub(super) site: u64,
    /// Stands for the host.
    pub(super) id: u64,
    role: Role,
}

impl Host {
    /// The host of `domain` that plays `role`, one of two where the site has two.
    pub(super) fn new(seed: u64, domain: u32, role: Role, rng: &mut Rng) -> Self {
        let site = mix(seed, u64::from(domain));
        let shards = match role {
            Role::Web | Role::Login | Role::Api => 1,
            Role::Storage => 6,
            _ => 1 + (site >> 9 & 1) as u32,
        };
        let shard = if shards == 1 { 0 } else { rng.below(shards) };
        let id = mix(site, (role as u64) << 8 | u64::from(shard));
        Self { domain, site, id, role }
    }

    /// Appends the host name.
    pub(super) fn append(&self, out: &mut Vec<u8>, names: &Names) {
        if self.role == Role::Storage {
            let mut label = Rng::new(self.id);
            if self.site & 1 == 0 {
                out.push(b'd');
                text::hex(out, self.id, 13);
            } else {
                text::token(out, &mut label, Alphabet::Lower, 10);
                out.extend_from_slice(b".storage");
            }
            out.push(b'.');
        } else {
            let label = LABELS[self.role as usize][self.id as usize & 7];
            if !label.is_empty() {
                out.extend_from_slice(label.as_bytes());
                out.push(b'.');
            }
        }
        out.extend_from_slice(names.get(self.domain).as_bytes());
    }

    /// One of the host's one to four addresses.
    pub(super) fn address(&self, rng: &mut Rng) -> Address {
        let servers = [1, 2, 2, 4][(self.id >> 20) as usize & 3];
        let server = if servers == 1 { 0 } else { rng.below(servers) };
        // Assets, images and video sit in a content network's block, the rest in the site's own.
        let block = match self.role {
            Role::Assets | Role::Images | Role::Video => mix(self.site & 31, 7),
            _ => self.site,
        };
        let last = (self.id >> 32) as u32 + 37 * server;
        match (block >> 40) % 100 {
            0..12 => Address::V6([
                (block as u16) | 1,
                (block >> 16) as u16 | 0x10,
                (self.id >> 48) as u16 ^ server as u16 | 0x10,
            ]),
            12..24 => {
                let net = [[192, 0, 2], [198, 51, 100], [203, 0, 113]][block as usize % 3];
                Address::V4([net[0], net[1], net[2], 1 + (last % 254) as u8])
            }
            _ => Address::V4([198, 18 + (block & 1) as u8, (block >> 8) as u8, 1 + (last % 254) as u8]),
        }
    }

    /// True for the few sites that are reached through the parent proxy.
    pub(super) fn behind_parent(&self) -> bool {
        (self.site >> 24) % 100 < 4
    }
}
