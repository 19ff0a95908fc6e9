//! The scorer of request lines: rules in SecLang, compiled.

/// Whether a value is what a rule looks for.
pub mod operators;
/// How a value is rewritten before it is looked at.
pub mod transformations;
