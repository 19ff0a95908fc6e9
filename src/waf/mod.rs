//! What a line's request is: rules in SecLang, compiled for what an access log carries.

/// SecLang, read: files to rule sets.
pub mod seclang;
//! The scorer of request lines: rules in SecLang, compiled.
/// Whether a value is what a rule looks for.
pub mod operators;
/// How a value is rewritten before it is looked at.
pub mod transformations;
//! The WAF scorer: rules in SecLang, judged over what an access log carries of a request.
/// SQL injection and script injection by their grammar.
pub mod libinjection;
