//! What behaviour gave away: a finding, with the rows that it rests on. [`FindingView::of`] is the way out for the client
//! and the destination, and goes through a lens.

use super::{ClientIp, Lens, People, RowId, Severity, Subject, SubjectKind, Timestamp, Url};
use std::borrow::Cow;

/// Whether somebody has looked into a finding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum FindingStatus {
    /// Nobody has.
    #[default]
    Open,
    /// Somebody has, and it needs no further look; it stays dismissed while it goes on.
    Dismissed,
}

impl FindingStatus {
    /// Every status, in the order of its number on disk.
    pub const ALL: [FindingStatus; 2] = [FindingStatus::Open, FindingStatus::Dismissed];

    /// The word used in filters and answers.
    pub fn name(self) -> &'static str {
        match self {
            FindingStatus::Open => "open",
            FindingStatus::Dismissed => "dismissed",
        }
    }

    /// The status of that word, without regard to case.
    pub fn named(name: &str) -> Option<FindingStatus> {
        FindingStatus::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(name))
    }
}

/// Something that a client did over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Its number, 1 upwards, never reused; 0 where it is not stored.
    pub id: u64,
    /// The name of what detected it.
    pub detector: String,
    /// How bad it is.
    pub severity: Severity,
    /// Who did it.
    pub client: ClientIp,
    /// Where: `host:port`, a domain or a service, as the detector has it; none where it is no one place.
    pub destination: Url,
    /// The first of its rows.
    pub first: Timestamp,
    /// The last of its rows.
    pub last: Timestamp,
    /// When it was found first.
    pub found: Timestamp,
    /// Rows that it rests on.
    pub requests: u64,
    /// What was measured, by name: what the sentence about it is made of.
    pub measures: Vec<(String, f64)>,
    /// Some of its rows, by rising number.
    pub evidence: Vec<RowId>,
    /// Whether somebody has looked into it.
    pub status: FindingStatus,
    /// What they said; empty where nothing.
    pub note: String,
}

impl Finding {
    /// How long after a finding the same behaviour is still the same finding, in milliseconds.
    pub const SAME_WITHIN_MS: i64 = 3_600_000;
    /// Rows of evidence that are kept.
    pub const MOST_EVIDENCE: usize = 20;

    /// What was measured, by name; 0 where it was not.
    pub fn measure(&self, name: &str) -> f64 {
        self.measures.iter().find(|(of, _)| of == name).map_or(0.0, |(_, value)| *value)
    }

    /// Whether `later` is the same, found again: the same detector, client and place, at the same time or right after.
    pub fn goes_on_in(&self, later: &Finding) -> bool {
        (&self.detector, &self.client, &self.destination) == (&later.detector, &later.client, &later.destination)
            && later.first.0 <= self.last.0.saturating_add(Self::SAME_WITHIN_MS)
            && self.first.0 <= later.last.0.saturating_add(Self::SAME_WITHIN_MS)
    }

    /// Which of some findings goes on in a later one: one of the same time rather than one from right before.
    pub fn that_goes_on<'k>(known: impl Iterator<Item = &'k mut Finding>, later: &Finding) -> Option<&'k mut Finding> {
        let shared_ms = |one: &Finding| one.last.min(later.last).0.saturating_sub(one.first.max(later.first).0);
        known.filter(|one| one.goes_on_in(later)).max_by_key(|one| shared_ms(one))
    }

    /// Takes what was measured anew; what people said of it stays, and so does when it began and was found. What is only a
    /// rest of it, as of a window that has moved on, changes nothing.
    pub fn renew(&mut self, later: &Finding) {
        if later.first > self.first && later.last <= self.last {
            return;
        }
        self.first = self.first.min(later.first);
        self.last = self.last.max(later.last);
        self.severity = later.severity;
        self.requests = later.requests;
        self.measures.clone_from(&later.measures);
        self.evidence.clone_from(&later.evidence);
    }

    /// Whether it is about that person.
    pub fn is_of(&self, subject: &Subject) -> bool {
        subject.kind() == SubjectKind::Client && subject.is(self.client.bytes())
            || subject.search().is_named_in(self.destination.bytes())
            || subject.search().is_named_in(self.note.as_bytes())
    }

    /// Client and destination as they are stored, for those who store them.
    pub fn places(&self) -> (&[u8], &[u8]) {
        (self.client.bytes(), self.destination.bytes())
    }
}

