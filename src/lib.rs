//! Tidegate reads the access logs of a forward proxy, stores every line, says what each line is and answers
//! questions about it.
pub mod classify;
pub mod format;
pub mod model;
pub mod sample;
pub mod store;

pub mod control;

pub mod auth;

pub mod config;
