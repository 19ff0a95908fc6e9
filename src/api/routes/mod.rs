//! The handlers, one file per resource.

pub mod audit;
pub mod clear;
pub mod config;
pub mod health;
pub mod lists;
pub mod logs;
pub mod metrics;
pub mod openapi;
pub mod privacy;
pub mod rejects;
pub mod retention;
pub mod security;
pub mod settings;
pub mod statistics;
pub mod tls;
