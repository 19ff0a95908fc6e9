//! The test binary.
#![allow(missing_docs)] // tests are read, not linked against
#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests are tests, which the lint doesn't see
#![allow(clippy::disallowed_methods)] // tests may read the clock and the environment

mod api;
mod behaviour;
mod classify;
mod cli;
mod faults;
mod formats;
mod fuzz_seeds;
mod layers;
mod posture;
mod privacy;
mod receivers;
mod registries;
mod resume;
mod squid;
mod store;
mod support;
mod tailer;
mod waf;
