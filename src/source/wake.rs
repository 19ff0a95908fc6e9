//! Being woken when something happens in a directory: inotify(7), where the kernel has it and sees the change. It only
//! says that looking is worth while; whoever uses it looks from time to time all the same.

use inotify::{EventMask, Inotify, WatchDescriptor, WatchMask};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Changes in directories.
#[derive(Debug)]
pub struct Wake {
    /// `None` where the kernel has no more to give.
    inotify: Option<Inotify>,
    watched: BTreeMap<PathBuf, WatchDescriptor>,
    names_changed: bool,
}

impl Wake {
    /// Watches nothing yet.
    pub fn new() -> Wake {
        let inotify = Inotify::init().inspect_err(|error| {
            tracing::warn!(%error, "the kernel doesn't say when files change; they are looked at from time to time");
        });
        Wake { inotify: inotify.ok(), watched: BTreeMap::new(), names_changed: false }
    }

    /// Watches these directories and no others. One that is not there is tried again the next time.
    pub fn watch(&mut self, directories: impl Iterator<Item = PathBuf>) {
        let Some(inotify) = &mut self.inotify else { return };
        let mut before = std::mem::take(&mut self.watched);
        let mask = WatchMask::MODIFY
            | WatchMask::CREATE
            | WatchMask::MOVE
            | WatchMask::DELETE
            | WatchMask::MOVE_SELF
            | WatchMask::DELETE_SELF
            | WatchMask::ONLYDIR;
        for directory in directories {
            // Added again, it is the same watch, unless the directory is another by now.
            if let Ok(watch) = inotify.watches().add(&directory, mask) {
                before.remove(&directory);
                self.watched.insert(directory, watch);
            }
        }
        for watch in before.into_values().filter(|watch| !self.watched.values().any(|other| other == watch)) {
            let _gone_already = inotify.watches().remove(watch);
        }
    }

    /// Waits until something happens, at most for `time`.
    pub fn wait(&mut self, time: Duration) {
        let Some(inotify) = &mut self.inotify else { return std::thread::sleep(time) };
        let time = Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: time.subsec_nanos().into() };
        if !matches!(poll(&mut [PollFd::new(inotify, PollFlags::IN)], Some(&time)), Ok(1..)) {
            return;
        }
        let mut buffer = [0; 16 * 1024];
        // What does not fit comes with the next call.
        let Ok(events) = inotify.read_events(&mut buffer) else { return };
        for event in events {
            self.names_changed |= event.mask != EventMask::MODIFY;
        }
    }

    /// Whether files were made, renamed or removed since this was asked last.
    pub fn names_changed(&mut self) -> bool {
        std::mem::take(&mut self.names_changed)
    }
}

impl Default for Wake {
    fn default() -> Wake {
        Wake::new()
    }
}
