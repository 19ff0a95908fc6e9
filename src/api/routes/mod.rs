//! The handlers, one file per resource.

pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod clear;
pub mod config;
pub mod export;
pub mod health;
pub mod lists;
pub mod live;
pub mod logs;
pub mod metrics;
pub mod openapi;
pub mod privacy;
pub mod reimport;
pub mod rejects;
pub mod retention;
pub mod security;
pub mod session;
pub mod settings;
pub mod sources;
pub mod statistics;
pub mod tls;
pub mod totp;
pub mod users;
