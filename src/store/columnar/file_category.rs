//! Which category of files each row of a block is in: the one dimension that takes two columns, the extension of the
//! path and the MIME type of the reply.

use super::block::Dictionary;
use super::column::Column;
use super::filter::FilterCache;
use super::grouping::NO_NUMBER;
use super::names::{NONE, Names};
use super::reader::{Session, corrupt};
use super::snapshot::BlockMeta;
use crate::model::{Classifiers, Dimension, Lens};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Categories, numbered as they are met.
#[derive(Debug)]
pub(super) struct FileCategories {
    classifiers: Classifiers,
    /// By entry of a path.
    extensions: Arc<Names>,
    /// By entry of a kind.
    types: Names,
    met: Mutex<Met>,
}

#[derive(Debug, Default)]
struct Met {
    names: Vec<&'static str>,
    /// Extension and type -> category.
    of: HashMap<(u32, u32), u32>,
}

/// The extensions and types of a block, by code.
#[derive(Debug)]
pub(super) struct BlockFiles<'g> {
    categories: &'g FileCategories,
    extensions: Vec<u32>,
    types: Vec<u32>,
    /// What categories are numbered as, where that was changed.
    renumbered: Option<Vec<u32>>,
}

/// Pairs of codes of a block that are remembered, at most: a megabyte of them.
const MOST_PAIRS: usize = 1 << 18;
/// A pair of codes not looked at yet.
const NOT_MET: u32 = NO_NUMBER - 1;

impl FileCategories {
    pub(super) fn of(session: &Session<'_>, filters: &FilterCache) -> StoreResult<FileCategories> {
        let kinds = filters.kinds(session)?;
        let types = (0..).zip(kinds.iter()).filter_map(|(id, kind)| Some((id, &kind.as_ref()?.content_type)));
        Ok(FileCategories {
            classifiers: *filters.names.classifiers(),
            extensions: filters.names.get(session, Dimension::Extension, &Lens::PLAIN)?,
            types: Names::of(types),
            met: Mutex::default(),
        })
    }

    /// How many numbers there may be.
    pub(super) fn len(&self) -> usize {
        self.met.lock().names.len()
    }

    /// The name of a category.
    pub(super) fn name(&self, number: u32) -> &'static [u8] {
        self.met.lock().names[number as usize].as_bytes()
    }

    fn number(&self, extension: u32, mime: u32) -> u32 {
        if extension == NO_NUMBER || mime == NO_NUMBER {
            return NO_NUMBER;
        }
        let mut met = self.met.lock();
        if let Some(number) = met.of.get(&(extension, mime)) {
            return *number;
        }
        let shown = |name| if name == NONE { &b""[..] } else { name };
        let (extension_text, type_text) = (shown(self.extensions.name(extension)), shown(self.types.name(mime)));
        let category = (self.classifiers.file_category)(extension_text, type_text);
        let category = if category.is_empty() { "-" } else { category };
        let known = met.names.iter().position(|name| *name == category);
        let number = known.unwrap_or_else(|| {
            met.names.push(category);
            met.names.len() - 1
        }) as u32;
        met.of.insert((extension, mime), number);
        number
    }

    /// The extensions and types of a block.
    pub(super) fn of_block(&self, session: &Session<'_>, block: &BlockMeta) -> StoreResult<BlockFiles<'_>> {
        let numbers = |dictionary, names: &Names| -> StoreResult<Vec<u32>> {
            let ids = session.ids(block, dictionary)?;
            Ok(ids.iter().map(|id| names.number(*id).unwrap_or(NO_NUMBER)).collect())
        };
        Ok(BlockFiles {
            categories: self,
            extensions: numbers(Dictionary::Path, &self.extensions)?,
            types: numbers(Dictionary::Kind, &self.types)?,
            renumbered: None,
        })
    }
}

impl BlockFiles<'_> {
    /// Gives categories other numbers, or none; those not met yet have none.
    pub(super) fn renumber(&mut self, to: impl Fn(u32) -> Option<u32>) -> bool {
        let numbers = (0..self.categories.len() as u32).map(|number| to(number).unwrap_or(NO_NUMBER)).collect();
        self.renumbered = Some(numbers);
        true
    }

    /// The category of each row of a frame.
    pub(super) fn of_frame(&self, session: &Session<'_>, block: &BlockMeta, frame: usize) -> StoreResult<Vec<u32>> {
        let paths = session.codes(block, Column::Path, frame)?;
        let kinds = session.codes(block, Column::Kind, frame)?;
        let all = self.extensions.len() * self.types.len();
        // Pairs of codes mostly repeat.
        let mut met = vec![NOT_MET; if all <= MOST_PAIRS { all } else { 0 }];
        let mut numbers = Vec::with_capacity(paths.len());
        for (path, kind) in paths.iter().zip(kinds.iter()) {
            let (path, kind) = (*path as usize, *kind as usize);
            if path >= self.extensions.len() || kind >= self.types.len() {
                return Err(corrupt(block.id, Column::Path, "a code has no id"));
            }
            numbers.push(match met.get_mut(path * self.types.len() + kind) {
                Some(number) if *number != NOT_MET => *number,
                Some(number) => {
                    *number = self.number(path, kind);
                    *number
                }
                None => self.number(path, kind),
            });
        }
        Ok(numbers)
    }

    /// The category of a pair of codes.
    fn number(&self, path: usize, kind: usize) -> u32 {
        let number = self.categories.number(self.extensions[path], self.types[kind]);
        match &self.renumbered {
            Some(numbers) => numbers.get(number as usize).copied().unwrap_or(NO_NUMBER),
            None => number,
        }
    }
}
