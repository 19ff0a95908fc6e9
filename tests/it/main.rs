//! The test binary.
#![allow(missing_docs)] // tests are read, not linked against

mod api;
mod layers;
mod registries;
mod support;
