//! The tiers: each room names only rooms of tiers above it in the table, and none of its own tier. The compiler
//! doesn't hold this; a scan of the `crate::` paths in `src/` does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Rooms by tier, top first: a room may name those of the tiers before its own.
const TIERS: [&[&str]; 7] = [
    &["model", "squidconf"],
    &["source", "format", "classify", "waf", "store", "control", "sample", "update"],
    &["archive", "auth", "backup", "behaviour", "privacy", "doctor", "posture", "report", "pipeline", "scoring"],
    &["jobs"],
    &["api"],
    &["config"],
    &["cli"],
];

fn tier(room: &str) -> Option<usize> {
    TIERS.iter().position(|rooms| rooms.contains(&room))
}

/// What is wrong with a room's file, one sentence each.
fn faults(room: &str, source: &str) -> Vec<String> {
    let Some(own) = tier(room) else { return vec![format!("{room} is in no tier")] };
    let named = rooms_named(source).into_iter().filter(|named| named != room);
    named
        .filter_map(|named| match tier(&named) {
            None => Some(format!("{room} names crate::{named}, which is in no tier")),
            Some(other) if other < own => None,
            Some(other) if other == own => Some(format!("{room} names {named}, a room of its own tier")),
            Some(_) => Some(format!("{room} names {named}, of a later tier")),
        })
        .collect()
}

/// The rooms a source names by `crate::room` or `crate::{room, room::word}`; comments and doc links don't count.
fn rooms_named(source: &str) -> BTreeSet<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n");
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let inside_a_word = code[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_' || sign == '$');
        let rest = code[at + "crate::".len()..].trim_start();
        match rest.strip_prefix('{') {
            _ if inside_a_word => {}
            Some(group) => rooms.extend(heads(group)),
            None => rooms.extend(word(rest)),
        }
    }
    rooms
}

/// The first words of the parts of a `{…}` group, up to its closing brace.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut part = String::new();
    let mut parts = Vec::new();
    for sign in group.chars() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {}
        }
        if !(depth == 0 && sign == ',') {
            part.push(sign);
        }
    }
    parts.push(part);
    parts.iter().filter_map(|part| word(part.trim_start())).collect()
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
    (!word.is_empty()).then_some(word)
}

fn scan(path: &Path, room: &str, found: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            scan(&entry.unwrap().path(), room, found);
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") {
        let source = fs::read_to_string(path).unwrap();
        found.extend(faults(room, &source).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
}

#[test]
fn rooms_name_only_what_stands_above_them() {
    let mut found = Vec::new();
    let mut rooms = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = entry.unwrap().path();
        let room = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if room != "lib" && room != "main" {
            rooms += 1;
            scan(&path, &room, &mut found);
        }
    }
    assert!(rooms >= 3, "the scan found {rooms} rooms");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_map_names_rooms_in_tier_order() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let rooms: Vec<_> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let tiers: Vec<_> = rooms.iter().map(|room| tier(room).unwrap_or(usize::MAX)).collect();
    assert!(tiers.is_sorted(), "{rooms:?}");
}

#[test]
fn the_scan_can_fail() {
    for (room, source, fault) in [
        ("store", "use crate::api::AppState;", "later tier"),
        ("store", "fn f() { crate::control::ControlDb::open() }", "own tier"),
        ("model", "use crate::{\n    model::Lens,\n    store::{EventStore, StoreError},\n};", "later tier"),
        ("waf", "use crate::{model::{Event, Lens}, classify};", "own tier"),
        ("api", "use crate::nowhere::Thing;", "no tier"),
        ("api", "use crate::cli;", "later tier"),
        ("shed", "", "no tier"),
    ] {
        let found = faults(room, source);
        assert!(found.len() == 1 && found[0].contains(fault), "{source}: {found:?}");
    }
    for (room, source) in [
        ("api", "use crate::{auth::Authenticator, model::{Clock, Lens}, store};"),
        ("store", "//! Not [`crate::api`].\nuse crate::model::Event;\nuse crate::store::StoreError;"),
        ("format", "let text = macro_crate::api();"),
    ] {
        assert_eq!(faults(room, source), Vec::<String>::new(), "{source}");
    }
}
