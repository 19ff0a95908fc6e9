//! A row of the log as a line of a table: the columns of CSV files, and of SQL.

use super::rows::LogRow;
use std::borrow::Cow;

/// A value of a column.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell<'r> {
    /// There is none.
    Null,
    /// A number.
    Integer(i64),
    /// A text.
    Text(Cow<'r, str>),
    /// Several texts.
    List(Vec<&'r str>),
}

/// A column: its name, and how its value is had from a row.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// As in the row's JSON, with `waf_` before what stands below `waf` there.
    pub name: &'static str,
    /// Whether its values are numbers.
    pub is_number: bool,
    /// The value of a row.
    pub of: for<'r> fn(&'r LogRow) -> Cell<'r>,
}

const fn number(name: &'static str, of: for<'r> fn(&'r LogRow) -> Cell<'r>) -> Column {
    Column { name, is_number: true, of }
}

const fn text(name: &'static str, of: for<'r> fn(&'r LogRow) -> Cell<'r>) -> Column {
    Column { name, is_number: false, of }
}

/// Every column, in the order of files.
pub const COLUMNS: &[Column] = &[
    number("id", |row| row.id.into()),
    text("timestamp", |row| row.timestamp.as_str().into()),
    text("client_ip", |row| (&row.client_ip).into()),
    text("client_name", |row| (&row.client_name).into()),
    text("user", |row| (&row.user).into()),
    text("method", |row| (&row.method).into()),
    text("destination", |row| row.destination.as_str().into()),
    text("url", |row| row.url.as_str().into()),
    text("status", |row| row.status.as_str().into()),
    number("status_code", |row| u64::from(row.status_code).into()),
    text("result", |row| (&row.result).into()),
    text("outcome", |row| row.outcome.into()),
    number("bytes", |row| row.bytes.into()),
    number("elapsed_ms", |row| Cell::Integer(row.elapsed_ms)),
    text("mime", |row| (&row.mime).into()),
    text("hierarchy", |row| (&row.hierarchy).into()),
    text("user_agent", |row| (&row.user_agent).into()),
    text("referer", |row| (&row.referer).into()),
    text("source", |row| row.source.as_str().into()),
    text("host", |row| row.host.as_str().into()),
    text("severity", |row| row.severity.into()),
    text("message", |row| row.message.as_str().into()),
    text("tags", |row| Cell::List(row.tags.clone())),
    number("waf_score", |row| row.waf.score.map_or(Cell::Null, |score| u64::from(score).into())),
    text("waf_severity", |row| (&row.waf.severity).into()),
    text("waf_categories", |row| Cell::List(row.waf.categories.iter().map(String::as_str).collect())),
];

impl From<u64> for Cell<'_> {
    /// Numbers beyond what SQL has end there.
    fn from(number: u64) -> Self {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl<'r> From<&'r Option<String>> for Cell<'r> {
    fn from(text: &'r Option<String>) -> Self {
        text.as_deref().map_or(Cell::Null, Cell::from)
    }
}

impl<'r> Cell<'r> {
    /// As a cell of a CSV file: nothing for null, lists separated by blanks, texts [`neutralised`].
    pub fn into_csv(self) -> Cow<'r, str> {
        match self {
            Cell::Null => Cow::Borrowed(""),
            Cell::Integer(number) => Cow::Owned(number.to_string()),
            Cell::Text(Cow::Borrowed(text)) => neutralised(text),
            Cell::Text(Cow::Owned(text)) => Cow::Owned(neutralised(&text).into_owned()),
            Cell::List(words) => Cow::Owned(neutralised(&words.join(" ")).into_owned()),
        }
    }
}

/// A text that no spreadsheet takes for a formula: one that begins as a formula does gets an apostrophe in front,
/// whatever follows. Source: OWASP, CSV Injection.
pub fn neutralised(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_none() {
        for (text, want) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r\n=1", "'\r\n=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(neutralised(text), want);
        }
        assert_eq!(Cell::Integer(-1).into_csv(), "-1");
        assert_eq!(Cell::List(vec!["a", "b"]).into_csv(), "a b");
    }
}
