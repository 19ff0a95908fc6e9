//! Rows as behaviour is told from them: seven columns of every block of a range, decoded in as many threads as are free.

use super::block::Dictionary;
use super::column::Column;
use super::filter::{FilterCache, Resolved};
use super::grouping::{Grouping, NO_NUMBER};
use super::names::Names;
use super::parallel::over_blocks;
use super::reader::{Session, corrupt};
use super::rows::{frames, outcomes, passing, touched};
use super::selection::Selection;
use super::snapshot::BlockMeta;
use crate::model::{Dimension, Lens, PathTraits, TimeRange, Timestamp, Visit, VisitNames, VisitSink};
use crate::store::{StoreError, StoreResult};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// Methods that send something to the server (RFC 9110, section 9.3).
const SENDING: [&[u8]; 3] = [b"POST", b"PUT", b"PATCH"];

/// Hands every living row of a range to `sink`.
pub(super) fn visits(
    session: &Session<'_>,
    filters: &FilterCache,
    range: TimeRange,
    sink: &mut dyn VisitSink,
) -> StoreResult<Box<dyn VisitNames>> {
    let filter = Resolved::within(range);
    let groups = Groups {
        client: Grouping::by(session, filters, Some(Dimension::Client), &Lens::PLAIN)?,
        user: Grouping::by(session, filters, Some(Dimension::User), &Lens::PLAIN)?,
        destination: Grouping::by(session, filters, Some(Dimension::Destination), &Lens::PLAIN)?,
    };
    let names = NamesOfVisits::of(session, filters, &groups)?;
    sink.begin();
    let of_block = |session: &Session<'_>, block: &BlockMeta| match passing(session, &filter, block)? {
        Some(rows) => read(session, filters, &groups, block, &rows),
        None => Ok(Vec::new()),
    };
    over_blocks(session, &touched(session, &filter), of_block, |_, visits| {
        sink.visits(&visits);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Box::new(names))
}

/// How rows are numbered.
struct Groups {
    client: Grouping,
    user: Grouping,
    destination: Grouping,
}

fn read(
    session: &Session<'_>,
    filters: &FilterCache,
    groups: &Groups,
    block: &BlockMeta,
    rows: &Selection,
) -> StoreResult<Vec<Visit>> {
    let clients = groups.client.of_block(session, block)?;
    let users = groups.user.of_block(session, block)?;
    let destinations = groups.destination.of_block(session, block)?;
    let outcomes = outcomes(session, filters, block)?;
    let sends = sending(session, filters, block)?;
    let random = random_paths(session, block)?;
    let has_cs_bytes = session.header(block.id, Column::CsBytes)?.is_some();
    let mut visits = Vec::with_capacity(rows.count());
    for (frame, range) in frames(session, block, rows)? {
        let clients = clients.of_frame(session, block, frame)?;
        let users = users.of_frame(session, block, frame)?;
        let destinations = destinations.of_frame(session, block, frame)?;
        let kinds = checked(session, block, Column::Kind, frame, outcomes.len())?;
        let paths = checked(session, block, Column::Path, frame, random.len())?;
        let times = session.ints(block, Column::Time, frame)?;
        let taken = session.ints(block, Column::TimeTaken, frame)?;
        let bytes = session.ints(block, Column::Bytes, frame)?;
        let cs_bytes = has_cs_bytes.then(|| session.ints(block, Column::CsBytes, frame)).transpose()?;
        let Range { start, .. } = range;
        for row in rows.iter_in(range) {
            let at = row - start;
            let (client, destination) = (clients.number(at), destinations.number(at));
            if client == NO_NUMBER || destination == NO_NUMBER {
                continue;
            }
            let kind = kinds[at] as usize;
            visits.push(Visit {
                row: block.first_row + row as u64,
                time: Timestamp(times[at]),
                client,
                user: users.number(at),
                destination,
                outcome: outcomes[kind],
                sends: sends[kind],
                random_path: random[paths[at] as usize],
                time_taken_ms: taken[at],
                sc_bytes: bytes[at] as u64,
                cs_bytes: cs_bytes.as_ref().and_then(|bytes| u64::try_from(bytes[at]).ok()),
            });
        }
    }
    Ok(visits)
}

