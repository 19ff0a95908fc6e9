//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod agent;
pub mod destination;
mod port;
pub mod service;
mod special_purpose;

use crate::model::{AgentName, Classifiers, PathTraits};

pub use agent::{Agent, AgentClass, agent};
pub use destination::{Destination, destination, is_ip_literal, split_target, without_userinfo};
pub use service::{Risk, Service, ServiceCategory, service_at, service_named, service_of, service_type, services};

/// How the store reads values.
pub const CLASSIFIERS: Classifiers = Classifiers {
    is_ip_literal,
    destination: |origin| destination(origin).map(|found| found.to_string()),
    domain: |origin| destination(origin).map(|found| found.domain()),
    service: |origin| service_at(origin).map(|service| service.name),
    service_category: |origin| service_at(origin).map(|service| service.category.name()),
    service_type,
    agent: |user_agent| {
        let Agent { family, class } = agent(user_agent);
        AgentName { family: family.into(), class: class.name() }
    },
    path: |_, _, out| PathTraits::default().write(out),
    file_category: |_, _| "-",
    entropy_millibits: |_| None,
};
