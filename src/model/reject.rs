//! Lines that could not be parsed: on their way into a store ([`Reject`]), stored ([`StoredReject`]) and as a principal
//! may see them ([`RejectView`]).

use super::{Lens, Order, RejectedLine, SourceName, Terms, shape};
use std::borrow::Cow;
use std::fmt;

/// A line that could not be parsed, on its way into a store.
#[derive(Clone, PartialEq, Eq)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// Where the line begins in its content, in bytes.
    pub offset: u64,
    /// The line, at most [`Reject::KEPT_BYTES`] of it, or its shape.
    pub bytes: Box<[u8]>,
    /// Which of these.
    pub kept: Kept,
}

impl Reject {
    /// How much of a rejected line is kept at most.
    pub const KEPT_BYTES: usize = 64 * 1024;
    /// How many rejected lines of a source are kept at most; those beyond are only counted.
    pub const MOST_LINES: u64 = 100_000;
    /// How many bytes of rejected lines of a source are kept at most; lines that don't fit are only counted.
    pub const MOST_BYTES: u64 = 64 << 20;

    /// A rejected line, cut to what is kept. Of a line that is too long, `line` is the head.
    pub fn new(reason: RejectReason, offset: u64, line: &[u8]) -> Self {
        let cut = reason == RejectReason::TooLong || line.len() > Self::KEPT_BYTES;
        let kept = if cut { Kept::Head } else { Kept::Whole };
        Reject { reason, offset, bytes: line[..line.len().min(Self::KEPT_BYTES)].into(), kept }
    }

    /// A rejected line of which only the [`shape`] is kept.
    pub fn as_shape(reason: RejectReason, offset: u64, line: &[u8]) -> Self {
        Reject { reason, offset, bytes: shape(line).into(), kept: Kept::Shape }
    }
}

/// What is kept of a rejected line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kept {
    /// All of it: it can be read again.
    Whole,
    /// Its beginning.
    Head,
    /// Its [`shape`], as lines were stored pseudonymised.
    Shape,
}

impl Kept {
    /// Every way.
    pub const ALL: [Kept; 3] = [Kept::Whole, Kept::Head, Kept::Shape];

    /// The word used in answers.
    pub fn name(self) -> &'static str {
        match self {
            Kept::Whole => "whole",
            Kept::Head => "head",
            Kept::Shape => "shape",
        }
    }
}

impl fmt::Debug for Reject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Reject({}, ***)", self.reason.name())
    }
}

/// Why a line could not be parsed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RejectReason {
    /// The time field is no Unix time.
    BadTime,
    /// The duration is no number.
    BadDuration,
    /// The result field is not `RESULT/status`.
    BadResult,
    /// The size is no number.
    BadSize,
    /// The hierarchy field is not `CODE/peer`.
    BadHierarchy,
    /// Fewer fields than the format has.
    TooFewFields,
    /// Longer than a line may be.
    TooLong,
    /// The status is no number.
    BadStatus,
    /// Not written as the format writes its lines: a literal, a quote, a bracket or a JSON object is missing or broken.
    BadSyntax,
    /// A line before the one that says what its fields are.
    NoHeader,
}

impl RejectReason {
    /// Every reason.
    pub const ALL: [RejectReason; 10] = [
        RejectReason::BadTime,
        RejectReason::BadDuration,
        RejectReason::BadResult,
        RejectReason::BadSize,
        RejectReason::BadHierarchy,
        RejectReason::TooFewFields,
        RejectReason::TooLong,
        RejectReason::BadStatus,
        RejectReason::BadSyntax,
        RejectReason::NoHeader,
    ];

    /// The word used in summaries and answers.
    pub fn name(self) -> &'static str {
        match self {
            RejectReason::BadTime => "bad_time",
            RejectReason::BadDuration => "bad_duration",
            RejectReason::BadResult => "bad_result",
            RejectReason::BadSize => "bad_size",
            RejectReason::BadHierarchy => "bad_hierarchy",
            RejectReason::TooFewFields => "too_few_fields",
            RejectReason::TooLong => "too_long",
            RejectReason::BadStatus => "bad_status",
            RejectReason::BadSyntax => "bad_syntax",
            RejectReason::NoHeader => "no_header",
        }
    }

    /// The reason of that name, without regard to case.
    pub fn parse(name: &str) -> Option<RejectReason> {
        Self::ALL.into_iter().find(|reason| reason.name().eq_ignore_ascii_case(name))
    }
}

/// Asks for a page of rejected lines, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct RejectQuery {
    /// The name of the source, without regard to case.
    pub source: Terms<String>,
    /// Why they were rejected.
    pub reason: Terms<RejectReason>,
    /// Newest first or oldest first.
    pub order: Order,
    /// Only those behind this number in that order: the last of the page before.
    pub after: Option<u64>,
    /// Lines wanted at most.
    pub limit: usize,
}

impl RejectQuery {
    /// The newest `limit` lines.
    pub fn newest(limit: usize) -> Self {
        let (source, reason) = (Terms::default(), Terms::default());
        RejectQuery { source, reason, order: Order::Descending, after: None, limit }
    }

