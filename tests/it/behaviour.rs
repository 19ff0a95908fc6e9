//! Detectors over a real store: what somebody plants is found, and ordinary traffic is not.

use std::fmt::Write as _;
use std::sync::Arc;
use tidegate::behaviour::{DETECTORS, Found, MOST_DAYS, detect, tell, window};
use tidegate::classify::CLASSIFIERS;
use tidegate::control::settings::{SETTINGS, SettingDefaults, SettingValue};
use tidegate::control::{Actor, ControlDb};
use tidegate::format::resolve;
use tidegate::model::{
    Batch, DAY_MS, FixedClock, HOUR_MS, Lens, People, PseudonymKey, SourceName, Storing, TimeRange, Timestamp,
};
use tidegate::pipeline::parse_chunk;
use tidegate::sample;
use tidegate::source::Chunk;
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// When the log ends: midnight, 15 January 2026.
const END: Timestamp = Timestamp(1_768_435_200_000);

struct World {
    store: ColumnarStore,
    control: ControlDb,
    _dir: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(END));
        let store = ColumnarStore::open(dir.path(), CLASSIFIERS, clock.clone()).unwrap();
        let control = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
        World { store, control, _dir: dir }
    }

    fn set(&self, name: &str, value: &str) {
        self.control.set_setting(name, SettingValue::Text(value.to_owned()), &Actor::system("test")).unwrap();
    }

    /// Stores lines of a format, whatever their order.
    fn log(&self, format: &str, bytes: Vec<u8>) -> u64 {
        let mut storing = Storing { lens: Lens::PLAIN, scorer: None };
        let source = SourceName { name: "squid".into(), host: "proxy1".into(), format: format.into() };
        let chunk = Chunk { end: bytes.len() as u64, bytes, ..Chunk::default() };
        let (mut prepared, mut format) = (Vec::new(), resolve(format).unwrap());
        let parsed =
            parse_chunk::<()>(&mut format, &source, &chunk, &mut storing, &mut Batch::default(), |batch, _| {
                prepared.push(self.store.prepare(batch).unwrap());
                Ok(())
            });
        self.store.append(prepared, &[]).unwrap();
        parsed.unwrap().stored
    }

    /// Lines of so many days, of a company that does nothing but work.
    fn office(&self, lines: u64, days: i64) {
        let options = sample::Options {
            lines,
            start_ms: END.0 - days * DAY_MS,
            days: u32::try_from(days).unwrap(),
            story: false,
            ..sample::Options::bench(lines)
        };
        let mut bytes = Vec::new();
        sample::write(&options, &mut bytes).unwrap();
        self.log("squid", bytes);
    }

    fn look(&self, days: i64) -> Found {
        let range = window(&self.store, days, END).unwrap();
        detect(&self.store, &self.control.settings(), range, END).unwrap()
    }

    fn names(&self, days: i64) -> Vec<String> {
        self.look(days).findings.into_iter().map(|finding| finding.detector).collect()
    }
}

/// A squid line so many milliseconds before the end.
fn line(text: &mut String, before_ms: i64, client: &str, result: &str, taken_ms: u64, rest: &str) {
    let at = END.0 - before_ms;
    let (seconds, ms) = (at.div_euclid(1000), at.rem_euclid(1000));
    writeln!(text, "{seconds}.{ms:03} {taken_ms} {client} {result} 512 {rest} - HIER_DIRECT/203.0.113.9 -").unwrap();
}

/// Calls every `period_ms`, each pause up to `jitter` percent off, over the days before the end.
fn beacon(client: &str, host: &str, (period_ms, jitter): (i64, i64), days: i64, seed: u64) -> String {
    let (mut text, mut before, mut state) = (String::new(), days * DAY_MS - 12_345, seed | 1);
    while before > 0 {
        line(&mut text, before, client, "TCP_TUNNEL/200", 120, &format!("CONNECT {host}:443"));
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let swing = (state >> 33) as i64 % (2 * jitter + 1) - jitter;
        before -= period_ms + period_ms * swing / 100;
    }
    text
}