/// A finding as a lens shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct FindingView<'f> {
    /// What is not of people.
    pub finding: &'f Finding,
    /// Who did it; `None` where lines named nobody.
    pub client: Option<String>,
    /// Where; `None` where it is no one place.
    pub destination: Option<String>,
}

impl FindingView<'_> {
    /// A finding through a lens. It rests on rows of many users, so that its place hides everybody whom the lens hides,
    /// `people`, as names of groups do.
    pub fn of<'f>(finding: &'f Finding, lens: &Lens, people: &People) -> FindingView<'f> {
        let (client, destination) = finding.places();
        let owner = lens.owner(client, b"");
        let text = |shown: Cow<'_, [u8]>| {
            (!shown.is_empty() && *shown != *b"-").then(|| String::from_utf8_lossy(&shown).into_owned())
        };
        let place = text(lens.origin(destination, &owner)).map(|place| people.hide(&place).into_owned());
        FindingView { finding, client: text(lens.client(client)), destination: place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PseudonymKey;

    fn finding(client: &str, destination: &str, first: i64, last: i64) -> Finding {
        Finding {
            id: 0,
            detector: "beacon".to_owned(),
            severity: Severity::Warning,
            client: ClientIp::new(client.as_bytes()),
            destination: Url::new(destination.as_bytes()),
            first: Timestamp(first),
            last: Timestamp(last),
            found: Timestamp(last),
            requests: 7,
            measures: vec![("period_seconds".to_owned(), 60.0)],
            evidence: vec![1, 2],
            status: FindingStatus::Open,
            note: String::new(),
        }
    }

    #[test]
    fn what_goes_on_is_the_same_finding() {
        let known = finding("10.0.0.1", "a.example:443", 0, 1_000);
        let within = Finding::SAME_WITHIN_MS;
        for (later, is_same) in [
            (finding("10.0.0.1", "a.example:443", 500, 2_000), true),
            (finding("10.0.0.1", "a.example:443", 1_000 + within, 9_000 + within), true),
            (finding("10.0.0.1", "a.example:443", 1_001 + within, 9_000 + within), false),
            (finding("10.0.0.2", "a.example:443", 500, 2_000), false),
            (finding("10.0.0.1", "b.example:443", 500, 2_000), false),
        ] {
            assert_eq!(known.goes_on_in(&later), is_same, "{later:?}");
        }
    }

    #[test]
    fn a_lens_hides_the_client_and_the_host_that_is_the_client() {
        let masked = Lens::pseudonyms(PseudonymKey::new([7; 32]));
        let (other, own) = (finding("10.0.0.1", "a.example:443", 0, 1), finding("10.0.0.1", "10.0.0.1:8080", 0, 1));
        assert_eq!(FindingView::of(&other, &Lens::PLAIN, &People::default()).client.as_deref(), Some("10.0.0.1"));
        let people = People::new([&b"10.0.0.1"[..]], [&b"ada"[..]]);
        let shown = FindingView::of(&other, &masked, &people);
        assert!(shown.client.is_some_and(|client| client.starts_with("c-")));
        assert_eq!(shown.destination.as_deref(), Some("a.example:443"));
        assert!(!FindingView::of(&own, &masked, &people).destination.is_some_and(|shown| shown.contains("10.0.0.1")));
        let page = finding("10.0.0.1", "ada.pages.example:443", 0, 1);
        assert_eq!(FindingView::of(&page, &masked, &people).destination.as_deref(), Some("***.pages.example:443"));
        assert!(!format!("{own:?}").contains("10.0.0.1"));
    }
}
