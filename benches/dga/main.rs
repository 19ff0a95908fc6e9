//! Makes and measures the model of generated names:
//! `cargo bench --bench dga -- hosts.jsonl.gz [--write src/classify/domain_risk/dga/dga.model]`.
//!
//! Reads labelled hosts (`{"host", "label": "attack"|"benign", "family"}` a line, plain or gz), measures by five-fold
//! cross-validation and by leaving each family out, and writes the model of all of it. Nothing of the hosts but counts
//! gets into the model. The same input makes the same bytes.

#![allow(clippy::print_stdout)] // a report is what it is for

mod counts;
mod regression;

use anyhow::Context;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use tidegate::classify::domain_risk::dga::{Judged, Model, judged};
use xxhash_rust::xxh3::xxh3_64;

/// One labelled host.
pub struct Row {
    label: String,
    suffix: String,
    attack: bool,
    family: String,
    draw: u64,
}

impl Row {
    fn name(&self) -> Judged<'_> {
        Judged { label: &self.label, suffix: &self.suffix }
    }

    /// Log odds; a host that isn't judged is never found.
    fn score(&self, model: &Model) -> f32 {
        if self.label.is_empty() { f32::MIN } else { model.log_odds(&model.features(self.name())) }
    }
}

/// False positive rates that are reported.
const RATES: [f64; 5] = [0.001, 0.002, 0.005, 0.01, 0.02];
/// The rate the threshold is set to.
const RATE: f64 = 0.005;
const FOLDS: u64 = 5;
/// Parts that the figures are taken from, each under the counts of the others.
const PARTS: u64 = 6;
/// How much a generated name counts as one of a family never seen.
const UNSEEN: f64 = 0.3;
/// How much a benign name counts: false alarms are what costs.
const BENIGN: f64 = 8.0;

