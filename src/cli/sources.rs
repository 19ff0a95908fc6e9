//! The configured sources: which are followed, which are received, and what is told of them.

use crate::api::{BlindSpot, Ingest, Source, SourceKind, SourceState};
use crate::config::{SourceConfig, StartAt};
use crate::doctor;
use crate::format::{self, FormatChoice};
use crate::model::{Clock, Observed, SourceName, Timestamp};
use crate::pipeline::{Door, FollowState, FollowStatus, ReceiveSpec, ReceiveState, ReceiveStatus, SourceSpec};
use crate::source::syslog::Transport;
use crate::store::columnar::ColumnarStore;
use anyhow::Context;
use jiff::tz::TimeZone;
use parking_lot::RwLock;
use std::path::Path;
use std::sync::Arc;

/// What to follow, and what to receive.
pub(super) fn specs(sources: &[SourceConfig]) -> anyhow::Result<(Vec<SourceSpec>, Vec<ReceiveSpec>)> {
    let (mut followed, mut received) = (Vec::new(), Vec::new());
    for source in sources {
        let (name, format) = (source_name(source), format_of(source)?);
        let zone = source.timezone.as_deref().map_or(Ok(TimeZone::UTC), TimeZone::get)?;
        match door(source) {
            Some(door) => {
                received.push(ReceiveSpec { source: name, door, format, zone, allow: source.allow.clone() });
            }
            None => followed.push(SourceSpec {
                source: name,
                path: source.path.clone().into(),
                format,
                zone,
                from_end: source.start == StartAt::End,
            }),
        }
    }
    Ok((followed, received))
}

/// Where a source's lines come in, unless it is a file.
fn door(source: &SourceConfig) -> Option<Door> {
    let stdin = (source.path == SourceConfig::STDIN).then_some(Door::Stdin);
    source.listen.map(Door::Network).or(stdin)
}

fn source_name(source: &SourceConfig) -> SourceName {
    let path = Path::new(&source.path);
    let file_name = || match (source.listen, door(source)) {
        (Some(listen), _) => listen.to_string(),
        (None, Some(_)) => "stdin".to_owned(),
        (None, None) => {
            path.file_name().map_or_else(|| source.path.clone(), |name| name.to_string_lossy().into_owned())
        }
    };
    SourceName {
        name: source.name.clone().unwrap_or_else(file_name),
        host: source.host.clone().unwrap_or_else(super::machine_name),
        format: String::new(),
    }
}

/// The format that is said; that of a squid.conf is looked up in it now.
pub(super) fn format_of(source: &SourceConfig) -> anyhow::Result<FormatChoice> {
    let Some(conf) = &source.squid_conf else { return Ok(FormatChoice::parse(&source.format)?) };
    let log = source.is_file().then(|| Path::new(&source.path));
    let format = doctor::log_format(conf, log).with_context(|| format!("source {}", source.place()))?;
    Ok(FormatChoice::Given(format))
}

/// Who knows how the sources stand.
pub(super) struct Sources {
    followed: Arc<FollowStatus>,
    received: Arc<ReceiveStatus>,
    names: RwLock<Names>,
}

/// Of followed sources: their names, and the machines whose logs they are.
type Names = Vec<(String, String)>;

/// Of sources to follow.
pub(super) fn names(followed: &[SourceSpec]) -> Names {
    followed.iter().map(|spec| (spec.source.name.clone(), spec.source.host.clone())).collect()
}

impl Sources {
    /// Sources of which those that are followed have these names.
    pub(super) fn new(followed: Arc<FollowStatus>, received: Arc<ReceiveStatus>, names: Names) -> Sources {
        Sources { followed, received, names: RwLock::new(names) }
    }

    /// Others are followed from now on.
    pub(super) fn are_called(&self, names: Names) {
        *self.names.write() = names;
    }

    /// Whether whoever follows and receives is at work.
    pub(super) fn works(&self) -> Result<(), &'static str> {
        if self.followed.is_stalled() {
            return Err("nobody has looked at the files for a minute");
        }
        if self.received.is_sound() { Ok(()) } else { Err("receiving has ended by a fault") }
    }

    /// How all of them stand.
    pub(super) fn ingest(&self, store: &ColumnarStore, clock: &dyn Clock) -> Ingest {
        let received = self.received.sources();
        let lines_per_second = received.iter().map(|source| source.lines_per_second).sum::<f64>();
        let waiting = received.iter().map(|source| source.waiting).sum();
        let now = clock.now();
        let names = self.names.read();
        let host_of = |name: &str| names.iter().find(|(known, _)| known == name).map(|(_, host)| host.clone());
        let files = self.followed.files().into_iter().map(|file| {
            let host = host_of(&file.source).unwrap_or_default();
            of_file(file, host, now)
        });
        Ingest {
            sources: files.chain(received.into_iter().map(of_receiver)).collect(),
            workers: 1,
            lines_per_second: self.followed.lines_per_second() + lines_per_second,
            waiting,
            damaged_blocks: store.quarantined_blocks(),
            lines_followed: self.followed.lines(),
            stalled: self.followed.is_stalled(),
        }
    }
}

