//! What is printed and what is written for machines, and the statistics both are made of.

use crate::Options;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Results as they come in.
#[derive(Debug)]
pub struct Report {
    results: Map<String, Value>,
    facts: Value,
}

impl Report {
    /// An empty report with what is known of the machine.
    pub fn new(options: &Options) -> Report {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
        };
        let facts = json!({
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "cpu": field(&read("/proc/cpuinfo"), "model name"),
            "memory": field(&read("/proc/meminfo"), "MemTotal"),
            "load_before": read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" "),
            "kernel": read("/proc/sys/kernel/osrelease").trim(),
            "version": env!("CARGO_PKG_VERSION"),
            "data": "synthetic (tidegate::sample, seed 1): no real network's log",
            "lines": options.lines,
        });
        Report { results: Map::new(), facts }
    }

    /// Prints what is known of the machine.
    pub fn facts(&self) {
        let fact = |name: &str| self.facts[name].as_str().unwrap_or_default().to_owned();
        println!("Tidegate {} on {} cores, {}, {}", fact("version"), self.facts["cores"], fact("cpu"), fact("memory"));
        println!("Load before: {}. Data: {}.", fact("load_before"), fact("data"));
    }

    /// Prints a heading.
    pub fn title(&self, title: &str) {
        println!("\n{title}");
    }

    /// Keeps a result.
    pub fn add(&mut self, name: &str, result: Value) {
        self.results.insert(name.to_owned(), result);
    }

    /// Writes everything for machines. What only an earlier run measured at the same size is kept.
    pub fn write(self, path: &Path) -> anyhow::Result<()> {
        let before = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let mut results = match before {
            Some(mut before) if before["machine"]["lines"] == self.facts["lines"] => {
                before["results"].as_object_mut().map(std::mem::take).unwrap_or_default()
            }
            _ => Map::new(),
        };
        results.extend(self.results);
        let all = json!({"machine": self.facts, "results": results});
        std::fs::write(path, serde_json::to_vec_pretty(&all)?)?;
        println!("\nwritten to {}", path.display());
        Ok(())
    }
}

/// The middle value; 0 where there is none.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value that a share of all is not above (nearest rank); 0 where there is none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
}

/// `ok` or `over`, blank where no target is set.
pub fn verdict(value: f64, target: Option<f64>) -> &'static str {
    match target {
        None => "",
        Some(target) if value <= target => "ok",
        Some(_) => "over",
    }
}
