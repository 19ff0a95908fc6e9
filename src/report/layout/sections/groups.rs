//! What is told by client, user, destination, service, file and program.

use super::{section, text};
use crate::report::contents::{Group, Report, ServiceUse, Top};
use crate::report::layout::{Block, Cell, Section, Table};

/// What groups have in common: name, requests, blocked, bytes; clients and what a group is known as where that is told.
pub(super) fn groups(
    id: &'static str,
    title: &'static str,
    of: &'static str,
    top: &Top<Group>,
    also: &'static str,
) -> Table {
    let (has_clients, is_known) =
        (top.rows.iter().any(|row| row.clients.is_some()), top.rows.iter().any(|row| row.known_as.is_some()));
    let mut columns = vec![of];
    columns.extend(is_known.then_some(also));
    columns.extend(["Requests", "Blocked", "Sent"]);
    columns.extend(has_clients.then_some("Clients"));
    let bars = Some(if is_known { 2 } else { 1 });
    let row = |group: &Group| {
        let mut row = vec![Cell::Text(group.name.clone())];
        row.extend(is_known.then(|| text(&group.known_as)));
        row.extend([Cell::Count(group.requests), Cell::Count(group.blocked), Cell::Bytes(group.bytes_sent)]);
        row.extend(has_clients.then(|| group.clients.map_or(Cell::Nothing, Cell::Count)));
        row
    };
    let rows = top.rows.iter().map(row).collect();
    Table { id, title, columns, keys: 1, rows, total: top.total, bars, behind_chart: false }
}

/// A section of one table of groups, where there are any.
fn of_groups(
    id: &'static str,
    title: &'static str,
    (of, also): (&'static str, &'static str),
    top: &Top<Group>,
    note: &'static str,
) -> Option<Section> {
    if top.rows.is_empty() {
        return None;
    }
    section(id, title, note, vec![Block::Table(groups(id, "", of, top, also))])
}

pub(super) fn clients(report: &Report) -> Option<Section> {
    of_groups("clients", "Clients", ("Client", "Name"), &report.clients, "")
}

pub(super) fn users(report: &Report) -> Option<Section> {
    of_groups("users", "Users", ("User", "Name"), &report.users, "")
}

pub(super) fn domains(report: &Report) -> Option<Section> {
    let note = "Registrable domains, by the public suffix list; an address stands for itself.";
    of_groups("domains", "Domains", ("Domain", ""), &report.domains, note)
}

pub(super) fn agents(report: &Report) -> Option<Section> {
    of_groups("agents", "Programs", ("Program", "Class"), &report.agents, "By User-Agent, where the log has it.")
}

pub(super) fn services(report: &Report) -> Option<Section> {
    if report.services.rows.is_empty() {
        return None;
    }
    let row = |service: &ServiceUse| {
        vec![
            Cell::Text(service.name.clone()),
            service.category.map_or(Cell::Nothing, Cell::Word),
            service.risk.map_or(Cell::Nothing, Cell::Word),
            Cell::Word(if service.sanctioned { "yes" } else { "no" }),
            Cell::Count(service.requests),
            Cell::Count(service.blocked),
            Cell::Bytes(service.bytes_sent),
            Cell::Count(service.clients),
        ]
    };
    let table = Table {
        id: "services",
        title: "",
        columns: vec!["Service", "Category", "Risk", "Sanctioned", "Requests", "Blocked", "Sent", "Clients"],
        keys: 1,
        rows: report.services.rows.iter().map(row).collect(),
        total: report.services.total,
        bars: Some(4),
        ..Table::default()
    };
    let note =
        "Known services by their domains. Those that nobody sanctioned are shadow IT; the settings say which are.";
    section("services", "Services (shadow IT)", note, vec![Block::Table(table)])
}

pub(super) fn types(report: &Report) -> Option<Section> {
    let tables = [
        groups("file-categories", "By kind", "Kind", &report.file_categories, ""),
        groups("extensions", "By extension", "Extension", &report.extensions, ""),
    ];
    let blocks: Vec<Block> = tables.into_iter().filter(|table| !table.rows.is_empty()).map(Block::Table).collect();
    if blocks.is_empty() {
        return None;
    }
    section("types", "File types", "By the path of the URL, and the MIME type. Of tunnels neither is known.", blocks)
}
