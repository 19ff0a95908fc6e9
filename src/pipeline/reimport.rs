//! A second try for rejected lines, once a format reads them. Lines that are read become rows and are rejects no more,
//! a piece in one transaction, so that each is stored once though two try at the same time or the process ends midway.
//! Lines that still can't be read stay as they are. Rows have the source and the host that the line was rejected of.

use super::parse::Rows;
use crate::format::{FormatChoice, LocalTime, SharedFormat, detect, resolve};
use crate::model::{
    Batch, FieldSet, Order, RejectCount, RejectQuery, RejectReason, SourceName, StoredReject, Storing, Terms,
};
use crate::store::{EventStore, StoreError, StoreResult};
use bumpalo::Bump;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most lines of a transaction, and bytes of them.
const PIECE_LINES: usize = 4000;
const PIECE_BYTES: usize = 16 << 20;
/// Lines asked of the store at a time.
const PAGE_LINES: usize = 250;
/// Lines by which the format is found, at most.
const SAMPLE_LINES: usize = 512;

/// Which rejected lines to read again, and how.
#[derive(Clone, Debug)]
pub struct Reimport {
    /// The name of their source, without regard to case.
    pub source: String,
    /// Only those rejected for this reason.
    pub reason: Option<RejectReason>,
    /// The format they are read in; `None` where each is read in that of its own source, as when this build reads what
    /// an earlier one did not.
    pub format: Option<FormatChoice>,
    /// For formats whose times lack their year or zone.
    pub local_time: LocalTime,
}

/// What became of them. `tried` = `stored` + `directives` + all of `still_rejected` + `not_whole`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReimportSummary {
    /// The format they were read in, where it was one.
    pub format: Option<String>,
    /// Rejected lines looked at: those asked for that are kept.
    pub tried: u64,
    /// Lines stored as rows, which are rejects no more.
    pub stored: u64,
    /// Lines that say how those behind them are read, and are rejects no more.
    pub directives: u64,
    /// Lines that stay, by what was wrong with them this time.
    pub still_rejected: BTreeMap<String, u64>,
    /// Lines that stay because only their head or shape is kept.
    pub not_whole: u64,
}

impl ReimportSummary {
    /// What the audit log says afterwards.
    pub fn on_record(&self) -> Value {
        let rejected: u64 = self.still_rejected.values().sum();
        json!({
            "tried": self.tried, "stored": self.stored, "directives": self.directives,
            "still_rejected": rejected, "not_whole": self.not_whole,
        })
    }
}

