//! The WAF against libmodsecurity.

mod libinjection;
mod values;
