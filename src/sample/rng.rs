//! The generator's only source of chance: SplitMix64, seedable at any point.
//!
//! It is not a cryptographic generator and not a general random library. A separate `Rng` is
//! started wherever something must come out the same each time it is seen (the name of a site, the
//! path of an image), so nothing has to be remembered.

/// A SplitMix64 stream.
#[derive(Clone, Debug)]
pub(super) struct Rng {
    state: u64,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One well-spread number out of two: the identity of "the `b`-th thing of `a`".
#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    finish(a ^ finish(b.wrapping_add(STEP)))
}

impl Rng {
    /// A stream that depends on `seed` alone.
    #[inline]
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    #[inline]
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        finish(self.state)
    }

    /// A number from 0 to `end - 1`; 0 when `end` is 0.
    #[inline]
    pub(super) fn below(&mut self, end: u32) -> u32 {
        (((self.next() >> 32) * u64::from(end)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    #[inline]
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// A small number from 0 to `end - 1` that prefers the low end (density falls as 1/sqrt).
    #[inline]
    pub(super) fn low_below(&mut self, end: u32) -> u32 {
        let r = self.next() >> 32;
        ((((r * r) >> 32) * u64::from(end)) >> 32) as u32
    }

    /// True `per_million` times in a million.
    #[inline]
    pub(super) fn chance(&mut self, per_million: u32) -> bool {
        self.below(1_000_000) < per_million
    }

    /// One of `choices`, which must not be empty.
    #[inline]
    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len() as u32) as usize]
    }

    /// One of `table` by its weight; the weights must add up to 1000.
    #[inline]
    pub(super) fn weighted<T: Copy>(&mut self, table: &[(T, u32)]) -> T {
        let mut left = self.below(1000);
        for &(choice, weight) in table {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        table[0].0
    }
}
