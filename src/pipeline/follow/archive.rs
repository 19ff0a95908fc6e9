//! Finding where a compressed file is read on. What it holds has to be decompressed up to there, which takes long where
//! it is large and known, as a day's log is that was compressed: that is done beside everything else, so that what is
//! written meanwhile is seen soon.

use super::FollowError;
use super::reader::{format_of, sample_of};
use crate::format::{FormatChoice, LocalTime, SharedFormat};
use crate::pipeline::forward::{Forward, resume_forward};
use crate::pipeline::resume::{Resume, primed_forward};
use crate::source::{Decoder, FileStat, Limits};
use crate::store::EventSink;
use std::fs::File;
use std::io::{self, Chain, Cursor, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What a compressed file holds, from where it is read on.
pub(super) type Decoded = Chain<Cursor<Vec<u8>>, Decoder<Archive>>;

/// A compressed file, until nobody wants it any more. It has a place of its own, whoever else reads the same file.
pub(super) struct Archive {
    file: File,
    offset: u64,
    unwanted: Arc<AtomicBool>,
}

impl Read for Archive {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.unwanted.load(Ordering::Relaxed) {
            return Err(io::Error::other("nobody wants it any more"));
        }
        let read = self.file.read_at(out, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// A compressed file to be looked up.
pub(super) struct Search {
    pub(super) file: File,
    pub(super) choice: FormatChoice,
    pub(super) local: LocalTime,
    /// As the file was.
    pub(super) stat: FileStat,
    /// Whether there will be no more of it.
    pub(super) has_ended: bool,
}

/// Where it is read on, and how; `None` where that can't be told.
pub(super) type Place = Option<(Resume, Decoded, SharedFormat)>;

impl Search {
    /// Files up to this size, in bytes, are looked up at once.
    pub(super) const SMALL_BYTES: u64 = 1 << 20;

    /// Looks it up.
    ///
    /// # Errors
    /// What reading or the store says.
    pub(super) fn run<S: EventSink>(self, store: &S, unwanted: &Arc<AtomicBool>) -> Result<Place, FollowError> {
        let open = || {
            let archive = Archive { file: self.file.try_clone()?, offset: 0, unwanted: Arc::clone(unwanted) };
            Decoder::new(archive, Limits::default())
        };
        let format = format_of(&self.choice, &sample_of(&self.choice, open()?)?, false, &self.local)?;
        let Some(Forward { start, content }) = resume_forward(store, open, self.has_ended)?? else { return Ok(None) };
        if !format.has_directives() || start.offset == 0 || start.is_prefix {
            return Ok(Some((start, content, format)));
        }
        let mut content = open()?;
        let format = primed_forward(format, &mut content, start.offset)?;
        Ok(Some((start, Cursor::new(Vec::new()).chain(content), format)))
    }
}

/// A compressed file being looked up. Let go, the search ends soon.
pub(super) struct Searching {
    stat: FileStat,
    has_ended: bool,
    unwanted: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<Place, FollowError>>>,
}

impl Searching {
    /// Begins.
    ///
    /// # Errors
    /// When there can be no more threads.
    pub(super) fn begin<S: EventSink + 'static>(search: Search, store: &Arc<S>) -> io::Result<Searching> {
        let (stat, has_ended, unwanted) = (search.stat, search.has_ended, Arc::<AtomicBool>::default());
        let (store, flag) = (Arc::clone(store), Arc::clone(&unwanted));
        let thread =
            std::thread::Builder::new().name("archive".to_owned()).spawn(move || search.run(&*store, &flag))?;
        Ok(Searching { stat, has_ended, unwanted, thread: Some(thread) })
    }

    /// Whether it is a search in the file as it is.
    pub(super) fn is_of(&self, stat: FileStat, has_ended: bool) -> bool {
        (self.stat, self.has_ended) == (stat, has_ended)
    }

    /// Whether it has come to something.
    pub(super) fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// What it has come to.
    ///
    /// # Errors
    /// What reading or the store says.
    pub(super) fn result(mut self) -> Result<Place, FollowError> {
        let Some(thread) = self.thread.take() else { return Ok(None) };
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for Searching {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.unwanted.store(true, Ordering::Relaxed);
        }
    }
}
