//! Who runs the process this API is served by, as its owner reports it: takes another configuration, starts it again.

use crate::control::{Actor, ControlError};
use serde::Serialize;
use utoipa::ToSchema;

/// What came of reading config.toml again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct Reloaded {
    /// Keys that had changed and are in force now; `waf.rules` and `tls` always, since their files are read again.
    #[schema(example = json!(["source", "waf.rules", "tls"]))]
    pub applied: Vec<&'static str>,
    /// Keys that have changed, but hold only after a restart.
    #[schema(example = json!(["server.listen"]))]
    pub needs_restart: Vec<&'static str>,
    /// Sources that are followed or received now.
    pub sources: usize,
    /// Rules that lines are scored by now.
    pub rules: usize,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The configuration, or what it names, is not right: what is named, and what is wrong with it and where.
    #[error("{}", .0.iter().map(|(_, problem)| problem.as_str()).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<(String, String)>),
    /// It could not be put on record.
    #[error(transparent)]
    Control(#[from] ControlError),
}

/// Who runs the process.
pub trait Operator: Send + Sync {
    /// What config.toml says that is in force, without secrets.
    fn config(&self) -> serde_json::Value;

    /// Reads config.toml again and puts it in force, on record; no line is lost by it. Blocks.
    ///
    /// # Errors
    /// [`ReloadError`]; then nothing was changed.
    fn reload(&self, actor: &Actor) -> Result<Reloaded, ReloadError>;

    /// Whether something starts the process again when it ends.
    fn is_supervised(&self) -> bool;

    /// Ends the process so that it is started again; answers at once.
    fn restart(&self);
}
