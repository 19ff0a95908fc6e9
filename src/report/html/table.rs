//! Tables, with bars beside the numbers that they are ordered by.

use super::escaped;
use crate::report::layout::{Cell, Table};
use std::io::{self, Write};

pub(super) fn write(out: &mut dyn Write, section: &str, table: &Table) -> io::Result<()> {
    let name = if table.title.is_empty() { section } else { table.title };
    // What is wider than the window is reached by keys too.
    write!(out, "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table>", escaped(name))?;
    if !table.title.is_empty() && !table.behind_chart {
        write!(out, "<caption>{}</caption>", escaped(table.title))?;
    }
    write!(out, "<thead><tr>")?;
    for (at, heading) in table.columns.iter().enumerate() {
        let class = if table.is_number(at) { " class=\"n\"" } else { "" };
        write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(heading))?;
        if table.bars == Some(at) {
            write!(out, "<td class=\"bar\"></td>")?;
        }
    }
    write!(out, "</tr></thead><tbody>")?;
    let most = table.bars.map_or(0, |bars| table.rows.iter().map(|row| row[bars].size()).max().unwrap_or_default());
    for row in &table.rows {
        write!(out, "<tr>")?;
        for (at, cell) in row.iter().enumerate() {
            write_cell(out, cell)?;
            if table.bars == Some(at) {
                write_bar(out, cell.size(), most)?;
            }
        }
        writeln!(out, "</tr>")?;
    }
    write!(out, "</tbody></table></div>")?;
    match table.rest() {
        Some(rest) => writeln!(out, "<p class=\"quiet\">{rest}</p>"),
        None => writeln!(out),
    }
}

fn write_cell(out: &mut dyn Write, cell: &Cell) -> io::Result<()> {
    match cell {
        Cell::Nothing => write!(out, "<td></td>"),
        // What is short stays on its line.
        Cell::Text(text) if text.as_str().len() <= 16 => {
            write!(out, "<td class=\"k\"><bdi>{}</bdi></td>", escaped(text.as_str()))
        }
        Cell::Text(text) => write!(out, "<td class=\"t\"><bdi>{}</bdi></td>", escaped(text.as_str())),
        Cell::Lines(lines) => {
            write!(out, "<td class=\"t\">")?;
            lines.iter().try_for_each(|line| write!(out, "<p><bdi>{}</bdi></p>", escaped(line.as_str())))?;
            write!(out, "</td>")
        }
        Cell::Code(lines) if lines.is_empty() => write!(out, "<td></td>"),
        Cell::Code(_) => write!(out, "<td><pre>{}</pre></td>", escaped(&cell.words())),
        Cell::Time(_) => write!(out, "<td class=\"time\">{}</td>", cell.words()),
        Cell::Word(word) => write!(out, "<td>{}</td>", escaped(word)),
        _ => write!(out, "<td class=\"n\">{}</td>", escaped(&cell.words())),
    }
}

fn write_bar(out: &mut dyn Write, size: u64, most: u64) -> io::Result<()> {
    let length = size as f64 / most.max(1) as f64 * 100.0;
    write!(
        out,
        "<td class=\"bar\"><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{length:.1}\" height=\"8\"/></svg></td>"
    )
}
