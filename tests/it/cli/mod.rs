//! Commands, run as people run them.

mod import;
mod list;
mod serve;
