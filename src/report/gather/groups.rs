//! The largest groups: who, where to, with what.

use super::asker::Asker;
use crate::classify::service_named;
use crate::model::{Dimension, EventFilter, GroupEntry, GroupOrder};
use crate::report::Shown;
use crate::report::contents::{Denied, Group, ServiceUse, Top};
use crate::store::StoreResult;

fn group(ask: &Asker<'_>, by: Dimension, entry: &GroupEntry) -> Group {
    Group {
        name: ask.name(by, &entry.name),
        known_as: None,
        requests: entry.measure.outcomes.total(),
        blocked: ask.blocked(&entry.measure.outcomes),
        bytes_sent: entry.measure.bytes,
        clients: None,
    }
}

fn ordered(ask: &Asker<'_>, by: Dimension, order: GroupOrder, limit: usize) -> StoreResult<Top<Group>> {
    let (entries, total) = ask.groups(by, &ask.all(), order, limit, false)?;
    Ok(Top { total, rows: entries.iter().map(|entry| group(ask, by, entry)).collect() })
}

/// Groups with most requests.
pub(super) fn top(ask: &Asker<'_>, by: Dimension, limit: usize) -> StoreResult<Top<Group>> {
    ordered(ask, by, GroupOrder::Rows, limit)
}

/// Groups with most requests, and how many clients each has.
pub(super) fn with_clients(ask: &Asker<'_>, by: Dimension) -> StoreResult<Top<Group>> {
    let (entries, total) = ask.groups(by, &ask.all(), GroupOrder::Rows, ask.top, true)?;
    let counted = |entry: &GroupEntry| Group { clients: Some(entry.clients), ..group(ask, by, entry) };
    Ok(Top { total, rows: entries.iter().map(counted).collect() })
}

/// Clients, with what settings call them.
pub(super) fn clients(ask: &Asker<'_>) -> StoreResult<Top<Group>> {
    let (entries, total) = ask.groups(Dimension::Client, &ask.all(), GroupOrder::Rows, ask.top, false)?;
    let named = |entry: &GroupEntry| Group { known_as: ask.alias(&entry.name), ..group(ask, Dimension::Client, entry) };
    Ok(Top { total, rows: entries.iter().map(named).collect() })
}

/// Known services, and whether they may be used.
pub(super) fn services(ask: &Asker<'_>) -> StoreResult<Top<ServiceUse>> {
    let (entries, total) = ask.groups(Dimension::Service, &ask.all(), GroupOrder::Rows, ask.top, true)?;
    let used = |entry: &GroupEntry| {
        let service = service_named(&entry.name);
        let category = service.map(|service| service.category.name());
        ServiceUse {
            name: Shown::of(&entry.name),
            category,
            risk: service.map(|service| service.risk.name()),
            sanctioned: ask.sanctions.allow(&entry.name, category.unwrap_or_default()),
            requests: entry.measure.outcomes.total(),
            blocked: ask.blocked(&entry.measure.outcomes),
            bytes_sent: entry.measure.bytes,
            clients: entry.clients,
        }
    };
    Ok(Top { total, rows: entries.iter().map(used).collect() })
}

/// Extensions of files, with their dot.
pub(super) fn extensions(ask: &Asker<'_>) -> StoreResult<Top<Group>> {
    let mut found = top(ask, Dimension::Extension, ask.top)?;
    found.rows.iter_mut().for_each(|group| group.name = Shown::of(&format!(".{}", group.name)));
    Ok(found)
}

/// Programs by family, with their class. Rows whose log names none, or none that is known, are left out.
pub(super) fn agents(ask: &Asker<'_>) -> StoreResult<Top<Group>> {
    let by = Dimension::Agent;
    let (mut entries, _) = ask.groups(by, &ask.all(), GroupOrder::Rows, usize::MAX, false)?;
    entries.retain(|entry| !entry.name.starts_with("-\n"));
    let total = entries.len() as u64;
    let named = |entry: &GroupEntry| {
        let (family, class) = entry.name.split_once('\n').unwrap_or((&entry.name, "unknown"));
        Group { name: ask.name(by, family), known_as: Some(Shown::of(class)), ..group(ask, by, entry) }
    };
    Ok(Top { total, rows: entries.iter().take(ask.top).map(named).collect() })
}

/// What was blocked most.
pub(super) fn denied(ask: &Asker<'_>) -> StoreResult<Denied> {
    let blocked = |by| ordered(ask, by, ask.by_blocked(), ask.top);
    Ok(Denied {
        destinations: blocked(Dimension::Destination)?,
        clients: blocked(Dimension::Client)?,
        users: blocked(Dimension::User)?,
    })
}

/// Names of groups with most rows that pass, as the store has them.
pub(super) fn names(ask: &Asker<'_>, by: Dimension, filter: &EventFilter, limit: usize) -> StoreResult<Vec<String>> {
    let (entries, _) = ask.groups(by, filter, GroupOrder::Rows, limit, false)?;
    Ok(entries.into_iter().map(|entry| entry.name).collect())
}
