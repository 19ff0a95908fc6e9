//! What tests share.

pub mod api;
pub mod lines;
pub mod listening;
pub mod memory;
pub mod process;
