//! What rows that retention removed summed up to: hourly totals, kept longer than the rows. Nothing of people is in them.

use super::writer::{Writer, change_table, read_totals};
use crate::model::{HOUR_MS, TimeRange, TimelinePoint, Timestamp, Totals};
use crate::store::StoreResult;
use rusqlite::{Connection, OptionalExtension};

const TABLE: &str = "total_past";

/// Keeps the totals of hours before `hour`, whose rows are about to go; hours that rows went of before add up.
pub(super) fn keep(db: &Connection, hour: i64) -> StoreResult<()> {
    let mut query = db.prepare_cached("SELECT * FROM total_1h WHERE bucket < ?1")?;
    let going = query.query_map([hour], |row| Ok((row.get(0)?, read_totals(row, 1)?)))?;
    let going: Vec<(i64, Totals)> = going.collect::<Result<_, _>>()?;
    change_table(db, TABLE, &going, Totals::add)
}

/// Takes rows out that are here again; hours that are not kept know nothing of them.
pub(super) fn take_back(db: &Connection, hours: &[(i64, Totals)]) -> StoreResult<()> {
    let mut known = db.prepare_cached("SELECT 1 FROM total_past WHERE bucket = ?1")?;
    for (hour, sums) in hours {
        if known.exists([hour])? {
            change_table(db, TABLE, &[(*hour, *sums)], Totals::subtract)?;
        }
    }
    Ok(())
}

/// The totals kept of a range, in order of time.
pub(super) fn hours(db: &Connection, range: TimeRange) -> StoreResult<Vec<TimelinePoint>> {
    if range.from >= range.until {
        return Ok(Vec::new());
    }
    let last = Timestamp(range.until.0.saturating_sub(1)).hour();
    let mut query = db.prepare_cached("SELECT * FROM total_past WHERE bucket BETWEEN ?1 AND ?2 ORDER BY bucket")?;
    let points = query.query_map([range.from.hour(), last], |row| {
        Ok(TimelinePoint { time: Timestamp(row.get::<_, i64>(0)? * HOUR_MS), totals: read_totals(row, 1)? })
    })?;
    Ok(points.collect::<Result<_, _>>()?)
}

/// Forgets the totals of hours before `hour`; answers of how many.
pub(super) fn forget(writer: &mut Writer, hour: i64) -> StoreResult<u64> {
    let any = "SELECT 1 FROM total_past WHERE bucket < ?1 LIMIT 1";
    if writer.db.prepare_cached(any)?.query_row([hour], |_| Ok(())).optional()?.is_none() {
        return Ok(0);
    }
    writer.change(|db, _, state| {
        let gone = db.execute("DELETE FROM total_past WHERE bucket < ?1", [hour])?;
        state.version += 1;
        Ok(gone as u64)
    })
}
