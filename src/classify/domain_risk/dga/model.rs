//! The model file: counted statistics and the weights of the regression.
//!
//! Layout, numbers little-endian: `TGDGA` and the version byte; the bias (f32); a [`Weight`] a figure (three f32); the
//! trigrams, quads and bigrams (a byte each, lengths fixed by the version); the number of families (u8), each a
//! length byte and its name; the number of suffixes (u16), each a length byte, its name and its odds (i8); at the end
//! the xxh3 of everything before (u64).

use super::features::{FEATURES, Features, SPACE, SYMBOLS, symbols};
use super::judged::Judged;
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

/// Room for families in a model.
pub const FAMILIES: usize = 64;
/// Slots that groups of four are counted in.
pub const QUAD_SLOTS: usize = 1 << 16;
const TRIGRAMS: usize = SYMBOLS * SYMBOLS * SYMBOLS;
const BIGRAMS: usize = SYMBOLS * SYMBOLS * FAMILIES;
const MAGIC: &[u8] = &[b'T', b'G', b'D', b'G', b'A', VERSION];

/// The version of a model file that is read.
pub const VERSION: u8 = 1;
/// Standardised figures are cut off here, so that one wild figure doesn't decide.
const CUT: f32 = 6.0;

/// How a figure counts: standardised by mean and deviation, then weighed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Weight {
    /// The figure's mean in training.
    pub mean: f32,
    /// Its standard deviation, above 0.
    pub deviation: f32,
    /// Log odds a deviation.
    pub weight: f32,
}

/// Why a model file can't be used.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ModelError {
    /// Not a model, or one of another version.
    #[error("dga.model: not a model of version 1; remake it by `cargo bench --bench dga`")]
    Version,
    /// Cut short, too long or damaged.
    #[error("dga.model: damaged (checksum or length); remake it by `cargo bench --bench dga`")]
    Damaged,
}

