//! `/api/privacy`: what pseudonyms stand for, and the rights of the people behind them.

pub mod reveal;
pub mod subject;

use crate::api::error::{ApiError, ApiResult};
use crate::api::params::Asked;
use crate::model::{PseudonymKind, SubjectKind};

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// The reason, which must be there and say something.
fn reason(asked: &mut Asked) -> ApiResult<String> {
    let text = required(asked, "reason")?;
    if !REASON.contains(&text.chars().count()) {
        asked.faults.add("reason", format!("must have {} to {} characters", REASON.start(), REASON.end()));
    }
    Ok(text)
}

/// A parameter that must be there.
fn required(asked: &mut Asked, name: &str) -> ApiResult<String> {
    asked.text(name).ok_or_else(|| ApiError::Malformed(format!("{name} is missing")))
}

/// What a text stands for when it is the pseudonym of a client or a user.
fn subject_kind(text: &str) -> Option<SubjectKind> {
    match PseudonymKind::of(text.as_bytes())? {
        PseudonymKind::Client => Some(SubjectKind::Client),
        PseudonymKind::User => Some(SubjectKind::User),
        PseudonymKind::Part => None,
    }
}
