//! Hosts that imitate a name: misspelled, in signs that look alike, with words that lure, under a suffix that costs
//! nothing, or as labels in front of a stranger's domain.
//!
//! Which names: `names.toml`, and what the operator protects beside them. What is judged is the label someone registered
//! (left of the public suffix, crate `psl`) and the labels before it; what a page shows is not known here. Hosts of the
//! names' owners are none, nor are those of a service of the catalogue, nor words and names of `innocent.txt`.

mod appearance;
mod edit;
mod lure;

use super::{idn, service_of};
use appearance::{in_ascii, looks, spelled};
use edit::{Neighbours, edit};
use lure::behind_lures;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// A host that imitates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LookAlike {
    /// The domain that is imitated, as `paypal.com`.
    pub protected: String,
    /// By what.
    pub how: How,
}

/// What makes a host look like another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum How {
    /// Signs, digits or pairs of letters that look like the name's: `paypa1`, `rnicrosoft`, `аррӏе`.
    Homoglyph,
    /// One letter for another: `paypol`.
    Substitution,
    /// One letter left out: `paypl`.
    Omission,
    /// One letter, digit or hyphen added: `paypalx`, `pay-pal`.
    Insertion,
    /// One letter doubled: `paypaal`.
    Repetition,
    /// Two letters that changed places: `papyal`.
    Swap,
    /// The name beside words that lure: `paypal-login`.
    Combination,
    /// The name under another public suffix: `paypal.top`.
    Suffix,
    /// The whole domain in front of another: `paypal.com.evil.example`.
    Subdomain,
}

impl How {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Homoglyph => "homoglyph",
            Self::Substitution => "substitution",
            Self::Omission => "omission",
            Self::Insertion => "insertion",
            Self::Repetition => "repetition",
            Self::Swap => "swap",
            Self::Combination => "combination",
            Self::Suffix => "suffix",
            Self::Subdomain => "subdomain",
        }
    }
}

/// Public suffixes where anybody registers for little, and typing errors of `com`; no name is expected there.
const CHEAP_SUFFIXES: &[&str] = &[
    "bar", "beauty", "best", "bid", "biz", "bond", "buzz", "cam", "casa", "cc", "cf", "cfd", "click", "club", "cm",
    "cyou", "fit", "fun", "ga", "gq", "hair", "help", "homes", "icu", "life", "link", "live", "lol", "makeup", "ml",
    "mom", "monster", "om", "one", "online", "ooo", "pics", "pw", "quest", "rest", "sbs", "shop", "site", "skin",
    "space", "store", "support", "surf", "tk", "today", "top", "uno", "vip", "wang", "website", "win", "work", "world",
    "ws", "xyz", "yachts", "zip",
];

/// Domains whose hosts carry their customers' names by design.
const CARRIERS: &[&str] = &[
    "akadns.net",
    "akamaiedge.net",
    "akamaized.net",
    "cdn-apple.com",
    "cloudflare.net",
    "edgekey.net",
    "edgesuite.net",
    "footprint.net",
    "llnwd.net",
    "oclc.org",
    "translate.goog",
    "web.archive.org",
];

/// The shortest label whose domain counts in front of another.
const SHORTEST_IN_FRONT: usize = 4;

/// The shortest name that look-alike signs prove anything of.
const SHORTEST_LOOKS: usize = 4;

/// The names of `names.toml`: a label, and its domains.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltIn {
    coined: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
}

/// What is in `names.toml`.
fn built_in() -> Result<BuiltIn, toml::de::Error> {
    toml::from_str(include_str!("names.toml"))
}

