//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod destination;
pub mod domain_risk;

use crate::model::{AgentName, Classifiers, PathTraits};

pub use destination::{Destination, destination, is_ip_literal, split_target, without_userinfo};
pub use domain_risk::{DGA_THRESHOLD, DgaReasons, dga, dga_reasons, is_dga};

/// How the store reads values.
pub const CLASSIFIERS: Classifiers = Classifiers {
    is_ip_literal,
    destination: |origin| destination(origin).map(|found| found.to_string()),
    domain: |origin| destination(origin).map(|found| found.domain()),
    service: |_| None,
    service_category: |_| None,
    service_type: |_| "-",
    agent: |_| AgentName { family: "-".to_owned(), class: "unknown" },
    path: |_, _, out| PathTraits::default().write(out),
    file_category: |_, _| "-",
    entropy_millibits: |_| None,
};
