//! The tags of rows, as settings have them: which there are, and how each is told. One table for filters, rows and
//! statistics.

use super::rows::RowSettings;
use crate::classify::{Destination, destination};
use crate::model::{EventView, OriginTest, PathTest, PathTraits, Tag, TagTest};
use std::sync::Arc;

/// By what a tag is told.
enum Told {
    Outcome,
    Origin,
    Path(PathTest),
    Score,
}

fn told(tag: Tag) -> Told {
    match tag {
        Tag::Blocked => Told::Outcome,
        Tag::DoubleExtension => Told::Path(PathTest::DoubleExtension),
        Tag::MimeMismatch => Told::Path(PathTest::MimeMismatch),
        Tag::HighEntropy => Told::Path(PathTest::HighEntropy),
        Tag::Flagged => Told::Score,
        Tag::IpLiteral
        | Tag::PrivateDestination
        | Tag::Ignored
        | Tag::ShadowIt
        | Tag::UnusualPort
        | Tag::Dga
        | Tag::LookAlike => Told::Origin,
    }
}

/// How a tag is told, as a question to the store.
pub fn test(tag: Tag, settings: &Arc<RowSettings>) -> TagTest {
    match told(tag) {
        Told::Outcome => TagTest::Outcome(settings.blocked()),
        Told::Path(test) => TagTest::Path(test),
        Told::Score => TagTest::Score(settings.flagged_from),
        Told::Origin => {
            let settings = Arc::clone(settings);
            let version = settings.version;
            let holds =
                move |origin: &[u8]| destination(origin).is_some_and(|target| settings.why(tag, &target).is_some());
            TagTest::Origin(OriginTest { tag, version, holds: Arc::new(holds) })
        }
    }
}

/// Whether a row has a tag, given where it went and what its path says in the text form of [`PathTraits`].
pub fn has(tag: Tag, settings: &RowSettings, row: &EventView, target: Option<&Destination>, path: &[u8]) -> bool {
    match told(tag) {
        Told::Outcome => settings.blocked().has(row.outcome),
        Told::Score => row.verdict.as_ref().is_some_and(|verdict| verdict.score >= settings.flagged_from),
        Told::Path(test) => PathTraits::read(path).is_some_and(|traits| test.holds(&traits)),
        Told::Origin => target.is_some_and(|target| settings.why(tag, target).is_some()),
    }
}
