//! A report as CSV (RFC 4180), one value a line: section, table, item, measure, value, unit. Tables of all shapes are one
//! this way, and a pivot table makes them again. No text is a formula.

use super::Report;
use super::layout::{Block, Cell, Table, sections};
use std::borrow::Cow;
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(["section", "table", "item", "measure", "value", "unit"])?;
    for section in sections(report) {
        for block in &section.blocks {
            match block {
                Block::Facts(facts) => {
                    for (measure, cell) in facts {
                        record(&mut writer, [section.id, "", "", measure], cell)?;
                    }
                }
                Block::Table(table) => rows(&mut writer, section.id, table)?,
                // The table behind it says the same.
                Block::Chart(_) => {}
            }
        }
    }
    writer.flush()
}

fn rows<W: Write>(writer: &mut csv::Writer<W>, section: &str, table: &Table) -> io::Result<()> {
    for (number, row) in table.rows.iter().enumerate() {
        let (keys, values) = row.split_at(table.keys.min(row.len()));
        let item = match keys {
            [] => (number + 1).to_string(),
            keys => keys.iter().map(Cell::value).collect::<Vec<_>>().join(" "),
        };
        for (measure, cell) in table.columns[keys.len()..].iter().zip(values) {
            if *cell != Cell::Nothing {
                record(writer, [section, table.id, &item, measure], cell)?;
            }
        }
    }
    Ok(())
}

fn record<W: Write>(writer: &mut csv::Writer<W>, place: [&str; 4], cell: &Cell) -> io::Result<()> {
    for word in place {
        writer.write_field(neutralised(word).as_bytes())?;
    }
    let value = cell.value();
    let value = if cell.is_number() { Cow::Borrowed(value.as_str()) } else { neutralised(&value) };
    writer.write_field(value.as_bytes())?;
    writer.write_field(cell.unit())?;
    writer.write_record(None::<&[u8]>)?;
    Ok(())
}

/// A text that no spreadsheet takes for a formula: one that begins as a formula does gets an apostrophe in front.
/// Source: OWASP, CSV Injection.
fn neutralised(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Shown;

    #[test]
    fn no_text_is_a_formula() {
        let row = vec![Cell::Text(Shown::of("=cmd()")), Cell::Count(7), Cell::Text(Shown::of("@x"))];
        let columns = vec!["Name", "Requests", "Text"];
        let table = Table { id: "t", columns, keys: 1, rows: vec![row], ..Table::default() };
        let mut writer = csv::Writer::from_writer(Vec::new());
        rows(&mut writer, "s", &table).unwrap();
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        assert_eq!(text, "s,t,'=cmd(),Requests,7,\ns,t,'=cmd(),Text,'@x,\n");
    }
}