/// Why lines were not read again. Pieces committed before stay.
#[derive(Debug, thiserror::Error)]
pub enum ReimportError {
    /// The format was to be found, and is none of those that can be.
    #[error("no known format explains more than half of the lines; name the one they are in")]
    Undetected,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reimport {
    /// Reads the lines again, oldest first. Rows are stored as `stored_as` says for each piece.
    ///
    /// # Errors
    /// [`ReimportError`].
    pub fn run(
        &self,
        store: &dyn EventStore,
        stored_as: &dyn Fn() -> Storing,
    ) -> Result<ReimportSummary, ReimportError> {
        let mut format = match &self.format {
            None => None,
            Some(FormatChoice::Given(format)) => Some(self.local(format.clone())),
            Some(FormatChoice::Auto) => self.detect(store)?.map(|format| self.local(format)),
        };
        let mut summary = ReimportSummary { format: spec(format.as_ref()), ..ReimportSummary::default() };
        let mut directives = Vec::new();
        let mut after = None;
        loop {
            let (lines, next) = self.piece(store, after)?;
            let read = self.read(&lines, format.clone(), &mut stored_as());
            if !read.stored.is_empty() {
                match store.replace_rejects(&read.stored, &read.batches) {
                    // Others have read some of these lines: the rest is read once more.
                    Err(StoreError::Overtaken) => continue,
                    done => done?,
                }
            }
            read.add_to(&mut summary);
            directives.extend(read.directives);
            format = read.format;
            after = next;
            if after.is_none() {
                break;
            }
        }
        // Only now, as whoever takes up an interrupted re-import needs them for the lines behind them.
        if !directives.is_empty() {
            match store.replace_rejects(&directives, &[]) {
                Err(StoreError::Overtaken) => {}
                done => done?,
            }
        }
        Ok(summary)
    }

    /// The counts of the lines asked for, those not kept included.
    ///
    /// # Errors
    /// What the store says.
    pub fn counts(&self, store: &dyn EventStore) -> StoreResult<Vec<RejectCount>> {
        let (query, mut counts) = (self.query(Order::Ascending, None), store.reject_counts()?);
        counts.retain(|count| query.accepts(&count.source, count.reason));
        Ok(counts)
    }

    /// What the audit log says before: what is asked for, and how many lines there are. Of a format only the name, as a
    /// definition may hold anything.
    pub fn on_record(&self, counts: &[RejectCount]) -> Value {
        let name = |format: &SharedFormat| format.spec().split_whitespace().next().map(str::to_owned);
        let format = match &self.format {
            None => None,
            Some(FormatChoice::Auto) => Some(FormatChoice::AUTO.to_owned()),
            Some(FormatChoice::Given(format)) => name(format),
        };
        json!({
            "reason": self.reason.map(RejectReason::name),
            "format": format,
            "rejected": counts.iter().map(|count| count.lines).sum::<u64>(),
            "kept": counts.iter().map(|count| count.kept).sum::<u64>(),
        })
    }

    fn query(&self, order: Order, after: Option<u64>) -> RejectQuery {
        let only = |reason| Terms { any: vec![reason], none: Vec::new() };
        RejectQuery {
            source: Terms { any: vec![self.source.clone()], none: Vec::new() },
            reason: self.reason.map(only).unwrap_or_default(),
            order,
            after,
            limit: PAGE_LINES,
        }
    }

    /// The format of the newest lines, else of the oldest, as others may have been left from earlier tries; `None` where
    /// there are no lines to tell it by.
    fn detect(&self, store: &dyn EventStore) -> Result<Option<SharedFormat>, ReimportError> {
        for order in [Order::Descending, Order::Ascending] {
            let sample = self.sample(store, order)?;
            if sample.is_empty() {
                return Ok(None);
            }
            if let Some(format) = detect(&sample).format() {
                return Ok(Some(format.clone()));
            }
        }
        Err(ReimportError::Undetected)
    }

    /// The first whole lines in that order, oldest first.
    fn sample(&self, store: &dyn EventStore, order: Order) -> StoreResult<Vec<u8>> {
        let (mut lines, mut after) = (Vec::new(), None);
        loop {
            let page = store.rejects(&self.query(order, after))?;
            lines.extend(page.rows.iter().filter_map(StoredReject::whole_line).map(<[u8]>::to_vec));
            lines.truncate(SAMPLE_LINES);
            after = page.next;
            if after.is_none() || lines.len() == SAMPLE_LINES {
                break;
            }
        }
        if order == Order::Descending {
            lines.reverse();
        }
        Ok(lines.into_iter().flat_map(|line| line.into_iter().chain([b'\n'])).collect())
    }

    fn local(&self, format: SharedFormat) -> SharedFormat {
        format.with_local_time(&self.local_time).unwrap_or(format)
    }

    /// The lines of a piece behind `after`, and where the next one begins.
    fn piece(&self, store: &dyn EventStore, mut after: Option<u64>) -> StoreResult<(Vec<StoredReject>, Option<u64>)> {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        loop {
            let page = store.rejects(&self.query(Order::Ascending, after))?;
            bytes += page.rows.iter().filter_map(StoredReject::whole_line).map(<[u8]>::len).sum::<usize>();
            lines.extend(page.rows);
            after = page.next;
            if after.is_none() || lines.len() >= PIECE_LINES || bytes >= PIECE_BYTES {
                return Ok((lines, after));
            }
        }
    }

    fn read(&self, lines: &[StoredReject], format: Option<SharedFormat>, storing: &mut Storing) -> Piece {
        let mut piece = Piece { format, ..Piece::default() };
        let mut arena = Bump::new();
        let mut rows = Rows::new(storing, FieldSet::default());
        for reject in lines {
            let Some(line) = reject.whole_line() else {
                piece.not_whole += 1;
                continue;
            };
            // A format that this build doesn't know reads nothing.
            let own = || resolve(&reject.source.format).ok().map(|format| self.local(format));
            let Some(format) = piece.format.clone().or_else(own) else {
                piece.reject(reject.reason);
                continue;
            };
            if let Some(next) = format.directive(line) {
                piece.directives.push(reject.id);
                piece.format = piece.format.map(|_| next);
                continue;
            }
            arena.reset();
            match format.parse(line, &arena) {
                Ok(event) => {
                    rows.fields = format.fields();
                    rows.push(piece.batch(&reject.source, format.spec()), &event, line);
                    piece.stored.push(reject.id);
                }
                Err(reason) => piece.reject(reason),
            }
        }
        piece
    }
}

fn spec(format: Option<&SharedFormat>) -> Option<String> {
    format.map(|format| format.spec().to_owned())
}

/// What became of some lines.
#[derive(Default)]
struct Piece {
    batches: Vec<Batch>,
    /// Numbers of the lines that are rows of the batches.
    stored: Vec<u64>,
    directives: Vec<u64>,
    rejected: BTreeMap<RejectReason, u64>,
    not_whole: u64,
    /// How the lines behind are read.
    format: Option<SharedFormat>,
}

impl Piece {
    fn reject(&mut self, reason: RejectReason) {
        *self.rejected.entry(reason).or_default() += 1;
    }

    /// The batch of rows of a source that are in a format.
    fn batch(&mut self, source: &SourceName, format: &str) -> &mut Batch {
        let same = |batch: &Batch| {
            let SourceName { name, host, format: spec } = &batch.source;
            *name == source.name && *host == source.host && *spec == format
        };
        let at = self.batches.iter().rposition(same).unwrap_or(self.batches.len());
        if at == self.batches.len() {
            self.batches.push(Batch::new(SourceName { format: format.to_owned(), ..source.clone() }));
        }
        &mut self.batches[at]
    }

    fn add_to(&self, summary: &mut ReimportSummary) {
        let rejected: u64 = self.rejected.values().sum();
        let (stored, directives) = (self.stored.len() as u64, self.directives.len() as u64);
        summary.tried += stored + directives + rejected + self.not_whole;
        summary.stored += stored;
        summary.directives += directives;
        summary.not_whole += self.not_whole;
        for (reason, lines) in &self.rejected {
            *summary.still_rejected.entry(reason.name().to_owned()).or_default() += lines;
        }
    }
}

#[cfg(test)]
mod tests;
