//! Reports: everything worth knowing of a log or a window of the database, on one page that stands for itself, and the
//! same for terminals, documents and programs.
//!
//! [`gather`] asks the store and makes a [`Report`]; each of [`FORMATS`] writes it. The room knows [`crate::store`] only by
//! its trait: what rules and the doctor say is handed in. A new format is a function in a file of its own and one entry
//! of [`FORMATS`]. Documentation: docs/REPORTS.md.

mod contents;
mod csv;
mod figures;
mod folder;
mod gather;
mod html;
mod json;
mod layout;
mod markdown;
mod shown;
mod text;

pub use contents::{
    BlindSpot, Bucket, Cache, CacheHour, CategoryHits, Denied, Example, FileRead, Finding, Flagged, Group, Masking,
    Read, Reason, Rejected, Report, ResultUse, Rule, RuleHits, ServiceUse, Times, TimesOf, Top, Totals, Traffic, Week,
    Window,
};
pub use folder::{FolderError, ReportFolder};
pub use gather::{Asking, gather};
pub use shown::Shown;

use std::io::{self, Write};

/// A format of reports.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// The endings of its files, the usual one first.
    pub endings: &'static [&'static str],
    /// What it is good for.
    pub help: &'static str,
    /// Writes a report.
    pub write: fn(&Report, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub const FORMATS: &[Format] = &[
    Format {
        name: "html",
        endings: &["html", "htm"],
        help: "one page with charts that needs no network",
        write: html::write,
    },
    Format { name: "text", endings: &["txt", "text"], help: "for terminals", write: text::write },
    Format { name: "md", endings: &["md", "markdown"], help: "Markdown, for documents", write: markdown::write },
    Format { name: "json", endings: &["json"], help: "every number, for programs", write: json::write },
    Format { name: "csv", endings: &["csv"], help: "every number, one a line, for spreadsheets", write: csv::write },
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format of files with that ending, without its dot and without regard to case.
pub fn format_of_ending(ending: &str) -> Option<&'static Format> {
    let is_one = |known: &str| known.eq_ignore_ascii_case(ending);
    FORMATS.iter().find(|format| format.endings.iter().any(|known| is_one(known)))
}

#[cfg(test)]
mod tests;
