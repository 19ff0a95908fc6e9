//! The scorer of request lines: rules in SecLang, compiled for what an access log carries.

/// Rules, run over requests.
pub mod engine;
/// SQL injection and script injection by their grammar.
pub mod libinjection;
/// Whether a value is what a rule looks for.
pub mod operators;
/// Which rules are worth running on a line.
pub mod plan;
/// SecLang, read: files to rule sets.
pub mod seclang;
/// How a value is rewritten before it is looked at.
pub mod transformations;
/// What a line of a log has of a request.
pub mod variables;

mod kinds;

pub use kinds::Kinds;