#[test]
fn regular_calls_are_found_whatever_their_period_and_jitter() {
    let world = World::new();
    world.office(60_000, 7);
    let mut planted = Vec::new();
    let mut text = String::new();
    for (at, period_s) in [10, 60, 300, 3_600, 21_600].into_iter().enumerate() {
        for (nth, jitter) in [0, 10, 20, 30].into_iter().enumerate() {
            let (client, host) = (format!("10.99.{at}.{nth}"), format!("c{at}-{nth}.example.net"));
            let days = if period_s < 300 { 1 } else { 7 };
            text += &beacon(&client, &host, (period_s * 1000, jitter), days, 7 + period_s as u64);
            planted.push((client, format!("{host}:443"), period_s as f64, jitter as f64));
        }
    }
    world.log("squid", text.into_bytes());
    let found = world.look(7);
    let told: Vec<_> =
        found.findings.iter().map(|finding| (finding, tell(finding, &Lens::PLAIN, &People::default()))).collect();
    for (client, destination, period_s, jitter) in &planted {
        let found = told.iter().find(|(_, told)| told.destination.as_deref() == Some(destination));
        let (finding, told) = found.unwrap_or_else(|| panic!("{period_s} s, {jitter}% is not found"));
        assert_eq!((&*finding.detector, told.client.as_deref()), ("beacon", Some(&**client)));
        let (period, measured) = (finding.measure("period_seconds"), finding.measure("jitter_pct"));
        assert!((period / period_s - 1.0).abs() < 0.1, "{period_s} s is taken for {period}");
        assert!((measured - jitter).abs() <= 8.0, "{jitter}% is taken for {measured}");
        assert_eq!(finding.evidence.len(), finding.requests.min(20) as usize);
    }
    assert_eq!(told.len(), planted.len(), "{told:#?}");
}

#[test]
fn calls_at_random_times_or_to_where_everybody_calls_are_none() {
    let world = World::new();
    let mut text = String::new();
    let mut state = 1_u64;
    for client in 0..40 {
        // Exponential pauses, of one client to a place of its own.
        let mut before = 6 * DAY_MS;
        while before > 0 {
            line(
                &mut text,
                before,
                &format!("10.5.0.{client}"),
                "TCP_TUNNEL/200",
                9,
                &format!("CONNECT own{client}.example:443"),
            );
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            before -= (-((state >> 11) as f64 / (1_u64 << 53) as f64).max(1e-9).ln() * 600_000.0) as i64 + 1;
        }
        // An updater that everybody has.
        text += &beacon(&format!("10.5.0.{client}"), "updates.example", (900_000, 3), 2, client);
    }
    world.log("squid", text.into_bytes());
    assert_eq!(world.names(7), [""; 0]);
    world.set("rare_clients_pct", "100");
    assert_eq!(world.names(7), ["beacon"; 40]);
}

