//! The WAF against libmodsecurity.

mod values;
mod libinjection;
