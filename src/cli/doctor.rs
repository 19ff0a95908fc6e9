//! `tidegate doctor`: what a log can't show, and the lines of squid.conf that mend it.

use crate::config::Config;
use crate::doctor::{Ability, BlindSpot, Diagnosis, Subject, diagnose, title};
use crate::format::{self, FormatChoice, SharedFormat};
use crate::scoring::{Feed, Missing, RuleBook};
use crate::source::expand;
use crate::squidconf::SquidConf;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to look at.
#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// A log, a squid.conf or a quoted 'logformat …' [default: the configured sources, else /etc/squid/squid.conf].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The format of the log's lines; without a file, the format itself is looked at.
    #[arg(long, value_name = "SPEC")]
    format: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &DoctorArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let found = look(arguments, config).and_then(|diagnoses| Ok((diagnoses, RuleBook::load(&config.waf.rules())?)));
    let (diagnoses, rules) = match found {
        Ok(found) => found,
        Err(error) => {
            super::report(&error);
            return Ok(ExitCode::from(2));
        }
    };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let diagnoses = diagnoses.iter().map(|diagnosis| as_json(diagnosis, &rules)).collect::<Result<Vec<_>, _>>()?;
        serde_json::to_writer(&mut out, &json!({ "diagnoses": diagnoses }))?;
        writeln!(out)?;
    } else {
        for (at, diagnosis) in diagnoses.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            print(&mut out, diagnosis, &rules, &diagnoses[..at])?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn look(arguments: &DoctorArguments, config: &Config) -> anyhow::Result<Vec<Diagnosis>> {
    let given: Option<SharedFormat> = arguments.format.as_deref().map(format::resolve).transpose()?;
    match (&arguments.file, &given) {
        (Some(file), None) if file.to_string_lossy().starts_with("logformat ") && !file.exists() => {
            Ok(vec![Diagnosis::of_format(&format::resolve(&file.to_string_lossy())?)])
        }
        (Some(file), _) => Ok(diagnose(file, given.as_ref())?),
        (None, Some(format)) => Ok(vec![Diagnosis::of_format(format)]),
        (None, None) if !config.sources.is_empty() => sources(config),
        (None, None) if Path::new(SquidConf::FILE).exists() => Ok(diagnose(Path::new(SquidConf::FILE), None)?),
        (None, None) => anyhow::bail!(
            "nothing to look at: no [[source]] is configured and there is no {}; name a file, or a format with --format",
            SquidConf::FILE
        ),
    }
}

/// The newest file of each configured source.
pub(super) fn sources(config: &Config) -> anyhow::Result<Vec<Diagnosis>> {
    let mut diagnoses = Vec::new();
    for source in &config.sources {
        let format = match super::sources::format_of(source)? {
            FormatChoice::Given(format) => Some(format),
            FormatChoice::Auto => None,
        };
        if !source.is_file() {
            // What is received is not there to be looked at.
            diagnoses.extend(format.as_ref().map(Diagnosis::of_format));
            continue;
        }
        let files = expand(&[PathBuf::from(&source.path)])
            .map_err(|faults| anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
        // Where there is a choice, one that holds something: the newest may just have been begun.
        let changed =
            |path: &PathBuf| std::fs::metadata(path).and_then(|found| Ok((found.len() > 0, found.modified()?))).ok();
        if let Some(newest) = files.iter().max_by_key(|path| changed(path)) {
            diagnoses.extend(diagnose(newest, format.as_ref())?);
        }
    }
    Ok(diagnoses)
}

/// How wide text may be.
const WIDTH: usize = 100;

/// The diagnosis, with what it is to the rules.
fn as_json(diagnosis: &Diagnosis, rules: &RuleBook) -> serde_json::Result<Value> {
    let mut said = serde_json::to_value(diagnosis)?;
    said["rules"] = diagnosis.fields.map_or(Value::Null, |fields| {
        let Feed { rules, fed, missing } = rules.feed(fields);
        let missing = missing.iter().map(|Missing { field, blind, dim }| {
            let spot = diagnosis.hiding(*field).map(|spot| spot.id);
            json!({ "field": title(*field), "blind": blind, "dim": dim, "blind_spot": spot })
        });
        json!({ "loaded": rules, "fed": fed, "missing": missing.collect::<Vec<_>>() })
    });
    Ok(said)
}

/// How many rules a line can hit, and for the lack of what the others can't, or see less.
fn print_feed(out: &mut impl Write, diagnosis: &Diagnosis, rules: &RuleBook) -> std::io::Result<()> {
    let Some(fields) = diagnosis.fields else { return Ok(()) };
    let Feed { rules, fed, missing } = rules.feed(fields);
    paragraph(out, "rules", &format!("{fed} of {rules} can hit a line"))?;
    for Missing { field, blind, dim } in missing {
        let spot = diagnosis.hiding(field).map(|spot| format!(", see {}", spot.id)).unwrap_or_default();
        let effect = match (blind, dim) {
            (0, dim) => format!("{dim} see less"),
            (blind, 0) => format!("{blind} hit none"),
            (blind, dim) => format!("{blind} hit none and {dim} see less"),
        };
        paragraph(out, "", &format!("{effect} for want of the {}{spot}", title(field)))?;
    }
    Ok(())
}

/// `before` are those printed already: what is said of them is not said again.
fn print(out: &mut impl Write, diagnosis: &Diagnosis, rules: &RuleBook, before: &[Diagnosis]) -> std::io::Result<()> {
    let what = match diagnosis.subject {
        Subject::Log => "log",
        Subject::SquidConf => "configuration",
        Subject::Format => "format",
    };
    writeln!(out, "{what:<13}  {}", diagnosis.name)?;
    if let Some(log) = &diagnosis.log {
        writeln!(out, "{:<13}  {log}", "writes")?;
    }
    match &diagnosis.format {
        Some(format) if diagnosis.subject != Subject::Format => paragraph(out, "lines are", format)?,
        None if diagnosis.log.as_deref() != Some("none") => {
            paragraph(out, "lines are", "in a format that this version does not read")?;
        }
        _ => {}
    }
    if diagnosis.rows > 0 {
        writeln!(out, "{:<13}  {} lines", "looked at", crate::model::grouped(diagnosis.rows))?;
    }
    if !diagnosis.holds.is_empty() {
        paragraph(out, "they hold", &diagnosis.holds.join(", "))?;
    }
    if !diagnosis.lacks.is_empty() {
        paragraph(out, "they lack", &diagnosis.lacks.join(", "))?;
    }
    print_feed(out, diagnosis, rules)?;
    if diagnosis.blind_spots.is_empty() {
        writeln!(out, "\nno blind spots found")?;
        return Ok(());
    }
    let is_told = |spot: &&BlindSpot| before.iter().any(|other| other.blind_spots.contains(spot));
    let (told, new): (Vec<&BlindSpot>, Vec<&BlindSpot>) = diagnosis.blind_spots.iter().partition(is_told);
    if !told.is_empty() {
        let told: Vec<&str> = told.iter().map(|spot| spot.id).collect();
        paragraph(out, "as above", &told.join(", "))?;
    }
    if !new.is_empty() {
        writeln!(out)?;
        print_spots(out, &new)?;
    }
    if !diagnosis.left.is_empty() {
        let left: Vec<&str> = diagnosis.left.iter().copied().map(Ability::title).collect();
        writeln!(out)?;
        paragraph(out, "still seen", &left.join(", "))?;
    }
    Ok(())
}

/// Blind spots, each with what is lost, the lines that mend it, and what to know before.
pub(super) fn print_spots(out: &mut impl Write, spots: &[&BlindSpot]) -> std::io::Result<()> {
    for (at, spot) in spots.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}  ({})", spot.id, spot.severity.word())?;
        paragraph(out, "", &spot.what)?;
        if !spot.loses.is_empty() {
            let lost: Vec<&str> = spot.loses.iter().copied().map(Ability::title).collect();
            paragraph(out, "  loses", &lost.join(", "))?;
        }
        match spots[..at].iter().find(|before| !spot.fix.is_empty() && before.fix == spot.fix) {
            Some(before) => paragraph(out, "  squid.conf", &format!("the lines of {}", before.id))?,
            None => {
                for (number, line) in spot.fix.iter().enumerate() {
                    writeln!(out, "{:<13}  {line}", if number == 0 { "  squid.conf" } else { "" })?;
                }
            }
        }
        if !spot.note.is_empty() {
            paragraph(out, "  note", spot.note)?;
        }
    }
    Ok(())
}

/// Text in lines of at most [`WIDTH`], behind a label.
fn paragraph(out: &mut impl Write, label: &str, text: &str) -> std::io::Result<()> {
    let mut line = format!("{label:<13} ");
    for word in text.split(' ') {
        if line.chars().count() + word.chars().count() >= WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(14);
        }
        line = line + " " + word;
    }
    writeln!(out, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words() {
        let mut out = Vec::new();
        paragraph(&mut out, "label", &"four ".repeat(30)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("label          four") && text.lines().count() == 2);
        assert!(
            text.lines().all(|line| line.len() <= WIDTH) && text.lines().nth(1).unwrap().starts_with(&" ".repeat(15))
        );
    }
}
