//! Ranks drawn by Zipf's law in constant time, with Vose's alias method.
//!
//! It knows ranks only, not what they stand for.

use super::math;
use super::rng::Rng;

/// A table for ranks 0 to `n - 1`, 8 bytes each; rank r has the weight (r + 1)^-s.
#[derive(Debug)]
pub(super) struct Zipf {
    /// (chance of keeping the cell, in 2^-32; the rank taken otherwise)
    cells: Vec<(u32, u32)>,
}

impl Zipf {
    /// `n` ranks (at least one is made) with the exponent `s`.
    pub(super) fn new(n: u32, s: f64) -> Self {
        let n = n.max(1);
        let weights: Vec<f64> = (1..=n).map(|rank| math::exp(-s * math::ln(f64::from(rank)))).collect();
        let total: f64 = weights.iter().sum();
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight * f64::from(n) / total).collect();
        let mut cells: Vec<(u32, u32)> = (0..n).map(|rank| (u32::MAX, rank)).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) = (0..n).partition(|&rank| shares[rank as usize] < 1.0);
        while let (Some(&under), Some(&over)) = (small.last(), large.last()) {
            small.pop();
            let share = shares[under as usize];
            cells[under as usize] = ((share * 4_294_967_296.0) as u32, over);
            shares[over as usize] -= 1.0 - share;
            if shares[over as usize] < 1.0 {
                large.pop();
                small.push(over);
            }
        }
        Self { cells }
    }

    /// A rank.
    #[inline]
    pub(super) fn draw(&self, rng: &mut Rng) -> u32 {
        let bits = rng.next();
        let cell = (((bits >> 32) * self.cells.len() as u64) >> 32) as u32;
        let (keep, other) = self.cells[cell as usize];
        if (bits as u32) < keep { cell } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_their_weights() {
        let (zipf, mut rng) = (Zipf::new(1000, 1.0), Rng::new(1));
        let mut seen = vec![0_u32; 1000];
        for _ in 0..200_000 {
            seen[zipf.draw(&mut rng) as usize] += 1;
        }
        // The 1000th harmonic number is 7.485.
        for rank in [0_usize, 1, 9] {
            let expected = 200_000.0 / 7.485 / (rank as f64 + 1.0);
            let share = f64::from(seen[rank]) / expected;
            assert!((0.9..1.1).contains(&share), "rank {rank}: {share}");
        }
        assert_eq!(Zipf::new(0, 1.0).draw(&mut rng), 0);
    }
}
