//! Writing the rows before an instant into an archive.

use super::ArchiveError;
use super::folder::{Folder, name_of};
use super::manifest::{Manifest, Masked};
use super::pack::{Pack, hex};
use super::read::Archive;
use crate::model::{Clock, Event, EventFilter, HOUR_MS, Lens, RowId, StoredRow, TimeRange, Timestamp};
use crate::store::EventStore;
use crossbeam_channel::{Receiver, bounded};

/// Rows read at a time.
const PIECE_ROWS: usize = 16_384;

/// What of a person an archive shows.
#[derive(Clone, Copy, Debug)]
pub struct Masking {
    /// Its name: see [`Masked::applied`].
    pub name: &'static str,
    /// Rows are written as this shows them.
    pub lens: Lens,
    /// The number of the key of pseudonyms, where any are made.
    pub pseudonym_key: Option<u64>,
}

impl Masking {
    /// Rows are written as they are stored.
    pub const NONE: Masking = Masking { name: "none", lens: Lens::PLAIN, pseudonym_key: None };
}

/// What to write, and how.
#[derive(Clone, Debug)]
pub struct Writing<'w> {
    /// Rows of hours before this instant; it is rounded down to the hour, as retention does.
    pub before: Timestamp,
    /// What of a person the archive shows.
    pub masking: Masking,
    /// What to call the rules in force.
    pub rules: String,
    /// The time.
    pub clock: &'w dyn Clock,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The archive; `None` where there were no rows to write.
    pub archive: Option<Archive>,
    /// No row above this number was looked at: what arrived since is not in it. For
    /// [`EventStore::clear_archived`].
    pub up_to: RowId,
    /// Rows that lie in damaged blocks and are in no archive.
    pub unreadable_rows: u64,
}

/// Writes the rows before an instant, but for those that an archive of the folder holds already, less masked or the same;
/// so archives of a folder have no row in common. `progress` is told how many rows are done, of how many; `stop` is asked
/// now and then. Memory is bounded; half an archive never has an archive's name.
///
/// # Errors
/// [`ArchiveError`]; nothing is left then.
pub fn write(
    store: &dyn EventStore,
    folder: &Folder,
    writing: &Writing<'_>,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
) -> Result<Written, ArchiveError> {
    folder.make()?;
    folder.sweep()?;
    let before = writing.before.floor_to(HOUR_MS);
    let mut id = [0_u8; 16];
    getrandom::fill(&mut id).map_err(|cause| ArchiveError::io(folder.path())(std::io::Error::other(cause)))?;
    let mut manifest = Manifest {
        format: Manifest::FORMAT.to_owned(),
        version: Manifest::VERSION,
        id: hex(&id),
        tidegate: env!("CARGO_PKG_VERSION").to_owned(),
        created: writing.clock.now().to_rfc3339(),
        store: hex(&store.identity()?.to_be_bytes()),
        before: before.to_rfc3339(),
        up_to_row: 0,
        rows: 0,
        first_event: String::new(),
        last_event: String::new(),
        masking: Masked {
            applied: writing.masking.name.to_owned(),
            pseudonym_key: writing.masking.pseudonym_key.map(|key| format!("{key:016x}")),
        },
        rules: writing.rules.clone(),
        unreadable_rows: 0,
        erased_rows: 0,
        parts: Vec::new(),
    };
    let covered = Covered::of(folder, &manifest)?;
    let aside = folder.begin(&name_of(&manifest))?;
    let path = aside.path().to_owned();
    let pack = Pack::new(aside).map_err(ArchiveError::io(&path))?;
    let lens = writing.masking.lens;
    let read = std::thread::scope(|scope| {
        let (to_writer, pieces) = bounded(2);
        let writer = scope.spawn(move || pack_all(pack, &pieces, &lens));
        let read = read_all(store, before, &covered, progress, stop, |rows| to_writer.send(rows).is_ok());
        drop(to_writer);
        let packed = writer.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause));
        Ok::<_, ArchiveError>((read?, packed?))
    });
    let (Read { up_to, unreadable_rows, span }, pack) = read?;
    let Some((first, last)) = span else { return Ok(Written { archive: None, up_to, unreadable_rows }) };
    (manifest.up_to_row, manifest.unreadable_rows) = (up_to, unreadable_rows);
    (manifest.first_event, manifest.last_event) = (first.to_rfc3339(), last.to_rfc3339());
    let path = pack.finish(&mut manifest)?;
    Ok(Written { archive: Some(Archive::open(&path)?), up_to, unreadable_rows })
}

