//! When requests complete: the rhythm of days and weeks, and bursts within minutes.
//!
//! Times come out in order; the generator itself makes some lines late. Everything is UTC. No
//! clock of the machine is read.

use super::math::Tables;
use super::rng::{Rng, mix};

pub(super) const DAY_MS: i64 = 86_400_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
const SLOT_MS: i64 = 600_000;

/// How busy a working day is at each full hour.
const WORKDAY: [u64; 25] =
    [7, 5, 4, 4, 5, 9, 22, 48, 78, 95, 100, 97, 82, 84, 96, 93, 86, 70, 50, 38, 30, 24, 17, 11, 7];

/// Spreads a known number of lines over the time, with constant memory.
#[derive(Debug)]
pub(super) struct Rhythm {
    seed: u64,
    rng: Rng,
    start_ms: i64,
    end_ms: i64,
    lines: u64,
    weight_total: u64,
    weight_done: u64,
    lines_done: u64,
    slot: i64,
    left_in_slot: u64,
    now_us: u64,
    slot_end_us: u64,
}

impl Rhythm {
    /// `lines` times from `start_ms` up to, not including, `end_ms` (Unix ms, not negative).
    pub(super) fn new(seed: u64, start_ms: i64, end_ms: i64, lines: u64) -> Self {
        let slots = (end_ms - start_ms + SLOT_MS - 1) / SLOT_MS;
        Self {
            seed,
            rng: Rng::new(mix(seed, 0x7469_6d65)),
            start_ms,
            end_ms,
            lines,
            weight_total: (0..slots).map(|slot| weight(seed, start_ms, slot)).sum::<u64>().max(1),
            weight_done: 0,
            lines_done: 0,
            slot: 0,
            left_in_slot: 0,
            now_us: 0,
            slot_end_us: 0,
        }
    }

    /// The next time, Unix ms; never before the one before it. Call it at most `lines` times.
    pub(super) fn next_ms(&mut self, tables: &Tables) -> i64 {
        while self.left_in_slot == 0 && self.lines_done < self.lines {
            self.open_slot();
        }
        let left_us = self.slot_end_us.saturating_sub(self.now_us + 1);
        // Most gaps are a fifth of the mean, the others make up for it: requests come in bursts.
        let stretch = match self.rng.chance(850_000) {
            _ if self.left_in_slot < 8 => 256,
            true => 51,
            false => 1_417,
        };
        let share = (tables.exponential(&mut self.rng) * stretch) >> 8;
        let gap_us = ((left_us / (self.left_in_slot + 1)) * share) >> 16;
        self.now_us += gap_us.min(left_us / 2);
        self.left_in_slot = self.left_in_slot.saturating_sub(1);
        (self.now_us / 1000) as i64
    }

    fn open_slot(&mut self) {
        let slot_start_ms = self.start_ms + self.slot * SLOT_MS;
        self.weight_done += weight(self.seed, self.start_ms, self.slot);
        let due = u128::from(self.lines) * u128::from(self.weight_done) / u128::from(self.weight_total);
        let due = due.min(u128::from(self.lines)) as u64;
        self.left_in_slot = due - self.lines_done;
        self.lines_done = due;
        self.now_us = slot_start_ms as u64 * 1000;
        self.slot_end_us = (slot_start_ms + SLOT_MS).min(self.end_ms) as u64 * 1000;
        self.slot += 1;
    }
}

/// How many lines ten minutes get, relative to the others.
fn weight(seed: u64, start_ms: i64, slot: i64) -> u64 {
    let middle_ms = start_ms + slot * SLOT_MS + SLOT_MS / 2;
    let in_day_ms = middle_ms.rem_euclid(DAY_MS);
    let hour = (in_day_ms / HOUR_MS) as usize;
    let into_hour = (in_day_ms % HOUR_MS) as u64 / 36_000;
    let level = WORKDAY[hour] * (100 - into_hour) + WORKDAY[hour + 1] * into_hour;
    let level = if is_weekend(middle_ms) { level / 6 + 100 } else { level };
    level * (85 + mix(seed, slot as u64) % 31) / 100
}

/// True on Saturdays and Sundays, UTC.
pub(super) fn is_weekend(time_ms: i64) -> bool {
    // 1970-01-01 was a Thursday.
    matches!((time_ms.div_euclid(DAY_MS) + 4).rem_euclid(7), 0 | 6)
}

/// Year, month and day of a time, UTC.
pub(super) fn date(time_ms: i64) -> (u64, u64, u64) {
    // Days are counted from 0000-03-01, so that the leap day is the last of its year.
    let days = time_ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as u64, month as u64, day as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_weekends() {
        for (day, expected, weekend) in [
            (0, (1970, 1, 1), false),
            (11_016, (2000, 2, 29), false),
            (20_454, (2026, 1, 1), false),
            (20_456, (2026, 1, 3), true),
            (20_457, (2026, 1, 4), true),
            (20_818, (2026, 12, 31), false),
        ] {
            assert_eq!(date(day * DAY_MS + 5), expected);
            assert_eq!(is_weekend(day * DAY_MS + 5), weekend, "{expected:?}");
        }
    }

    #[test]
    fn times_are_in_order_within_bounds_and_follow_the_day() {
        let tables = Tables::new();
        let start_ms = 20_454 * DAY_MS + 1_234_567;
        let end_ms = start_ms + 7 * DAY_MS;
        let mut rhythm = Rhythm::new(1, start_ms, end_ms, 70_000);
        let (mut last, mut night, mut day, mut tail) = (start_ms, 0, 0, 0);
        for _ in 0..70_000 {
            let time = rhythm.next_ms(&tables);
            assert!(time >= last && time < end_ms);
            last = time;
            match time.rem_euclid(DAY_MS) / HOUR_MS {
                2..4 => night += 1,
                10..12 => day += 1,
                _ => {}
            }
            tail += u32::from(time >= end_ms - SLOT_MS);
        }
        assert!(day > 10 * night, "{day} {night}");
        assert!(tail < 1_000, "the end does not take up what the rest left: {tail}");
    }
}
