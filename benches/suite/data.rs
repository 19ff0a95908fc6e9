//! The logs and the store that everything is measured on; what is there from an earlier run is used again.

use crate::{TIDEGATE, fresh, process};
use anyhow::{Context, ensure};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use tidegate::format;
use tidegate::model::{AccessEvent, Clock, DAY_MS, SystemClock};
use tidegate::sample;

/// A generated log.
#[derive(Debug)]
pub struct Log {
    /// Where it is.
    pub path: PathBuf,
    /// Lines in it.
    pub lines: u64,
    /// Its size.
    pub bytes: u64,
    /// The name of its format.
    pub format: &'static str,
}

/// Which of the logs of a size: the one everything is measured on, or the one imported while a server is driven, which
/// covers the 30 days after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first.
    First,
    /// The one behind it.
    Next,
    /// One of the 30 days up to now, for questions whose windows end now.
    Recent,
    /// Another one of the same 30 days.
    Another,
    /// The first and the last of a hundred parts of a store that grows; as many days lie between them.
    Opening,
    /// See [`Which::Opening`].
    Closing,
}
pub use Which::{Another, Closing, First, Next, Opening, Recent};

/// Disk space taken in all for each line: two logs, a store, a store beside GoAccess's run, and a copy that grows
/// while the server is driven.
const BYTES_PER_LINE: u64 = 2 * 150 + 4 * 60;

/// The log of that many lines, generated where it is missing or not of its size.
pub fn log(directory: &Path, lines: u64, which: Which) -> anyhow::Result<Log> {
    let mut options = sample::Options::bench(lines);
    let mut name = format!("{lines}.log");
    match which {
        First => {}
        Next => {
            options.seed += 1;
            options.start_ms += 30 * DAY_MS;
            name = format!("{lines}-next.log");
        }
        Recent | Another => {
            options.seed += 6 * u64::from(which == Another);
            options.start_ms = SystemClock.now().floor_to(DAY_MS).0 - 29 * DAY_MS;
            name = format!("{lines}-{}-{}.log", options.start_ms, options.seed);
        }
        Opening | Closing => {
            options.days = 3;
            let (seed, days, part) = if which == Opening { (2, -3, "opening") } else { (3, 30, "closing") };
            options.seed = seed;
            options.start_ms += days * DAY_MS;
            name = format!("{lines}-{part}.log");
        }
    }
    let path = directory.join(&name);
    // Holds the size that a complete log has; written last.
    let sidecar = directory.join(format!("{name}.bytes"));
    let expected = fs::read_to_string(&sidecar).ok().and_then(|text| text.trim().parse::<u64>().ok());
    let present = fs::metadata(&path).ok().map(|found| found.len());
    if let Some(bytes) = expected.filter(|_| expected == present) {
        return Ok(Log { path, lines, bytes, format: "squid" });
    }
    let (free, needed) = (process::free_bytes(directory)?, lines * BYTES_PER_LINE);
    ensure!(
        free >= needed,
        "{}: {} MB free, about {} MB needed for {lines} lines; free some or choose fewer lines (BENCH_LINES)",
        directory.display(),
        free / 1_000_000,
        needed / 1_000_000,
    );
    let started = Instant::now();
    let mut out = BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?);
    let counts = sample::write(&options, &mut out)?;
    out.flush()?;
    fs::write(&sidecar, counts.output_bytes.to_string())?;
    println!("generated {name}: {} bytes in {:.1} s", counts.output_bytes, started.elapsed().as_secs_f64());
    Ok(Log { path, lines, bytes: counts.output_bytes, format: "squid" })
}

/// Agents and referers, of which a line has one by its number.
const AGENTS: [&[u8]; 5] = [
    b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    b"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    b"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    b"Microsoft-CryptoAPI/10.0",
    b"curl/8.5.0",
];
const REFERERS: [&[u8]; 4] =
    [b"", b"http://portal.example/", b"http://www.example.com/a/list?page=2", b"http://news.example.org/"];

/// The lines of a native log that are well-formed, as the combined format has them.
pub fn combined(directory: &Path, log: &Log) -> anyhow::Result<Log> {
    let path = directory.join(format!("{}-combined.log", log.lines));
    let (squid, combined) = (format::resolve("squid")?, format::resolve("combined")?);
    let (mut out, mut arena) = (BufWriter::new(File::create(&path)?), bumpalo::Bump::new());
    let (mut lines, mut bytes, mut line) = (0, 0, Vec::new());
    for native in BufReader::new(File::open(&log.path)?).split(b'\n') {
        let native = native?;
        arena.reset();
        let Ok(event) = squid.parse(&native, &arena) else { continue };
        let number = lines as usize;
        let (user_agent, referer) = (AGENTS[number * 7 / 3 % AGENTS.len()], REFERERS[number * 5 / 2 % REFERERS.len()]);
        line.clear();
        combined.render(&AccessEvent { user_agent, referer, extra: b"", ..event }, &mut line);
        line.push(b'\n');
        out.write_all(&line)?;
        lines += 1;
        bytes += line.len() as u64;
    }
    out.flush()?;
    Ok(Log { path, lines, bytes, format: "combined" })
}

/// A data directory with that log imported and settled, made anew so that it is what this build writes.
pub fn store(directory: &Path, log: &Log) -> anyhow::Result<PathBuf> {
    let path = fresh(directory, "store")?;
    let imported = import(&path, log)?.stdout(Stdio::null()).status()?;
    ensure!(imported.success(), "the import failed");
    settle(&path)?;
    Ok(path)
}

/// `tidegate import` of a log into a data directory, not started yet.
pub fn import(data_dir: &Path, log: &Log) -> anyhow::Result<Command> {
    let mut command = tidegate(data_dir)?;
    command
        .args(["import", "--json", "--host", "proxy.example", "--format", log.format])
        .arg(&log.path)
        .stdin(Stdio::null());
    Ok(command)
}

/// The program under test with its data directory, away from any configuration file.
pub fn tidegate(data_dir: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(TIDEGATE);
    command.arg("--data-dir").arg(data_dir).current_dir(data_dir);
    Ok(command)
}

/// Folds, joins and checkpoints a store that nothing else has open.
pub fn settle(data_dir: &Path) -> anyhow::Result<()> {
    let settled = tidegate(data_dir)?.args(["db", "settle"]).status()?;
    ensure!(settled.success(), "`tidegate db settle` failed");
    Ok(())
}

/// Bytes of all files in a directory.
pub fn size_of(directory: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let found = entry.metadata()?;
        bytes += if found.is_dir() { size_of(&entry.path())? } else { found.len() };
    }
    Ok(bytes)
}
