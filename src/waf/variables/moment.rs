//! When a request came and how long it took: `TIME` and its parts, and `DURATION`.
//!
//! libmodsecurity has the local time at which a rule runs, and the processor's seconds since the request came. Of a log
//! that is neither known nor wanted: here it is the line's own time, in UTC, and the line's own duration.

use jiff::tz::Offset;

use super::{Request, Source, Sources, Text, Texts};

/// Calls `set` with the values of those that are wanted and known.
pub(super) fn values(texts: &mut Texts, request: &Request<'_>, wanted: Sources, mut set: impl FnMut(Source, Text)) {
    let of = |source: Source| wanted & source.bit() != 0;
    if !Source::MOMENTS.into_iter().any(of) {
        return;
    }
    if let Some(ms) = request.duration_ms {
        // Seconds with six digits behind the point, as C++'s `to_string` has them.
        let (sign, ms) = (if ms < 0 { "-" } else { "" }, ms.unsigned_abs());
        let seconds = format!("{sign}{}.{:03}000", ms / 1000, ms % 1000);
        set(Source::Duration, texts.push(seconds.as_bytes()));
    }
    let Some(instant) = request.time.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()) else { return };
    let time = Offset::UTC.to_datetime(instant);
    for source in Source::MOMENTS.into_iter().filter(|source| of(*source)) {
        let text = match source {
            Source::Time => format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()),
            Source::TimeDay => format!("{:02}", time.day()),
            Source::TimeEpoch => instant.as_second().to_string(),
            Source::TimeHour => format!("{:02}", time.hour()),
            Source::TimeMin => format!("{:02}", time.minute()),
            // From 0 on, as C's `tm_mon`.
            Source::TimeMon => (time.month() - 1).to_string(),
            Source::TimeSec => format!("{:02}", time.second()),
            // Monday is 1.
            Source::TimeWday => time.weekday().to_monday_one_offset().to_string(),
            Source::TimeYear => time.year().to_string(),
            _ => continue,
        };
        set(source, texts.push(text.as_bytes()));
    }
}
