//! What an archive says of itself, in `manifest.json`.

use crate::model::RowId;
use serde::{Deserialize, Serialize};

/// What an archive says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`Manifest::FORMAT`].
    pub format: String,
    /// The version of the format, 1 upwards.
    pub version: u64,
    /// The archive's number: 128 random bits in hexadecimal. It stays when a person's rows are taken out.
    pub id: String,
    /// The version of Tidegate that wrote it.
    pub tidegate: String,
    /// When it was written, RFC 3339.
    pub created: String,
    /// The identity of the store that the rows are from, in hexadecimal.
    pub store: String,
    /// All rows are of hours before this instant, RFC 3339.
    pub before: String,
    /// No row has a number above this one; rows up to it that are missing here are in an earlier archive, or were not
    /// there any more.
    pub up_to_row: RowId,
    /// How many rows there are.
    pub rows: u64,
    /// The time of the oldest row, RFC 3339.
    pub first_event: String,
    /// The time of the newest row, RFC 3339.
    pub last_event: String,
    /// What of a person the rows show.
    pub masking: Masked,
    /// A hash of the rules in force when it was written. Rows keep the verdict they were stored with.
    pub rules: String,
    /// Rows that should be here and lay in damaged blocks.
    #[serde(default)]
    pub unreadable_rows: u64,
    /// Rows of persons that were taken out afterwards.
    #[serde(default)]
    pub erased_rows: u64,
    /// The files with rows, by rising row number.
    pub parts: Vec<Part>,
}

/// What of a person the rows of an archive show.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Masked {
    /// `none`: rows are as stored; `pseudonyms`: clients and users under pseudonyms, personal parts of URLs hidden;
    /// `mask`: clients, users and what follows the origin in URLs hidden.
    pub applied: String,
    /// The number of the key that pseudonyms were made with, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonym_key: Option<String>,
}

/// A file with rows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the archive.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// The number of its first row.
    pub first_row: RowId,
    /// The number of its last row.
    pub last_row: RowId,
    /// Its bytes before compression.
    pub bytes: u64,
    /// SHA-256 of the file as it is in the archive, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// What marks a manifest as one of an archive.
    pub const FORMAT: &'static str = "tidegate-archive";
    /// The version of the format that this build writes, and the newest that it reads.
    pub const VERSION: u64 = 1;
    /// Its file's name in the archive.
    pub const FILE: &'static str = "manifest.json";
    /// The name of the file with checksums, as `sha256sum -c` reads them.
    pub const SUMS: &'static str = "SHA256SUMS";
    /// The folder of the files with rows.
    pub const ROWS: &'static str = "rows/";
}
