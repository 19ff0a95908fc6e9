//! `/api/analytics`: what is used, with what, and which domains are worth a look.

pub mod domain_risk;
pub mod file_extensions;
pub mod shadow_it;
pub mod top_domains;
pub mod user_agents;
