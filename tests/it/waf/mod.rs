//! The WAF: our rules, the engine, and both against libmodsecurity.

mod cases;
mod engine;
mod forward_proxy;
mod hostile;
mod libinjection;
mod parity;
mod rules;
mod tuning;
mod values;
