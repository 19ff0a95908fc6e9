//! The annotated configuration file, written from the registry: `config.toml` in the repository is this text.

use super::registry::{KEYS, SETTINGS_TABLE, TABLES, TableSpec};
use crate::control::settings::{SETTINGS, SettingSpec, SettingValue};

const HEAD: &str = "\
# Tidegate's configuration. It works as it is; every key is here.
#
# A line that begins with # and a blank explains. A line that begins with # alone is a key with its default (or an
# example, where it has none): remove the # and change the value. At its start Tidegate names every mistake.
# Relative paths start at the directory Tidegate is started in.
";

/// The longest line.
const MOST_CHARS: usize = 120;

/// The annotated file: every table and key with what it means, its bounds and its default.
pub fn reference() -> String {
    let mut out = HEAD.to_owned();
    for table in TABLES {
        write_table(&mut out, table);
    }
    out
}

fn write_table(out: &mut String, table: &TableSpec) {
    out.push('\n');
    match table {
        TableSpec { name: "", .. } => {}
        // Commented out, since a table that has a required key can't stand empty.
        TableSpec { name, repeated: true, doc } => out.push_str(&format!("# {doc}\n#[[{name}]]\n")),
        TableSpec { name, doc, .. } => out.push_str(&format!("# {doc}\n[{name}]\n")),
    }
    for (index, spec) in KEYS.iter().filter(|spec| spec.table == table.name).enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let (expects, blank) = (spec.kind.expects(), if spec.kind.expects().is_empty() { "" } else { " " });
        let shown = toml::Value::String(spec.presence.shown().to_owned()).to_string();
        let value = if spec.kind.if_empty().is_some() { format!("[{shown}]") } else { shown };
        out.push_str(&format!("# {}{blank}{expects}\n#{} = {value}\n", spec.doc, spec.key));
    }
    if table.name == SETTINGS_TABLE {
        for (index, spec) in SETTINGS.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            write_setting(out, spec);
        }
    }
}

fn write_setting(out: &mut String, spec: &SettingSpec) {
    let value = match spec.default() {
        SettingValue::Bool(value) => value.to_string(),
        SettingValue::Int(number) => number.to_string(),
        SettingValue::Text(text) => toml::Value::String(text).to_string(),
        SettingValue::List(list) => {
            toml::Value::Array(list.texts().map(|text| text.into_owned().into()).collect()).to_string()
        }
    };
    let mut expects = spec.expects();
    expects[..1].make_ascii_uppercase();
    let comment = format!("# {} {expects}.", spec.help);
    // What doesn't fit on one line goes on two.
    let comment = if comment.len() <= MOST_CHARS { comment } else { format!("# {}\n# {expects}.", spec.help) };
    out.push_str(&format!("{comment}\n#{} = {value}\n", spec.name));
}
