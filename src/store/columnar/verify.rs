//! Reading everything: every checksum checked, every row summed; to compare stores and to find damage.

use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::page::rows;
use super::reader::Session;
use super::select::scan_any;
use crate::model::TimeRange;
use crate::store::{StoreError, StoreResult};

/// What reading everything found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// Living rows.
    pub rows: u64,
    /// A sum over every field of every living row and its number; independent of how rows lie in blocks.
    pub checksum: u64,
    /// Blocks read without fault.
    pub blocks: u64,
    /// What is wrong with the others.
    pub damaged: Vec<String>,
}

/// Rows read at a time.
const CHUNK: usize = 16_384;

pub(super) fn verify(session: &Session<'_>, cache: &FilterCache) -> StoreResult<Verified> {
    let mut found = Verified::default();
    for block in &session.snapshot.blocks {
        let (mut living, mut checksum) = (0, 0_u64);
        let mut read = || -> StoreResult<()> {
            if !block.has_zone_map {
                return Err(super::reader::corrupt(block.id, Column::Time, "the block's zone map can't be read"));
            }
            if !block.folded && session.bytes(block.id, Column::Delta)?.is_none() {
                return Err(StoreError::Moved);
            }
            let mut ids = Vec::with_capacity(block.rows as usize);
            let everything = Resolved::within(TimeRange::ALL);
            scan_any(session, block, &everything, TimeRange::ALL, |row, _| ids.push(block.first_row + u64::from(row)))?;
            for ids in ids.chunks(CHUNK) {
                for event in rows(session, cache, ids)? {
                    living += 1;
                    checksum = checksum.wrapping_add(event.checksum().wrapping_mul(event.id | 1).rotate_left(17));
                }
            }
            Ok(())
        };
        match read() {
            Ok(()) => {
                found.blocks += 1;
                found.rows += living;
                found.checksum = found.checksum.wrapping_add(checksum);
            }
            Err(error @ StoreError::Corrupt { .. }) => found.damaged.push(error.to_string()),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
