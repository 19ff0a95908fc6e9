//! From TOML to [`Config`] by the registry. Goes on after a fault, so that all are found; what is faulty keeps its
//! default in a result nobody gets to see.

use super::Config;
use super::faults::{ConfigFault, line_of};
use super::nearest::nearest;
use super::registry::{EITHER_OR, KEYS, KeySpec, SETTINGS_TABLE, TABLES, TableSpec, key_names};
use super::sections::SourceConfig;
use crate::control::lists::List;
use crate::control::settings::{SettingFault, SettingSpec, SettingValue, spec};
use std::collections::HashMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a file's text; the configuration is good when there are no faults.
pub(super) fn read(text: &str) -> (Config, Vec<ConfigFault>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        text,
        config: Config::default(),
        faults: Vec::new(),
        whole: errors.is_empty(),
        lost_from: None,
        seen: HashMap::new(),
    };
    for error in &errors {
        reader.syntax(error);
    }
    reader.root(root.get_ref());
    (reader.config, reader.faults)
}

struct Reader<'t> {
    text: &'t str,
    config: Config,
    faults: Vec<ConfigFault>,
    /// Whether all of the text was TOML; if not, what seems to be missing may be there.
    whole: bool,
    /// The first line that should have been a table's header; what follows belongs to no known table.
    lost_from: Option<usize>,
    /// Where a source's name or path was given first.
    seen: HashMap<(&'static str, String), usize>,
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        line_of(self.text.as_bytes(), span.start)
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let what = error.message().lines().next().unwrap_or_default();
        let mend = match what {
            what if what.contains("quoted") => "put the value in quotes",
            what if what.contains("duplicate") => "remove one of the two",
            _ => "correct this line",
        };
        let line = error.span().map(|span| self.line(&span));
        let header = |line: &usize| self.text.lines().nth(line - 1).is_some_and(|text| text.trim().starts_with('['));
        self.lost_from = self.lost_from.or(line.filter(header));
        // The parser goes on after an error and may trip over the same line again.
        if !self.faults.iter().any(|fault| fault.line == line) {
            self.faults.push(ConfigFault { line, place: String::new(), problem: format!("{what}; {mend}") });
        }
    }

    fn fault(&mut self, span: &Range<usize>, place: String, problem: String) {
        let line = self.line(span);
        let lost = self.lost_from.is_some_and(|from| from <= line);
        // A line that is no TOML was complained of already.
        if !lost && !self.faults.iter().any(|fault| fault.line == Some(line) && fault.place.is_empty()) {
            self.faults.push(ConfigFault { line: Some(line), place, problem });
        }
    }

    fn root(&mut self, root: &DeTable<'_>) {
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            match TABLES.iter().find(|table| table.name == name && !name.is_empty()) {
                Some(table) if table.repeated => self.repeated(table, &key.span(), value),
                Some(table) => match value.get_ref() {
                    DeValue::Table(entries) => self.entries(table, entries),
                    _ => {
                        let problem = format!("is not one table; write the line [{name}] once and its keys below it");
                        self.fault(&key.span(), format!("[{name}]"), problem);
                    }
                },
                None if is_table(value.get_ref()) => {
                    let tables = TABLES.iter().map(|table| table.name).filter(|name| !name.is_empty());
                    let problem = match nearest(name, tables.clone()) {
                        Some(meant) => format!("unknown table; correct its name (did you mean '{meant}'?)"),
                        None => {
                            format!("unknown table; remove it, known are {}", tables.collect::<Vec<_>>().join(", "))
                        }
                    };
                    self.fault(&key.span(), format!("[{name}]"), problem);
                }
                None => self.entry(&TABLES[0], key.get_ref(), &key.span(), value),
            }
        }
    }

    fn repeated(&mut self, table: &TableSpec, span: &Range<usize>, value: &Spanned<DeValue<'_>>) {
        let items = match value.get_ref() {
            DeValue::Array(items) if items.iter().all(|item| is_table(item.get_ref())) => items,
            _ => {
                let name = table.name;
                let problem = format!("is not a list of tables; write [[{name}]] with two brackets above each");
                return self.fault(span, format!("[{name}]"), problem);
            }
        };
        for item in items {
            let DeValue::Table(entries) = item.get_ref() else { continue };
            self.config.sources.push(SourceConfig::default());
            self.entries(table, entries);
            self.whole_source(table, &item.span(), entries);
        }
    }

    /// What one key can't say about a source.
    fn whole_source(&mut self, table: &TableSpec, span: &Range<usize>, entries: &DeTable<'_>) {
        let find = |wanted: &str| entries.keys().find(|key| key.get_ref() == wanted);
        for (one, other) in EITHER_OR {
            if let (Some(key), Some(_)) = (find(one), find(other)) {
                let problem = format!("does not go together with {other}; remove one of the two");
                self.fault(&key.span(), place(table, one), problem);
            }
        }
        if self.whole && find("path").is_none() && find("listen").is_none() {
            let problem = r#"is missing; add a line path = "/var/log/squid/access.log", or one with listen"#;
            self.fault(span, place(table, "path"), problem.to_owned());
        }
    }

    fn entries(&mut self, table: &TableSpec, entries: &DeTable<'_>) {
        for (key, value) in entries {
            self.entry(table, key.get_ref(), &key.span(), value);
        }
    }

    fn entry(&mut self, table: &TableSpec, key: &str, span: &Range<usize>, value: &Spanned<DeValue<'_>>) {
        if table.name == SETTINGS_TABLE
            && let Ok(spec) = spec(key)
        {
            return self.setting(table, spec, span, value.get_ref());
        }
        let Some(spec) = KEYS.iter().find(|spec| spec.table == table.name && spec.key == key) else {
            let problem = unknown(table, key);
            return self.fault(span, place(table, key), problem);
        };
        if spec.kind.if_empty().is_some() {
            return self.list(table, spec, span, value.get_ref());
        }
        let DeValue::String(text) = value.get_ref() else {
            let (found, shown) = (type_name(value.get_ref()), spec.presence.shown());
            let problem = format!("is {found}, not a string; write it like {key} = \"{shown}\"");
            return self.fault(span, place(table, key), problem);
        };
        if let Err(problem) = spec.kind.check(text) {
            return self.fault(span, place(table, key), problem);
        }
        if table.repeated && matches!(spec.key, "name" | "path" | "listen") {
            let line = self.line(span);
            if let Some(first) = self.seen.insert((spec.key, text.to_string()), line) {
                let problem = format!("is that of line {first} again; give each source its own or remove one");
                return self.fault(span, place(table, key), problem);
            }
        }
        (spec.apply)(&mut self.config, text);
    }

    fn list(&mut self, table: &TableSpec, spec: &KeySpec, span: &Range<usize>, value: &DeValue<'_>) {
        let texts = match value {
            DeValue::Array(items) => items.iter().map(|item| item.get_ref().as_str()).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        let Some(texts) = texts else {
            let (key, shown) = (spec.key, spec.presence.shown());
            let problem = format!(r#"is not a list of strings; write it like {key} = ["{shown}"]"#);
            return self.fault(span, place(table, key), problem);
        };
        if let Some(mend) = spec.kind.if_empty().filter(|_| texts.is_empty()) {
            self.fault(span, place(table, spec.key), format!("is empty; {mend}"));
        }
        for text in texts {
            match spec.kind.check(text) {
                Ok(()) => (spec.apply)(&mut self.config, text),
                Err(problem) => self.fault(span, place(table, spec.key), format!("{problem}; correct or remove it")),
            }
        }
    }

    fn setting(&mut self, table: &TableSpec, spec: &SettingSpec, span: &Range<usize>, value: &DeValue<'_>) {
        let given = match value {
            DeValue::Boolean(value) => Some(SettingValue::Bool(*value)),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(SettingValue::Int)
            }
            DeValue::String(text) => Some(SettingValue::Text(text.to_string())),
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                texts.collect::<Option<_>>().map(|texts| SettingValue::List(List::Texts(texts)))
            }
            _ => None,
        };
        let refused = SettingFault::Refused { name: spec.name, expects: spec.expects() };
        let taken = given.ok_or(refused).and_then(|value| self.config.settings.insert(spec.name, &value));
        if let Err(fault) = taken {
            let problem = match fault {
                SettingFault::Entry { entry, .. } => format!("{entry}; correct or remove it"),
                _ => format!("is not {}; correct it or remove the line", spec.expects()),
            };
            self.fault(span, place(table, spec.name), problem);
        }
    }
}

fn place(table: &TableSpec, key: &str) -> String {
    match table {
        TableSpec { name: "", .. } => key.to_owned(),
        TableSpec { name, repeated: true, .. } => format!("[[{name}]] {key}"),
        TableSpec { name, .. } => format!("[{name}] {key}"),
    }
}

fn unknown(table: &TableSpec, key: &str) -> String {
    if let Some(meant) = nearest(key, key_names(table.name)) {
        return format!("unknown key; correct its name (did you mean '{meant}'?)");
    }
    match TABLES.iter().find(|other| key_names(other.name).contains(&key)) {
        Some(TableSpec { name: "", .. }) => "unknown key in this table; move it above the first table".to_owned(),
        Some(TableSpec { name, .. }) => format!("unknown key here; move it into the table '{name}'"),
        None => match key_names(table.name) {
            known if known.is_empty() => "unknown key; remove it".to_owned(),
            known => format!("unknown key; remove it, known here are {}", known.join(", ")),
        },
    }
}

fn is_table(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(_) => true,
        DeValue::Array(items) => !items.is_empty() && items.iter().all(|item| is_table(item.get_ref())),
        _ => false,
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
