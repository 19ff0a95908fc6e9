//! Paths and queries that are new with each request: APIs, searches, trackers, signed addresses.
//!
//! What is stable about them (an API's resources, a tracker's id) follows from the site; ids,
//! tokens and times come from the request and its session.

use super::clock;
use super::paths::{put, slug, word};
use super::rng::{Rng, mix};
use super::text::{self, Alphabet};

/// What a query may tell about the request it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    /// Unix ms.
    pub(super) time_ms: i64,
    /// Stands for the client's session.
    pub(super) session: u64,
    /// Stands for the site.
    pub(super) site: u64,
}

impl Visit {
    fn time(&self) -> u64 {
        self.time_ms.max(0) as u64
    }
}

/// Appends campaign parameters, as links in newsletters and adverts carry them.
pub(super) fn campaign(out: &mut Vec<u8>, rng: &mut Rng) {
    out.push(if out.contains(&b'?') { b'&' } else { b'?' });
    put(out, "utm_source=");
    put(out, rng.pick(&["newsletter", "search", "social", "partner", "display"]));
    put(out, "&utm_medium=");
    put(out, rng.pick(&["email", "cpc", "organic", "referral"]));
    put(out, "&utm_campaign=");
    let campaign = u64::from(rng.low_below(300));
    slug(out, &mut Rng::new(campaign), 2);
    put(out, "_2026");
    if rng.below(3) == 0 {
        put(out, "&gclid=");
        text::token(out, rng, Alphabet::Url, 55);
    }
}

/// Appends the path of an API call.
pub(super) fn api(out: &mut Vec<u8>, visit: &Visit, rng: &mut Rng) {
    let mut resource = Rng::new(mix(visit.site, u64::from(rng.low_below(7))));
    put(out, ["/api/v1/", "/api/v2/", "/v1/", "/rest/"][(visit.site >> 11 & 3) as usize]);
    word(out, &mut resource);
    put(out, "s");
    match rng.below(100) {
        0..42 => {
            out.push(b'/');
            text::number(out, 10_000 + u64::from(rng.low_below(900_000)));
            if rng.below(3) == 0 {
                out.push(b'/');
                word(out, &mut resource);
            }
        }
        42..54 => {
            out.push(b'/');
            text::uuid(out, rng);
        }
        54..76 => {
            put(out, "?page=");
            text::number(out, 1 + u64::from(rng.low_below(40)));
            put(out, "&limit=50&sort=-created_at");
        }
        76..84 => {
            put(out, "/events?since=");
            text::number(out, visit.time() - u64::from(rng.below(60_000)).min(visit.time()));
            put(out, "&session=");
            text::hex(out, visit.session, 16);
        }
        84..91 => {
            put(out, "/socket?EIO=4&transport=polling&t=P");
            text::token(out, rng, Alphabet::Url, 6);
            put(out, "&sid=");
            text::token(out, &mut Rng::new(visit.session), Alphabet::Url, 20);
        }
        _ => {
            put(out, "?filter%5Bstatus%5D=active&include=");
            word(out, &mut resource);
            put(out, "&_=");
            text::number(out, visit.time());
        }
    }
}

/// Appends the path of a search or of the suggestions while typing.
pub(super) fn search(out: &mut Vec<u8>, rng: &mut Rng) {
    put(out, rng.pick(&["/search?q=", "/suche?q=", "/complete/search?client=web&q=", "/?s="]));
    for nth in 0..rng.between(1, 4) {
        if nth > 0 {
            put(out, if rng.below(4) == 0 { "%20" } else { "+" });
        }
        word(out, rng);
    }
    match rng.below(4) {
        0 => put(out, "&hl=en&page=2"),
        1 => put(out, "&tab=all"),
        2 => put(out, "+gr%C3%B6%C3%9Fe"),
        _ => {}
    }
}

/// Appends the path of a tracker's call about a page of `name`.
pub(super) fn tracking(out: &mut Vec<u8>, visit: &Visit, name: &str, rng: &mut Rng) {
    match rng.below(10) {
        0..5 => {
            put(out, "/g/collect?v=2&tid=G-");
            text::token(out, &mut Rng::new(visit.site), Alphabet::Lower, 10);
            put(out, "&cid=");
            text::number(out, visit.session >> 34);
            out.push(b'.');
            text::number(out, visit.time() / 1000 - (visit.session & 0xff_ffff).min(visit.time() / 1000));
            put(out, "&_s=");
            text::number(out, u64::from(rng.between(1, 9)));
            put(out, "&sr=1920x1080&dl=https%3A%2F%2Fwww.");
            put(out, name);
            put(out, "%2F");
            word(out, rng);
            put(out, "&en=page_view");
        }
        5..8 => {
            put(out, "/pixel.gif?id=");
            text::number(out, visit.site >> 36);
            put(out, "&ev=PageView&ts=");
            text::number(out, visit.time());
            if rng.below(3) == 0 {
                put(out, "&d=eyJ");
                let length = rng.between(60, 340);
                text::token(out, rng, Alphabet::Url, length as usize);
            }
        }
        _ => {
            put(out, "/beacon?sid=");
            text::hex(out, visit.session, 16);
            text::hex(out, visit.site, 16);
            put(out, "&t=");
            text::number(out, u64::from(rng.low_below(30_000)));
            put(out, "&e=");
            word(out, rng);
        }
    }
}

/// Appends the path of a stored object with a signature, 250 to 800 bytes.
pub(super) fn signed(out: &mut Vec<u8>, visit: &Visit, object: &mut Rng, rng: &mut Rng) {
    out.push(b'/');
    word(out, object);
    out.push(b'/');
    text::uuid(out, object);
    out.push(b'/');
    slug(out, object, 2);
    put(out, object.pick(&[".pdf", ".zip", ".mp4", ".docx", ".parquet", ".jpg"]));
    let (year, month, day) = clock::date(visit.time_ms);
    match visit.site >> 14 & 3 {
        0 | 1 => {
            put(out, "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=EXAMPLE");
            text::hex(out, visit.site, 13);
            put(out, "%2F");
            compact_date(out, year, month, day);
            put(out, "%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=");
            compact_date(out, year, month, day);
            out.push(b'T');
            let second = visit.time() / 1000 % 86_400;
            for part in [second / 3600, second / 60 % 60, second % 60] {
                text::zeroed(out, part, 2);
            }
            put(out, "Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host");
            if rng.below(3) == 0 {
                put(out, "&X-Amz-Security-Token=");
                let length = rng.between(150, 330);
                text::token(out, rng, Alphabet::Url, length as usize);
            }
            put(out, "&X-Amz-Signature=");
            text::random_hex(out, rng, 64);
        }
        2 => {
            put(out, "?sv=2023-11-03&se=");
            text::number(out, year);
            for part in [month, day] {
                out.push(b'-');
                text::zeroed(out, part, 2);
            }
            put(out, "T23%3A59%3A59Z&sr=b&sp=r&sig=");
            text::token(out, rng, Alphabet::Url, 43);
            put(out, "%3D");
        }
        _ => {
            put(out, "?GoogleAccessId=reader%40");
            text::hex(out, visit.site, 8);
            put(out, ".example.com&Expires=");
            text::number(out, visit.time() / 1000 + 3600);
            put(out, "&Signature=");
            text::token(out, rng, Alphabet::Url, 342);
            put(out, "%3D%3D");
        }
    }
}

fn compact_date(out: &mut Vec<u8>, year: u64, month: u64, day: u64) {
    text::number(out, year);
    text::zeroed(out, month, 2);
    text::zeroed(out, day, 2);
}
