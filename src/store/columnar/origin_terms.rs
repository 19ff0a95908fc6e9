//! What a filter asks of origins, made ready so that an origin costs the same whatever the number of values: one pass
//! over its `host:port` for all parts of names, a look-up per label for all domains. What it means:
//! [`EventFilter::accepts_origin`].

use crate::model::{Classifiers, EventFilter, Terms};
use crate::store::{StoreError, StoreResult};
use aho_corasick::AhoCorasick;
use std::collections::HashSet;
use std::sync::Arc;

/// Values of one field, made ready: one of the first is to be met, none of the second.
#[derive(Clone, Debug)]
struct Sides<T> {
    any: Option<T>,
    none: Option<T>,
}

impl<T> Sides<T> {
    fn of(terms: &Terms<String>, ready: impl Fn(&[String]) -> StoreResult<T>) -> StoreResult<Sides<T>> {
        let side = |values: &[String]| if values.is_empty() { Ok(None) } else { ready(values).map(Some) };
        Ok(Sides { any: side(&terms.any)?, none: side(&terms.none)? })
    }

    fn is_empty(&self) -> bool {
        self.any.is_none() && self.none.is_none()
    }

    fn accept(&self, meets: impl Fn(&T) -> bool) -> bool {
        self.any.as_ref().is_none_or(&meets) && !self.none.as_ref().is_some_and(&meets)
    }
}

/// Domains, in lower case.
#[derive(Clone, Debug)]
struct Domains {
    /// As they were given.
    whole: HashSet<String>,
    /// Without dots at their ends: they stand for what lies below them, too.
    names: HashSet<String>,
    longest: usize,
}

impl Domains {
    fn of(values: &[String]) -> Domains {
        let whole: HashSet<String> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
        let names = whole.iter().map(|name| name.trim_matches('.')).filter(|name| !name.is_empty());
        let names: HashSet<String> = names.map(str::to_owned).collect();
        let longest = names.iter().map(String::len).max().unwrap_or(0);
        Domains { whole, names, longest }
    }

    /// Whether a host, in lower case, is one of the names or lies below one.
    fn hold(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        let mut below =
            host.rmatch_indices('.').map(|(at, _)| &host[at + 1..]).take_while(|name| name.len() <= self.longest);
        self.names.contains(host) || below.any(|name| self.names.contains(name))
    }
}

/// What is asked of origins.
#[derive(Clone, Debug)]
pub(super) struct OriginTerms {
    destination: Sides<Arc<AhoCorasick>>,
    domain: Sides<Arc<Domains>>,
    category: Sides<Arc<HashSet<String>>>,
}

impl OriginTerms {
    /// Of a filter.
    pub(super) fn of(filter: &EventFilter) -> StoreResult<OriginTerms> {
        let parts = |values: &[String]| {
            let built = AhoCorasick::builder().ascii_case_insensitive(true).build(values);
            built
                .map(Arc::new)
                .map_err(|error| StoreError::Invalid(format!("destination can't be searched for: {error}")))
        };
        let names = |values: &[String]| values.iter().map(|value| value.to_ascii_lowercase()).collect();
        Ok(OriginTerms {
            destination: Sides::of(&filter.destination, parts)?,
            domain: Sides::of(&filter.domain, |values| Ok(Arc::new(Domains::of(values))))?,
            category: Sides::of(&filter.category, |values| Ok(Arc::new(names(values))))?,
        })
    }

    /// Whether anything is asked of the domain.
    pub(super) fn ask_domain(&self) -> bool {
        !self.domain.is_empty()
    }

    /// Whether anything is asked of the category.
    pub(super) fn ask_category(&self) -> bool {
        !self.category.is_empty()
    }

    /// Whether an origin passes.
    pub(super) fn accept(&self, origin: &[u8], classifiers: &Classifiers) -> bool {
        let destination = (classifiers.destination)(origin);
        let domain = self.ask_domain().then(|| (classifiers.domain)(origin)).flatten();
        let category = self.ask_category().then(|| (classifiers.service_category)(origin)).flatten();
        self.accept_names(
            destination.as_deref().unwrap_or("-"),
            &domain.unwrap_or_default(),
            category.unwrap_or_default(),
        )
    }

