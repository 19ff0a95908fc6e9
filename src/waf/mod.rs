//! The scorer of request lines: rules in SecLang, compiled.

pub mod operators;
pub mod transformations;
