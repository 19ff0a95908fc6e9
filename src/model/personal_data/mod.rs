//! Personal data inside texts that are not personal as a whole: URLs, referers, user agents. What is found is hidden,
//! the rest stays, so that a row keeps its meaning for whoever looks for attacks.
//!
//! Found by shape: e-mail addresses, IP and hardware addresses, phone numbers, payment cards, bank accounts, tokens,
//! userinfo ([`scan`]); by the name of a parameter ([`parameter`]); and because it is the row's own client or user
//! ([`Owner`]). Percent-encoding is undone first, however often it was applied ([`decode`]).
//!
//! Not found, on purpose: hexadecimal digests and UUIDs without a telling name (files and resources are named so),
//! version numbers, timestamps, plain numbers; and what no shape tells: names of people in paths and search words.
//! `docs/PRIVACY.md` says so to readers.

mod address;
mod decode;
mod hints;
mod number;
mod owner;
mod parameter;
mod people;
mod rows;
mod scan;
mod token;

pub use owner::Owner;
pub use people::People;
pub use rows::{PersonalRows, holds_personal};

use super::{Lens, PseudonymKind, ip_literal};
use decode::Decoded;
use std::borrow::Cow;
use std::ops::Range;

/// What kind of text is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::model) enum Place {
    /// What stands behind the origin of a URL.
    Url,
    /// A user agent, where a number behind a name and a slash is a version.
    Agent,
    /// A text in which only the owner's values are looked for.
    Owned,
}

/// Replacing can put characters side by side that make a new find; after so many rounds the text goes as a whole.
const ROUNDS: usize = 4;

/// The text with everything personal in it replaced by what `name` answers for it (it is given without its encoding).
/// Linear in the length of the text.
pub(in crate::model) fn hide<'t>(
    text: &'t [u8],
    place: Place,
    owner: &Owner,
    name: impl Fn(&[u8]) -> Vec<u8>,
) -> Cow<'t, [u8]> {
    let mut shown = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let decoded = Decoded::of(&shown);
        let spans = find(&decoded, place, owner);
        if spans.is_empty() {
            drop(decoded);
            return shown;
        }
        let mut replaced = Vec::with_capacity(shown.len());
        let mut done = 0;
        for span in spans {
            let written = decoded.written(&span);
            replaced.extend_from_slice(&shown[done..written.start]);
            replaced.extend_from_slice(&name(&decoded.bytes[span]));
            done = written.end;
        }
        replaced.extend_from_slice(&shown[done..]);
        drop(decoded);
        shown = Cow::Owned(replaced);
    }
    Cow::Borrowed(Lens::MASK.as_bytes())
}

/// Where personal data stands in a text without encoding: apart from each other and in order.
fn find(text: &Decoded<'_>, place: Place, owner: &Owner) -> Vec<Range<usize>> {
    let mut spans = if place == Place::Owned { Vec::new() } else { scan::scan(text, place) };
    owner.find(&text.bytes, &mut spans);
    join(&mut spans);
    spans
}

/// Puts spans in order, those that touch or overlap as one.
fn join(spans: &mut Vec<Range<usize>>) {
    spans.sort_unstable_by_key(|span| span.start);
    spans.dedup_by(|next, kept| {
        let joins = next.start <= kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
}

/// Splits a URL behind its authority; the first part is empty where there is none.
pub(in crate::model) fn split_origin(url: &[u8]) -> (&[u8], &[u8]) {
    let scheme = url.iter().take(32).position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)));
    let Some(start) = scheme.filter(|at| *at > 0 && url[*at..].starts_with(b"://")).map(|at| at + 3) else {
        return (b"", url);
    };
    let length = url[start..].iter().position(|byte| b"/?#".contains(byte));
    url.split_at(length.map_or(url.len(), |length| start + length))
}

/// An origin without userinfo, and with the owner's values hidden in its host where they stand by themselves, as a
/// label or a part of one.
pub(in crate::model) fn hide_host<'t>(origin: &'t [u8], owner: &Owner) -> Cow<'t, [u8]> {
    let at = memchr::memrchr(b'@', origin);
    if at.is_none() && owner.is_nobody() {
        return Cow::Borrowed(origin);
    }
    let start = memchr::memmem::find(origin, b"://").map_or(0, |at| at + 3);
    let host = at.map_or(start, |at| at + 1).max(start);
    let mut spans = Vec::new();
    let decoded = Decoded::of(&origin[host..]);
    match own_address(&decoded.bytes, owner) {
        Some(span) => spans.push(span),
        None => owner.find_whole(&decoded.bytes, &mut spans),
    }
    if spans.is_empty() && host == start {
        return Cow::Borrowed(origin);
    }
    let mut shown = origin[..start].to_vec();
    if host > start {
        shown.extend_from_slice(b"***@");
    }
    hide_spans(&origin[host..], &decoded, spans, &mut shown);
    Cow::Owned(shown)
}

/// Writes a text with spans of its decoded form hidden.
fn hide_spans(text: &[u8], decoded: &Decoded<'_>, spans: Vec<Range<usize>>, shown: &mut Vec<u8>) {
    let mut done = 0;
    for span in spans {
        let written = decoded.written(&span);
        shown.extend_from_slice(&text[done..written.start]);
        shown.extend_from_slice(Lens::MASK.as_bytes());
        done = written.end;
    }
    shown.extend_from_slice(&text[done..]);
}

/// Where the host of an authority is the owner's address, in whatever spelling.
fn own_address(authority: &[u8], owner: &Owner) -> Option<Range<usize>> {
    let span = match authority.first()? {
        b'[' => 1..memchr::memchr(b']', authority)?,
        _ => 0..memchr::memchr(b':', authority).unwrap_or(authority.len()),
    };
    let host = std::str::from_utf8(&authority[span.clone()]).ok()?.to_ascii_lowercase();
    owner.has_address(ip_literal(&host)?).then_some(span)
}

/// Whether a text says nothing any more: a mask or a pseudonym.
fn is_hidden(text: &[u8]) -> bool {
    text == Lens::MASK.as_bytes() || PseudonymKind::of(text).is_some()
}

#[cfg(test)]
mod tests;
