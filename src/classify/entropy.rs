//! How random a text looks: the Shannon entropy of its bytes. A number for statistics and for telling packed or
//! encrypted payloads from words; by itself no sign of an attack.
//!
//! Source: C. E. Shannon, A Mathematical Theory of Communication, 1948, section 6.

use std::sync::LazyLock;

/// Shorter texts are not measured: they have few different bytes whatever they say.
pub const FEWEST_BYTES: usize = 8;

/// From here on a path counts as unusually random, in thousandths of a bit per byte. Of 12,094 benign request lines
/// 2% reach 5,400, most of them identifiers of advertisers: long, and of letters of both cases and digits.
pub const HIGH_MILLIBITS: u32 = 5_500;

/// The shortest text that can be that random has so many bytes: 2^5.5, rounded up.
#[cfg(test)]
const FEWEST_BYTES_FOR_HIGH: usize = 46;

/// Texts up to here are counted with one byte per value.
const SHORT: usize = 255;

/// With `n` bytes of which the value v occurs `c(v)` times, the entropy is (n log2 n - sum of c log2 c) / n. The sum is
/// kept up as bytes are counted, in units of 2^-24.
struct Tables {
    /// What c log2 c grows by when c becomes c + 1.
    growth: [u32; SHORT + 1],
    /// n log2 n, as those steps add up.
    whole: [u64; SHORT + 1],
}

const UNIT_BITS: u32 = 24;

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let whole = |count: usize| if count == 0 { 0.0 } else { count as f64 * (count as f64).log2() };
    let unit = f64::from(1 << UNIT_BITS);
    let growth = std::array::from_fn(|count| ((whole(count + 1) - whole(count)) * unit).round() as u32);
    let mut sums = [0; SHORT + 1];
    for count in 0..SHORT {
        sums[count + 1] = sums[count] + u64::from(growth[count]);
    }
    Tables { growth, whole: sums }
});

/// The entropy of a text, in thousandths of a bit per byte, 0 to 8,000; `None` below [`FEWEST_BYTES`].
pub fn entropy_millibits(text: &[u8]) -> Option<u32> {
    if text.len() < FEWEST_BYTES {
        return None;
    }
    if text.len() > SHORT {
        return Some(of_long(text));
    }
    let tables = &*TABLES;
    let (mut counts, mut sum) = ([0_u8; 256], 0_u64);
    for byte in text {
        let count = &mut counts[usize::from(*byte)];
        sum += u64::from(tables.growth[usize::from(*count)]);
        *count += 1;
    }
    let rest = (tables.whole[text.len()] - sum) * 1000 / text.len() as u64;
    Some(((rest + (1 << (UNIT_BITS - 1))) >> UNIT_BITS) as u32)
}

fn of_long(text: &[u8]) -> u32 {
    let mut counts = [0_u32; 256];
    text.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = text.len() as f64;
    let sum: f64 =
        counts.iter().filter(|count| **count > 1).map(|count| f64::from(*count) * f64::from(*count).log2()).sum();
    ((length.log2() - sum / length) * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By the definition: the sum of -p log2 p.
    fn plainly(text: &[u8]) -> f64 {
        (0..=255_u8)
            .map(|value| text.iter().filter(|byte| **byte == value).count() as f64 / text.len() as f64)
            .filter(|share| *share > 0.0)
            .map(|share| -share * share.log2())
            .sum()
    }

    proptest! {
        #[test]
        fn it_is_the_sum_of_the_definition(
            text in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..700),
                proptest::collection::vec(proptest::sample::select(b"abc/".to_vec()), 0..700),
            ],
        ) {
            match entropy_millibits(&text) {
                None => prop_assert!(text.len() < FEWEST_BYTES),
                Some(found) => {
                    let want = plainly(&text) * 1000.0;
                    prop_assert!((f64::from(found) - want).abs() <= 1.0, "{} for {}", found, want);
                }
            }
        }
    }

    #[test]
    fn it_goes_from_nothing_to_a_byte() {
        assert_eq!(entropy_millibits(b"/short"), None);
        assert_eq!(entropy_millibits(&[b'a'; 255]), Some(0));
        assert_eq!(entropy_millibits(&[b'a'; 256]), Some(0));
        assert_eq!(entropy_millibits(b"abababab"), Some(1000));
        assert_eq!(entropy_millibits(&(0..=255).collect::<Vec<u8>>()), Some(8000));
        let all_different: Vec<u8> = (0..FEWEST_BYTES_FOR_HIGH as u8).collect();
        assert!(entropy_millibits(&all_different) >= Some(HIGH_MILLIBITS));
        assert!(entropy_millibits(&all_different[1..]) < Some(HIGH_MILLIBITS));
    }
}
