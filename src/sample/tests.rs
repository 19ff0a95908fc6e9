//! The generator as a whole: same bytes each time, lines as the format says, counts that hold.

use std::collections::HashMap;

use super::*;

fn run(options: &Options) -> (Vec<u8>, Counts) {
    let mut out = Vec::new();
    let counts = write(options, &mut out).unwrap();
    (out, counts)
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// FNV-1a of the output of `Options::bench(20_000)` and of `Options::demo(DEMO_END_MS)`.
const BENCH_HASH: u64 = 11_647_966_669_186_075_207;
const DEMO_HASH: u64 = 2_032_451_022_900_106_969;

const DEMO_END_MS: i64 = 1_781_000_000_000;

/// The well-formed lines of an output, each as its fields.
fn good_lines(out: &[u8]) -> Vec<Vec<&str>> {
    out.split(|&byte| byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line).ok())
        .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.len() == 10)
        .collect()
}

fn time_ms(fields: &[&str]) -> i64 {
    fields[0].replace('.', "").parse().unwrap()
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let options = Options::bench(20_000);
    let (first, counts) = run(&options);
    let (second, same_counts) = run(&options);
    assert_eq!((fnv(&first), counts), (fnv(&second), same_counts));
    for (what, other) in [
        ("seed", Options { seed: 2, ..options.clone() }),
        ("domains", Options { domains: 49_999, ..options.clone() }),
        ("start", Options { start_ms: options.start_ms + 1, ..options.clone() }),
    ] {
        assert_ne!(fnv(&first), fnv(&run(&other).0), "{what}");
    }
}

#[test]
fn the_bytes_are_these_on_every_machine() {
    // A change of these on purpose changes the benchmark's data: say so where it is published.
    for (options, expected) in [(Options::bench(20_000), BENCH_HASH), (Options::demo(DEMO_END_MS), DEMO_HASH)] {
        assert_eq!(fnv(&run(&options).0), expected, "{options:?}");
    }
}

#[test]
fn counts_are_those_of_the_output() {
    for options in [
        Options::bench(0),
        Options::bench(1),
        Options::bench(150_000),
        Options::demo(DEMO_END_MS),
        Options { lines: 5_000, days: 1, clients: 1, domains: 1, ..Options::demo(DEMO_END_MS) },
        Options { days: 0, clients: 0, domains: 0, start_ms: -5, ..Options::bench(300) },
    ] {
        let (out, counts) = run(&options);
        assert_eq!(counts.lines, options.lines);
        assert_eq!(counts.output_bytes, out.len() as u64);
        let mut lines: Vec<&[u8]> = out.split(|&byte| byte == b'\n').collect();
        assert_eq!(lines.pop(), Some(b"".as_slice()), "the last line ends in a line feed");
        let mut seen = Counts { planted_lines: counts.planted_lines, ..Counts::default() };
        seen.output_bytes = counts.output_bytes;
        for line in lines {
            seen.lines += 1;
            let Ok(text) = std::str::from_utf8(line) else {
                seen.garbage_lines += 1;
                continue;
            };
            let fields: Vec<&str> = text.split_ascii_whitespace().collect();
            match fields.len() {
                0 => seen.blank_lines += 1,
                1..10 => seen.truncated_lines += 1,
                10 => {
                    let outcome = OUTCOMES.iter().position(|text| *text == fields[3]);
                    seen.outcomes[outcome.expect(text)] += 1;
                    seen.connect_lines += u64::from(fields[5] == "CONNECT");
                    seen.user_lines += u64::from(fields[7] != "-");
                    seen.sent_bytes += fields[4].parse::<u64>().unwrap();
                    seen.elapsed_ms += fields[1].parse::<u64>().unwrap();
                    seen.first_ms = seen.first_ms.min(time_ms(&fields));
                    seen.last_ms = seen.last_ms.max(time_ms(&fields));
                    assert!(fields[2].parse::<std::net::IpAddr>().is_ok(), "{text}");
                    let (how, peer) = fields[8].split_once('/').expect(text);
                    match how {
                        "HIER_NONE" => assert_eq!(peer, "-"),
                        _ => assert!(peer.parse::<std::net::IpAddr>().is_ok(), "{text}"),
                    }
                }
                _ => seen.extra_field_lines += 1,
            }
        }
        assert_eq!(seen, counts, "{options:?}");
    }
}

#[test]
fn lines_are_nearly_in_order_and_within_the_time_covered() {
    for options in [Options::bench(100_000), Options::demo(DEMO_END_MS)] {
        let (out, _) = run(&options);
        let (mut newest, mut late, mut all) = (options.start_ms, 0, 0);
        for fields in good_lines(&out) {
            let time = time_ms(&fields);
            assert!(time >= newest - LATE_MAX_MS, "{fields:?}");
            assert!((options.start_ms..options.end_ms()).contains(&time), "{fields:?}");
            late += u64::from(time < newest);
            all += 1;
            newest = newest.max(time);
        }
        assert!((late * 1000 / all).abs_diff(10) <= 3, "{late} of {all} are late");
        assert!(newest > options.end_ms() - 15 * 60_000, "the log reaches its end");
    }
}

