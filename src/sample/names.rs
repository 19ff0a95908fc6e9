//! Words and invented registrable domains.
//!
//! Domains are made of syllables or words under real suffixes, plus a few reserved example names
//! near the head of the ranking. A name that exists somewhere is a coincidence.

use std::collections::HashSet;

use super::rng::{Rng, mix};

/// The vocabulary of paths, slugs and some domains.
pub(super) const WORDS: [&str; 224] = [
    "about",
    "access",
    "account",
    "action",
    "active",
    "address",
    "agenda",
    "album",
    "alert",
    "alpha",
    "analysis",
    "annual",
    "answer",
    "archive",
    "article",
    "asset",
    "audio",
    "author",
    "autumn",
    "award",
    "balance",
    "banner",
    "basic",
    "battery",
    "beach",
    "billing",
    "bird",
    "board",
    "book",
    "border",
    "branch",
    "brand",
    "bridge",
    "budget",
    "build",
    "bundle",
    "business",
    "button",
    "cable",
    "calendar",
    "camera",
    "campaign",
    "career",
    "cart",
    "catalog",
    "center",
    "change",
    "chart",
    "checkout",
    "city",
    "class",
    "client",
    "climate",
    "cloud",
    "coast",
    "code",
    "coffee",
    "color",
    "comment",
    "common",
    "company",
    "compare",
    "contact",
    "content",
    "control",
    "cookie",
    "corner",
    "country",
    "course",
    "cover",
    "crowd",
    "culture",
    "customer",
    "daily",
    "dashboard",
    "data",
    "default",
    "delivery",
    "design",
    "detail",
    "device",
    "digital",
    "direct",
    "discount",
    "document",
    "dream",
    "early",
    "east",
    "editor",
    "energy",
    "engine",
    "event",
    "expert",
    "export",
    "family",
    "farm",
    "fast",
    "feature",
    "field",
    "film",
    "filter",
    "finance",
    "first",
    "flight",
    "footer",
    "forest",
    "forum",
    "frame",
    "fresh",
    "future",
    "gallery",
    "game",
    "garden",
    "general",
    "global",
    "gold",
    "green",
    "group",
    "guide",
    "header",
    "health",
    "hero",
    "history",
    "holiday",
    "home",
    "hotel",
    "house",
    "icon",
    "image",
    "index",
    "insight",
    "invoice",
    "island",
    "item",
    "journey",
    "kitchen",
    "label",
    "lake",
    "large",
    "launch",
    "layout",
    "league",
    "learn",
    "legal",
    "lesson",
    "letter",
    "light",
    "list",
    "local",
    "login",
    "logo",
    "magazine",
    "main",
    "market",
    "master",
    "media",
    "member",
    "menu",
    "message",
    "mobile",
    "modern",
    "modal",
    "money",
    "month",
    "morning",
    "mountain",
    "museum",
    "music",
    "nature",
    "network",
    "news",
    "night",
    "north",
    "notice",
    "number",
    "ocean",
    "offer",
    "office",
    "online",
    "open",
    "order",
    "package",
    "page",
    "panel",
    "paper",
    "partner",
    "payment",
    "people",
    "phone",
    "photo",
    "player",
    "policy",
    "portal",
    "post",
    "press",
    "price",
    "product",
    "profile",
    "project",
    "public",
    "quick",
    "radio",
    "rapid",
    "reader",
    "region",
    "report",
    "result",
    "review",
    "river",
    "school",
    "search",
    "season",
    "secure",
    "series",
    "service",
    "shop",
    "silver",
    "simple",
    "social",
    "south",
    "sport",
    "store",
    "studio",
    "summer",
];

const SYLLABLES: [&str; 64] = [
    "ba", "be", "bo", "bri", "ca", "cel", "co", "cra", "da", "del", "di", "dor", "e", "el", "fa", "fen", "fi", "flo",
    "ga", "gen", "gli", "gro", "ha", "hel", "hu", "i", "in", "ja", "jo", "ka", "kel", "ki", "la", "len", "li", "lu",
    "ma", "mel", "mi", "mo", "na", "nel", "no", "nu", "o", "or", "pa", "per", "pi", "quo", "ra", "ren", "ri", "ro",
    "sa", "sol", "ta", "ter", "ti", "va", "ven", "vi", "xo", "zen",
];

