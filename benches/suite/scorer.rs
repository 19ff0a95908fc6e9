//! The rules on one core: lines a second beside libmodsecurity on the same lines, and what input made to be slow costs a
//! byte. No verdict is remembered, other than an import does for agents and hosts seen before.
//!
//! Honest lines are the generated log's; attacks those that the rules are tested with. `--requests` takes labelled ones
//! instead, as `tidegate waf eval` does.

use crate::Options;
use crate::data::Log;
use crate::report::{Report, median};
use anyhow::{Context, anyhow, ensure};
use modsecurity::ModSecurity;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;
use tidegate::format::Squid;
use tidegate::scoring::{Asked, BUILTIN, Judge, Label, Labelled, RuleBook};
use tidegate::source::{Decoder, Limits};

#[path = "../../tests/it/support/modsecurity.rs"]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // the tests' own
mod modsecurity;

/// Distinct honest lines of the generated log.
const HONEST: usize = 20_000;
/// Lines that libmodsecurity is given; it takes about a second for a thousand.
const COMPARED: usize = 4_000;
const ROUNDS: usize = 9;
/// Of so many lines one is an attack.
const EVERY: usize = 20;
/// The length of a line made to be slow, in bytes.
const HOSTILE_BYTES: usize = 8_192;
/// What lines made to be slow repeat.
const HOSTILE: [&str; 16] = [
    "a=1&",
    "&",
    "'",
    "../",
    "%2525",
    "&lt;",
    "or ",
    "select+1,",
    "<script",
    "4111 ",
    ";id",
    "onx=",
    "a=select(1)or'1'&",
    "data:x;base64,",
    "${",
    "((",
];
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A request as a log has it.
#[derive(Clone, Debug)]
struct Line {
    method: String,
    url: String,
    user_agent: Option<String>,
    referer: Option<String>,
}

impl Line {
    fn get(url: String) -> Line {
        Line { method: "GET".to_owned(), url, user_agent: Some(BROWSER.to_owned()), referer: None }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            method: self.method.as_bytes(),
            url: self.url.as_bytes(),
            client: None,
            user_agent: self.user_agent.as_deref().map(str::as_bytes),
            referer: self.referer.as_deref().map(str::as_bytes),
        }
    }

    /// As a server sees it: target and host.
    fn target(&self) -> (String, &str) {
        let Some((_, rest)) = self.url.split_once("://") else { return (self.url.clone(), &self.url) };
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        (if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }, host)
    }
}

/// Measures the rules inside the program and, where they are installed, Debian's Core Rule Set and libmodsecurity.
pub fn measure(report: &mut Report, log: &Log, options: &Options) -> anyhow::Result<()> {
    let (honest, attacks) = match &options.requests {
        Some(path) => labelled(path)?,
        None => (generated(log)?, of_the_tests()?),
    };
    ensure!(!honest.is_empty() && !attacks.is_empty(), "the scorer is measured on honest lines and on attacks");
    let mixed: Vec<Line> = (0..honest.len() * EVERY / (EVERY - 1))
        .map(|at| if at % EVERY == 0 { &attacks[at / EVERY % attacks.len()] } else { &honest[at - at / EVERY - 1] })
        .cloned()
        .collect();
    report.title(&format!(
        "Rules on one core, medians of {ROUNDS}: {} honest lines of {:.0} B, {} with one attack in {EVERY}",
        honest.len(),
        bytes(&honest) / honest.len() as f64,
        mixed.len(),
    ));
    let mut results = Map::new();
    let ours = load(&[BUILTIN])?;
    let per_byte = speeds(&ours, "ours", &[("honest", &honest), ("mixed", &mixed)], &mut results);
    hostile(&ours, per_byte, &mut results);
    beside_libmodsecurity(&ours, &mixed, &mut results)?;
    report.add("scorer", results.into());
    Ok(())
}

fn load(rules: &[&str]) -> anyhow::Result<RuleBook> {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    RuleBook::load(&rules).map_err(|faults| anyhow!("{faults}"))
}

/// Distinct lines of the generated log.
fn generated(log: &Log) -> anyhow::Result<Vec<Line>> {
    let (mut known, mut lines) = (HashSet::new(), Vec::new());
    for line in BufReader::new(File::open(&log.path)?).split(b'\n') {
        let line = line?;
        let Ok(event) = Squid::read(&line) else { continue };
        let (Ok(method), Ok(url)) = (str::from_utf8(event.cs_method), str::from_utf8(event.cs_uri)) else { continue };
        if known.insert(url.to_owned()) {
            lines.push(Line { method: method.to_owned(), ..Line::get(url.to_owned()) });
        }
        if lines.len() == HONEST {
            break;
        }
    }
    Ok(lines)
}

/// The attacks that the rules are tested with, as far as they need nothing but a URL.
fn of_the_tests() -> anyhow::Result<Vec<Line>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waf-rules/attacks.txt");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let urls = text.lines().filter(|line| line.contains("://") && !line.starts_with('#') && !line.contains('\t'));
    Ok(urls.map(|url| Line::get(url.to_owned())).collect())
}

/// Labelled lines: those that are benign, and the attacks.
fn labelled(path: &Path) -> anyhow::Result<(Vec<Line>, Vec<Line>)> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let (mut honest, mut attacks) = (Vec::new(), Vec::new());
    for (number, line) in BufReader::new(Decoder::new(Box::new(file), Limits::default())?).split(b'\n').enumerate() {
        let line = line?;
        let read = Labelled::read(&line).map_err(|fault| anyhow!("{}:{}: {fault}", path.display(), number + 1))?;
        let url = read.url();
        let asked = read.asked(&url);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let line = Line {
            method: text(asked.method),
            url: text(asked.url),
            user_agent: Some(asked.user_agent.filter(|agent| !agent.is_empty()).map_or(BROWSER.to_owned(), text)),
            referer: asked.referer.map(text),
        };
        if read.label == Label::Attack { &mut attacks } else { &mut honest }.push(line);
    }
    Ok((honest, attacks))
}

