//! Searching for what is left of a data subject: every stored value, decoded, and the bytes of the files as they are.

use super::block::Dictionary;
use super::column::{Column, Values};
use super::reader::Session;
use super::snapshot::BlockMeta;
use crate::model::{FileTraces, Occurrences, Subject, SubjectSearch, TextColumn, Trace, TracePlace, Traces};
use crate::store::{StoreError, StoreResult};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Bytes of a file searched at a time.
const WINDOW: usize = 1 << 20;

type Found = BTreeMap<TracePlace, Occurrences>;

pub(super) fn find(session: &Session<'_>, path: &Path, subject: &Subject) -> StoreResult<Traces> {
    if subject.is_nobody() {
        return Ok(Traces::default());
    }
    let search = subject.search();
    let mut found = Found::new();
    for dictionary in Dictionary::ALL {
        let Some(place) = place_of(dictionary) else { continue };
        session.values_from(dictionary, 0, |_, value| add(&mut found, place, search.count(value)))?;
    }
    let mut unreadable_blocks = 0;
    for block in &session.snapshot.blocks {
        match search_block(session, block, &search) {
            Ok(in_block) => in_block.into_iter().for_each(|(place, more)| add(&mut found, place, more)),
            Err(StoreError::Corrupt { .. }) => unreadable_blocks += 1,
            Err(error) => return Err(error),
        }
    }
    for (place, sql) in [
        (TracePlace::Reject, "SELECT line FROM reject"),
        (TracePlace::FileName, "SELECT seen_as FROM checkpoint"),
        (TracePlace::Finding, "SELECT client || ' ' || destination || ' ' || note FROM finding"),
    ] {
        let mut query = session.db.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            add(&mut found, place, search.count(row.get_ref(0)?.as_bytes().unwrap_or_default()));
        }
    }
    let values = found.into_iter().map(|(place, found)| Trace { place, found }).collect();
    Ok(Traces { values, files: search_files(path, &search)?, unreadable_blocks })
}

/// What the values of a dictionary are of; `None` where they hold nothing of a line.
fn place_of(dictionary: Dictionary) -> Option<TracePlace> {
    Some(match dictionary {
        Dictionary::Client => TracePlace::Client,
        Dictionary::User => TracePlace::User,
        Dictionary::Origin => TracePlace::Origin,
        Dictionary::Peer => TracePlace::Peer,
        Dictionary::Agent => TracePlace::UserAgent,
        Dictionary::Kind => TracePlace::Kind,
        Dictionary::Source => TracePlace::Source,
        Dictionary::Path => TracePlace::Target,
        Dictionary::Verdict => return None,
    })
}

fn add(found: &mut Found, place: TracePlace, more: Occurrences) {
    if more.any() {
        found.entry(place).or_default().add(more);
    }
}

/// The texts of a block; those of rows that are gone but not yet reclaimed as well.
fn search_block(session: &Session<'_>, block: &BlockMeta, search: &SubjectSearch) -> StoreResult<Found> {
    let mut found = Found::new();
    for (column, place) in [
        (Column::Rest, TracePlace::Target),
        (Column::Referer, TracePlace::Referer),
        (Column::Extra, TracePlace::Line),
        (Column::Raw, TracePlace::Line),
    ] {
        let frames = session.header(block.id, column)?.map_or(0, |header| header.frames.len());
        for frame in 0..frames {
            if let Values::Texts(texts) | Values::Sparse(_, texts) = session.frame(block, column, frame)? {
                add(&mut found, place, search_texts(&texts, search));
            }
        }
    }
    Ok(found)
}

fn search_texts(texts: &TextColumn, search: &SubjectSearch) -> Occurrences {
    let mut found = Occurrences::default();
    // One look at all of them settles most frames.
    let may_name = search.count_from(&texts.bytes, 0..texts.bytes.len()).any() || texts.bytes.contains(&b'%');
    if may_name {
        (0..texts.ends.len()).for_each(|row| found.add(search.count(texts.get(row))));
    }
    found
}

/// The database and what SQLite keeps beside it, byte by byte.
fn search_files(database: &Path, search: &SubjectSearch) -> StoreResult<Vec<FileTraces>> {
    let mut found = Vec::new();
    for suffix in ["", "-wal", "-journal"] {
        let mut path = database.as_os_str().to_owned();
        path.push(suffix);
        let path = Path::new(&path);
        let failed = |source| StoreError::Io { path: path.to_owned(), source };
        let file = match std::fs::File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(failed)?,
        };
        let in_file = search_file(file, search).map_err(failed)?;
        if in_file.any() {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.push(FileTraces { file, found: in_file });
        }
    }
    Ok(found)
}

/// Windows overlap by the longest spelling and the bytes before and behind it.
fn search_file(mut file: impl Read, search: &SubjectSearch) -> std::io::Result<Occurrences> {
    let overlap = search.longest() + 2;
    let (mut found, mut window, mut first) = (Occurrences::default(), Vec::with_capacity(WINDOW + overlap), 0);
    loop {
        let read = file.by_ref().take(WINDOW as u64).read_to_end(&mut window)?;
        let end = if read == 0 { window.len() } else { window.len().saturating_sub(overlap - 1) };
        found.add(search.count_from(&window, first..end.max(first)));
        if read == 0 {
            return Ok(found);
        }
        let kept = end.max(first).saturating_sub(1);
        first = end.max(first) - kept;
        window.drain(..kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SubjectKind;

    #[test]
    fn windows_neither_miss_nor_count_twice() {
        let search = Subject::new(SubjectKind::User, b"grace").search();
        for at in (WINDOW - 12..WINDOW + 12).chain([0, 1, 2 * WINDOW - 3, 2 * WINDOW + 95]) {
            let mut bytes = vec![b'.'; 2 * WINDOW + 100];
            bytes[at..at + 5].copy_from_slice(b"GRACE");
            let found = search_file(&bytes[..], &search).unwrap();
            assert_eq!((found.alone, found.inside), (1, 0), "at {at}");
            bytes[if at == 0 { 5 } else { at - 1 }] = b'x';
            let found = search_file(&bytes[..], &search).unwrap();
            assert_eq!((found.alone, found.inside), (0, 1), "in a word, at {at}");
        }
    }
}
