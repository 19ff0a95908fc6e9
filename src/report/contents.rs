//! What a report holds, in numbers. Sizes are bytes, times RFC 3339 in UTC, durations milliseconds, shares percent. This
//! is what is written as JSON; every other format is a view of it ([`super::layout`]).

use super::Shown;
use crate::model::{Durations, Timestamp};
use serde::{Serialize, Serializer};

/// A report.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// Which program wrote it.
    pub generator: String,
    /// When.
    #[serde(serialize_with = "instant")]
    pub generated_at: Timestamp,
    /// What was read.
    pub read: Read,
    /// What rows lie in the window, and which that is.
    pub window: Window,
    /// What of people is hidden.
    pub masking: Masking,
    /// Everything summed up.
    pub totals: Totals,
    /// What happened when.
    pub traffic: Traffic,
    /// Requests by weekday and hour of the day, in UTC.
    pub week: Week,
    /// Who asked most.
    pub clients: Top<Group>,
    /// The users who asked most.
    pub users: Top<Group>,
    /// Where most requests went, by registrable domain.
    pub domains: Top<Group>,
    /// The known services that were used, sanctioned or not.
    pub services: Top<ServiceUse>,
    /// Kinds of files.
    pub file_categories: Top<Group>,
    /// Extensions of files.
    pub extensions: Top<Group>,
    /// Programs that asked.
    pub agents: Top<Group>,
    /// What was blocked.
    pub denied: Denied,
    /// What rules say; nothing where no row was scored.
    pub flagged: Option<Flagged>,
    /// What behaves suspiciously, the worst first.
    pub findings: Top<Finding>,
    /// What the cache was good for; nothing where the log has no result codes.
    pub cache: Option<Cache>,
    /// How long requests took; nothing where the log does not say.
    pub durations: Option<Times>,
    /// Requests by status code; 000 where no reply was sent.
    pub status: Top<Group>,
    /// Requests by method.
    pub methods: Top<Group>,
    /// What the log can't show; nothing where that is not known.
    pub blind_spots: Option<Vec<BlindSpot>>,
}

/// What was read.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Read {
    /// Where rows come from: `files` or `database`.
    pub from: &'static str,
    /// Lines that were read, blank ones not counted; nothing of a database.
    pub lines: Option<u64>,
    /// Lines that are rows.
    pub stored: u64,
    /// Lines that could not be read, by reason; of a database those of all time.
    pub rejected: Vec<Rejected>,
    /// Lines that were given twice, as by a file and its copy, and count once; nothing of a database.
    pub repeated: Option<u64>,
    /// The files, as far as the lens shows them.
    pub files: Vec<FileRead>,
    /// Sources and their rows.
    pub sources: Vec<Group>,
}

/// Lines that could not be read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Rejected {
    /// Why.
    pub reason: &'static str,
    /// How many.
    pub lines: u64,
}

/// A file that was read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FileRead {
    /// As it was named.
    pub path: Shown,
    /// The format of its lines; nothing where there were none.
    pub format: Option<Shown>,
    /// What it is compressed with.
    pub compression: Option<&'static str>,
    /// Its lines.
    pub lines: u64,
    /// Of these, those that are rows.
    pub stored: u64,
    /// Of these, those that could not be read.
    pub rejected: u64,
    /// Why it could not be read to its end.
    pub error: Option<Shown>,
}

/// Whole hours in UTC.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Window {
    /// The first instant inside.
    #[serde(serialize_with = "instant")]
    pub from: Timestamp,
    /// The first instant after.
    #[serde(serialize_with = "instant")]
    pub until: Timestamp,
    /// The first row; nothing where there is none.
    #[serde(serialize_with = "instant_if_any")]
    pub first_row: Option<Timestamp>,
    /// The last row.
    #[serde(serialize_with = "instant_if_any")]
    pub last_row: Option<Timestamp>,
    /// The zone of every time in the report.
    pub timezone: &'static str,
}

/// How people appear, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Masking {
    /// Whether anything is hidden.
    pub masked: bool,
    /// Clients: `as logged`, `networks`, `pseudonyms` or `hidden`.
    pub clients: &'static str,
    /// Users: `as logged`, `pseudonyms` or `hidden`.
    pub users: &'static str,
    /// URLs behind the host: `as logged`, `personal parts hidden`, `personal parts under pseudonyms` or `hidden`.
    pub urls: &'static str,
}

