//! What erasing a data subject did, how far it is, and what a search for the subject's traces found.

use super::Occurrences;

/// What erasing a data subject did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Erased {
    /// Rows that are gone.
    pub rows: u64,
    /// Rejected lines that named the subject, and are gone.
    pub rejects: u64,
    /// Damaged blocks that could not be read: rows of the subject may lie in them. They appear in no answer.
    pub unreadable_blocks: u64,
}

/// How far an erasure is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ErasureProgress {
    /// Rows of the store that have been looked at.
    pub done: u64,
    /// Rows to look at.
    pub total: u64,
}

/// Where a trace was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TracePlace {
    /// A client address.
    Client,
    /// A user name.
    User,
    /// Scheme and authority of a target.
    Origin,
    /// The part of a target behind its origin.
    Target,
    /// A peer's address.
    Peer,
    /// A User-Agent header.
    UserAgent,
    /// A Referer header.
    Referer,
    /// Method, result code, hierarchy code or MIME type.
    Kind,
    /// The name of a source, its machine or its format.
    Source,
    /// A line kept beside its row.
    Line,
    /// A rejected line.
    Reject,
    /// The name of a file that was read.
    FileName,
    /// What behaviour gave away.
    Finding,
}

impl TracePlace {
    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            TracePlace::Client => "client",
            TracePlace::User => "user",
            TracePlace::Origin => "origin",
            TracePlace::Target => "target",
            TracePlace::Peer => "peer",
            TracePlace::UserAgent => "user_agent",
            TracePlace::Referer => "referer",
            TracePlace::Kind => "kind",
            TracePlace::Source => "source",
            TracePlace::Line => "line",
            TracePlace::Reject => "reject",
            TracePlace::FileName => "file_name",
            TracePlace::Finding => "finding",
        }
    }
}

/// Occurrences in stored values of one sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trace {
    /// Of which sort.
    pub place: TracePlace,
    /// How often. Values that many rows share (clients, users, origins, peers, user agents) count once.
    pub found: Occurrences,
}

/// Occurrences in the bytes of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileTraces {
    /// The file's name in the data directory.
    pub file: String,
    /// How often. What stands before and behind a value in a file may be of another value, so `inside` may hold one
    /// that stands by itself.
    pub found: Occurrences,
}

/// What a search for a data subject found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Traces {
    /// In stored values, decoded; only sorts with occurrences, in the order of [`TracePlace`].
    pub values: Vec<Trace>,
    /// In the files as they are; only those with occurrences.
    pub files: Vec<FileTraces>,
    /// Damaged blocks, of which some or all could not be searched.
    pub unreadable_blocks: u64,
}

impl Traces {
    /// Whether nothing was found that names the subject by itself, and everything could be searched.
    pub fn is_clean(&self) -> bool {
        let alone = self.values.iter().map(|trace| trace.found).chain(self.files.iter().map(|file| file.found));
        alone.map(|found| found.alone).sum::<u64>() == 0 && self.unreadable_blocks == 0
    }
}
