//! The test binary.
#![allow(missing_docs)] // tests are read, not linked against
#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests are tests, which the lint doesn't see

mod api;
mod cli;
mod faults;
mod formats;
mod layers;
mod registries;
mod store;
mod support;
