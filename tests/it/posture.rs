//! The checks that look at rows and settings, over a real store and a real control database.

use crate::support::api::{PASSWORD, rules};
use crate::support::lines::NOON;
use std::sync::Arc;
use tidegate::auth::{Password, ensure_admin};
use tidegate::classify::CLASSIFIERS;
use tidegate::control::settings::{SettingDefaults, SettingValue};
use tidegate::control::{AccountName, Actor, ControlDb};
use tidegate::format::resolve;
use tidegate::model::{Batch, DAY_MS, FixedClock, HOUR_MS, SourceName, Storing, Timestamp};
use tidegate::pipeline::parse_chunk;
use tidegate::posture::{Grounds, Installation, Judged, SquidFacts, Traffic, judge, record};
use tidegate::privacy::Privacy;
use tidegate::scoring::Scorer;
use tidegate::source::Chunk;
use tidegate::squidconf::SquidConf;
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// Both databases, and what feeds them.
struct World {
    store: ColumnarStore,
    control: Arc<ControlDb>,
    privacy: Privacy,
    scorer: Arc<Scorer>,
    clock: Arc<FixedClock>,
    squid_conf: Option<&'static str>,
    _dir: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOON));
        let store = ColumnarStore::open(dir.path(), CLASSIFIERS, clock.clone()).unwrap();
        let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap());
        let privacy = Privacy::open(dir.path(), Arc::clone(&control)).unwrap();
        let scorer = Arc::new(Scorer::new(rules(), Arc::clone(&control)));
        World { store, control, privacy, scorer, clock, squid_conf: None, _dir: dir }
    }

    fn set(&self, name: &str, value: &str) {
        self.control.set_setting(name, SettingValue::Text(value.to_owned()), &Actor::system("test")).unwrap();
    }

    /// Stores a line so many times, as an import does: `client result/status method target user`.
    fn log(&self, times: u64, line: &str) {
        self.log_at(NOON.0 - HOUR_MS, times, line);
    }

    fn log_at(&self, at_ms: i64, times: u64, line: &str) {
        let [client, result, method, target, user] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let text: String = (0..times)
            .map(|number| {
                let seconds = at_ms as f64 / 1000.0 + number as f64 / 100.0;
                format!("{seconds:.3} 12 {client} {result} 500 {method} {target} {user} HIER_DIRECT/198.51.100.1 -\n")
            })
            .collect();
        let chunk = Chunk { end: text.len() as u64, bytes: text.into_bytes(), ..Chunk::default() };
        let mut storing = Storing { lens: self.privacy.stored_as(), scorer: self.scorer.row_scorer() };
        let source = SourceName { name: "squid".into(), host: "proxy1".into(), format: "squid".into() };
        let mut prepared = Vec::new();
        let mut format = resolve("squid").unwrap();
        let parsed =
            parse_chunk::<()>(&mut format, &source, &chunk, &mut storing, &mut Batch::default(), |batch, _| {
                prepared.push(self.store.prepare(batch).unwrap());
                Ok(())
            });
        assert_eq!(parsed.unwrap().stored, times);
        self.store.append(prepared, &[]).unwrap();
    }

    fn report(&self) -> tidegate::posture::Report {
        let installation = Installation::read(&self.control).unwrap();
        let now = tidegate::model::Clock::now(&*self.clock);
        let traffic = Traffic::observe(&self.store, &installation.settings, now).unwrap();
        let squid = self.squid_conf.map(|text| {
            SquidFacts::of(SquidConf::read("squid.conf", text.as_bytes(), &mut |_| Ok(Vec::new())).unwrap())
        });
        let squid = squid.as_ref().ok_or("none");
        judge(&Grounds { now, installation: Some(&installation), squid, traffic: Some(&traffic) })
    }

    fn judged(&self, id: &str) -> Judged {
        self.report().checks.into_iter().find(|judged| judged.check.id == id).unwrap()
    }

    /// Status, points, and how many rows show it.
    fn outcome(&self, id: &str) -> (&'static str, u32, Option<u64>) {
        let judged = self.judged(id);
        let rows = judged.evidence.iter().find_map(|seen| seen.rows.as_ref()).map(|rows| rows.count);
        (judged.status.name(), judged.points, rows)
    }
}

