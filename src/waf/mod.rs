//! The WAF scorer: rules in SecLang, judged over what an access log carries of a request.

/// SQL injection and script injection by their grammar.
pub mod libinjection;
