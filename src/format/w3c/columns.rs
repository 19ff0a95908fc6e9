//! The fields of extended log files that say something an event has a place for, by their names.
//!
//! Names: the W3C draft's; ProxySG's (Blue Coat "Access Log Formats", ELFF strings); Forefront TMG's and ISA Server's
//! ("Web proxy log fields", W3C names); IIS's.

use crate::model::{Field, FieldSet};

/// What a column says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Fact {
    /// `YYYY-MM-DD`, UTC.
    Date,
    /// `HH:MM:SS`, UTC.
    TimeOfDay,
    /// Unix seconds.
    UnixTime,
    /// ProxySG's bracketed time in UTC.
    GmtTime,
    /// ProxySG's bracketed time with its zone.
    LocalTime,
    /// Milliseconds; seconds where there is a decimal point, as the draft has it.
    TimeTaken,
    /// Seconds.
    Duration,
    Client,
    User,
    Method,
    /// The whole target.
    Uri,
    Scheme,
    Host,
    Port,
    /// The path; of ProxySG's `cs-uri-stem` everything before it, too.
    Path,
    /// From its `?` on; `-` where there is none.
    Query,
    /// IIS's, without `?`.
    BareQuery,
    PathAndQuery,
    /// The extension of the path's last segment.
    Extension,
    Status,
    Bytes,
    ClientBytes,
    /// ProxySG's result code: Squid's words.
    Action,
    /// TMG's `Allowed`, `Denied` and others.
    Verdict,
    /// ProxySG's `OBSERVED`, `PROXIED`, `DENIED`.
    FilterResult,
    /// ProxySG's page that was sent in place of the reply: `policy_denied` and others.
    Exception,
    Hierarchy,
    Peer,
    ContentType,
    UserAgent,
    Referer,
}

/// How many facts there are.
pub(super) const FACTS: usize = Fact::Referer as usize + 1;

/// Names in lower case. Where several say the same, the first that a line fills is it.
const NAMES: [(&str, Fact); 55] = [
    ("date", Fact::Date),
    ("time", Fact::TimeOfDay),
    ("x-timestamp", Fact::UnixTime),
    ("x-timestamp-unix", Fact::UnixTime),
    ("x-timestamp-unix-utc", Fact::UnixTime),
    ("timestamp", Fact::UnixTime),
    ("gmttime", Fact::GmtTime),
    ("localtime", Fact::LocalTime),
    ("time-taken", Fact::TimeTaken),
    ("duration", Fact::Duration),
    ("c-ip", Fact::Client),
    ("c-dns", Fact::Client),
    ("cs-username", Fact::User),
    ("cs-user", Fact::User),
    ("cs-userdn", Fact::User),
    ("cs-method", Fact::Method),
    ("s-operation", Fact::Method),
    ("cs-uri", Fact::Uri),
    ("c-uri", Fact::Uri),
    ("cs-uri-scheme", Fact::Scheme),
    ("c-uri-scheme", Fact::Scheme),
    ("cs-host", Fact::Host),
    ("cs(host)", Fact::Host),
    ("cs-uri-host", Fact::Host),
    ("cs-uri-hostname", Fact::Host),
    ("cs-uri-port", Fact::Port),
    ("cs-uri-path", Fact::Path),
    ("cs-uri-stem", Fact::Path),
    ("cs-uri-query", Fact::Query),
    ("cs-uri-pathquery", Fact::PathAndQuery),
    ("cs-uri-extension", Fact::Extension),
    ("sc-status", Fact::Status),
    ("sc-bytes", Fact::Bytes),
    ("bytes", Fact::Bytes),
    ("cs-bytes", Fact::ClientBytes),
    ("s-action", Fact::Action),
    ("action", Fact::Verdict),
    ("sc-filter-result", Fact::FilterResult),
    ("x-exception-id", Fact::Exception),
    ("s-hierarchy", Fact::Hierarchy),
    ("r-ip", Fact::Peer),
    ("s-supplier-ip", Fact::Peer),
    ("r-supplier-ip", Fact::Peer),
    ("s-supplier-name", Fact::Peer),
    ("r-host", Fact::Peer),
    ("rs(content-type)", Fact::ContentType),
    ("sc(content-type)", Fact::ContentType),
    ("cs-mime-type", Fact::ContentType),
    ("cs(user-agent)", Fact::UserAgent),
    ("c-agent", Fact::UserAgent),
    ("cs(referer)", Fact::Referer),
    ("cs(referrer)", Fact::Referer),
    ("cs-referer", Fact::Referer),
    ("cs-uri-address", Fact::Peer),
    ("s-object-source", Fact::Hierarchy),
];

/// What each column says, and which columns say each fact.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// Per column: what it says, where an event's text is its text.
    pub told: Vec<Option<Fact>>,
    /// Per fact, the columns that say it, the best first.
    sources: [Vec<usize>; FACTS],
}

impl Columns {
    /// Reads the names of the columns.
    pub fn of(names: &[&str]) -> Columns {
        let names: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        let is_iis = names.iter().any(|name| name == "cs-uri-stem") && names.iter().all(|name| name != "cs-uri-scheme");
        let mut sources = [const { Vec::new() }; FACTS];
        let mut told = vec![None; names.len()];
        for (known, fact) in NAMES {
            let fact = if fact == Fact::Query && is_iis { Fact::BareQuery } else { fact };
            for (at, _) in names.iter().enumerate().filter(|(_, name)| *name == known) {
                let sources = &mut sources[fact as usize];
                told[at] = sources.is_empty().then_some(fact);
                sources.push(at);
            }
        }
        Columns { told, sources }
    }

    /// Whether a column says it.
    pub fn has(&self, fact: Fact) -> bool {
        !self.sources[fact as usize].is_empty()
    }

    /// The columns that say it, the best first.
    pub fn saying(&self, fact: Fact) -> &[usize] {
        &self.sources[fact as usize]
    }

    /// The facts about a request that lines of these columns carry.
    pub fn fields(&self) -> FieldSet {
        let carries = [
            (Field::Time, &[Fact::TimeOfDay, Fact::UnixTime, Fact::GmtTime, Fact::LocalTime][..]),
            (Field::TimeTaken, &[Fact::TimeTaken, Fact::Duration]),
            (Field::Client, &[Fact::Client]),
            (Field::User, &[Fact::User]),
            (Field::Method, &[Fact::Method]),
            (Field::Url, &[Fact::Uri, Fact::Host, Fact::Path, Fact::PathAndQuery]),
            (Field::Query, &[Fact::Uri, Fact::Query, Fact::BareQuery, Fact::PathAndQuery]),
            (Field::Status, &[Fact::Status]),
            (Field::Bytes, &[Fact::Bytes]),
            (Field::Result, &[Fact::Action, Fact::Verdict, Fact::FilterResult, Fact::Exception]),
            (Field::Peer, &[Fact::Peer]),
            (Field::ContentType, &[Fact::ContentType]),
            (Field::UserAgent, &[Fact::UserAgent]),
            (Field::Referer, &[Fact::Referer]),
            (Field::ClientBytes, &[Fact::ClientBytes]),
        ];
        let carried = carries.iter().filter(|(_, facts)| facts.iter().any(|fact| self.has(*fact)));
        carried.fold(FieldSet::default(), |set, (field, _)| set.with(*field))
    }
}
