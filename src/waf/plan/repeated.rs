//! What is known of values that come again and again: agents and hosts, methods and protocols.

use crate::waf::variables::Source;

/// How many values of each of the [`SOURCES`] are remembered; powers of two.
const VALUES: [usize; SOURCES.len()] = [1 << 14, 1 << 13, 1 << 6, 1 << 6];

/// Longer values are not remembered, in bytes.
const LONGEST: usize = 1024;

/// The sources whose values are remembered.
pub(super) const SOURCES: [Source; 4] = [Source::HostHeader, Source::UserAgent, Source::Method, Source::Protocol];

/// Of values, the rules that they make candidates.
#[derive(Clone, Debug, Default)]
pub(in crate::waf) struct Repeated {
    of_sources: [Vec<Known>; SOURCES.len()],
}

/// A value and its candidates. A new one takes the place of an old one, which moves to the place beside it.
#[derive(Clone, Debug, Default)]
struct Known {
    hash: u64,
    value: Option<Box<[u8]>>,
    rules: Box<[u32]>,
}

impl Repeated {
    /// The candidates of a value, if it is remembered. `source` is a place in [`SOURCES`].
    pub(super) fn get(&self, source: usize, value: &[u8]) -> Option<&[u32]> {
        let hash = hash(value);
        let place = place(source, hash);
        let mut known = [place, place ^ 1].into_iter().filter_map(|place| self.of_sources[source].get(place));
        let known = known.find(|known| known.hash == hash && known.value.as_deref() == Some(value))?;
        Some(&known.rules)
    }

    pub(super) fn insert(&mut self, source: usize, value: &[u8], rules: Vec<u32>) {
        let known = &mut self.of_sources[source];
        if value.len() > LONGEST {
            return;
        }
        known.resize_with(VALUES[source], Known::default);
        let hash = hash(value);
        let new = Known { hash, value: Some(value.into()), rules: rules.into() };
        let place = place(source, hash);
        known[place ^ 1] = std::mem::replace(&mut known[place], new);
    }
}

/// The place of a value of this hash. Values that share one take turns, so nothing is gained by making many that do.
fn place(source: usize, hash: u64) -> usize {
    (hash >> 48) as usize % VALUES[source]
}

fn hash(value: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut chunks = value.chunks_exact(8);
    let mut hash = value.len() as u64;
    for chunk in chunks.by_ref() {
        let chunk = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        hash = (hash.rotate_left(5) ^ chunk).wrapping_mul(PRIME);
    }
    let rest = chunks.remainder().iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    (hash.rotate_left(5) ^ rest).wrapping_mul(PRIME)
}
