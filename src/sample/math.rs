//! Logarithm, exponential and the random quantities built on them, with the same bits everywhere.
//!
//! The platform's `ln` and `exp` may differ in the last bit between machines, so these use nothing
//! but the four operations and the square root, which IEEE 754 fixes. Only set-up code calls the
//! floating-point part; a line is drawn with integers from the tables of [`Tables`].

use super::rng::Rng;

const LN_2: f64 = std::f64::consts::LN_2;

/// The natural logarithm of a positive, normal number.
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let (mut power, mut sum) = (t, 0.0);
    for odd in 0..12 {
        sum += power / f64::from(2 * odd + 1);
        power *= square;
    }
    2.0 * sum + exponent as f64 * LN_2
}

/// e to the power of `x`, for `x` from -700 to 700.
pub(super) fn exp(x: f64) -> f64 {
    let doublings = (x / LN_2 + 0.5).floor();
    let rest = x - doublings * LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..18 {
        term *= rest / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((doublings as i64 + 1023) as u64) << 52)
}

/// A log-normal quantity: half of all draws are below `median`, and one standard deviation is
/// `spread` thousandths of a doubling.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogNormal {
    median: u32,
    spread: i32,
}

impl LogNormal {
    /// `median` in the unit wanted, `spread` in thousandths of a doubling per standard deviation.
    pub(super) const fn new(median: u32, spread: i32) -> Self {
        Self { median, spread }
    }
}

const POWERS: usize = 1024;
const GAPS: usize = 4096;

/// Precomputed curves, 24 KiB in all.
#[derive(Debug)]
pub(super) struct Tables {
    /// 2^(i/1024) in units of 2^-16.
    powers: Vec<u64>,
    /// Quantiles of the exponential distribution of mean 1, in units of 2^-16.
    gaps: Vec<u32>,
}

impl Tables {
    pub(super) fn new() -> Self {
        let powers = (0..POWERS).map(|i| (exp(LN_2 * i as f64 / POWERS as f64) * 65_536.0) as u64).collect();
        let gaps = (0..GAPS).map(|i| (-ln((i as f64 + 0.5) / GAPS as f64) * 65_536.0) as u32).collect();
        Self { powers, gaps }
    }

    /// A draw of `shape`; at most about 2^20 medians, in practice within 5 standard deviations.
    #[inline]
    pub(super) fn log_normal(&self, shape: LogNormal, rng: &mut Rng) -> u64 {
        let (a, b) = (rng.next(), rng.next());
        let mut sum = -8 * 32_768_i64;
        for shift in [0, 16, 32, 48] {
            sum += ((a >> shift) & 0xffff) as i64 + ((b >> shift) & 0xffff) as i64;
        }
        // Eight uniforms have the standard deviation 0.8165: 1.2247 makes it 1 (in 2^-16).
        let doublings = sum * 12_247 * i64::from(shape.spread) / 10_000_000;
        let fraction = ((doublings & 0xffff) as usize * POWERS) >> 16;
        let scaled = u64::from(shape.median) * self.powers[fraction];
        match doublings >> 16 {
            up @ 0.. => (scaled << up.min(20)) >> 16,
            down => (scaled >> (-down).min(40)) >> 16,
        }
    }

    /// A draw of the exponential distribution of mean 1, in units of 2^-16.
    #[inline]
    pub(super) fn exponential(&self, rng: &mut Rng) -> u64 {
        u64::from(self.gaps[rng.below(GAPS as u32) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_exponential_are_close_to_the_platform() {
        for x in [1e-9, 0.3, 0.999, 1.0, 1.5, 2.0, 10.0, 50_000.0, 1e12] {
            assert!((ln(x) - x.ln()).abs() < 1e-12, "ln {x}");
        }
        for x in [-30.0, -1.0, 0.0, 0.3, 1.0, 12.5] {
            assert!((exp(x) / x.exp() - 1.0_f64).abs() < 1e-12, "exp {x}");
        }
    }

    #[test]
    fn log_normal_has_its_median_and_exponential_its_mean() {
        let (tables, mut rng) = (Tables::new(), Rng::new(3));
        let shape = LogNormal::new(10_000, 2_000);
        let (mut below, mut sum) = (0, 0);
        for _ in 0..20_000 {
            below += u32::from(tables.log_normal(shape, &mut rng) < 10_000);
            sum += tables.exponential(&mut rng);
        }
        assert!((9_600..10_400).contains(&below), "{below}");
        assert!((63_000..68_000).contains(&(sum / 20_000)), "{sum}");
    }
}
