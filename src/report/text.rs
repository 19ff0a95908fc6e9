//! A report for terminals: facts and tables, a few bars, no colour. Charts are what their tables say, hours of the week
//! as a field of shades.

use super::Report;
use super::figures::minute;
use super::layout::{Block, Cell, Chart, Columns, Heat, Section, Table, sections, window};
use crate::model::grouped;
use std::io::{self, Write};

/// How wide a column of texts may be, in characters.
const WIDEST: usize = 60;
/// How wide a bar may be.
const BAR: usize = 20;
/// Shades of a field, none first.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Proxy report  {}", window(report))?;
    writeln!(out, "{}, {} UTC", report.generator, minute(report.generated_at))?;
    for section in sections(report) {
        write_section(out, &section)?;
    }
    Ok(())
}

fn write_section(out: &mut dyn Write, section: &Section) -> io::Result<()> {
    writeln!(out, "\n\n{}\n{}", section.title.to_uppercase(), "=".repeat(section.title.chars().count()))?;
    if !section.note.is_empty() {
        writeln!(out, "{}", section.note)?;
    }
    for block in &section.blocks {
        match block {
            Block::Facts(facts) => {
                writeln!(out)?;
                let width = facts.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
                for (label, cell) in facts {
                    writeln!(out, "  {label:<width$}  {}", cell.words())?;
                }
            }
            Block::Table(table) if table.behind_chart => {}
            Block::Table(table) if table.columns.len() > 4 && !has_numbers(table) => write_records(out, table)?,
            Block::Table(table) => write_table(out, table)?,
            Block::Chart(Chart::Heat(heat)) => write_heat(out, heat)?,
            Block::Chart(Chart::Columns(columns)) => write_columns(out, columns)?,
        }
    }
    Ok(())
}

/// Whether a table is one of numbers rather than of texts.
fn has_numbers(table: &Table) -> bool {
    table.rows.iter().all(|row| row.iter().filter(|cell| cell.is_number()).count() > 1)
}

fn title(out: &mut dyn Write, title: &str) -> io::Result<()> {
    writeln!(out)?;
    if title.is_empty() { Ok(()) } else { writeln!(out, "{title}\n") }
}

/// A cell on one line.
fn line(cell: &Cell) -> String {
    let words = cell.words().replace('\n', "; ");
    match words.chars().nth(WIDEST) {
        Some(_) => words.chars().take(WIDEST - 1).chain(['…']).collect(),
        None => words,
    }
}

fn write_table(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    title(out, table.title)?;
    let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(line).collect()).collect();
    let width = |column: usize, heading: &str| {
        let widths = cells.iter().map(|row| row[column].chars().count());
        widths.chain([heading.chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = table.columns.iter().enumerate().map(|(at, heading)| width(at, heading)).collect();
    let row = |texts: &mut dyn Iterator<Item = &str>| {
        let mut row = String::from(" ");
        for (at, text) in texts.enumerate() {
            let pad = " ".repeat(widths[at].saturating_sub(text.chars().count()));
            let (before, after) = if table.is_number(at) { (pad.as_str(), "") } else { ("", pad.as_str()) };
            row.push_str(&format!(" {before}{text}{after} "));
        }
        row
    };
    writeln!(out, "{}", row(&mut table.columns.iter().copied()).trim_end())?;
    let most = table.bars.map_or(0, |bars| table.rows.iter().map(|row| row[bars].size()).max().unwrap_or_default());
    for (texts, cells) in cells.iter().zip(&table.rows) {
        let bar = table.bars.map_or(String::new(), |bars| bar(cells[bars].size(), most));
        writeln!(out, "{}", format!("{} {bar}", row(&mut texts.iter().map(String::as_str))).trim_end())?;
    }
    match table.rest() {
        Some(rest) => writeln!(out, "  ({rest})"),
        None => Ok(()),
    }
}

fn bar(size: u64, most: u64) -> String {
    let eighths = (size as f64 / most.max(1) as f64 * (BAR * 8) as f64).round() as usize;
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{part}", "█".repeat(eighths / 8))
}

/// A table of texts: each row as a paragraph.
fn write_records(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    title(out, table.title)?;
    let width = table.columns.iter().map(|heading| heading.len()).max().unwrap_or_default();
    for (at, row) in table.rows.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (heading, cell) in table.columns.iter().zip(row).filter(|(_, cell)| **cell != Cell::Nothing) {
            for (number, text) in cell.words().lines().enumerate() {
                writeln!(out, "  {:<width$}  {text}", if number == 0 { heading } else { "" })?;
            }
        }
    }
    match table.rest() {
        Some(rest) => writeln!(out, "  ({rest})"),
        None => Ok(()),
    }
}

fn write_heat(out: &mut dyn Write, heat: &Heat) -> io::Result<()> {
    let most = heat.requests.iter().flatten().copied().max().unwrap_or_default();
    writeln!(out, "\n  {:<9}  {:<8}{:<8}{:<8}{:<8}{:<8}{:<8}", "", "00", "04", "08", "12", "16", "20")?;
    for (day, hours) in heat.weekdays.iter().zip(&heat.requests) {
        let shades: String = hours.iter().flat_map(|requests| [shade(*requests, most); 2]).collect();
        writeln!(out, "  {day:<9}  {shades}  {}", grouped(hours.iter().sum()))?;
    }
    writeln!(out, "  {} at most in an hour of the week", grouped(most))
}

fn shade(requests: u64, most: u64) -> char {
    if requests == 0 {
        return SHADES[0];
    }
    let last = SHADES.len() - 1;
    SHADES[((requests as f64 / most.max(1) as f64 * last as f64).ceil() as usize).clamp(1, last)]
}

/// Columns as a line of blocks, the highest of each few.
fn write_columns(out: &mut dyn Write, columns: &Columns) -> io::Result<()> {
    const WIDTH: usize = 80;
    let sizes: Vec<u64> = columns.columns.iter().map(|(_, parts)| parts.iter().sum()).collect();
    let most = sizes.iter().copied().max().unwrap_or_default();
    let blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let block = |chunk: &[u64]| {
        let size = chunk.iter().copied().max().unwrap_or_default();
        if size == 0 { ' ' } else { blocks[(size as f64 / most.max(1) as f64 * 7.0).round() as usize] }
    };
    let line: String = sizes.chunks(sizes.len().div_ceil(WIDTH).max(1)).map(block).collect();
    let most = if columns.is_bytes { Cell::Bytes(most) } else { Cell::Count(most) };
    writeln!(out, "\n{}, at most {}", columns.title, most.words())?;
    writeln!(out, "\n  {line}")?;
    let (Some((first, _)), Some((last, _))) = (columns.columns.first(), columns.columns.last()) else { return Ok(()) };
    let pad = line.chars().count().saturating_sub(first.chars().count() + last.chars().count()).max(1);
    writeln!(out, "  {first}{}{last}", " ".repeat(pad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_shades_are_in_proportion() {
        assert_eq!(bar(0, 0), "");
        assert_eq!(bar(10, 10), "█".repeat(BAR));
        assert_eq!(bar(1, 16), format!("█{}", "▎"));
        assert_eq!([shade(0, 9), shade(1, 9), shade(9, 9), shade(3, 9)], ['·', '░', '█', '▒']);
    }
}
