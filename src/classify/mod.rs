//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod destination;
pub mod entropy;
pub mod file;

use crate::model::{AgentName, Classifiers};

pub use destination::{Destination, destination, is_ip_literal, split_target, without_userinfo};
pub use entropy::entropy_millibits;
pub use file::{file_category, path_traits};

/// How the store reads values.
pub const CLASSIFIERS: Classifiers = Classifiers {
    is_ip_literal,
    destination: |origin| destination(origin).map(|found| found.to_string()),
    domain: |origin| destination(origin).map(|found| found.domain()),
    service: |_| None,
    service_category: |_| None,
    service_type: |_| "-",
    agent: |_| AgentName { family: "-".to_owned(), class: "unknown" },
    path: path_traits,
    file_category,
    entropy_millibits,
};