/// Labels that come close to a name and mean something else.
static INNOCENT: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("innocent.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// A name that is imitated.
#[derive(Debug)]
struct Name {
    /// Its label without hyphens.
    label: String,
    /// [`spelled`].
    spelled: String,
    /// The domain that is meant.
    domain: String,
    /// Whether it is no word.
    is_coined: bool,
}

/// An index of names and their owners' domains.
#[derive(Debug)]
pub struct LookAlikes {
    names: Vec<Name>,
    by_label: HashMap<String, u32>,
    by_looks: HashMap<String, u32>,
    neighbours: Neighbours,
    owned: HashSet<String>,
    /// Domains and places of their names by the first part of the domain's first label.
    in_front: HashMap<String, Vec<(String, u32)>>,
}

impl LookAlikes {
    /// The built-in names and these domains: each protects its label, and neither it nor what lies below is flagged.
    /// What has no registrable domain is skipped.
    pub fn new(own: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut index = Self {
            names: Vec::new(),
            by_label: HashMap::new(),
            by_looks: HashMap::new(),
            neighbours: Neighbours::default(),
            owned: HashSet::new(),
            in_front: HashMap::new(),
        };
        // A test reads the list: it does not fail here.
        if let Ok(BuiltIn { coined, words }) = built_in() {
            for (names, is_coined) in [(coined, true), (words, false)] {
                for (label, domains) in names {
                    index.add(&label, &domains, is_coined);
                }
            }
        }
        for domain in own {
            let domain = domain.as_ref().trim_matches('.').to_ascii_lowercase();
            let registered = psl::domain_str(&domain).unwrap_or_default().to_owned();
            if let Some((written, _)) = registered.split_once('.') {
                let decoded = idn::decoded(written).map_or(Cow::Borrowed(written), Cow::Owned);
                let (label, written) = (in_ascii(&decoded).replace('-', ""), written.to_owned());
                let place = index.add(&label, &[registered, domain], true);
                // As it is written, the name is itself under any suffix.
                index.by_label.entry(written).or_insert(place);
            }
        }
        let coined = index.names.iter().enumerate().filter(|(_, name)| name.is_coined);
        index.neighbours = Neighbours::new(coined.map(|(place, name)| (place as u32, name.spelled.as_str())));
        index
    }

    /// Takes in a label and its owner's domains, the first of which is meant by it; answers the place of the name.
    fn add(&mut self, label: &str, domains: &[String], is_coined: bool) -> u32 {
        let place = match self.by_label.get(label) {
            Some(place) => *place,
            None => {
                let place = self.names.len() as u32;
                let spelled = spelled(label);
                self.by_label.insert(label.to_owned(), place);
                self.by_looks.entry(looks(&spelled)).or_insert(place);
                let domain = domains.first().cloned().unwrap_or_default();
                self.names.push(Name { label: label.to_owned(), spelled, domain, is_coined });
                place
            }
        };
        for domain in domains {
            if self.owned.insert(domain.clone())
                && let Some((first, _)) = domain.split_once('.')
                && first.len() >= SHORTEST_IN_FRONT
            {
                self.in_front.entry(first_part(first).to_owned()).or_default().push((domain.clone(), place));
            }
        }
        place
    }

    /// Whom a host imitates, if anybody. The host is in ASCII or Unicode, in any case.
    pub fn of(&self, host: &str) -> Option<LookAlike> {
        let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
        // Written in Unicode, a sign takes up to four bytes.
        if host.len() > 4 * idn::LONGEST_NAME {
            return None;
        }
        let suffix = psl::suffix_str(&host)?;
        let registered = host.strip_suffix(suffix)?.strip_suffix('.')?;
        let label = registered.rsplit('.').next()?;
        let (place, how) = self.label(label, suffix).or_else(|| self.in_front(&host, registered))?;
        (!self.is_known(&host, suffix)).then(|| LookAlike { protected: self.names[place as usize].domain.clone(), how })
    }

    /// Whether a host is of a name's owner, or of a service of the catalogue. Who has only the public suffix, as GitHub
    /// has `github.io`, has not what strangers put below it.
    fn is_known(&self, host: &str, suffix: &str) -> bool {
        let mut names = std::iter::successors(Some(host), |name| Some(name.split_once('.')?.1))
            .take_while(|name| name.len() > suffix.len());
        let of_suffix = service_of(suffix).map(|service| service.name);
        names.any(|name| self.owned.contains(name))
            || service_of(host).is_some_and(|service| Some(service.name) != of_suffix)
    }

    /// What a registered label imitates.
    fn label(&self, label: &str, suffix: &str) -> Option<(u32, How)> {
        let decoded = idn::decoded(label).map_or(Cow::Borrowed(label), Cow::Owned);
        let readable = in_ascii(&decoded);
        if let Some(place) = self.by_label.get(label) {
            let free = self.names[*place as usize].is_coined && CHEAP_SUFFIXES.contains(&suffix);
            return free.then_some((*place, How::Suffix));
        }
        self.near(&readable).or_else(|| {
            let exact = |rest: &str| self.by_label.get(rest).copied();
            let mut ask = |rest: &str| exact(rest).or_else(|| self.near(rest).map(|(place, _)| place));
            behind_lures(&readable, &mut ask).map(|place| (place, How::Combination))
        })
    }

    /// The name that a label in ASCII is misspelled from.
    fn near(&self, label: &str) -> Option<(u32, How)> {
        if INNOCENT.contains(label) {
            return None;
        }
        let spelled = spelled(label);
        let alike = self.by_looks.get(&looks(&spelled)).map(|place| (*place, &self.names[*place as usize]));
        if let Some((place, name)) = alike.filter(|(_, name)| name.label.len() >= SHORTEST_LOOKS) {
            let how = if label.replace('-', "") == name.label && label.contains('-') {
                How::Insertion
            } else {
                How::Homoglyph
            };
            return Some((place, how));
        }
        let mut near = self.neighbours.near(&spelled).into_iter();
        near.find_map(|place| Some((place, edit(&self.names[place as usize].spelled, &spelled)?)))
    }

    /// The domain that stands in front of a stranger's: at the beginning of a label, before what was registered ends.
    fn in_front(&self, host: &str, registered: &str) -> Option<(u32, How)> {
        let mut begins =
            std::iter::once(0).chain(memchr::memchr2_iter(b'.', b'-', registered.as_bytes()).map(|at| at + 1));
        let carried = |carrier: &&str| host.strip_suffix(carrier).is_some_and(|rest| rest.ends_with('.'));
        let (_, place) = begins.find_map(|begin| self.domain_at(&registered[begin..]))?;
        (!CARRIERS.iter().any(carried) && !is_academic(host)).then_some((*place, How::Subdomain))
    }

    /// The domain that a text begins with, and the place of its name.
    fn domain_at(&self, text: &str) -> Option<&(String, u32)> {
        let domains = self.in_front.get(first_part(text))?;
        domains.iter().find(|(domain, _)| stands_in_front(text, domain))
    }
}

/// What stands before the first dot or hyphen.
fn first_part(text: &str) -> &str {
    text.split(['.', '-']).next().unwrap_or_default()
}

/// Whether a text begins with a domain and goes on behind it, its dots written as dots or, where the last label says
/// that it is a domain, as hyphens.
fn stands_in_front(text: &str, domain: &str) -> bool {
    let Some(head) = text.get(..domain.len()) else { return false };
    let ends = text[domain.len()..].is_empty() || text[domain.len()..].starts_with(['.', '-']);
    let same = head.bytes().zip(domain.bytes()).all(|(one, other)| one == other || (one, other) == (b'-', b'.'));
    let hyphens_count = || [".com", ".net", ".org"].iter().any(|top| domain.ends_with(top));
    ends && same && (head == domain || hyphens_count())
}

/// Whether a host is a university's: their libraries' proxies put the name of what is read in front of their own.
fn is_academic(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let (top, second) = (labels.next(), labels.next());
    top == Some("edu") || matches!(second, Some("edu" | "ac"))
}