fn bytes(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line.url.len()).sum::<usize>() as f64
}

/// Nanoseconds that the rules of a book take for all of these lines; what the classifiers say of hosts is known.
fn taken_ns(book: &RuleBook, lines: &[Line], rounds: usize) -> f64 {
    let mut judge = Judge::new(book);
    let asked: Vec<_> = lines.iter().map(Line::asked).map(|asked| (judge.signals(&asked), asked)).collect();
    let (engine, mut scratch) = (book.engine(), book.engine().scratch());
    let mut taken_ns = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let started = Instant::now();
        for (signals, asked) in &asked {
            black_box(engine.score(&asked.request(signals), &mut scratch));
        }
        taken_ns.push(started.elapsed().as_nanos() as f64);
    }
    median(&taken_ns)
}

/// Prints how fast a book is; nanoseconds a byte on the first of the sets.
fn speeds(book: &RuleBook, name: &str, sets: &[(&str, &[Line])], results: &mut Map<String, Value>) -> f64 {
    println!("  {:<34} {:>10} {:>9} {:>9}", "", "lines/s", "us/line", "ns/byte");
    let mut per_byte = 0.0;
    for (set, lines) in sets {
        let ns = taken_ns(book, lines, ROUNDS);
        let count = lines.len() as f64;
        let named = format!("{name}, {set}");
        println!("  {named:<34} {:>10.0} {:>9.2} {:>9.1}", count * 1e9 / ns, ns / count / 1e3, ns / bytes(lines));
        results.insert(
            named,
            json!({"lines": lines.len(), "lines_per_s": count * 1e9 / ns, "ns_per_byte": ns / bytes(lines)}),
        );
        if per_byte == 0.0 {
            per_byte = ns / bytes(lines);
        }
    }
    per_byte
}

/// Lines made to be slow, against honest ones byte by byte.
fn hostile(book: &RuleBook, honest_ns: f64, results: &mut Map<String, Value>) {
    let of = |piece: &str| {
        let line = Line::get(format!("http://www.example.com/?x={}", piece.repeat(HOSTILE_BYTES / piece.len())));
        // Each line is another one, so that nothing can be remembered.
        let lines: Vec<Line> =
            (0..200).map(|number| Line { url: format!("{}&n={number}", line.url), ..line.clone() }).collect();
        (taken_ns(book, &lines, 3) / bytes(&lines) / honest_ns, piece.to_owned())
    };
    let mut ratios: Vec<(f64, String)> = HOSTILE.iter().map(|piece| of(piece)).collect();
    ratios.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let shown = |(ratio, piece): &(f64, String)| format!("{ratio:.1}x ({piece})");
    println!(
        "  made to be slow, a byte against honest lines, worst of {}: {}",
        ratios.len(),
        ratios.iter().take(4).map(shown).collect::<Vec<_>>().join(", ")
    );
    results.insert("hostile".to_owned(), ratios.iter().map(|(ratio, piece)| json!([piece, ratio])).collect());
}

/// Ours, the Core Rule Set at paranoia level 1 in Tidegate, and the same in libmodsecurity.
fn beside_libmodsecurity(ours: &RuleBook, mixed: &[Line], results: &mut Map<String, Value>) -> anyhow::Result<()> {
    let Some(modsecurity) = ModSecurity::with_crs(1) else {
        println!("  without libmodsecurity: apt-get install libmodsecurity-dev modsecurity-crs");
        return Ok(());
    };
    let loaded = load(&[modsecurity::CRS_SETUP, modsecurity::CRS_RULES])?;
    // libmodsecurity's texts end at a NUL.
    let step = (mixed.len() / COMPARED).max(1) | 1;
    let lines: Vec<Line> = mixed.iter().step_by(step).filter(|line| !line.url.contains('\0')).cloned().collect();
    let targets: Vec<(String, &str)> = lines.iter().map(Line::target).collect();
    let requests: Vec<modsecurity::Request<'_>> = lines
        .iter()
        .zip(&targets)
        .map(|(line, (uri, host))| modsecurity::Request {
            method: &line.method,
            uri,
            host,
            user_agent: line.user_agent.as_deref(),
            referer: line.referer.as_deref(),
        })
        .collect();
    let (mut ours_ns, mut loaded_ns, mut theirs_ns) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        ours_ns.push(taken_ns(ours, &lines, ROUNDS));
        loaded_ns.push(taken_ns(&loaded, &lines, 3));
        theirs_ns.push(modsecurity.time(1, &requests).as_nanos() as f64);
    }
    let count = lines.len() as f64;
    println!("  of these {} lines, in turn:", lines.len());
    let theirs = median(&theirs_ns);
    for (name, ns) in [
        ("libmodsecurity, CRS 3.3, paranoia 1", theirs),
        ("Tidegate, CRS 3.3, paranoia 1", median(&loaded_ns)),
        ("Tidegate, ours", median(&ours_ns)),
    ] {
        println!("  {name:<36} {:>8.0} {:>9.2} {:>8.1}x", count * 1e9 / ns, ns / count / 1e3, theirs / ns);
        results.insert(
            name.to_owned(),
            json!({"lines": lines.len(), "lines_per_s": count * 1e9 / ns, "ratio": theirs / ns}),
        );
    }
    Ok(())
}
