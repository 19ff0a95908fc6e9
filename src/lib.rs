//! Tidegate reads the access logs of a forward proxy, stores every line, says what each line is and answers
//! questions about it.
//!
//! The rooms, in tier order; a room names only rooms of the tiers above it (`tests/it/layers.rs`).
//!
//! - T0 [`model`]: the shared words: events, filters, time, lenses; no I/O
//! - T0 [`squidconf`]: squid.conf as a model; no I/O
//! - T1 [`classify`]: what a value means: destination, registrable domain, IP literal
//! - T1 [`control`]: accounts, settings, audit, keys
//! - T1 [`format`]: lines to events and back
//! - T1 [`sample`]: seeded, realistic logs for the demo and the benchmark
//! - T1 [`source`]: bytes and places in them
//! - T1 [`store`]: where events live and how they are asked
//! - T1 [`update`]: whether there is a newer release, asked where the operator says
//! - T1 [`waf`]: the scorer of request lines: rules in SecLang, compiled
//! - T2 [`archive`]: rows as files that stand for themselves, and back
//! - T2 [`auth`]: credentials to principals
//! - T2 [`backup`]: copies of the databases at one moment, and their return
//! - T2 [`behaviour`]: what clients do over time that gives them away
//! - T2 [`doctor`]: what a log can't show, and the squid.conf lines that mend it
//! - T2 [`posture`]: the security score, from settings, squid.conf and traffic
//! - T2 [`privacy`]: who sees what of a person
//! - T2 [`report`]: what is worth knowing of a log on one page
//! - T2 [`pipeline`]: lines to events to batches to the store
//! - T2 [`scoring`]: the rules in force, and what they say of rows on their way in
//! - T3 [`jobs`]: work that goes on after its request was answered
//! - T4 [`api`]: HTTP
//! - T5 [`config`]: `config.toml`
//! - T6 [`cli`]: commands

pub mod model;
pub mod squidconf;

pub mod classify;
pub mod control;
pub mod format;
pub mod sample;
pub mod source;
pub mod store;
pub mod update;
pub mod waf;

pub mod archive;
pub mod auth;
pub mod backup;
pub mod behaviour;
pub mod doctor;
pub mod pipeline;
pub mod posture;
pub mod privacy;
pub mod report;
pub mod scoring;

pub mod jobs;

pub mod api;

pub mod config;

pub mod cli;
