//! Long lines that are full of what parsers stumble over: each takes time in proportion to its length.

use super::fixtures;
use bumpalo::Bump;
use std::time::Duration;
use tidegate::format::{self, SharedFormat};

/// What lines are filled with.
const NOISE: [&str; 25] = [
    "\"",
    "\\",
    "\\\"",
    " ",
    "\t",
    "\" ",
    "\" \"",
    "\",\"",
    "[",
    "]",
    "] \"",
    "[10/Oct/2000:13:55:36 +0000] ",
    "1",
    "1 ",
    "-",
    "*",
    "* ",
    "*a* ",
    "{\"a\":",
    "[[\"a\",",
    "%",
    "/",
    ":",
    "\" 200 5 ",
    "10.0.0.1 http://a/ ",
];
/// Definitions of one's own, with each encoding.
const DEFINITIONS: [&str; 4] = [
    "logformat %ts.%03tu %6tr %>a %un %'{Referer}>h \"%{User-Agent}>h\" %6>st %ru end",
    "logformat %tl %/ue %[{Referer}>h %#{Cookie}>h %>Hs %-20un|%st",
    "logformat %>a %un [%tl] %09tr %'{X}>h %tg %<st %ru",
    "trafficserver %<cqtq> %<{Referer}cqh> %<caun> %<{User-Agent}cqh> %<cquc> %<pssc>",
];

/// A quadratic parser takes a hundred times as long even where the machine is idle.
const LONGEST: Duration = Duration::from_secs(4);
const LENGTH: usize = 1 << 18;

fn formats() -> Vec<(SharedFormat, Vec<u8>)> {
    let line =
        b"1795194307.841    29 10.0.0.9 joe \"a\" [20/Nov/2026:17:05:07 +0000] GET http://a.example/ 200 5".to_vec();
    let own = DEFINITIONS.iter().map(|spec| (format::resolve(spec).unwrap(), line.clone()));
    let mut found: Vec<(SharedFormat, Vec<u8>)> = own.collect();
    for fixture in fixtures().into_iter().filter(|fixture| fixture.name.contains("/basic")) {
        let mut format = format::resolve(&fixture.spec).unwrap();
        let line = fixture.lines().find_map(|(_, line)| match format.directive(line) {
            Some(next) => {
                format = next;
                None
            }
            None => Some(line.to_vec()),
        });
        found.push((format, line.unwrap()));
    }
    found
}

/// How long this thread has kept a processor busy: what else runs on the machine does not count.
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

#[test]
fn no_line_takes_longer_than_its_length_allows() {
    let mut slow = Vec::new();
    for (format, line) in formats() {
        for noise in NOISE {
            let noise = noise.repeat(LENGTH / noise.len());
            for place in [0, line.len() / 4, line.len() / 2, line.len() - 1] {
                let line = [&line[..place], noise.as_bytes(), &line[place..]].concat();
                let started = busy();
                let _ = format.directive(&line);
                let _ = format.parse(&line, &Bump::new());
                let taken = busy() - started;
                if taken > LONGEST {
                    slow.push(format!("{taken:?}: {} at {place} of '{}'", &noise[..8], format.spec()));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
