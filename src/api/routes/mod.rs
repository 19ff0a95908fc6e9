//! The handlers, one file per resource.

pub mod audit;
pub mod clear;
pub mod health;
pub mod logs;
pub mod metrics;
pub mod openapi;
pub mod privacy;
pub mod rejects;
pub mod retention;
pub mod statistics;
