//! An event to a line, as Squid's `Format::assemble` writes it.

use super::codes::Feeds;
use super::definition::{Item, Value, pad};
use super::read::keeps_encoding;
use super::url::Parts;
use crate::format::strftime;
use crate::model::AccessEvent;
use std::io::Write;

/// Between the values that `extra` holds, in the order of the definition; an empty one is what the event gives.
pub(super) const SEPARATOR: u8 = 0x1f;

/// Appends the line of an event.
pub(super) fn render(items: &[Item], event: &AccessEvent<'_>, out: &mut Vec<u8>) {
    let mut kept = event.extra.split(|byte| *byte == SEPARATOR);
    for item in items {
        match item {
            Item::Literal(text) => out.extend_from_slice(text),
            Item::Value(value) => match (kept.next().unwrap_or_default(), value.feeds) {
                ([], _) => write_value(value, event, 0, out),
                (zone, Some(Feeds::Clock(_))) => match zone.first_chunk().and_then(strftime::read_zone) {
                    Some(offset) if zone.len() == 5 => write_value(value, event, offset, out),
                    _ => out.extend_from_slice(zone),
                },
                (kept, _) => out.extend_from_slice(kept),
            },
        }
    }
}

/// Appends what a value is by the event's fields.
pub(super) fn write_value(value: &Value, event: &AccessEvent<'_>, offset_seconds: i32, out: &mut Vec<u8>) {
    let Some(feeds) = value.feeds else { return out.push(b'-') };
    let ms = event.time.0;
    let parts = || Parts::of(event.cs_uri, event.cs_method);
    let text: &[u8] = match feeds {
        Feeds::Seconds => return write_number(value, ms.div_euclid(1000), None, out),
        Feeds::Subsecond => {
            let ms = ms.rem_euclid(1000);
            let decimals = value.decimals() as u32;
            let fraction = match decimals {
                ..3 => ms / 10_i64.pow(3 - decimals),
                _ => ms.saturating_mul(10_i64.saturating_pow(decimals - 3)),
            };
            return write_number(value, fraction, None, out);
        }
        Feeds::Started => {
            let started = ms.saturating_sub(event.time_taken_ms);
            return write_number(value, started.div_euclid(1000), Some(started.rem_euclid(1000)), out);
        }
        Feeds::TimeTaken => {
            let fraction = value.precision.map(|_| 0);
            return write_number(value, event.time_taken_ms, fraction, out);
        }
        Feeds::Status => return write_number(value, i64::from(event.sc_status), None, out),
        Feeds::Bytes => return write_number(value, i64::try_from(event.sc_bytes).unwrap_or(i64::MAX), None, out),
        Feeds::ClientBytes => match event.cs_bytes {
            Some(bytes) => return write_number(value, i64::try_from(bytes).unwrap_or(i64::MAX), None, out),
            None => b"",
        },
        Feeds::Clock(_) => {
            let mut text = Vec::with_capacity(32);
            if let Some(clock) = &value.clock {
                clock.write(event.time, offset_seconds, &mut text);
            }
            return write_text(value, &text, out);
        }
        // Beside the name that is believed the others are mostly missing.
        Feeds::User if !value.is_first => b"",
        Feeds::User => event.cs_username,
        Feeds::Client => event.c_ip,
        Feeds::Method => event.cs_method,
        Feeds::Url => event.cs_uri,
        Feeds::UrlScheme => parts().scheme,
        Feeds::UrlHost => parts().host,
        Feeds::UrlPort => parts().port,
        Feeds::UrlPath => parts().path,
        Feeds::Result => event.result,
        Feeds::Hierarchy => event.hierarchy,
        Feeds::Peer => event.peer,
        Feeds::ContentType => event.content_type,
        Feeds::UserAgent => event.user_agent,
        Feeds::Referer => event.referer,
    };
    write_text(value, text, out);
}

fn write_text(value: &Value, text: &[u8], out: &mut Vec<u8>) {
    if text.is_empty() {
        return out.push(b'-');
    }
    if value.width == 0 && value.precision.is_none() {
        return encode(value, text, out);
    }
    let mut encoded = Vec::with_capacity(text.len());
    encode(value, text, &mut encoded);
    encoded.truncate(value.precision.unwrap_or(usize::MAX));
    pad(&encoded, value.width, value.left, out);
}

fn encode(value: &Value, text: &[u8], out: &mut Vec<u8>) {
    if keeps_encoding(value) { out.extend_from_slice(text) } else { value.quoting.write(text, out) }
}

/// `%0*d`, with a fraction in thousandths or without, padded.
fn write_number(value: &Value, number: i64, fraction_ms: Option<i64>, out: &mut Vec<u8>) {
    let zeros = if value.zero { value.width } else { 0 };
    let mut text = Text::default();
    // A Text takes what is written; what does not fit was not Squid's.
    let _ = match fraction_ms {
        None => write!(text, "{number:0zeros$}"),
        Some(ms) => {
            let decimals = value.decimals();
            let whole = zeros.saturating_sub(decimals + 1);
            let thousandths = format!("{ms:03}");
            let fraction = &thousandths[..decimals.min(3)];
            write!(text, "{number:0whole$}.{fraction:0<decimals$}")
        }
    };
    pad(text.bytes(), value.width, value.left, out);
}

/// A short text on the stack.
struct Text {
    bytes: [u8; 64],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Text { bytes: [0; 64], length: 0 }
    }
}

impl Text {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Text {
    fn write(&mut self, more: &[u8]) -> std::io::Result<usize> {
        let taken = more.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&more[..taken]);
        self.length += taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
