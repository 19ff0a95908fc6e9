//! What a host's name alone says about its risk: whether an algorithm made it up.
//!
//! A pure function of the name; what the name's traffic says, or that it was never seen before, is not for here.

pub mod dga;

pub use dga::{DGA_MODEL_VERSION, DGA_THRESHOLD, DgaReasons, dga, dga_is_ready, dga_reasons, is_dga};
