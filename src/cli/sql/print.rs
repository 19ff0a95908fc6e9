//! What a question answered, written while it is read: as a table, CSV or JSON.

use crate::api::neutralised;
use crate::cli::rejects::printable;
use comfy_table::{CellAlignment, Table, presets};
use rusqlite::types::ValueRef;
use std::borrow::Cow;
use std::io::{self, Write};

/// Rows that are aligned with each other; the next have a table of their own.
const TABLE_ROWS: usize = 1000;

/// How the answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// Aligned, for people; long texts are cut.
    Table,
    /// RFC 4180, with a header line; no text is a formula.
    Csv,
    /// An array of objects, a line each.
    Json,
}

/// An answer on its way out.
pub(super) struct Printer<W: Write> {
    out: W,
    style: Style,
    names: Vec<String>,
    table: Table,
    in_table: usize,
    rows: u64,
}

impl<W: Write> Printer<W> {
    pub(super) fn new(out: W, style: Style, names: Vec<String>) -> io::Result<Printer<W>> {
        let mut printer = Printer { out, style, names, table: Table::new(), in_table: 0, rows: 0 };
        match style {
            Style::Table => printer.begin_table(),
            Style::Csv => {
                let names = printer.names.clone();
                printer.record(names.iter().map(|name| neutralised(name)))?;
            }
            Style::Json => printer.out.write_all(b"[")?,
        }
        Ok(printer)
    }

    fn begin_table(&mut self) {
        self.table = Table::new();
        self.table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        self.table.set_header(self.names.iter().map(|name| printable(name)));
        self.in_table = 0;
    }

    fn end_table(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", self.table)
    }

    pub(super) fn row(&mut self, values: &[ValueRef<'_>]) -> io::Result<()> {
        match self.style {
            Style::Table => {
                if self.in_table == TABLE_ROWS {
                    self.end_table()?;
                    self.begin_table();
                }
                self.table.add_row(values.iter().map(|value| {
                    let cell = comfy_table::Cell::new(printable(&text(value)));
                    let is_number = matches!(value, ValueRef::Integer(_) | ValueRef::Real(_));
                    cell.set_alignment(if is_number { CellAlignment::Right } else { CellAlignment::Left })
                }));
                self.in_table += 1;
            }
            Style::Csv => self.record(values.iter().map(|value| match value {
                ValueRef::Text(_) => Cow::Owned(neutralised(&text(value)).into_owned()),
                value => text(value),
            }))?,
            Style::Json => {
                self.out.write_all(if self.rows == 0 { b"\n{" } else { b",\n{" })?;
                for (at, (name, value)) in self.names.iter().zip(values).enumerate() {
                    if at > 0 {
                        self.out.write_all(b",")?;
                    }
                    serde_json::to_writer(&mut self.out, name)?;
                    self.out.write_all(b":")?;
                    match value {
                        ValueRef::Null => self.out.write_all(b"null")?,
                        ValueRef::Integer(number) => write!(self.out, "{number}")?,
                        ValueRef::Real(number) => serde_json::to_writer(&mut self.out, number)?,
                        value => serde_json::to_writer(&mut self.out, &text(value))?,
                    }
                }
                self.out.write_all(b"}")?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn end(mut self) -> io::Result<()> {
        match self.style {
            Style::Table => {
                self.end_table()?;
                writeln!(self.out, "{} row{}", self.rows, if self.rows == 1 { "" } else { "s" })?;
            }
            Style::Csv => {}
            Style::Json => self.out.write_all(b"\n]\n")?,
        }
        self.out.flush()
    }

    fn record<C: AsRef<str>>(&mut self, cells: impl Iterator<Item = C>) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut self.out);
        for cell in cells {
            writer.write_field(cell.as_ref())?;
        }
        writer.write_record(None::<&[u8]>)?;
        writer.flush()
    }
}

/// A value as a text: nothing for null, hexadecimal for bytes.
fn text<'v>(value: &ValueRef<'v>) -> Cow<'v, str> {
    match value {
        ValueRef::Null => Cow::Borrowed(""),
        ValueRef::Integer(number) => Cow::Owned(number.to_string()),
        ValueRef::Real(number) => Cow::Owned(number.to_string()),
        ValueRef::Text(text) => String::from_utf8_lossy(text),
        ValueRef::Blob(bytes) => Cow::Owned(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}
