//! How often, how large, how slow: the numbers behind the background traffic.
//!
//! Weights of a table add up to 1000. Sizes are medians in bytes, durations medians in ms, both
//! with their spread in thousandths of a doubling.

use super::hosts::Role;
use super::math::LogNormal;
use super::outcome::Outcome::{self, *};

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Page,
    Article,
    Asset,
    Image,
    Video,
    Download,
    Api,
    Tracking,
    Search,
    Signed,
}

type Weights<T> = &'static [(T, u32)];

/// Chances in a million lines.
pub(super) const ODD: u32 = 200;
pub(super) const BAD_REQUEST: u32 = 150;
pub(super) const LITERAL: u32 = 3_000;
pub(super) const ATTACK: u32 = 5_000;
pub(super) const CONNECT: u32 = 458_000;
pub(super) const DENIED: u32 = 24_000;
pub(super) const UNAUTHENTICATED: u32 = 10_000;
pub(super) const LATE: u32 = 10_000;

pub(super) const KINDS: Weights<Kind> = &[
    (Kind::Asset, 235),
    (Kind::Image, 200),
    (Kind::Page, 225),
    (Kind::Api, 175),
    (Kind::Tracking, 52),
    (Kind::Article, 45),
    (Kind::Video, 35),
    (Kind::Search, 15),
    (Kind::Signed, 8),
    (Kind::Download, 10),
];

/// Hosts that are tunnelled to.
pub(super) const TUNNEL_ROLES: Weights<Role> = &[
    (Role::Web, 400),
    (Role::Api, 200),
    (Role::Assets, 120),
    (Role::Images, 80),
    (Role::Tracking, 90),
    (Role::Login, 50),
    (Role::Storage, 30),
    (Role::Video, 30),
];

pub(super) const TUNNEL_PORTS: Weights<&str> = &[(":443", 985), (":8443", 6), (":993", 4), (":5228", 3), (":22", 2)];

/// What became of attacks that were let through to their target.
pub(super) const ATTACK_OUTCOMES: Weights<Outcome> =
    &[(Miss404, 400), (Miss403, 200), (Miss200, 170), (Denied403, 100), (Miss400, 60), (Miss500, 40), (Miss302, 30)];

const CACHEABLE: Weights<Outcome> = &[
    (Miss200, 500),
    (Hit200, 130),
    (MemHit200, 110),
    (Miss304, 55),
    (ImsHit304, 50),
    (Unmodified200, 40),
    (Unmodified304, 40),
    (Modified200, 20),
    (Miss404, 25),
    (Miss403, 7),
    (Miss301, 6),
    (Miss302, 3),
    (Aborted000, 6),
    (Aborted200, 3),
    (Miss503, 2),
    (Miss504, 2),
    (Miss502, 1),
];

const DYNAMIC: Weights<Outcome> = &[
    (Miss200, 855),
    (Miss302, 42),
    (Miss204, 22),
    (Miss404, 20),
    (Miss301, 12),
    (Miss401, 10),
    (Miss403, 8),
    (Miss500, 5),
    (Miss400, 4),
    (Miss503, 4),
    (Miss502, 3),
    (Miss504, 3),
    (Aborted000, 9),
    (Aborted200, 3),
];

const TRACKED: Weights<Outcome> = &[(Miss200, 600), (Miss204, 380), (Miss302, 10), (Aborted000, 10)];

const STREAMED: Weights<Outcome> =
    &[(Miss200, 520), (Miss206, 420), (Aborted200, 30), (Aborted000, 10), (Miss404, 10), (Miss403, 10)];

const WRITTEN: Weights<Outcome> = &[(Miss201, 500), (Miss200, 290), (Miss204, 190), (Miss403, 10), (Miss500, 10)];

impl Kind {
    /// The kind of host that answers such requests.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Page | Self::Article | Self::Search | Self::Download => Role::Web,
            Self::Asset => Role::Assets,
            Self::Image => Role::Images,
            Self::Video => Role::Video,
            Self::Api => Role::Api,
            Self::Tracking => Role::Tracking,
            Self::Signed => Role::Storage,
        }
    }

    /// Size of the answer in bytes.
    pub(super) fn size(self) -> LogNormal {
        match self {
            Self::Page => LogNormal::new(14_000, 1_500),
            Self::Article => LogNormal::new(22_000, 1_200),
            Self::Asset => LogNormal::new(16_000, 2_000),
            Self::Image => LogNormal::new(11_000, 2_200),
            Self::Video => LogNormal::new(900_000, 1_300),
            Self::Download => LogNormal::new(2_000_000, 2_600),
            Self::Api => LogNormal::new(1_300, 1_900),
            Self::Tracking => LogNormal::new(520, 250),
            Self::Search => LogNormal::new(9_000, 1_300),
            Self::Signed => LogNormal::new(180_000, 2_600),
        }
    }

    /// True where the answer's size follows from what is asked for.
    pub(super) fn is_fixed(self) -> bool {
        matches!(self, Self::Asset | Self::Image | Self::Video | Self::Download | Self::Signed)
    }

    pub(super) fn methods(self) -> Weights<&'static str> {
        match self {
            Self::Api => &[("GET", 560), ("POST", 340), ("OPTIONS", 45), ("PUT", 30), ("DELETE", 15), ("PATCH", 10)],
            Self::Tracking => &[("GET", 700), ("POST", 290), ("OPTIONS", 10)],
            Self::Page => &[("GET", 940), ("POST", 45), ("HEAD", 15)],
            Self::Download => &[("GET", 930), ("HEAD", 70)],
            Self::Signed => &[("GET", 900), ("PUT", 90), ("HEAD", 10)],
            _ => &[("GET", 1000)],
        }
    }

    pub(super) fn outcomes(self, method: &str) -> Weights<Outcome> {
        if matches!(method, "PUT" | "DELETE" | "PATCH") {
            return WRITTEN;
        }
        match self {
            Self::Asset | Self::Image if method == "GET" => CACHEABLE,
            Self::Tracking => TRACKED,
            Self::Video | Self::Download => STREAMED,
            _ => DYNAMIC,
        }
    }
}

/// Length of a visit in lines.
pub(super) const VISIT_LINES: LogNormal = LogNormal::new(16, 1_400);
pub(super) const TUNNEL_BYTES: LogNormal = LogNormal::new(6_800, 2_300);
pub(super) const TUNNEL_MS: LogNormal = LogNormal::new(12_000, 2_900);
/// No connection is kept longer than two hours.
pub(super) const TUNNEL_MAX_MS: u64 = 7_200_000;
pub(super) const ORIGIN_MS: LogNormal = LogNormal::new(62, 1_600);
pub(super) const HIT_MS: LogNormal = LogNormal::new(1, 1_400);
pub(super) const REFUSAL_MS: LogNormal = LogNormal::new(1, 700);
pub(super) const ABORT_MS: LogNormal = LogNormal::new(4_000, 2_000);

#[cfg(test)]
mod tests {
    use super::*;

    fn is_thousand<T>(table: &[(T, u32)]) -> bool {
        table.iter().map(|(_, weight)| weight).sum::<u32>() == 1000
    }

    #[test]
    fn weights_add_up() {
        assert!(is_thousand(KINDS) && is_thousand(TUNNEL_ROLES) && is_thousand(TUNNEL_PORTS));
        assert!(is_thousand(ATTACK_OUTCOMES));
        for (kind, _) in KINDS {
            assert!(is_thousand(kind.methods()), "{kind:?}");
            for (method, _) in kind.methods() {
                assert!(is_thousand(kind.outcomes(method)), "{kind:?} {method}");
            }
        }
    }
}
