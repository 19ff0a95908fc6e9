//! Variables: what a line of an access log has of a request, as SecLang names it.
//!
//! Not here: `TX` and `MATCHED_VAR`, which rules write. Source: libmodsecurity 3.0.9, `transaction.cc`; what it makes of
//! odd input is kept, the comments say where. What it has and a log doesn't is *not logged*: no value at all, not even
//! for a count, so that a rule on it neither hits nor misses.

mod line;
mod moment;
mod source;
mod target;
mod texts;

#[cfg(test)]
mod tests;

pub(in crate::waf) use line::Line;
pub(in crate::waf) use source::{HEADERS, Source, Sources};
pub use target::split_target;
pub(in crate::waf) use texts::{Text, Texts};

/// A field of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Field<'a> {
    /// The log's format has no such field.
    #[default]
    NotLogged,
    /// It has, and the request had none.
    Absent,
    /// What the request had.
    Is(&'a [u8]),
}

impl<'a> Field<'a> {
    /// Of a field that the log has.
    pub fn logged(value: Option<&'a [u8]>) -> Self {
        value.map_or(Field::Absent, Field::Is)
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<&'a [u8]> {
        match self {
            Field::Is(value) => Some(value),
            Field::NotLogged | Field::Absent => None,
        }
    }
}

/// A request as a log has it. Bytes are as sent. The default is an empty one of which nothing else is logged:
/// `Request { method, uri, ..Request::default() }`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// `GET`, `CONNECT`.
    pub method: &'a [u8],
    /// The target in any form: `/a?b=c`, `http://host/a?b=c`, of CONNECT `host:443`. The host of an absolute one goes
    /// before [`host`](Self::host), as RFC 9112, 3.2.2 has it.
    pub uri: &'a [u8],
    /// `HTTP/1.1`.
    pub protocol: Field<'a>,
    /// `Host`, with a port where one was sent.
    pub host: Field<'a>,
    /// `User-Agent`.
    pub user_agent: Field<'a>,
    /// `Referer`.
    pub referer: Field<'a>,
    /// The client's address.
    pub client: Field<'a>,
    /// When it came, in Unix milliseconds, where the log says: `TIME` and its parts are of then, in UTC.
    pub time: Option<i64>,
    /// How long it took, in milliseconds, where the log says: `DURATION`, in seconds.
    pub duration_ms: Option<i64>,
    /// What is known of the request besides, for the keys of `TX` that the engine was given as
    /// [`signals`](crate::waf::engine::Options::signals), in their order. Those that are left out are not set.
    pub signals: &'a [Option<&'a [u8]>],
}
