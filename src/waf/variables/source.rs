//! Where the values of variables come from.

use crate::model::{Field, FieldSet};

/// Where values come from. The first ones are one value each, or none; [`Line::one`] has them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub(in crate::waf) enum Source {
    /// As sent, fragment and all.
    UriRaw,
    /// Decoded once, without the fragment.
    Uri,
    /// The path, decoded once. It ends at the first `?` that decoding leaves.
    Filename,
    PathInfo,
    /// What is behind the last slash or backslash of the path.
    Basename,
    Query,
    Method,
    Protocol,
    RequestLine,
    RemoteAddr,
    RemoteHost,
    ServerName,
    /// The port that the request goes to: named, or that of its scheme.
    ServerPort,
    ArgsCombinedSize,
    UrlEncodedError,
    /// When the request came, in UTC, and how long it took.
    Time,
    TimeDay,
    TimeEpoch,
    TimeHour,
    TimeMin,
    TimeMon,
    TimeSec,
    TimeWday,
    TimeYear,
    Duration,
    HostHeader,
    UserAgent,
    Referer,
    ArgNames,
    Args,
    /// All headers of a log.
    Headers,
    HeaderNames,
    Tx,
    MatchedVar,
    MatchedVarName,
    MatchedVars,
    MatchedVarsNames,
    Rule,
    /// What no log has.
    NotLogged,
}

/// A set of sources, by their bits.
pub(in crate::waf) type Sources = u64;

/// How many sources are one value each.
pub(super) const ONES: usize = Source::ArgNames as usize;

impl Source {
    /// The source of a variable, by the name that SecLang's reader gives.
    pub(in crate::waf) fn of(collection: &str) -> Source {
        match collection {
            "REQUEST_URI_RAW" => Source::UriRaw,
            "REQUEST_URI" => Source::Uri,
            "REQUEST_FILENAME" => Source::Filename,
            "PATH_INFO" => Source::PathInfo,
            "REQUEST_BASENAME" => Source::Basename,
            "QUERY_STRING" => Source::Query,
            "REQUEST_METHOD" => Source::Method,
            "REQUEST_PROTOCOL" => Source::Protocol,
            "REQUEST_LINE" => Source::RequestLine,
            "REMOTE_ADDR" => Source::RemoteAddr,
            "REMOTE_HOST" => Source::RemoteHost,
            "SERVER_NAME" => Source::ServerName,
            "SERVER_PORT" => Source::ServerPort,
            "ARGS_COMBINED_SIZE" => Source::ArgsCombinedSize,
            "URLENCODED_ERROR" => Source::UrlEncodedError,
            "TIME" => Source::Time,
            "TIME_DAY" => Source::TimeDay,
            "TIME_EPOCH" => Source::TimeEpoch,
            "TIME_HOUR" => Source::TimeHour,
            "TIME_MIN" => Source::TimeMin,
            "TIME_MON" => Source::TimeMon,
            "TIME_SEC" => Source::TimeSec,
            "TIME_WDAY" => Source::TimeWday,
            "TIME_YEAR" => Source::TimeYear,
            "DURATION" => Source::Duration,
            "ARGS" | "ARGS_GET" => Source::Args,
            "ARGS_NAMES" | "ARGS_GET_NAMES" => Source::ArgNames,
            "REQUEST_HEADERS" => Source::Headers,
            "REQUEST_HEADERS_NAMES" => Source::HeaderNames,
            "TX" => Source::Tx,
            "MATCHED_VAR" => Source::MatchedVar,
            "MATCHED_VAR_NAME" => Source::MatchedVarName,
            "MATCHED_VARS" => Source::MatchedVars,
            "MATCHED_VARS_NAMES" => Source::MatchedVarsNames,
            "RULE" => Source::Rule,
            _ => Source::NotLogged,
        }
    }

    /// The header of a name, of those that logs have.
    pub(in crate::waf) fn header(name: &[u8]) -> Source {
        let known = |header: &&(&str, Source)| header.0.as_bytes().eq_ignore_ascii_case(name);
        HEADERS.iter().find(known).map_or(Source::NotLogged, |header| header.1)
    }

    /// The fields that it comes from: it is logged where one of them is. None of what rules leave, of what every log has,
    /// and of what none has.
    pub(in crate::waf) fn fields(self) -> FieldSet {
        match self {
            Source::Method => FieldSet::of(&[Field::Method]),
            Source::Query | Source::ArgNames | Source::Args | Source::ArgsCombinedSize => FieldSet::of(&[Field::Query]),
            Source::UserAgent => FieldSet::of(&[Field::UserAgent]),
            Source::Referer => FieldSet::of(&[Field::Referer]),
            Source::Headers | Source::HeaderNames => FieldSet::of(&[Field::Url, Field::UserAgent, Field::Referer]),
            Source::RemoteAddr | Source::RemoteHost => FieldSet::of(&[Field::Client]),
            Source::Duration => FieldSet::of(&[Field::TimeTaken]),
            source if Source::MOMENTS.contains(&source) => FieldSet::of(&[Field::Time]),
            source if source.is_one() && source != Source::Protocol => FieldSet::of(&[Field::Url]),
            _ => FieldSet::default(),
        }
    }

    /// Its bit in a set of sources.
    pub(in crate::waf) const fn bit(self) -> Sources {
        1 << self as u32
    }

    /// Those of when and how long.
    pub(in crate::waf) const MOMENTS: [Source; 10] = [
        Source::Time,
        Source::TimeDay,
        Source::TimeEpoch,
        Source::TimeHour,
        Source::TimeMin,
        Source::TimeMon,
        Source::TimeSec,
        Source::TimeWday,
        Source::TimeYear,
        Source::Duration,
    ];

    /// Whether it is at most one value.
    pub(in crate::waf) fn is_one(self) -> bool {
        (self as usize) < ONES
    }
}

/// The headers that logs have, with their names as they are mostly sent.
pub(in crate::waf) const HEADERS: [(&str, Source); 3] =
    [("Host", Source::HostHeader), ("User-Agent", Source::UserAgent), ("Referer", Source::Referer)];
