//! Which group each row of a block is in, by the numbers of names.

use super::block::Dictionary;
use super::column::Column;
use super::file_category::{BlockFiles, FileCategories};
use super::filter::FilterCache;
use super::names::{NONE, Names, dictionary_of};
use super::reader::{Session, corrupt};
use super::snapshot::BlockMeta;
use crate::model::{Dimension, Lens};
use crate::store::StoreResult;
use std::sync::Arc;

/// How rows are grouped.
#[derive(Debug)]
pub(super) enum Grouping {
    /// All in one.
    One,
    /// By what a dictionary's entries are called.
    Named(Dictionary, Arc<Names>),
    /// By what extension and type of a file say together.
    Files(Box<FileCategories>),
}

/// How the rows of one block are grouped.
#[derive(Debug)]
pub(super) enum BlockGroups<'g> {
    /// All in one.
    One,
    /// By the codes of a column.
    Coded { column: Column, numbers: Vec<u32> },
    /// By two columns.
    Files(BlockFiles<'g>),
}

/// The groups of the rows of a frame.
#[derive(Debug)]
pub(super) enum FrameGroups<'g> {
    /// All in one.
    One,
    /// By codes.
    Coded { codes: Arc<[u32]>, numbers: &'g [u32] },
    /// One by one.
    Each(Vec<u32>),
}

/// The number of no name.
pub(super) const NO_NUMBER: u32 = u32::MAX;

impl Grouping {
    /// How rows are grouped by a dimension, or not at all.
    pub(super) fn by(
        session: &Session<'_>,
        filters: &FilterCache,
        by: Option<Dimension>,
        lens: &Lens,
    ) -> StoreResult<Grouping> {
        Ok(match by {
            None => Grouping::One,
            Some(Dimension::FileCategory) => Grouping::Files(Box::new(FileCategories::of(session, filters)?)),
            Some(by) => Grouping::Named(dictionary_of(by), filters.names.get(session, by, lens)?),
        })
    }

    /// How many numbers there may be.
    pub(super) fn len(&self) -> usize {
        match self {
            Grouping::One => 1,
            Grouping::Named(_, names) => names.len(),
            Grouping::Files(categories) => categories.len(),
        }
    }

    /// Hands the dictionary entries that say a group alone to `each`.
    pub(super) fn each_id(&self, number: u32, each: impl FnMut(u32)) {
        match self {
            Grouping::One => std::iter::once(0).for_each(each),
            Grouping::Named(_, names) => names.ids_of(number).for_each(each),
            Grouping::Files(_) => {}
        }
    }

    /// The name of a group.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        match self {
            Grouping::One => NONE,
            Grouping::Named(_, names) => names.name(number),
            Grouping::Files(categories) => categories.name(number),
        }
    }

    /// The number of a dictionary entry's group; `None` for an entry that is gone, or does not say it alone. Names are
    /// read after the snapshot, so that an entry without one is not new: it went with the rows that had it, though
    /// blocks may still hold its id until they are written anew.
    pub(super) fn number(&self, id: u32) -> Option<u32> {
        match self {
            Grouping::One => Some(0),
            Grouping::Named(_, names) => names.number(id),
            Grouping::Files(_) => None,
        }
    }

    /// How the rows of a block are grouped.
    pub(super) fn of_block(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<BlockGroups<'_>> {
        match self {
            Grouping::One => Ok(BlockGroups::One),
            Grouping::Named(dictionary, _) => {
                let ids = session.ids(block, *dictionary)?;
                let numbers = ids.iter().map(|id| self.number(*id).unwrap_or(NO_NUMBER)).collect();
                Ok(BlockGroups::Coded { column: dictionary.column(), numbers })
            }
            Grouping::Files(categories) => Ok(BlockGroups::Files(categories.of_block(session, block)?)),
        }
    }
}

impl BlockGroups<'_> {
    /// Gives groups other numbers, or none; answers whether any is left.
    pub(super) fn renumber(&mut self, to: impl Fn(u32) -> Option<u32>) -> bool {
        match self {
            BlockGroups::One => true,
            BlockGroups::Coded { numbers, .. } => {
                numbers.iter_mut().for_each(|number| *number = to(*number).unwrap_or(NO_NUMBER));
                numbers.iter().any(|number| *number != NO_NUMBER)
            }
            BlockGroups::Files(files) => files.renumber(to),
        }
    }

    /// The groups of a frame's rows.
    pub(super) fn of_frame<'g>(
        &'g self,
        session: &Session<'_>,
        block: &BlockMeta,
        frame: usize,
    ) -> StoreResult<FrameGroups<'g>> {
        match self {
            BlockGroups::One => Ok(FrameGroups::One),
            BlockGroups::Coded { column, numbers } => {
                let codes = session.codes(block, *column, frame)?;
                if codes.iter().any(|code| *code as usize >= numbers.len()) {
                    return Err(corrupt(block.id, *column, "a code has no id"));
                }
                Ok(FrameGroups::Coded { codes, numbers })
            }
            BlockGroups::Files(files) => Ok(FrameGroups::Each(files.of_frame(session, block, frame)?)),
        }
    }
}

impl FrameGroups<'_> {
    /// The group of a row, by its place in the frame.
    #[inline]
    pub(super) fn number(&self, at: usize) -> u32 {
        match self {
            FrameGroups::One => 0,
            FrameGroups::Coded { codes, numbers } => numbers[codes[at] as usize],
            FrameGroups::Each(numbers) => numbers[at],
        }
    }
}
