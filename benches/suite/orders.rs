//! Orders, groups, series and first and last rows, in process, warm: part of the questions.

use crate::questions::{Asker, WARM_UP, days};
use tidegate::model::{
    ClientTerm, Dimension, EventFilter, GroupOrder, GroupQuery, Lens, Order, Outcome, OutcomeSet, PageQuery,
    Resolution, SeriesQuery, Sort, Terms, TimeRange, Timestamp,
};
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

/// Asks for groups, by sums and by rows.
pub fn groups(asker: &mut Asker<'_>, store: &ColumnarStore, end: Timestamp) -> anyhow::Result<()> {
    let lens = Lens::PLAIN;
    for (name, by) in [
        ("domains", Dimension::Domain),
        ("users", Dimension::User),
        ("extensions", Dimension::Extension),
        ("file categories", Dimension::FileCategory),
    ] {
        let plain = GroupQuery::of(by, days(7, end), 50);
        asker.ask(&format!("top 50 {name} 7 d, in turn"), Some(10.0), WARM_UP, |_| store.groups(&plain, &lens))?;
        let counted = GroupQuery { count_clients: true, ..plain };
        asker.ask(&format!("top 50 {name} 7 d, clients"), Some(25.0), WARM_UP, |_| store.groups(&counted, &lens))?;
    }
    let blocked = GroupOrder::Outcomes(OutcomeSet::blocked(false));
    let domains = GroupQuery { order: blocked, ..GroupQuery::of(Dimension::Domain, days(30, end), 50) };
    asker.ask("top 50 blocked domains 30 d", Some(40.0), WARM_UP, |_| store.groups(&domains, &lens))?;
    let denied = EventFilter {
        range: Some(days(30, end)),
        outcome: Terms { any: vec![Outcome::Denied], none: Vec::new() },
        ..EventFilter::default()
    };
    let of_denied = GroupQuery { filter: denied.clone(), order: GroupOrder::Bytes, ..domains };
    asker.ask("top 50 domains of denied rows 30 d", None, WARM_UP, |_| store.groups(&of_denied, &lens))?;
    let top = store.groups(&GroupQuery::of(Dimension::Client, days(7, end), 50), &lens)?;
    let names: Vec<String> = top.entries.into_iter().map(|entry| entry.name).collect();
    let seen = |range| store.seen(Dimension::Client, &names, range, &lens);
    asker.ask("first and last rows of 50 clients 7 d", Some(10.0), WARM_UP, |_| seen(days(7, end)))?;
    asker.ask("first and last rows of 50 clients, ever", None, WARM_UP, |_| seen(TimeRange::ALL))?;
    let client = names.first().map(|name| ClientTerm::parse(name));
    let client = EventFilter {
        client_ip: Terms { any: client.into_iter().collect(), none: Vec::new() },
        ..EventFilter::within(days(7, end))
    };
    let of_client = GroupQuery { filter: client.clone(), ..GroupQuery::of(Dimension::Domain, days(7, end), 50) };
    asker.ask("top 50 domains of a client 7 d", None, WARM_UP, |_| store.groups(&of_client, &lens))?;
    for (name, by, filter, resolution) in [
        ("severities by hour 7 d", Some(Dimension::Severity), EventFilter::within(days(7, end)), Resolution::Hour),
        ("a client by hour 7 d", None, client, Resolution::Hour),
        ("denied rows by 5 minutes 30 d", None, denied, Resolution::FiveMinutes),
    ] {
        let query = SeriesQuery { by, filter, resolution };
        asker.ask(name, None, WARM_UP, |_| store.series(&query, &lens))?;
    }
    asker.ask("50 domains seen first", None, WARM_UP, |_| store.first_seen(Dimension::Domain, days(7, end).from, 50))
}

/// Asks for pages in orders other than time.
pub fn orders(asker: &mut Asker<'_>, store: &ColumnarStore) -> anyhow::Result<()> {
    let denied =
        EventFilter { outcome: Terms { any: vec![Outcome::Denied], none: Vec::new() }, ..EventFilter::default() };
    for (name, sort, target_ms) in [
        ("bytes", Sort::Bytes, Some(60.0)),
        ("client", Sort::Client, Some(100.0)),
        ("destination", Sort::Destination, Some(100.0)),
        ("status", Sort::Status, None),
        ("URL", Sort::Url, None),
    ] {
        for (way, order) in [("falling", Order::Descending), ("rising", Order::Ascending)] {
            let page = PageQuery { sort, order, ..PageQuery::newest(50) };
            asker.ask(&format!("50 by {name}, {way}"), target_ms, WARM_UP, |_| store.page(&page, &Lens::PLAIN))?;
        }
        let page = PageQuery { sort, filter: denied.clone(), ..PageQuery::newest(50) };
        asker.ask(&format!("50 denied by {name}"), None, WARM_UP, |_| store.page(&page, &Lens::PLAIN))?;
    }
    let far = PageQuery { sort: Sort::Bytes, offset: 9_900, ..PageQuery::newest(100) };
    asker.ask("100 by bytes behind 9,900", None, WARM_UP, |_| store.page(&far, &Lens::PLAIN))?;
    let hidden = PageQuery { sort: Sort::Url, ..PageQuery::newest(50) };
    asker.ask("50 by URL, masked", None, 1, |_| store.page(&hidden, &Lens::MASKED))
}