const PAGE: &str = "10.0.0.1 TCP_TUNNEL/200 CONNECT www.example.com:443 ada";
const BARE: &str = "10.0.0.1 TCP_TUNNEL/200 CONNECT 203.0.113.9:443 ada";
const BARE_DENIED: &str = "10.0.0.1 TCP_DENIED/403 CONNECT 203.0.113.9:443 ada";
const HARDENED: &str = include_str!("../fixtures/posture/hardened.conf");

#[test]
fn each_check_of_traffic_counts_its_rows() {
    for (id, line, among, times, want) in [
        ("traffic.direct_ip", BARE, 1000, 0, ("passed", 6, None)),
        ("traffic.direct_ip", BARE, 999, 1, ("partial", 5, Some(1))),
        ("traffic.direct_ip", BARE, 90, 10, ("failed", 0, Some(10))),
        ("traffic.direct_ip", BARE_DENIED, 90, 10, ("passed", 6, None)),
        (
            "traffic.flagged_allowed",
            "10.0.0.1 TCP_MISS/200 GET http://a.example/?q=<script>alert(1)</script> ada",
            90,
            10,
            ("failed", 0, Some(10)),
        ),
        (
            "traffic.flagged_allowed",
            "10.0.0.1 TCP_DENIED/403 GET http://a.example/?q=<script>alert(1)</script> ada",
            90,
            10,
            ("passed", 8, None),
        ),
        ("traffic.plaintext", "10.0.0.1 TCP_MISS/200 GET http://www.example.com/ ada", 99, 1, ("passed", 4, Some(1))),
        (
            "traffic.plaintext",
            "10.0.0.1 TCP_MISS/200 GET http://www.example.com/ ada",
            90,
            10,
            ("partial", 2, Some(10)),
        ),
        ("traffic.plaintext", "10.0.0.1 TCP_MISS/200 GET https://www.example.com/ ada", 50, 50, ("passed", 4, None)),
        ("traffic.plaintext", "10.0.0.1 TCP_MISS/200 GET ftp://ftp.example.com/ ada", 50, 50, ("failed", 0, Some(50))),
        (
            "traffic.unsanctioned",
            "10.0.0.1 TCP_TUNNEL/200 CONNECT www.dropbox.com:443 ada",
            50,
            50,
            ("failed", 0, Some(50)),
        ),
        ("traffic.unsanctioned", "10.0.0.1 TCP_TUNNEL/200 CONNECT pypi.org:443 ada", 50, 50, ("passed", 5, None)),
        (
            "traffic.unusual_ports",
            "10.0.0.1 TCP_TUNNEL/200 CONNECT www.example.com:4444 ada",
            50,
            50,
            ("failed", 0, Some(50)),
        ),
        (
            "traffic.unauthenticated",
            "10.0.0.1 TCP_TUNNEL/200 CONNECT www.example.com:443 -",
            99,
            1,
            ("passed", 5, Some(1)),
        ),
        (
            "traffic.unauthenticated",
            "10.0.0.1 TCP_TUNNEL/200 CONNECT www.example.com:443 -",
            0,
            50,
            ("failed", 0, Some(50)),
        ),
    ] {
        let world = World::new();
        if among > 0 {
            world.log(among, PAGE);
        }
        if times > 0 {
            world.log(times, line);
        }
        assert_eq!(world.outcome(id), want, "{id}: {times} of {line}");
    }
    let empty = World::new();
    // What happened before the window is not looked at.
    empty.log_at(NOON.0 - 9 * DAY_MS, 50, BARE);
    for check in tidegate::posture::CHECKS.iter().filter(|check| check.id.starts_with("traffic.")) {
        assert_eq!(empty.outcome(check.id), ("unknown", 0, None), "{}", check.id);
    }
}