/// Everything summed up.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Totals {
    /// Requests.
    pub requests: u64,
    /// A reply was sent.
    pub allowed: u64,
    /// The proxy refused.
    pub denied: u64,
    /// The origin refused (403).
    pub origin_forbidden: u64,
    /// The proxy asked for credentials (407).
    pub auth_challenges: u64,
    /// The client went away first.
    pub aborted: u64,
    /// No reply, or one of 500 and above.
    pub errors: u64,
    /// Denied and forbidden; challenges too where the settings say so.
    pub blocked: u64,
    /// How many of a hundred requests that is.
    pub blocked_pct: f64,
    /// Requests with a score from the threshold on; nothing where none was scored.
    pub flagged: Option<u64>,
    /// Requests to a bare address instead of a name.
    pub ip_literals: u64,
    /// Bytes sent to clients.
    pub bytes_sent: u64,
    /// Bytes that clients sent; nothing where the log does not say.
    pub bytes_received: Option<u64>,
    /// Different clients, as far as the lens tells them apart.
    pub clients: u64,
    /// Different users, likewise.
    pub users: u64,
    /// Different registrable domains.
    pub domains: u64,
    /// Different known services.
    pub services: u64,
}

/// What happened when.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Traffic {
    /// How wide the buckets are.
    pub bucket_seconds: i64,
    /// By rising time, empty ones included.
    pub buckets: Vec<Bucket>,
}

/// What happened in a span of time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Bucket {
    /// Where it begins.
    #[serde(serialize_with = "instant")]
    pub time: Timestamp,
    /// Requests.
    pub requests: u64,
    /// Of these, those that were blocked.
    pub blocked: u64,
    /// Of these, those that failed.
    pub errors: u64,
    /// Bytes sent to clients.
    pub bytes_sent: u64,
}

/// Requests by weekday, Monday first, and hour.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Week {
    /// The days.
    pub weekdays: [&'static str; 7],
    /// By day and hour.
    pub requests: [[u64; 24]; 7],
}

/// The largest groups.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Top<T> {
    /// How many there are, those that are not in `rows` included.
    pub total: u64,
    /// The largest first.
    pub rows: Vec<T>,
}

impl<T> Default for Top<T> {
    fn default() -> Self {
        Top { total: 0, rows: Vec::new() }
    }
}

/// Requests that have something in common.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Group {
    /// What.
    pub name: Shown,
    /// Of a client its alias, of a program its class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_as: Option<Shown>,
    /// Requests.
    pub requests: u64,
    /// Of these, those that were blocked.
    pub blocked: u64,
    /// Bytes sent to clients.
    pub bytes_sent: u64,
    /// Different clients, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<u64>,
}

/// A known service and how it was used.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ServiceUse {
    /// Its name.
    pub name: Shown,
    /// Its category.
    pub category: Option<&'static str>,
    /// What its use means where nobody sanctioned it: `low`, `medium`, `high`.
    pub risk: Option<&'static str>,
    /// Whether it may be used, by the settings.
    pub sanctioned: bool,
    /// Requests.
    pub requests: u64,
    /// Of these, those that were blocked.
    pub blocked: u64,
    /// Bytes sent to clients.
    pub bytes_sent: u64,
    /// Different clients.
    pub clients: u64,
}

/// What was blocked.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Denied {
    /// Where to.
    pub destinations: Top<Group>,
    /// Whose requests.
    pub clients: Top<Group>,
    /// Whose requests.
    pub users: Top<Group>,
}

/// What rules say.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Flagged {
    /// The score from which on a request is flagged.
    pub threshold: u32,
    /// Requests that were scored.
    pub scored: u64,
    /// Of these, those from the threshold on.
    pub flagged: u64,
    /// The rules that matched in most flagged requests, then in most.
    pub rules: Top<RuleHits>,
    /// Requests by category of the rules that matched; one may count in several.
    pub categories: Vec<CategoryHits>,
    /// Flagged requests, the newest of each of those rules, the highest score first.
    pub examples: Vec<Example>,
}

/// What a rule matched.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct RuleHits {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Requests that it matched.
    pub requests: u64,
    /// Of these, those that are flagged.
    pub flagged: u64,
}

/// What is to be known of a rule.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: u32,
    /// What it says; nothing where it is not there any more.
    pub message: Option<Shown>,
    /// Its category.
    pub category: Option<Shown>,
    /// How bad a match is.
    pub severity: Option<&'static str>,
    /// Techniques of MITRE ATT&CK.
    pub techniques: Vec<Shown>,
}

