//! Who asks: the store with a lens, what settings say of rows, and the names of groups as the reader may see them.

use super::Asking;
use crate::control::settings::{
    CLIENT_ALIASES, COUNT_AUTH_CHALLENGES_AS_BLOCKED, Sanctions, Settings, WAF_BLOCK_THRESHOLD,
};
use crate::model::{
    Dimension, EventFilter, GroupEntry, GroupOrder, GroupQuery, Lens, OutcomeCounts, OutcomeSet, Owner, People,
    TimeRange,
};
use crate::report::Shown;
use crate::store::{EventStore, StoreResult};
use std::net::IpAddr;

/// The name of rows that have none.
pub(super) const NAMELESS: &str = "-";

/// A store as its reader may ask it, within a range of whole hours.
pub(super) struct Asker<'a> {
    pub store: &'a dyn EventStore,
    pub lens: Lens,
    pub range: TimeRange,
    pub top: usize,
    pub flagged_from: u32,
    pub sanctions: Sanctions,
    challenges_block: bool,
    settings: &'a Settings,
    /// Everybody whom the lens hides.
    people: &'a People,
}

impl<'a> Asker<'a> {
    pub fn new(asking: &Asking<'a>, range: TimeRange) -> StoreResult<Asker<'a>> {
        let (store, lens, settings) = (asking.store, asking.lens, asking.settings);
        Ok(Asker {
            store,
            lens,
            range,
            top: asking.top,
            flagged_from: u32::try_from(settings.get(WAF_BLOCK_THRESHOLD)).unwrap_or(u32::MAX),
            sanctions: Sanctions::of(settings),
            challenges_block: settings.get(COUNT_AUTH_CHALLENGES_AS_BLOCKED),
            settings,
            people: asking.people,
        })
    }

    /// All rows of the range.
    pub fn all(&self) -> EventFilter {
        EventFilter::within(self.range)
    }

    /// Rows of those that count as blocked.
    pub fn blocked(&self, outcomes: &OutcomeCounts) -> u64 {
        outcomes.blocked(self.challenges_block)
    }

    /// The order of groups by what was blocked of them.
    pub fn by_blocked(&self) -> GroupOrder {
        GroupOrder::Outcomes(OutcomeSet::blocked(self.challenges_block))
    }

    /// The largest groups that have a name, and how many there are.
    pub fn groups(
        &self,
        by: Dimension,
        filter: &EventFilter,
        order: GroupOrder,
        limit: usize,
        count_clients: bool,
    ) -> StoreResult<(Vec<GroupEntry>, u64)> {
        let limit = limit.saturating_add(1);
        let query = GroupQuery { by, filter: filter.clone(), order, limit, count_clients };
        let mut groups = self.store.groups(&query, &self.lens)?;
        let all = groups.entries.len() as u64 == groups.total;
        let is_nameless = |entry: &GroupEntry| entry.name == NAMELESS;
        let has_nameless = groups.entries.iter().any(is_nameless) || !all && self.has_nameless(&query)?;
        groups.entries.retain(|entry| !is_nameless(entry));
        groups.entries.truncate(limit - 1);
        Ok((groups.entries, groups.total - u64::from(has_nameless)))
    }

    /// Whether rows without a name are among the groups that are not answered.
    fn has_nameless(&self, query: &GroupQuery) -> StoreResult<bool> {
        let all =
            self.store.groups(&GroupQuery { limit: usize::MAX, count_clients: false, ..query.clone() }, &self.lens)?;
        Ok(all.entries.iter().any(|entry| entry.name == NAMELESS))
    }

    /// The name of a group as the reader may see it: it has rows of many, and hides everybody whom the lens hides.
    pub fn name(&self, by: Dimension, name: &str) -> Shown {
        match by {
            // The lens itself has named them.
            Dimension::Client | Dimension::User => Shown::of(name),
            Dimension::Agent => {
                let family = self.lens.agent(name.as_bytes(), &Owner::default()).into_owned();
                Shown::of(&self.people.hide(&String::from_utf8_lossy(&family)))
            }
            _ => Shown::of(&self.people.hide(name)),
        }
    }

    /// What settings call a client; nothing where its address is not shown.
    pub fn alias(&self, client: &str) -> Option<Shown> {
        if !self.lens.client_is_plain() {
            return None;
        }
        let address: IpAddr = client.parse().ok()?;
        self.settings.get(CLIENT_ALIASES).name_of(address).map(Shown::of)
    }
}
