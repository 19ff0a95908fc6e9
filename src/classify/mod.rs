//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod agent;
pub mod destination;
mod port;
pub mod service;
mod special_purpose;

use crate::model::OriginReader;

pub use agent::{Agent, AgentClass, agent};
pub use destination::{Destination, destination, is_ip_literal, split_target, without_userinfo};
pub use service::{Risk, Service, ServiceCategory, service_named, service_of, service_type, services};

/// How the store reads origins.
pub const ORIGINS: OriginReader = OriginReader {
    is_ip_literal,
    destination: |origin| destination(origin).map(|found| found.to_string()),
    domain: |origin| destination(origin).map(|found| found.domain()),
};