#[test]
fn rows_that_show_it_are_named_and_can_be_listed() {
    let world = World::new();
    world.log(100, PAGE);
    world.log(7, BARE);
    let judged = world.judged("traffic.direct_ip");
    let seen = judged.evidence[0].rows.as_ref().unwrap();
    assert_eq!((seen.count, &seen.newest[..]), (7, &[107, 106, 105, 104, 103][..]));
    let link = seen.link.as_deref().unwrap();
    assert!(link.starts_with("/api/logs?tag=ip_literal&outcome=allowed&from=2025-12-25T"), "{link}");
    // Evidence tells no address, user or host.
    let said: Vec<String> = world.report().checks.iter().map(|judged| format!("{:?}", judged.evidence)).collect();
    let said = said.concat();
    for personal in ["10.0.0.1", "203.0.113.9", "ada", "example.com"] {
        assert!(!said.contains(personal), "{personal}");
    }
}

#[test]
fn what_is_declared_earns_little_until_it_is_proven_and_nothing_when_it_is_refuted() {
    let declared = World::new();
    assert_eq!(declared.outcome("settings.direct_ip"), ("failed", 0, None));
    declared.set("direct_ip_blocked", "true");
    assert_eq!(declared.outcome("settings.direct_ip"), ("partial", 2, None));
    declared.log(10, PAGE);
    assert_eq!(declared.outcome("settings.direct_ip"), ("partial", 4, None));
    declared.log(3, BARE_DENIED);
    assert_eq!(declared.outcome("settings.direct_ip"), ("passed", 6, None));
    declared.log(2, BARE);
    assert_eq!(declared.outcome("settings.direct_ip"), ("contradicted", 0, Some(2)));
    let judged = declared.judged("settings.direct_ip");
    assert_eq!(judged.evidence[0].setting, Some(("direct_ip_blocked", true.into())));
    assert_eq!(judged.evidence[1].rows.as_ref().unwrap().newest, [15, 14]);
    assert!(judged.recommendation.unwrap().contains("withdraw the setting"));
    // squid.conf says one thing, traffic another: traffic counts.
    let by_conf = World { squid_conf: Some(HARDENED), ..World::new() };
    assert_eq!(by_conf.outcome("settings.direct_ip"), ("passed", 6, None));
    by_conf.log(1, BARE);
    assert_eq!(by_conf.outcome("settings.direct_ip"), ("failed", 0, Some(1)));
}

#[test]
fn https_is_looked_into_where_requests_inside_are_logged() {
    let id = "settings.https_filtering";
    let world = World::new();
    assert_eq!(world.outcome(id).0, "failed");
    world.set("https_filtered", "true");
    assert_eq!(world.outcome(id), ("partial", 2, None));
    world.log(20, PAGE);
    assert_eq!(world.outcome(id), ("contradicted", 0, Some(20)));
    world.log(1, "10.0.0.1 TCP_MISS/200 GET https://www.example.com/ ada");
    assert_eq!(world.outcome(id), ("passed", 5, None));
    let by_conf = World { squid_conf: Some("http_port 3128\n"), ..World::new() };
    by_conf.set("https_filtered", "true");
    assert_eq!(by_conf.outcome(id).0, "contradicted");
    assert_eq!(World { squid_conf: Some(HARDENED), ..World::new() }.outcome(id), ("passed", 5, None));
}

#[test]
fn squid_conf_that_traffic_does_not_follow_proves_nothing() {
    let world = World { squid_conf: Some(HARDENED), ..World::new() };
    assert_eq!(world.outcome("squid.connect_ports").0, "passed");
    assert_eq!(world.outcome("squid.authentication").0, "passed");
    world.log(3, "10.0.0.1 TCP_TUNNEL/200 CONNECT www.example.com:22 -");
    assert_eq!(world.outcome("squid.connect_ports"), ("contradicted", 0, Some(3)));
    assert_eq!(world.outcome("squid.authentication"), ("contradicted", 0, Some(3)));
    // One user shows that logins work.
    world.log(1, PAGE);
    assert_eq!(world.outcome("squid.authentication").0, "passed");
}

