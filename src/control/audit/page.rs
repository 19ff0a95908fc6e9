//! Reading: actions, filtered and paged, newest first. Filters run on what the reader's lens shows, over one snapshot
//! on a connection of their own, so that nobody waits for a search through a long log.

use super::entry::{AuditId, AuditRow, COLUMNS, audit_row, through};
use crate::control::{ControlDb, ControlResult};
use crate::model::{Lens, Terms, Timestamp};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, named_params};

/// Which actions are asked for; the default is all. Texts are compared without regard to ASCII case.
#[derive(Clone, Default, Debug)]
pub struct AuditFilter {
    /// The action; `noun.*` means every action on that noun.
    pub action: Terms<String>,
    /// The account.
    pub username: Terms<String>,
    /// The target, as the lens shows it.
    pub target: Terms<String>,
    /// Only from this instant on.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only with this text in user, address, credential, action, target or details, as the lens shows them.
    pub q: Option<String>,
    /// How addresses appear to whoever asks.
    pub lens: Lens,
}

impl AuditFilter {
    fn asks_texts(&self) -> bool {
        self.q.is_some() || ![&self.action, &self.username, &self.target].iter().all(|terms| terms.is_empty())
    }

    /// Whether an action passes, given the texts of [`TEXTS`].
    fn accepts(&self, context: &Context<'_>) -> rusqlite::Result<bool> {
        let text = |place| Ok::<_, rusqlite::Error>(context.get_raw(place).as_str_or_null()?.unwrap_or_default());
        let (username, action, target) = (text(0)?, text(1)?, through(&self.lens, text(2)?));
        let fields = self.username.accept(|wanted| wanted.eq_ignore_ascii_case(username))
            && self.action.accept(|wanted| is_action(wanted, action))
            && self.target.accept(|wanted| wanted.eq_ignore_ascii_case(&target));
        let Some(q) = self.q.as_deref().filter(|_| fields) else { return Ok(fields) };
        let wanted = q.to_ascii_lowercase();
        let found = |text: &str| text.to_ascii_lowercase().contains(&wanted);
        if [username, action, &target, &through(&self.lens, text(3)?)].into_iter().any(found) {
            return Ok(true);
        }
        for place in 4..context.len() {
            if found(text(place)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether `wanted` names the action, or as `noun.*` its noun.
fn is_action(wanted: &str, action: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(noun) if noun.ends_with('.') => {
            action.get(..noun.len()).is_some_and(|front| front.eq_ignore_ascii_case(noun))
        }
        _ => wanted.eq_ignore_ascii_case(action),
    }
}

/// What [`AuditFilter::accepts`] reads.
const TEXTS: &str =
    "a.username, a.action, a.target, a.source_ip, a.credential, a.before_json, a.after_json, o.after_json";

/// Where a page begins.
enum Start {
    Offset(u64),
    Before(AuditId),
}

impl ControlDb {
    /// A page of actions, newest first, and how many match in all.
    pub fn audit_page(&self, filter: &AuditFilter, limit: usize, offset: u64) -> ControlResult<(Vec<AuditRow>, u64)> {
        self.read_aside(|connection| page(connection, filter, limit, Start::Offset(offset)))
    }

    /// A page of the actions that began before the action `before`, newest first, and how many match in all.
    pub fn audit_page_before(
        &self,
        filter: &AuditFilter,
        limit: usize,
        before: AuditId,
    ) -> ControlResult<(Vec<AuditRow>, u64)> {
        self.read_aside(|connection| page(connection, filter, limit, Start::Before(before)))
    }

    /// Whether the log holds an action of that number.
    pub fn has_audit_row(&self, id: AuditId) -> ControlResult<bool> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT 1 FROM audit_log WHERE id = ?1 AND intent_id IS NULL")?;
            Ok(statement.exists([id.0])?)
        })
    }
}

fn page(
    connection: &Connection,
    filter: &AuditFilter,
    limit: usize,
    start: Start,
) -> ControlResult<(Vec<AuditRow>, u64)> {
    let mut wanted = "a.intent_id IS NULL AND a.at_ms >= :from AND a.at_ms < :until".to_owned();
    if filter.asks_texts() {
        let asked = filter.clone();
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
        connection.create_scalar_function("accepted", -1, flags, move |context| asked.accepts(context))?;
        wanted += &format!(" AND accepted({TEXTS})");
    }
    let rows = format!("FROM audit_log a LEFT JOIN audit_log o ON o.intent_id = a.id WHERE {wanted}");
    let (from, until) = (filter.from.map_or(i64::MIN, |at| at.0), filter.until.map_or(i64::MAX, |at| at.0));
    let total: u64 = connection.query_row(
        &format!("SELECT count(*) {rows}"),
        named_params! { ":from": from, ":until": until },
        |row| row.get(0),
    )?;
    let (before, offset) = match start {
        Start::Offset(offset) => (i64::MAX, i64::try_from(offset).unwrap_or(i64::MAX)),
        Start::Before(id) => (id.0, 0),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} {rows} AND a.id < :before ORDER BY a.id DESC LIMIT :limit OFFSET :offset"
    ))?;
    let page = statement.query_and_then(
        named_params! { ":from": from, ":until": until, ":before": before, ":limit": limit, ":offset": offset },
        audit_row,
    )?;
    Ok((page.collect::<ControlResult<_>>()?, total))
}
