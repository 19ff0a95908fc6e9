//! A filter, resolved to what blocks hold: sets of dictionary ids, and words to be searched for in texts. Predicates
//! are evaluated once per distinct value, on what the lens shows of it. Which rows pass: [`super::select`].

use super::asked::{Asked, Part, look_through};
use super::block::{Dictionary, kind_outcome};
use super::id_set::IdSet;
use super::names::{NameCache, Names};
use super::origin_terms::OriginTerms;
use super::reader::{KindFacts, Session};
use super::rollup::Group;
use super::sizes::SizeCache;
use super::words::{Needle, Word};
use crate::model::{Classifiers, Dimension, EventFilter, KindParts, Lens, OriginTest, TagTest, Terms, TimeRange};
use crate::store::StoreResult;
use parking_lot::Mutex;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Resolved parts of filters kept in memory: a bit for each entry of a dictionary, and more for a word.
const CACHED_PARTS: usize = 256;
/// Filters whose selected rows are kept apart from each other.
const NUMBERED_FILTERS: usize = 1024;

/// What filters have been resolved to, and every kind of request; grown as dictionaries grow, forgotten when entries
/// go.
#[derive(Debug)]
pub(super) struct FilterCache {
    pub(super) names: NameCache,
    pub(super) sizes: SizeCache,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The store's generation: changes when dictionary entries go.
    generation: u64,
    kinds: Arc<Vec<Option<Arc<KindFacts>>>>,
    /// Each locked while it grows.
    parts: HashMap<(Dictionary, Part, Lens), Arc<Mutex<ResolvedPart>>>,
    numbers: HashMap<(EventFilter, Lens), u64>,
    last_number: u64,
}

impl Known {
    fn of_generation(&mut self, generation: u64) -> &mut Known {
        if generation > self.generation {
            *self = Known { generation, last_number: self.last_number, ..Known::default() };
        }
        self
    }
}

/// The ids that pass, and the first id not looked at yet. A word has more than one set: see [`Needle::sets`].
#[derive(Clone, Debug, Default)]
struct ResolvedPart {
    next: u32,
    sets: Arc<Vec<IdSet>>,
}

impl FilterCache {
    pub(super) fn new(classifiers: Classifiers) -> FilterCache {
        FilterCache { names: NameCache::new(classifiers), sizes: SizeCache::default(), known: Mutex::default() }
    }

    /// Every kind of request by id; ids whose entry is gone are `None`.
    pub(super) fn kinds(&self, session: &Session<'_>) -> StoreResult<Arc<Vec<Option<Arc<KindFacts>>>>> {
        let mut known = self.known.lock();
        let kinds = &mut known.of_generation(session.snapshot.state.generation).kinds;
        let first = kinds.len() as u32;
        let mut new = Vec::new();
        session.values_from(Dictionary::Kind, first, |id, value| new.push((id, facts(value))))?;
        if !new.is_empty() {
            let grown = Arc::make_mut(kinds);
            for (id, facts) in new {
                grown.resize(id as usize + 1, None);
                grown[id as usize] = facts.map(Arc::new);
            }
        }
        Ok(Arc::clone(kinds))
    }

    /// The entries of a dictionary that pass.
    fn part(
        &self,
        session: &Session<'_>,
        dictionary: Dictionary,
        part: &Part,
        lens: &Lens,
    ) -> StoreResult<Arc<Vec<IdSet>>> {
        let depends = matches!(dictionary, Dictionary::Client | Dictionary::User);
        let key = (dictionary, part.clone(), if depends { *lens } else { Lens::PLAIN });
        let known = self.known_part(session.snapshot.state.generation, key);
        // Who asks for the same waits until it is looked through; who asks for something else does not.
        let mut known = known.lock();
        let first = known.next;
        let mut asked = Asked::of(dictionary, part);
        let (mut next, mut new) = (first, vec![IdSet::default(); asked.sets()]);
        let names = match (dictionary, part) {
            (Dictionary::Client, _) => Some(self.names.get(session, Dimension::Client, lens)?),
            (Dictionary::User, _) => Some(self.names.get(session, Dimension::User, lens)?),
            (Dictionary::Origin, Part::Word(_)) => Some(self.names.origins(session)?),
            _ => None,
        };
        match (names, part) {
            (Some(names), _) => {
                for id in first..names.ids() {
                    if let Some(shown) = names.shown(id) {
                        asked.look(id, shown, &mut new);
                    }
                }
                next = next.max(names.ids());
            }
            (None, Part::Fields(fields)) if dictionary == Dictionary::Origin => {
                next = next.max(self.places(session, fields, first, &mut new[0])?);
            }
            (None, _) => next = look_through(session, dictionary, part, first, &mut new)?,
        }
        if next > first || known.sets.is_empty() {
            let grown = Arc::make_mut(&mut known.sets);
            grown.resize(new.len(), IdSet::default());
            grown.iter_mut().zip(&new).for_each(|(set, new)| set.add(new));
            known.next = next;
        }
        Ok(Arc::clone(&known.sets))
    }

