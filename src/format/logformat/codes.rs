//! Squid's format codes: what each says, how Squid writes it, and which field it feeds.
//!
//! Source: Squid's `src/format/Token.cc` and `src/format/Format.cc`, versions 3 to 7 together, and the directive
//! `logformat` of squid.conf. Older names of a code stand beside the newer one.

/// What of a request a value says, where the tables have a column for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Feeds {
    /// Seconds of the time of completion.
    Seconds,
    /// Its part below a second.
    Subsecond,
    /// The time of completion in words; `true` where it is UTC.
    Clock(bool),
    /// When the request began.
    Started,
    /// How long it took.
    TimeTaken,
    /// The client.
    Client,
    /// The user.
    User,
    /// The method.
    Method,
    /// The target.
    Url,
    /// The target's scheme.
    UrlScheme,
    /// The target's host.
    UrlHost,
    /// The target's port.
    UrlPort,
    /// The target's path and query.
    UrlPath,
    /// The status.
    Status,
    /// Bytes sent to the client.
    Bytes,
    /// Bytes received from the client.
    ClientBytes,
    /// Squid's result code.
    Result,
    /// Squid's hierarchy code.
    Hierarchy,
    /// Where the request was sent on to.
    Peer,
    /// The reply's MIME type.
    ContentType,
    /// The User-Agent header.
    UserAgent,
    /// The Referer header.
    Referer,
}

/// What a code's values are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alphabet {
    /// A decimal number; its precision says nothing.
    Number,
    /// Milliseconds, with a precision microseconds behind a point.
    Millis,
    /// Seconds and a fraction.
    SecondsAndFraction,
    /// `strftime`.
    Clock,
    /// No blanks.
    Word,
    /// Anything, written as it is where nothing else is said.
    Text,
    /// Anything, `%xx`-encoded where nothing else is said.
    Encoded,
    /// The byte that the argument names, or a percent sign.
    Literal,
}

/// A format code.
#[derive(Debug)]
pub(super) struct Code {
    /// The name, with its namespace where that is not `http`.
    pub(super) name: &'static str,
    /// What its values are made of.
    pub(super) alphabet: Alphabet,
    /// What they feed, and how well: of several codes that feed one field the lowest number is believed.
    pub(super) feeds: Option<(Feeds, u8)>,
}

const fn code(name: &'static str, alphabet: Alphabet) -> Code {
    Code { name, alphabet, feeds: None }
}

const fn feeding(name: &'static str, alphabet: Alphabet, feeds: Feeds, rank: u8) -> Code {
    Code { name, alphabet, feeds: Some((feeds, rank)) }
}

use Alphabet::{Clock, Encoded, Literal, Millis, Number, SecondsAndFraction, Text, Word};