const SUFFIXES: [(&str, u32); 24] = [
    ("com", 420),
    ("net", 95),
    ("org", 70),
    ("de", 90),
    ("co.uk", 45),
    ("io", 40),
    ("fr", 28),
    ("com.au", 22),
    ("nl", 22),
    ("it", 18),
    ("ch", 16),
    ("at", 14),
    ("pl", 14),
    ("com.br", 14),
    ("co.jp", 12),
    ("eu", 14),
    ("info", 12),
    ("se", 10),
    ("dev", 9),
    ("app", 9),
    ("cloud", 8),
    ("org.uk", 6),
    ("xyz", 7),
    ("co.nz", 5),
];

/// Names that are reserved for examples, and the rank at which each is put.
const RESERVED: [(usize, &str); 8] = [
    (2, "intranet.test"),
    (5, "example.com"),
    (9, "example.net"),
    (16, "example.org"),
    (40, "updates.example"),
    (90, "xn--bcher-kva.example"),
    (250, "xn--caf-dma.test"),
    (400, "legacy_app.test"),
];

/// Distinct registrable domains by rank, in one buffer.
#[derive(Debug)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// `n` distinct names.
    pub(super) fn new(seed: u64, n: u32) -> Self {
        let mut names = Self { text: String::new(), ends: Vec::with_capacity(n as usize) };
        let mut seen: HashSet<u64> = HashSet::with_capacity(n as usize);
        let mut rng = Rng::new(mix(seed, 0x6e61_6d65));
        for rank in 0..n as usize {
            let start = names.text.len();
            if let Some((_, reserved)) = RESERVED.iter().find(|(at, _)| *at == rank) {
                names.text.push_str(reserved);
            } else {
                loop {
                    invent(&mut names.text, &mut rng);
                    if seen.insert(fingerprint(&names.text[start..])) {
                        break;
                    }
                    names.text.truncate(start);
                }
            }
            names.ends.push(names.text.len() as u32);
        }
        names
    }

    /// The name at `rank`, which must be below the number asked for.
    #[inline]
    pub(super) fn get(&self, rank: u32) -> &str {
        let rank = rank as usize;
        let start = if rank == 0 { 0 } else { self.ends[rank - 1] as usize };
        &self.text[start..self.ends[rank] as usize]
    }
}

fn fingerprint(name: &str) -> u64 {
    name.bytes().fold(0, |hash, byte| mix(hash, u64::from(byte)))
}

fn invent(out: &mut String, rng: &mut Rng) {
    let start = out.len();
    match rng.below(100) {
        0..68 => {
            for _ in 0..rng.between(2, 3) {
                out.push_str(rng.pick(&SYLLABLES));
            }
            // A short name would be somebody's too often.
            while out.len() - start < 6 {
                out.push_str(rng.pick(&SYLLABLES));
            }
            out.push_str(rng.pick(&["n", "ra", "tis", "x", "vo", "lo"]));
        }
        68..78 => {
            out.push_str(rng.pick(&WORDS));
            if rng.below(3) == 0 {
                out.push('-');
            }
            out.push_str(rng.pick(&WORDS));
        }
        78..93 => {
            out.push_str(rng.pick(&SYLLABLES));
            out.push_str(rng.pick(&SYLLABLES));
            out.push_str(rng.pick(&["soft", "media", "cdn", "bank", "shop", "tech", "ads", "lab"]));
        }
        _ => {
            out.push_str(rng.pick(&WORDS));
            out.push_str(rng.pick(&SYLLABLES));
            out.push((b'1' + rng.below(9) as u8) as char);
        }
    }
    out.push('.');
    out.push_str(rng.weighted(&SUFFIXES));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_and_names_are_distinct_domains() {
        assert_eq!(SUFFIXES.iter().map(|(_, weight)| weight).sum::<u32>(), 1000);
        let names = Names::new(1, 20_000);
        let all: HashSet<&str> = (0..20_000).map(|rank| names.get(rank)).collect();
        assert_eq!(all.len(), 20_000);
        for name in all {
            assert!((4..40).contains(&name.len()), "{name}");
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b)),
                "{name}"
            );
        }
        assert_eq!(names.get(5), "example.com");
    }
}
