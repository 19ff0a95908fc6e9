//! The scripts of the planted findings: who asks for what, how often, with what result.
//!
//! Native logs hold the bytes sent to the client and not those received from it: the upload shows
//! in its number, its times, its durations and the offsets in its addresses, not in a byte column.
//! Names of real services are destinations only.

use super::attacks;
use super::clients::{FIRST, LAST};
use super::clock::{self, DAY_MS, HOUR_MS};
use super::line::{Address, Peer};
use super::outcome::Outcome;
use super::rng::Rng;
use super::story::{Event, Stage};
use super::text;

/// A finding and how it comes about.
pub(super) struct Script {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) target: &'static str,
    pub(super) play: fn(&mut Stage) -> Vec<Event>,
}

/// All findings; the first are the last to be left out when a log is small.
pub(super) const SCRIPTS: [Script; 7] = [
    Script {
        name: "beacon",
        summary: "One client calls a single odd domain every 300 seconds, give or take 5 percent.",
        target: "sync.xk7qzt0f2w.test:443",
        play: beacon,
    },
    Script {
        name: "denied-burst",
        summary: "One client runs into hundreds of refusals within six minutes.",
        target: "getfreecodecs.test",
        play: denied_burst,
    },
    Script {
        name: "password-spray",
        summary: "From one client hundreds of user names are tried in an hour; one gets through.",
        target: "",
        play: password_spray,
    },
    Script {
        name: "night-upload",
        summary: "Ten gigabytes leave for a transfer site in 8 MiB pieces between 1 and 5 at night.",
        target: "filedrop-transfer.test",
        play: night_upload,
    },
    Script {
        name: "scanner",
        summary: "One client tries attack strings on a single web site for twelve minutes.",
        target: "shop.example.org",
        play: scanner,
    },
    Script {
        name: "crypto-miner",
        summary: "One client keeps connections to bare addresses on mining ports, day and night.",
        target: ":3333",
        play: miner,
    },
    Script {
        name: "shadow-it",
        summary: "A few clients use file, paste and chat services nobody has approved.",
        target: "",
        play: shadow_it,
    },
];

fn address(text: [u8; 4]) -> Peer {
    Peer::Direct(Address::V4(text))
}

/// A tunnel with nothing special about it, to be varied.
fn tunnel(time_ms: i64, client: u32, host_port: &str, peer: Peer) -> Event {
    Event {
        time_ms,
        elapsed_ms: 0,
        client,
        outcome: Outcome::Tunnel200,
        sent_bytes: 0,
        method: "CONNECT",
        url: host_port.as_bytes().to_vec(),
        user: None,
        peer,
        mime: "-",
    }
}

/// Times from `from_ms` to `until_ms`, `mean_ms` apart, each gap up to `jitter` percent off.
fn ticks(rng: &mut Rng, from_ms: i64, until_ms: i64, mean_ms: u32, jitter: u32) -> Vec<i64> {
    let spread_ms = mean_ms / 100 * jitter;
    let mut times = Vec::new();
    let mut time_ms = from_ms;
    while time_ms < until_ms {
        times.push(time_ms);
        time_ms += i64::from(rng.between(mean_ms - spread_ms, mean_ms + spread_ms));
    }
    times
}

fn beacon(stage: &mut Stage) -> Vec<Event> {
    let (client, from_ms) = (stage.client(1), stage.start_ms.max(stage.end_ms - 6 * DAY_MS));
    let peer = address([203, 0, 113, 140]);
    ticks(&mut stage.rng, from_ms, stage.end_ms, 300_000, 5)
        .into_iter()
        .map(|time_ms| Event {
            elapsed_ms: u64::from(stage.rng.between(410, 690)),
            sent_bytes: u64::from(stage.rng.between(1_312, 1_344)),
            ..tunnel(time_ms, client, "sync.xk7qzt0f2w.test:443", peer)
        })
        .collect()
}

