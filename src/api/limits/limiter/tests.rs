//! Each limit at its edge, callers apart from each other, and memory that stays bounded without letting anybody off.

use super::super::who::Way;
use super::*;
use crate::control::settings::Settings;
use crate::model::FixedClock;

const NOW: i64 = 1_767_225_600_000;
const PLAIN: Charge = Charge { class: None, quota: None };
const LIST: Charge = Charge { class: Some(Class::List), quota: Some(Quota::Query) };

struct Scene {
    clock: Arc<FixedClock>,
    limiter: Limiter,
    rules: Rules,
}

fn scene() -> Scene {
    let clock = Arc::new(FixedClock::at(Timestamp(NOW)));
    let settings = Settings::default();
    let limiter = Limiter::new(clock.clone(), &settings);
    let rules = limiter.rules(&settings).unwrap();
    Scene { clock, limiter, rules }
}

impl Scene {
    fn ask(&self, who: Who, charge: Charge) -> Result<Standing, Refusal> {
        self.limiter.take(&self.rules, who, None, charge)
    }

    fn ask_from(&self, address: &str) -> Result<Standing, Refusal> {
        let address = address.parse().unwrap();
        self.limiter.take(&self.rules, Who::of(None, Some(address)), Some(address), PLAIN)
    }

    fn later(&self, ms: i64) {
        self.clock.set(Timestamp(self.clock.now().0 + ms));
    }
}

fn by(way: Way) -> Who {
    Who::Principal { account: 1, way }
}

#[test]
fn every_limit_holds_at_its_edge() {
    let charge = |class| Charge { class: Some(class), quota: None };
    for (way, charge, limit, wait_ms) in [
        (Way::Password, PLAIN, 60, 50),
        (Way::Session, PLAIN, 600, 5),
        (Way::ApiKey(1), charge(Class::Coverage), 10, 6000),
        (Way::ApiKey(1), charge(Class::Expensive), 10, 6000),
        (Way::Session, charge(Class::List), 60, 1000),
        (Way::Session, charge(Class::Detail), 300, 200),
    ] {
        let scene = scene();
        for n in 1..=limit {
            let standing = scene.ask(by(way), charge).unwrap();
            assert_eq!((standing.limit, standing.remaining), (limit, limit - n), "{way:?} {charge:?}");
        }
        let refusal = scene.ask(by(way), charge).unwrap_err();
        assert_eq!((refusal.wait_ms, refusal.standing.remaining), (wait_ms, 0), "{way:?} {charge:?}");
        scene.later(wait_ms - 1);
        assert!(scene.ask(by(way), charge).is_err());
        scene.later(1);
        assert!(scene.ask(by(way), charge).is_ok());
        assert!(scene.ask(by(way), charge).is_err());
    }
}

#[test]
fn quotas_are_each_keys_own_and_end_with_the_hour() {
    let scene = scene();
    let ingest = Charge { class: None, quota: Some(Quota::Ingest) };
    // As fast as the burst bucket lets through.
    let mut standing = None;
    for _ in 0..10_000 {
        scene.later(50);
        standing = Some(scene.ask(by(Way::ApiKey(1)), ingest).unwrap());
    }
    assert_eq!(standing.map(|one| (one.limit, one.remaining)), Some((10_000, 0)));
    let refusal = scene.ask(by(Way::ApiKey(1)), ingest).unwrap_err();
    assert_eq!(refusal.wait_ms, 3_600_000 - 500_000);
    // What the one quota refuses, others don't: another key, a person, another quota, no quota.
    for (way, charge) in
        [(Way::ApiKey(2), ingest), (Way::Password, ingest), (Way::ApiKey(1), LIST), (Way::ApiKey(1), PLAIN)]
    {
        assert!(scene.ask(by(way), charge).is_ok(), "{way:?}");
    }
    scene.later(refusal.wait_ms);
    assert!(scene.ask(by(Way::ApiKey(1)), ingest).is_ok());
}

