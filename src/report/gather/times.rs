//! How long requests took. Tunnels are apart: theirs is how long they stood.

use super::asker::Asker;
use super::groups::names;
use crate::model::{Dimension, Durations, EventFilter, Outcome, Terms};
use crate::report::contents::{Group, Times, TimesOf, Top};
use crate::store::StoreResult;

/// Groups of which durations are told.
const MOST_GROUPS: usize = 12;

fn tunnel() -> Vec<String> {
    vec!["CONNECT".to_owned()]
}

pub(super) fn times(ask: &Asker<'_>, domains: &Top<Group>) -> StoreResult<Option<Times>> {
    let requests = EventFilter { method: Terms { any: Vec::new(), none: tunnel() }, ..ask.all() };
    let refused = Terms { any: Vec::new(), none: vec![Outcome::Denied, Outcome::AuthChallenge] };
    let tunnels = EventFilter { method: Terms { any: tunnel(), none: Vec::new() }, outcome: refused, ..ask.all() };
    let whole = |filter: &EventFilter| -> StoreResult<Option<Durations>> {
        Ok(ask.store.durations(None, &["-".to_owned()], filter, &ask.lens)?.into_iter().next().flatten())
    };
    let (of_requests, of_tunnels) = (whole(&requests)?, whole(&tunnels)?);
    // Where every line says 0, none says anything.
    if [of_requests, of_tunnels].iter().flatten().all(|durations| durations.max_ms == 0) {
        return Ok(None);
    }
    let of = |by: Dimension, filter: &EventFilter| -> StoreResult<Vec<TimesOf>> {
        let names = names(ask, by, filter, MOST_GROUPS)?;
        let found = ask.store.durations(Some(by), &names, filter, &ask.lens)?;
        let found = names.iter().zip(found);
        Ok(found
            .filter_map(|(name, durations)| Some(TimesOf { name: ask.name(by, name), durations: durations? }))
            .collect())
    };
    let by_domain = match (of_requests, domains.rows.is_empty()) {
        (_, true) => Vec::new(),
        (Some(_), _) => of(Dimension::Domain, &requests)?,
        (None, _) => of(Dimension::Domain, &tunnels)?,
    };
    let results = of(Dimension::ResultCode, &requests)?;
    Ok(Some(Times { requests: of_requests, tunnels: of_tunnels, results, domains: by_domain }))
}
