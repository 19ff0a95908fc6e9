//! Lines that are not what the format says: what a reader must survive.
//!
//! These are damaged on purpose. A well-formed line about a broken request (`error:…`) is not odd
//! in this sense.

use super::Counts;
use super::line::{Peer, Record};
use super::outcome::Outcome;
use super::rng::Rng;
use super::text::{self, Alphabet};

/// Appends an odd line in place of `record` and counts it.
pub(super) fn append(record: &Record<'_>, out: &mut Vec<u8>, rng: &mut Rng, counts: &mut Counts) {
    let start = out.len();
    match rng.below(100) {
        0..40 => {
            // Squid logs a connection that ended before a request; this one has all its fields.
            let ended = Record {
                outcome: Outcome::None000,
                elapsed_ms: u64::from(rng.below(30_000)),
                sent_bytes: 0,
                method: "-",
                url: b"error:transaction-end-before-headers",
                user: "-",
                peer: Peer::None,
                mime: "-",
                ..*record
            };
            ended.append(out);
            counts.add(&ended);
        }
        40..65 => {
            // Cut somewhere before the last field.
            record.append(out);
            let last_space = out.iter().rposition(|&byte| byte == b' ').unwrap_or(start);
            let length = last_space.saturating_sub(start) as u32;
            out.truncate(start + rng.between(8.min(length), length) as usize);
            counts.truncated_lines += 1;
        }
        65..80 => {
            text::random_hex(out, rng, 12);
            out.push(b' ');
            let length = rng.between(10, 60);
            text::token(out, rng, Alphabet::Url, length as usize);
            out.extend_from_slice(b" <garbage> \xff\xfe\x80");
            counts.garbage_lines += 1;
        }
        80..92 => {
            record.append(out);
            out.extend_from_slice(b" \"Mozilla/5.0\"");
            counts.extra_field_lines += 1;
        }
        _ => counts.blank_lines += 1,
    }
}
