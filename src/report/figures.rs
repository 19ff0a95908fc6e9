//! Figures for people: thousands apart, sizes and spans of time in units, shares in percent.

use crate::model::{Timestamp, grouped};

/// A size, in powers of a thousand.
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// A span of time.
pub(super) fn millis(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{:.1} s", ms as f64 / 1000.0),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
        _ => format!("{} h {} min", grouped(ms / 3_600_000), ms / 60_000 % 60),
    }
}

/// Hundredths.
pub(super) fn percent(percent: f64) -> String {
    format!("{percent:.1} %")
}

/// How many hundredths one number is of another, to one decimal; 0 of nothing.
pub(super) fn share_pct(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 1000.0).round() / 10.0 }
}

/// A minute in UTC.
pub(super) fn minute(time: Timestamp) -> String {
    time.to_sql().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units() {
        for (size, text) in [
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (5_316_000_000, "5.3 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(size), text);
        }
        for (ms, text) in [(0, "0 ms"), (1200, "1.2 s"), (200_000, "3 min 20 s"), (7_260_000, "2 h 1 min")] {
            assert_eq!(millis(ms), text);
        }
        assert_eq!((share_pct(1, 3), share_pct(0, 0), percent(33.3)), (33.3, 0.0, "33.3 %".to_owned()));
    }
}