/// Requests that rules of a category matched.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CategoryHits {
    /// The category.
    pub name: Shown,
    /// Requests.
    pub requests: u64,
}

/// A flagged request.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Example {
    /// When it was completed.
    #[serde(serialize_with = "instant")]
    pub time: Timestamp,
    /// The client.
    pub client: Option<Shown>,
    /// The user.
    pub user: Option<Shown>,
    /// The method.
    pub method: Option<Shown>,
    /// The whole target.
    pub url: Shown,
    /// The status code.
    pub status: u16,
    /// Points.
    pub score: u32,
    /// The rules that gave them.
    pub reasons: Vec<Reason>,
}

/// Why a request has points.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Reason {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// What it adds to the score.
    pub points: u32,
    /// Where it matched, as SecLang calls it; nothing where what it matched is not shown.
    #[serde(rename = "where")]
    pub location: Option<Shown>,
    /// What it matched, after decoding.
    pub fragment: Option<Shown>,
}

/// Something that behaves suspiciously.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Finding {
    /// What found it.
    pub detector: Shown,
    /// The same in words.
    pub title: Shown,
    /// How bad it is, in the words of syslog.
    pub severity: &'static str,
    /// The client.
    pub client: Option<Shown>,
    /// The destination's host.
    pub destination: Option<Shown>,
    /// The first request that it rests on.
    #[serde(serialize_with = "instant")]
    pub first_seen: Timestamp,
    /// The last.
    #[serde(serialize_with = "instant")]
    pub last_seen: Timestamp,
    /// Why it is one, in a sentence.
    pub summary: Shown,
    /// Requests it rests on.
    pub requests: u64,
    /// Technique of MITRE ATT&CK.
    pub technique: Option<Shown>,
}

/// What the cache was good for. Tunnels, of which a cache sees nothing, and what the proxy refused are left out.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Cache {
    /// Requests that could have been answered from the cache.
    pub requests: u64,
    /// Those that were.
    pub hits: u64,
    /// How many of a hundred requests that is.
    pub hit_pct: f64,
    /// Bytes sent for these requests.
    pub bytes_sent: u64,
    /// Of these, bytes that did not have to be fetched.
    pub bytes_saved: u64,
    /// How many of a hundred bytes that is.
    pub byte_hit_pct: f64,
    /// By hour of the day in UTC.
    pub hours: Vec<CacheHour>,
    /// By result code, the refused ones and tunnels too.
    pub results: Vec<ResultUse>,
}

/// What the cache was good for in an hour of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct CacheHour {
    /// From 0 to 23.
    pub hour: usize,
    /// Requests that could have been answered from the cache.
    pub requests: u64,
    /// Those that were.
    pub hits: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Of these, bytes that did not have to be fetched.
    pub bytes_saved: u64,
}

/// Requests by result code.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ResultUse {
    /// As the log has it: `TCP_MISS`.
    pub name: Shown,
    /// Whether it means that the reply came from the cache.
    pub is_hit: bool,
    /// Requests.
    pub requests: u64,
    /// Bytes sent to clients.
    pub bytes_sent: u64,
}

/// How long requests took.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Times {
    /// All but tunnels.
    pub requests: Option<Durations>,
    /// How long tunnels (CONNECT) stood: that says nothing of how fast anything was.
    pub tunnels: Option<Durations>,
    /// By result code, of all but tunnels.
    pub results: Vec<TimesOf>,
    /// Of the domains with most requests, of all but tunnels where there are others.
    pub domains: Vec<TimesOf>,
}

/// How long requests of a group took.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TimesOf {
    /// The group.
    pub name: Shown,
    /// How long.
    #[serde(flatten)]
    pub durations: Durations,
}

/// Something the log can't show.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BlindSpot {
    /// A stable word for it.
    pub id: &'static str,
    /// How much is lost: `low`, `medium`, `high`.
    pub severity: &'static str,
    /// What is missing.
    pub what: Shown,
    /// What can't be found out.
    pub loses: Vec<&'static str>,
    /// The lines of squid.conf that mend it.
    pub fix: Vec<Shown>,
    /// What to know before.
    pub note: &'static str,
}

fn instant<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time.to_rfc3339())
}

fn instant_if_any<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => instant(time, to),
        None => to.serialize_none(),
    }
}
