//! Squid's native access log: `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt`
//! (squid.conf, directive `logformat`, built-in format `squid`).
//!
//! Lines as Squid writes them take the exact path, which accepts nothing that rendering would not give back. What
//! people's tools do to such lines (tabs, other padding, a byte order mark, extra fields at the end, blanks inside a
//! URL) takes the lenient path.

use super::Format;
use crate::model::{AccessEvent, RejectReason, Timestamp};
use memchr::{memchr, memchr2};
use std::io::Write;

/// Squid's native format.
#[derive(Debug, Clone, Copy)]
pub struct Squid;

impl Format for Squid {
    fn name(&self) -> &'static str {
        "squid"
    }

    #[inline]
    fn parse<'line>(&self, line: &'line [u8]) -> Result<AccessEvent<'line>, RejectReason> {
        exact(line).map_or_else(|| lenient(line), Ok)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        let (seconds, millis) = (event.time.0.div_euclid(1000), event.time.0.rem_euclid(1000));
        // Writing to a Vec can't fail.
        let _ = write!(out, "{seconds}.{millis:03} {:>6} ", event.time_taken_ms);
        out.extend_from_slice(dash(event.c_ip));
        out.push(b' ');
        out.extend_from_slice(dash(event.result));
        let _ = write!(out, "/{:03} {} ", event.sc_status, event.sc_bytes);
        for field in [event.cs_method, event.cs_uri, event.cs_username] {
            out.extend_from_slice(dash(field));
            out.push(b' ');
        }
        out.extend_from_slice(dash(event.hierarchy));
        out.push(b'/');
        out.extend_from_slice(dash(event.peer));
        out.push(b' ');
        out.extend_from_slice(dash(event.content_type));
    }
}

fn dash(field: &[u8]) -> &[u8] {
    if field.is_empty() { b"-" } else { field }
}

fn undash(field: &[u8]) -> &[u8] {
    if field == b"-" { b"" } else { field }
}

/// Reads a line exactly as Squid writes it; `None` for any deviation.
#[inline]
fn exact(line: &[u8]) -> Option<AccessEvent<'_>> {
    let mut rest = Cursor(line);
    let seconds = rest.number(11)?;
    rest.byte(b'.')?;
    let millis = rest.fixed3()?;
    rest.byte(b' ')?;
    let padded_from = rest.0.len();
    while rest.0.first() == Some(&b' ') {
        rest.0 = &rest.0[1..];
    }
    let padding = padded_from - rest.0.len();
    let negative = rest.byte(b'-').is_some();
    let magnitude = rest.number(15)? as i64;
    let width = padded_from - rest.0.len();
    if (padding > 0 && width != 6) || width < 6 || (negative && magnitude == 0) {
        return None;
    }
    rest.byte(b' ')?;
    let c_ip = rest.field(b' ')?;
    let result = rest.field(b'/')?;
    let sc_status = rest.fixed3()? as u16;
    rest.byte(b' ')?;
    let sc_bytes = rest.number(19)?;
    rest.byte(b' ')?;
    let cs_method = rest.field(b' ')?;
    let cs_uri = rest.field(b' ')?;
    let cs_username = rest.field(b' ')?;
    let hierarchy = rest.field(b'/')?;
    let peer = rest.field(b' ')?;
    let content_type = rest.0;
    // A blank in a code would mean that fields are missing and the slash is another field's.
    let clean = |code: &[u8]| !code.iter().any(|byte| matches!(byte, b' ' | b'\t'));
    if content_type.is_empty() || !clean(content_type) || !clean(result) || !clean(hierarchy) {
        return None;
    }
    Some(AccessEvent {
        time: Timestamp((seconds * 1000 + millis) as i64),
        time_taken_ms: if negative { -magnitude } else { magnitude },
        c_ip: undash(c_ip),
        cs_username: undash(cs_username),
        cs_method: undash(cs_method),
        cs_uri: undash(cs_uri),
        sc_status,
        sc_bytes,
        result: undash(result),
        hierarchy: undash(hierarchy),
        peer: undash(peer),
        content_type: undash(content_type),
        user_agent: b"",
        referer: b"",
        canonical: true,
    })
}

/// What is still unread of a line.
struct Cursor<'line>(&'line [u8]);

