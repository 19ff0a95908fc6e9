//! Takes entries from a file into a list that has a table of its own.

use super::super::audit::{self, Actor, AuditEntry};
use super::super::lists::{BadLine, List, ListFile, ListFormat, ListItem, draft_of};
use super::super::{ControlDb, ControlError, ControlResult};
use super::{SettingFault, SettingKind, SettingSpec, SettingValue, spec};
use serde::Serialize;
use serde_json::json;

/// What becomes of the entries a list has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportMode {
    /// They stay; an alias of the same address gets the file's name.
    Append,
    /// They go.
    Replace,
}

impl ImportMode {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            ImportMode::Append => "append",
            ImportMode::Replace => "replace",
        }
    }
}

/// What came of an import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ListImport {
    /// How the file's lines were read.
    pub format: ListFormat,
    /// Whether the list was changed as said here; not when there are bad lines and none were to be passed over.
    pub imported: bool,
    /// Entries the list had not.
    pub added: usize,
    /// Aliases that have another name now.
    pub renamed: usize,
    /// Entries the list had.
    pub already_there: usize,
    /// Entries that went, since the file has them not.
    pub removed: usize,
    /// Entries the list has now.
    pub total: usize,
    /// The first bad lines.
    pub bad: Vec<BadLine>,
    /// How many lines are bad.
    pub bad_count: usize,
}

impl ControlDb {
    /// Imports a file into a list, and audits how long the list was before and after. Bad lines are passed over and
    /// told, unless the import is `strict`: then one bad line leaves the list as it is.
    ///
    /// # Errors
    /// [`ControlError::Settings`] when there is no such list or it would be too long.
    pub fn import_list(
        &self,
        name: &str,
        bytes: &[u8],
        mode: ImportMode,
        strict: bool,
        actor: &Actor,
    ) -> ControlResult<ListImport> {
        let refused = |fault| ControlError::Settings(vec![fault]);
        let spec = spec(name).map_err(refused)?;
        let SettingKind::List { item, max_items, .. } = spec.kind else {
            return Err(refused(SettingFault::Unknown { name: name.to_owned() }));
        };
        let file = ListFile::read(item, bytes);
        if strict && file.bad_count > 0 {
            let total = length(&self.settings().value(spec));
            return Ok(ListImport { imported: false, total, ..report(&file) });
        }
        let (_, report) = self.change_settings(|transaction, settings| {
            let before = settings.value(spec);
            let (list, report) = merged(item, &before, file, mode);
            if list.len() > max_items {
                return Err(refused(SettingFault::Refused { name: spec.name, expects: spec.expects() }));
            }
            self.store_setting(transaction, spec, &SettingValue::List(list))?;
            let entry = AuditEntry::new("lists.import", spec.name)
                .before(json!({ "entries": length(&before) }))
                .after(json!({ "entries": report.total, "mode": mode.name(), "bad_lines": report.bad_count }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(report)
        })?;
        Ok(report)
    }
}

fn length(value: &SettingValue) -> usize {
    if let SettingValue::List(list) = value { list.len() } else { 0 }
}

fn report(file: &ListFile) -> ListImport {
    ListImport {
        format: file.format,
        imported: true,
        added: 0,
        renamed: 0,
        already_there: 0,
        removed: 0,
        total: 0,
        bad: file.bad.clone(),
        bad_count: file.bad_count,
    }
}

/// The list as it will be, and what the file did to it.
fn merged(item: ListItem, before: &SettingValue, file: ListFile, mode: ImportMode) -> (List, ListImport) {
    let held = if let SettingValue::List(list) = before { draft_of(item, list) } else { Default::default() };
    let mut report = report(&file);
    for (key, name) in &file.entries {
        match held.get(key) {
            None => report.added += 1,
            Some(other) if other == name => report.already_there += 1,
            Some(_) => report.renamed += 1,
        }
    }
    let after = match mode {
        ImportMode::Append => held.into_iter().chain(file.entries).collect(),
        ImportMode::Replace => {
            report.removed = held.len() - report.already_there - report.renamed;
            file.entries
        }
    };
    let list = item.list(after);
    report.total = list.len();
    (list, report)
}

/// The lists that files are imported into.
pub fn lists() -> impl Iterator<Item = &'static SettingSpec> {
    super::SETTINGS.iter().filter(|spec| spec.has_table())
}
