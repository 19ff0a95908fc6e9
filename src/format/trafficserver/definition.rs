//! A format definition, `%<cqtq> %<chi> …`: its codes, what they mean to an event, and the text between them.

use crate::model::RejectReason;
use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use memchr::memmem;

/// What a code says of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// Unix time with milliseconds.
    UnixMillis,
    /// Unix time in seconds.
    UnixSeconds,
    /// `20/Nov/2026:16:54:41 -0000`.
    Netscape,
    /// `2026-11-20`, local; with [`Meaning::Clock`].
    Date,
    /// `16:54:41`, local.
    Clock,
    Millis,
    Seconds,
    /// Seconds with milliseconds.
    SecondsMillis,
    Client,
    User,
    Method,
    Url,
    /// Method, URL and protocol.
    Request,
    Status,
    Bytes,
    Result,
    Hierarchy,
    Peer,
    Type,
    Agent,
    Referer,
    /// Bytes of the client's request head.
    ClientHead,
    /// Bytes of the client's request body.
    ClientBody,
    /// Kept as it is.
    Other,
}

/// Codes that are read, those to be preferred before others with the same meaning.
const CODES: [(&str, Meaning); 29] = [
    ("cqtq", Meaning::UnixMillis),
    ("cqts", Meaning::UnixSeconds),
    ("cqtn", Meaning::Netscape),
    ("cqtd", Meaning::Date),
    ("cqtt", Meaning::Clock),
    ("ttms", Meaning::Millis),
    ("ttmsf", Meaning::SecondsMillis),
    ("tts", Meaning::Seconds),
    ("chi", Meaning::Client),
    ("caun", Meaning::User),
    ("cqhm", Meaning::Method),
    ("cquc", Meaning::Url),
    ("pquc", Meaning::Url),
    ("cquuc", Meaning::Url),
    ("cqtx", Meaning::Request),
    ("pssc", Meaning::Status),
    ("psql", Meaning::Bytes),
    ("pscl", Meaning::Bytes),
    ("crc", Meaning::Result),
    ("phr", Meaning::Hierarchy),
    ("pqsi", Meaning::Peer),
    ("shi", Meaning::Peer),
    ("pqsn", Meaning::Peer),
    ("shn", Meaning::Peer),
    ("psct", Meaning::Type),
    ("{user-agent}cqh", Meaning::Agent),
    ("cqhl", Meaning::ClientHead),
    ("cqbl", Meaning::ClientBody),
    ("cqcl", Meaning::ClientBody),
];

const REFERER: &str = "{referer}cqh";

/// The ways to say a time: only one is read, the first that a definition has.
const TIMES: [Meaning; 4] = [Meaning::UnixMillis, Meaning::UnixSeconds, Meaning::Netscape, Meaning::Date];
/// The same of a duration.
const DURATIONS: [Meaning; 3] = [Meaning::Millis, Meaning::SecondsMillis, Meaning::Seconds];

/// A code of a definition.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub meaning: Meaning,
    /// Whether its values may hold what stands behind it: request lines and headers are logged as they came.
    is_wide: bool,
}

/// A compiled definition.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub codes: Vec<Code>,
    /// The text before each code, and behind the last.
    pub literals: Vec<String>,
}

impl Definition {
    /// Compiles a definition; what is wrong with it, and the mend.
    pub fn of(text: &str) -> Result<Definition, String> {
        let (mut names, mut literals, mut rest) = (Vec::new(), Vec::new(), text);
        while let Some((literal, code)) = rest.split_once("%<") {
            let at = text.len() - code.len() - 1;
            let (name, behind) = code
                .split_once('>')
                .ok_or_else(|| format!("the code at character {at} has no end; write %<…>, as in %<cqtq>"))?;
            if literal.is_empty() && !names.is_empty() {
                return Err(format!(
                    "two codes without text between them at character {at}; where one ends can't be told"
                ));
            }
            names.push(name.to_ascii_lowercase());
            literals.push(literal.to_owned());
            rest = behind;
        }
        if names.is_empty() {
            return Err(format!(
                "'{text}' is no definition; write squid's by nothing, common, extended, extended2, or codes as in '%<cqtq> %<chi>'"
            ));
        }
        literals.push(rest.to_owned());
        let meanings = meanings(&names);
        let has = |wanted: &[Meaning]| wanted.iter().any(|meaning| meanings.contains(meaning));
        if !has(&TIMES) || (has(&[Meaning::Date]) && !has(&[Meaning::Clock])) {
            return Err("no code for the time; add %<cqtq>".to_owned());
        }
        if !has(&[Meaning::Url, Meaning::Request]) {
            return Err("no code for the URL; add %<cquc>".to_owned());
        }
        let is_header = |name: &str| name.starts_with('{') || name == "cqtx";
        let codes = names.iter().zip(meanings).map(|(name, meaning)| Code { meaning, is_wide: is_header(name) });
        Ok(Definition { codes: codes.collect(), literals })
    }

