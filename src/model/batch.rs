//! Rows on their way into a store, as columns: fixed-width values in vectors, repeated values as codes into a
//! dictionary local to the batch. Built by many threads at once, one batch each, without knowing any store.

use super::{AccessEvent, Reject, RejectReason, SourceName, Target};
use std::collections::BTreeMap;

/// Most rows a batch, and so a stored block, holds.
pub const MAX_BLOCK_ROWS: usize = 65_536;

/// A number that the line doesn't say.
pub const NOT_LOGGED: i64 = -1;

/// Rows and rejected lines of one source.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Where the lines came from.
    pub source: SourceName,
    /// Completion times, Unix milliseconds.
    pub time_ms: Vec<i64>,
    /// Durations in milliseconds.
    pub time_taken_ms: Vec<i64>,
    /// Bytes sent to clients.
    pub bytes: Vec<u64>,
    /// Bytes received from clients; [`NOT_LOGGED`] where the line doesn't say.
    pub cs_bytes: Vec<i64>,
    /// Client addresses.
    pub client: DictColumn,
    /// User names.
    pub user: DictColumn,
    /// Origins of the targets.
    pub origin: DictColumn,
    /// Peers.
    pub peer: DictColumn,
    /// User agents.
    pub agent: DictColumn,
    /// Method, result code, status, hierarchy code and MIME type together: see [`KindParts`].
    pub kind: DictColumn,
    /// What rules said: the text form of [`Verdict`](super::Verdict).
    pub verdict: DictColumn,
    /// What follows the origin in the target.
    pub rest: TextColumn,
    /// Referers.
    pub referer: TextColumn,
    /// What lines hold beyond the other columns.
    pub extra: TextColumn,
    /// Lines that rendering would not give back: row within the batch, the line.
    pub raw: Vec<(u32, Box<[u8]>)>,
    /// Lines that could not be parsed, as many as are kept of a source.
    pub rejects: Vec<Reject>,
    /// Whether rows come back that retention had removed: sums of that time which outlasted them take them out again.
    pub comes_back: bool,
    /// How many more there are, by reason.
    pub more_rejects: BTreeMap<RejectReason, u64>,
    kind_key: Vec<u8>,
    /// Codes of kinds seen lately, by [`KindParts::slot`]; only a hint, checked before it is believed.
    kind_hints: Vec<u32>,
}

impl Batch {
    /// An empty batch for lines of `source`.
    pub fn new(source: SourceName) -> Self {
        Batch { source, ..Batch::default() }
    }

    /// Rows in the batch.
    pub fn len(&self) -> usize {
        self.time_ms.len()
    }

    /// Whether there are no rows; rejects may still be there.
    pub fn is_empty(&self) -> bool {
        self.time_ms.is_empty()
    }

    /// Adds a row that was not scored; `line` is kept beside it when the event is not canonical. The caller ends the
    /// batch at [`MAX_BLOCK_ROWS`].
    pub fn push(&mut self, event: &AccessEvent<'_>, target: &Target<'_>, line: &[u8]) {
        self.push_scored(event, target, b"", line);
    }

