//! The door: an authenticated HTTP API over the store, one envelope, one principal, one list handler, and the
//! dashboard's files. [`router`] has all routes on one page, [`serve`] puts them on a listener.
//!
//! Not here: where events live (`store`), who may come in (`auth`), what is configured (`config`).

mod assets;
mod audited;
mod body;
mod caching;
mod columns;
mod cors;
mod cursor;
mod envelope;
mod error;
mod explained;
mod export;
mod extract;
mod fields;
mod flights;
mod frame;
mod health;
mod identity;
mod lanes;
mod limits;
mod live;
mod log_question;
mod operator;
mod params;
mod peer;
mod people;
mod posture;
mod process;
mod responses;
mod router;
mod routes;
mod rows;
mod seen_series;
mod serve;
mod short_list;
mod sources;
mod standing;
mod state;
mod statistic;
mod tags;
pub mod tls;
mod verdicts;

pub use columns::{COLUMNS, Cell, Column, neutralised};
pub use explained::{MatchedRule, matched};
pub use extract::Peer;
pub use health::{Condition, HealthSource, Ingest};
pub use limits::{Blocked, BlockedPeer};
pub use operator::{Operator, ReloadError, Reloaded};
pub use peer::{Secure, TcpPeer};
pub use router::{document, router};
pub use routes::dashboard::warm_up;
pub use routes::metrics::install_metrics;
pub use routes::score::ScoreBody;
pub use rows::{LogRow, RowSettings};
pub use serve::{Limits, Serving, serve};
pub use sources::{BlindSpot, Source, SourceKind, SourceState};
pub use state::{AppState, Parts};
