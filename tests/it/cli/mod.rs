//! Commands, run as people run them.

mod identity;
mod import;
mod list;
mod serve;
