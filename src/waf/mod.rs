//! What a line's request is: rules in SecLang, compiled for what an access log carries.

/// SecLang, read: files to rule sets.
pub mod seclang;
