//! Some rows of a block, one bit each.

use std::ops::Range;

/// Some rows of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    words: Vec<u64>,
}

/// The bits of a word that stand for rows of a range, of the word's 64.
fn bits(word: usize, rows: &Range<usize>) -> u64 {
    let first = rows.start.saturating_sub(word * 64).min(64);
    let end = rows.end.saturating_sub(word * 64).min(64);
    let below = |row: usize| if row == 64 { u64::MAX } else { (1 << row) - 1 };
    below(end) & !below(first)
}

impl Selection {
    /// None of so many rows.
    pub(super) fn none(rows: usize) -> Selection {
        Selection { words: vec![0; rows.div_ceil(64)] }
    }

    /// All of so many rows.
    pub(super) fn all(rows: usize) -> Selection {
        let mut words = vec![u64::MAX; rows.div_ceil(64)];
        if let Some(last) = words.last_mut() {
            *last = bits(0, &(0..(rows - 1) % 64 + 1));
        }
        Selection { words }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many rows these are.
    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many of these rows are among `rows`.
    pub(super) fn count_in(&self, rows: Range<usize>) -> usize {
        self.touched(&rows).map(|at| (self.words[at] & bits(at, &rows)).count_ones() as usize).sum()
    }

    pub(super) fn insert(&mut self, row: usize) {
        self.words[row / 64] |= 1 << (row % 64);
    }

    /// Takes out the rows that `other` has not.
    pub(super) fn keep(&mut self, other: &Selection) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, kept)| *word &= kept);
    }

    /// Adds the rows of `other`.
    pub(super) fn add(&mut self, other: &Selection) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, more)| *word |= more);
    }

    /// Takes out the rows of `other`.
    pub(super) fn remove(&mut self, other: &Selection) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, less)| *word &= !less);
    }

    /// Takes out the rows of a range.
    pub(super) fn clear(&mut self, rows: Range<usize>) {
        for at in self.touched(&rows) {
            self.words[at] &= !bits(at, &rows);
        }
    }

    /// Takes out those rows of a range that do not pass; `passes` is asked by their place in the range, not only of
    /// rows that are selected.
    #[inline]
    pub(super) fn retain(&mut self, rows: Range<usize>, mut passes: impl FnMut(usize) -> bool) {
        /// With fewer bits than this in a word, they are looked at one by one.
        const FEW: u32 = 16;
        for at in self.touched(&rows) {
            let (word, inside) = (self.words[at], bits(at, &rows));
            let mut asked = word & inside;
            if asked == 0 {
                continue;
            }
            let mut kept = 0;
            if asked.count_ones() < FEW {
                while asked != 0 {
                    let bit = asked.trailing_zeros() as usize;
                    kept |= u64::from(passes(at * 64 + bit - rows.start)) << bit;
                    asked &= asked - 1;
                }
            } else {
                let first = (at * 64).max(rows.start);
                for row in first..(at * 64 + 64).min(rows.end) {
                    kept |= u64::from(passes(row - rows.start)) << (row % 64);
                }
            }
            self.words[at] = word & (kept | !inside);
        }
    }

    /// The rows, rising.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.iter_in(0..self.words.len() * 64)
    }

    /// Those of a range, rising.
    pub(super) fn iter_in(&self, rows: Range<usize>) -> impl Iterator<Item = usize> {
        self.touched(&rows).flat_map(move |at| {
            let mut word = self.words[at] & bits(at, &rows);
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let row = at * 64 + word.trailing_zeros() as usize;
                    word &= word - 1;
                    row
                })
            })
        })
    }

    /// About how much memory this takes, in bytes.
    pub(super) fn weight(&self) -> u64 {
        64 + self.words.len() as u64 * 8
    }

    fn touched(&self, rows: &Range<usize>) -> Range<usize> {
        if rows.is_empty() { 0..0 } else { rows.start / 64..rows.end.div_ceil(64).min(self.words.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn rows_are_those_of_a_set(
            rows in 1..400_usize,
            range in (0..400_usize, 0..400_usize),
            keep in proptest::collection::vec(any::<bool>(), 400),
            thin in any::<bool>(),
        ) {
            let range = range.0.min(range.1).min(rows)..range.0.max(range.1).min(rows);
            let mut selection = Selection::all(rows);
            let mut set: BTreeSet<usize> = (0..rows).collect();
            if thin {
                selection.retain(0..rows, |row| row % 9 == 0);
                set.retain(|row| row % 9 == 0);
            }
            selection.retain(range.clone(), |at| keep[at]);
            set.retain(|row| !range.contains(row) || keep[row - range.start]);
            prop_assert_eq!(selection.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(selection.count(), set.len());
            let inside: Vec<usize> = set.range(range.clone()).copied().collect();
            prop_assert_eq!(selection.count_in(range.clone()), inside.len());
            prop_assert_eq!(selection.iter_in(range.clone()).collect::<Vec<_>>(), inside);
            selection.clear(range.clone());
            set.retain(|row| !range.contains(row));
            prop_assert_eq!(selection.iter().collect::<Vec<_>>(), set.into_iter().collect::<Vec<_>>());
            let mut rest = Selection::all(rows);
            rest.remove(&selection);
            prop_assert_eq!(rest.count() + selection.count(), rows);
            rest.add(&selection);
            prop_assert_eq!(&rest, &Selection::all(rows));
            rest.keep(&selection);
            prop_assert_eq!(rest, selection);
        }
    }
}
