//! What a syslog message carries: the machine it is of, and a line of log. Read leniently, as senders are: whatever
//! does not read as a header belongs to the line.
//!
//! RFC 5424, section 6; RFC 3164, section 4, with what senders make of it: RFC 3339 times (rsyslog), years and fractions
//! (Cisco, syslog-ng), no host (what a program writes to `/dev/log`), no time, no tag. A message without a priority has
//! no header at all: that is how Squid's `udp:` and `tcp:` modules send their lines.

use std::net::IpAddr;

/// A message, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message<'m> {
    /// The machine it is of (HOSTNAME); empty where it names none.
    pub host: &'m str,
    /// The line (MSG).
    pub text: &'m [u8],
    /// Whether there was a priority, and so a header.
    pub has_header: bool,
}

/// The longest HOSTNAME (RFC 5424, section 6).
const MAX_HOST_BYTES: usize = 255;

/// The lines of a message, each with the machine it is of. Several come where a sender puts many into one datagram; a
/// line without a header is of the machine of the line before it.
pub fn lines<'m>(message: &'m [u8], mut take: impl FnMut(&'m str, &'m [u8])) {
    let mut host = "";
    for line in message.split(|byte| *byte == b'\n') {
        let read = Message::read(trimmed(line));
        if read.has_header {
            host = read.host;
        }
        if !read.text.is_empty() {
            take(host, read.text);
        }
    }
}

/// Without the carriage return and the NULs that some senders end a line with.
fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\r' | 0] = line {
        line = rest;
    }
    line
}

impl<'m> Message<'m> {
    /// Takes a message of one line apart.
    pub fn read(line: &'m [u8]) -> Message<'m> {
        let Some(rest) = behind_priority(line) else { return Message { host: "", text: line, has_header: false } };
        let (host, text) = rfc5424(rest).unwrap_or_else(|| rfc3164(rest));
        Message { host: known_host(host), text, has_header: true }
    }
}

/// `<PRI>`: one to three digits, at most 191.
fn behind_priority(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"<")?;
    let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let number = rest[..digits].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (matches!(digits, 1..=3) && number <= 191).then_some(())?;
    rest[digits..].strip_prefix(b">")
}

/// `VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]`.
fn rfc5424(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (version, rest) = token(rest);
    let (time, rest) = token(rest);
    let (host, rest) = token(rest);
    let (_app_name, rest) = token(rest);
    let (_process, rest) = token(rest);
    let (_message_id, rest) = token(rest);
    let is_version = matches!(version, [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
    if !is_version || !(time == b"-" || is_rfc3339(time)) || host.is_empty() {
        return None;
    }
    let rest = behind_structured_data(rest)?;
    let text = match rest {
        [] => rest,
        [b' ', text @ ..] => text,
        _ => return None,
    };
    // The mark says that the text is UTF-8; it is no part of it.
    Some((host, text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)))
}

/// `-`, or elements `[id name="value" …]`, in whose values `\` takes the meaning off `"`, `\` and `]`.
fn behind_structured_data(rest: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = rest.strip_prefix(b"-") {
        return Some(rest);
    }
    let mut at = 0;
    while rest.get(at) == Some(&b'[') {
        let mut quoted = false;
        loop {
            at += 1;
            match rest.get(at)? {
                b'\\' if quoted => at += 1,
                b'"' => quoted = !quoted,
                b']' if !quoted => break,
                _ => {}
            }
        }
        at += 1;
    }
    (at > 0).then(|| &rest[at..])
}

/// `[TIMESTAMP SP [HOSTNAME SP]] [TAG:] MSG`.
fn rfc3164(rest: &[u8]) -> (&[u8], &[u8]) {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let Some(rest) = behind_time(rest) else { return (b"", behind_tag(rest).unwrap_or(rest)) };
    if let Some(text) = behind_tag(rest) {
        return (b"", text);
    }
    let (host, text) = token(rest);
    if is_host(host) { (host, behind_tag(text).unwrap_or(text)) } else { (b"", rest) }
}

/// Whether it can be a name or an address, and is not the time that a line begins with.
fn is_host(word: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    let number = |word: &[u8]| word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_address = || std::str::from_utf8(word).is_ok_and(|word| word.parse::<IpAddr>().is_ok());
    !word.is_empty() && word.iter().all(sign) && (!number(word) || is_address())
}

/// `Mmm dd hh:mm:ss`, where a year may follow the day and a fraction or a colon the seconds; or an RFC 3339 time.
fn behind_time(rest: &[u8]) -> Option<&[u8]> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let (first, behind) = token(rest);
    if is_rfc3339(first) {
        return Some(behind);
    }
    if !MONTHS.iter().any(|month| month[..] == *first) {
        return None;
    }
    let (day, behind) = token(behind.strip_prefix(b" ").unwrap_or(behind));
    let (mut time, mut behind) = token(behind);
    if time.len() == 4 && time.iter().all(u8::is_ascii_digit) {
        (time, behind) = token(behind);
    }
    let clock = time.strip_suffix(b":").unwrap_or(time);
    let (clock, fraction) = clock.split_at_checked(8)?;
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let is_clock =
        [&clock[0..2], &clock[3..5], &clock[6..8]].into_iter().all(digits) && clock[2] == b':' && clock[5] == b':';
    let is_fraction = fraction.is_empty() || fraction.strip_prefix(b".").is_some_and(digits);
    (day.len() <= 2 && digits(day) && is_clock && is_fraction).then_some(behind)
}

