//! The columns of `proxy_logs`: those of files, and what else is known of a row. Lists are JSON arrays, for `json_each`.

use crate::api::{COLUMNS, Cell, LogRow, RowSettings};
use crate::classify::{CLASSIFIERS, destination};
use crate::format::render;
use crate::model::{Event, EventView, Lens, PathTraits};
use rusqlite::types::Value;
use std::cell::OnceCell;
use std::fmt::Write;

/// A column that files don't have.
struct More {
    name: &'static str,
    kind: &'static str,
    of: fn(&EventView) -> Value,
}

const MORE: &[More] = &[
    More { name: "time_ms", kind: "INTEGER", of: |view| Value::Integer(view.time.0) },
    More { name: "peer", kind: "TEXT", of: |view| optional(view.peer.clone()) },
    More { name: "domain", kind: "TEXT", of: |view| optional((CLASSIFIERS.domain)(view.origin.as_bytes())) },
    More {
        name: "port",
        kind: "INTEGER",
        of: |view| {
            destination(view.origin.as_bytes()).map_or(Value::Null, |target| Value::Integer(target.port().into()))
        },
    },
    More { name: "service", kind: "TEXT", of: |view| word((CLASSIFIERS.service)(view.origin.as_bytes())) },
    More {
        name: "service_category",
        kind: "TEXT",
        of: |view| word((CLASSIFIERS.service_category)(view.origin.as_bytes())),
    },
    More {
        name: "service_type",
        kind: "TEXT",
        of: |view| word(Some((CLASSIFIERS.service_type)(view.origin.as_bytes()))),
    },
    More {
        name: "agent_family",
        kind: "TEXT",
        of: |view| {
            view.user_agent.as_ref().map_or(Value::Null, |agent| (CLASSIFIERS.agent)(agent.as_bytes()).family.into())
        },
    },
    More {
        name: "agent_class",
        kind: "TEXT",
        of: |view| word(view.user_agent.as_ref().map(|agent| (CLASSIFIERS.agent)(agent.as_bytes()).class)),
    },
    More {
        name: "extension",
        kind: "TEXT",
        of: |view| {
            let extension = extension(view);
            // A part of the path: told only where the URL shown holds it.
            let is_shown = view.is_whole || view.url.to_ascii_lowercase().contains(&format!(".{extension}"));
            optional(Some(extension).filter(|extension| !extension.is_empty() && is_shown))
        },
    },
    More {
        name: "file_category",
        kind: "TEXT",
        of: |view| word(Some(view.file_category(extension(view).as_bytes(), &CLASSIFIERS))),
    },
    More {
        name: "url_entropy",
        kind: "REAL",
        of: |view| {
            view.entropy_millibits(&CLASSIFIERS).map_or(Value::Null, |bits| Value::Real(f64::from(bits) / 1000.0))
        },
    },
    More { name: "raw", kind: "TEXT", of: |view| optional(render(view)) },
];

fn extension(view: &EventView) -> String {
    let traits = view.path_traits(&CLASSIFIERS);
    PathTraits::read(&traits).map(|traits| String::from_utf8_lossy(traits.extension).into_owned()).unwrap_or_default()
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::Text)
}

/// A dash is none.
fn word(word: Option<&'static str>) -> Value {
    optional(word.filter(|word| *word != "-").map(str::to_owned))
}

/// Every column's name, in order.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name).chain(MORE.iter().map(|more| more.name))
}

/// The table as SQL declares it.
pub(super) fn declaration() -> String {
    let kind = |is_number| if is_number { "INTEGER" } else { "TEXT" };
    let columns = COLUMNS.iter().map(|column| (column.name, kind(column.is_number)));
    let mut text = String::from("CREATE TABLE proxy_logs(");
    for (at, (name, kind)) in columns.chain(MORE.iter().map(|more| (more.name, more.kind))).enumerate() {
        // Writing to a string can't fail.
        let _ = write!(text, "{}\"{name}\" {kind}", if at == 0 { "" } else { ", " });
    }
    text + ")"
}

/// A row whose columns are worked out as they are asked for.
#[derive(Debug)]
pub(super) struct Row {
    event: Event,
    view: OnceCell<EventView>,
    row: OnceCell<LogRow>,
}

impl Row {
    pub(super) fn of(event: Event) -> Row {
        Row { event, view: OnceCell::new(), row: OnceCell::new() }
    }

    /// Its number.
    pub(super) fn id(&self) -> u64 {
        self.event.id
    }

    /// The value of a column, by its place among [`names`]; null beyond.
    pub(super) fn value(&self, at: usize, lens: &Lens, settings: &RowSettings) -> Value {
        let view = || self.view.get_or_init(|| EventView::of(&self.event, lens));
        match COLUMNS.get(at) {
            Some(column) => {
                let row = self.row.get_or_init(|| LogRow::of(view().clone(), settings));
                match (column.of)(row) {
                    Cell::Null => Value::Null,
                    Cell::Integer(number) => Value::Integer(number),
                    Cell::Text(text) => Value::Text(text.into_owned()),
                    Cell::List(words) => Value::Text(serde_json::json!(words).to_string()),
                }
            }
            None => MORE.get(at - COLUMNS.len()).map_or(Value::Null, |more| (more.of)(view())),
        }
    }
}
