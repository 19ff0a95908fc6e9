//! `/api/clients`: who asks the proxy for what. Clients appear as the reader may see them, and are found by how they
//! appear only.

pub mod details;
pub mod statistics;

use crate::model::{ClientTerm, EventFilter, Terms, TimeRange};

/// Rows of a range by a client, as a lens shows it.
fn rows_of(client: ClientTerm, range: TimeRange) -> EventFilter {
    EventFilter { client_ip: Terms { any: vec![client], none: Vec::new() }, ..EventFilter::within(range) }
}
