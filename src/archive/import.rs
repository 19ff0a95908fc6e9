//! Storing the rows of an archive again, as they were: with the verdicts they had, under new numbers. Only where rows are to be
//! stored under pseudonyms, that holds for these, too.
//!
//! A part is one transaction, which also says how far the archive has been read: an import that was killed goes on behind
//! it, and an archive imported twice stores nothing twice. Rows that the store still has from before are known.

use super::ArchiveError;
use super::read::Archive;
use crate::model::{
    Advance, Batch, Checkpoint, Clock, EventFilter, Fingerprint, Lens, Mark, RowId, SourceName, StoredRow,
};
use crate::store::{EventSink, StoreError, StoreResult};
use crossbeam_channel::bounded;
use std::collections::{BTreeMap, HashMap};

/// What became of an archive's rows. `rows` = `stored` + `skipped_known`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Rows in the archive.
    pub rows: u64,
    /// Rows stored.
    pub stored: u64,
    /// Rows that the store had, from this archive or from before.
    pub skipped_known: u64,
}

/// Rows of the store asked for at a time when it is looked up which of them are there.
const LOOKED_UP: usize = 4096;

/// How rows are stored.
#[derive(Clone, Copy, Debug)]
pub struct Storing<'s> {
    /// As this shows them: [`Lens::PLAIN`] as they are in the archive, another where rows are stored under pseudonyms.
    pub lens: Lens,
    /// By so many threads that read; at least one.
    pub threads: usize,
    /// The time.
    pub clock: &'s dyn Clock,
}

/// Stores the rows of an archive. `progress` is told how many rows are
/// done, of how many; `stop` is asked between parts.
///
/// # Errors
/// [`ArchiveError`]; parts stored before stay, and the next import goes on behind them.
pub fn import<S: EventSink>(
    archive: &Archive,
    store: &S,
    storing: Storing<'_>,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
) -> Result<Imported, ArchiveError> {
    let mut stored = 0;
    loop {
        match go_on(archive, store, storing, &mut stored, progress, stop) {
            // Somebody else imports the same archive: what they stored is known now.
            Err(ArchiveError::Store(StoreError::Overtaken)) => {}
            done => {
                done?;
                let rows = archive.manifest.rows;
                return Ok(Imported { rows, stored, skipped_known: rows - stored });
            }
        }
    }
}

/// A part on its way into the store.
struct Ready<P> {
    batches: Vec<P>,
    rows: u64,
}

fn go_on<S: EventSink>(
    archive: &Archive,
    store: &S,
    Storing { lens, threads, clock }: Storing<'_>,
    stored: &mut u64,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
) -> Result<(), ArchiveError> {
    let (fingerprint, threads) = (fingerprint(archive), threads.max(1));
    let mut stands = store.checkpoint(fingerprint)?.map(|known| known.mark);
    let after = stands.map_or(0, |mark| mark.offset);
    let is_own = u128::from_str_radix(&archive.manifest.store, 16) == Ok(store.identity()?);
    let parts = &archive.manifest.parts;
    let left: Vec<usize> = (0..parts.len()).filter(|number| parts[*number].last_row > after).collect();
    let known = parts.iter().filter(|part| part.last_row <= after).map(|part| part.rows).sum::<u64>();
    let mut done = known;
    progress(done, archive.manifest.rows);
    std::thread::scope(|scope| {
        let (to_workers, work) = bounded::<usize>(1);
        let (to_committer, ready) = bounded(threads);
        let numbers = left.clone();
        scope.spawn(move || numbers.into_iter().all(|number| to_workers.send(number).is_ok()));
        for _ in 0..threads {
            let (work, to_committer) = (work.clone(), to_committer.clone());
            scope.spawn(move || {
                for number in work {
                    if to_committer.send((number, prepare(archive, store, number, (after, is_own), &lens))).is_err() {
                        break;
                    }
                }
            });
        }
        // Nobody waits for work that nobody takes, and the other way round, once this returns.
        drop((work, to_committer));
        let mut waiting = BTreeMap::new();
        for number in left {
            while !waiting.contains_key(&number) {
                // Ends early only where a worker panicked, which the scope passes on.
                let Ok((at, part)) = ready.recv() else { return Ok(()) };
                waiting.insert(at, part);
            }
            let Some(part) = waiting.remove(&number) else { return Ok(()) };
            if stop() {
                return Err(ArchiveError::Stopped);
            }
            let Ready { batches, rows } = part?;
            done += parts[number].rows;
            let to = mark(archive, parts[number].last_row, done);
            let checkpoint = Checkpoint {
                fingerprint,
                mark: to,
                between: Vec::new(),
                followed: false,
                seen_as: archive.name(),
                at: clock.now(),
            };
            store.append(batches, &[Advance { from: stands, to: checkpoint }])?;
            (stands, *stored) = (Some(to), *stored + rows);
            progress(done, archive.manifest.rows);
        }
        Ok(())
    })
}