/// Every code. Headers feed a field by their argument: [`of_header`].
pub(super) static CODES: &[Code] = &[
    // Connections.
    feeding(">a", Word, Feeds::Client, 0),
    feeding("SRC", Word, Feeds::Client, 0),
    feeding(">A", Word, Feeds::Client, 1),
    code(">p", Number),
    code("SRCPORT", Number),
    code(">eui", Word),
    code("SRCEUI48", Word),
    code("SRCEUI64", Word),
    code(">la", Word),
    code(">lp", Number),
    code(">qos", Word),
    code(">nfmark", Word),
    code(">handshake", Word),
    code("la", Word),
    code("MYADDR", Word),
    code("lp", Number),
    code("MYPORT", Number),
    feeding("<a", Word, Feeds::Peer, 0),
    feeding("<A", Word, Feeds::Peer, 1),
    code("<p", Number),
    code("<la", Word),
    code("oa", Word),
    code("<lp", Number),
    code("<qos", Word),
    code("<nfmark", Word),
    code("transport::>connection_id", Number),
    // Times.
    feeding("ts", Number, Feeds::Seconds, 0),
    feeding("tu", Number, Feeds::Subsecond, 0),
    feeding("tl", Clock, Feeds::Clock(false), 0),
    feeding("tg", Clock, Feeds::Clock(true), 1),
    feeding("tS", SecondsAndFraction, Feeds::Started, 0),
    feeding("tr", Millis, Feeds::TimeTaken, 0),
    code("dt", Millis),
    code("<pt", Millis),
    code("<tt", Millis),
    code("busy_time", Number),
    // Users and access control.
    feeding("un", Text, Feeds::User, 0),
    feeding("ul", Text, Feeds::User, 1),
    feeding("LOGIN", Text, Feeds::User, 1),
    feeding("ue", Text, Feeds::User, 2),
    feeding("EXT_USER", Text, Feeds::User, 2),
    feeding("us", Text, Feeds::User, 3),
    feeding("ui", Text, Feeds::User, 4),
    feeding("IDENT", Text, Feeds::User, 4),
    code("credentials", Text),
    code("et", Encoded),
    code("TAG", Encoded),
    code("EXT_TAG", Encoded),
    code("ea", Encoded),
    code("EXT_LOG", Encoded),
    code("ACL", Word),
    code("DATA", Text),
    code("USER_CERT", Text),
    code("USER_CERTCHAIN", Text),
    code("USER_CA_CERT", Text),
    // Requests.
    feeding("rm", Word, Feeds::Method, 0),
    feeding(">rm", Word, Feeds::Method, 1),
    feeding("METHOD", Word, Feeds::Method, 1),
    feeding("<rm", Word, Feeds::Method, 2),
    feeding(">ru", Encoded, Feeds::Url, 0),
    feeding("URI", Encoded, Feeds::Url, 0),
    feeding("ru", Text, Feeds::Url, 1),
    feeding("<ru", Encoded, Feeds::Url, 2),
    feeding(">rs", Word, Feeds::UrlScheme, 0),
    feeding("PROTO", Word, Feeds::UrlScheme, 0),
    feeding("<rs", Word, Feeds::UrlScheme, 1),
    feeding(">rd", Encoded, Feeds::UrlHost, 0),
    feeding("DST", Encoded, Feeds::UrlHost, 0),
    feeding("<rd", Encoded, Feeds::UrlHost, 1),
    feeding(">rP", Number, Feeds::UrlPort, 0),
    feeding("PORT", Number, Feeds::UrlPort, 0),
    feeding("<rP", Number, Feeds::UrlPort, 1),
    feeding(">rp", Encoded, Feeds::UrlPath, 0),
    feeding("rp", Encoded, Feeds::UrlPath, 0),
    feeding("PATH", Encoded, Feeds::UrlPath, 0),
    feeding("<rp", Encoded, Feeds::UrlPath, 1),
    code("rG", Encoded),
    code("rv", Word),
    code(">rv", Word),
    code("<rv", Word),
    code(">v", Word),
    code(">h", Encoded),
    code(">ha", Encoded),
    // Replies.
    feeding(">Hs", Number, Feeds::Status, 0),
    feeding("Hs", Number, Feeds::Status, 0),
    feeding("<Hs", Number, Feeds::Status, 1),
    code("<h", Encoded),
    feeding("mt", Word, Feeds::ContentType, 0),
    // Sizes.
    feeding("<st", Number, Feeds::Bytes, 0),
    feeding(">st", Number, Feeds::ClientBytes, 0),
    code("st", Number),
    code(">sh", Number),
    code("<sh", Number),
    code("<sH", Number),
    code("<sS", Number),
    code("<bs", Number),
    // What Squid did.
    feeding("Ss", Word, Feeds::Result, 0),
    feeding("Sh", Word, Feeds::Hierarchy, 0),
    code("sn", Number),
    code("err_code", Word),
    code("err_detail", Word),
    code("request_attempts", Number),
    code("note", Encoded),
    code("master_xaction", Number),
    // TLS; `tls::` is another name of the namespace.
    code("ssl::bump_mode", Word),
    code("ssl::>sni", Word),
    code("ssl::>cert_subject", Text),
    code("ssl::>cert_issuer", Text),
    code("ssl::<cert_subject", Text),
    code("ssl::<cert_issuer", Text),
    code("ssl::<cert_errors", Text),
    code("ssl::<cert", Encoded),
    code("ssl::>negotiated_version", Word),
    code("ssl::<negotiated_version", Word),
    code("ssl::>negotiated_cipher", Word),
    code("ssl::<negotiated_cipher", Word),
    code("ssl::>received_hello_version", Word),
    code("ssl::<received_hello_version", Word),
    code("ssl::>received_supported_version", Word),
    code("ssl::<received_supported_version", Word),
    // Adaptation and the PROXY protocol.
    code("adapt::<last_h", Encoded),
    code("adapt::sum_trs", Word),
    code("adapt::all_trs", Word),
    code("icap::tt", Millis),
    code("icap::<last_h", Encoded),
    code("icap::<A", Word),
    code("icap::<service_name", Word),
    code("icap::ru", Text),
    code("icap::rm", Word),
    code("icap::>st", Number),
    code("icap::<st", Number),
    code("icap::<bs", Number),
    code("icap::>h", Encoded),
    code("icap::<h", Encoded),
    code("icap::tr", Millis),
    code("icap::tio", Millis),
    code("icap::to", Word),
    code("icap::Hs", Number),
    code("proxy_protocol::>h", Encoded),
    // Literals.
    code("%", Literal),
    code("byte", Literal),
];

