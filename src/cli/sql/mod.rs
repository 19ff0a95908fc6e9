//! `tidegate sql`: questions about the stored rows in SQL, over one table, `proxy_logs`. Reading only: nothing else can
//! be named, neither another table nor another file. While masking is on, rows appear as to whoever has no scope.

mod columns;
mod patience;
mod plan;
mod print;
mod table;

use crate::api::RowSettings;
use crate::classify;
use crate::config::Config;
use crate::control::ControlDb;
use crate::model::SystemClock;
use crate::privacy::Privacy;
use crate::store::columnar::ColumnarStore;
use clap::Args;
use patience::Patience;
use print::{Printer, Style};
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, Authorization};
use std::io::BufWriter;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use table::Shown;

/// What to ask.
#[derive(Debug, Args)]
#[command(after_long_help = examples())]
pub(super) struct SqlArguments {
    /// One statement in SQLite's dialect: SELECT, WITH, VALUES or EXPLAIN.
    #[arg(value_name = "STATEMENT")]
    statement: String,
    /// Print CSV with a header line; a text that a spreadsheet would take for a formula gets an apostrophe in front.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a JSON array of objects.
    #[arg(long)]
    json: bool,
    /// Stop after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    timeout: u32,
}

fn examples() -> String {
    let columns: Vec<_> = columns::names().collect();
    format!(
        "Columns of proxy_logs:\n  {}\n\nTimes are texts like 2026-01-01 12:00:00 in UTC; time_ms has the milliseconds. \
         tags and waf_categories are JSON arrays.\n\nExamples:\n  \
         tidegate sql \"SELECT domain, count(*) AS n FROM proxy_logs GROUP BY domain ORDER BY n DESC LIMIT 10\"\n  \
         tidegate sql \"SELECT timestamp, client_ip, url FROM proxy_logs WHERE outcome = 'denied' \
         ORDER BY timestamp DESC LIMIT 20\"",
        columns.join(" ")
    )
}

/// What ended a question.
enum Ended {
    /// The statement can't be answered as it is written.
    Statement(String),
    /// Something else.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Ended {
    fn from(cause: E) -> Ended {
        Ended::Failed(cause.into())
    }
}

pub(super) fn run(arguments: &SqlArguments, config: &Config) -> anyhow::Result<ExitCode> {
    match ask(arguments, config) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Ended::Failed(cause)) => Err(cause),
        Err(Ended::Statement(fault)) => {
            super::report(&anyhow::anyhow!(fault));
            Ok(ExitCode::from(2))
        }
    }
}

fn ask(arguments: &SqlArguments, config: &Config) -> Result<(), Ended> {
    let statement = &arguments.statement;
    if !asks(statement) {
        let text = "the statement must begin with SELECT, WITH, VALUES or EXPLAIN: rows are only read here";
        return Err(Ended::Statement(text.to_owned()));
    }
    let data_dir = &config.data_dir;
    let path = data_dir.join(ColumnarStore::FILE);
    if !path.is_file() {
        let fault = anyhow::anyhow!("{}: no such database; name its directory with --data-dir", path.display());
        return Err(Ended::Failed(fault));
    }
    let clock = Arc::new(SystemClock);
    let store = Arc::new(ColumnarStore::open(data_dir, classify::CLASSIFIERS, clock.clone())?);
    let control = Arc::new(ControlDb::open(data_dir, clock, config.settings.clone())?);
    let lens = Privacy::open(data_dir, Arc::clone(&control))?.lens_of_nobody();
    let settings = RowSettings::of(&control.settings(), &lens);
    let patience = Arc::new(Patience::new(Duration::from_secs(arguments.timeout.into()), &path));
    let connection = connect(Shown { store, lens, settings, patience: Arc::clone(&patience) })?;
    let failed = |cause: rusqlite::Error| match patience.spent() {
        Some(why) => Ended::Failed(anyhow::anyhow!(why)),
        None => Ended::Statement(explain(cause)),
    };
    let mut prepared = connection.prepare(statement).map_err(failed)?;
    let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let count = names.len();
    let style = match arguments {
        SqlArguments { csv: true, .. } => Style::Csv,
        SqlArguments { json: true, .. } => Style::Json,
        _ => Style::Table,
    };
    let mut rows = prepared.query([]).map_err(failed)?;
    let mut printer = Printer::new(BufWriter::new(std::io::stdout().lock()), style, names)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let values: Result<Vec<_>, _> = (0..count).map(|at| row.get_ref(at)).collect();
        printer.row(&values.map_err(failed)?)?;
    }
    Ok(printer.end()?)
}

/// A connection to a database in memory that has nothing but the table, and lets nothing but reading happen.
fn connect(shown: Shown) -> rusqlite::Result<Connection> {
    /// Steps of SQLite's machine between two looks at the clock.
    const STEPS: i32 = 10_000;
    let connection = Connection::open_in_memory()?;
    let patience = Arc::clone(&shown.patience);
    table::register(&connection, Arc::new(shown))?;
    connection.progress_handler(STEPS, Some(move || patience.is_spent()))?;
    connection.authorizer(Some(|context: rusqlite::hooks::AuthContext<'_>| match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }))?;
    Ok(connection)
}

/// Whether a statement begins like one that only asks.
fn asks(statement: &str) -> bool {
    let mut rest = statement;
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '(' || sign == ';');
        rest = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.split_once('\n').map_or("", |(_, rest)| rest),
            (_, Some(comment)) => comment.split_once("*/").map_or("", |(_, rest)| rest),
            _ => break,
        };
    }
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    ["SELECT", "WITH", "VALUES", "EXPLAIN"].iter().any(|known| known.eq_ignore_ascii_case(&word))
}

/// What is wrong with a statement, and what mends it.
fn explain(cause: rusqlite::Error) -> String {
    let text = match cause {
        rusqlite::Error::SqlInputError { msg, .. } => msg,
        rusqlite::Error::SqliteFailure(_, Some(text)) => text,
        rusqlite::Error::MultipleStatement => return "one statement at a time".to_owned(),
        other => other.to_string(),
    };
    let mend = if text.starts_with("no such column") {
        format!("; proxy_logs has {}", columns::names().collect::<Vec<_>>().join(", "))
    } else if text.starts_with("no such table") {
        "; there is one table, proxy_logs".to_owned()
    } else if text.contains("not authorized") || text.contains("prohibited") {
        "; rows are only read here".to_owned()
    } else {
        String::new()
    };
    text + &mend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statements_that_ask_are_let_in() {
        for (statement, want) in [
            ("SELECT 1", true),
            ("  -- what\n /* a; b */ select 1", true),
            ("(VALUES (1))", true),
            ("WITH a AS (SELECT 1) SELECT * FROM a", true),
            ("explain query plan select 1", true),
            ("DELETE FROM proxy_logs", false),
            ("ATTACH 'control.db' AS c", false),
            ("PRAGMA journal_mode = DELETE", false),
            ("-- SELECT", false),
            ("", false),
        ] {
            assert_eq!(asks(statement), want, "{statement}");
        }
    }
}