    /// Whether a line of that source, rejected for that reason, is asked for.
    pub fn accepts(&self, source: &str, reason: RejectReason) -> bool {
        self.source.accept(|wanted| wanted.eq_ignore_ascii_case(source))
            && self.reason.accept(|wanted| *wanted == reason)
    }
}

/// A stored rejected line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredReject {
    /// Its number, rising in the order in which lines were stored; never given out twice.
    pub id: u64,
    /// Its source, with the format it was not in.
    pub source: SourceName,
    /// Why it was rejected.
    pub reason: RejectReason,
    /// Where it begins in its content, in bytes.
    pub offset: u64,
    /// The line, or what is kept of it.
    pub line: RejectedLine,
    /// Which of these.
    pub kept: Kept,
}

impl StoredReject {
    /// The line as it was logged, for reading it again; `None` where only a part of it is kept. Not for showing: that
    /// is [`RejectView`]'s.
    pub fn whole_line(&self) -> Option<&[u8]> {
        (self.kept == Kept::Whole).then(|| self.line.bytes())
    }
}

/// A page of rejected lines.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RejectPage {
    /// In the order asked for.
    pub rows: Vec<StoredReject>,
    /// The next page's [`RejectQuery::after`]; `None` on the last.
    pub next: Option<u64>,
}

/// How many lines of a source were rejected for a reason.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RejectCount {
    /// The source's name.
    pub source: String,
    /// The reason.
    pub reason: RejectReason,
    /// Rejected lines, kept or not.
    pub lines: u64,
    /// Of them, those that are kept.
    pub kept: u64,
}

impl RejectCount {
    /// Lines that are counted, but not kept, since their source has as many as are kept of one.
    pub fn unkept(&self) -> u64 {
        self.lines - self.kept
    }
}

/// A rejected line as a principal may see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RejectView {
    /// Its number.
    pub id: u64,
    /// Its source, with the format it was not in.
    pub source: SourceName,
    /// Why it was rejected.
    pub reason: RejectReason,
    /// Where it begins in its content, in bytes.
    pub offset: u64,
    /// What is kept of the line.
    pub kept: Kept,
    /// What is kept where the lens hides nothing, else its [`shape`]. Bytes that are not UTF-8 appear as U+FFFD.
    pub text: String,
    /// Whether `text` is only the shape.
    pub is_shape: bool,
}

impl RejectView {
    /// The line as `lens` shows it.
    pub fn of(reject: &StoredReject, lens: &Lens) -> RejectView {
        let line = reject.line.bytes();
        let shown = if lens.is_plain() { line.into() } else { Cow::Owned(shape(line)) };
        RejectView {
            id: reject.id,
            source: reject.source.clone(),
            reason: reject.reason,
            offset: reject.offset,
            kept: reject.kept,
            text: String::from_utf8_lossy(&shown).into_owned(),
            is_shape: !lens.is_plain() || reject.kept == Kept::Shape,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_plain_or_as_its_shape() {
        let line = RejectedLine::new(*b"x Ada 10.1.2.3");
        let (source, kept) = (SourceName::default(), Kept::Whole);
        let reject = StoredReject { id: 7, source, reason: RejectReason::BadTime, offset: 3, line, kept };
        let shown = |lens| RejectView::of(&reject, &lens);
        assert_eq!((shown(Lens::PLAIN).text.as_str(), shown(Lens::PLAIN).is_shape), ("x Ada 10.1.2.3", false));
        assert_eq!((shown(Lens::MASKED).text.as_str(), shown(Lens::MASKED).is_shape), ("a Aaa 99.9.9.9", true));
        let debug = format!("{reject:?} {:?}", Reject::new(RejectReason::BadTime, 0, b"Ada"));
        assert!(!debug.contains("Ada") && !debug.contains("65"), "{debug}");
    }

    #[test]
    fn only_a_line_kept_whole_can_be_read_again() {
        let long = [b'x'; Reject::KEPT_BYTES + 1];
        for (reject, kept, bytes) in [
            (Reject::new(RejectReason::BadTime, 0, b"Ada 1"), Kept::Whole, &b"Ada 1"[..]),
            (Reject::new(RejectReason::BadTime, 0, &long[1..]), Kept::Whole, &long[1..]),
            (Reject::new(RejectReason::BadTime, 0, &long), Kept::Head, &long[1..]),
            (Reject::new(RejectReason::TooLong, 0, b"Ada 1"), Kept::Head, b"Ada 1"),
            (Reject::as_shape(RejectReason::BadTime, 0, b"Ada 1"), Kept::Shape, b"Aaa 9"),
        ] {
            assert_eq!((reject.kept, &*reject.bytes), (kept, bytes));
            let (source, line) = (SourceName::default(), RejectedLine::new(reject.bytes));
            let stored = StoredReject { id: 1, source, reason: reject.reason, offset: 0, line, kept };
            assert_eq!(stored.whole_line(), (kept == Kept::Whole).then_some(bytes));
            assert_eq!(RejectView::of(&stored, &Lens::PLAIN).is_shape, kept == Kept::Shape);
        }
    }

    #[test]
    fn names_of_reasons_are_read_back() {
        for reason in RejectReason::ALL {
            assert_eq!(RejectReason::parse(&reason.name().to_uppercase()), Some(reason));
        }
        assert_eq!(RejectReason::parse("bad"), None);
    }
}
