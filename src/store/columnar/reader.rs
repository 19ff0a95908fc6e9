//! Reading: a pool of read-only connections, and a cache of decoded frames in front of it. A reader never holds a
//! transaction while it goes from block to block; a block that compaction took away in between is
//! [`StoreError::Moved`], and the question is asked again on a new snapshot.

use super::block::{Dictionary, read_source};
use super::column::{Column, HEADER_BYTES, Header, Values};
use super::dictionary::dictionary_row;
use super::parallel::Helpers;
use super::selection::Selection;
use super::snapshot::{BlockMeta, Snapshot, State};
use crate::model::{Outcome, SourceName, TextColumn};
use crate::store::{StoreError, StoreResult};
use parking_lot::{Mutex, RwLock};
use quick_cache::sync::Cache;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, Transaction, blob::Blob};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Decoded frames kept in memory.
const CACHE_BYTES: u64 = 96 << 20;
/// What filters selected of blocks, kept in memory: 3,900 whole blocks.
const SELECTION_BYTES: u64 = 32 << 20;
/// Connections kept open when idle.
const IDLE_CONNECTIONS: usize = 8;

/// What a cached frame weighs: its memory.
#[derive(Clone, Debug)]
pub(super) struct ByBytes;

impl quick_cache::Weighter<(i64, u32), Values> for ByBytes {
    fn weight(&self, _key: &(i64, u32), values: &Values) -> u64 {
        values.weight()
    }
}

/// What kept rows of a filter and block weigh: their memory.
#[derive(Clone, Debug)]
pub(super) struct BySelection;

impl quick_cache::Weighter<(u64, u64), Arc<Selection>> for BySelection {
    fn weight(&self, _key: &(u64, u64), rows: &Arc<Selection>) -> u64 {
        rows.weight()
    }
}

/// What all readers of a store share.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    snapshot: RwLock<Arc<Snapshot>>,
    frames: Cache<(i64, u32), Values, ByBytes>,
    headers: Cache<i64, Option<Arc<Header>>>,
    /// Blocks that turned out to be damaged; left out of every answer from then on.
    quarantine: Mutex<HashSet<u64>>,
    /// What was selected, by the number of a filter (see [`super::filter::Resolved::number`]) and block, time aside.
    pub(super) selections: Cache<(u64, u64), Arc<Selection>, BySelection>,
    pub(super) helpers: Helpers,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Readers {
        Readers {
            path: path.to_owned(),
            idle: Mutex::default(),
            snapshot: RwLock::default(),
            frames: Cache::with_weighter(8192, CACHE_BYTES, ByBytes),
            headers: Cache::new(1 << 16),
            quarantine: Mutex::default(),
            selections: Cache::with_weighter(4096, SELECTION_BYTES, BySelection),
            helpers: Helpers::default(),
        }
    }

    /// Lends a connection.
    pub(super) fn with_connection<T>(&self, work: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        let db = self.connection()?;
        let result = work(&db);
        let mut idle = self.idle.lock();
        if idle.len() < IDLE_CONNECTIONS {
            idle.push(db);
        }
        result
    }

    fn connection(&self) -> StoreResult<Connection> {
        if let Some(connection) = self.idle.lock().pop() {
            return Ok(connection);
        }
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "cache_size", -4096)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Answers a question on a fresh snapshot. Asked again when blocks moved meanwhile; a damaged block is reported,
    /// quarantined and left out.
    pub(super) fn ask<T>(&self, mut question: impl FnMut(&Session<'_>) -> StoreResult<T>) -> StoreResult<T> {
        const TRIES: usize = 100;
        let mut last_damaged = 0;
        for _ in 0..TRIES {
            let answer = self.with_connection(|db| {
                let snapshot = self.renew(db)?;
                question(&Session { readers: self, snapshot, db })
            });
            match answer {
                Err(StoreError::Moved) => {}
                Err(StoreError::Corrupt { block, column, reason }) => {
                    if block == last_damaged {
                        return Err(StoreError::Corrupt { block, column, reason });
                    }
                    last_damaged = block;
                    self.quarantine.lock().insert(block);
                    tracing::error!(
                        block,
                        column,
                        reason,
                        "damaged block quarantined; import its log again to restore it"
                    );
                }
                other => return other,
            }
        }
        Err(StoreError::Moved)
    }

    /// A session inside the caller's transaction.
    pub(super) fn inside<'s>(&'s self, db: &'s Connection) -> StoreResult<Session<'s>> {
        let known = Arc::clone(&self.snapshot.read());
        Ok(Session { readers: self, snapshot: Snapshot::read(&known, db)?, db })
    }

    /// The database file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn renew(&self, db: &Connection) -> StoreResult<Arc<Snapshot>> {
        let known = Arc::clone(&self.snapshot.read());
        let fresh = Snapshot::renewed(&known, db)?;
        if !Arc::ptr_eq(&known, &fresh) {
            let mut current = self.snapshot.write();
            if fresh.state.version >= current.state.version && fresh.state.epoch >= current.state.epoch {
                *current = Arc::clone(&fresh);
            }
        }
        Ok(fresh)
    }

    /// How many blocks are left out for being damaged.
    pub(super) fn quarantined(&self) -> usize {
        self.quarantine.lock().len()
    }
}

