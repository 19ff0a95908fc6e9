//! The WAF against libmodsecurity.

mod libinjection;