fn of_file(file: FollowState, host: String, now: Timestamp) -> Source {
    let lag = file.unread;
    let waits_since = file.last_line.filter(|_| lag > 0);
    let lag_seconds = waits_since.map_or(0.0, |at| (now.0 - at.0).max(0) as f64 / 1000.0);
    let nothing_yet = file.last_line.is_none() && file.position == 0;
    let fault = file.fault.or_else(|| stuck(lag, lag_seconds));
    Source {
        name: file.source,
        host,
        kind: SourceKind::File,
        path: Some(file.path.display().to_string()),
        state: state(fault.is_some(), nothing_yet),
        reason: fault.or_else(|| nothing_yet.then(|| "no line has come yet".to_owned())),
        position_bytes: Some(file.position),
        length_bytes: Some(file.length),
        lag_bytes: Some(lag),
        lag_seconds,
        last_line_at: file.last_line,
        blind_spots: blind_spots(&file.format, &file.observed),
        format: Some(file.format).filter(|spec| !spec.is_empty()),
        ..Source::default()
    }
}

/// Says so where lines wait and none is stored: more than a last line whose end is yet to come.
fn stuck(lag_bytes: u64, lag_seconds: f64) -> Option<String> {
    let is_stuck = lag_bytes > STUCK_BYTES && lag_seconds > STUCK_SECONDS;
    is_stuck.then(|| format!("{lag_bytes} bytes have waited for {lag_seconds:.0} s, and none of them is stored"))
}

/// More than the longest line that a proxy writes.
const STUCK_BYTES: u64 = 1 << 20;
/// Longer than any commit takes.
const STUCK_SECONDS: f64 = 300.0;

fn of_receiver(source: ReceiveState) -> Source {
    let (kind, listen) = match source.door {
        Door::Stdin => (SourceKind::Stdin, None),
        Door::Network(address) => {
            let kind = match address.transport {
                Transport::Udp => SourceKind::Udp,
                Transport::Tcp => SourceKind::Tcp,
                Transport::Tls => SourceKind::Tls,
            };
            (kind, Some(address.to_string()))
        }
    };
    let ended = source.ended.then(|| "standard input has ended".to_owned());
    let silent = source.last_line.is_none().then(|| "no line has come yet".to_owned());
    let has_connections = matches!(kind, SourceKind::Tcp | SourceKind::Tls);
    let format = source.format.unwrap_or_default();
    Source {
        name: source.source,
        host: source.host,
        kind,
        listen,
        state: state(source.fault.is_some(), ended.is_some() || silent.is_some()),
        reason: source.fault.or(ended).or(silent),
        lag_seconds: source.waiting_for.as_secs_f64(),
        last_line_at: source.last_line,
        lines: Some(source.lines),
        lines_per_second: Some(source.lines_per_second),
        rejected: Some(source.rejected),
        dropped: source.dropped,
        refused: source.refused,
        connections: has_connections.then_some(source.connections),
        blind_spots: blind_spots(&format, &source.observed),
        format: Some(format).filter(|spec| !spec.is_empty()),
        ..Source::default()
    }
}

fn state(has_fault: bool, waits: bool) -> SourceState {
    match (has_fault, waits) {
        (true, _) => SourceState::Degraded,
        (false, true) => SourceState::Waiting,
        (false, false) => SourceState::Ok,
    }
}

/// What a log in that format, whose rows carried that, can't show.
fn blind_spots(spec: &str, observed: &Observed) -> Vec<BlindSpot> {
    let Ok(format) = format::resolve(spec) else { return Vec::new() };
    let spots = doctor::blind_spots(&*format, observed).into_iter();
    spots
        .map(|spot| BlindSpot {
            id: spot.id,
            what: spot.what,
            loses: spot.loses.iter().map(|ability| ability.word()).collect(),
            fix: spot.fix,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_wait_and_are_not_stored_are_a_fault() {
        for (lag_bytes, lag_seconds, is_stuck) in [
            (0, 100_000.0, false),
            (5_000, 100_000.0, false),
            (STUCK_BYTES + 1, STUCK_SECONDS - 1.0, false),
            (STUCK_BYTES + 1, STUCK_SECONDS + 1.0, true),
        ] {
            assert_eq!(stuck(lag_bytes, lag_seconds).is_some(), is_stuck, "{lag_bytes} B for {lag_seconds} s");
        }
    }
}