fn main() -> anyhow::Result<()> {
    // What cargo says to every benchmark is none of ours.
    let args = std::env::args_os().skip(1).filter(|arg| arg != "--bench");
    let args: Vec<PathBuf> = args.map(PathBuf::from).collect();
    let (hosts, model) = match args.as_slice() {
        [hosts] => (hosts, None),
        [hosts, flag, model] if flag.as_os_str() == "--write" => (hosts, Some(model)),
        _ => anyhow::bail!("usage: dga HOSTS.jsonl[.gz] [--write MODEL]"),
    };
    let rows = read(hosts)?;
    let cut = folds(&rows);
    if let Some(path) = model {
        let mut model = train(&rows.iter().collect::<Vec<_>>());
        // The threshold is where the rate was in cross-validation.
        model.bias -= cut;
        std::fs::write(path, model.to_bytes()).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Measures by cross-validation, and returns the score that [`RATE`] of all benign hosts exceed there.
fn folds(rows: &[Row]) -> f32 {
    println!(
        "| fold | {} |\n|---|---|---|---|---|---|",
        RATES.map(|rate| format!("{} % FP", rate * 100.0)).join(" | ")
    );
    let mut scores: Vec<(f32, &Row)> = Vec::new();
    for fold in 0..FOLDS {
        let (test, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.draw % FOLDS == fold);
        let model = train(&rest);
        let tested: Vec<_> = test.iter().map(|row| (row.score(&model), *row)).collect();
        println!("| {} | {} |", fold + 1, roc(&tested));
        scores.extend(tested);
    }
    println!("| all | {} |", roc(&scores));
    let cut = threshold(&scores, RATE);
    println!("\n| fold, at the threshold of all | found | false positives |\n|---|---|---|");
    for fold in 0..FOLDS {
        let above = |attack: bool| {
            let of: Vec<_> =
                scores.iter().filter(|(_, row)| row.attack == attack && row.draw % FOLDS == fold).collect();
            percent(of.iter().filter(|(score, _)| *score > cut).count(), of.len())
        };
        println!("| {} | {} | {} |", fold + 1, above(true), above(false));
    }
    by_family(rows, &scores, cut);
    cut
}

/// Measures each family: in cross-validation, and under a model that never saw it. The threshold of the latter is
/// taken from a fold of benign hosts that it didn't see either.
fn by_family(rows: &[Row], scores: &[(f32, &Row)], cut: f32) {
    println!("\n| family | hosts | found | found, family unseen |\n|---|---|---|---|");
    let mut families: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for (score, row) in scores.iter().filter(|(_, row)| row.attack) {
        families.entry(&row.family).or_default().push(*score);
    }
    let (mut found, mut all) = (0, 0);
    for (family, scores) in &families {
        let held_out = |row: &&Row| if row.attack { row.family == *family } else { row.draw.is_multiple_of(FOLDS) };
        let (test, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(held_out);
        let model = train(&rest);
        let tested: Vec<_> = test.into_iter().map(|row| (row.score(&model), row)).collect();
        let cut_unseen = threshold(&tested, RATE);
        let known = scores.iter().filter(|score| **score > cut).count();
        let unseen = tested.iter().filter(|(score, row)| row.attack && *score > cut_unseen).count();
        (found, all) = (found + unseen, all + scores.len());
        let count = scores.len();
        println!("| {family} | {count} | {} | {} |", percent(known, count), percent(unseen, count));
    }
    println!("| all | {all} | | {} |", percent(found, all));
}

fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let row = |line: &str| -> anyhow::Result<Row> {
        let value: serde_json::Value = serde_json::from_str(line)?;
        let host = value["host"].as_str().context("a line without host")?;
        let name = judged(host, |name| Some((name.label.to_owned(), name.suffix.to_owned())));
        let (label, suffix) = name.unwrap_or_default();
        let family = value["family"].as_str().unwrap_or("").to_owned();
        // A label's spellings under several suffixes, and a name's many hosts, stay in one fold.
        let draw = xxh3_64(if label.is_empty() { host } else { &label }.as_bytes());
        Ok(Row { label, suffix, attack: value["label"] == "attack", family, draw })
    };
    text.lines().map(row).collect()
}

/// Counts and weighs. The figures of each part are taken under the counts of the other parts, so that no name
/// speaks for itself; generated names are seen twice, once as of a known family and once as of an unknown one.
fn train(rows: &[&Row]) -> Model {
    let mut seen = HashSet::new();
    let rows: Vec<&Row> =
        rows.iter().copied().filter(|row| !row.label.is_empty() && seen.insert((&row.label, &row.suffix))).collect();
    let mut sizes: HashMap<&str, f64> = HashMap::new();
    rows.iter().filter(|row| row.attack).for_each(|row| *sizes.entry(&row.family).or_default() += 1.0);
    let mut examples = Vec::new();
    for (by_family, share) in [(false, 1.0 - UNSEEN), (true, UNSEEN)] {
        let part = |row: &Row| match row.attack && by_family {
            true => xxh3_64(row.family.as_bytes()) % PARTS,
            false => row.draw / FOLDS % PARTS,
        };
        for at in 0..PARTS {
            let (own, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| part(row) == at);
            let model = counts::count(&others);
            examples.extend(own.iter().map(|row| {
                // A large family counts more than a small one, but not by all its names.
                let weight = if row.attack { (60.0 / sizes[row.family.as_str()]).sqrt().min(3.0) } else { BENIGN };
                (model.features(row.name()), row.attack, share * weight)
            }));
        }
    }
    let (bias, weights) = regression::fit(&examples);
    Model { bias, weights, ..counts::count(&rows) }
}

/// The score that this share of benign hosts exceeds.
fn threshold(scores: &[(f32, &Row)], rate: f64) -> f32 {
    let mut benign: Vec<f32> = scores.iter().filter(|(_, row)| !row.attack).map(|(score, _)| *score).collect();
    benign.sort_by(|a, b| b.total_cmp(a));
    benign.get((benign.len() as f64 * rate) as usize).copied().unwrap_or(f32::MAX)
}

/// The shares found at the reported rates, as cells of a table.
fn roc(scores: &[(f32, &Row)]) -> String {
    let attacks: Vec<f32> = scores.iter().filter(|(_, row)| row.attack).map(|(score, _)| *score).collect();
    let found = RATES.map(|rate| {
        let cut = threshold(scores, rate);
        let found = attacks.iter().filter(|score| **score > cut).count();
        percent(found, attacks.len())
    });
    found.join(" | ")
}

fn percent(part: usize, of: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / of as f64)
}
