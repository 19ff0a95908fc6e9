//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod agent;
pub mod destination;
pub mod domain_risk;
pub mod entropy;
pub mod file;
pub mod idn;
pub mod look_alike;
mod port;
pub mod service;
mod special_purpose;

use crate::model::{AgentName, Classifiers};

pub use agent::{Agent, AgentClass, agent};
pub use destination::{Destination, as_stored, destination, is_ip_literal, split_target, without_userinfo};
pub use domain_risk::{DGA_MODEL_VERSION, DGA_THRESHOLD, DgaReasons, dga, dga_is_ready, dga_reasons, is_dga};
pub use entropy::entropy_millibits;
pub use file::{file_category, path_traits};
pub use idn::reading;
pub use look_alike::{LookAlike, LookAlikes};
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
    path: path_traits,
    file_category,
};
