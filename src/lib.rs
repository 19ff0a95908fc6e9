//! Tidegate reads the access logs of a forward proxy, stores every line, says what each line is and answers
//! questions about it.
//!
//! The modules stand in tier order: each names only those of the tiers above it (`tests/it/layers.rs`).

// Words, no I/O.
pub mod model;

// Rooms.
pub mod classify;
pub mod control;
pub mod format;
pub mod store;

// Work.
pub mod auth;

// The door.
pub mod api;

pub mod config;
