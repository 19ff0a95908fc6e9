//! `tidegate rejects`: the lines that could not be read, and a second try for them. While masking is on, lines appear as
//! their shape.

use crate::classify;
use crate::config::Config;
use crate::control::{Actor, ControlDb};
use crate::format::{FormatChoice, LocalTime};
use crate::model::grouped;
use crate::model::{Clock, Order, RejectCount, RejectQuery, RejectReason, RejectView, Storing, SystemClock, Terms};
use crate::pipeline::{Reimport, ReimportSummary};
use crate::privacy::Privacy;
use crate::store::EventStore;
use crate::store::columnar::ColumnarStore;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// Which lines to show.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RejectsArguments {
    /// Only those of the source of that name.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only those rejected for this reason.
    #[arg(long, value_name = "WORD", value_parser = reasons())]
    reason: Option<String>,
    /// How many of the newest lines to print.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1000))]
    limit: u32,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<RejectsCommand>,
}

/// What else to do with them.
#[derive(Debug, Subcommand)]
enum RejectsCommand {
    /// Read lines again: those that can be read now become rows, the others stay.
    Reimport(ReimportArguments),
}

/// Which lines to read again, and how.
#[derive(Debug, Args)]
struct ReimportArguments {
    /// The name of their source.
    #[arg(long, value_name = "NAME")]
    source: String,
    /// Only those rejected for this reason.
    #[arg(long, value_name = "WORD", value_parser = reasons())]
    reason: Option<String>,
    /// The format they are in, or `auto` for the one that explains most of them [default: that of their source].
    #[arg(long, value_name = "FORMAT", value_parser = FormatChoice::parse)]
    format: Option<FormatChoice>,
    /// The zone of times that are written without one, as in Europe/Berlin [default: this machine's].
    #[arg(long, value_name = "NAME", value_parser = TimeZone::get)]
    timezone: Option<TimeZone>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn reasons() -> PossibleValuesParser {
    RejectReason::ALL.map(RejectReason::name).into()
}

pub(super) fn run(arguments: &RejectsArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let data_dir = &config.data_dir;
    let path = data_dir.join(ColumnarStore::FILE);
    anyhow::ensure!(path.is_file(), "{}: no such database; name its directory with --data-dir", path.display());
    let clock = Arc::new(SystemClock);
    let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, clock.clone())?;
    let control = Arc::new(ControlDb::open(data_dir, clock, config.settings.clone())?);
    let privacy = Arc::new(Privacy::open(data_dir, Arc::clone(&control))?);
    match &arguments.command {
        None => list(arguments, &store, &privacy)?,
        Some(RejectsCommand::Reimport(arguments)) => {
            let stored_as = super::privacy::stored_as(&privacy, &super::scorer(config, &control)?);
            reimport(arguments, &store, &control, &*stored_as)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn only<T>(value: Option<T>) -> Terms<T> {
    Terms { any: value.into_iter().collect(), none: Vec::new() }
}

fn list(arguments: &RejectsArguments, store: &ColumnarStore, privacy: &Privacy) -> anyhow::Result<()> {
    let query = RejectQuery {
        source: only(arguments.source.clone()),
        reason: only(arguments.reason.as_deref().and_then(RejectReason::parse)),
        order: Order::Descending,
        after: None,
        limit: arguments.limit as usize,
    };
    let mut counts = store.reject_counts()?;
    counts.retain(|count| query.accepts(&count.source, count.reason));
    let lens = privacy.lens_of_nobody();
    let rows = if query.limit == 0 { Vec::new() } else { store.rejects(&query)?.rows };
    let newest: Vec<_> = rows.iter().map(|reject| RejectView::of(reject, &lens)).collect();
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", as_json(&counts, &newest))?;
    } else {
        print(&mut out, &counts, &newest)?;
    }
    Ok(())
}

fn as_json(counts: &[RejectCount], newest: &[RejectView]) -> serde_json::Value {
    let count = |count: &RejectCount| {
        json!({
            "source": count.source, "reason": count.reason.name(),
            "lines": count.lines, "kept": count.kept, "unkept": count.unkept(),
        })
    };
    let row = |view: &RejectView| {
        json!({
            "id": view.id, "source": view.source.name, "host": view.source.host, "format": view.source.format,
            "reason": view.reason.name(), "offset": view.offset, "kept": view.kept.name(),
            "line": view.text, "is_shape": view.is_shape,
        })
    };
    json!({
        "counts": counts.iter().map(count).collect::<Vec<_>>(),
        "newest": newest.iter().map(row).collect::<Vec<_>>(),
    })
}

fn print(out: &mut impl Write, counts: &[RejectCount], newest: &[RejectView]) -> std::io::Result<()> {
    if counts.is_empty() {
        return writeln!(out, "no rejected lines");
    }
    for count in counts {
        write!(out, "{:>12}  {:<14}  {}", grouped(count.lines), count.reason.name(), printable(&count.source))?;
        match count.unkept() {
            0 => writeln!(out)?,
            unkept => writeln!(out, ", {} of them not kept", grouped(unkept))?,
        }
    }
    if newest.is_empty() {
        return Ok(());
    }
    let shapes = newest.iter().all(|view| view.is_shape);
    writeln!(out, "\nnewest{}:", if shapes { ", as shapes: digits as 9, letters as a and A" } else { "" })?;
    for view in newest {
        let RejectView { id, source, reason, offset, .. } = view;
        // Of lines that an earlier version rejected the format is not known.
        let read_as = if source.format.is_empty() { String::new() } else { format!(", read as {}", source.format) };
        let place = printable(&format!("{} at byte {offset}{read_as}", source.name));
        writeln!(out, "{id:>12}  {:<14}  {place}", reason.name())?;
        writeln!(out, "{:14}{}", "", printable(&view.text))?;
    }
    Ok(())
}

/// The text as a terminal may get it: control characters escaped, at most 200 characters.
pub(super) fn printable(text: &str) -> String {
    const MOST: usize = 200;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .flat_map(|sign| {
            let (escaped, plain) =
                if sign.is_control() { (Some(sign.escape_default()), None) } else { (None, Some(sign)) };
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

fn reimport(
    arguments: &ReimportArguments,
    store: &ColumnarStore,
    control: &ControlDb,
    storing: &dyn Fn() -> Storing,
) -> anyhow::Result<()> {
    let asked = Reimport {
        source: arguments.source.clone(),
        reason: arguments.reason.as_deref().and_then(RejectReason::parse),
        format: arguments.format.clone(),
        local_time: LocalTime {
            until: SystemClock.now(),
            zone: arguments.timezone.clone().unwrap_or_else(TimeZone::system),
        },
    };
    let counts = asked.counts(store)?;
    let summary = match counts.first() {
        None => ReimportSummary::default(),
        Some(RejectCount { source, .. }) => {
            let details = asked.on_record(&counts);
            let intent =
                control.intent(&Actor::system("rejects reimport"), "rejects.reimport", source, Some(details))?;
            match asked.run(store, storing) {
                Ok(summary) => {
                    control.complete(intent, Some(summary.on_record()))?;
                    summary
                }
                Err(error) => {
                    control.fail(intent, &error.to_string())?;
                    return Err(error.into());
                }
            }
        }
    };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    } else if counts.is_empty() {
        writeln!(out, "no such rejected lines; tidegate rejects lists those there are")?;
    } else {
        print_summary(&mut out, &summary)?;
    }
    Ok(())
}

fn print_summary(out: &mut impl Write, summary: &ReimportSummary) -> std::io::Result<()> {
    let format = summary.format.as_deref().map_or_else(|| "the formats of their sources".to_owned(), printable);
    writeln!(out, "{:>12}  rejected lines read again, in {format}", grouped(summary.tried))?;
    writeln!(out, "{:>12}  stored", grouped(summary.stored))?;
    if summary.directives > 0 {
        writeln!(out, "{:>12}  said how others are read", grouped(summary.directives))?;
    }
    writeln!(out, "{:>12}  still rejected", grouped(summary.still_rejected.values().sum()))?;
    for (reason, lines) in &summary.still_rejected {
        writeln!(out, "{:>12}    {reason}", grouped(*lines))?;
    }
    if summary.not_whole > 0 {
        writeln!(out, "{:>12}  not kept whole, so that they can't be read", grouped(summary.not_whole))?;
    }
    Ok(())
}
