//! The scorer of request lines: rules in SecLang, compiled for what an access log carries.

/// SQL injection and script injection by their grammar.
pub mod libinjection;
/// Whether a value is what a rule looks for.
pub mod operators;
/// SecLang, read: files to rule sets.
pub mod seclang;
/// How a value is rewritten before it is looked at.
pub mod transformations;
