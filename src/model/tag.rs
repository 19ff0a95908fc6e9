//! What is to be noted of a row, in one word each; and how a tag is tested for. Tags that settings have a say in are
//! tested by functions that the one who asks brings along.

use super::{Outcome, OutcomeCounts, PathTraits};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A tag of a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Tag {
    /// Denied or forbidden; challenges too where the setting says so.
    Blocked,
    /// The destination's host is an IP address.
    IpLiteral,
    /// The destination is not on the public Internet.
    PrivateDestination,
    /// The setting `ignored_hosts` names the destination.
    Ignored,
    /// The destination is a known service that is not sanctioned.
    ShadowIt,
    /// The destination's port is unusual.
    UnusualPort,
    /// The destination's name looks as if a program had made it up.
    Dga,
    /// The destination's name imitates a protected one.
    LookAlike,
    /// A program with the name of a document: `invoice.pdf.exe`.
    DoubleExtension,
    /// Extension and MIME type contradict each other.
    MimeMismatch,
    /// The path is unusually random.
    HighEntropy,
    /// The score is not below the setting `waf_block_threshold`.
    Flagged,
}

impl Tag {
    /// Every tag, in the order they are shown.
    pub const ALL: [Tag; 12] = [
        Tag::Blocked,
        Tag::IpLiteral,
        Tag::PrivateDestination,
        Tag::Ignored,
        Tag::ShadowIt,
        Tag::UnusualPort,
        Tag::Dga,
        Tag::LookAlike,
        Tag::DoubleExtension,
        Tag::MimeMismatch,
        Tag::HighEntropy,
        Tag::Flagged,
    ];

    /// The word used in filters and answers.
    pub fn name(self) -> &'static str {
        match self {
            Tag::Blocked => "blocked",
            Tag::IpLiteral => "ip_literal",
            Tag::PrivateDestination => "private_destination",
            Tag::Ignored => "ignored",
            Tag::ShadowIt => "shadow_it",
            Tag::UnusualPort => "unusual_port",
            Tag::Dga => "dga",
            Tag::LookAlike => "look_alike",
            Tag::DoubleExtension => "double_extension",
            Tag::MimeMismatch => "mime_mismatch",
            Tag::HighEntropy => "high_entropy",
            Tag::Flagged => "flagged",
        }
    }

    /// The tag of that name, without regard to case.
    pub fn parse(name: &str) -> Option<Tag> {
        Self::ALL.into_iter().find(|tag| tag.name().eq_ignore_ascii_case(name))
    }
}

/// How rows that have a tag are told: by one of the values that rows share.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TagTest {
    /// By the outcome.
    Outcome(OutcomeSet),
    /// By the origin.
    Origin(OriginTest),
    /// By what the path says.
    Path(PathTest),
    /// By a score of at least so much.
    Score(u32),
}

/// Some outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct OutcomeSet(u8);

impl OutcomeSet {
    /// Those that count as blocked.
    pub fn blocked(count_auth_challenges: bool) -> OutcomeSet {
        let mut set = OutcomeSet::default();
        for outcome in Outcome::ALL {
            let mut one = OutcomeCounts::default();
            one.0[outcome as usize] = 1;
            set.0 |= (one.blocked(count_auth_challenges) as u8) << outcome as u8;
        }
        set
    }

    /// Whether the outcome is among them.
    pub fn has(self, outcome: Outcome) -> bool {
        self.0 >> outcome as u8 & 1 == 1
    }
}

/// Says of an origin whether something is so.
pub type OriginPredicate = dyn Fn(&[u8]) -> bool + Send + Sync;

/// A question about origins. Two are the same when tag and version are: the version changes with everything that an
/// answer depends on.
#[derive(Clone)]
pub struct OriginTest {
    /// What is asked.
    pub tag: Tag,
    /// Of the settings that have a say in it.
    pub version: u64,
    /// Whether an origin has the tag; called once per distinct origin.
    pub holds: Arc<OriginPredicate>,
}

impl PartialEq for OriginTest {
    fn eq(&self, other: &OriginTest) -> bool {
        (self.tag, self.version) == (other.tag, other.version)
    }
}

impl Eq for OriginTest {}

impl Hash for OriginTest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.tag, self.version).hash(state);
    }
}

impl fmt::Debug for OriginTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of version {}", self.tag.name(), self.version)
    }
}

/// A question about paths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PathTest {
    /// Two extensions.
    DoubleExtension,
    /// Extension and MIME type contradict each other.
    MimeMismatch,
    /// Unusually random.
    HighEntropy,
}

impl PathTest {
    /// Whether a path has the tag.
    pub fn holds(self, traits: &PathTraits<'_>) -> bool {
        match self {
            PathTest::DoubleExtension => !traits.inner.is_empty(),
            PathTest::MimeMismatch => traits.mismatch,
            PathTest::HighEntropy => traits.high_entropy,
        }
    }
}