#[test]
fn shares_and_lengths_are_as_described() {
    let (out, counts) = run(&Options::bench(300_000));
    let per_mille = |lines: u64| lines * 1000 / counts.lines;
    for (what, found, low, high) in [
        ("bytes per line", counts.output_bytes / counts.lines, 140, 154),
        ("CONNECT", per_mille(counts.connect_lines), 435, 475),
        ("denied", per_mille(counts.outcome("TCP_DENIED/403")), 20, 30),
        ("unauthenticated", per_mille(counts.outcome("TCP_DENIED/407")), 8, 12),
        ("with a user", per_mille(counts.user_lines), 200, 400),
        ("odd, in a million", counts.odd_lines() * 1_000_000 / counts.lines, 60, 200),
    ] {
        assert!((low..=high).contains(&found), "{what}: {found}");
    }
    for (text, count) in OUTCOMES.iter().zip(counts.outcomes) {
        assert!(count > 0, "{text} never occurs");
    }
    let longest = out.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap();
    assert!((700..1_300).contains(&longest), "{longest}");
    let mut methods: HashMap<&str, u32> = HashMap::new();
    for fields in good_lines(&out) {
        *methods.entry(fields[5]).or_default() += 1;
    }
    for method in ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "CONNECT", "-"] {
        assert!(methods.contains_key(method), "{method}");
    }
}

#[test]
fn users_stay_with_their_client() {
    let (out, _) = run(&Options::bench(100_000));
    let mut client_of: HashMap<&str, &str> = HashMap::new();
    for fields in good_lines(&out) {
        if fields[7] != "-" {
            assert_eq!(*client_of.entry(fields[7]).or_insert(fields[2]), fields[2], "{fields:?}");
        }
    }
}

#[test]
fn findings_are_in_the_log_as_they_are_said_to_be() {
    let options = Options::demo(DEMO_END_MS);
    let (out, counts) = run(&options);
    let lines = good_lines(&out);
    let found = findings(&options);
    assert_eq!(found.iter().map(|finding| finding.lines).sum::<u64>(), counts.planted_lines);
    let names: Vec<_> = found.iter().map(|finding| finding.name).collect();
    assert_eq!(
        names,
        ["beacon", "denied-burst", "password-spray", "night-upload", "scanner", "crypto-miner", "shadow-it"]
    );
    // By finding: what a line of it looks like, and the least number of such lines.
    for (name, method, outcome, in_url, least) in [
        ("beacon", "CONNECT", "TCP_TUNNEL/200", "sync.xk7qzt0f2w.test:443", 1_600),
        ("denied-burst", "GET", "TCP_DENIED/403", "getfreecodecs.test/", 350),
        ("password-spray", "CONNECT", "TCP_DENIED/407", "www.example.com:443", 850),
        ("night-upload", "POST", "TCP_MISS/200", "filedrop-transfer.test/api/", 1_100),
        ("scanner", "GET", "TCP_MISS/404", "http://shop.example.org/", 600),
        ("crypto-miner", "CONNECT", "TCP_TUNNEL/200", "203.0.113.77:3333", 900),
        ("shadow-it", "CONNECT", "TCP_TUNNEL/200", "dropbox.com:443", 80),
    ] {
        let finding = found.iter().find(|finding| finding.name == name).unwrap();
        let matching: Vec<_> = lines
            .iter()
            .filter(|fields| {
                finding.clients.iter().any(|client| client == fields[2])
                    && fields[3] == outcome
                    && fields[5] == method
                    && fields[6].contains(in_url)
                    && (finding.first_ms..=finding.last_ms).contains(&time_ms(fields))
            })
            .collect();
        assert!(matching.len() >= least, "{name}: {}", matching.len());
        assert!(lines.iter().any(|fields| fields[6].contains(finding.target)), "{name}: target {}", finding.target);
    }
    assert!(findings(&Options::bench(1_000_000)).is_empty());
    let small = Options { lines: 1_000, ..options };
    assert!(run(&small).1.planted_lines <= 500, "a small log is not all story");
    let enough = Options { lines: 30_000, days: 10, ..small };
    assert_eq!(findings(&enough).len(), 7);
}

#[test]
fn the_beacon_keeps_its_beat() {
    let (out, _) = run(&Options::demo(DEMO_END_MS));
    let times: Vec<i64> = good_lines(&out)
        .iter()
        .filter(|fields| fields[6] == "sync.xk7qzt0f2w.test:443")
        .map(|fields| time_ms(fields))
        .collect();
    for pair in times.windows(2) {
        assert!((285_000..=315_000).contains(&(pair[1] - pair[0])), "{pair:?}");
    }
}

#[test]
fn an_error_of_the_writer_is_returned() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("disk full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(write(&Options::bench(10), &mut Full).is_err());
}
