//! The WAF against libmodsecurity.

mod values;