#[test]
fn what_one_limit_turns_away_counts_against_none() {
    let scene = scene();
    let coverage = Charge { class: Some(Class::Coverage), quota: None };
    (0..10).for_each(|_| assert!(scene.ask(by(Way::Password), coverage).is_ok()));
    (0..100).for_each(|_| assert!(scene.ask(by(Way::Password), coverage).is_err()));
    assert_eq!(scene.ask(by(Way::Password), PLAIN).unwrap().remaining, 49);
}

#[test]
fn neighbours_in_a_64_are_one_and_others_are_not() {
    let scene = scene();
    for n in 0..60 {
        scene.ask_from(&format!("2001:db8::{n:x}")).unwrap();
    }
    assert!(scene.ask_from("2001:db8::ffff").is_err());
    assert!(scene.ask_from("2001:db8:0:1::1").is_ok());
    assert!(scene.ask_from("192.0.2.1").is_ok());
}

#[test]
fn the_turned_away_are_listed_until_all_is_back_and_can_be_let_in() {
    let scene = scene();
    for _ in 0..63 {
        let _ = scene.ask_from("192.0.2.1");
    }
    let _ = scene.ask_from("192.0.2.2");
    let peer = |blocked| BlockedPeer {
        address: "192.0.2.1".parse().unwrap(),
        attempts: 3,
        blocked,
        expires_at: Timestamp(NOW + 3000),
    };
    assert_eq!(scene.limiter.list(), [peer(true)]);
    scene.later(50);
    assert_eq!(scene.limiter.list(), [peer(false)]);
    scene.later(2950);
    assert!(scene.limiter.list().is_empty());
    for _ in 0..61 {
        let _ = scene.ask_from("192.0.2.1");
    }
    assert_eq!(scene.limiter.list()[0].attempts, 1, "what was forgotten counts no more");
    assert!(scene.limiter.clear("192.0.2.1".parse().unwrap()));
    assert!(!scene.limiter.clear("192.0.2.1".parse().unwrap()));
    assert!(scene.ask_from("192.0.2.1").is_ok());
}

#[test]
fn memory_is_bounded_and_no_flood_lets_anybody_off() {
    let scene = scene();
    for _ in 0..60 {
        let _ = scene.ask_from("192.0.2.1");
    }
    assert!(scene.ask_from("192.0.2.1").is_err());
    for _ in 0..10 {
        let _ = scene.ask(by(Way::ApiKey(7)), LIST);
    }
    let flood = (SHARDS * MOST_PER_SHARD * 3) as u32;
    for n in 0..flood {
        let _ = scene.ask_from(&std::net::Ipv4Addr::from_bits(n + (10 << 24)).to_string());
    }
    assert!(scene.limiter.tracked() <= SHARDS * MOST_PER_SHARD);
    assert!(scene.ask_from("192.0.2.1").is_err(), "a flood let the blocked in");
    assert_eq!(scene.ask(by(Way::ApiKey(7)), PLAIN).unwrap().remaining, 49, "a flood reset a principal");
    // Once everything is back, nobody is remembered for longer than it takes to make room.
    scene.later(2 * 3_600_000);
    for n in 0..flood {
        let _ = scene.ask_from(&std::net::Ipv4Addr::from_bits(n + (11 << 24)).to_string());
    }
    assert!(!scene.limiter.shards.iter().any(|shard| shard.lock().contains_key(&by(Way::ApiKey(7)))));
}

#[test]
fn other_settings_hold_at_once() {
    let clock = Arc::new(FixedClock::at(Timestamp(NOW)));
    let limiter = Limiter::new(clock, &Settings::default());
    let dir = tempfile::tempdir().unwrap();
    let mut off = crate::control::settings::SettingDefaults::default();
    off.insert("api_rate_limit_enabled", &crate::control::settings::SettingValue::Bool(false)).unwrap();
    let control = crate::control::ControlDb::open(dir.path(), Arc::new(FixedClock::default()), off).unwrap();
    assert!(limiter.rules(&control.settings()).is_none());
    assert!(limiter.rules(&Settings::default()).is_some());
}
