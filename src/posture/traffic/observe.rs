//! The questions to the store: how many rows of the window show what, and which are the newest of them.

use crate::classify::{destination, service_at};
use crate::control::settings::{LOG_RETENTION_DAYS, Sanctions, Settings, WAF_BLOCK_THRESHOLD};
use crate::format;
use crate::model::{
    DAY_MS, Event, EventFilter, EventView, Field, Lens, OriginPredicate, OriginTest, Outcome, PageQuery, Resolution,
    RowId, Tag, TagTest, Terms, TimeRange, Timestamp,
};
use crate::posture::RowsSeen;
use crate::store::{EventStore, StoreResult};
use std::net::IpAddr;
use std::sync::Arc;

/// Rows that show something.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signal {
    /// How many.
    pub count: u64,
    /// The newest of them.
    pub newest: Vec<RowId>,
    /// The API's question that lists them.
    pub link: Option<String>,
}

impl Signal {
    /// As evidence has them.
    pub(in crate::posture) fn seen(&self) -> RowsSeen {
        RowsSeen { count: self.count, newest: self.newest.clone(), link: self.link.clone() }
    }
}

/// What the rows of a window show. A request was let through where its outcome is `allowed`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traffic {
    /// The window: whole hours.
    pub range: TimeRange,
    /// Rows.
    pub rows: u64,
    /// Those let through.
    pub allowed: u64,
    /// Let through to an address instead of a name.
    pub direct_ip: Signal,
    /// Asked for an address and denied.
    pub direct_ip_denied: u64,
    /// Flagged by rules and let through.
    pub flagged: Signal,
    /// Let through without encryption.
    pub plaintext: Signal,
    /// Requests inside TLS: an https URL in the log means that it was decrypted.
    pub decrypted: u64,
    /// Tunnels let through.
    pub tunnels: Signal,
    /// Tunnels let through to ports that TLS is not spoken on.
    pub odd_tunnels: Signal,
    /// Let through to known services that are not sanctioned.
    pub unsanctioned: Signal,
    /// Let through to unusual ports.
    pub unusual_ports: Signal,
    /// Let through without a user.
    pub anonymous: Signal,
    /// Rows older than the retention, in the whole store.
    pub overdue: u64,
    /// The newest rows, as a sample.
    pub newest: Newest,
}

/// What the newest rows of the window are like.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Newest {
    /// Rows looked at.
    pub rows: u64,
    /// Those that were not scored.
    pub unscored: Vec<RowId>,
    /// Those whose client is an address as it was logged.
    pub plain_clients: Vec<RowId>,
    /// Whether the log has a place for users.
    pub has_users: bool,
}

/// Days of the window.
const WINDOW_DAYS: i64 = 7;
/// Rows that are looked at one by one.
const SAMPLE: usize = 200;
/// A day's grace: retention works by the hour, and not every hour.
const GRACE_MS: i64 = DAY_MS;

impl Traffic {
    /// The ports that TLS is spoken on from the first byte, by IANA's registry and by custom.
    pub(in crate::posture) const TLS_PORTS: [u16; 15] =
        [443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5223, 8443, 9443];

    /// Looks at the last seven days.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn observe(store: &dyn EventStore, settings: &Settings, now: Timestamp) -> StoreResult<Traffic> {
        let range = Resolution::Hour.last(WINDOW_DAYS * 24, now);
        let ask = Asking { store, range };
        let allowed = ask.of(Outcome::Allowed);
        let salted = |word: &str| xxhash_rust::xxh3::xxh3_64_with_seed(word.as_bytes(), settings.version());
        let origin = |word: &str, tag: Tag, holds: Arc<OriginPredicate>| {
            let test = OriginTest { tag, version: salted(word), holds };
            Terms { any: vec![TagTest::Origin(test)], none: Vec::new() }
        };
        let bare = origin("direct_ip", Tag::IpLiteral, Arc::new(crate::classify::is_ip_literal));
        let unusual = Arc::new(|from: &[u8]| destination(from).is_some_and(|target| target.has_unusual_port()));
        let odd = Arc::new(|from: &[u8]| {
            destination(from).is_some_and(|target| !Traffic::TLS_PORTS.contains(&target.port()))
        });
        let sanctions = Sanctions::of(settings);
        let unsanctioned = Arc::new(move |from: &[u8]| {
            service_at(from).is_some_and(|service| !sanctions.allow(service.name, service.category.name()))
        });
        let tunnels = EventFilter { method: only("CONNECT".to_owned()), ..allowed.clone() };
        let threshold = u32::try_from(settings.get(WAF_BLOCK_THRESHOLD)).unwrap_or(u32::MAX);
        let retained_from = now.0.saturating_sub(settings.get(LOG_RETENTION_DAYS).saturating_mul(DAY_MS) + GRACE_MS);
        let tagged = |tag: &Terms<TagTest>| EventFilter { tag: tag.clone(), ..allowed.clone() };
        Ok(Traffic {
            range,
            rows: ask.count(&EventFilter::within(range))?,
            allowed: ask.count(&allowed)?,
            direct_ip: ask.signal(&tagged(&bare), Some("tag=ip_literal"))?,
            direct_ip_denied: ask.count(&EventFilter { tag: bare.clone(), ..ask.of(Outcome::Denied) })?,
            flagged: ask.signal(&EventFilter { min_score: Some(threshold), ..allowed.clone() }, Some("tag=flagged"))?,
            // The tags of these tell only that they are about origins: no tag of a row asks for a scheme.
            plaintext: ask.signal(&tagged(&origin("plaintext", Tag::UnusualPort, Arc::new(is_plain))), None)?,
            decrypted: ask.count(&tagged(&origin("decrypted", Tag::UnusualPort, Arc::new(is_decrypted))))?,
            odd_tunnels: {
                let tag = origin("odd_tunnels", Tag::UnusualPort, odd);
                ask.signal(&EventFilter { tag, ..tunnels.clone() }, None)?
            },
            tunnels: ask.signal(&tunnels, Some("method=CONNECT"))?,
            unsanctioned: ask
                .signal(&tagged(&origin("unsanctioned", Tag::ShadowIt, unsanctioned)), Some("tag=shadow_it"))?,
            unusual_ports: ask
                .signal(&tagged(&origin("unusual_ports", Tag::UnusualPort, unusual)), Some("tag=unusual_port"))?,
            anonymous: ask.signal(&EventFilter { user: only(String::new()), ..allowed.clone() }, None)?,
            overdue: store.count_before(Timestamp(retained_from))?,
            newest: ask.newest()?,
        })
    }
}

