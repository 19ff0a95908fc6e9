//! Counts the letter groups of labelled names into a model.

use crate::Row;
use std::collections::{BTreeMap, HashMap};
use tidegate::classify::domain_risk::dga::{FAMILIES, FEATURES, Model, QUAD_SLOTS, SPACE, SYMBOLS, Weight};
use tidegate::classify::domain_risk::dga::{quad_slot, symbols};

const S: usize = SYMBOLS;
/// How many counts the shorter group stands for behind a longer one.
const BACK_OFF: f32 = 6.0;
const FAMILY_BACK_OFF: f32 = 10.0;
/// How many families the benign share of a suffix stands for.
const SUFFIX_PRIOR: f32 = 5.0;
/// Families with fewer names are too thin for counts of their own.
const LEAST_NAMES: usize = 10;

fn index(group: &[u8]) -> usize {
    group.iter().fold(0, |at, symbol| at * S + usize::from(*symbol))
}

/// Sixteenths of a bit.
fn bits(probability: f32) -> u8 {
    (-probability.log2() * 16.0).round().clamp(0.0, 255.0) as u8
}

/// A model of these rows' counts, without weights.
pub fn count(rows: &[&Row]) -> Model {
    let mut trigrams = vec![0.0; S * S * S];
    let mut quads = vec![0.0_f32; QUAD_SLOTS];
    let mut families: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if row.attack {
            families.entry(&row.family).or_default().push(row);
            continue;
        }
        let mut space = [0; SPACE];
        let length = symbols(&row.label, &mut space);
        space[..length].windows(3).for_each(|group| trigrams[index(group)] += 1.0);
        space[1..length].windows(4).for_each(|group| quads[quad_slot(group)] += 1.0);
    }
    let suffixes = suffixes(rows, &families);
    families.retain(|_, rows| rows.len() >= LEAST_NAMES);
    let mut bigrams = vec![255; S * S * FAMILIES];
    for (at, rows) in families.values().take(FAMILIES).enumerate() {
        for (pair, cost) in family(rows).into_iter().enumerate() {
            bigrams[pair * FAMILIES + at] = cost;
        }
    }
    Model {
        bias: 0.0,
        weights: [Weight { mean: 0.0, deviation: 1.0, weight: 0.0 }; FEATURES.len()],
        trigrams: smooth(&trigrams),
        quads: quads.iter().map(|count| ((1.0 + count).log2() * 16.0).round().min(255.0) as u8).collect(),
        bigrams,
        families: families.keys().take(FAMILIES).map(|name| name.to_string()).collect(),
        suffixes,
    }
}

/// Surprise of each trigram: its count, backed off to the pair's, backed off to the symbol's.
fn smooth(counts: &[f32]) -> Vec<u8> {
    let mut single = [0.5; S];
    let mut pairs = [0.0; S * S];
    for (at, count) in counts.iter().enumerate() {
        single[at % S] += count;
        pairs[at % (S * S)] += count;
    }
    let all: f32 = single.iter().sum();
    let behind_one: Vec<f32> = pairs.chunks(S).map(|row| row.iter().sum()).collect();
    let behind_two: Vec<f32> = counts.chunks(S).map(|row| row.iter().sum()).collect();
    let cost = |(at, count): (usize, &f32)| {
        let pair = (pairs[at % (S * S)] + BACK_OFF * single[at % S] / all) / (behind_one[at / S % S] + BACK_OFF);
        bits((count + BACK_OFF * pair) / (behind_two[at / S] + BACK_OFF))
    };
    counts.iter().enumerate().map(cost).collect()
}

/// Surprise of each pair in a family's names.
fn family(rows: &[&Row]) -> Vec<u8> {
    let mut single = [0.3_f32; S];
    let mut pairs = [0.0_f32; S * S];
    for row in rows {
        let mut space = [0; SPACE];
        let length = symbols(&row.label, &mut space);
        for pair in space[1..length].windows(2) {
            pairs[index(pair)] += 1.0;
            single[usize::from(pair[1])] += 1.0;
        }
    }
    let all: f32 = single.iter().sum();
    let cost = |(at, count): (usize, &f32)| {
        let row: f32 = pairs[at / S * S..][..S].iter().sum();
        bits((count + FAMILY_BACK_OFF * single[at % S] / all) / (row + FAMILY_BACK_OFF))
    };
    pairs.iter().enumerate().map(cost).collect()
}

/// How much likelier families use a suffix than benign names do. Each family counts once, whatever its size.
fn suffixes(rows: &[&Row], families: &BTreeMap<&str, Vec<&Row>>) -> Vec<(String, i8)> {
    let mut uses: HashMap<&str, (f32, f32)> = HashMap::new();
    let benign = rows.iter().filter(|row| !row.attack);
    benign.clone().for_each(|row| uses.entry(&row.suffix).or_default().0 += 1.0);
    for rows in families.values() {
        let share = 1.0 / (rows.len() as f32).max(10.0);
        rows.iter().for_each(|row| uses.entry(&row.suffix).or_default().1 += share);
    }
    let (names, families) = (benign.count() as f32, families.len() as f32);
    uses.retain(|_, (benign, attack)| *benign >= 2.0 || *attack > 0.3);
    let odds = |(suffix, (benign, attack)): (&str, (f32, f32))| {
        let benign = (benign + 1.0) / (names + 100.0);
        let attack = (attack + SUFFIX_PRIOR * benign) / (families + SUFFIX_PRIOR);
        (suffix.to_owned(), ((attack / benign).ln().clamp(-2.0, 2.0) * 32.0).round() as i8)
    };
    let mut suffixes: Vec<_> = uses.into_iter().map(odds).collect();
    suffixes.sort();
    suffixes
}
