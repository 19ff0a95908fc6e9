//! What the paths of a batch's rows say, and how random they are: found once per row, in the threads that encode, and
//! kept as a dictionary column of few values.

use crate::model::{Batch, Classifiers, DictColumn, KindParts, PathTraits, PersonalRows};

/// What paths say, row by row.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// The text forms of [`PathTraits`].
    pub(super) traits: DictColumn,
    /// Thousandths of a bit per byte; `None` where there is nothing to measure.
    pub(super) entropy_millibits: Vec<Option<u16>>,
}

impl Paths {
    /// Of the rows of a batch.
    pub(super) fn of(batch: &Batch, classifiers: &Classifiers) -> Paths {
        let mut personal = PersonalRows::of(batch);
        let mime = |kind| KindParts::read(kind).map_or(&b""[..], |parts| parts.content_type);
        let mimes: Vec<&[u8]> = batch.kind.values.iter().map(mime).collect();
        let mut paths = Paths::default();
        paths.entropy_millibits.reserve(batch.len());
        paths.traits.codes.reserve(batch.len());
        let mut text = Vec::new();
        for row in 0..batch.len() {
            let rest = batch.rest.get(row);
            let entropy = (classifiers.path)(rest, mimes[batch.kind.codes[row] as usize], &mut text);
            if personal.holds(row) {
                PathTraits::mark_personal(&mut text);
            }
            paths.traits.push(&text);
            paths.entropy_millibits.push(entropy.map(|millibits| u16::try_from(millibits).unwrap_or(u16::MAX)));
        }
        paths
    }
}

/// The text form for a row without a path.
pub(super) fn no_path() -> Vec<u8> {
    let mut text = Vec::new();
    PathTraits::default().write(&mut text);
    text
}
