//! Tidegate reads the access logs of a forward proxy, stores every line, says what each line is and answers
//! questions about it.
pub mod model;
pub mod store;

pub mod control;

pub mod auth;

pub mod config;
