//! Backups: both databases as they were at one moment, copied while others write, checked, and put back.
//!
//! A backup is a directory of SQLite files with a manifest: docs/STORAGE.md. Keys are in it only where that is asked for.
//! Archives are files that nobody changes, and are copied as such; they are not here.

mod error;
mod hold;
mod manifest;
mod online;
mod put_back;
mod restore;
mod verify;
mod write;

pub use error::BackupError;
pub use manifest::{ControlFacts, EventsFacts, FileFacts, Manifest};
pub use put_back::finish_interrupted;
pub use restore::{Restoring, restore};
pub use verify::verify;
pub use write::{Writing, write};