fn is_rfc3339(word: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'+' | b'T' | b'Z');
    matches!(word, [b'0'..=b'9', _, _, _, b'-', _, _, b'-', _, _, b'T', ..])
        && word.len() >= 19
        && word.iter().all(sign)
}

/// `name[process]:` or `name: `, and the blank behind it. What merely holds a colon, such as `host:443`, is no tag.
fn behind_tag(rest: &[u8]) -> Option<&[u8]> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'(' | b')');
    let name = rest.iter().take_while(|byte| is_name(byte)).count();
    let behind = &rest[name..];
    let text = match behind {
        [b'[', ..] => {
            let end = behind.iter().position(|byte| matches!(byte, b']' | b' '))?;
            behind[end..].strip_prefix(b"]:")?
        }
        [b':'] => &behind[1..],
        [b':', b' ', ..] => &behind[1..],
        _ => return None,
    };
    (name > 0).then(|| text.strip_prefix(b" ").unwrap_or(text))
}

/// Up to the next blank, and what is behind it.
fn token(rest: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', rest) {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, b""),
    }
}

fn known_host(host: &[u8]) -> &str {
    let plain = host.len() <= MAX_HOST_BYTES && host != b"-" && host.iter().all(u8::is_ascii_graphic);
    if plain { std::str::from_utf8(host).unwrap_or_default() } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str =
        "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html";

    #[test]
    fn headers_as_senders_write_them() {
        for (header, host) in [
            ("", ""),
            // RFC 3164, and what a relay makes of it.
            ("<134>Oct 11 22:14:15 proxy1 squid: ", "proxy1"),
            ("<134>Oct  1 22:14:15 proxy1 squid[4711]: ", "proxy1"),
            ("<134>Oct  1 22:14:15 proxy1 (squid-1)[4711]: ", "proxy1"),
            ("<134>Oct  1 22:14:15 proxy1 (squid-1): ", "proxy1"),
            ("<134>Oct  1 22:14:15 proxy1 squid[4711]:", "proxy1"),
            ("<134>Oct 11 22:14:15 2001:db8::7 squid: ", "2001:db8::7"),
            ("<134>Oct 11 22:14:15 proxy1.example.net ", "proxy1.example.net"),
            ("<134>Oct 11 2026 22:14:15.123: proxy1 squid: ", "proxy1"),
            ("<134>2026-10-11T22:14:15.003+02:00 proxy1 squid[1]: ", "proxy1"),
            // What a program writes to /dev/log.
            ("<134>Oct 11 22:14:15 squid[4711]: ", ""),
            ("<134>Oct 11 22:14:15 squid: ", ""),
            ("<134>Oct 11 22:14:15 ", ""),
            ("<134>squid[4711]: ", ""),
            ("<134>", ""),
            ("<134> ", ""),
            // RFC 5424.
            ("<134>1 2026-10-11T22:14:15.003Z proxy1 squid 4711 - - ", "proxy1"),
            ("<134>1 2026-10-11T22:14:15.003Z proxy1 squid 4711 - - \u{feff}", "proxy1"),
            ("<134>1 - - - - - - ", ""),
            (r#"<0>1 2026-10-11T22:14:15Z proxy1 squid 4711 ID47 [a@1 b="c d"][e@1 f="\"]\\"] "#, "proxy1"),
        ] {
            let message = format!("{header}{LINE}");
            let read = Message::read(message.as_bytes());
            assert_eq!((read.host, String::from_utf8_lossy(read.text)), (host, LINE.into()), "{message}");
            assert_eq!(read.has_header, !header.is_empty(), "{message}");
        }
    }

    #[test]
    fn what_only_looks_like_a_header_belongs_to_the_line() {
        for text in [
            "<192>Oct 11 22:14:15 proxy1 squid: x",
            "<1234>x",
            "<>x",
            "<13",
            r#"{"a":1}"#,
            "Oct 11 22:14:15 proxy1 squid: x",
        ] {
            let read = Message::read(text.as_bytes());
            assert_eq!((read.text, read.has_header), (text.as_bytes(), false), "{text}");
        }
        for (message, text) in [
            ("<134>Oct 11 22:14:15 proxy1 #Fields: date time", "#Fields: date time"),
            ("<134>Oct 11 22:14:15 proxy1 www.example:443 10.0.0.1 - -", "www.example:443 10.0.0.1 - -"),
            (r#"<134>Oct 11 22:14:15 proxy1 {"a": 1}"#, r#"{"a": 1}"#),
            (r#"<134>Oct 11 22:14:15 {"a": 1}"#, r#"{"a": 1}"#),
            ("<134>Oct 11 22:14:15 10.0.0.1 x", "x"),
            ("<134>Oct 11 22:14 proxy1", "Oct 11 22:14 proxy1"),
            (
                "<134>1 2026-10-11T22:14:15Z proxy1 squid 4711 - [a b=\"c",
                "1 2026-10-11T22:14:15Z proxy1 squid 4711 - [a b=\"c",
            ),
        ] {
            let read = Message::read(message.as_bytes());
            assert_eq!(String::from_utf8_lossy(read.text), text, "{message}");
        }
    }

    fn all(message: &[u8]) -> Vec<(&str, &[u8])> {
        let mut all = Vec::new();
        lines(message, |host, line| all.push((host, line)));
        all
    }

    #[test]
    fn a_datagram_holds_several_lines() {
        assert_eq!(all(b"one\r\ntwo\n\nthree\0\n"), [("", &b"one"[..]), ("", b"two"), ("", b"three")]);
        assert_eq!(
            all(b"<134>1 - a - - - - one\ntwo\n<134>1 - b - - - - three"),
            [("a", &b"one"[..]), ("a", b"two"), ("b", b"three")]
        );
        assert_eq!(all(b"<134>Oct 11 22:14:15 proxy1 squid:"), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_a_header_is_taken_off_any_line(
            noise in "[<>0-9a-zA-Z:\\[\\]\"\\\\. -]{0,60}", bytes in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let message = [b"<13>", noise.as_bytes(), &bytes].concat();
            let read = Message::read(&message);
            prop_assert!(message.ends_with(read.text));
            // Bytes that are kept as they are, whatever they are.
            let line: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\n').collect();
            let whole = [b"<134>1 2026-10-11T22:14:15.003Z proxy1 squid 4711 - - ", &line[..]].concat();
            let without_mark = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
            prop_assert_eq!(Message::read(&whole), Message { host: "proxy1", text: without_mark, has_header: true });
        }
    }
}
