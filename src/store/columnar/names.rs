//! What dictionary entries are called: domain, destination and service of an origin, method, status and severity of a
//! kind, family and class of an agent; clients and users go by what a lens shows. Found once per entry and lens, and
//! shared by filters, groups and orders: a pseudonym costs a keyed hash.

use super::block::{Dictionary, read_source};
use super::reader::Session;
use super::rollup::Group;
use super::verdicts;
use crate::model::{Classifiers, Dimension, Interner, KindParts, Lens, PathTraits};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::sync::Arc;

/// The name of rows that have none.
pub(super) const NONE: &[u8] = b"-";

/// Sets of names kept in memory: those that no lens changes, and clients and users as four lenses show them. The one
/// that was longest not asked for makes room.
const CACHED_NAMES: usize = 22;

/// What dictionary entries are called, by dimension and lens.
#[derive(Debug)]
pub(super) struct NameCache {
    classifiers: Classifiers,
    cached: Mutex<Cached>,
}

/// What is called how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Naming {
    /// Groups of a dimension.
    Groups(Dimension),
    /// Origins, by themselves.
    Origins,
}

#[derive(Debug, Default)]
struct Cached {
    /// The store's generation: changes when dictionary entries go.
    generation: u64,
    /// The one asked for last at the end.
    names: Vec<(Key, Growing)>,
}

type Key = (Naming, Lens);
/// Locked while it grows.
type Growing = Arc<Mutex<Arc<Names>>>;

/// Entry id -> name number, and the names.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The store's generation that ids and numbers are of.
    generation: u64,
    number_of: Vec<u32>,
    /// Of each number the highest id that is called so.
    last_ids: Vec<u32>,
    /// Of each id the one below it that is called the same, or [`GONE`].
    ids_before: Vec<u32>,
    names: Interner,
}

/// The number of an id whose entry is gone.
const GONE: u32 = u32::MAX;

impl Names {
    /// The first id that has no name yet.
    pub(super) fn ids(&self) -> u32 {
        self.number_of.len() as u32
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Names of entries that come by rising ids.
    pub(super) fn of<N: AsRef<[u8]>>(entries: impl Iterator<Item = (u32, N)>) -> Names {
        let mut names = Names::default();
        entries.for_each(|(id, name)| names.push(id, name.as_ref()));
        names
    }

    fn push(&mut self, id: u32, name: &[u8]) {
        let number = self.names.intern(if name.is_empty() { NONE } else { name });
        for column in [&mut self.number_of, &mut self.ids_before] {
            column.resize(id as usize, GONE);
        }
        self.number_of.push(number);
        if number as usize == self.last_ids.len() {
            self.last_ids.push(id);
            self.ids_before.push(GONE);
        } else {
            self.ids_before.push(std::mem::replace(&mut self.last_ids[number as usize], id));
        }
    }

    /// Whether these are the first of others.
    pub(super) fn is_start_of(&self, other: &Names) -> bool {
        self.generation == other.generation && self.len() <= other.len()
    }

    /// Whether ids and numbers are of the same generation.
    pub(super) fn is_as_old_as(&self, other: &Names) -> bool {
        self.generation == other.generation
    }

    /// The number of an entry's name; `None` where there is no such entry.
    pub(super) fn number(&self, id: u32) -> Option<u32> {
        self.number_of.get(id as usize).copied().filter(|number| *number != GONE)
    }

    /// The entries that are called so, from the highest id down.
    pub(super) fn ids_of(&self, number: u32) -> impl Iterator<Item = u32> {
        let there = |id: u32| (id != GONE).then_some(id);
        let last = self.last_ids.get(number as usize).copied();
        std::iter::successors(last, move |id| there(self.ids_before[*id as usize]))
    }

    /// The name of that number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        self.names.get(number)
    }

    /// An entry as it is shown, empty where the line had none.
    pub(super) fn shown(&self, id: u32) -> Option<&[u8]> {
        let name = self.name(self.number(id)?);
        Some(if name == NONE { b"" } else { name })
    }
}

impl NameCache {
    pub(super) fn new(classifiers: Classifiers) -> NameCache {
        NameCache { classifiers, cached: Mutex::default() }
    }

    /// The names of all groups there are.
    pub(super) fn get(&self, session: &Session<'_>, by: Dimension, lens: &Lens) -> StoreResult<Arc<Names>> {
        // Only clients and users depend on the lens.
        let lens = if matches!(by, Dimension::Client | Dimension::User) { *lens } else { Lens::PLAIN };
        self.grown(session, Naming::Groups(by), lens)
    }

    /// The texts of all origins there are.
    pub(super) fn origins(&self, session: &Session<'_>) -> StoreResult<Arc<Names>> {
        self.grown(session, Naming::Origins, Lens::PLAIN)
    }