    /// What is known by now, in a generation or in a newer one.
    fn known_part(&self, generation: u64, key: (Dictionary, Part, Lens)) -> Arc<Mutex<ResolvedPart>> {
        let mut known = self.known.lock();
        let parts = &mut known.of_generation(generation).parts;
        if parts.len() >= CACHED_PARTS && !parts.contains_key(&key) {
            parts.clear();
        }
        Arc::clone(parts.entry(key).or_default())
    }

    /// Adds the origins from `first` on whose names pass; answers how far names are known.
    fn places(&self, session: &Session<'_>, fields: &EventFilter, first: u32, ids: &mut IdSet) -> StoreResult<u32> {
        let (terms, get) = (OriginTerms::of(fields)?, |by| self.names.get(session, by, &Lens::PLAIN));
        let destinations = get(Dimension::Destination)?;
        let domains = terms.ask_domain().then(|| get(Dimension::Domain)).transpose()?;
        let categories = terms.ask_category().then(|| get(Dimension::ServiceCategory)).transpose()?;
        let known = [&domains, &categories].into_iter().flatten().map(|names| names.ids());
        let next = known.fold(destinations.ids(), u32::min);
        fn shown(names: &Option<Arc<Names>>, id: u32) -> Cow<'_, str> {
            String::from_utf8_lossy(names.as_ref().and_then(|names| names.shown(id)).unwrap_or_default())
        }
        for id in first..next {
            let Some(destination) = destinations.number(id).map(|number| destinations.name(number)) else { continue };
            let destination = String::from_utf8_lossy(destination);
            if terms.accept_names(&destination, &shown(&domains, id), &shown(&categories, id)) {
                ids.insert(id);
            }
        }
        Ok(next)
    }

    fn ids(&self, session: &Session<'_>, dictionary: Dictionary, part: Part, lens: &Lens) -> StoreResult<Arc<IdSet>> {
        let sets = self.part(session, dictionary, &part, lens)?;
        Ok(Arc::new(sets.first().cloned().unwrap_or_default()))
    }

    /// Resolves a filter.
    pub(super) fn resolve(&self, session: &Session<'_>, filter: &EventFilter, lens: &Lens) -> StoreResult<Resolved> {
        let mut resolved = Resolved::within(filter.range());
        let mut asked = HashMap::new();
        for (dictionary, part) in fields(filter) {
            if part != EventFilter::default() {
                if dictionary == Dictionary::Origin && !lens.is_plain() {
                    asked.insert(resolved.clauses.len(), vec![AskedOfHost::Terms(OriginTerms::of(&part)?)]);
                }
                let ids = self.ids(session, dictionary, Part::Fields(Box::new(part)), lens)?;
                resolved.require(dictionary, ids);
            }
        }
        self.resolve_tags(session, &filter.tag, &mut resolved, &mut asked)?;
        if !lens.is_plain() && !asked.is_empty() {
            resolved.hosts = Some(HiddenHosts { asked, classifiers: *self.names.classifiers() });
        }
        for word in filter.keywords.iter().filter(|word| !word.is_empty()) {
            let find = |dictionary| self.part(session, dictionary, &Part::Word(word.as_str().into()), lens);
            let (origins, agents, users) =
                (find(Dictionary::Origin)?, find(Dictionary::Agent)?, find(Dictionary::User)?);
            resolved.words.push(Word { needle: Needle::new(word), origins, agents, users });
        }
        if resolved.hosts.is_some() || !lens.is_plain() && !resolved.words.is_empty() {
            resolved.personal = Some(self.ids(session, Dictionary::Path, Part::Personal, lens)?);
        }
        resolved.lens = *lens;
        if !resolved.is_time_only() {
            resolved.number = Some(self.number(session, filter, lens));
        }
        Ok(resolved)
    }

    fn resolve_tags(
        &self,
        session: &Session<'_>,
        tags: &Terms<TagTest>,
        resolved: &mut Resolved,
        asked: &mut HashMap<usize, Vec<AskedOfHost>>,
    ) -> StoreResult<()> {
        let find = |test: &TagTest| -> StoreResult<(Dictionary, Arc<IdSet>)> {
            let dictionary = match test {
                TagTest::Outcome(_) => Dictionary::Kind,
                TagTest::Origin(_) => Dictionary::Origin,
                TagTest::Path(_) => Dictionary::Path,
                TagTest::Score(_) => Dictionary::Verdict,
            };
            Ok((dictionary, self.ids(session, dictionary, Part::Tag(test.clone()), &Lens::PLAIN)?))
        };
        let mut note = |place: usize, test: &TagTest| {
            if let TagTest::Origin(test) = test {
                asked.entry(place).or_default().push(AskedOfHost::Tag(test.clone()));
            }
        };
        let mut any: Vec<Atom> = Vec::new();
        for test in &tags.any {
            note(resolved.clauses.len(), test);
            let (dictionary, ids) = find(test)?;
            match any.iter_mut().find(|atom| atom.dictionary == dictionary) {
                Some(atom) => Arc::make_mut(&mut atom.ids).add(&ids),
                None => any.push(Atom { dictionary, ids, wanted: true }),
            }
        }
        if !tags.any.is_empty() {
            resolved.clauses.push(any);
        }
        for test in &tags.none {
            note(resolved.clauses.len(), test);
            let (dictionary, ids) = find(test)?;
            resolved.clauses.push(vec![Atom { dictionary, ids, wanted: false }]);
        }
        Ok(())
    }

    /// A number of its own for whatever a filter asks beside time.
    fn number(&self, session: &Session<'_>, filter: &EventFilter, lens: &Lens) -> u64 {
        let mut known = self.known.lock();
        let known = known.of_generation(session.snapshot.state.generation);
        let key = (EventFilter { range: None, ..filter.clone() }, *lens);
        if let Some(number) = known.numbers.get(&key) {
            return *number;
        }
        if known.numbers.len() >= NUMBERED_FILTERS {
            known.numbers.clear();
        }
        known.last_number += 1;
        known.numbers.insert(key, known.last_number);
        known.last_number
    }
}

