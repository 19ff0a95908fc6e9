//! A batch made ready to be stored: columns encoded, sums counted. Everything that needs no lock happens here, in as
//! many threads as there are; what is left for the writer is to give values their dictionary ids.

use super::column::{Column, Encoder};
use super::delta::DeltaWriter;
use super::paths::Paths;
use super::rollup::Group;
use super::verdicts;
use crate::model::{
    Batch, Classifiers, DictColumn, HOUR_MS, Interner, KindParts, Measure, NOT_LOGGED, Outcome, OutcomeCounts, Reject,
    RejectReason, Resolution, SourceName, Totals,
};
use std::collections::BTreeMap;

/// The dictionaries; part of the format on disk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub(super) enum Dictionary {
    Client = 0,
    User = 1,
    Origin = 2,
    Peer = 3,
    Agent = 4,
    Kind = 5,
    Source = 6,
    Path = 7,
    Verdict = 8,
}

impl Dictionary {
    pub(super) const ALL: [Dictionary; 9] = [
        Dictionary::Client,
        Dictionary::User,
        Dictionary::Origin,
        Dictionary::Peer,
        Dictionary::Agent,
        Dictionary::Kind,
        Dictionary::Source,
        Dictionary::Path,
        Dictionary::Verdict,
    ];

    pub(super) fn column(self) -> Column {
        match self {
            Dictionary::Client => Column::Client,
            Dictionary::User => Column::User,
            Dictionary::Origin => Column::Origin,
            Dictionary::Peer => Column::Peer,
            Dictionary::Agent => Column::Agent,
            Dictionary::Kind => Column::Kind,
            Dictionary::Source => Column::Source,
            Dictionary::Path => Column::Path,
            Dictionary::Verdict => Column::Verdict,
        }
    }
}

/// A column of codes, and the values that still need ids.
#[derive(Debug)]
pub(super) struct PendingCodes {
    pub(super) dictionary: Dictionary,
    pub(super) encoder: Encoder,
    /// The distinct values by code, each with its hash.
    pub(super) values: Interner,
}

/// Rows ready to be stored as one block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rows: u32,
    /// Bytes of its texts, before compression.
    pub(super) text_bytes: u64,
    /// Hour and rows in it, by hour.
    pub(super) hours: Vec<(i64, u32)>,
    /// Five-minute bucket and its sums, by bucket.
    pub(super) totals: Vec<(i64, Totals)>,
    pub(super) columns: Vec<(Column, Vec<u8>)>,
    pub(super) codes: Vec<PendingCodes>,
    /// By code of an origin: the first hour of its rows.
    pub(super) origin_hours: Vec<i64>,
    /// Whether its rows were here before.
    pub(super) comes_back: bool,
}

/// A batch, made ready outside the writer's lock.
#[derive(Debug)]
pub struct Prepared {
    pub(super) block: Option<Block>,
    pub(super) source: SourceName,
    pub(super) rejects: Vec<Reject>,
    /// How many more there are, by reason.
    pub(super) more_rejects: BTreeMap<RejectReason, u64>,
}

impl Prepared {
    /// Encodes and counts.
    pub(super) fn of(batch: &Batch, classifiers: &Classifiers) -> Prepared {
        Prepared {
            block: (!batch.is_empty()).then(|| encode(batch, classifiers)),
            source: batch.source.clone(),
            rejects: batch.rejects.clone(),
            more_rejects: batch.more_rejects.clone(),
        }
    }
}

/// The value of [`Dictionary::Source`]: name, machine and format, separated by line feeds.
pub(super) fn source_value(source: &SourceName) -> Vec<u8> {
    let clean = |text: &str| text.replace('\n', " ");
    format!("{}\n{}\n{}", clean(&source.name), clean(&source.host), clean(&source.format)).into_bytes()
}

/// Undoes [`source_value`].
pub(super) fn read_source(value: &[u8]) -> SourceName {
    let text = String::from_utf8_lossy(value);
    let mut parts = text.split('\n').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    SourceName { name: next(), host: next(), format: next() }
}

