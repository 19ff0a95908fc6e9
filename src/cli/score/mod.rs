//! `tidegate score`: the security score, for people and as a gate for CI. With a squid.conf alone it needs neither a
//! database nor a log.

mod junit;
mod sarif;
mod text;

use crate::api::ScoreBody;
use crate::classify;
use crate::config::Config;
use crate::control::ControlDb;
use crate::control::settings::Settings;
use crate::doctor;
use crate::model::{Clock, DAY_MS, SystemClock, Timestamp};
use crate::posture::{Grounds, Installation, Report, SquidFacts, Traffic, judge};
use crate::squidconf::SquidConf;
use crate::store::columnar::ColumnarStore;
use anyhow::Context;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What to look at, and what to say.
#[derive(Debug, Args)]
pub(super) struct ScoreArguments {
    /// Exit with 1 where the score is below.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    min: Option<u32>,
    /// The squid.conf to look at [default: as configured, else /etc/squid/squid.conf].
    #[arg(long, value_name = "FILE")]
    squid_conf: Option<PathBuf>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How to say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// As the API does.
    Json,
    /// A test suite for each source: JUnit's XML.
    Junit,
    /// Findings with file and line: SARIF 2.1.0.
    Sarif,
}

/// A report, and what it is of.
struct Scored {
    report: Report,
    /// The squid.conf that was looked at.
    squid_conf: Option<PathBuf>,
    /// Scores as they were.
    history: Vec<crate::control::PostureScore>,
}

pub(super) fn run(arguments: &ScoreArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let (squid_conf, squid) = match squid(arguments, config) {
        Ok(found) => found,
        Err(error) => {
            super::report(&error);
            return Ok(ExitCode::from(2));
        }
    };
    let data_dir = &config.data_dir;
    let is_there = |name: &str| data_dir.join(name).is_file();
    if squid_conf.is_none() && !is_there(ControlDb::FILE) && !is_there(ColumnarStore::FILE) {
        super::report(&anyhow::anyhow!(
            "nothing to look at: there is no database in {} and no {}; name a file with --squid-conf, or a directory with \
             --data-dir",
            data_dir.display(),
            SquidConf::FILE
        ));
        return Ok(ExitCode::from(2));
    }
    let scored = look(config, squid_conf, squid)?;
    let score = scored.report.score;
    match &arguments.output {
        None => write(&mut std::io::stdout().lock(), arguments.format, &scored)?,
        Some(path) => {
            let file = std::fs::File::create(path)
                .with_context(|| format!("{}: can't be written; name another file with --output", path.display()))?;
            let mut out = std::io::BufWriter::new(file);
            write(&mut out, arguments.format, &scored)?;
            out.flush()?;
        }
    }
    match arguments.min {
        Some(min) if score < min => {
            super::report(&anyhow::anyhow!("the score is {score}, below {min}"));
            Ok(ExitCode::from(1))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The squid.conf that is given, configured or usual, read.
fn squid(arguments: &ScoreArguments, config: &Config) -> anyhow::Result<(Option<PathBuf>, Result<SquidFacts, String>)> {
    let usual = || Some(Path::new(SquidConf::FILE)).filter(|path| path.exists());
    match arguments.squid_conf.as_deref().or_else(|| config.squid_conf()).or_else(usual) {
        Some(path) => Ok((Some(path.to_owned()), Ok(SquidFacts::of(doctor::read_conf(path)?)))),
        None => Ok((None, Err("No squid.conf is known; name one with --squid-conf.".to_owned()))),
    }
}

/// Looks at what databases there are.
fn look(config: &Config, squid_conf: Option<PathBuf>, squid: Result<SquidFacts, String>) -> anyhow::Result<Scored> {
    let data_dir = &config.data_dir;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let control = data_dir
        .join(ControlDb::FILE)
        .is_file()
        .then(|| ControlDb::open(data_dir, Arc::clone(&clock), config.settings.clone()));
    let control = control.transpose()?;
    let installation = control.as_ref().map(Installation::read).transpose()?;
    let defaults = Settings::default();
    let settings = installation.as_ref().map_or(&defaults, |installation| &*installation.settings);
    let traffic = match data_dir.join(ColumnarStore::FILE).is_file() {
        true => {
            let store = ColumnarStore::open(data_dir, classify::CLASSIFIERS, clock)?;
            Some(Traffic::observe(&store, settings, now)?)
        }
        false => None,
    };
    let report = judge(&Grounds {
        now,
        installation: installation.as_ref(),
        squid: squid.as_ref().map_err(String::as_str),
        traffic: traffic.as_ref(),
    });
    let since = Timestamp(now.0.saturating_sub(90 * DAY_MS));
    let history = control.as_ref().map(|control| control.posture_history(since)).transpose()?;
    Ok(Scored { report, squid_conf, history: history.unwrap_or_default() })
}

fn write(out: &mut impl Write, format: Format, scored: &Scored) -> anyhow::Result<()> {
    match format {
        Format::Text => text::write(out, scored)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &ScoreBody::of(&scored.report, &scored.history))?;
            writeln!(out)?;
        }
        Format::Junit => junit::write(out, &scored.report)?,
        Format::Sarif => {
            serde_json::to_writer_pretty(&mut *out, &sarif::log(scored))?;
            writeln!(out)?;
        }
    }
    Ok(())
}
