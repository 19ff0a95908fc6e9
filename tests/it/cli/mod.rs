//! Commands, run as people run them.

mod import;
mod serve;
