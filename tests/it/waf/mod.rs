//! The WAF against libmodsecurity.

mod libinjection;
mod rules;
mod values;
