//! What the rows of a source were seen to carry, in counts: whether queries, agents and users appear in a log at all can
//! only be told from what came.

use super::{AccessEvent, Batch};

/// Rows, and how many of them carried what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Observed {
    /// Rows looked at.
    pub rows: u64,
    /// Those that asked for a tunnel (CONNECT).
    pub tunnels: u64,
    /// Those with a query string in their target.
    pub queries: u64,
    /// Those whose target ends with the question mark of a query string that is not there: Squid's
    /// `strip_query_terms` leaves it.
    pub stripped_queries: u64,
    /// Those with a user name.
    pub users: u64,
    /// Those with a User-Agent.
    pub user_agents: u64,
    /// Those with a Referer.
    pub referers: u64,
}

impl Observed {
    /// Rows of a batch that are looked at, at most.
    pub const ROWS_OF_A_BATCH: usize = 1024;

    /// Adds the first rows of a batch.
    pub fn look(&mut self, batch: &Batch) {
        let rows = batch.len().min(Self::ROWS_OF_A_BATCH);
        let has = |column: &super::DictColumn, row: usize| !column.values.get(column.codes[row]).is_empty();
        for row in 0..rows {
            let kind = super::KindParts::read(batch.kind.values.get(batch.kind.codes[row]));
            let count = |is: bool| u64::from(is);
            self.tunnels += count(kind.is_some_and(|kind| kind.method == b"CONNECT"));
            let rest = batch.rest.get(row);
            if let Some(mark) = memchr::memchr(b'?', rest) {
                let is_stripped = mark + 1 == rest.len();
                self.stripped_queries += count(is_stripped);
                self.queries += count(!is_stripped);
            }
            self.users += count(has(&batch.user, row));
            self.user_agents += count(has(&batch.agent, row));
            self.referers += count(!batch.referer.get(row).is_empty());
        }
        self.rows += rows as u64;
    }

    /// Adds a single line.
    pub fn see(&mut self, event: &AccessEvent<'_>) {
        let query = memchr::memchr(b'?', event.cs_uri).map(|mark| &event.cs_uri[mark + 1..]);
        self.rows += 1;
        self.tunnels += u64::from(event.cs_method == b"CONNECT");
        self.stripped_queries += u64::from(query.is_some_and(<[u8]>::is_empty));
        self.queries += u64::from(query.is_some_and(|query| !query.is_empty()));
        self.users += u64::from(!event.cs_username.is_empty());
        self.user_agents += u64::from(!event.user_agent.is_empty());
        self.referers += u64::from(!event.referer.is_empty());
    }

    /// Adds what was seen elsewhere.
    pub fn add(&mut self, other: &Observed) {
        self.rows += other.rows;
        self.tunnels += other.tunnels;
        self.queries += other.queries;
        self.stripped_queries += other.stripped_queries;
        self.users += other.users;
        self.user_agents += other.user_agents;
        self.referers += other.referers;
    }
}