    /// The values of a line, one per code. Up to the first wide code and from the last one on, a value ends where the
    /// text behind it is; of the wide ones in between, at the first such place.
    pub fn split<'line>(
        &self,
        line: &'line [u8],
        is_type_wide: bool,
        arena: &'line Bump,
    ) -> Result<ArenaVec<'line, &'line [u8]>, RejectReason> {
        let codes = self.codes.len();
        let is_wide =
            |at: &usize| self.codes[*at].is_wide || (is_type_wide && self.codes[*at].meaning == Meaning::Type);
        let last_wide = (0..codes).rev().find(is_wide).unwrap_or(codes - 1);
        let open = self.literals[0].as_bytes();
        let close = self.literals[codes].as_bytes();
        let inner = line.strip_prefix(open).and_then(|line| line.strip_suffix(close)).ok_or(RejectReason::BadSyntax)?;
        let mut values = ArenaVec::from_iter_in(std::iter::repeat_n(&b""[..], codes), arena);
        let mut rest = inner;
        for at in 0..last_wide {
            let literal = self.literals[at + 1].as_bytes();
            let end = memmem::find(rest, literal).ok_or(RejectReason::TooFewFields)?;
            values[at] = &rest[..end];
            rest = &rest[end + literal.len()..];
        }
        for at in (last_wide + 1..codes).rev() {
            let literal = self.literals[at].as_bytes();
            let start = memmem::rfind(rest, literal).ok_or(RejectReason::TooFewFields)?;
            values[at] = &rest[start + literal.len()..];
            rest = &rest[..start];
        }
        values[last_wide] = rest;
        Ok(values)
    }
}

/// What each code is read as: of rivals only one, the others are [`Meaning::Other`].
fn meanings(names: &[String]) -> Vec<Meaning> {
    let of = |name: &str| CODES.iter().position(|(code, _)| *code == name);
    let mut meanings: Vec<Meaning> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            if name == REFERER {
                return if names[..at].contains(name) { Meaning::Other } else { Meaning::Referer };
            }
            let Some(rank) = of(name) else { return Meaning::Other };
            let meaning = CODES[rank].1;
            let is_best = names.iter().enumerate().all(|(other, rival)| {
                of(rival).is_none_or(|of_rival| CODES[of_rival].1 != meaning || (rank, at) <= (of_rival, other))
            });
            if is_best { meaning } else { Meaning::Other }
        })
        .collect();
    let mut drop = |dropped: &[Meaning]| {
        meanings.iter_mut().filter(|meaning| dropped.contains(meaning)).for_each(|meaning| *meaning = Meaning::Other);
    };
    let has = |meaning: Meaning| names.iter().any(|name| of(name).is_some_and(|rank| CODES[rank].1 == meaning));
    for ways in [&TIMES[..], &DURATIONS[..]] {
        if let Some(first) = ways.iter().position(|way| has(*way)) {
            drop(&ways[first + 1..]);
        }
    }
    if !has(Meaning::Date) || TIMES[..3].iter().any(|way| has(*way)) {
        drop(&[Meaning::Clock]);
    }
    // A request line says what no codes of their own do.
    if has(Meaning::Method) && has(Meaning::Url) {
        drop(&[Meaning::Request]);
    } else if has(Meaning::Request) {
        drop(&[Meaning::Method, Meaning::Url]);
    }
    meanings
}