/// What the value of a code with a header's name as its argument feeds.
pub(super) fn of_header(code: &str, header: &str) -> Option<(Feeds, u8)> {
    let is = |name: &str| header.eq_ignore_ascii_case(name);
    match code {
        ">h" if is("User-Agent") => Some((Feeds::UserAgent, 0)),
        ">ha" if is("User-Agent") => Some((Feeds::UserAgent, 1)),
        ">h" if is("Referer") => Some((Feeds::Referer, 0)),
        ">ha" if is("Referer") => Some((Feeds::Referer, 1)),
        "<h" if is("Content-Type") => Some((Feeds::ContentType, 1)),
        _ => None,
    }
}

/// The code that `text` begins with, and how long it is there. The longest name counts; `http::` may stand before it.
pub(super) fn find(text: &str) -> Option<(&'static Code, usize)> {
    let (plain, skipped) = match text.strip_prefix("http::") {
        Some(plain) if !plain.starts_with('%') => (plain, 6),
        _ => (text, 0),
    };
    let tls = plain.strip_prefix("tls::").map(|rest| format!("ssl::{rest}"));
    let plain = tls.as_deref().unwrap_or(plain);
    CODES
        .iter()
        .filter(|code| plain.starts_with(code.name))
        .max_by_key(|code| code.name.len())
        .map(|code| (code, code.name.len() + skipped))
}

/// The code whose name is nearest to what `text` begins with, for a message.
pub(super) fn nearest(text: &str) -> &'static str {
    let word: String =
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '<' | '>' | '_' | ':')).collect();
    let nearest = CODES.iter().filter(|code| code.alphabet != Literal).min_by_key(|code| distance(code.name, &word));
    nearest.map_or("", |code| code.name)
}

/// How many letters have to be added, left out or changed (Levenshtein); another case is half a change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<u8> = b.bytes().collect();
    let mut row: Vec<usize> = (0..=b.len()).map(|at| at * 2).collect();
    for (i, from) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * 2;
        for (j, to) in b.iter().enumerate() {
            let change = match () {
                () if from == *to => 0,
                () if from.eq_ignore_ascii_case(to) => 1,
                () => 2,
            };
            let least = (diagonal + change).min(row[j] + 2).min(row[j + 1] + 2);
            diagonal = row[j + 1];
            row[j + 1] = least;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_the_longest_is_found() {
        for code in CODES {
            assert_eq!(CODES.iter().filter(|other| other.name == code.name).count(), 1, "{}", code.name);
            assert_eq!(find(code.name).map(|(found, length)| (found.name, length)), Some((code.name, code.name.len())));
        }
        for (text, name, length) in [
            (">ha rest", ">ha", 3),
            ("http::>h", ">h", 8),
            ("tls::>sni ", "ssl::>sni", 9),
            ("<tt", "<tt", 3),
            ("rmfoo", "rm", 2),
            ("%%", "%", 1),
            ("err_code", "err_code", 8),
        ] {
            assert_eq!(find(text).map(|(found, length)| (found.name, length)), Some((name, length)), "{text}");
        }
        assert!(find("qq").is_none());
        assert_eq!((nearest("hs"), nearest("ssl::>snii")), ("Hs", "ssl::>sni"));
    }
}