    /// As [`OriginTerms::accept`], of an origin's `host:port` (`-` where it names no host), its domain and the category
    /// of its service (empty where there are none, and not looked at where nothing is asked of them).
    pub(super) fn accept_names(&self, destination: &str, domain: &str, category: &str) -> bool {
        self.destination.accept(|parts| parts.is_match(destination))
            && self.category.accept(|names| names.contains(&category.to_ascii_lowercase()))
            && (self.domain.is_empty() || {
                let destination = destination.to_ascii_lowercase();
                let host = destination.rsplit_once(':').map_or(&destination[..], |(host, _)| host);
                let domain = domain.to_ascii_lowercase();
                self.domain.accept(|domains| domains.whole.contains(&domain) || domains.hold(host))
            })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{AgentName, PathTraits};
    use proptest::prelude::*;
    use std::time::Instant;

    /// Origins go by themselves; a domain is their last two labels.
    pub(in crate::store::columnar) const CLASSIFIERS: Classifiers = Classifiers {
        is_ip_literal: |_| false,
        destination: |origin| (!origin.is_empty()).then(|| String::from_utf8_lossy(origin).to_lowercase()),
        domain: |origin| {
            let text = String::from_utf8_lossy(origin).to_lowercase();
            let host = text.rsplit_once(':')?.0;
            host.rmatch_indices('.').nth(1).map(|(at, _)| host[at + 1..].to_owned())
        },
        service: |_| None,
        service_category: |origin| origin.ends_with(b":443").then_some("storage"),
        service_type: |_| "",
        agent: |_| AgentName { family: String::new(), class: "" },
        path: |_, _, out| {
            PathTraits::default().write(out);
            None
        },
        file_category: |_, _| "",
    };

    fn terms(texts: &'static [&'static str]) -> impl Strategy<Value = Terms<String>> {
        let some = || proptest::collection::vec(proptest::sample::select(texts).prop_map(str::to_owned), 0..3);
        (some(), some()).prop_map(|(any, none)| Terms { any, none })
    }

    proptest! {
        #[test]
        fn origins_pass_as_the_filter_says(
            origin in proptest::sample::select(vec![
                "www.Example.com:80", "example.com.:443", "notexample.com:80", "example.com.evil.test:80", "127.0.0.1:1",
                "[2001:db8::7]:443", "", "co.uk:80", "a..example.com:80", "com:443", "K.example:80",
            ]),
            destination in terms(&["EXAMPLE", ":443", "-", "", "\u{212a}", "e.c"]),
            domain in terms(&["example.com", "COM", ".com.", "com.", "", "..", "127.0.0.1", "2001:db8::7", "ple.com", "-"]),
            category in terms(&["STORAGE", "", "ai"]),
        ) {
            let filter = EventFilter { destination, domain, category, ..EventFilter::default() };
            let want = filter.accepts_origin(origin.as_bytes(), &CLASSIFIERS);
            prop_assert_eq!(OriginTerms::of(&filter).unwrap().accept(origin.as_bytes(), &CLASSIFIERS), want);
        }
    }

    #[test]
    fn thousands_of_values_are_asked_as_fast_as_one() {
        let values = |end: &str| (0..2_000).map(|number| format!("x{number}{end}")).collect::<Vec<_>>();
        let filter = EventFilter {
            destination: Terms { any: Vec::new(), none: values("") },
            domain: Terms { any: Vec::new(), none: values(".example") },
            ..EventFilter::default()
        };
        let terms = OriginTerms::of(&filter).unwrap();
        let each = |rounds: u32, accepts: &dyn Fn(u32) -> bool| {
            let start = Instant::now();
            assert!((0..rounds).all(accepts));
            start.elapsed() / rounds
        };
        let at_once = each(2_000, &|number| terms.accept_names(&format!("www{number}.site.test:443"), "site.test", ""));
        // As the filter itself does it.
        let one_by_one = each(100, &|number| {
            filter.accepts_origin(format!("https://www{number}.site.test").as_bytes(), &CLASSIFIERS)
        });
        assert!(at_once * 10 < one_by_one, "{at_once:?} and {one_by_one:?}");
    }
}