/// The fields that one dictionary answers, for each of those that answer any.
fn fields(filter: &EventFilter) -> [(Dictionary, EventFilter); 6] {
    let (filter, nothing) = (filter.clone(), EventFilter::default);
    let kind = EventFilter {
        method: filter.method,
        status: filter.status,
        status_code: filter.status_code,
        outcome: filter.outcome,
        ..nothing()
    };
    let verdict = EventFilter {
        severity: filter.severity,
        min_severity: filter.min_severity,
        min_score: filter.min_score,
        rule: filter.rule,
        waf_category: filter.waf_category,
        ..nothing()
    };
    let origin =
        EventFilter { destination: filter.destination, domain: filter.domain, category: filter.category, ..nothing() };
    [
        (Dictionary::Kind, kind),
        (Dictionary::Source, EventFilter { source: filter.source, host: filter.host, ..nothing() }),
        (Dictionary::Client, EventFilter { client_ip: filter.client_ip, ..nothing() }),
        (Dictionary::User, EventFilter { user: filter.user, ..nothing() }),
        (Dictionary::Origin, origin),
        (Dictionary::Verdict, verdict),
    ]
}

fn facts(value: &[u8]) -> Option<KindFacts> {
    let parts = KindParts::read(value)?;
    Some(KindFacts {
        method: parts.method.into(),
        result: parts.result.into(),
        hierarchy: parts.hierarchy.into(),
        content_type: parts.content_type.into(),
        status: parts.status,
        outcome: kind_outcome(value),
    })
}

