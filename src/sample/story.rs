//! Planted findings: what someone looking through the demo's log is meant to find.
//!
//! This file places the lines of the scripts in `scripts.rs` within the log and says what was
//! planted. Planted clients have ordinary traffic as well.

use super::Options;
use super::clients::Clients;
use super::clock::{self, DAY_MS, HOUR_MS};
use super::line::{Peer, Record};
use super::outcome::Outcome;
use super::rng::{Rng, mix};
use super::scripts::SCRIPTS;

/// Findings lie in the last 30 days of the log, so that their lines fit into little memory.
const LONGEST_MS: i64 = 30 * DAY_MS;

/// Something planted in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A short name, such as `beacon`.
    pub name: &'static str,
    /// What there is to see, in one sentence.
    pub summary: &'static str,
    /// The addresses it comes from.
    pub clients: Vec<String>,
    /// A text that the URL of its lines contains, or that of some of them; empty if they have
    /// none in common.
    pub target: &'static str,
    /// The completion of its first line, Unix ms, UTC.
    pub first_ms: i64,
    /// The completion of its last line, Unix ms, UTC.
    pub last_ms: i64,
    /// How many lines it has; they are all well-formed.
    pub lines: u64,
}

/// What [`write`](super::write) plants for these options, in the order of planting; empty without
/// [`Options::story`].
pub fn findings(options: &Options) -> Vec<Finding> {
    if !options.story {
        return Vec::new();
    }
    let options = options.in_range();
    Story::new(&options, &Clients::new(options.seed, options.clients)).findings
}

/// A planted line.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) time_ms: i64,
    pub(super) elapsed_ms: u64,
    pub(super) client: u32,
    pub(super) outcome: Outcome,
    pub(super) sent_bytes: u64,
    pub(super) method: &'static str,
    pub(super) url: Vec<u8>,
    /// The client's own user if `None`.
    pub(super) user: Option<String>,
    pub(super) peer: Peer,
    pub(super) mime: &'static str,
}

impl Event {
    pub(super) fn record<'a>(&'a self, clients: &'a Clients) -> Record<'a> {
        Record {
            time_ms: self.time_ms,
            elapsed_ms: self.elapsed_ms,
            client: clients.address(self.client),
            outcome: self.outcome,
            sent_bytes: self.sent_bytes,
            method: self.method,
            url: &self.url,
            user: self.user.as_deref().unwrap_or_else(|| clients.user(self.client)),
            peer: if self.outcome.answered_by_proxy() { Peer::None } else { self.peer },
            mime: self.mime,
        }
    }
}

/// Where and when a script may play.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) rng: Rng,
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    clients: u32,
}

impl Stage {
    /// The time `hour:minute` UTC on the day that is `days` before the last one; another time
    /// of the log where it does not reach back that far.
    pub(super) fn at(&self, days: i64, hour: i64, minute: i64) -> i64 {
        let last_midnight_ms = (self.end_ms - 1).div_euclid(DAY_MS) * DAY_MS;
        let time_ms = last_midnight_ms - days * DAY_MS + hour * HOUR_MS + minute * 60_000;
        self.start_ms + (time_ms - self.start_ms).rem_euclid(self.end_ms - self.start_ms)
    }

    /// The same on that day or, if it is at a weekend, on the Friday before.
    pub(super) fn at_work(&self, days: i64, hour: i64, minute: i64) -> i64 {
        (days..days + 3)
            .map(|days| self.at(days, hour, minute))
            .find(|&time_ms| !clock::is_weekend(time_ms))
            .unwrap_or(self.start_ms)
    }

    /// The `part`-th of the planted clients, 0 to 15; all different if there are 16 clients.
    pub(super) fn client(&self, part: u32) -> u32 {
        (u64::from(part % 16) * u64::from(self.clients) / 16) as u32
    }
}

/// All planted lines of a log.
#[derive(Debug, Default)]
pub(super) struct Story {
    events: Vec<Event>,
    findings: Vec<Finding>,
}

impl Story {
    /// The story of a log; `options` must be in range.
    pub(super) fn new(options: &Options, clients: &Clients) -> Self {
        let end_ms = options.end_ms();
        let mut story = Self::default();
        for (nth, script) in SCRIPTS.iter().enumerate() {
            let mut stage = Stage {
                rng: Rng::new(mix(options.seed, 0x7374_0000 + nth as u64)),
                start_ms: options.start_ms.max(end_ms - LONGEST_MS),
                end_ms,
                clients: clients.len(),
            };
            let mut events = (script.play)(&mut stage);
            events.retain(|event| (stage.start_ms..end_ms).contains(&event.time_ms));
            let planted = (story.events.len() + events.len()) as u64;
            if events.is_empty() || planted > options.lines / 2 {
                continue;
            }
            let mut from: Vec<u32> = events.iter().map(|event| event.client).collect();
            from.sort_unstable();
            from.dedup();
            let times = || events.iter().map(|event| event.time_ms);
            story.findings.push(Finding {
                name: script.name,
                summary: script.summary,
                clients: from.iter().map(|&client| clients.address(client).to_owned()).collect(),
                target: script.target,
                first_ms: times().min().unwrap_or(end_ms),
                last_ms: times().max().unwrap_or(end_ms),
                lines: events.len() as u64,
            });
            story.events.append(&mut events);
        }
        story.events.sort_by_key(|event| event.time_ms);
        story
    }

    /// The planted lines by time.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }
}