#[test]
fn each_setting_earns_by_what_shows_it() {
    let id = "settings.waf";
    let world = World::new();
    assert_eq!(world.outcome(id), ("partial", 6, None));
    world.log(5, PAGE);
    assert_eq!(world.outcome(id), ("passed", 8, None));
    world.set("waf_block_threshold", "50");
    assert_eq!(world.outcome(id), ("partial", 6, None));
    world.set("waf_enabled", "false");
    assert_eq!(world.outcome(id), ("failed", 0, None));
    world.log(4, PAGE);
    world.set("waf_enabled", "true");
    assert_eq!(world.outcome(id), ("contradicted", 0, Some(4)));

    let id = "settings.rate_limit";
    let world = World::new();
    assert_eq!(world.outcome(id).1, 4);
    world.set("api_burst_rate", "10000");
    assert_eq!(world.outcome(id).1, 3);
    world.set("api_trust_proxy_headers", "true");
    world.set("api_trusted_proxies", "0.0.0.0/0");
    assert_eq!(world.outcome(id).1, 2);
    world.set("api_rate_limit_enabled", "false");
    assert_eq!(world.outcome(id), ("failed", 0, None));

    let id = "settings.gdpr";
    let world = World::new();
    assert_eq!(world.outcome(id), ("failed", 0, None));
    world.set("gdpr_mode", "true");
    assert_eq!(world.outcome(id), ("partial", 3, None));
    world.set("gdpr_reveal_needs_approval", "true");
    world.set("gdpr_store_pseudonymised", "true");
    assert_eq!(world.outcome(id), ("partial", 5, None));
    world.log(2, PAGE);
    assert_eq!(world.outcome(id), ("passed", 6, None));
    world.set("gdpr_store_pseudonymised", "false");
    world.log(3, PAGE);
    world.set("gdpr_store_pseudonymised", "true");
    assert_eq!(world.outcome(id), ("contradicted", 0, Some(3)));

    let id = "settings.retention";
    let world = World::new();
    assert_eq!(world.outcome(id), ("partial", 2, None));
    world.log(1, PAGE);
    assert_eq!(world.outcome(id), ("passed", 4, None));
    world.set("log_retention_days", "365");
    assert_eq!(world.outcome(id), ("partial", 2, None));
    world.log_at(NOON.0 - 400 * DAY_MS, 9, PAGE);
    assert_eq!(world.outcome(id), ("contradicted", 0, Some(9)));
}

#[test]
fn accounts_and_the_audit_log_are_looked_at_themselves() {
    let world = World::new();
    let password = Password::new(PASSWORD).unwrap();
    ensure_admin(&world.control, &AccountName::new("admin").unwrap(), Some(&password)).unwrap();
    let sql = |text: &str| {
        rusqlite::Connection::open(world.control.path()).unwrap().execute_batch(text).unwrap();
    };
    // No second factor.
    assert_eq!(world.outcome("settings.credentials"), ("partial", 4, None));
    sql("UPDATE account SET totp_sealed = 'x', totp_confirmed = 1");
    assert_eq!(world.outcome("settings.credentials"), ("passed", 8, None));
    world.set("password_min_length", "8");
    sql("UPDATE account SET must_change_password = 1");
    assert_eq!(world.outcome("settings.credentials"), ("partial", 6, None));
    world.clock.set(Timestamp(NOON.0 + 91 * DAY_MS));
    assert_eq!(world.outcome("settings.credentials"), ("partial", 5, None));

    assert_eq!(world.outcome("settings.audit"), ("passed", 6, None));
    world.set("audit_retention_days", "30");
    assert_eq!(world.outcome("settings.audit"), ("partial", 4, None));
    sql("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET username = 'nobody' WHERE id = 1");
    assert_eq!(world.outcome("settings.audit"), ("failed", 0, None));
}

#[test]
fn a_score_is_kept_with_what_it_was_made_of() {
    let world = World { squid_conf: Some(HARDENED), ..World::new() };
    let report = world.report();
    let kept = record(&world.control, &report).unwrap();
    assert_eq!((kept.at, kept.score), (NOON, report.score));
    assert_eq!(kept.points[1], (70, 70));
    assert_eq!(kept.points[2], (0, 0));
    assert_eq!(world.control.posture_history(NOON).unwrap(), [kept]);
}
