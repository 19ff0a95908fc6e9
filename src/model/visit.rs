//! Who asked for what where, and what became of it: what behaviour is told from. Clients, users and destinations are
//! numbers, so that millions of rows can be looked at; a [`VisitNames`] says what they stand for.

use super::{Outcome, RowId, Timestamp};
use std::fmt;

/// One row, as behaviour is told from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The row's number.
    pub row: RowId,
    /// When the request was completed.
    pub time: Timestamp,
    /// The client's number.
    pub client: u32,
    /// The user's number.
    pub user: u32,
    /// The number of the destination, `host:port`.
    pub destination: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether its method sends something to the server: POST, PUT, PATCH.
    pub sends: bool,
    /// Whether its path is unusually random.
    pub random_path: bool,
    /// How long it took, in milliseconds; negative when the proxy's clock stepped back.
    pub time_taken_ms: i64,
    /// Bytes sent to the client.
    pub sc_bytes: u64,
    /// Bytes received from the client; `None` where the log doesn't say.
    pub cs_bytes: Option<u64>,
}

/// What takes visits.
pub trait VisitSink {
    /// Forgets what it took: the question is asked from the start, for the first time or again because the store was
    /// rearranged meanwhile.
    fn begin(&mut self);

    /// Takes the next rows, in order of their numbers.
    fn visits(&mut self, visits: &[Visit]);
}

/// What the numbers of visits stand for, as stored. Numbers are small: they are places in lists.
pub trait VisitNames: fmt::Debug {
    /// A client's address; `-` where lines had none.
    fn client(&self, number: u32) -> &[u8];
    /// A user's name; `-` where lines had none.
    fn user(&self, number: u32) -> &[u8];
    /// A destination, `host:port`; `-` where lines named none.
    fn destination(&self, number: u32) -> &[u8];
    /// The number of a destination's registrable domain.
    fn domain_of(&self, destination: u32) -> u32;
    /// A registrable domain; an IP literal stands for itself.
    fn domain(&self, number: u32) -> &[u8];
    /// The service that a destination belongs to; `-` where it belongs to none.
    fn service_of(&self, destination: u32) -> &[u8];
}