fn denied_burst(stage: &mut Stage) -> Vec<Event> {
    let (client, from_ms) = (stage.client(3), stage.at_work(1, 10, 12));
    let rng = &mut stage.rng;
    ticks(rng, from_ms, from_ms + 6 * 60_000, 540, 80)
        .into_iter()
        .map(|time_ms| {
            let mut url = Vec::new();
            let template = rng.pick(&[
                "http://dl{n}.getfreecodecs.test/setup/{w}-{h}.exe",
                "http://www.getfreecodecs.test/landing/{w}?c={h}",
                "http://ads.popwin-media.test/serve?z={n}&h={h}",
            ]);
            attacks::fill(&mut url, template, rng);
            Event {
                sent_bytes: 3_780 + 2 * url.len() as u64,
                elapsed_ms: u64::from(rng.below(3)),
                outcome: Outcome::Denied403,
                method: "GET",
                mime: "text/html",
                url,
                ..tunnel(time_ms, client, "", Peer::None)
            }
        })
        .collect()
}

fn password_spray(stage: &mut Stage) -> Vec<Event> {
    let (client, from_ms) = (stage.client(5), stage.at(3, 3, 0));
    let rng = &mut stage.rng;
    let service = ["admin", "administrator", "svc-backup", "helpdesk", "scanner", "test", "root"];
    let target = "www.example.com:443";
    let mut events: Vec<Event> = ticks(rng, from_ms, from_ms + HOUR_MS, 3_900, 60)
        .into_iter()
        .enumerate()
        .map(|(nth, time_ms)| {
            // Every name has its turn once per round, as a spray does to avoid locking accounts.
            let turn = nth % 310;
            let user = match service.get(turn) {
                Some(name) => (*name).to_owned(),
                None => format!("{}.{}", FIRST[turn % FIRST.len()], LAST[turn % LAST.len()]),
            };
            Event {
                elapsed_ms: u64::from(rng.below(4)),
                outcome: Outcome::Denied407,
                sent_bytes: 4_010 + 2 * target.len() as u64,
                user: Some(user),
                mime: "text/html",
                ..tunnel(time_ms, client, target, Peer::None)
            }
        })
        .collect();
    for nth in 0..6 {
        events.push(Event {
            elapsed_ms: u64::from(rng.between(900, 40_000)),
            sent_bytes: u64::from(rng.between(5_000, 900_000)),
            user: Some("svc-backup".to_owned()),
            ..tunnel(from_ms + HOUR_MS + nth * 41_307, client, target, address([192, 0, 2, 80]))
        });
    }
    events
}

fn night_upload(stage: &mut Stage) -> Vec<Event> {
    const PIECE_BYTES: u64 = 8 << 20;
    let (client, from_ms) = (stage.client(7), stage.at(2, 1, 8));
    let rng = &mut stage.rng;
    let mut upload = Vec::new();
    text::uuid(&mut upload, rng);
    ticks(rng, from_ms, from_ms + 3 * HOUR_MS + 20 * 60_000, 9_600, 40)
        .into_iter()
        .enumerate()
        .map(|(nth, time_ms)| {
            let mut url = b"https://up2.filedrop-transfer.test/api/v2/uploads/".to_vec();
            url.extend_from_slice(&upload);
            url.extend_from_slice(b"?offset=");
            text::number(&mut url, nth as u64 * PIECE_BYTES);
            url.extend_from_slice(b"&size=");
            text::number(&mut url, PIECE_BYTES);
            Event {
                elapsed_ms: u64::from(rng.between(5_200, 13_500)),
                outcome: Outcome::Miss200,
                sent_bytes: u64::from(rng.between(388, 402)),
                method: "POST",
                mime: "application/json",
                url,
                ..tunnel(time_ms, client, "", address([198, 51, 100, 201]))
            }
        })
        .collect()
}

