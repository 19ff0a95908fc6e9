//! A seeded generator of Squid access logs: the data of `tidegate demo` and of the benchmark.
//!
//! The same [`Options`] give the same bytes on every machine; memory does not grow with the number
//! of lines. The lines look like a company's forward proxy: see `habits.rs` for the shares. It is
//! not a model of any real network and holds no real person's data, and nothing here reads logs or
//! judges them.
//!
//! Lines are in Squid's native format, one per line feed, ordered by completion except that about
//! one in a hundred is up to [`LATE_MAX_MS`] late.

mod attacks;
mod clients;
mod clock;
mod habits;
mod hosts;
mod line;
mod math;
mod names;
mod odd;
mod outcome;
mod paths;
mod queries;
mod rng;
mod scripts;
mod story;
mod text;
mod traffic;
mod zipf;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use outcome::OUTCOMES;
pub use story::{Finding, findings};

use clients::Clients;
use clock::{DAY_MS, Rhythm};
use line::Record;
use math::Tables;
use rng::{Rng, mix};
use story::Story;
use traffic::Traffic;

/// How much older than a line before it a line may be, in ms.
pub const LATE_MAX_MS: i64 = 2_000;

/// Bytes that are collected before they are handed to the writer.
const BUFFER_BYTES: usize = 256 * 1024;

/// What to write. Values outside their range are taken as the nearest one inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Chooses everything that is left to chance; any value.
    pub seed: u64,
    /// Lines to write, odd and planted ones included; any value.
    pub lines: u64,
    /// The earliest possible completion: Unix ms, UTC, from 0 to 8,000,000,000,000 (year 2223).
    pub start_ms: i64,
    /// Days covered from `start_ms` on, 1 to 3,660.
    pub days: u32,
    /// Different client addresses, 1 to 1,000,000.
    pub clients: u32,
    /// Different registrable domains of the background, 1 to 1,000,000.
    pub domains: u32,
    /// Plants the findings of the demo; see [`findings`]. A finding is left out when the planted
    /// lines would be more than half of `lines`; from 30,000 lines and 10 days on all are there.
    pub story: bool,
}

impl Options {
    /// The benchmark's log of `lines` lines: 30 days from 2026-01-01, 2,000 clients, 50,000
    /// domains, nothing planted.
    pub fn bench(lines: u64) -> Self {
        Self { seed: 1, lines, start_ms: 1_767_225_600_000, days: 30, clients: 2_000, domains: 50_000, story: false }
    }

    /// The demo's log: 200,000 lines in the 14 days up to `end_ms` (Unix ms, UTC), 60 clients,
    /// with findings planted.
    pub fn demo(end_ms: i64) -> Self {
        Self {
            seed: 7,
            lines: 200_000,
            start_ms: end_ms.saturating_sub(14 * DAY_MS),
            days: 14,
            clients: 60,
            domains: 3_000,
            story: true,
        }
    }

    /// The end of the time covered, Unix ms; no line completes at it or later.
    pub fn end_ms(&self) -> i64 {
        let options = self.in_range();
        options.start_ms + i64::from(options.days) * DAY_MS
    }

    fn in_range(&self) -> Self {
        Self {
            start_ms: self.start_ms.clamp(0, 8_000_000_000_000),
            days: self.days.clamp(1, 3_660),
            clients: self.clients.clamp(1, 1_000_000),
            domains: self.domains.clamp(1, 1_000_000),
            ..self.clone()
        }
    }
}

/// What was written, counted while generating and not by reading the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// All lines, odd ones included.
    pub lines: u64,
    /// Lines without a character.
    pub blank_lines: u64,
    /// Lines that end too early; they have fewer than 10 fields.
    pub truncated_lines: u64,
    /// Lines that were never log lines, with bytes that are not UTF-8.
    pub garbage_lines: u64,
    /// Lines with an eleventh field after an otherwise good line.
    pub extra_field_lines: u64,
    /// Well-formed lines by their fourth field, in the order of [`OUTCOMES`].
    pub outcomes: [u64; OUTCOMES.len()],
    /// Well-formed lines with the method `CONNECT`.
    pub connect_lines: u64,
    /// Well-formed lines with a user.
    pub user_lines: u64,
    /// Well-formed lines that the findings planted; among the others as well.
    pub planted_lines: u64,
    /// The sum of what clients were sent (`%<st`) over well-formed lines, in bytes.
    pub sent_bytes: u64,
    /// The sum of the durations (`%tr`) over well-formed lines, in ms.
    pub elapsed_ms: u64,
    /// The length of the output, line feeds included, in bytes.
    pub output_bytes: u64,
    /// The earliest completion of a well-formed line, Unix ms; [`i64::MAX`] if there is none.
    pub first_ms: i64,
    /// The latest completion of a well-formed line, Unix ms; [`i64::MIN`] if there is none.
    pub last_ms: i64,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            lines: 0,
            blank_lines: 0,
            truncated_lines: 0,
            garbage_lines: 0,
            extra_field_lines: 0,
            outcomes: [0; OUTCOMES.len()],
            connect_lines: 0,
            user_lines: 0,
            planted_lines: 0,
            sent_bytes: 0,
            elapsed_ms: 0,
            output_bytes: 0,
            first_ms: i64::MAX,
            last_ms: i64::MIN,
        }
    }
}

