//! The background: visits of clients to sites, a line at a time.
//!
//! A few dozen visits are under way at any moment; each line continues one of them or starts the
//! next. There is no model of a browser: a line does not know which lines its page would need.

use super::Options;
use super::attacks;
use super::clients::Clients;
use super::habits::{self, Kind};
use super::hosts::{Host, Role};
use super::line::{Peer, Record};
use super::math::Tables;
use super::names::Names;
use super::outcome::Outcome;
use super::paths;
use super::queries::{self, Visit};
use super::rng::{Rng, mix};
use super::zipf::Zipf;

/// Visits under way at the same time.
const VISITS: usize = 32;

#[derive(Clone, Copy, Debug, Default)]
struct Visitor {
    client: u32,
    domain: u32,
    session: u64,
    left: u64,
}

/// The source of background lines.
#[derive(Debug)]
pub(super) struct Traffic {
    seed: u64,
    rng: Rng,
    names: Names,
    domains: Zipf,
    visitors: [Visitor; VISITS],
    url: Vec<u8>,
}

/// A request as far as it is known before its outcome.
struct Request {
    method: &'static str,
    outcome: Outcome,
    /// Of a complete answer.
    size_bytes: u64,
    mime: &'static str,
    site: u64,
    peer: Peer,
}

impl Traffic {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            seed: mix(options.seed, 0x7369_7465),
            rng: Rng::new(mix(options.seed, 0x7472_6166)),
            names: Names::new(options.seed, options.domains),
            domains: Zipf::new(options.domains, 1.05),
            visitors: [Visitor::default(); VISITS],
            url: Vec::with_capacity(2_048),
        }
    }

    /// The next line, completed at `time_ms`.
    pub(super) fn next<'a>(&'a mut self, time_ms: i64, tables: &Tables, clients: &'a Clients) -> Record<'a> {
        let visitor = self.visitor(tables, clients);
        self.url.clear();
        let mut request = match self.rng.below(1_000_000) {
            0..habits::BAD_REQUEST => self.bad_request(),
            chance if chance < habits::BAD_REQUEST + habits::LITERAL => self.literal(tables),
            chance if chance < habits::BAD_REQUEST + habits::LITERAL + habits::ATTACK => self.attack(&visitor),
            _ if self.rng.chance(habits::CONNECT) => self.tunnel(&visitor, tables),
            _ => self.fetch(&visitor, time_ms, tables),
        };
        match self.rng.below(1_000_000) {
            _ if request.outcome == Outcome::None400 => {}
            0..habits::DENIED => request.outcome = Outcome::Denied403,
            chance if chance < habits::DENIED + habits::UNAUTHENTICATED => {
                request.outcome = Outcome::Denied407;
            }
            _ => {}
        }
        let (sent_bytes, mime) = self.answer(&request);
        Record {
            time_ms,
            elapsed_ms: self.elapsed_ms(&request, sent_bytes, tables),
            client: clients.address(visitor.client),
            outcome: request.outcome,
            sent_bytes,
            method: request.method,
            url: &self.url,
            user: match request.outcome {
                Outcome::Denied407 | Outcome::None400 => "-",
                _ => clients.user(visitor.client),
            },
            peer: if request.outcome.answered_by_proxy() { Peer::None } else { request.peer },
            mime,
        }
    }

    fn visitor(&mut self, tables: &Tables, clients: &Clients) -> Visitor {
        let at = self.rng.below(VISITS as u32) as usize;
        if self.visitors[at].left == 0 {
            self.visitors[at] = Visitor {
                client: clients.draw(&mut self.rng),
                domain: self.domains.draw(&mut self.rng),
                session: self.rng.next(),
                left: 1 + tables.log_normal(habits::VISIT_LINES, &mut self.rng),
            };
        }
        self.visitors[at].left -= 1;
        let mut visitor = self.visitors[at];
        // A third of what a page needs comes from elsewhere, mostly from a few well-known places
        // (the better of two ranks), and within a visit again and again from the same.
        if self.rng.below(3) == 0 {
            let mut elsewhere = Rng::new(mix(visitor.session, u64::from(self.rng.low_below(6))));
            let ranks = [self.domains.draw(&mut elsewhere), self.domains.draw(&mut elsewhere)];
            visitor.domain = ranks[0].min(ranks[1]);
        }
        visitor
    }

    fn host(&mut self, visitor: &Visitor, role: Role) -> (Host, Peer) {
        let host = Host::new(self.seed, visitor.domain, role, &mut self.rng);
        let peer = if host.behind_parent() {
            Peer::Parent
        } else {
            // A name is resolved once per visit.
            Peer::Direct(host.address(&mut Rng::new(visitor.session)))
        };
        (host, peer)
    }

    fn bad_request(&mut self) -> Request {
        let (method, url) = self.rng.weighted(&[
            (("-", "error:invalid-request"), 400),
            (("GET", "error:invalid-url"), 200),
            (("-", "error:request-too-large"), 150),
            (("NONE", "error:invalid-request"), 150),
            (("POST", "error:unsupported-request-method"), 100),
        ]);
        self.url.extend_from_slice(url.as_bytes());
        Request { method, outcome: Outcome::None400, size_bytes: 0, mime: "text/html", site: 0, peer: Peer::None }
    }

    fn literal(&mut self, tables: &Tables) -> Request {
        let literal = attacks::literal(&mut self.url, &mut self.rng);
        let (method, outcome, mime, shape) = if literal.connect {
            ("CONNECT", Outcome::Tunnel200, "-", habits::TUNNEL_BYTES)
        } else if literal.peer == Peer::None {
            ("GET", Outcome::Denied403, "text/html", Kind::Api.size())
        } else {
            ("GET", Outcome::Miss200, "application/octet-stream", Kind::Api.size())
        };
        let size_bytes = tables.log_normal(shape, &mut self.rng) + 180;
        Request { method, outcome, size_bytes, mime, site: 0, peer: literal.peer }
    }

    fn attack(&mut self, visitor: &Visitor) -> Request {
        let (host, peer) = self.host(visitor, Role::Web);
        let method = if self.rng.below(8) == 0 { "POST" } else { "GET" };
        let mut outcome = self.rng.weighted(habits::ATTACK_OUTCOMES);
        if self.rng.below(20) == 0 {
            attacks::forbidden(&mut self.url, &mut self.rng);
            outcome = Outcome::Denied403;
        } else {
            self.url.extend_from_slice(b"http://");
            host.append(&mut self.url, &self.names);
            let path = self.rng.pick(&attacks::PATHS);
            attacks::fill(&mut self.url, path, &mut self.rng);
        }
        let size_bytes = 900 + u64::from(self.rng.low_below(9_000));
        Request { method, outcome, size_bytes, mime: paths::html(host.site), site: host.site, peer }
    }

    fn tunnel(&mut self, visitor: &Visitor, tables: &Tables) -> Request {
        // A visit opens tunnels to the same few hosts again and again.
        let mut choice = Rng::new(mix(visitor.session, 0x100 + u64::from(self.rng.low_below(5))));
        let role = choice.weighted(habits::TUNNEL_ROLES);
        let (host, peer) = self.host(visitor, role);
        host.append(&mut self.url, &self.names);
        self.url.extend_from_slice(self.rng.weighted(habits::TUNNEL_PORTS).as_bytes());
        let failed = self.rng.chance(7_000);
        Request {
            method: "CONNECT",
            outcome: if failed { Outcome::Tunnel503 } else { Outcome::Tunnel200 },
            size_bytes: 2_500 + tables.log_normal(habits::TUNNEL_BYTES, &mut self.rng),
            mime: "-",
            site: host.site,
            peer,
        }
    }

    fn fetch(&mut self, visitor: &Visitor, time_ms: i64, tables: &Tables) -> Request {
        let kind = self.rng.weighted(habits::KINDS);
        let (host, peer) = self.host(visitor, kind.role());
        let secure = (host.site >> 13) % 100 < 45;
        self.url.extend_from_slice(if secure { b"https://".as_slice() } else { b"http://" });
        host.append(&mut self.url, &self.names);
        if !secure && (host.site >> 33) % 100 == 0 {
            self.url.extend_from_slice(b":8080");
        }
        // The first things of a site are asked for far more often than the last.
        let pool = 40 + (host.site >> 50) as u32 % 600;
        let nth = self.rng.low_below(pool);
        let nth = self.rng.low_below(nth + 1);
        let mut object = Rng::new(mix(host.id, (kind as u64) << 32 | u64::from(nth)));
        let method = self.rng.weighted(kind.methods());
        let visit = Visit { time_ms, session: visitor.session, site: host.site };
        let mime = self.path(kind, &visit, &mut object, visitor);
        let size_bytes = 160
            + if kind.is_fixed() {
                tables.log_normal(kind.size(), &mut object) + u64::from(self.rng.below(24))
            } else if self.rng.below(3) == 0 {
                tables.log_normal(kind.size(), &mut self.rng)
            } else {
                tables.log_normal(kind.size(), &mut object) + u64::from(self.rng.low_below(400))
            };
        let outcome = self.rng.weighted(kind.outcomes(method));
        Request { method, outcome, size_bytes, mime, site: host.site, peer }
    }

    fn path(&mut self, kind: Kind, visit: &Visit, object: &mut Rng, visitor: &Visitor) -> &'static str {
        let (out, rng, site) = (&mut self.url, &mut self.rng, visit.site);
        match kind {
            Kind::Page | Kind::Article => {
                let mime = match kind {
                    Kind::Page => paths::page(out, site, object),
                    _ => paths::article(out, site, object),
                };
                if rng.below(25) == 0 {
                    queries::campaign(out, rng);
                }
                mime
            }
            Kind::Asset => paths::asset(out, site, object),
            Kind::Image => paths::image(out, site, object),
            Kind::Video => {
                // A visit goes on through the same film.
                let part = 600_u64.saturating_sub(visitor.left * 3) * (visitor.session % 7) / 4;
                paths::video(out, site, &mut Rng::new(visitor.session), part)
            }
            Kind::Download => paths::download(out, object),
            Kind::Api => {
                queries::api(out, visit, rng);
                if site & 2 == 0 { "application/json" } else { "application/json;charset=utf-8" }
            }
            Kind::Tracking => {
                queries::tracking(out, visit, self.names.get(visitor.domain), rng);
                if site & 1 == 0 { "image/gif" } else { "text/plain" }
            }
            Kind::Search => {
                queries::search(out, rng);
                paths::html(site)
            }
            Kind::Signed => {
                queries::signed(out, visit, object, rng);
                "application/octet-stream"
            }
        }
    }

    /// Bytes sent and media type, for the outcome that it came to.
    fn answer(&mut self, request: &Request) -> (u64, &'static str) {
        let site = request.site;
        let url_bytes = self.url.len() as u64;
        match request.outcome {
            Outcome::Aborted000 | Outcome::Tunnel503 | Outcome::None000 => (0, "-"),
            Outcome::Denied403 => (3_780 + 2 * url_bytes, "text/html"),
            Outcome::Denied407 => (4_010 + 2 * url_bytes, "text/html"),
            Outcome::None400 => (3_600 + u64::from(self.rng.below(300)), "text/html"),
            Outcome::Miss304 => (210 + site % 190, "-"),
            Outcome::ImsHit304 | Outcome::Unmodified304 => (230 + site % 210, request.mime),
            Outcome::Miss204 => (170 + site % 330, "-"),
            Outcome::Miss301 | Outcome::Miss302 => (340 + site % 500, paths::html(site)),
            Outcome::Aborted200 => (request.size_bytes * u64::from(self.rng.below(1000)) / 1000, request.mime),
            Outcome::Miss400
            | Outcome::Miss401
            | Outcome::Miss403
            | Outcome::Miss404
            | Outcome::Miss500
            | Outcome::Miss502
            | Outcome::Miss503
            | Outcome::Miss504 => (500 + (site >> 8) % 4_000 + u64::from(self.rng.below(40)), paths::html(site)),
            _ if matches!(request.method, "HEAD" | "OPTIONS") => (260 + site % 300, request.mime),
            _ => (request.size_bytes, request.mime),
        }
    }

    fn elapsed_ms(&mut self, request: &Request, sent_bytes: u64, tables: &Tables) -> u64 {
        let rng = &mut self.rng;
        match request.outcome {
            Outcome::Tunnel200 => tables.log_normal(habits::TUNNEL_MS, rng).min(habits::TUNNEL_MAX_MS),
            Outcome::Hit200 | Outcome::ImsHit304 => tables.log_normal(habits::HIT_MS, rng),
            Outcome::MemHit200 => u64::from(rng.low_below(3)),
            Outcome::Denied403 | Outcome::Denied407 | Outcome::None400 | Outcome::None000 => {
                tables.log_normal(habits::REFUSAL_MS, rng)
            }
            Outcome::Aborted000 => tables.log_normal(habits::ABORT_MS, rng),
            Outcome::Miss504 | Outcome::Tunnel503 => 59_800 + u64::from(rng.below(900)),
            _ => tables.log_normal(habits::ORIGIN_MS, rng) + sent_bytes / 1_500,
        }
    }
}
