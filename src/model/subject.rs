//! A data subject: the person behind a client address or a user name. Knows what counts as the same person and where a
//! text names one; knows no store.

use memchr::memmem::Finder;
use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

/// By what a person is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SubjectKind {
    /// By the client address.
    Client,
    /// By the user name.
    User,
}

/// A data subject. Personal: its `Debug` says only the kind, and it does not serialise.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Whoever used this client address, as logged.
    Client(Box<[u8]>),
    /// Whoever used this user name, as logged.
    User(Box<[u8]>),
}

impl Subject {
    /// The subject of that kind and value.
    pub fn new(kind: SubjectKind, value: &[u8]) -> Subject {
        match kind {
            SubjectKind::Client => Subject::Client(value.into()),
            SubjectKind::User => Subject::User(value.into()),
        }
    }

    /// By what the subject is known.
    pub fn kind(&self) -> SubjectKind {
        match self {
            Subject::Client(_) => SubjectKind::Client,
            Subject::User(_) => SubjectKind::User,
        }
    }

    /// The value as logged. A way out of the masking: only for a reveal that was audited, and for searching.
    pub fn value(&self) -> &[u8] {
        match self {
            Subject::Client(value) | Subject::User(value) => value,
        }
    }

    /// Whether a client or user, as logged, is this subject: addresses in any of their spellings (IPv4-mapped IPv6
    /// addresses equal their IPv4 form), names without regard to case.
    pub fn is(&self, raw: &[u8]) -> bool {
        let value = self.value();
        value.eq_ignore_ascii_case(raw)
            || self.kind() == SubjectKind::Client && address(value).is_some_and(|own| address(raw) == Some(own))
    }

    /// Whether nobody is meant: the value is empty, as where a line has none.
    pub fn is_nobody(&self) -> bool {
        self.value().is_empty()
    }

    /// A search for the subject in texts.
    pub fn search(&self) -> SubjectSearch {
        let mut spellings = vec![self.value().to_ascii_lowercase()];
        if self.kind() == SubjectKind::Client {
            spellings.extend(address(self.value()).map(|own| own.to_string().into_bytes()));
        }
        // A spelling that holds another is found by the other.
        spellings.sort_by_key(Vec::len);
        let mut kept: Vec<Vec<u8>> = Vec::new();
        for spelling in spellings {
            if !kept.iter().any(|shorter| memchr::memmem::find(&spelling, shorter).is_some()) {
                kept.push(spelling);
            }
        }
        let longest = kept.iter().map(Vec::len).max().unwrap_or(0);
        SubjectSearch { finders: kept.iter().map(|spelling| Finder::new(spelling).into_owned()).collect(), longest }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}({})", self.kind(), if self.is_nobody() { "-" } else { "***" })
    }
}

fn address(raw: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(raw).ok()?.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// How often a value occurs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Occurrences {
    /// By itself: letters and digits neither before nor behind it.
    pub alone: u64,
    /// As part of a longer word or number, as `10.0.0.1` in `10.0.0.12`; mostly somebody else.
    pub inside: u64,
}

impl Occurrences {
    /// Whether there are any, of either sort.
    pub fn any(&self) -> bool {
        self.alone + self.inside > 0
    }

    /// Adds those of another text.
    pub fn add(&mut self, other: Occurrences) {
        self.alone += other.alone;
        self.inside += other.inside;
    }
}

/// A search for a subject in texts, without regard to the case of ASCII letters.
#[derive(Clone)]
pub struct SubjectSearch {
    finders: Vec<Finder<'static>>,
    longest: usize,
}

impl SubjectSearch {
    /// How often a text names the subject, as it stands or behind percent-encoding, whichever is more.
    pub fn count(&self, text: &[u8]) -> Occurrences {
        let plain = self.count_from(text, 0..text.len());
        if memchr::memchr(b'%', text).is_none() {
            return plain;
        }
        let decoded = percent_decoded(text);
        let decoded = self.count_from(&decoded, 0..decoded.len());
        if decoded.alone > plain.alone { decoded } else { plain }
    }

    /// Whether a text names the subject by itself.
    pub fn is_named_in(&self, text: &[u8]) -> bool {
        self.count(text).alone > 0
    }

    /// How often bytes hold the subject, beginning in `starts`; what is before and behind tells whether by itself.
    pub fn count_from(&self, bytes: &[u8], starts: Range<usize>) -> Occurrences {
        let mut found = Occurrences::default();
        let lower = bytes.to_ascii_lowercase();
        for finder in &self.finders {
            let length = finder.needle().len();
            for at in finder.find_iter(&lower).filter(|at| length > 0 && starts.contains(at)) {
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                let in_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
                if in_word(before) || in_word(bytes.get(at + length)) {
                    found.inside += 1;
                } else {
                    found.alone += 1;
                }
            }
        }
        found
    }

    /// The length in bytes of the longest spelling searched for.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

impl fmt::Debug for SubjectSearch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SubjectSearch(***)")
    }
}

/// Undoes percent-encoding where it is well-formed.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(text.len()), 0);
    while at < text.len() {
        match (text[at], digit(text.get(at + 1)), digit(text.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(value: &str) -> Subject {
        Subject::new(SubjectKind::Client, value.as_bytes())
    }

    fn user(value: &str) -> Subject {
        Subject::new(SubjectKind::User, value.as_bytes())
    }

    #[test]
    fn a_person_is_recognised_in_every_spelling() {
        for (subject, raw, same) in [
            (client("10.0.0.1"), "10.0.0.1", true),
            (client("10.0.0.1"), "::ffff:10.0.0.1", true),
            (client("::FFFF:10.0.0.1"), "10.0.0.1", true),
            (client("2001:db8::1"), "2001:DB8:0:0::1", true),
            (client("10.0.0.1"), "10.0.0.12", false),
            (client("PC-7.lan"), "pc-7.LAN", true),
            (user("Ada"), "ada", true),
            (user("10.0.0.1"), "::ffff:10.0.0.1", false),
            (user("ada"), "", false),
        ] {
            assert_eq!(subject.is(raw.as_bytes()), same, "{:?} {raw}", subject.value());
        }
        assert!(user("").is_nobody());
    }

    #[test]
    fn a_text_names_somebody_alone_or_inside_a_word() {
        for (subject, text, alone, inside) in [
            (user("ada"), "/home/ada?u=ADA", 2, 0),
            (user("ada"), "/adamant", 0, 1),
            (user("ada@b.example"), "/?m=ada%40b.example", 1, 0),
            (user("ada%20l"), "/?u=ada%20l", 1, 0),
            (client("10.0.0.1"), "10.0.0.1 110.0.0.1 10.0.0.12 [::ffff:10.0.0.1]:80", 2, 2),
            (client("::ffff:10.0.0.1"), "10.0.0.1", 1, 0),
            (client("2001:DB8::1"), "[2001:db8::1]", 1, 0),
            (user(""), "anything", 0, 0),
            (user("x"), "100%", 0, 0),
        ] {
            assert_eq!(subject.search().count(text.as_bytes()), Occurrences { alone, inside }, "{text}");
        }
    }

    #[test]
    fn debug_shows_nobody() {
        assert_eq!(format!("{:?} {:?}", user("ada"), client("")), "User(***) Client(-)");
        assert!(!format!("{:?}", user("ada").search()).contains("ada"));
    }
}
