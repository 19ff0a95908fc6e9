//! What a host's name alone says about its risk: whether an algorithm made it up, whether it imitates a known name,
//! and how an internationalised name may be shown.
//!
//! Each is a pure function of the name; that a domain was never seen before is the store's to say.

pub mod dga;

pub use dga::{DGA_THRESHOLD, dga, dga_reasons, is_dga};
