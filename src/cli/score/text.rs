//! The score for people: by source, each check with a mark and its points, what was seen where points were lost, and what
//! to mend first.

use super::Scored;
use crate::posture::{Evidence, Judged, Source, Status};
use std::io::{self, Write};

/// How wide text may be.
const WIDTH: usize = 100;
/// Where text begins that belongs to a check.
const INDENT: usize = 10;

pub(super) fn write(out: &mut impl Write, scored: &Scored) -> io::Result<()> {
    let report = &scored.report;
    writeln!(out, "security score  {} of 100  ({})", report.score, report.grade().name())?;
    if let Some(path) = &scored.squid_conf {
        writeln!(out, "squid.conf      {}", plain(&path.display().to_string()))?;
    }
    for source in Source::ALL {
        writeln!(out)?;
        write_source(out, scored, source)?;
    }
    let losing = report.losing();
    if !losing.is_empty() {
        writeln!(out, "\nmend first, by points lost:")?;
        for judged in losing {
            let recommendation = judged.recommendation.as_deref().unwrap_or_default();
            let text = format!("{}: {}", judged.check.id, plain(recommendation));
            paragraph(out, &format!("{:>4}    ", judged.lost()), INDENT - 2, &text)?;
        }
    }
    let unknown = report.count(Status::Unknown);
    if unknown > 0 {
        writeln!(out, "\n{unknown} of {} checks could not be looked at; they don't count.", report.checks.len())?;
    }
    Ok(())
}

fn write_source(out: &mut impl Write, scored: &Scored, source: Source) -> io::Result<()> {
    let report = &scored.report;
    let (points, counts) = report.points(source);
    if counts == 0 {
        // All for one reason, mostly.
        let why = report.of(source).next().and_then(|judged| judged.evidence.first());
        let why = why.map_or(String::new(), |evidence| plain(&evidence.text));
        return paragraph(out, &format!("{:<14}  ", source.name()), 16, &format!("not known: {why}"));
    }
    writeln!(out, "{:<14}  {points} of {counts} points", source.name())?;
    for judged in report.of(source) {
        write_check(out, judged)?;
    }
    Ok(())
}

fn write_check(out: &mut impl Write, judged: &Judged) -> io::Result<()> {
    let (mark, points) = match judged.status {
        Status::Passed => ('✓', judged.points.to_string()),
        Status::Partial => ('~', judged.points.to_string()),
        Status::Failed => ('✗', judged.points.to_string()),
        Status::Contradicted => ('!', judged.points.to_string()),
        Status::Unknown => ('?', "-".to_owned()),
    };
    let of = judged.check.max_points;
    let says = if judged.status == Status::Contradicted { " (contradicted)" } else { "" };
    let head = format!("  {mark} {points:>2}/{of:<2} {}{says}  ({})", judged.check.title, judged.check.id);
    // What is as it should be is told by its lines alone.
    if judged.status == Status::Passed {
        let places: Vec<String> =
            judged.evidence.iter().filter_map(|seen| Some(seen.place.as_ref()?.to_string())).collect();
        return paragraph(out, &head, INDENT, &format!("  {}", plain(&places.join(", "))));
    }
    writeln!(out, "{head}")?;
    for evidence in &judged.evidence {
        paragraph(out, &" ".repeat(INDENT), INDENT, &plain(&seen(evidence)))?;
    }
    Ok(())
}

/// The text as a terminal may get it, whatever its length: names of files hold what they like.
fn plain(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// What was seen, where.
fn seen(evidence: &Evidence) -> String {
    let place = evidence.place.as_ref().map(|place| format!("{place}  ")).unwrap_or_default();
    let setting = evidence.setting.as_ref().map(|(name, value)| format!("{name} = {value}  ")).unwrap_or_default();
    let rows = evidence.rows.as_ref().filter(|rows| !rows.newest.is_empty()).map(|rows| {
        let ids: Vec<String> = rows.newest.iter().map(ToString::to_string).collect();
        format!(" Newest rows: {}.", ids.join(", "))
    });
    format!("{place}{setting}{}{}", evidence.text, rows.unwrap_or_default())
}

/// Text in lines of at most [`WIDTH`], behind a label.
fn paragraph(out: &mut impl Write, label: &str, indent: usize, text: &str) -> io::Result<()> {
    let mut line = label.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(indent);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    writeln!(out, "{}", line.trim_end())
}
