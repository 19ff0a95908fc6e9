//! The buckets of a window that have sums, handed to what takes them: one after the other, or shared out among cores,
//! each of which reads and takes apart buckets by itself.

use super::parallel::over_items;
use super::reader::{Readers, Session};
use super::rollup::{Group, Level, rollup_row};
use super::sinks::Sink;
use super::snapshot::Snapshot;
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, MAIN_DB, OptionalExtension};
use std::sync::Arc;

/// Fewer bytes of sums than this are not worth another thread.
const ALONE_BYTES: u64 = 256 << 10;

/// A bucket that can't be read, and why.
pub(super) type Damage = (Level, i64, &'static str);

/// Buckets that have sums.
pub(super) struct Buckets<'s> {
    session: &'s Session<'s>,
    /// In a transaction that sees what the session does.
    db: &'s Connection,
    group: Group,
    found: Vec<(Level, i64)>,
    bytes: u64,
}

impl<'s> Buckets<'s> {
    /// Those of `wanted` that have sums, and those whose sums were forgotten: their row is empty.
    pub(super) fn find(
        session: &'s Session<'s>,
        db: &'s Connection,
        group: Group,
        wanted: impl Iterator<Item = (Level, i64)>,
    ) -> StoreResult<(Buckets<'s>, Vec<(Level, i64)>)> {
        let (mut found, mut forgotten, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut query = db.prepare_cached("SELECT length(data) FROM rollup WHERE id = ?1")?;
        for (level, number) in wanted {
            match query.query_row([rollup_row(group, level, number)], |row| row.get::<_, u64>(0)).optional()? {
                None => {}
                Some(0) => forgotten.push((level, number)),
                Some(length) => {
                    found.push((level, number));
                    bytes += length;
                }
            }
        }
        Ok((Buckets { session, db, group, found, bytes }, forgotten))
    }

    /// Hands all to one sink, in order.
    pub(super) fn one_by_one(&self, sink: &mut (impl Sink + ?Sized)) -> StoreResult<Vec<Damage>> {
        let mut damaged = Vec::new();
        let mut query = self.db.prepare_cached("SELECT data FROM rollup WHERE id = ?1")?;
        for &(level, number) in &self.found {
            sink.at(if level == Level::Day { number * 24 } else { number });
            let taken = query.query_row([rollup_row(self.group, level, number)], |row| {
                Ok(sink.packed(row.get_ref(0)?.as_blob().unwrap_or_default(), None))
            });
            damaged.extend(taken?.err().map(|reason| (level, number, reason)));
        }
        Ok(damaged)
    }

    /// Shares them out among sinks of their own, in no order, which `join` puts together.
    pub(super) fn shared_out<S: Sink + Send>(
        &self,
        fork: impl Fn() -> S + Sync,
        mut join: impl FnMut(S),
    ) -> StoreResult<Vec<Damage>> {
        if self.bytes < ALONE_BYTES {
            let mut sink = fork();
            let damaged = self.one_by_one(&mut sink)?;
            join(sink);
            return Ok(damaged);
        }
        let (readers, snapshot, group): (&Readers, &Arc<Snapshot>, _) =
            (self.session.readers, &self.session.snapshot, self.group);
        let take = |sink: &mut S, level, number| {
            readers.with_connection(|db| {
                let session = Session { readers, snapshot: Arc::clone(snapshot), db };
                let reading = session.unmoved()?;
                let row = rollup_row(group, level, number);
                let stored = reading.blob_open(MAIN_DB, "rollup", "data", row, true)?;
                Ok(sink.packed(&stored, None).err().map(|reason| (level, number, reason)))
            })
        };
        let parts = over_items(
            &readers.helpers,
            &self.found,
            || (fork(), Vec::new(), None),
            |(sink, damaged, failure), (level, number)| match take(sink, *level, *number) {
                Ok(damage) => damaged.extend(damage),
                Err(error) => *failure = Some(error),
            },
        );
        let mut all = Vec::new();
        for (sink, damaged, failure) in parts {
            if let Some(error) = failure {
                return Err::<_, StoreError>(error);
            }
            join(sink);
            all.extend(damaged);
        }
        Ok(all)
    }
}
