//! Erasing a data subject from archives: those that hold rows of the person are written anew without them.

use super::ArchiveError;
use super::folder::Folder;
use super::manifest::{Manifest, Part};
use super::pack::Pack;
use super::read::Archive;
use crate::model::{FileTraces, Lens, Occurrences, StoredRow, SubjectKind, SubjectSearch};
use std::collections::HashMap;

/// Whose rows are meant: the person with this pseudonym. So rows as logged are found, and those that were stored or
/// archived under the same key.
#[derive(Clone, Debug)]
pub struct Person {
    /// By what the person is known.
    pub kind: SubjectKind,
    /// The person's pseudonym.
    pub pseudonym: String,
    /// The lens under which people have the pseudonyms they have now.
    pub lens: Lens,
    /// The number of the key that makes them.
    pub pseudonym_key: u64,
}

/// What was erased from archives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErasedRows {
    /// Rows that are gone.
    pub rows: u64,
    /// Archives that were written anew, or removed as no row was left, by name.
    pub archives: Vec<String>,
    /// Archives that could not be searched, and why.
    pub unreadable: Vec<(String, String)>,
    /// Archives in which people have pseudonyms of a key that is gone: who they are can't be told.
    pub other_keys: Vec<String>,
}

/// Takes a person's rows out of every archive of a folder. An archive keeps its name and its number, so that it is still
/// known where it was imported; its manifest counts what was taken out. `progress` is told how many archives are done, of
/// how many.
///
/// # Errors
/// When a file can't be written; archives that are done stay so. One that can't be read is no error, but named.
pub fn erase(folder: &Folder, person: &Person, progress: &dyn Fn(u64, u64)) -> Result<ErasedRows, ArchiveError> {
    folder.sweep()?;
    let listed = folder.list()?;
    let mut erased = ErasedRows::default();
    for (number, known) in listed.iter().enumerate() {
        progress(number as u64, listed.len() as u64);
        let archive = match folder.open(&known.name) {
            Ok(archive) => archive,
            Err(ArchiveError::Unknown) => continue,
            Err(fault) => {
                erased.unreadable.push((known.name.clone(), fault.to_string()));
                continue;
            }
        };
        if archive
            .manifest
            .masking
            .pseudonym_key
            .as_ref()
            .is_some_and(|key| *key != format!("{:016x}", person.pseudonym_key))
        {
            erased.other_keys.push(known.name.clone());
        }
        let mut test = Test::new(person);
        match parts_of(&archive, &mut test) {
            Ok(parts) if parts.iter().all(|found| !found) => {}
            Ok(parts) => {
                erased.rows += rewrite(folder, &archive, &parts, &mut test)?;
                erased.archives.push(known.name.clone());
            }
            Err(fault) => erased.unreadable.push((known.name.clone(), fault.to_string())),
        }
    }
    progress(listed.len() as u64, listed.len() as u64);
    Ok(erased)
}

/// Whether any archive of a folder holds rows of a person.
///
/// # Errors
/// When the folder can't be read.
pub fn holds(folder: &Folder, person: &Person) -> Result<bool, ArchiveError> {
    let mut test = Test::new(person);
    for known in folder.list()? {
        let Ok(archive) = folder.open(&known.name) else { continue };
        if parts_of(&archive, &mut test).is_ok_and(|parts| parts.contains(&true)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How often the rows of each archive hold a person, as a search of what they say; only those that do. What can't be read
/// is left out: [`erase`] names it.
pub fn find_traces(folder: &Folder, search: &SubjectSearch) -> Vec<FileTraces> {
    let mut traces = Vec::new();
    for known in folder.list().unwrap_or_default() {
        let Ok(archive) = folder.open(&known.name) else { continue };
        let mut found = Occurrences::default();
        for lines in (0..archive.manifest.parts.len()).filter_map(|number| archive.lines(number).ok()) {
            found.add(search.count_from(&lines, 0..lines.len()));
        }
        if found.any() {
            traces.push(FileTraces { file: format!("{}/{}", Folder::DIR, known.name), found });
        }
    }
    traces
}

/// Whether rows are a person's; remembers values, as there are few.
struct Test<'p> {
    person: &'p Person,
    known: HashMap<Vec<u8>, bool>,
}

impl<'p> Test<'p> {
    fn new(person: &'p Person) -> Test<'p> {
        Test { person, known: HashMap::new() }
    }

    fn is_theirs(&mut self, row: &StoredRow<'_>) -> bool {
        let Person { kind, pseudonym, lens, .. } = self.person;
        let value: &[u8] = match kind {
            SubjectKind::Client => &row.c_ip,
            SubjectKind::User => &row.cs_username,
        };
        if let Some(known) = self.known.get(value) {
            return *known;
        }
        let shown = match kind {
            SubjectKind::Client => lens.client(value),
            SubjectKind::User => lens.user(value),
        };
        let theirs = *shown == *pseudonym.as_bytes();
        self.known.insert(value.to_vec(), theirs);
        theirs
    }
}

/// By part, whether rows of the person are in it.
fn parts_of(archive: &Archive, test: &mut Test<'_>) -> Result<Vec<bool>, ArchiveError> {
    let has = |number| {
        let lines = archive.lines(number)?;
        Ok(archive.rows(number, &lines)?.iter().any(|row| test.is_theirs(row)))
    };
    (0..archive.manifest.parts.len()).map(has).collect()
}

/// Writes an archive anew without the person's rows; answers how many they were.
fn rewrite(folder: &Folder, archive: &Archive, with_rows: &[bool], test: &mut Test<'_>) -> Result<u64, ArchiveError> {
    let aside = folder.begin(&archive.name())?;
    let path = aside.path().to_owned();
    let failed = ArchiveError::io(&path);
    let mut pack = Pack::new(aside).map_err(&failed)?;
    let mut erased = 0;
    for (number, has_rows) in with_rows.iter().enumerate() {
        if !has_rows {
            let (part, packed) = archive.packed(number)?;
            pack.add_part(&packed, Part::clone(part)).map_err(&failed)?;
            continue;
        }
        let lines = archive.lines(number)?;
        for row in archive.rows(number, &lines)? {
            if test.is_theirs(&row) {
                erased += 1;
            } else {
                pack.push(&row).map_err(&failed)?;
            }
        }
        pack.close().map_err(&failed)?;
    }
    if erased == archive.manifest.rows {
        folder.remove(&archive.name())?;
        return Ok(erased);
    }
    let mut manifest = Manifest { parts: Vec::new(), ..archive.manifest.clone() };
    manifest.erased_rows += erased;
    pack.finish(&mut manifest)?;
    Ok(erased)
}