fn scanner(stage: &mut Stage) -> Vec<Event> {
    let (client, from_ms) = (stage.client(9), stage.at_work(5, 14, 20));
    let rng = &mut stage.rng;
    ticks(rng, from_ms, from_ms + 12 * 60_000, 500, 90)
        .into_iter()
        .map(|time_ms| {
            let mut url = b"http://shop.example.org".to_vec();
            let path = rng.pick(&attacks::PATHS);
            attacks::fill(&mut url, path, rng);
            let (outcome, sent_bytes) = rng.weighted(&[
                ((Outcome::Miss404, 1_466), 620),
                ((Outcome::Miss403, 1_210), 190),
                ((Outcome::Miss200, 18_804), 90),
                ((Outcome::Miss400, 830), 60),
                ((Outcome::Miss500, 2_377), 40),
            ]);
            Event {
                elapsed_ms: u64::from(rng.between(21, 160)),
                outcome,
                sent_bytes: sent_bytes + u64::from(rng.below(30)),
                method: if rng.below(9) == 0 { "POST" } else { "GET" },
                mime: "text/html",
                url,
                ..tunnel(time_ms, client, "", address([203, 0, 113, 25]))
            }
        })
        .collect()
}

fn miner(stage: &mut Stage) -> Vec<Event> {
    let (client, from_ms) = (stage.client(13), stage.start_ms.max(stage.end_ms - 9 * DAY_MS));
    let rng = &mut stage.rng;
    ticks(rng, from_ms, stage.end_ms, 600_000, 12)
        .into_iter()
        .map(|time_ms| {
            let (host_port, peer) = rng.weighted(&[
                (("203.0.113.77:3333", address([203, 0, 113, 77])), 780),
                (("198.51.100.23:14444", address([198, 51, 100, 23])), 220),
            ]);
            Event {
                elapsed_ms: u64::from(rng.between(480_000, 601_000)),
                sent_bytes: u64::from(rng.between(21_000, 64_000)),
                ..tunnel(time_ms, client, host_port, peer)
            }
        })
        .collect()
}

fn shadow_it(stage: &mut Stage) -> Vec<Event> {
    /// Service, what stands in for its address, and which planted client prefers it.
    const SERVICES: [(&str, [u8; 4], u32); 10] = [
        ("www.dropbox.com:443", [198, 18, 4, 11], 2),
        ("api.dropboxapi.com:443", [198, 18, 4, 19], 2),
        ("wetransfer.com:443", [198, 18, 61, 3], 4),
        ("pastebin.com:443", [198, 18, 200, 7], 6),
        ("web.telegram.org:443", [198, 19, 12, 5], 8),
        ("web.whatsapp.com:443", [198, 19, 30, 60], 10),
        ("discord.com:443", [198, 19, 77, 2], 11),
        ("mega.nz:443", [198, 18, 90, 44], 4),
        ("app.slack.com:443", [198, 19, 101, 9], 12),
        ("chatgpt.com:443", [198, 19, 150, 18], 14),
    ];
    let mut events = Vec::new();
    let mut day_ms = stage.start_ms.div_euclid(DAY_MS) * DAY_MS;
    while day_ms < stage.end_ms {
        for (host_port, ip, part) in SERVICES {
            let client = stage.client(part);
            let rng = &mut stage.rng;
            if clock::is_weekend(day_ms) || rng.below(4) == 0 {
                continue;
            }
            let mut time_ms = day_ms + 7 * HOUR_MS + i64::from(rng.below(3 * 3_600_000));
            for _ in 0..rng.between(8, 34) {
                events.push(Event {
                    elapsed_ms: u64::from(rng.between(300, 240_000)),
                    sent_bytes: u64::from(rng.low_below(900_000)) + 3_900,
                    ..tunnel(time_ms, client, host_port, address(ip))
                });
                time_ms += i64::from(rng.low_below(3_000_000)) + 400;
            }
        }
        day_ms += DAY_MS;
    }
    events
}
