//! A report as Markdown (GitHub's flavour): headings, facts and tables. Every character of a text that Markdown could take
//! for its own is escaped, addresses too, so that no text becomes a link, a picture or HTML.

use super::Report;
use super::figures::minute;
use super::layout::{Block, Cell, Table, sections, window};
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Proxy report\n")?;
    writeln!(out, "{}\n", window(report))?;
    writeln!(out, "{}, {} UTC", report.generator, minute(report.generated_at))?;
    for section in sections(report) {
        writeln!(out, "\n## {}", section.title)?;
        if !section.note.is_empty() {
            writeln!(out, "\n{}", section.note)?;
        }
        for block in &section.blocks {
            match block {
                Block::Facts(facts) => {
                    writeln!(out, "\n| | |\n| --- | ---: |")?;
                    for (label, cell) in facts {
                        writeln!(out, "| {label} | {} |", inline(cell))?;
                    }
                }
                Block::Table(table) if table.behind_chart && table.rows.len() > 200 => {}
                Block::Table(table) => write_table(out, table)?,
                // The table behind it says the same.
                Block::Chart(_) => {}
            }
        }
    }
    Ok(())
}

fn write_table(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    if !table.title.is_empty() {
        writeln!(out, "\n### {}", table.title)?;
    }
    writeln!(out, "\n| {} |", table.columns.join(" | "))?;
    let rules: Vec<&str> =
        (0..table.columns.len()).map(|at| if table.is_number(at) { "---:" } else { "---" }).collect();
    writeln!(out, "| {} |", rules.join(" | "))?;
    for row in &table.rows {
        writeln!(out, "| {} |", row.iter().map(inline).collect::<Vec<_>>().join(" | "))?;
    }
    match table.rest() {
        Some(rest) => writeln!(out, "\n{rest}"),
        None => Ok(()),
    }
}

/// A cell within a line.
fn inline(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escaped(text.as_str()),
        Cell::Lines(lines) | Cell::Code(lines) => {
            lines.iter().map(|line| escaped(line.as_str())).collect::<Vec<_>>().join("<br>")
        }
        cell => cell.words(),
    }
}

/// A text with everything escaped that Markdown knows.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // What stands for addresses is taken for one without any sign around it.
            '|' | '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '~' | ':' | '@'
            | '$' => {
                out.push('\\');
                out.push(sign);
            }
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            _ => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_texts() {
        for (text, want) in [
            ("http://a.example/", "http\\://a.example/"),
            ("[x](javascript:alert(1))", "\\[x\\]\\(javascript\\:alert\\(1\\)\\)"),
            ("<script>|", "&lt;script&gt;\\|"),
            ("www.a.example `x`", "www\\.a.example \\`x\\`"),
            ("![p](data:x) a@b", "\\!\\[p\\]\\(data\\:x\\) a\\@b"),
        ] {
            assert_eq!(escaped(text), want);
        }
    }
}
