//! What is told of a source of lines.

use super::health::Condition;
use crate::model::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// How lines come from a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A file that is followed.
    #[default]
    File,
    /// Datagrams.
    Udp,
    /// Connections.
    Tcp,
    /// Connections over TLS.
    Tls,
    /// Standard input.
    Stdin,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [SourceKind; 5] =
        [SourceKind::File, SourceKind::Udp, SourceKind::Tcp, SourceKind::Tls, SourceKind::Stdin];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            SourceKind::File => "file",
            SourceKind::Udp => "udp",
            SourceKind::Tcp => "tcp",
            SourceKind::Tls => "tls",
            SourceKind::Stdin => "stdin",
        }
    }
}

/// How a source is doing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Lines come, or may come.
    #[default]
    Ok,
    /// No line has come yet, or none comes any more.
    Waiting,
    /// Lines can't be had, stored or kept up with.
    Degraded,
}

impl SourceState {
    /// What it means for health.
    pub fn condition(self) -> Condition {
        if self == SourceState::Degraded { Condition::Degraded } else { Condition::Ok }
    }
}

/// Something the log of a source can't show.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct BlindSpot {
    /// A stable word.
    #[schema(example = "queries")]
    pub id: &'static str,
    /// What is missing, and how that is known.
    pub what: String,
    /// What can't be found out any more, or only in part.
    pub loses: Vec<&'static str>,
    /// The lines of squid.conf that mend it; empty where the log is not Squid's.
    pub fix: Vec<String>,
}

/// A source of lines. Files of one source are told one by one; what doesn't apply is null.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
pub struct Source {
    /// The source's name.
    pub name: String,
    /// The machine whose log it is, where its lines name none.
    pub host: String,
    /// How its lines come.
    pub kind: SourceKind,
    /// The file.
    pub path: Option<String>,
    /// Where it listens.
    #[schema(example = "udp://0.0.0.0:5514")]
    pub listen: Option<String>,
    /// The format of its lines, as a spec; null while it is not known.
    #[schema(example = "squid")]
    pub format: Option<String>,
    /// How it is doing.
    pub state: SourceState,
    /// Why, where it is not `ok`.
    pub reason: Option<String>,
    /// Bytes of the file that are stored.
    pub position_bytes: Option<u64>,
    /// Bytes of the file.
    pub length_bytes: Option<u64>,
    /// Bytes of the file that are not stored yet.
    pub lag_bytes: Option<u64>,
    /// How long the oldest line has waited to be stored, in seconds, as far as that is known.
    pub lag_seconds: f64,
    /// When a line was last stored; null where none was since the start.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_line_at: Option<Timestamp>,
    /// Lines stored or rejected since the start; null for files.
    pub lines: Option<u64>,
    /// Lines stored or rejected a second, of late; null for files.
    pub lines_per_second: Option<f64>,
    /// Lines rejected since the start; null for files.
    pub rejected: Option<u64>,
    /// Lines and datagrams lost since the start.
    pub dropped: u64,
    /// Datagrams and connections turned away since the start.
    pub refused: u64,
    /// Open connections.
    pub connections: Option<u64>,
    /// What its log can't show.
    pub blind_spots: Vec<BlindSpot>,
}

fn rfc3339<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    at.map(Timestamp::to_rfc3339).serialize(to)
}
