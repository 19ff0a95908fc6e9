//! Sums of rows by small numbers (codes of a block, numbers of names), in an array that grows only with the numbers
//! that have rows.

use crate::model::{Measure, Outcome};
use crate::store::StoreResult;
use parking_lot::Mutex;

/// Sums by number.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Number -> place in `sums`, plus one.
    places: Vec<u32>,
    sums: Vec<(u32, Measure)>,
}

impl Tally {
    #[inline]
    fn at(&mut self, number: u32) -> &mut Measure {
        if number as usize >= self.places.len() {
            self.places.resize(number as usize + 1, 0);
        }
        let place = &mut self.places[number as usize];
        if *place == 0 {
            self.sums.push((number, Measure::default()));
            *place = self.sums.len() as u32;
        }
        let at = *place as usize - 1;
        &mut self.sums[at].1
    }

    /// Adds a row.
    #[inline]
    pub(super) fn row(&mut self, number: u32, outcome: Outcome, bytes: u64, time_taken_ms: i64) {
        let sum = self.at(number);
        sum.outcomes.0[outcome as usize] += 1;
        sum.bytes = sum.bytes.wrapping_add(bytes);
        sum.time_taken_ms = sum.time_taken_ms.wrapping_add(time_taken_ms);
    }

    /// Adds the sums of rows.
    #[inline]
    pub(super) fn add(&mut self, number: u32, measure: &Measure) {
        self.at(number).add(measure);
    }

    /// Takes the sums out, in no order, and starts anew.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (u32, Measure)> {
        for (number, _) in &self.sums {
            self.places[*number as usize] = 0;
        }
        self.sums.drain(..)
    }
}

/// Tallies that are used again and again, by several threads.
#[derive(Debug, Default)]
pub(super) struct Tallies(Mutex<Vec<Tally>>);

impl Tallies {
    /// Lends an empty tally, which is to be empty again.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut Tally) -> StoreResult<T>) -> StoreResult<T> {
        let mut tally = self.0.lock().pop().unwrap_or_default();
        let result = work(&mut tally)?;
        self.0.lock().push(tally);
        Ok(result)
    }
}