/// One question's view of the store.
pub(super) struct Session<'s> {
    pub(super) readers: &'s Readers,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) db: &'s Connection,
}

impl Session<'_> {
    /// A transaction that sees what the snapshot does.
    pub(super) fn unmoved(&self) -> StoreResult<Transaction<'_>> {
        let reading = self.db.unchecked_transaction()?;
        if State::read(&reading)? == self.snapshot.state { Ok(reading) } else { Err(StoreError::Moved) }
    }

    /// What is wrong where a block names a dictionary entry that is not there: blocks have moved since the snapshot, and
    /// the entry went with its rows; else the block is damaged.
    pub(super) fn without_entry(&self, block: &BlockMeta, column: Column) -> StoreError {
        let known = &self.snapshot.state;
        match State::read(self.db) {
            Ok(now) if (now.epoch, now.generation) == (known.epoch, known.generation) => {
                corrupt(block.id, column, "a code stands for nothing")
            }
            Ok(_) => StoreError::Moved,
            Err(error) => error,
        }
    }

    /// Whether a block is to be left out.
    pub(super) fn is_quarantined(&self, block: &BlockMeta) -> bool {
        let quarantine = self.readers.quarantine.lock();
        !quarantine.is_empty() && quarantine.contains(&block.id)
    }

    /// Header and directory of a column; `None` where the block has no such column.
    pub(super) fn header(&self, block: u64, column: Column) -> StoreResult<Option<Arc<Header>>> {
        let row = column.row_of(block);
        if let Some(header) = self.readers.headers.get(&row) {
            return Ok(header);
        }
        let Some(blob) = self.open(row)? else {
            self.readers.headers.insert(row, None);
            return Ok(None);
        };
        let damaged = |reason: &str| corrupt(block, column, reason);
        let mut start = vec![0; blob.len().min(1024)];
        blob.read_at_exact(&mut start, 0)?;
        if start.len() < HEADER_BYTES {
            return Err(damaged("a column is shorter than its header"));
        }
        let length = Header::length(&start).map_err(damaged)?;
        if length > start.len() {
            if length > blob.len() {
                return Err(damaged("a column is shorter than its header"));
            }
            start = vec![0; length];
            blob.read_at_exact(&mut start, 0)?;
        }
        let header = Arc::new(Header::read(&start).map_err(damaged)?);
        self.readers.headers.insert(row, Some(Arc::clone(&header)));
        Ok(Some(header))
    }

    fn open(&self, row: i64) -> StoreResult<Option<Blob<'_>>> {
        match self.db.blob_open(MAIN_DB, "block_column", "data", row, true) {
            Ok(blob) => Ok(Some(blob)),
            // SQLite says "no such rowid" with its general error code.
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.extended_code == 1 => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The whole of a column's bytes, for those that have no frames.
    pub(super) fn bytes(&self, block: u64, column: Column) -> StoreResult<Option<Vec<u8>>> {
        let mut query = self.db.prepare_cached("SELECT data FROM block_column WHERE id = ?1")?;
        Ok(query.query_row([column.row_of(block)], |row| row.get(0)).optional()?)
    }

    /// A decoded frame of a column that every block has.
    pub(super) fn frame(&self, block: &BlockMeta, column: Column, frame: usize) -> StoreResult<Values> {
        let row = column.row_of(block.id);
        if let Some(values) = self.readers.frames.get(&(row, frame as u32)) {
            return Ok(values);
        }
        let values = self.read_frame(block, column, frame)?;
        self.readers.frames.insert((row, frame as u32), values.clone());
        Ok(values)
    }

    /// The texts of a frame, to be changed at will. What a search reads is not kept: it would put everything else out
    /// of memory.
    pub(super) fn texts(&self, block: &BlockMeta, column: Column, frame: usize) -> StoreResult<TextColumn> {
        let kept = self.readers.frames.peek(&(column.row_of(block.id), frame as u32));
        match kept.map_or_else(|| self.read_frame(block, column, frame), Ok)? {
            Values::Texts(texts) => Ok(Arc::unwrap_or_clone(texts)),
            _ => Err(corrupt(block.id, column, "a frame is not of its column's kind")),
        }
    }

    fn read_frame(&self, block: &BlockMeta, column: Column, frame: usize) -> StoreResult<Values> {
        let row = column.row_of(block.id);
        let header = self.header(block.id, column)?.ok_or(StoreError::Moved)?;
        let damaged = |reason: &str| corrupt(block.id, column, reason);
        let span = header.span(frame).map_err(damaged)?;
        let blob = self.open(row)?.ok_or(StoreError::Moved)?;
        if span.end > blob.len() {
            return Err(damaged("a column is shorter than its directory says"));
        }
        let mut bytes = vec![0; span.len()];
        blob.read_at_exact(&mut bytes, span.start)?;
        header.decode(frame, &bytes).map_err(damaged)
    }

    pub(super) fn ints(&self, block: &BlockMeta, column: Column, frame: usize) -> StoreResult<Arc<[i64]>> {
        match self.frame(block, column, frame)? {
            Values::Ints(values) => Ok(values),
            _ => Err(corrupt(block.id, column, "a frame is not of its column's kind")),
        }
    }

    pub(super) fn codes(&self, block: &BlockMeta, column: Column, frame: usize) -> StoreResult<Arc<[u32]>> {
        match self.frame(block, column, frame)? {
            Values::Codes(codes) => Ok(codes),
            _ => Err(corrupt(block.id, column, "a frame is not of its column's kind")),
        }
    }

    /// The dictionary ids that a column's codes stand for.
    pub(super) fn ids(&self, block: &BlockMeta, dictionary: Dictionary) -> StoreResult<Arc<[u32]>> {
        let column = dictionary.column();
        let header = self.header(block.id, column)?.ok_or(StoreError::Moved)?;
        self.codes(block, column, header.row_frames())
    }

    /// The value of a dictionary entry.
    pub(super) fn value(&self, dictionary: Dictionary, id: u32) -> StoreResult<Box<[u8]>> {
        let mut query = self.db.prepare_cached("SELECT value FROM dictionary WHERE id = ?1")?;
        let value = query.query_row([dictionary_row(dictionary, id)], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        // Entries go only with the last block that names them, so a missing one means that the blocks moved.
        value.map(Vec::into_boxed_slice).ok_or(StoreError::Moved)
    }

    /// Hands every entry from `first` on to `each`, by rising ids.
    pub(super) fn values_from(
        &self,
        dictionary: Dictionary,
        first: u32,
        each: impl FnMut(u32, &[u8]),
    ) -> StoreResult<()> {
        self.values_in(dictionary, first..=u32::MAX, each)
    }

    /// Hands every entry of those ids to `each`, by rising ids.
    pub(super) fn values_in(
        &self,
        dictionary: Dictionary,
        ids: RangeInclusive<u32>,
        mut each: impl FnMut(u32, &[u8]),
    ) -> StoreResult<()> {
        let mut query =
            self.db.prepare_cached("SELECT id, value FROM dictionary WHERE id BETWEEN ?1 AND ?2 ORDER BY id")?;
        let mut rows = query.query([*ids.start(), *ids.end()].map(|id| dictionary_row(dictionary, id)))?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            each(id as u32, row.get_ref(1)?.as_bytes().unwrap_or_default());
        }
        Ok(())
    }

    /// The highest id of a dictionary's entries.
    pub(super) fn highest_id(&self, dictionary: Dictionary) -> StoreResult<Option<u32>> {
        let mut query = self.db.prepare_cached("SELECT max(id) FROM dictionary WHERE id BETWEEN ?1 AND ?2")?;
        let highest: Option<i64> =
            query.query_row([0, u32::MAX].map(|id| dictionary_row(dictionary, id)), |row| row.get(0))?;
        Ok(highest.map(|id| id as u32))
    }

    /// The source of that id.
    pub(super) fn source(&self, id: u32) -> StoreResult<SourceName> {
        Ok(read_source(&self.value(Dictionary::Source, id)?))
    }
}

pub(super) fn corrupt(block: u64, column: Column, reason: &str) -> StoreError {
    StoreError::Corrupt { block, column: column.name(), reason: reason.to_owned() }
}

/// What a `kind` entry says, as questions need it.
#[derive(Clone, Debug)]
pub(super) struct KindFacts {
    pub(super) method: Box<[u8]>,
    pub(super) result: Box<[u8]>,
    pub(super) hierarchy: Box<[u8]>,
    pub(super) content_type: Box<[u8]>,
    pub(super) status: u16,
    pub(super) outcome: Outcome,
}
