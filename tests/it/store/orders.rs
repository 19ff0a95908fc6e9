//! Pages in every order: the same from both stores, and walked by cursor to the end every row comes once.

use crate::support::memory::MemoryStore;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tidegate::model::{Lens, PageQuery, Place, Sort, SortValue};
use tidegate::store::EventStore;

const SORTS: [Sort; 9] = [
    Sort::Client,
    Sort::Destination,
    Sort::Status,
    Sort::Bytes,
    Sort::Method,
    Sort::Host,
    Sort::Severity,
    Sort::Url,
    Sort::Time,
];

/// As `query`, in two of the orders there are, others for each offset.
pub fn same_answers(
    columnar: &dyn EventStore,
    memory: &MemoryStore,
    query: &PageQuery,
    lens: &Lens,
) -> Result<(), TestCaseError> {
    for step in 0..2 {
        let sort = SORTS[(query.offset as usize + query.limit + step * 5) % SORTS.len()];
        let page = PageQuery { sort, after: None, ..query.clone() };
        let (got, want) = (columnar.page(&page, lens).unwrap(), memory.page(&page, lens).unwrap());
        prop_assert_eq!(&got.rows, &want.rows, "{:?}", &page);
        prop_assert_eq!(&got.next, &want.next, "{:?}", &page);
        walk(columnar, memory, &PageQuery { after: None, offset: 0, limit: query.limit.max(20), ..page }, lens)?;
    }
    Ok(())
}

fn walk(columnar: &dyn EventStore, memory: &MemoryStore, query: &PageQuery, lens: &Lens) -> Result<(), TestCaseError> {
    let (mut met, mut query) = (BTreeSet::new(), query.clone());
    loop {
        let (got, want) = (columnar.page(&query, lens).unwrap(), memory.page(&query, lens).unwrap());
        prop_assert_eq!(&got.rows, &want.rows, "{:?}", &query);
        prop_assert_eq!(&got.next, &want.next, "{:?}", &query);
        prop_assert!(got.rows.iter().all(|row| met.insert(row.id)), "a row came twice: {:?}", &query);
        query.after = got.next;
        if query.after.is_none() {
            break;
        }
    }
    prop_assert_eq!(met.len() as u64, memory.count(&query.filter, lens).unwrap());
    // Behind values that no row has, or none any more.
    for value in [&b""[..], b"-", b"10.0.0.15", b"200", b"GE", b"http://a.example.com/1", b"zzz"] {
        query.after = Some(Place { value: SortValue::text(value), id: 7 });
        if matches!(query.sort, Sort::Bytes | Sort::Time | Sort::Severity) {
            query.after = Some(Place { value: SortValue::Number(value.len() as i64 * 5000), id: 7 });
        }
        let (got, want) = (columnar.page(&query, lens).unwrap(), memory.page(&query, lens).unwrap());
        prop_assert_eq!(got.rows, want.rows, "{:?}", &query);
    }
    Ok(())
}
