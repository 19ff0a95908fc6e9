//! What dictionary entries are called: registrable domain and destination of an origin, method and status of a kind;
//! clients and users go by what a lens shows. Found once per entry and lens, and shared by filters and top lists: a
//! pseudonym costs a keyed hash.

use super::reader::Session;
use super::rollup::Group;
use crate::model::{Classifiers, Dimension, Interner, KindParts, Lens};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::sync::Arc;

/// The name of rows that have none.
pub(super) const NONE: &[u8] = b"-";

/// Sets of names kept in memory: the four that no lens changes, and clients and users as four lenses show them. The
/// one that was longest not asked for makes room.
const CACHED_NAMES: usize = 12;

/// What dictionary entries are called, by dimension and lens.
#[derive(Debug)]
pub(super) struct NameCache {
    classifiers: Classifiers,
    cached: Mutex<Cached>,
}

#[derive(Debug, Default)]
struct Cached {
    /// The store's generation: changes when dictionary entries go.
    generation: u64,
    /// The one asked for last at the end.
    names: Vec<((Dimension, Lens), Arc<Names>)>,
}

/// Entry id -> name number, and the names.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    number_of: Vec<u32>,
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

    /// The number of an entry's name; `None` where there is no such entry.
    pub(super) fn number(&self, id: u32) -> Option<u32> {
        self.number_of.get(id as usize).copied().filter(|number| *number != GONE)
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

    /// The names of all entries there are.
    pub(super) fn get(&self, session: &Session<'_>, by: Dimension, lens: &Lens) -> StoreResult<Arc<Names>> {
        // Only clients and users depend on the lens.
        let lens = if matches!(by, Dimension::Client | Dimension::User) { *lens } else { Lens::PLAIN };
        let mut cached = self.cached.lock();
        if session.snapshot.state.generation > cached.generation {
            *cached = Cached { generation: session.snapshot.state.generation, names: Vec::new() };
        }
        let at = cached.names.iter().position(|(key, _)| *key == (by, lens));
        let mut names = at.map(|at| cached.names.remove(at).1).unwrap_or_default();
        let mut new = Vec::new();
        session.values_from(group_of(by).dictionary(), names.ids(), |id, value| {
            new.push((id, name(&self.classifiers, by, &lens, value)))
        })?;
        if !new.is_empty() {
            let grown = Arc::make_mut(&mut names);
            for (id, name) in new {
                let number = grown.names.intern(if name.is_empty() { NONE } else { &name });
                grown.number_of.resize(id as usize, GONE);
                grown.number_of.push(number);
            }
        }
        if cached.names.len() >= CACHED_NAMES {
            cached.names.remove(0);
        }
        cached.names.push(((by, lens), Arc::clone(&names)));
        Ok(names)
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

/// The group whose sums a dimension is answered from.
pub(super) fn group_of(by: Dimension) -> Group {
    match by {
        Dimension::Client => Group::Client,
        Dimension::User => Group::User,
        Dimension::Destination | Dimension::Domain => Group::Origin,
        _ => Group::Kind,
    }
}

fn name(classifiers: &Classifiers, by: Dimension, lens: &Lens, value: &[u8]) -> Vec<u8> {
    let kind = |part: fn(KindParts<'_>) -> Vec<u8>| KindParts::read(value).map(part);
    match by {
        Dimension::Client => lens.client(value).into_owned(),
        Dimension::User => lens.user(value).into_owned(),
        Dimension::Destination => (classifiers.destination)(value).unwrap_or_default().into_bytes(),
        Dimension::Domain => (classifiers.domain)(value).unwrap_or_default().into_bytes(),
        Dimension::Method => kind(|parts| parts.method.to_vec()).unwrap_or_default(),
        Dimension::Status => kind(|parts| format!("{:03}", parts.status).into_bytes()).unwrap_or_default(),
        _ => Vec::new(),
    }
}