    /// As [`Batch::push`], with the text form of what rules say of the row.
    pub fn push_scored(&mut self, event: &AccessEvent<'_>, target: &Target<'_>, verdict: &[u8], line: &[u8]) {
        let row = self.time_ms.len() as u32;
        self.time_ms.push(event.time.0);
        self.time_taken_ms.push(event.time_taken_ms);
        self.bytes.push(event.sc_bytes);
        self.cs_bytes.push(event.cs_bytes.map_or(NOT_LOGGED, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX)));
        self.client.push(event.c_ip);
        self.user.push(event.cs_username);
        self.origin.push(target.origin);
        self.peer.push(event.peer);
        self.agent.push(event.user_agent);
        self.push_kind(KindParts {
            method: event.cs_method,
            result: event.result,
            status: event.sc_status,
            hierarchy: event.hierarchy,
            content_type: event.content_type,
        });
        self.verdict.push(verdict);
        self.rest.push(target.rest);
        self.referer.push(event.referer);
        self.extra.push(event.extra);
        if !event.canonical || target.had_userinfo {
            self.raw.push((row, line.into()));
        }
    }

    /// Adds a line that could not be parsed. Beyond [`Reject::MOST_LINES`] it is only counted, and not made: a chunk may
    /// hold millions of short ones.
    pub fn reject(&mut self, reason: RejectReason, rejected: impl FnOnce() -> Reject) {
        if (self.rejects.len() as u64) < Reject::MOST_LINES {
            self.rejects.push(rejected());
        } else {
            *self.more_rejects.entry(reason).or_default() += 1;
        }
    }

    /// A kind's text form is only written where it is not among those seen lately: writing, hashing and reading back
    /// what was just written takes longer than everything else a row needs.
    #[inline]
    fn push_kind(&mut self, kind: KindParts<'_>) {
        let slot = kind.slot();
        if let Some(&code) = self.kind_hints.get(slot)
            && (code as usize) < self.kind.values.len()
            && kind.is_written_as(self.kind.values.get(code))
        {
            self.kind.codes.push(code);
            return;
        }
        kind.write(&mut self.kind_key);
        let code = self.kind.values.intern(&self.kind_key);
        self.kind.codes.push(code);
        self.kind_hints.resize(KindParts::SLOTS, 0);
        self.kind_hints[slot] = code;
    }

    /// Empties the batch, keeping its memory, for lines of `source`.
    pub fn reset(&mut self, source: SourceName) {
        self.source = source;
        self.time_ms.clear();
        self.time_taken_ms.clear();
        self.bytes.clear();
        self.cs_bytes.clear();
        for column in [
            &mut self.client,
            &mut self.user,
            &mut self.origin,
            &mut self.peer,
            &mut self.agent,
            &mut self.kind,
            &mut self.verdict,
        ] {
            column.clear();
        }
        self.rest.clear();
        self.referer.clear();
        self.extra.clear();
        self.raw.clear();
        self.rejects.clear();
        self.more_rejects.clear();
    }
}

/// The parts of a `kind` value and their one text form: method, result, status, hierarchy separated by line feeds,
/// the MIME type last. Line feeds inside the first parts become blanks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindParts<'k> {
    /// Request method.
    pub method: &'k [u8],
    /// Result code.
    pub result: &'k [u8],
    /// Status code.
    pub status: u16,
    /// Hierarchy code.
    pub hierarchy: &'k [u8],
    /// MIME type.
    pub content_type: &'k [u8],
}

impl<'k> KindParts<'k> {
    const SLOTS: usize = 1024;

    /// A number below [`KindParts::SLOTS`] that different kinds mostly differ in.
    #[inline]
    fn slot(&self) -> usize {
        let word = |text: &[u8]| match text.last_chunk::<4>() {
            Some(chunk) => u32::from_le_bytes(*chunk),
            None => text.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)),
        };
        let mix = |sum: u64, part: u64| (sum ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let codes = u64::from(self.status) | (self.result.len() as u64) << 16 | (self.hierarchy.len() as u64) << 24;
        let texts = u64::from(word(self.content_type)) << 32 | u64::from(word(self.method));
        (mix(mix(codes, self.content_type.len() as u64), texts) >> 54) as usize
    }

    /// Whether [`KindParts::write`] would give `text`; may say no where a part holds a line feed.
    #[inline]
    fn is_written_as(&self, text: &[u8]) -> bool {
        let mut rest = text;
        for part in [self.method, self.result, self.hierarchy] {
            let Some((start, behind)) = rest.split_at_checked(part.len()) else { return false };
            if !same(start, part) || behind.first() != Some(&b'\n') || part.contains(&b'\n') {
                return false;
            }
            rest = &behind[1..];
        }
        match rest.split_first_chunk::<5>() {
            Some((status, content_type)) => {
                let written = status.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
                written == u32::from(self.status) && same(content_type, self.content_type)
            }
            None => false,
        }
    }

    /// Writes the text form into `out`, replacing what it held.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        for part in [self.method, self.result, self.hierarchy] {
            let start = out.len();
            out.extend_from_slice(part);
            if part.contains(&b'\n') {
                out[start..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
            }
            out.push(b'\n');
        }
        let digit = |value: u16| b'0' + (value % 10) as u8;
        let status = self.status;
        out.extend_from_slice(&[
            digit(status / 10_000),
            digit(status / 1000),
            digit(status / 100),
            digit(status / 10),
            digit(status),
        ]);
        out.extend_from_slice(self.content_type);
    }

    /// Reads the text form; `None` when it is not one.
    pub fn read(text: &'k [u8]) -> Option<KindParts<'k>> {
        let mut parts = text.splitn(4, |byte| *byte == b'\n');
        let (method, result, hierarchy, last) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (status, content_type) = last.split_at_checked(5)?;
        let status = std::str::from_utf8(status).ok()?.parse().ok()?;
        Some(KindParts { method, result, status, hierarchy, content_type })
    }
}

