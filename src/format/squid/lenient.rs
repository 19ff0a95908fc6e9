//! Lines that are native but not as Squid writes them, or hold what it does not escape.

use super::undash;
use crate::model::{AccessEvent, RejectReason, Timestamp};
use memchr::{memchr, memchr2};

/// Reads whatever can still be understood as a native line.
#[cold]
pub(super) fn read(line: &[u8]) -> Result<AccessEvent<'_>, RejectReason> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let mut rest = line;
    let time = unix_time(token(&mut rest)).ok_or(RejectReason::BadTime)?;
    let duration = token(&mut rest);
    if duration.is_empty() {
        return Err(RejectReason::TooFewFields);
    }
    let time_taken_ms = if duration == b"-" { 0 } else { decimal(duration).ok_or(RejectReason::BadDuration)? };
    let c_ip = token(&mut rest);
    let code = token(&mut rest);
    if code.is_empty() {
        return Err(RejectReason::TooFewFields);
    }
    let (result, status) = split_at_byte(code, b'/').ok_or(RejectReason::BadResult)?;
    let sc_status = match status {
        b"-" => 0,
        _ if status.len() == 3 => {
            decimal(status).and_then(|code| u16::try_from(code).ok()).ok_or(RejectReason::BadResult)?
        }
        _ => return Err(RejectReason::BadResult),
    };
    let size = token(&mut rest);
    if size.is_empty() {
        return Err(RejectReason::TooFewFields);
    }
    // Squid writes -1 where the size is not known.
    let sc_bytes = match size {
        b"-" | b"-1" => 0,
        _ => decimal(size).and_then(|size| u64::try_from(size).ok()).ok_or(RejectReason::BadSize)?,
    };
    let cs_method = token(&mut rest);
    let tail = tail_fields(rest)?;
    Ok(AccessEvent {
        time,
        time_taken_ms,
        c_ip: undash(c_ip),
        cs_username: undash(tail.user),
        cs_method: undash(cs_method),
        cs_uri: undash(tail.uri),
        sc_status,
        sc_bytes,
        cs_bytes: None,
        result: undash(result),
        hierarchy: undash(tail.hierarchy),
        peer: undash(tail.peer),
        content_type: undash(tail.content_type),
        user_agent: b"",
        referer: b"",
        extra: b"",
        canonical: false,
    })
}

struct Tail<'line> {
    uri: &'line [u8],
    user: &'line [u8],
    hierarchy: &'line [u8],
    peer: &'line [u8],
    content_type: &'line [u8],
}

/// Target, user, `CODE/peer` and MIME type.
///
/// Squid strips blanks from targets but writes those of a user name as they are, and it logs the names of failed
/// logins: whoever can reach the proxy can put fields into a line. The last field with the shape of a hierarchy field
/// that a MIME type follows is therefore the real one; a name stands before it, what a name holds can't. Before it,
/// the target ends at its first blank, unless the name is a lone `-` (`uri_whitespace allow`). Fields behind the MIME
/// type and its parameters are extra and are left out.
fn tail_fields(text: &[u8]) -> Result<Tail<'_>, RejectReason> {
    let text = without_headers(trim(trim_end(text)));
    let mut rest = text;
    let uri = token(&mut rest);
    let (mut found, mut known) = (None, false);
    let mut fields = usize::from(!uri.is_empty());
    while let field @ [_, ..] = token(&mut rest) {
        fields += 1;
        if let Some(codes) = hierarchy_field(field)
            && !trim(rest).is_empty()
            && (is_known(codes.0) || !known)
        {
            known = is_known(codes.0);
            found = Some((offset_in(text, field), codes, rest));
        }
    }
    let Some((code_at, (hierarchy, peer), mut rest)) = found else {
        return Err(if fields < 4 { RejectReason::TooFewFields } else { RejectReason::BadHierarchy });
    };
    let mut content_type = token(&mut rest);
    while content_type.ends_with(b";") {
        let parameter = token(&mut rest);
        if parameter.is_empty() {
            break;
        }
        content_type = &text[offset_in(text, content_type)..offset_in(text, parameter) + parameter.len()];
    }
    let user = trim_end(trim(&text[uri.len()..code_at]));
    let (uri, user) = match user.strip_suffix(b" -") {
        Some(more) => (&text[..offset_in(text, more) + more.len()], &b""[..]),
        None => (uri, user),
    };
    Ok(Tail { uri, user, hierarchy, peer, content_type })
}

/// The text without what `log_mime_hdrs on` adds behind it, ` [request headers] [reply headers]`: what clients and
/// origins sent, blanks and all, with brackets escaped.
pub(in crate::format) fn without_headers(text: &[u8]) -> &[u8] {
    let group = |text: &[u8]| -> Option<usize> {
        let open = memchr::memrchr(b'[', text.strip_suffix(b"]")?)?;
        (open > 0 && text[open - 1] == b' ' && memchr(b']', &text[open..text.len() - 1]).is_none()).then_some(open - 1)
    };
    match group(text).and_then(|second| group(&text[..second])) {
        Some(first) => &text[..first],
        None => text,
    }
}

/// `CODE/peer`: Squid's codes are upper-case words (`HIER_DIRECT`, of old `DIRECT`, `TIMEOUT_FIRST_UP_PARENT`).
fn hierarchy_field(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let (code, peer) = split_at_byte(field, b'/')?;
    let shaped = code == b"-"
        || code.first().is_some_and(u8::is_ascii_uppercase)
            && code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    (shaped && !peer.is_empty()).then_some((code, peer))
}

/// Whether a code is one of Squid's, as far as their names tell: fields behind the MIME type may look like codes too.
fn is_known(code: &[u8]) -> bool {
    let code = code.strip_prefix(b"TIMEOUT_").unwrap_or(code);
    code.starts_with(b"HIER_")
        || [&b"_PARENT"[..], b"_HIT", b"_MISS", b"_DIRECT"].iter().any(|end| code.ends_with(end))
        || matches!(code, b"-" | b"NONE" | b"DIRECT" | b"PINNED" | b"CARP" | b"ORIGINAL_DST")
}

fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(text.len());
    &text[start..]
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
    &text[..end]
}

/// The next field and what follows it; empty at the end.
fn token<'line>(rest: &mut &'line [u8]) -> &'line [u8] {
    let text = trim(rest);
    let end = memchr2(b' ', b'\t', text).unwrap_or(text.len());
    let (field, behind) = text.split_at(end);
    *rest = behind;
    field
}

fn split_at_byte(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(separator, text)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Decimal digits with an optional sign.
fn decimal(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(if digits.len() < text.len() { -value } else { value })
}

/// Unix seconds with an optional fraction, cut to milliseconds; at most 12 digits of seconds (the year 9999 has them), so
/// that a longer number is taken for what it is: another field.
fn unix_time(text: &[u8]) -> Option<Timestamp> {
    let (seconds, fraction) = split_at_byte(text, b'.').unwrap_or((text, b"0"));
    if seconds.strip_prefix(b"-").unwrap_or(seconds).len() > 12
        || fraction.is_empty()
        || !fraction.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let millis = (0..3).fold(0, |value, at| value * 10 + i64::from(fraction.get(at).map_or(0, |digit| digit - b'0')));
    let seconds = decimal(seconds)?;
    Some(Timestamp(if text.starts_with(b"-") { seconds * 1000 - millis } else { seconds * 1000 + millis }))
}