impl Counts {
    /// Lines that are not exactly 10 fields.
    pub fn odd_lines(&self) -> u64 {
        self.blank_lines + self.truncated_lines + self.garbage_lines + self.extra_field_lines
    }

    /// Well-formed lines whose fourth field is `text`, one of [`OUTCOMES`]; 0 for another text.
    pub fn outcome(&self, text: &str) -> u64 {
        OUTCOMES.iter().zip(self.outcomes).filter(|(known, _)| **known == text).map(|(_, n)| n).sum()
    }

    fn add(&mut self, record: &Record<'_>) {
        self.outcomes[record.outcome as usize] += 1;
        self.connect_lines += u64::from(record.method == "CONNECT");
        self.user_lines += u64::from(record.user != "-");
        self.sent_bytes += record.sent_bytes;
        self.elapsed_ms += record.elapsed_ms;
        self.first_ms = self.first_ms.min(record.time_ms);
        self.last_ms = self.last_ms.max(record.time_ms);
    }
}

/// Writes the log that `options` describe to `out`, in pieces of about 256 KiB; `out` needs no
/// buffer of its own and is not flushed.
///
/// # Errors
///
/// The first error of `out`; what was written up to then stays written.
pub fn write<W: Write>(options: &Options, out: &mut W) -> io::Result<Counts> {
    let options = options.in_range();
    let tables = Tables::new();
    let clients = Clients::new(options.seed, options.clients);
    let story = if options.story { Story::new(&options, &clients) } else { Story::default() };
    let mut planted = story.events().iter().peekable();
    let background = options.lines - story.events().len() as u64;
    let mut traffic = Traffic::new(&options);
    let mut rhythm = Rhythm::new(options.seed, options.start_ms, options.end_ms(), background);
    let mut rng = Rng::new(mix(options.seed, 0x6f64_6473));

    let mut counts = Counts::default();
    let mut buffer: Vec<u8> = Vec::with_capacity(BUFFER_BYTES + 16 * 1024);
    let mut before_ms = options.start_ms;
    for _ in 0..background {
        let now_ms = rhythm.next_ms(&tables);
        while let Some(event) = planted.next_if(|event| event.time_ms <= now_ms) {
            before_ms = event.time_ms;
            let record = event.record(&clients);
            record.append(&mut buffer);
            counts.add(&record);
            counts.planted_lines += 1;
            end_line(&mut buffer, &mut counts, out)?;
        }
        let time_ms = if rng.chance(habits::LATE) {
            let late_ms = 1 + i64::from(rng.below(LATE_MAX_MS as u32));
            (before_ms - late_ms).max(options.start_ms)
        } else {
            now_ms
        };
        before_ms = now_ms;
        let record = traffic.next(time_ms, &tables, &clients);
        if rng.chance(habits::ODD) {
            odd::append(&record, &mut buffer, &mut rng, &mut counts);
        } else {
            record.append(&mut buffer);
            counts.add(&record);
        }
        end_line(&mut buffer, &mut counts, out)?;
    }
    for event in planted {
        let record = event.record(&clients);
        record.append(&mut buffer);
        counts.add(&record);
        counts.planted_lines += 1;
        end_line(&mut buffer, &mut counts, out)?;
    }
    out.write_all(&buffer)?;
    counts.output_bytes += buffer.len() as u64;
    Ok(counts)
}

fn end_line<W: Write>(buffer: &mut Vec<u8>, counts: &mut Counts, out: &mut W) -> io::Result<()> {
    buffer.push(b'\n');
    counts.lines += 1;
    if buffer.len() >= BUFFER_BYTES {
        out.write_all(buffer)?;
        counts.output_bytes += buffer.len() as u64;
        buffer.clear();
    }
    Ok(())
}
