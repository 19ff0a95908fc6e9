//! What a value means. Each classifier looks at one value, so that it runs once per distinct value, not per row.

pub mod destination;

pub use destination::{Destination, destination, is_ip_literal, split_target, without_userinfo};