/// The rows of a part above `after` that the store does not have, ready to be stored.
fn prepare<S: EventSink>(
    archive: &Archive,
    store: &S,
    number: usize,
    (after, is_own): (RowId, bool),
    lens: &Lens,
) -> Result<Ready<S::Prepared>, ArchiveError> {
    let lines = archive.lines(number)?;
    let mut rows = archive.rows(number, &lines)?;
    rows.retain(|row| row.id > after);
    if is_own {
        remove_known(store, &mut rows)?;
    }
    let mut batches: Vec<Batch> = Vec::new();
    let mut places: HashMap<SourceName, usize> = HashMap::new();
    let mut last: Option<(SourceName, usize)> = None;
    for row in &rows {
        let at = match &last {
            Some((source, at))
                if *source.name == row.source && *source.host == row.host && *source.format == row.format =>
            {
                *at
            }
            _ => {
                let source = row.source_name();
                let at = *places.entry(source.clone()).or_insert_with(|| {
                    let mut batch = Batch::new(source.clone());
                    // Sums that outlasted the rows here are not to count them twice.
                    batch.comes_back = is_own;
                    batches.push(batch);
                    batches.len() - 1
                });
                last = Some((source, at));
                at
            }
        };
        if lens.is_plain() {
            row.push_to(&mut batches[at]);
        } else {
            row.as_shown(lens).push_to(&mut batches[at]);
        }
    }
    let rows = rows.len() as u64;
    let batches = batches.iter().map(|batch| store.prepare(batch)).collect::<StoreResult<_>>()?;
    Ok(Ready { batches, rows })
}

/// Removes the rows that the store they are from still has.
fn remove_known<S: EventSink>(store: &S, rows: &mut Vec<StoredRow<'_>>) -> StoreResult<()> {
    let (Some(first), Some(last)) = (rows.first().map(|row| row.id), rows.last().map(|row| row.id)) else {
        return Ok(());
    };
    let (mut after, mut limit) = (first - 1, 1);
    let mut known = HashMap::new();
    // One row tells whether any are there at all, which mostly is not so.
    while after < last {
        let found = store.arrivals(&EventFilter::default(), &Lens::PLAIN, after, limit)?;
        after = found.up_to;
        let is_last = found.rows.len() < limit;
        known.extend(found.rows.into_iter().filter(|event| event.id <= last).map(|event| (event.id, event)));
        if is_last {
            break;
        }
        limit = LOOKED_UP;
    }
    rows.retain(|row| !known.get(&row.id).is_some_and(|event| row.is_row(event)));
    Ok(())
}

/// Under which name the store keeps how far an archive has been read.
fn fingerprint(archive: &Archive) -> Fingerprint {
    Fingerprint(xxhash_rust::xxh3::xxh3_128(format!("tidegate archive {}", archive.manifest.id).as_bytes()))
}

/// A place in an archive: as offset the number of the last row that was read.
fn mark(archive: &Archive, last_row: RowId, rows: u64) -> Mark {
    let tail = xxhash_rust::xxh3::xxh3_64(format!("{} {last_row}", archive.manifest.id).as_bytes());
    Mark { offset: last_row, lines: rows, tail }
}