/// Counted statistics and weights.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    /// Log odds before any figure.
    pub bias: f32,
    /// The weights, in the order of [`FEATURES`].
    pub weights: [Weight; FEATURES.len()],
    /// Surprise of each group of three in benign names, in sixteenths of a bit.
    pub trigrams: Vec<u8>,
    /// How common groups of four are there: sixteen times log2(1 + count), by [`super::quad_slot`].
    pub quads: Vec<u8>,
    /// Surprise of each pair under each family, in sixteenths of a bit; a pair's families lie together.
    pub bigrams: Vec<u8>,
    /// The families' names, at most [`FAMILIES`].
    pub families: Vec<String>,
    /// Public suffixes and how much likelier families use them than benign names: thirty-twofold log odds; sorted.
    pub suffixes: Vec<(String, i8)>,
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError`] where the file isn't a whole model of this version.
    pub fn parse(file: &[u8]) -> Result<Model, ModelError> {
        let (body, sum) = file.split_last_chunk::<8>().ok_or(ModelError::Damaged)?;
        if !body.starts_with(MAGIC) {
            return Err(ModelError::Version);
        }
        if u64::from_le_bytes(*sum) != xxh3_64(body) {
            return Err(ModelError::Damaged);
        }
        let mut reader = Reader(&body[MAGIC.len()..]);
        let bias = reader.number()?;
        let mut weights = [Weight { mean: 0.0, deviation: 1.0, weight: 0.0 }; FEATURES.len()];
        for weight in &mut weights {
            *weight = Weight { mean: reader.number()?, deviation: reader.number()?, weight: reader.number()? };
        }
        let trigrams = reader.take(TRIGRAMS)?.to_vec();
        let quads = reader.take(QUAD_SLOTS)?.to_vec();
        let bigrams = reader.take(BIGRAMS)?.to_vec();
        let families = (0..reader.byte()?).map(|_| reader.text()).collect::<Result<Vec<_>, _>>()?;
        let count = u16::from_le_bytes([reader.byte()?, reader.byte()?]);
        let suffixes = (0..count).map(|_| Ok((reader.text()?, reader.byte()? as i8))).collect::<Result<Vec<_>, _>>()?;
        if !reader.0.is_empty() || families.len() > FAMILIES || !suffixes.is_sorted() {
            return Err(ModelError::Damaged);
        }
        Ok(Model { bias, weights, trigrams, quads, bigrams, families, suffixes })
    }

    /// The model as a file, to be read by [`Model::parse`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(self.bias.to_le_bytes());
        for Weight { mean, deviation, weight } in &self.weights {
            file.extend([mean, deviation, weight].into_iter().flat_map(|number| number.to_le_bytes()));
        }
        file.extend([&self.trigrams, &self.quads, &self.bigrams].into_iter().flatten());
        file.push(self.families.len() as u8);
        for family in &self.families {
            file.push(family.len() as u8);
            file.extend(family.bytes());
        }
        file.extend((self.suffixes.len() as u16).to_le_bytes());
        for (suffix, odds) in &self.suffixes {
            file.push(suffix.len() as u8);
            file.extend(suffix.bytes());
            file.push(*odds as u8);
        }
        let sum = xxh3_64(&file);
        file.extend(sum.to_le_bytes());
        file
    }

    /// How likely a name is generated, 0..=1.
    pub fn probability(&self, name: Judged<'_>) -> f32 {
        1.0 / (1.0 + (-self.log_odds(&self.features(name))).exp())
    }

    /// The log odds of figures.
    pub fn log_odds(&self, features: &Features) -> f32 {
        self.bias + self.weighed(features).sum::<f32>()
    }

    /// Each figure's name and its log odds.
    pub fn contributions(&self, name: Judged<'_>) -> Vec<(&'static str, f32)> {
        FEATURES.into_iter().zip(self.weighed(&self.features(name))).collect()
    }

    fn weighed(&self, features: &Features) -> impl Iterator<Item = f32> {
        self.weights
            .iter()
            .zip(features)
            .map(|(by, figure)| ((figure - by.mean) / by.deviation).clamp(-CUT, CUT) * by.weight)
    }

    /// The family whose letters a name resembles most.
    pub(super) fn nearest(&self, name: Judged<'_>) -> &str {
        let mut space = [0; SPACE];
        let length = symbols(name.label, &mut space);
        self.families.get(self.family_bits(&space[..length]).0).map_or("", String::as_str)
    }

    /// Up to three groups of a label that cost ten bits or more, rarest first.
    pub(super) fn rare(&self, label: &str) -> Vec<String> {
        let mut space = [0; SPACE];
        let length = symbols(label, &mut space);
        let shown: Vec<char> = "^^".chars().chain(label.chars()).chain("$".chars()).collect();
        let groups = space[..length].windows(3).zip(shown.windows(3)).skip(1);
        let mut rare: Vec<(f32, String)> =
            groups.map(|(group, shown)| (self.trigram_bits(group), shown.iter().collect())).collect();
        rare.retain(|(bits, _)| *bits >= 10.0);
        rare.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        rare.into_iter().take(3).map(|(_, group)| group).collect()
    }

    pub(super) fn trigram_bits(&self, group: &[u8]) -> f32 {
        let at = group.iter().fold(0, |at, symbol| at * SYMBOLS + usize::from(*symbol));
        f32::from(self.trigrams[at]) / 16.0
    }

    pub(super) fn suffix_odds(&self, suffix: &str) -> f32 {
        let at = self.suffixes.binary_search_by(|(name, _)| name.as_str().cmp(suffix));
        at.map_or(0.0, |at| f32::from(self.suffixes[at].1) / 32.0)
    }
}

/// What is left to read.
struct Reader<'file>(&'file [u8]);

impl<'file> Reader<'file> {
    fn take(&mut self, count: usize) -> Result<&'file [u8], ModelError> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(ModelError::Damaged)?;
        self.0 = left;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<f32, ModelError> {
        let bytes = self.take(4)?;
        Ok(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn text(&mut self) -> Result<String, ModelError> {
        let length = usize::from(self.byte()?);
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }
}
