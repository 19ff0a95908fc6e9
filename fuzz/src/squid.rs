//! Access logs: any line is read or rejected, and what is read as written is written again as it was. Named for the
//! format that matters most; each of `FORMATS` is tried, and Squid's `logformat` with any definition.

use super::first_line;
use bumpalo::Bump;
use jiff::tz::TimeZone;
use tidegate::format::{LocalTime, SharedFormat, Squid, detect, resolve};
use tidegate::model::{AccessEvent, Timestamp};

/// The first line is a format's spec, `squid` or `logformat %ts %ru`; the rest is a log.
pub fn run(data: &[u8]) {
    let (spec, log) = first_line(data);
    let found = detect(log);
    let spec = std::str::from_utf8(spec).ok();
    let given = spec.and_then(|spec| resolve(spec).ok());
    for format in [given.as_ref(), found.format()].into_iter().flatten() {
        let again = resolve(format.spec()).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(again.spec(), format.spec());
        read(format, log);
        let local = LocalTime { until: Timestamp(1_796_083_200_000), zone: TimeZone::UTC };
        if let Some(format) = format.with_local_time(&local) {
            read(&format, log);
        }
    }
}

fn read(format: &SharedFormat, log: &[u8]) {
    let mut format = format.clone();
    for line in log.split(|byte| *byte == b'\n') {
        if let Some(next) = format.directive(line) {
            assert_eq!(resolve(next.spec()).map(|format| format.spec().to_owned()).as_deref(), Ok(next.spec()));
            format = next;
            continue;
        }
        let arena = Bump::new();
        let Ok(event) = format.parse(line, &arena) else { continue };
        let mut again = Vec::new();
        format.render(&event, &mut again);
        if event.canonical {
            assert_eq!(again.escape_ascii().to_string(), line.escape_ascii().to_string(), "{}", format.spec());
        }
        if format.spec() == "squid" {
            as_any_logformat(line, &event);
        }
    }
}

/// Squid's native format as a definition that isn't recognised as such reads as the format's own parser does.
fn as_any_logformat(line: &[u8], event: &AccessEvent<'_>) {
    let format = resolve("logformat %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %'mt");
    let format = format.unwrap_or_else(|fault| panic!("{fault}"));
    let arena = Bump::new();
    assert_eq!(Squid::read(line), Ok(*event));
    match format.parse(line, &arena) {
        Ok(other) if other.canonical && event.canonical => {
            let other = AccessEvent { extra: event.extra, ..other };
            assert_eq!(other, *event, "{}", line.escape_ascii());
        }
        _ => {}
    }
}