/// The codes of a frame, each of which stands for something.
fn checked(
    session: &Session<'_>,
    block: &BlockMeta,
    column: Column,
    frame: usize,
    known: usize,
) -> StoreResult<Arc<[u32]>> {
    let codes = session.codes(block, column, frame)?;
    if codes.iter().any(|code| *code as usize >= known) {
        return Err(corrupt(block.id, column, "a code has no id"));
    }
    Ok(codes)
}

/// By code of a kind, whether its method sends.
fn sending(session: &Session<'_>, filters: &FilterCache, block: &BlockMeta) -> StoreResult<Vec<bool>> {
    let (kinds, ids) = (filters.kinds(session)?, session.ids(block, Dictionary::Kind)?);
    let sends = |id: &u32| {
        let kind = kinds.get(*id as usize).and_then(Option::as_ref);
        kind.is_some_and(|kind| SENDING.contains(&&*kind.method))
    };
    Ok(ids.iter().map(sends).collect())
}

/// By code of a path, whether it is unusually random.
fn random_paths(session: &Session<'_>, block: &BlockMeta) -> StoreResult<Vec<bool>> {
    let ids = session.ids(block, Dictionary::Path)?;
    let random = |id: &u32| -> StoreResult<bool> {
        let text = session.value(Dictionary::Path, *id)?;
        Ok(PathTraits::read(&text).is_some_and(|traits| traits.high_entropy))
    };
    ids.iter().map(random).collect()
}

/// What numbers stand for.
#[derive(Debug)]
struct NamesOfVisits {
    clients: Arc<Names>,
    users: Arc<Names>,
    destinations: Arc<Names>,
    domains: Arc<Names>,
    services: Arc<Names>,
    /// By number of a destination, an origin that is called so.
    origin_of: Vec<u32>,
}

impl NamesOfVisits {
    /// Of the same generation as the numbers.
    fn of(session: &Session<'_>, filters: &FilterCache, groups: &Groups) -> StoreResult<NamesOfVisits> {
        let named = |grouping: &Grouping| match grouping {
            Grouping::Named(_, names) => Ok(Arc::clone(names)),
            Grouping::One | Grouping::Files(_) => Err(StoreError::Moved),
        };
        let names = |by| filters.names.get(session, by, &Lens::PLAIN);
        let (clients, users, destinations) =
            (named(&groups.client)?, named(&groups.user)?, named(&groups.destination)?);
        let (domains, services) = (names(Dimension::Domain)?, names(Dimension::Service)?);
        if [&users, &destinations, &domains, &services].iter().any(|other| !other.is_as_old_as(&clients)) {
            return Err(StoreError::Moved);
        }
        let numbers = 0..destinations.len() as u32;
        Ok(NamesOfVisits {
            clients,
            users,
            domains,
            services,
            origin_of: numbers.map(|number| destinations.ids_of(number).next().unwrap_or(NO_NUMBER)).collect(),
            destinations,
        })
    }

    fn origin(&self, destination: u32) -> u32 {
        self.origin_of.get(destination as usize).copied().unwrap_or(NO_NUMBER)
    }
}

impl VisitNames for NamesOfVisits {
    fn client(&self, number: u32) -> &[u8] {
        self.clients.name(number)
    }

    fn user(&self, number: u32) -> &[u8] {
        if number == NO_NUMBER { super::names::NONE } else { self.users.name(number) }
    }

    fn destination(&self, number: u32) -> &[u8] {
        self.destinations.name(number)
    }

    fn domain_of(&self, destination: u32) -> u32 {
        self.domains.number(self.origin(destination)).unwrap_or(NO_NUMBER)
    }

    fn domain(&self, number: u32) -> &[u8] {
        if number == NO_NUMBER { super::names::NONE } else { self.domains.name(number) }
    }

    fn service_of(&self, destination: u32) -> &[u8] {
        let number = self.services.number(self.origin(destination));
        number.map_or(super::names::NONE, |number| self.services.name(number))
    }
}
