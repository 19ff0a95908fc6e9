//! The security score, asked now; as a job it is kept for the history too.

use super::{Context, JobError, Progress};
use crate::control::{Actor, ControlDb};
use crate::doctor;
use crate::model::Timestamp;
use crate::posture::{Grounds, Installation, Report, SquidFacts, Traffic, judge, record};
use crate::store::EventStore;
use serde_json::{Value, json};
use std::path::Path;

/// Asks every check: of settings, of the squid.conf where one is named, of the traffic up to `now`. Reads many rows.
///
/// # Errors
/// When a database can't be read. A squid.conf that can't be read is what its checks say.
pub fn judge_now(
    store: &dyn EventStore,
    control: &ControlDb,
    squid_conf: Option<&Path>,
    now: Timestamp,
) -> Result<Report, JobError> {
    let installation = Installation::read(control)?;
    let traffic = Traffic::observe(store, &installation.settings, now)?;
    Ok(judged(&installation, squid_conf, Some(&traffic), now))
}

/// As [`judge_now`], but asks the traffic nothing: its checks are unknown. Reads no rows.
///
/// # Errors
/// When the control database can't be read.
pub fn judge_settings(control: &ControlDb, squid_conf: Option<&Path>, now: Timestamp) -> Result<Report, JobError> {
    Ok(judged(&Installation::read(control)?, squid_conf, None, now))
}

fn judged(installation: &Installation, squid_conf: Option<&Path>, traffic: Option<&Traffic>, now: Timestamp) -> Report {
    let squid = match squid_conf {
        Some(path) => doctor::read_conf(path).map(SquidFacts::of).map_err(|fault| fault.to_string()),
        None => Err("No squid.conf is known; name it as conf in the table [squid] of config.toml.".to_owned()),
    };
    judge(&Grounds { now, installation: Some(installation), squid: squid.as_ref().map_err(String::as_str), traffic })
}

/// Keeps the score of now.
pub(super) fn keep(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    let (control, now) = (&context.control, context.clock.now());
    let report = judge_now(&*context.store, control, context.squid_conf.as_deref(), now)?;
    record(control, &report)?;
    Ok(json!({ "score": report.score }))
}
