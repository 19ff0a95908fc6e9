//! The behaviour suite of [`tidegate::store::EventStore`]: run against every implementation, and every implementation
//! against the plain one ([`crate::support::memory::MemoryStore`]).

mod against_memory;
mod behaviour;
mod damage;
mod erasure;
mod filters;
mod groups;
pub mod layouts;
mod orders;
mod paths;

use std::sync::Arc;
use tidegate::classify::CLASSIFIERS;
use tidegate::model::{Batch, Clock, FixedClock};
use tidegate::store::EventSink;
use tidegate::store::columnar::ColumnarStore;

/// A columnar store in a temporary directory, which goes when this does.
pub struct Temporary {
    pub store: Arc<ColumnarStore>,
    pub directory: tempfile::TempDir,
}

pub fn columnar() -> Temporary {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    Temporary { store: Arc::new(store), directory }
}

pub fn open(directory: &std::path::Path) -> ColumnarStore {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(crate::support::lines::NOON));
    ColumnarStore::open(directory, CLASSIFIERS, clock).unwrap()
}

/// Stores batches in one transaction.
pub fn append<S: EventSink>(store: &S, batches: &[Batch]) {
    let prepared = batches.iter().map(|batch| store.prepare(batch).unwrap()).collect();
    store.append(prepared, &[]).unwrap();
}