/// Rows whose entry of a dictionary is among these, or is not.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) dictionary: Dictionary,
    pub(super) ids: Arc<IdSet>,
    pub(super) wanted: bool,
}

impl Atom {
    #[inline]
    pub(super) fn holds(&self, id: u32) -> bool {
        self.ids.contains(id) == self.wanted
    }
}

/// A filter as sets of ids and words. A row passes when, of every clause, one of the atoms holds (of none, none does),
/// and every word is found.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    pub(super) range: TimeRange,
    pub(super) clauses: Vec<Vec<Atom>>,
    pub(super) words: Vec<Word>,
    pub(super) lens: Lens,
    /// What paths say of rows that the lens may show otherwise than they are stored, where words or hosts are asked for.
    pub(super) personal: Option<Arc<IdSet>>,
    /// What is asked of origins, where the lens may show some otherwise than they are stored.
    pub(super) hosts: Option<HiddenHosts>,
    /// Stands for everything but the range, among all filters of a store.
    pub(super) number: Option<u64>,
}

/// What is asked of an origin that is shown.
#[derive(Clone, Debug)]
enum AskedOfHost {
    Terms(OriginTerms),
    Tag(OriginTest),
}

/// What is asked of origins, to be asked again of those that are shown differently: a host that is the row's own client,
/// or names its user.
#[derive(Clone, Debug)]
pub(super) struct HiddenHosts {
    /// By the place of a clause, what its atom of origins asks.
    asked: HashMap<usize, Vec<AskedOfHost>>,
    classifiers: Classifiers,
}

impl HiddenHosts {
    /// Whether a row passes a clause, given its origin as it is shown and its entries of other dictionaries.
    pub(super) fn passes(
        &self,
        place: usize,
        clause: &[Atom],
        shown: &[u8],
        mut id: impl FnMut(Dictionary) -> StoreResult<u32>,
    ) -> StoreResult<bool> {
        for atom in clause {
            let holds = match self.asked.get(&place).filter(|_| atom.dictionary == Dictionary::Origin) {
                Some(asked) => {
                    let among = asked.iter().any(|asked| match asked {
                        AskedOfHost::Terms(terms) => terms.accept(shown, &self.classifiers),
                        AskedOfHost::Tag(test) => (test.holds)(shown),
                    });
                    among == atom.wanted
                }
                None => atom.holds(id(atom.dictionary)?),
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Resolved {
    /// All rows of a range.
    pub(super) fn within(range: TimeRange) -> Resolved {
        Resolved {
            range,
            clauses: Vec::new(),
            words: Vec::new(),
            lens: Lens::PLAIN,
            personal: None,
            hosts: None,
            number: None,
        }
    }

    /// Narrows to rows whose entry of a dictionary is among these.
    pub(super) fn require(&mut self, dictionary: Dictionary, ids: Arc<IdSet>) {
        self.clauses.push(vec![Atom { dictionary, ids, wanted: true }]);
        self.number = None;
    }

    /// Whether only time is asked.
    pub(super) fn is_time_only(&self) -> bool {
        self.clauses.is_empty() && self.words.is_empty()
    }

    /// Whether anything is asked of the entries of a dictionary.
    pub(super) fn asks(&self, dictionary: Dictionary) -> bool {
        self.clauses.iter().flatten().any(|atom| atom.dictionary == dictionary)
    }

    /// Whether no row can pass.
    pub(super) fn is_nothing(&self) -> bool {
        self.clauses.iter().any(Vec::is_empty)
    }

    /// The group whose sums answer everything that is asked beside time, if one alone does: its ids are told apart by
    /// [`Resolved::accepts`].
    pub(super) fn sole_group(&self) -> Option<Group> {
        let first = self.clauses.first()?.first()?.dictionary;
        let is_sole = self.words.is_empty()
            && self.hosts.is_none()
            && self.clauses.iter().flatten().all(|atom| atom.dictionary == first);
        Group::ALL.into_iter().find(|group| is_sole && group.dictionary() == first)
    }

    /// Whether rows pass that have this entry of the only dictionary that is asked.
    pub(super) fn accepts(&self, id: u32) -> bool {
        self.clauses.iter().all(|clause| clause.iter().any(|atom| atom.holds(id)))
    }
}