fn encode(batch: &Batch, classifiers: &Classifiers) -> Block {
    let mut sources = Interner::default();
    sources.intern(&source_value(&batch.source));
    let source_codes = vec![0; batch.len()];
    let paths = Paths::of(batch, classifiers);
    let verdicts = verdicts::of(batch);
    let dictionaries = [
        (Dictionary::Client, &batch.client.codes, &batch.client.values),
        (Dictionary::User, &batch.user.codes, &batch.user.values),
        (Dictionary::Origin, &batch.origin.codes, &batch.origin.values),
        (Dictionary::Peer, &batch.peer.codes, &batch.peer.values),
        (Dictionary::Agent, &batch.agent.codes, &batch.agent.values),
        (Dictionary::Kind, &batch.kind.codes, &batch.kind.values),
        (Dictionary::Source, &source_codes, &sources),
        (Dictionary::Path, &paths.traits.codes, &paths.traits.values),
        (Dictionary::Verdict, &verdicts.codes, &verdicts.values),
    ];
    let codes = dictionaries
        .into_iter()
        .map(|(dictionary, codes, values)| PendingCodes {
            dictionary,
            encoder: Encoder::codes(codes),
            values: values.clone(),
        })
        .collect();
    let facts = Facts::of(&batch.kind.values, &batch.origin.values, classifiers);
    let grouped = Grouped::of(batch, &facts, &source_codes, &paths, &verdicts);
    let mut columns = vec![
        (Column::Time, Encoder::times(&batch.time_ms).finish()),
        (Column::TimeTaken, Encoder::signed(&batch.time_taken_ms).finish()),
        (Column::Bytes, Encoder::unsigned(&batch.bytes).finish()),
        (Column::Rest, Encoder::texts(&batch.rest).finish()),
        (Column::Delta, grouped.delta),
    ];
    if batch.cs_bytes.iter().any(|bytes| *bytes != NOT_LOGGED) {
        columns.push((Column::CsBytes, Encoder::signed(&batch.cs_bytes).finish()));
    }
    if !batch.referer.bytes.is_empty() {
        columns.push((Column::Referer, Encoder::texts(&batch.referer).finish()));
    }
    if !batch.extra.bytes.is_empty() {
        columns.push((Column::Extra, Encoder::texts(&batch.extra).finish()));
    }
    if !batch.raw.is_empty() {
        columns.push((Column::Raw, Encoder::sparse(&batch.raw).finish()));
    }
    let kept: usize = batch.raw.iter().map(|(_, line)| line.len()).sum();
    let text_bytes = (batch.rest.bytes.len() + batch.referer.bytes.len() + batch.extra.bytes.len() + kept) as u64;
    Block {
        rows: batch.len() as u32,
        text_bytes,
        hours: grouped.hours,
        totals: totals(batch, &facts, &paths),
        columns,
        codes,
        origin_hours: grouped.origin_hours,
        comes_back: batch.comes_back,
    }
}

/// What a batch's distinct values say, found once for each.
struct Facts {
    outcome: Vec<Outcome>,
    ip_literal: Vec<bool>,
}

impl Facts {
    fn of(kinds: &Interner, origins: &Interner, reader: &Classifiers) -> Facts {
        Facts {
            outcome: kinds.iter().map(kind_outcome).collect(),
            ip_literal: origins.iter().map(reader.is_ip_literal).collect(),
        }
    }
}

/// The outcome of a `kind` value; an unreadable one can only be damage, which the checksums report.
pub(super) fn kind_outcome(kind: &[u8]) -> Outcome {
    KindParts::read(kind).map_or(Outcome::Error, |parts| Outcome::of(parts.status, parts.result))
}

fn totals(batch: &Batch, facts: &Facts, paths: &Paths) -> Vec<(i64, Totals)> {
    let width = Resolution::FiveMinutes.width_ms();
    let mut buckets: BTreeMap<i64, Totals> = BTreeMap::new();
    let mut start = 0;
    while start < batch.len() {
        let bucket = batch.time_ms[start].div_euclid(width);
        let (from, until) = (bucket * width, (bucket + 1) * width);
        let run = batch.time_ms[start..].iter().position(|time| *time < from || *time >= until);
        let end = run.map_or(batch.len(), |length| start + length);
        let sums = buckets.entry(bucket).or_default();
        for row in start..end {
            let outcome = facts.outcome[batch.kind.codes[row] as usize] as usize;
            let ip_literal = facts.ip_literal[batch.origin.codes[row] as usize];
            sums.measure.outcomes.0[outcome] += 1;
            sums.ip_literal.0[outcome] += u64::from(ip_literal);
            sums.measure.bytes = sums.measure.bytes.wrapping_add(batch.bytes[row]);
            sums.measure.time_taken_ms = sums.measure.time_taken_ms.wrapping_add(batch.time_taken_ms[row]);
            sums.add_row(cs_bytes(batch.cs_bytes[row]), paths.entropy_millibits[row].map(u32::from));
        }
        start = end;
    }
    buckets.into_iter().collect()
}

