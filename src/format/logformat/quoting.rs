//! How Squid protects the bytes of a value that could be taken for something else, and the way back.
//!
//! Source: Squid's `src/format/Format.cc` (`log_quoted_string`), `src/format/Quoting.cc` (`QuoteMimeBlob`),
//! `lib/rfc1738.cc` and `src/tools.cc` (`strwordquote`).

use bumpalo::Bump;
use memchr::memchr2;
use std::borrow::Cow;

/// An encoding of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoting {
    /// As they are: `'`, and of most codes where nothing else is said.
    Raw,
    /// `%xx` for what RFC 1738 calls unsafe, but for the percent sign: header values where nothing else is said.
    PassThrough,
    /// `"`: a backslash before quotes and backslashes; `\r`, `\n`, `\t`.
    Quotes,
    /// `[`: `%xx` for brackets, percent signs and what is no printable ASCII; `\\`, `\r`, `\n`. Blanks stay.
    MimeBlob,
    /// `#`: `%XX` for what RFC 1738 calls unsafe.
    Url,
    /// `/`: as [`Quoting::Quotes`] without tabs; in quotes where there is a blank.
    Shell,
}

impl Quoting {
    /// Appends a value in this encoding.
    pub(super) fn write(self, value: &[u8], out: &mut Vec<u8>) {
        let in_quotes = self == Quoting::Shell && value.contains(&b' ');
        if self == Quoting::Raw {
            out.extend_from_slice(value);
            return;
        }
        if in_quotes {
            out.push(b'"');
        }
        for byte in value {
            match (self, *byte) {
                (Quoting::Quotes | Quoting::Shell | Quoting::MimeBlob, b'\r') => out.extend_from_slice(b"\\r"),
                (Quoting::Quotes | Quoting::Shell | Quoting::MimeBlob, b'\n') => out.extend_from_slice(b"\\n"),
                (Quoting::Quotes, b'\t') => out.extend_from_slice(b"\\t"),
                (Quoting::Quotes | Quoting::Shell, b'"') => out.extend_from_slice(b"\\\""),
                (Quoting::Quotes | Quoting::Shell | Quoting::MimeBlob, b'\\') => out.extend_from_slice(b"\\\\"),
                (Quoting::MimeBlob, b'%' | b'[' | b']' | ..0x20 | 0x7f..) => percent(*byte, b"0123456789abcdef", out),
                (Quoting::Url, b'%') => percent(*byte, b"0123456789ABCDEF", out),
                (Quoting::Url | Quoting::PassThrough, byte) if is_unsafe(byte) => {
                    percent(byte, b"0123456789ABCDEF", out);
                }
                (_, byte) => out.push(byte),
            }
        }
        if in_quotes {
            out.push(b'"');
        }
    }

    /// The value that was written as `text`; escapes that Squid does not write stay as they are.
    pub(super) fn read<'line>(self, text: &'line [u8], arena: &'line Bump) -> &'line [u8] {
        let text = match (self, text) {
            (Quoting::Shell, [b'"', inner @ .., b'"']) => inner,
            _ => text,
        };
        let (escapes, percents) = match self {
            Quoting::Raw => return text,
            Quoting::PassThrough | Quoting::Url => (false, true),
            Quoting::Quotes | Quoting::Shell => (true, false),
            Quoting::MimeBlob => (true, true),
        };
        let is_escape = |byte: u8| escapes && byte == b'\\' || percents && byte == b'%';
        let Some(first) = memchr2(b'\\', b'%', text) else { return text };
        let value = arena.alloc_slice_copy(text);
        let (mut from, mut to) = (first, first);
        while let Some(&byte) = text.get(from) {
            let behind = &text[from + 1..];
            let (plain, length) = match behind {
                [escaped, ..] if byte == b'\\' && is_escape(byte) => match escaped {
                    b'r' => (b'\r', 2),
                    b'n' => (b'\n', 2),
                    b't' => (b'\t', 2),
                    b'"' | b'\\' => (*escaped, 2),
                    _ => (byte, 1),
                },
                [high, low, ..] if byte == b'%' && is_escape(byte) => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => (high << 4 | low, 3),
                    _ => (byte, 1),
                },
                _ => (byte, 1),
            };
            value[to] = plain;
            from += length;
            to += 1;
        }
        &value[..to]
    }

    /// The text of a literal `%` or byte, as this encoding writes it.
    pub(super) fn literal(self, byte: u8) -> Cow<'static, [u8]> {
        let mut text = Vec::new();
        self.write(&[byte], &mut text);
        text.into()
    }
}

fn percent(byte: u8, digits: &[u8; 16], out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// What Squid's `rfc1738_escape` encodes, but for the percent sign.
fn is_unsafe(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | 0x7f.. | b'<' | b'>' | b'"' | b'#' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'~')
        || matches!(byte, b'[' | b']' | b'`' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As Squid 5.7 wrote them.
    #[test]
    fn writes_as_squid_does_and_reads_it_back() {
        let agent = b"a \"quoted\" \\back [br] 100% \xc3\xa9 \xff\x01\tx";
        for (quoting, value, written) in [
            (
                Quoting::PassThrough,
                &agent[..],
                &b"a%20%22quoted%22%20%5Cback%20%5Bbr%5D%20100%%20%C3%A9%20%FF%01%09x"[..],
            ),
            (Quoting::Quotes, agent, b"a \\\"quoted\\\" \\\\back [br] 100% \xc3\xa9 \xff\x01\\tx"),
            (Quoting::MimeBlob, agent, b"a \"quoted\" \\\\back %5bbr%5d 100%25 %c3%a9 %ff%01%09x"),
            (Quoting::Url, agent, b"a%20%22quoted%22%20%5Cback%20%5Bbr%5D%20100%25%20%C3%A9%20%FF%01%09x"),
            (Quoting::Shell, agent, b"\"a \\\"quoted\\\" \\\\back [br] 100% \xc3\xa9 \xff\x01\tx\""),
            (Quoting::Raw, agent, agent),
            (Quoting::Quotes, b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 200 OK\\r\\nA: b"),
            (Quoting::MimeBlob, b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 200 OK\\r\\nA: b"),
            (Quoting::PassThrough, b"x'y~`", b"x%27y%7E%60"),
            (Quoting::Shell, b"x'y\"", b"x'y\\\""),
        ] {
            let mut out = Vec::new();
            quoting.write(value, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(written), "{quoting:?}");
            assert_eq!(quoting.read(written, &Bump::new()), value, "{quoting:?}");
        }
    }

    proptest! {
        #[test]
        fn every_value_is_read_back(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            for quoting in [Quoting::Raw, Quoting::Quotes, Quoting::MimeBlob, Quoting::Url, Quoting::Shell] {
                let mut out = Vec::new();
                quoting.write(&value, &mut out);
                let arena = Bump::new();
                prop_assert_eq!(quoting.read(&out, &arena), &value[..], "{:?}", quoting);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            for quoting in [Quoting::PassThrough, Quoting::Quotes, Quoting::MimeBlob, Quoting::Url, Quoting::Shell] {
                quoting.read(&text, &Bump::new());
            }
        }
    }
}
