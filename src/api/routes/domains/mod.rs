//! `/api/domains`: where requests go, by registrable domain. Names appear as the reader may see them, and are found by
//! how they appear only.

pub mod details;
pub mod statistics;
