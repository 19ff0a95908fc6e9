//! `tidegate waf eval`: how many attacks the rules detect, and how many other requests they flag, measured on labelled
//! ones. Lines are read in chunks and judged on all cores; what is written keeps their order.

use super::tally::Tally;
use super::{Ended, Rules};
use crate::cli::rejects::printable;
use crate::config::Config;
use crate::model::grouped;
use crate::scoring::{Judge, Labelled};
use crate::source::{Chunk, ChunkReader, Decoder, Limits, ReadTo, expand};
use anyhow::Context;
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How much one thread judges at a time, in bytes.
const CHUNK_BYTES: usize = 1 << 20;
/// Bad lines of which each is named.
const NAMED: u64 = 20;

/// What to measure on.
#[derive(Debug, Args)]
pub(in crate::cli) struct EvalArguments {
    #[command(flatten)]
    rules: Rules,
    /// Files, globs, or `-` for standard input, plain or compressed: a JSON object a line with `label` (attack or benign),
    /// `method`, `host`, `uri`, `user_agent`, `referer`, and where wanted `scheme`, `set`, `type`, `id`.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The score from which on a request is flagged [default: as configured].
    #[arg(long, value_name = "N")]
    threshold: Option<u32>,
    /// Write score and rules of each line to this file, a JSON object a line.
    #[arg(long, value_name = "OUT")]
    verdicts: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &EvalArguments, config: &Config) -> Result<ExitCode, Ended> {
    let book = arguments.rules.load(config)?;
    let threshold = super::threshold(arguments.threshold, config)?;
    let files = expand(&arguments.files).map_err(|faults| {
        anyhow::anyhow!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut evaluation = Evaluation {
        judges: (0..threads).map(|_| Judge::new(&book)).collect(),
        threshold,
        verdicts: arguments.verdicts.as_deref().map(|path| create(path, &files)).transpose()?,
        tally: Tally::default(),
        bad: 0,
    };
    let started = Instant::now();
    for file in &files {
        evaluation.file(file)?;
    }
    let seconds = started.elapsed().as_secs_f64();
    let Evaluation { tally, bad, verdicts, .. } = evaluation;
    if let Some(mut verdicts) = verdicts {
        verdicts.flush()?;
    }
    if tally.lines() == 0 {
        let what = if bad == 0 { "no lines" } else { "no line that is a labelled request" };
        return Err(anyhow::anyhow!("{what}; tidegate waf eval --help says what one is").into());
    }
    tell_speed(tally.lines() + bad, seconds, threads);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let mut said = tally.as_json();
        said["threshold"] = json!(threshold);
        said["bad_lines"] = json!(bad);
        writeln!(out, "{said}")?;
    } else {
        tally.print(&mut out)?;
        if bad > 0 {
            writeln!(out, "\n{} bad lines left out", grouped(bad))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The file for verdicts, which is to be none of those that are read.
fn create(path: &Path, files: &[PathBuf]) -> anyhow::Result<BufWriter<File>> {
    let same = |file: &PathBuf| matches!((file.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
    anyhow::ensure!(!files.iter().any(same), "{}: is read; write the verdicts elsewhere", path.display());
    let file =
        File::create(path).with_context(|| format!("{}: can't be written; name another file", path.display()))?;
    Ok(BufWriter::new(file))
}

#[allow(clippy::print_stderr)]
fn tell_speed(lines: u64, seconds: f64, threads: usize) {
    let speed = grouped((lines as f64 / seconds.max(1e-6)) as u64);
    eprintln!("{} lines in {seconds:.2} s on {threads} threads: {speed} lines/s", grouped(lines));
}

#[allow(clippy::print_stderr)]
fn tell_bad(file: &str, line: u64, fault: &str) {
    eprintln!("{}:{line}: {}", printable(file), printable(fault));
}

struct Evaluation<'b> {
    /// One for each thread.
    judges: Vec<Judge<'b>>,
    threshold: u32,
    verdicts: Option<BufWriter<File>>,
    tally: Tally,
    bad: u64,
}

/// What a chunk of lines comes to.
#[derive(Default)]
struct Judged {
    tally: Tally,
    /// Lines to write.
    verdicts: Vec<u8>,
    /// The bad lines, by number, with what is wrong.
    bad: Vec<(u64, String)>,
}

impl Evaluation<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Ended> {
        let shown = path.display().to_string();
        let input: Box<dyn Read> = if shown == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(path).with_context(|| format!("{shown}: can't be read"))?)
        };
        let broken = |error: std::io::Error| Ended::Failed(anyhow::anyhow!("{shown}: {error}"));
        let decoder = Decoder::new(input, Limits::default()).map_err(broken)?;
        let mut reader = ChunkReader::with_chunk_bytes(decoder, 0, Vec::new(), ReadTo::End, CHUNK_BYTES);
        let mut line = 1;
        loop {
            let mut chunks = Vec::new();
            while chunks.len() < self.judges.len() {
                let Some(chunk) = reader.next_chunk(Vec::new()).map_err(broken)? else { break };
                let lines = memchr::memchr_iter(b'\n', &chunk.bytes).count() as u64;
                let first = line;
                line += lines + chunk.too_long.len() as u64;
                chunks.push((first, chunk));
            }
            if chunks.is_empty() {
                return Ok(());
            }
            for judged in self.judge(&chunks, &shown)? {
                self.tally.add(judged.tally);
                for (line, fault) in judged.bad {
                    self.bad += 1;
                    if self.bad <= NAMED {
                        tell_bad(&shown, line, &fault);
                    }
                }
                if let Some(verdicts) = &mut self.verdicts {
                    verdicts.write_all(&judged.verdicts)?;
                }
            }
        }
    }

    /// A thread for each chunk.
    fn judge(&mut self, chunks: &[(u64, Chunk)], file: &str) -> Result<Vec<Judged>, Ended> {
        let (threshold, wanted) = (self.threshold, self.verdicts.is_some());
        std::thread::scope(|scope| {
            let threads: Vec<_> = chunks
                .iter()
                .zip(&mut self.judges)
                .map(|((first, chunk), judge)| {
                    scope.spawn(move || judged(chunk, *first, judge, threshold, wanted.then_some(file)))
                })
                .collect();
            let failed = |_| Ended::Failed(anyhow::anyhow!("a thread stopped early"));
            threads.into_iter().map(|thread| thread.join().map_err(failed)).collect()
        })
    }
}

/// `file` is named in what is to be written of each line; nothing is written without.
fn judged(chunk: &Chunk, first: u64, judge: &mut Judge<'_>, threshold: u32, file: Option<&str>) -> Judged {
    let mut judged = Judged::default();
    let lines = chunk.bytes.split(|byte| *byte == b'\n').zip(first..);
    for (line, number) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()) {
        let read = match Labelled::read(line) {
            Ok(read) => read,
            Err(fault) => {
                judged.bad.push((number, fault));
                continue;
            }
        };
        let score = judge.score(&read.asked(&read.url())).points;
        judged.tally.count(&read, score >= threshold);
        if let Some(file) = file {
            let rules: Vec<u32> = judge.points().filter(|(_, points)| *points > 0).map(|(id, _)| id).collect();
            let verdict = json!({
                "file": file, "line": number, "id": read.id, "label": read.label.name(), "set": read.set,
                "type": read.kind, "score": score, "flagged": score >= threshold, "rules": rules,
            });
            judged.verdicts.extend_from_slice(verdict.to_string().as_bytes());
            judged.verdicts.push(b'\n');
        }
    }
    let behind = first + memchr::memchr_iter(b'\n', &chunk.bytes).count() as u64;
    judged.bad.extend(chunk.too_long.iter().zip(behind..).map(|_| (behind, "the line is too long".to_owned())));
    judged
}
