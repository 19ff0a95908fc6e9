//! The security score as it was. A score is measured, not decided: it is the one thing kept here without an entry in the
//! audit log.

use super::{ControlDb, ControlResult};
use crate::model::{DAY_MS, Timestamp};
use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::Value;

/// A score that was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PostureScore {
    /// When.
    pub at: Timestamp,
    /// 0 to 100.
    pub score: u32,
    /// Points earned and points that counted: of settings, of squid.conf, of traffic.
    pub points: [(u32, u32); 3],
}

impl PostureScore {
    /// How long scores are kept.
    pub const KEPT_MS: i64 = 400 * DAY_MS;
}

const COLUMNS: &str = "at_ms, score, settings_points, settings_max, squid_conf_points, squid_conf_max, traffic_points, \
                       traffic_max";

impl ControlDb {
    /// Keeps a score as of now, replacing one of the same instant, and forgets those that are too old. `statuses` is
    /// what came of each check, by name.
    pub fn record_posture(&self, score: u32, points: [(u32, u32); 3], statuses: &Value) -> ControlResult<PostureScore> {
        let at = self.now();
        self.change(|transaction| {
            transaction
                .prepare_cached("DELETE FROM posture WHERE at_ms < ?1")?
                .execute([at.0.saturating_sub(PostureScore::KEPT_MS)])?;
            let [settings, squid_conf, traffic] = points;
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO posture VALUES (:at, :score, :settings, :settings_max, :squid_conf,
                     :squid_conf_max, :traffic, :traffic_max, :statuses)",
                )?
                .execute(named_params! {
                    ":at": at.0, ":score": score,
                    ":settings": settings.0, ":settings_max": settings.1,
                    ":squid_conf": squid_conf.0, ":squid_conf_max": squid_conf.1,
                    ":traffic": traffic.0, ":traffic_max": traffic.1,
                    ":statuses": statuses.to_string(),
                })?;
            Ok(PostureScore { at, score, points })
        })
    }

    /// The scores kept since then, oldest first.
    pub fn posture_history(&self, since: Timestamp) -> ControlResult<Vec<PostureScore>> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM posture WHERE at_ms >= ?1 ORDER BY at_ms");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([since.0], kept)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The score that was kept last.
    pub fn newest_posture(&self) -> ControlResult<Option<PostureScore>> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM posture ORDER BY at_ms DESC LIMIT 1");
            Ok(connection.prepare_cached(&sql)?.query_row([], kept).optional()?)
        })
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<PostureScore> {
    Ok(PostureScore {
        at: Timestamp(row.get(0)?),
        score: row.get(1)?,
        points: [(row.get(2)?, row.get(3)?), (row.get(4)?, row.get(5)?), (row.get(6)?, row.get(7)?)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::db::tests::scratch;
    use serde_json::json;

    #[test]
    fn scores_are_kept_for_a_while_and_come_back_in_order() {
        let (_dir, db, clock) = scratch();
        let begin = crate::model::Clock::now(&*clock);
        let points = [(1, 2), (0, 0), (3, 40)];
        assert_eq!(db.newest_posture().unwrap(), None);
        for (days, score) in [(0, 10), (1, 20), (1, 25), (401, 90)] {
            clock.set(Timestamp(begin.0 + days * DAY_MS));
            db.record_posture(score, points, &json!({ "settings.waf": "passed" })).unwrap();
        }
        let scores = |since: i64| -> Vec<u32> {
            db.posture_history(Timestamp(since)).unwrap().iter().map(|kept| kept.score).collect()
        };
        // The first is too old by now; of those of one instant the last counts.
        assert_eq!(scores(i64::MIN), [25, 90]);
        assert_eq!(scores(begin.0 + 2 * DAY_MS), [90]);
        assert_eq!(db.newest_posture().unwrap().map(|newest| newest.score), Some(90));
        assert_eq!(db.posture_history(Timestamp(0)).unwrap()[0].points, points);
    }
}