fn only<T>(value: T) -> Terms<T> {
    Terms { any: vec![value], none: Vec::new() }
}

/// A store that is asked about a window.
struct Asking<'s> {
    store: &'s dyn EventStore,
    range: TimeRange,
}

impl Asking<'_> {
    fn of(&self, outcome: Outcome) -> EventFilter {
        EventFilter { outcome: only(outcome), ..EventFilter::within(self.range) }
    }

    fn count(&self, filter: &EventFilter) -> StoreResult<u64> {
        // Only counts and numbers of rows leave this module: nothing that a lens would hide.
        self.store.count(filter, &Lens::PLAIN)
    }

    fn page(&self, filter: &EventFilter, limit: usize) -> StoreResult<Vec<Event>> {
        let query = PageQuery { filter: filter.clone(), ..PageQuery::newest(limit) };
        Ok(self.store.page(&query, &Lens::PLAIN)?.rows)
    }

    fn signal(&self, filter: &EventFilter, question: Option<&str>) -> StoreResult<Signal> {
        let count = self.count(filter)?;
        let newest = if count == 0 { Vec::new() } else { self.page(filter, RowsSeen::MOST)? };
        let link = question.map(|question| {
            let TimeRange { from, until } = self.range;
            let (from, until) = (from.to_rfc3339(), until.to_rfc3339());
            format!("/api/logs?{question}&outcome=allowed&from={from}&to={until}")
        });
        Ok(Signal { count, newest: ids(&newest), link: link.filter(|_| count > 0) })
    }

    fn newest(&self) -> StoreResult<Newest> {
        let rows = self.page(&EventFilter::within(self.range), SAMPLE)?;
        let views: Vec<EventView> = rows.iter().map(|row| EventView::of(row, &Lens::PLAIN)).collect();
        let of = |holds: fn(&EventView) -> bool| {
            views.iter().filter(|view| holds(view)).map(|view| view.id).take(RowsSeen::MOST).collect()
        };
        let mut formats: Vec<&str> = views.iter().map(|view| view.source.format.as_str()).collect();
        formats.sort_unstable();
        formats.dedup();
        let says_users = |spec: &&str| format::resolve(spec).is_ok_and(|format| format.fields().has(Field::User));
        Ok(Newest {
            rows: views.len() as u64,
            // A line without a request has nothing to be scored.
            unscored: of(|view| view.verdict.is_none() && !view.origin.is_empty()),
            plain_clients: of(|view| view.client_ip.as_ref().is_some_and(|client| client.parse::<IpAddr>().is_ok())),
            has_users: formats.iter().any(says_users) || views.iter().any(|view| view.user.is_some()),
        })
    }
}

fn ids(rows: &[Event]) -> Vec<RowId> {
    rows.iter().map(|row| row.id).collect()
}

fn scheme(origin: &[u8]) -> &[u8] {
    memchr::memmem::find(origin, b"://").map_or(b"", |at| &origin[..at])
}

/// Whether what is sent there can be read on its way.
fn is_plain(origin: &[u8]) -> bool {
    ["http", "ftp", "ws", "gopher", "wais", "whois"]
        .iter()
        .any(|plain| scheme(origin).eq_ignore_ascii_case(plain.as_bytes()))
}

/// Whether it was encrypted and the proxy saw into it.
fn is_decrypted(origin: &[u8]) -> bool {
    ["https", "wss"].iter().any(|inner| scheme(origin).eq_ignore_ascii_case(inner.as_bytes()))
}