/// Bytes from a client as a column holds them.
pub(super) fn cs_bytes(stored: i64) -> Option<u64> {
    u64::try_from(stored).ok()
}

/// What the rows of a batch add up to, hour by hour.
struct Grouped {
    /// Rows per hour.
    hours: Vec<(i64, u32)>,
    /// Per hour the sums of every group.
    delta: Vec<u8>,
    /// By code of an origin: the first hour of its rows.
    origin_hours: Vec<i64>,
}

impl Grouped {
    fn of<'b>(
        batch: &'b Batch,
        facts: &Facts,
        source_codes: &'b [u32],
        paths: &'b Paths,
        verdicts: &'b DictColumn,
    ) -> Grouped {
        let runs = hour_runs(&batch.time_ms);
        let mut writer = DeltaWriter::new(runs.len());
        let of = |column: &'b DictColumn| (&column.codes[..], column.values.len());
        let groups = Group::ALL.map(|group| match group {
            Group::Kind => of(&batch.kind),
            Group::Client => of(&batch.client),
            Group::Origin => of(&batch.origin),
            Group::User => of(&batch.user),
            Group::Path => of(&paths.traits),
            Group::Source => (source_codes, 1),
            Group::Agent => of(&batch.agent),
            Group::Verdict => of(verdicts),
        });
        let mut sums = groups.map(|(_, values)| DenseSums::new(values));
        let mut hours = Vec::with_capacity(runs.len());
        let mut origin_hours = vec![i64::MAX; batch.origin.values.len()];
        let mut entries: [Vec<(u32, Measure)>; Group::ALL.len()] = Default::default();
        for (hour, spans) in runs {
            let mut rows = 0;
            for span in spans {
                rows += span.len() as u32;
                for row in span {
                    let outcome = facts.outcome[batch.kind.codes[row] as usize];
                    for (sums, (codes, _)) in sums.iter_mut().zip(groups) {
                        sums.add(codes[row], outcome, batch.bytes[row], batch.time_taken_ms[row]);
                    }
                }
            }
            for (sums, entries) in sums.iter_mut().zip(&mut entries) {
                sums.drain(entries);
            }
            for (origin, _) in &entries[Group::Origin as usize] {
                let first = &mut origin_hours[*origin as usize];
                *first = hour.min(*first);
            }
            writer.hour(hour, entries.each_ref().map(Vec::as_slice));
            hours.push((hour, rows));
        }
        Grouped { hours, delta: writer.finish(), origin_hours }
    }
}

/// Runs of rows of the same hour, by hour.
fn hour_runs(times: &[i64]) -> BTreeMap<i64, Vec<std::ops::Range<usize>>> {
    let mut runs: BTreeMap<i64, Vec<std::ops::Range<usize>>> = BTreeMap::new();
    let mut start = 0;
    while start < times.len() {
        let hour = times[start].div_euclid(HOUR_MS);
        let (from, until) = (hour * HOUR_MS, (hour + 1) * HOUR_MS);
        let run = times[start..].iter().position(|time| *time < from || *time >= until);
        let end = run.map_or(times.len(), |length| start + length);
        runs.entry(hour).or_default().push(start..end);
        start = end;
    }
    runs
}

/// Sums by code, for codes that are small and dense.
struct DenseSums {
    sums: Vec<Sum>,
    touched: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    outcomes: [u32; 6],
    bytes: u64,
    time_taken_ms: i64,
}

impl DenseSums {
    fn new(codes: usize) -> Self {
        DenseSums { sums: vec![Sum::default(); codes], touched: Vec::new() }
    }

    #[inline]
    fn add(&mut self, code: u32, outcome: Outcome, bytes: u64, time_taken_ms: i64) {
        let sum = &mut self.sums[code as usize];
        if sum.outcomes == [0; 6] {
            self.touched.push(code);
        }
        sum.outcomes[outcome as usize] += 1;
        sum.bytes = sum.bytes.wrapping_add(bytes);
        sum.time_taken_ms = sum.time_taken_ms.wrapping_add(time_taken_ms);
    }

    /// Moves the sums out, by code, and starts anew.
    fn drain(&mut self, into: &mut Vec<(u32, Measure)>) {
        into.clear();
        self.touched.sort_unstable();
        for code in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.sums[code as usize]);
            let outcomes = OutcomeCounts(sum.outcomes.map(u64::from));
            into.push((code, Measure { outcomes, bytes: sum.bytes, time_taken_ms: sum.time_taken_ms }));
        }
    }
}
