//! One request and its bytes in Squid's native format,
//! `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt`.
//!
//! It writes what it is given; what a plausible request is, others decide.

use super::outcome::Outcome;
use super::text;

/// The address of a server, from ranges that are nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// a.b.c.d
    V4([u8; 4]),
    /// 2001:db8:x:y::z; none of the three may be 0, or the text would not be the shortest
    V6([u16; 3]),
}

/// Where the answer came from: the ninth field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// `HIER_NONE/-`
    None,
    /// `HIER_DIRECT/` and the address
    Direct(Address),
    /// `FIRSTUP_PARENT/10.0.0.2`
    Parent,
}

/// One well-formed line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    /// Completion, Unix ms.
    pub(super) time_ms: i64,
    pub(super) elapsed_ms: u64,
    pub(super) client: &'a str,
    pub(super) outcome: Outcome,
    /// What the client was sent, headers included.
    pub(super) sent_bytes: u64,
    pub(super) method: &'static str,
    pub(super) url: &'a [u8],
    /// `-` for nobody.
    pub(super) user: &'a str,
    pub(super) peer: Peer,
    pub(super) mime: &'static str,
}

impl Address {
    /// Appends the canonical text of the address.
    pub(super) fn append(self, out: &mut Vec<u8>) {
        match self {
            Self::V4([a, b, c, d]) => {
                text::number(out, u64::from(a));
                for part in [b, c, d] {
                    out.push(b'.');
                    text::number(out, u64::from(part));
                }
            }
            Self::V6([x, y, z]) => {
                out.extend_from_slice(b"2001:db8:");
                text::hex_short(out, x);
                out.push(b':');
                text::hex_short(out, y);
                out.extend_from_slice(b"::");
                text::hex_short(out, z);
            }
        }
    }
}

impl Record<'_> {
    /// Appends the line, without its line feed.
    pub(super) fn append(&self, out: &mut Vec<u8>) {
        let time_ms = self.time_ms.max(0) as u64;
        text::number(out, time_ms / 1000);
        out.push(b'.');
        text::zeroed(out, time_ms % 1000, 3);
        out.push(b' ');
        text::spaced(out, self.elapsed_ms, 6);
        out.push(b' ');
        out.extend_from_slice(self.client.as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.outcome.text().as_bytes());
        out.push(b' ');
        text::number(out, self.sent_bytes);
        out.push(b' ');
        out.extend_from_slice(self.method.as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.url);
        out.push(b' ');
        out.extend_from_slice(self.user.as_bytes());
        match self.peer {
            Peer::None => out.extend_from_slice(b" HIER_NONE/- "),
            Peer::Parent => out.extend_from_slice(b" FIRSTUP_PARENT/10.0.0.2 "),
            Peer::Direct(address) => {
                out.extend_from_slice(b" HIER_DIRECT/");
                address.append(out);
                out.push(b' ');
            }
        }
        out.extend_from_slice(self.mime.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_squids_own() {
        let get = Record {
            time_ms: 1_767_225_600_123,
            elapsed_ms: 245,
            client: "10.0.3.17",
            outcome: Outcome::Miss200,
            sent_bytes: 5316,
            method: "GET",
            url: b"http://cdn.example.net/a/b.js?v=3",
            user: "-",
            peer: Peer::Direct(Address::V4([192, 0, 2, 7])),
            mime: "application/javascript",
        };
        let connect = Record {
            time_ms: 1_767_225_601_004,
            elapsed_ms: 1_060_321,
            outcome: Outcome::Tunnel200,
            method: "CONNECT",
            url: b"www.example.com:443",
            user: "jdoe",
            peer: Peer::Direct(Address::V6([0x1f, 0x100, 0xa])),
            mime: "-",
            ..get
        };
        for (record, expected) in [
            (
                get,
                "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET \
                 http://cdn.example.net/a/b.js?v=3 - HIER_DIRECT/192.0.2.7 application/javascript",
            ),
            (
                connect,
                "1767225601.004 1060321 10.0.3.17 TCP_TUNNEL/200 5316 CONNECT \
                 www.example.com:443 jdoe HIER_DIRECT/2001:db8:1f:100::a -",
            ),
        ] {
            let mut out = Vec::new();
            record.append(&mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
