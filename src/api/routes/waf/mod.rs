//! `/api/waf`: the rules, what they say of a request, and what they said of rows.

pub mod categories;
pub mod rescore;
pub mod rules;
pub mod score;
pub mod stats;
pub mod test_rule;
pub mod timeline;

pub use stats::WafStats;
