//! What tests share.

pub mod api;
pub mod lines;
pub mod listening;
pub mod memory;
pub mod modsecurity;
pub mod people;
pub mod process;