    fn grown(&self, session: &Session<'_>, naming: Naming, lens: Lens) -> StoreResult<Arc<Names>> {
        let known = self.known(session.snapshot.state.generation, (naming, lens));
        // Who asks for the same waits until it is grown; who asks for something else does not.
        let mut names = known.lock();
        let dictionary = match naming {
            Naming::Groups(by) => dictionary_of(by),
            Naming::Origins => Dictionary::Origin,
        };
        let mut new = Vec::new();
        session.values_from(dictionary, names.ids(), |id, value| {
            let name = match naming {
                Naming::Groups(by) => name(&self.classifiers, by, &lens, value),
                Naming::Origins => String::from_utf8_lossy(value).into_owned().into_bytes(),
            };
            new.push((id, name));
        })?;
        if !new.is_empty() {
            let grown = Arc::make_mut(&mut names);
            new.iter().for_each(|(id, name)| grown.push(*id, name));
        }
        Ok(Arc::clone(&names))
    }

    /// What is known by now, in a generation or in a newer one.
    fn known(&self, generation: u64, key: Key) -> Growing {
        let mut cached = self.cached.lock();
        if generation > cached.generation {
            *cached = Cached { generation, names: Vec::new() };
        }
        let generation = cached.generation;
        let at = cached.names.iter().position(|(of, _)| *of == key);
        let known = at.map(|at| cached.names.remove(at).1);
        let known = known.unwrap_or_else(|| Arc::new(Mutex::new(Arc::new(Names { generation, ..Names::default() }))));
        if cached.names.len() >= CACHED_NAMES {
            cached.names.remove(0);
        }
        cached.names.push((key, Arc::clone(&known)));
        known
    }

    /// How values are read.
    pub(super) fn classifiers(&self) -> &Classifiers {
        &self.classifiers
    }

    /// Whether an origin's host is an IP literal.
    pub(super) fn is_ip_literal(&self, origin: &[u8]) -> bool {
        (self.classifiers.is_ip_literal)(origin)
    }
}

/// The dictionary whose entries a dimension names; those of files by their extension.
pub(super) fn dictionary_of(by: Dimension) -> Dictionary {
    match by {
        Dimension::Client => Dictionary::Client,
        Dimension::User => Dictionary::User,
        Dimension::Destination
        | Dimension::Domain
        | Dimension::Service
        | Dimension::ServiceCategory
        | Dimension::ServiceType => Dictionary::Origin,
        Dimension::Method | Dimension::Status | Dimension::ResultCode => Dictionary::Kind,
        Dimension::Severity | Dimension::Verdict => Dictionary::Verdict,
        Dimension::Source | Dimension::Host => Dictionary::Source,
        Dimension::Agent => Dictionary::Agent,
        Dimension::Extension | Dimension::FileCategory => Dictionary::Path,
    }
}

/// The group whose sums a dimension is answered from; `None` where rows have to be looked at, as a file's category is
/// told by path and kind together.
pub(super) fn group_of(by: Dimension) -> Option<Group> {
    if by == Dimension::FileCategory {
        return None;
    }
    Group::ALL.into_iter().find(|group| group.dictionary() == dictionary_of(by))
}

fn name(classifiers: &Classifiers, by: Dimension, lens: &Lens, value: &[u8]) -> Vec<u8> {
    let kind = |part: fn(KindParts<'_>) -> Vec<u8>| KindParts::read(value).map(part).unwrap_or_default();
    match by {
        Dimension::Client => lens.client(value).into_owned(),
        Dimension::User => lens.user(value).into_owned(),
        Dimension::Destination => (classifiers.destination)(value).unwrap_or_default().into_bytes(),
        Dimension::Domain => (classifiers.domain)(value).unwrap_or_default().into_bytes(),
        Dimension::Method => kind(|parts| String::from_utf8_lossy(parts.method).into_owned().into_bytes()),
        Dimension::Status => kind(|parts| format!("{:03}", parts.status).into_bytes()),
        Dimension::ResultCode => kind(|parts| String::from_utf8_lossy(parts.result).into_owned().into_bytes()),
        Dimension::Severity => verdicts::read(value).map_or(NONE, |(severity, _)| severity.name().as_bytes()).into(),
        Dimension::Verdict => verdicts::read(value).map(|(_, verdict)| verdict.to_vec()).unwrap_or_default(),
        Dimension::Source => read_source(value).name.into_bytes(),
        Dimension::Host => read_source(value).host.into_bytes(),
        Dimension::Service => (classifiers.service)(value).unwrap_or_default().into(),
        Dimension::ServiceCategory => (classifiers.service_category)(value).unwrap_or_default().into(),
        Dimension::ServiceType => (classifiers.service_type)(value).into(),
        Dimension::Agent => {
            let agent = (classifiers.agent)(value);
            format!("{}\n{}", agent.family, agent.class).into_bytes()
        }
        Dimension::Extension | Dimension::FileCategory => {
            PathTraits::read(value).map(|traits| traits.extension.to_vec()).unwrap_or_default()
        }
    }
}