/// What reading came to.
struct Read {
    up_to: RowId,
    unreadable_rows: u64,
    /// The times of the oldest and the newest row.
    span: Option<(Timestamp, Timestamp)>,
}

/// Hands out the rows before an instant that are not covered, piece by piece, until `take` wants no more.
fn read_all(
    store: &dyn EventStore,
    before: Timestamp,
    covered: &Covered,
    progress: &dyn Fn(u64, u64),
    stop: &dyn Fn() -> bool,
    mut take: impl FnMut(Vec<Event>) -> bool,
) -> Result<Read, ArchiveError> {
    let total = store.count_before(before)?;
    let range = Some(TimeRange { from: Timestamp(i64::MIN), until: before });
    let filter = EventFilter { range, ..EventFilter::default() };
    let mut read = Read { up_to: 0, unreadable_rows: 0, span: None };
    let mut done = 0_u64;
    progress(0, total);
    loop {
        if stop() {
            return Err(ArchiveError::Stopped);
        }
        let mut found = store.arrivals(&filter, &Lens::PLAIN, read.up_to, PIECE_ROWS)?;
        let is_last = found.rows.len() < PIECE_ROWS;
        done += found.rows.len() as u64;
        read.up_to = found.up_to;
        found.rows.retain(|row| !covered.has(row));
        for row in &found.rows {
            let (first, last) = read.span.unwrap_or((row.time, row.time));
            read.span = Some((first.min(row.time), last.max(row.time)));
        }
        progress(done, total.max(done));
        if !take(found.rows) || is_last {
            break;
        }
    }
    // Totals know of rows whose blocks can't be read.
    read.unreadable_rows = total.saturating_sub(done);
    Ok(read)
}

fn pack_all(mut pack: Pack, pieces: &Receiver<Vec<Event>>, lens: &Lens) -> Result<Pack, ArchiveError> {
    let path = pack.path().to_owned();
    for event in pieces.iter().flatten() {
        pack.push(&StoredRow::of(&event, lens)).map_err(ArchiveError::io(&path))?;
    }
    Ok(pack)
}

/// Which rows archives of the folder hold.
struct Covered(Vec<Cover>);

/// Which rows an archive holds: those of hours before an instant with numbers up to one.
struct Cover {
    before: Timestamp,
    up_to: RowId,
    /// Of them only those of these numbers, first and last; `None` where none is missing.
    only: Option<Vec<(RowId, RowId)>>,
}

impl Covered {
    /// By archives of the same store whose rows are stored as they are or masked as in `manifest`.
    fn of(folder: &Folder, manifest: &Manifest) -> Result<Covered, ArchiveError> {
        let mut covers = Vec::new();
        for listed in folder.list()? {
            let Ok(known) = &listed.manifest else { continue };
            let is_as_good = known.masking == manifest.masking || known.masking.applied == Masking::NONE.name;
            let Ok(before) = Timestamp::parse(&known.before, Timestamp(0)) else { continue };
            if known.store != manifest.store || !is_as_good {
                continue;
            }
            // Rows that could not be read then may be readable now.
            let only = if known.unreadable_rows == 0 { None } else { Some(numbers(&folder.open(&listed.name)?)?) };
            covers.push(Cover { before, up_to: known.up_to_row, only });
        }
        Ok(Covered(covers))
    }

    fn has(&self, row: &Event) -> bool {
        let holds = |cover: &Cover| {
            let only = cover.only.as_ref();
            let is_there = |ranges: &Vec<(RowId, RowId)>| {
                let at = ranges.partition_point(|(_, last)| *last < row.id);
                ranges.get(at).is_some_and(|(first, _)| *first <= row.id)
            };
            row.time < cover.before && row.id <= cover.up_to && only.is_none_or(is_there)
        };
        self.0.iter().any(holds)
    }
}

/// The numbers of an archive's rows: the first and last of those that follow on each other.
fn numbers(archive: &Archive) -> Result<Vec<(RowId, RowId)>, ArchiveError> {
    let mut ranges: Vec<(RowId, RowId)> = Vec::new();
    for part in 0..archive.manifest.parts.len() {
        let lines = archive.lines(part)?;
        for row in archive.rows(part, &lines)? {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == row.id => *last = row.id,
                _ => ranges.push((row.id, row.id)),
            }
        }
    }
    Ok(ranges)
}
