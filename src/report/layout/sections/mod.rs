//! Which sections there are, one function each.

mod groups;
mod security;
mod whole;

use super::{Block, Cell, Section};
use crate::report::Shown;
use crate::report::contents::Report;

/// What makes a section; nothing where there is nothing to say.
type Make = fn(&Report) -> Option<Section>;

/// Every section, in the order of the page.
const SECTIONS: &[Make] = &[
    whole::read,
    whole::totals,
    whole::traffic,
    whole::week,
    security::findings,
    security::flagged,
    security::denied,
    groups::clients,
    groups::users,
    groups::domains,
    groups::services,
    groups::types,
    groups::agents,
    whole::cache,
    whole::durations,
    whole::status,
    security::blind_spots,
];

/// The sections of a report.
pub(in crate::report) fn sections(report: &Report) -> Vec<Section> {
    SECTIONS.iter().filter_map(|make| make(report)).collect()
}

fn section(id: &'static str, title: &'static str, note: impl Into<String>, blocks: Vec<Block>) -> Option<Section> {
    Some(Section { id, title, note: note.into(), blocks })
}

fn text(text: &Option<Shown>) -> Cell {
    text.clone().map_or(Cell::Nothing, Cell::Text)
}
