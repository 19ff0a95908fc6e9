//! A chunk of lines to batches.

use crate::classify;
use crate::format::SharedFormat;
use crate::model::{
    AccessEvent, Batch, FieldSet, Fingerprint, Lens, MAX_BLOCK_ROWS, Mark, Observed, Reject, RejectReason, SourceName,
    Storing, Target,
};
use crate::source::{Chunk, MAX_LINE_BYTES};
use bumpalo::Bump;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Says how rows are stored from now on. Asked for every chunk, so that it may change its mind.
pub type StoredAs = Arc<dyn Fn() -> Storing + Send + Sync>;

/// Stores rows as they are, not scored.
pub fn stored_plain() -> StoredAs {
    Arc::new(Storing::plain)
}

/// What a chunk held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Lines, blank ones not counted.
    pub lines: u64,
    /// Lines that became rows.
    pub stored: u64,
    /// Lines that did not, by reason.
    pub rejected: BTreeMap<RejectReason, u64>,
    /// What the rows carried.
    pub observed: Observed,
    /// The spec of the format that the lines behind are in; only where lines may say so.
    pub directed: Option<String>,
    /// Places inside the chunk where [`Mark::next_due`] has them; lines counted from the chunk's beginning.
    pub marks: Vec<Mark>,
}

impl Parsed {
    /// Adds what another chunk held.
    pub fn add(&mut self, other: &Parsed) {
        self.lines += other.lines;
        self.stored += other.stored;
        self.observed.add(&other.observed);
        for (reason, lines) in &other.rejected {
            *self.rejected.entry(*reason).or_default() += lines;
        }
    }

    fn reject(&mut self, reason: RejectReason) {
        self.lines += 1;
        *self.rejected.entry(reason).or_default() += 1;
    }
}

/// Reads a chunk's lines into `batch`, as they are to be stored; hands it to `full` whenever it is, and once at the end,
/// with rows or without. `batch` is only working memory. A line that speaks of the lines behind it is no line of its own;
/// `format` is left as the lines behind the chunk have it.
pub fn parse_chunk<E>(
    format: &mut SharedFormat,
    source: &SourceName,
    chunk: &Chunk,
    storing: &mut Storing,
    batch: &mut Batch,
    mut full: impl FnMut(&mut Batch, bool) -> Result<(), E>,
) -> Result<Parsed, E> {
    let mut parsed = Parsed::default();
    let plain = storing.lens.is_plain();
    let directed = format.has_directives();
    let named = |format: &SharedFormat| SourceName { format: format.spec().to_owned(), ..source.clone() };
    batch.reset(named(format));
    let mut rows = Rows::new(storing, format.fields());
    for (offset, head) in &chunk.too_long {
        parsed.reject(RejectReason::TooLong);
        batch.reject(RejectReason::TooLong, || rejected(RejectReason::TooLong, *offset, head, plain));
    }
    let mut arena = Bump::new();
    let mut start = 0;
    let mut next_mark = Mark::next_due(chunk.offset);
    // Nearer to the beginning of a chunk that is not the first, the bytes before a place are not all at hand.
    let marked_from = if chunk.offset == 0 { 1 } else { Fingerprint::TAIL_BYTES };
    for end in memchr::memchr_iter(b'\n', &chunk.bytes).chain([chunk.bytes.len()]) {
        let line = &chunk.bytes[start.min(end)..end];
        let offset = chunk.offset + start as u64;
        if offset >= next_mark && start >= marked_from {
            let tail = Fingerprint::tail(&chunk.bytes[..start.min(end)]);
            parsed.marks.push(Mark { offset, lines: parsed.lines, tail });
            next_mark = Mark::next_due(offset);
        }
        start = end + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        if directed && let Some(next) = format.directive(line) {
            if next.spec() != format.spec() {
                parsed.observed.look(batch);
                full(batch, false)?;
                batch.reset(named(&next));
            }
            *format = next;
            rows.fields = format.fields();
            continue;
        }
        arena.reset();
        let event = if line.len() > MAX_LINE_BYTES { Err(RejectReason::TooLong) } else { format.parse(line, &arena) };
        match event {
            Ok(event) => {
                rows.push(batch, &event, line);
                parsed.lines += 1;
                parsed.stored += 1;
                if batch.len() == MAX_BLOCK_ROWS {
                    parsed.observed.look(batch);
                    full(batch, false)?;
                    batch.reset(named(format));
                }
            }
            Err(reason) => {
                parsed.reject(reason);
                batch.reject(reason, || rejected(reason, offset, line, plain));
            }
        }
    }
    parsed.observed.look(batch);
    full(batch, true)?;
    parsed.directed = directed.then(|| format.spec().to_owned());
    Ok(parsed)
}

/// What is kept of a rejected line: nothing is known about it, so it is kept as it is or as its shape.
fn rejected(reason: RejectReason, offset: u64, line: &[u8], plain: bool) -> Reject {
    if plain { Reject::new(reason, offset, line) } else { Reject::as_shape(reason, offset, line) }
}

/// Adds rows as they are to be stored.
pub(super) struct Rows<'s> {
    storing: &'s mut Storing,
    /// What their lines have.
    pub(super) fields: FieldSet,
    verdict: Vec<u8>,
}

