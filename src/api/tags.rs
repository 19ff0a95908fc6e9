//! The tags of rows, as settings have them: which there are, and how each is told. One table for filters, rows and
//! statistics.

use super::rows::RowSettings;
use crate::classify::destination;
use crate::model::{OriginTest, OutcomeSet, PathTest, Tag, TagTest};
use std::sync::Arc;

/// How a tag is told.
pub fn test(tag: Tag, settings: &Arc<RowSettings>) -> TagTest {
    match tag {
        Tag::Blocked => TagTest::Outcome(OutcomeSet::blocked(settings.challenges_block)),
        Tag::DoubleExtension => TagTest::Path(PathTest::DoubleExtension),
        Tag::MimeMismatch => TagTest::Path(PathTest::MimeMismatch),
        Tag::HighEntropy => TagTest::Path(PathTest::HighEntropy),
        Tag::IpLiteral
        | Tag::PrivateDestination
        | Tag::Ignored
        | Tag::ShadowIt
        | Tag::UnusualPort
        | Tag::Dga
        | Tag::LookAlike => {
            let settings = Arc::clone(settings);
            let version = settings.version;
            let holds =
                move |origin: &[u8]| destination(origin).is_some_and(|target| settings.why(tag, &target).is_some());
            TagTest::Origin(OriginTest { tag, version, holds: Arc::new(holds) })
        }
    }
}
