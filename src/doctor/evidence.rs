//! What is known about a log.

use crate::format::Format;
use crate::model::{Field, FieldSet, Observed};
use crate::squidconf::{AccessLog, LogFormat, SquidConf};

/// What is known about a log; everything may be missing, and a check says nothing where it knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'e> {
    /// What its lines can carry.
    pub fields: Option<FieldSet>,
    /// Whether Squid writes it, so that squid.conf can mend it.
    pub by_squid: bool,
    /// What its rows were seen to carry.
    pub observed: Option<Observed>,
    /// The configuration that writes it.
    pub conf: Option<&'e SquidConf>,
    /// The line of the configuration that writes it; none where it is Squid's default.
    pub log: Option<&'e AccessLog>,
    /// How the configuration writes its lines.
    pub layout: Option<&'e LogFormat>,
}

/// Names of formats that only Squid writes.
const BY_SQUID: [&str; 4] = ["squid", "logformat", "referrer", "useragent"];

impl<'e> Evidence<'e> {
    /// What the format alone says.
    pub fn of_format(format: &dyn Format) -> Evidence<'e> {
        let name = format.spec().split(char::is_whitespace).next().unwrap_or_default();
        Evidence { fields: Some(format.fields()), by_squid: BY_SQUID.contains(&name), ..Evidence::default() }
    }

    /// Whether lines can't carry the field at all.
    pub(super) fn lacks(&self, field: Field) -> bool {
        self.fields.is_some_and(|fields| !fields.has(field))
    }

    /// Rows that ask for a resource and not for a tunnel, where enough were seen to say something of all; what they
    /// carry is counted by `count`.
    pub(super) fn seen(&self, count: impl Fn(&Observed) -> u64) -> Option<(u64, u64)> {
        let observed = self.observed?;
        let requests = observed.rows - observed.tunnels.min(observed.rows);
        (requests >= ENOUGH).then(|| (count(&observed), requests))
    }
}

/// Requests from which on the absence of something is told.
const ENOUGH: u64 = 100;