#[test]
fn each_detector_finds_what_it_is_for_and_can_be_switched_off() {
    type Plant = fn(&mut String);
    let cases: [(&str, Plant, &str); 8] = [
        (
            "auth_spray",
            |text| {
                for nth in 0..300 {
                    let rest = format!("CONNECT www.example:443 user{} HIER_NONE/- -\n", nth % 40);
                    let at = (END.0 - 20 * HOUR_MS + nth * nth * 30) as f64 / 1000.0;
                    write!(text, "{at:.3} 1 10.9.0.1 TCP_DENIED/407 512 {rest}").unwrap();
                }
            },
            "10.9.0.1 tried 40 user names within an hour; 300 logins failed in 45 minutes.",
        ),
        (
            "upload",
            |text| {
                for nth in 0..900 {
                    line(
                        text,
                        20 * HOUR_MS - nth * nth * 11,
                        "10.9.0.2",
                        "TCP_MISS/200",
                        8_000,
                        "POST http://up.drop.example/a",
                    );
                }
            },
            "10.9.0.2 sent to up.drop.example:80 for 2 hours within a day, in 900 requests that got next to nothing back.",
        ),
        (
            "denied_burst",
            |text| {
                for nth in 0..250 {
                    line(
                        text,
                        9 * HOUR_MS - nth * 1_000,
                        "10.9.0.3",
                        "TCP_DENIED/403",
                        1,
                        &format!("GET http://bad{}.example/x.exe", nth % 3),
                    );
                }
            },
            "10.9.0.3 was refused 250 times in 4.2 minutes, at most 250 times within five minutes.",
        ),
        (
            "fan_out",
            |text| {
                for nth in 0..650 {
                    line(
                        text,
                        9 * HOUR_MS - nth * 500,
                        "10.9.0.4",
                        "TCP_MISS/200",
                        1,
                        &format!("GET http://h{nth}.example/"),
                    );
                }
            },
            "10.9.0.4 asked for 650 destinations within ten minutes, in 650 requests.",
        ),
        (
            "tunnel",
            |text| {
                for nth in 0_u64..150 {
                    let name = format!(
                        "{:016x}{:08x}",
                        nth.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                        nth.wrapping_mul(0x85eb_ca6b) as u32
                    );
                    line(
                        text,
                        9 * HOUR_MS - nth as i64 * 61_000,
                        "10.9.0.5",
                        "TCP_TUNNEL/200",
                        1,
                        &format!("CONNECT {name}.t.example:443"),
                    );
                }
            },
            "10.9.0.5 asked t.example for 125 made-up host names, in 150 requests over 2.5 hours.",
        ),
        (
            "new_service",
            |text| {
                line(text, 6 * DAY_MS, "10.9.0.6", "TCP_MISS/200", 1, "GET http://work.example/");
                for nth in 0..20 {
                    line(text, 9 * HOUR_MS - nth * nth * 7_000, "10.9.0.6", "TCP_TUNNEL/200", 1, "CONNECT mega.nz:443");
                }
            },
            "10.9.0.6 uses MEGA, which it had not for 5 days and nobody sanctioned: 20 requests.",
        ),
        (
            "new_domain",
            |text| {
                line(text, 6 * DAY_MS, "10.9.0.7", "TCP_MISS/200", 1, "GET http://work.example/");
                for nth in 0..1_100 {
                    line(
                        text,
                        9 * HOUR_MS - nth * nth * 25,
                        "10.9.0.7",
                        "TCP_MISS/200",
                        1,
                        "GET http://www.unheard.example/",
                    );
                }
            },
            "10.9.0.7 asked 1,100 times, in 9 hours, for unheard.example, which nobody had asked for before.",
        ),
        (
            "volume_out",
            |text| {
                // To forty places, so that no one of them is a large upload.
                for (day, places, bytes) in
                    [(0, 1, 20_000_000), (1, 40, 50_000_000), (2, 1, 20_000_000), (3, 1, 20_000_000)]
                {
                    for place in 0..places {
                        let at = (END.0 - day * DAY_MS - 5 * HOUR_MS) as f64 / 1000.0;
                        writeln!(text, "{at:.3} 10.9.0.8 TCP_TUNNEL/200 512 CONNECT w{place}.example:443 {bytes}")
                            .unwrap();
                    }
                }
            },
            "10.9.0.8 sent 2.0 GB in a day; on its other days it was 20 MB.",
        ),
    ];
    for (name, plant, sentence) in cases {
        let world = World::new();
        let mut text = String::new();
        plant(&mut text);
        let format =
            if name == "volume_out" { "logformat %ts.%03tu %>a %Ss/%03>Hs %<st %rm %ru %>st" } else { "squid" };
        let lines = text.lines().count() as u64;
        assert_eq!(world.log(format, text.into_bytes()), lines);
        let found = world.look(7);
        let told: Vec<_> =
            found.findings.iter().map(|finding| tell(finding, &Lens::PLAIN, &People::default()).summary).collect();
        assert_eq!(told, [sentence], "{name}");
        let finding = &found.findings[0];
        assert_eq!((&*finding.detector, found.rows), (name, lines));
        assert!(!finding.evidence.is_empty() && finding.evidence.is_sorted());
        assert_eq!(found.blind.contains(&"volume_out"), name != "volume_out");
        // Nobody who may not see the address finds it in the sentence.
        let masked = tell(finding, &Lens::pseudonyms(PseudonymKey::new([1; 32])), &People::default());
        assert!(masked.summary.starts_with("c-") && !masked.summary.contains("10.9.0."), "{}", masked.summary);
        world.set("findings_disabled", name);
        assert_eq!(world.names(7), [""; 0], "{name}");
    }
}

#[test]
fn a_company_that_does_nothing_but_work_raises_no_alarm() {
    let world = World::new();
    world.office(200_000, 14);
    let found = world.look(7);
    let told: Vec<_> =
        found.findings.iter().map(|finding| tell(finding, &Lens::PLAIN, &People::default()).summary).collect();
    assert_eq!(told, [""; 0]);
    assert!(found.rows > 80_000, "{}", found.rows);
}

#[test]
fn the_window_ends_with_the_newest_row_and_is_no_longer_than_detectors_look() {
    let world = World::new();
    assert_eq!(world.look(7), Found::default());
    world.log("squid", beacon("10.0.0.1", "c.example", (3_600_000, 0), 40, 3).into_bytes());
    let later = Timestamp(END.0 + 90 * DAY_MS);
    let range = window(&world.store, 7, later).unwrap();
    assert!(range.until.0 - END.0 <= HOUR_MS && range.until.0 - range.from.0 == 7 * DAY_MS, "{range:?}");
    let found = detect(&world.store, &world.control.settings(), TimeRange::ALL, later).unwrap();
    assert_eq!(found.rows as i64, MOST_DAYS * 24, "{found:?}");
    assert_eq!(found.findings.len(), 1);
}

#[test]
fn detectors_have_names_words_and_registered_settings() {
    for (at, detector) in DETECTORS.iter().enumerate() {
        assert!(DETECTORS[..at].iter().all(|other| other.name != detector.name), "{} is there twice", detector.name);
        assert!(detector.help.ends_with('.') && detector.advice.ends_with('.'), "{}", detector.name);
        assert!(detector.technique.starts_with('T'), "{}", detector.name);
        for setting in detector.settings {
            assert!(SETTINGS.iter().any(|spec| spec.name == *setting), "{setting} is no setting");
        }
    }
}