impl<'s> Rows<'s> {
    pub(super) fn new(storing: &'s mut Storing, fields: FieldSet) -> Rows<'s> {
        Rows { storing, fields, verdict: Vec::new() }
    }

    pub(super) fn push(&mut self, batch: &mut Batch, event: &AccessEvent<'_>, line: &[u8]) {
        let (mut target, mut seen) = (classify::split_target(event.cs_method, event.cs_uri), *event);
        let (origin, uri);
        if target.had_userinfo {
            origin = classify::without_userinfo(target.origin);
            uri = [&origin, target.rest].concat();
            (target.origin, seen.cs_uri) = (&origin, &uri);
        }
        self.verdict.clear();
        if let Some(scorer) = &mut self.storing.scorer {
            scorer.score(&seen, &target, self.fields, &mut self.verdict);
        }
        match self.storing.lens {
            lens if lens.is_plain() => batch.push_scored(event, &target, &self.verdict, line),
            lens => push_as_shown(batch, &lens, event, &target, &self.verdict),
        }
    }
}

/// Adds a row as a lens shows it that hides something. The line itself is not kept beside it.
fn push_as_shown(batch: &mut Batch, lens: &Lens, event: &AccessEvent<'_>, target: &Target<'_>, verdict: &[u8]) {
    let owner = lens.owner(event.c_ip, event.cs_username);
    let shown = AccessEvent {
        c_ip: &lens.client(event.c_ip),
        cs_username: &lens.user(event.cs_username),
        peer: &lens.peer(event.peer, &owner),
        user_agent: &lens.agent(event.user_agent, &owner),
        referer: &lens.referer(event.referer, &owner),
        content_type: &lens.mime(event.content_type, &owner),
        // Of a target only the parts are stored.
        cs_uri: b"",
        extra: b"",
        canonical: true,
        ..*event
    };
    let (origin, rest) = (lens.origin(target.origin, &owner), lens.path(target.rest, &owner));
    batch.push_scored(&shown, &Target { origin: &origin, rest: &rest, ..*target }, verdict, b"");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::resolve;

    #[test]
    fn every_line_is_stored_or_rejected_and_blank_ones_are_none() {
        let good = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://u:p@a.example/x joe HIER_DIRECT/192.0.2.7 text/html";
        let text = format!("{good}\r\n\n\r\nnonsense\n{good}");
        let chunk =
            Chunk { offset: 100, bytes: text.clone().into_bytes(), end: 100 + text.len() as u64, ..Chunk::default() };
        let mut batches = Vec::new();
        let parsed = parse_chunk::<()>(
            &mut resolve("squid").unwrap(),
            &SourceName::default(),
            &chunk,
            &mut Storing::plain(),
            &mut Batch::default(),
            |batch, last| {
                batches.push((batch.clone(), last));
                Ok(())
            },
        )
        .unwrap();
        assert_eq!((parsed.lines, parsed.stored, parsed.rejected[&RejectReason::BadTime]), (3, 2, 1));
        let [(batch, true)] = &batches[..] else { panic!("{batches:?}") };
        assert_eq!(batch.origin.values.get(0), b"http://a.example");
        assert_eq!(&*batch.raw[0].1, good.as_bytes());
        let at = batch.rejects[0].offset as usize - 100;
        assert!(text[at..].starts_with("nonsense"));
    }

    #[test]
    fn of_millions_of_lines_that_are_none_most_are_only_counted() {
        let lines = Reject::MOST_LINES as usize + 3;
        let chunk = Chunk { bytes: b"x\n".repeat(lines), end: 2 * lines as u64, ..Chunk::default() };
        let mut kept = None;
        let parsed = parse_chunk::<()>(
            &mut resolve("squid").unwrap(),
            &SourceName::default(),
            &chunk,
            &mut Storing::plain(),
            &mut Batch::default(),
            |batch, _| {
                kept = Some((batch.rejects.len(), batch.more_rejects.clone()));
                Ok(())
            },
        );
        let parsed = parsed.unwrap();
        assert_eq!((parsed.lines, parsed.stored), (lines as u64, 0));
        assert_eq!(kept, Some((lines - 3, parsed.rejected.keys().map(|reason| (*reason, 3)).collect())));
    }

    #[test]
    fn under_a_lens_nothing_of_a_line_is_kept_as_it_was() {
        let text = "1767225600.1 245 10.0.3.17 TCP_MISS/200 5316 GET http://10.0.3.17/x?u=joe.doe joe.doe HIER_DIRECT/192.0.2.7 joe.doe/10.0.3.17\n\
                    joe.doe 10.0.3.17 nonsense\n";
        let chunk = Chunk { bytes: text.into(), end: text.len() as u64, ..Chunk::default() };
        let (mut batch, mut stored) = (Batch::default(), Batch::default());
        let parsed = parse_chunk::<()>(
            &mut resolve("squid").unwrap(),
            &SourceName::default(),
            &chunk,
            &mut Lens::MASKED.into(),
            &mut batch,
            |batch, _| {
                stored = batch.clone();
                Ok(())
            },
        );
        assert_eq!(parsed.unwrap().lines, 2);
        assert_eq!((stored.client.values.get(0), stored.user.values.get(0)), (&b"***"[..], &b"***"[..]));
        assert_eq!((stored.origin.values.get(0), stored.rest.get(0)), (&b"http://***"[..], &b"/***"[..]));
        let kind = String::from_utf8_lossy(stored.kind.values.get(0));
        assert!(kind.contains("***/***") && !kind.contains("joe") && !kind.contains("10.0.3.17"), "{kind}");
        assert_eq!((stored.raw.len(), &*stored.rejects[0].bytes), (0, &b"aaa.aaa 99.9.9.99 aaaaaaaa"[..]));
    }
}
