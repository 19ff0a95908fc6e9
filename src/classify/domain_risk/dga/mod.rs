//! How likely a domain generation algorithm made a name up.
//!
//! Malware that asks for a new name every day draws it by a formula, and letters drawn so seldom look like a language.
//! The model counts: how common a label's letter groups are in benign names, how well they fit what
//! known families draw, and a dozen plain figures (length, digits, vowels); a logistic regression weighs them.
//! `benches/dga` counts and weighs; `dga.model` holds the result, statistics and no names of hosts.
//!
//! Judged is the label left of the public suffix (crate `psl`, private section included, so that dynamic DNS names
//! count). Not judged are names that a provider draws for its customers, names of local networks, and internationalised
//! labels. Families that join dictionary words (suppobox, matsnu, gozi) are mostly not found: their names look like names.

mod features;
mod judged;
mod model;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::LazyLock;

pub use features::{FEATURES, Features, SPACE, SYMBOLS, quad_slot, symbols};
pub use judged::{Judged, judged};
pub use model::{FAMILIES, Model, ModelError, QUAD_SLOTS, VERSION as DGA_MODEL_VERSION, Weight};

/// From here on a name counts as generated: what 0.5 % of benign names reach in cross-validation.
pub const DGA_THRESHOLD: f32 = 0.5;

static MODEL: LazyLock<Result<Model, ModelError>> = LazyLock::new(|| Model::parse(include_bytes!("dga.model")));

/// How likely a host's name is generated, 0..=1. The scale is set by [`DGA_THRESHOLD`], not by how common generated
/// names are in traffic. `None` where there is nothing to judge: an IP literal, a single label, a public suffix, a
/// label of fewer than four characters, an internationalised label, a name of a local network, a
/// name drawn by a hosting provider.
pub fn dga(host: &str) -> Option<f32> {
    judged(host, |name| Some(MODEL.as_ref().ok()?.probability(name)))
}

/// Whether the model could be read; without it nothing is judged.
pub fn dga_is_ready() -> bool {
    MODEL.is_ok()
}

/// Whether a host's name is taken for generated.
pub fn is_dga(host: &str) -> bool {
    dga(host).is_some_and(|probability| probability >= DGA_THRESHOLD)
}

/// What speaks for a name being generated; see [`dga_reasons`].
#[derive(Clone, PartialEq, Debug)]
pub struct DgaReasons {
    /// The label that was judged.
    pub label: String,
    /// Up to three of its letter groups that are rare in benign names, rarest first; `^` and `$` are its ends.
    pub rare: Vec<String>,
    /// The known family whose letters it resembles most.
    pub family: &'static str,
    /// The figures that add most to the score, and by how much (log odds), largest first, at most three.
    pub figures: Vec<(&'static str, f32)>,
}

/// Why a host's name scores as it does; `None` where [`dga`] is.
pub fn dga_reasons(host: &str) -> Option<DgaReasons> {
    judged(host, |name| {
        let model = MODEL.as_ref().ok()?;
        let mut figures = model.contributions(name);
        figures.retain(|(_, points)| *points > 0.0);
        figures.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        figures.truncate(3);
        let rare = model.rare(name.label);
        Some(DgaReasons { label: name.label.to_owned(), rare, family: model.nearest(name), figures })
    })
}

impl fmt::Display for DgaReasons {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.label)?;
        if !self.rare.is_empty() {
            write!(out, "rare letter groups {}; ", self.rare.join(", "))?;
        }
        for (name, points) in &self.figures {
            write!(out, "{name} (+{points:.1}), ")?;
        }
        write!(out, "nearest family {}", self.family)
    }
}
