//! The tags of rows, as settings have them: which there are, and how each is told. One table for filters, rows and
//! statistics.

use super::rows::RowSettings;
use crate::classify::{Destination, destination};
use crate::model::{OriginTest, Outcome, PathTest, PathTraits, Tag, TagTest};
use std::sync::Arc;

/// By what a tag is told.
enum Told {
    Outcome,
    Origin,
    Path(PathTest),
}

fn told(tag: Tag) -> Told {
    match tag {
        Tag::Blocked => Told::Outcome,
        Tag::DoubleExtension => Told::Path(PathTest::DoubleExtension),
        Tag::MimeMismatch => Told::Path(PathTest::MimeMismatch),
        Tag::HighEntropy => Told::Path(PathTest::HighEntropy),
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
        Told::Origin => {
            let settings = Arc::clone(settings);
            let version = settings.version;
            let holds =
                move |origin: &[u8]| destination(origin).is_some_and(|target| settings.why(tag, &target).is_some());
            TagTest::Origin(OriginTest { tag, version, holds: Arc::new(holds) })
        }
    }
}

/// Whether a row has a tag: one of that outcome, to that destination, with what its path says in the text form of
/// [`PathTraits`].
pub fn has(tag: Tag, settings: &RowSettings, outcome: Outcome, target: Option<&Destination>, path: &[u8]) -> bool {
    match told(tag) {
        Told::Outcome => settings.blocked().has(outcome),
        Told::Path(test) => PathTraits::read(path).is_some_and(|traits| test.holds(&traits)),
        Told::Origin => target.is_some_and(|target| settings.why(tag, target).is_some()),
    }
}
