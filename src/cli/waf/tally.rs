//! How many labelled requests were flagged: by label, set and type.

use crate::cli::rejects::printable;
use crate::model::grouped;
use crate::scoring::{Label, Labelled};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// Lines, and how many of them were flagged.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Count {
    pub(super) lines: u64,
    flagged: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.lines += other.lines;
        self.flagged += other.flagged;
    }

    fn sum<'c>(counts: impl IntoIterator<Item = &'c Count>) -> Count {
        counts.into_iter().fold(Count::default(), |mut sum, count| {
            sum.add(*count);
            sum
        })
    }

    /// Flagged ones in a hundred; nothing of no lines.
    fn rate_pct(self) -> Option<f64> {
        (self.lines > 0).then(|| self.flagged as f64 / self.lines as f64 * 100.0)
    }

    fn as_json(self) -> Value {
        json!({ "lines": self.lines, "flagged": self.flagged, "rate_pct": self.rate_pct() })
    }
}

/// The counts of a set, by type.
type Types = BTreeMap<String, Count>;

/// Counts by label, then set, then type.
#[derive(Default, Debug)]
pub(super) struct Tally(BTreeMap<Label, BTreeMap<String, Types>>);

impl Tally {
    /// Counts a line.
    pub(super) fn count(&mut self, line: &Labelled<'_>, flagged: bool) {
        let set = line.set.as_deref().unwrap_or_default();
        let kind = line.kind.as_deref().unwrap_or_default();
        let types = entry(self.0.entry(line.label).or_default(), set);
        entry(types, kind).add(Count { lines: 1, flagged: u64::from(flagged) });
    }

    /// Adds what another thread has counted.
    pub(super) fn add(&mut self, other: Tally) {
        for (label, sets) in other.0 {
            for (set, types) in sets {
                let mine = self.0.entry(label).or_default().entry(set).or_default();
                types.into_iter().for_each(|(kind, count)| mine.entry(kind).or_default().add(count));
            }
        }
    }

    /// All lines of a label.
    fn of(&self, label: Label) -> Count {
        Count::sum(self.0.get(&label).into_iter().flat_map(BTreeMap::values).flat_map(BTreeMap::values))
    }

    /// All lines.
    pub(super) fn lines(&self) -> u64 {
        self.of(Label::Attack).lines + self.of(Label::Benign).lines
    }

    pub(super) fn as_json(&self) -> Value {
        let with = |mut count: Value, more: Value| {
            if let (Value::Object(count), Value::Object(more)) = (&mut count, more) {
                count.extend(more);
            }
            count
        };
        let sets = self.0.iter().flat_map(|(label, sets)| sets.iter().map(move |(set, types)| (label, set, types)));
        let sets: Vec<Value> = sets
            .map(|(label, set, types)| {
                let types: Vec<Value> =
                    types.iter().map(|(kind, count)| with(count.as_json(), json!({ "type": kind }))).collect();
                let sum = Count::sum(self.0[label][set].values());
                with(sum.as_json(), json!({ "set": set, "label": label.name(), "types": types }))
            })
            .collect();
        json!({
            "sets": sets,
            "attack": self.of(Label::Attack).as_json(),
            "benign": self.of(Label::Benign).as_json(),
        })
    }

    /// A table for each label: its sets, their types where there are several, and the sum.
    pub(super) fn print(&self, out: &mut impl Write) -> std::io::Result<()> {
        for (at, (label, sets)) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            let (title, flagged) = match label {
                Label::Attack => ("attacks", "detected"),
                Label::Benign => ("benign", "flagged"),
            };
            writeln!(out, "{title:<52} {:>12} {flagged:>12} {:>10}", "lines", "rate")?;
            for (set, types) in sets {
                row(out, if set.is_empty() { "(no set)" } else { set }, Count::sum(types.values()))?;
                if types.len() > 1 {
                    for (kind, count) in types {
                        row(out, &format!("  {}", if kind.is_empty() { "(no type)" } else { kind }), *count)?;
                    }
                }
            }
            if sets.len() > 1 {
                row(out, "all", self.of(*label))?;
            }
        }
        Ok(())
    }
}

/// The value of a key; the key is only copied where it is new.
fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, key: &str) -> &'m mut V {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), V::default());
    }
    map.entry(key.to_owned()).or_default()
}

fn row(out: &mut impl Write, name: &str, count: Count) -> std::io::Result<()> {
    let rate = count.rate_pct().map(|rate| format!("{rate:.2} %")).unwrap_or_default();
    let (lines, flagged) = (grouped(count.lines), grouped(count.flagged));
    writeln!(out, "{:<52} {lines:>12} {flagged:>12} {rate:>10}", printable(name))
}