/// A column of repeated values: a code per row, and each distinct value once.
#[derive(Clone, Debug, Default)]
pub struct DictColumn {
    /// Per row, an index into `values`.
    pub codes: Vec<u32>,
    /// The distinct values in order of first appearance.
    pub values: Interner,
    last: u32,
}

impl DictColumn {
    /// Adds a row with `value`.
    #[inline]
    pub fn push(&mut self, value: &[u8]) {
        // Neighbouring rows often share a value, above all none.
        if self.codes.is_empty() || !same(self.values.get(self.last), value) {
            self.last = self.values.intern(value);
        }
        self.codes.push(self.last);
    }

    fn clear(&mut self) {
        self.codes.clear();
        self.values.clear();
    }
}

/// A column of texts: all of them in a row, and where each ends.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    /// The texts, one after the other.
    pub bytes: Vec<u8>,
    /// Per row, where its text ends in `bytes`.
    pub ends: Vec<u32>,
}

impl TextColumn {
    /// Adds a row.
    #[inline]
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.bytes[start..self.ends[row] as usize]
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

/// Gives each distinct byte string a number, 0 upwards, in order of first appearance.
///
/// Open addressing over stored 32-bit hash halves; at most half full.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Hash half in the high word, code + 1 in the low; 0 is free.
    slots: Vec<u64>,
}

impl Interner {
    /// The number of `value`, new if it was not seen before.
    #[inline]
    pub fn intern(&mut self, value: &[u8]) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = xxhash_rust::xxh3::xxh3_64(value);
        let mask = self.slots.len() - 1;
        let tag = hash & 0xffff_ffff_0000_0000;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                let code = self.ends.len() as u32;
                self.bytes.extend_from_slice(value);
                self.ends.push(self.bytes.len() as u32);
                self.slots[at] = tag | u64::from(code + 1);
                return code;
            }
            if slot & 0xffff_ffff_0000_0000 == tag {
                let code = slot as u32 - 1;
                if same(self.get(code), value) {
                    return code;
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// The value of a number given out before.
    #[inline]
    pub fn get(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = if code == 0 { 0 } else { self.ends[code - 1] as usize };
        &self.bytes[start..self.ends[code] as usize]
    }

    /// How many distinct values there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The values in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len() as u32).map(|code| self.get(code))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.slots.fill(0);
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(256);
        let mask = size - 1;
        let mut slots = vec![0_u64; size];
        for code in 0..self.ends.len() as u32 {
            let hash = xxhash_rust::xxh3::xxh3_64(self.get(code));
            let mut at = hash as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = hash & 0xffff_ffff_0000_0000 | u64::from(code + 1);
        }
        self.slots = slots;
    }
}

/// `==` for texts that mostly are short: without a call up to 32 bytes.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    fn word(bytes: &[u8], at: usize) -> u64 {
        bytes[at..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
    }
    let length = a.len();
    if length != b.len() {
        return false;
    }
    match length {
        0..8 => a.iter().zip(b).all(|(a, b)| a == b),
        8..=16 => word(a, 0) == word(b, 0) && word(a, length - 8) == word(b, length - 8),
        17..=32 => [0, 8, length - 16, length - 8].iter().all(|at| word(a, *at) == word(b, *at)),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interner_numbers_by_first_appearance_and_survives_growth() {
        let mut interner = Interner::default();
        for round in 0..2 {
            for n in 0..5000_u32 {
                assert_eq!(interner.intern(format!("value {n}").as_bytes()), n, "round {round}");
            }
        }
        assert_eq!(interner.get(4711), b"value 4711");
        interner.clear();
        assert_eq!(interner.intern(b""), 0);
        assert_eq!(interner.intern(b"x"), 1);
        assert_eq!(interner.get(0), b"");
    }

    #[test]
    fn kind_parts_are_read_back() {
        let mut text = Vec::new();
        let parts =
            KindParts { method: b"GET", result: b"", status: 65_535, hierarchy: b"HIER_NONE", content_type: b"a\nb" };
        parts.write(&mut text);
        assert_eq!(KindParts::read(&text), Some(parts));
        KindParts { method: b"G\nT", ..parts }.write(&mut text);
        assert_eq!(KindParts::read(&text).map(|kind| kind.method), Some(&b"G T"[..]));
        assert_eq!(KindParts::read(b"GET\nTCP"), None);
    }
}