impl<'line> Cursor<'line> {
    #[inline]
    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    /// A decimal number without needless leading zeros, of at most `most` digits.
    #[inline]
    fn number(&mut self, most: usize) -> Option<u64> {
        let mut value = 0_u64;
        let mut digits = 0;
        while let Some(digit) = self.0.get(digits).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += 1;
        }
        let canonical = digits > 0 && digits <= most && (digits == 1 || self.0[0] != b'0');
        canonical.then(|| {
            self.0 = &self.0[digits..];
            value
        })
    }

    /// Three decimal digits.
    #[inline]
    fn fixed3(&mut self) -> Option<u64> {
        let (digits, rest) = self.0.split_first_chunk::<3>()?;
        digits.iter().all(u8::is_ascii_digit).then(|| {
            self.0 = rest;
            digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
        })
    }

    /// Everything up to the separator, which is consumed; at least one byte.
    #[inline]
    fn field(&mut self, separator: u8) -> Option<&'line [u8]> {
        let end = memchr(separator, self.0)?;
        let field = &self.0[..end];
        self.0 = &self.0[end + 1..];
        (end > 0).then_some(field)
    }
}

/// Reads whatever can still be understood as a native line.
#[cold]
fn lenient(line: &[u8]) -> Result<AccessEvent<'_>, RejectReason> {
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
        result: undash(result),
        hierarchy: undash(tail.hierarchy),
        peer: undash(tail.peer),
        content_type: undash(tail.content_type),
        user_agent: b"",
        referer: b"",
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
    let mut found = None;
    let mut fields = usize::from(!uri.is_empty());
    while let field @ [_, ..] = token(&mut rest) {
        fields += 1;
        if let Some(codes) = hierarchy_field(field)
            && !trim(rest).is_empty()
        {
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
fn without_headers(text: &[u8]) -> &[u8] {
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

/// Unix seconds with an optional fraction, cut to milliseconds; at most 11 digits of seconds (year 5138), like Squid's
/// own, so that a longer number is taken for what it is: another field.
fn unix_time(text: &[u8]) -> Option<Timestamp> {
    let (seconds, fraction) = split_at_byte(text, b'.').unwrap_or((text, b"0"));
    if seconds.len() > 12 || fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let millis = (0..3).fold(0, |value, at| value * 10 + i64::from(fraction.get(at).map_or(0, |digit| digit - b'0')));
    let seconds = decimal(seconds)?;
    Some(Timestamp(if text.starts_with(b"-") { seconds * 1000 - millis } else { seconds * 1000 + millis }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(line: &str) -> Result<AccessEvent<'_>, RejectReason> {
        Squid.parse(line.as_bytes())
    }

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn reads_what_squid_writes() {
        let line = "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.example.net/a.js?v=3 joe HIER_DIRECT/192.0.2.7 text/html";
        let event = parse(line).unwrap();
        assert_eq!(event.time, Timestamp(1_767_225_600_123));
        assert_eq!((event.time_taken_ms, event.sc_bytes, event.sc_status), (245, 5316, 200));
        assert_eq!(text(event.c_ip), "10.0.3.17");
        assert_eq!(text(event.cs_uri), "http://cdn.example.net/a.js?v=3");
        assert_eq!(
            (text(event.result), text(event.hierarchy), text(event.peer)),
            ("TCP_MISS", "HIER_DIRECT", "192.0.2.7")
        );
        assert!(event.canonical);
    }

    #[test]
    fn reads_its_odd_lines() {
        for (line, canonical, uri, user, hierarchy, peer, mime) in [
            (
                "0.000      0 ::1 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -",
                true,
                "error:transaction-end-before-headers",
                "",
                "HIER_NONE",
                "",
                "",
            ),
            (
                "1767225600.123 1234567 2001:db8::1 TCP_TUNNEL/200 39 CONNECT [2001:db8::7]:443 a%20b HIER_DIRECT/2001:db8::7 -",
                true,
                "[2001:db8::7]:443",
                "a%20b",
                "HIER_DIRECT",
                "2001:db8::7",
                "",
            ),
            (
                "1066036250.129    199 192.168.1.10 TCP_MISS/200 5316 GET http://a/ - DIRECT/192.0.2.1 text/html",
                true,
                "http://a/",
                "",
                "DIRECT",
                "192.0.2.1",
                "text/html",
            ),
            (
                "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/ - NONE/- text/html;charset=utf-8",
                true,
                "http://a/",
                "",
                "NONE",
                "",
                "text/html;charset=utf-8",
            ),
            (
                "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/ - NONE/- text/html; charset=utf-8 extra field",
                false,
                "http://a/",
                "",
                "NONE",
                "",
                "text/html; charset=utf-8",
            ),
            (
                "1066036250.129    199 h TCP_MISS/200 5316 GET http://a/b c d - HIER_NONE/- text/html",
                false,
                "http://a/b c d",
                "",
                "HIER_NONE",
                "",
                "text/html",
            ),
            (
                "1066036250.129    199 h TCP_MISS/200 5 GET http://a/ - HIER_DIRECT/192.0.2.9 text/html [X: - HIER_NONE/- text/html\\r\\n] [HTTP/1.1 200 OK]",
                false,
                "http://a/",
                "",
                "HIER_DIRECT",
                "192.0.2.9",
                "text/html",
            ),
            (
                "1066036250 199\th TCP_MISS/200 5316 GET http://a/ joe HIER_NONE/- text/html",
                false,
                "http://a/",
                "joe",
                "HIER_NONE",
                "",
                "text/html",
            ),
            (
                "\u{feff}1066036250.129    199 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
                false,
                "http://a/",
                "joe",
                "HIER_NONE",
                "",
                "",
            ),
            ("1066036250.129      - - -/- - - - - -/- -", false, "", "", "", "", ""),
            (
                "1066036250.129     -5 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
                true,
                "http://a/",
                "joe",
                "HIER_NONE",
                "",
                "",
            ),
            (
                "1066036250.129     05 h TCP_MISS/200 5 GET http://a/ joe HIER_NONE/- -",
                false,
                "http://a/",
                "joe",
                "HIER_NONE",
                "",
                "",
            ),
        ] {
            let event = parse(line).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
            assert_eq!(event.canonical, canonical, "{line}");
            let got = [event.cs_uri, event.cs_username, event.hierarchy, event.peer, event.content_type].map(text);
            assert_eq!(got, [uri, user, hierarchy, peer, mime], "{line}");
        }
    }

    #[test]
    fn says_why_it_rejects() {
        for (line, reason) in [
            ("", RejectReason::BadTime),
            ("hello world", RejectReason::BadTime),
            ("10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", RejectReason::BadTime),
            ("1767225600.123", RejectReason::TooFewFields),
            ("1767225600.123 fast h TCP_MISS/200 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadDuration),
            ("1767225600.123 5 h TCP_MISS 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadResult),
            ("1767225600.123 5 h TCP_MISS/2000 5 GET http://a/ - HIER_NONE/- -", RejectReason::BadResult),
            ("1767225600.123 5 h TCP_MISS/200 big GET http://a/ - HIER_NONE/- -", RejectReason::BadSize),
            ("1767225600.123 5 h TCP_MISS/200 5 GET http://a/ - nowhere -", RejectReason::BadHierarchy),
            ("1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.exa", RejectReason::TooFewFields),
            (
                "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a/ - HIER_DIRECT/192.0.2.7",
                RejectReason::TooFewFields,
            ),
        ] {
            assert_eq!(parse(line).map(|_| ()), Err(reason), "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_rendered_is_read_back(
            ms in 0_i64..99_999_999_999_000, taken in -99_999_i64..9_999_999, status in 0_u16..1000, bytes in 0_u64..u64::MAX / 20,
            fields in proptest::array::uniform5("[!-.0-~]{1,24}"), code in "[A-Z][A-Z_]{1,12}", uri in "[!-~]{1,80}",
        ) {
            let [client, user, method, peer, mime] = &fields;
            let event = AccessEvent {
                time: Timestamp(ms), time_taken_ms: taken, c_ip: undash(client.as_bytes()), cs_username: undash(user.as_bytes()),
                cs_method: undash(method.as_bytes()), cs_uri: undash(uri.as_bytes()), sc_status: status, sc_bytes: bytes,
                result: code.as_bytes(), hierarchy: code.as_bytes(), peer: undash(peer.as_bytes()),
                content_type: undash(mime.as_bytes()), user_agent: b"", referer: b"", canonical: true,
            };
            let mut line = Vec::new();
            Squid.render(&event, &mut line);
            prop_assert_eq!(Squid.parse(&line), Ok(event));
        }

        #[test]
        fn no_bytes_make_it_panic_and_canonical_means_canonical(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            check_canonical(&line)?;
        }

        #[test]
        fn nor_does_a_damaged_line(at in 0_usize..120, byte in any::<u8>(), cut in 0_usize..130) {
            let mut line = b"1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://cdn.example.net/a.js?v=3 joe HIER_DIRECT/192.0.2.7 text/html".to_vec();
            let at = at % line.len();
            line[at] = byte;
            check_canonical(&line)?;
            line.truncate(cut);
            check_canonical(&line)?;
            line.insert(at.min(line.len()), byte);
            check_canonical(&line)?;
        }
    }

    fn check_canonical(line: &[u8]) -> Result<(), TestCaseError> {
        if let Ok(event) = Squid.parse(line)
            && event.canonical
        {
            let mut again = Vec::new();
            Squid.render(&event, &mut again);
            prop_assert_eq!(again, line);
        }
        Ok(())
    }
}
