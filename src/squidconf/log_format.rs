//! `logformat`: the named ways to write a line, and the codes in them. (What a code means is the `format` room's.)

use super::directive::Place;
use super::{SquidConf, lexer};

/// A named way to write a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogFormat {
    /// Its name.
    pub name: String,
    /// Its definition: codes that begin with `%`, and text between them.
    pub definition: String,
    /// Where it is defined; none for those built in.
    pub place: Option<Place>,
}

/// A code of a definition: `%"{User-Agent}>h` is the code `>h` with an argument and an encoding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogCode {
    /// How the value is written, one of `"`, `[`, `#`, `/`, `'`; none where that is left to the code.
    pub encoding: Option<char>,
    /// What is in braces, before or behind the code.
    pub argument: Option<String>,
    /// The code, with its name space (`ssl::>sni`).
    pub code: &'static str,
}

/// The formats that Squid knows without a definition, as `cf.data.pre` spells them.
const BUILT_IN: [(&str, &str); 5] = [
    ("squid", "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt"),
    ("common", "%>a %[ui %[un [%tl] \"%rm %ru HTTP/%rv\" %>Hs %<st %Ss:%Sh"),
    ("combined", "%>a %[ui %[un [%tl] \"%rm %ru HTTP/%rv\" %>Hs %<st \"%{Referer}>h\" \"%{User-Agent}>h\" %Ss:%Sh"),
    ("referrer", "%ts.%03tu %>a %{Referer}>h %ru"),
    ("useragent", "%>a [%tl] \"%{User-Agent}>h\""),
];

/// Every code, a longer one before those that begin it (`Format::TokenTable*`, with what older versions had).
#[rustfmt::skip]
const CODES: &[&str] = &[
    "tls::>received_supported_version", "tls::>received_hello_version", "tls::<received_hello_version",
    "tls::>negotiated_version", "tls::<negotiated_version", "tls::>negotiated_cipher", "tls::<negotiated_cipher",
    "tls::>cert_subject", "tls::>cert_issuer", "tls::<cert_subject", "tls::<cert_issuer", "tls::<cert_errors",
    "tls::bump_mode", "tls::>sni", "tls::<cert",
    "ssl::>received_supported_version", "ssl::>received_hello_version", "ssl::<received_hello_version",
    "ssl::>negotiated_version", "ssl::<negotiated_version", "ssl::>negotiated_cipher", "ssl::<negotiated_cipher",
    "ssl::>cert_subject", "ssl::>cert_issuer", "ssl::<cert_subject", "ssl::<cert_issuer", "ssl::<cert_errors",
    "ssl::bump_mode", "ssl::>sni", "ssl::<cert",
    "icap::<service_name", "icap::<last_h", "icap::<A", "icap::ru", "icap::rm", "icap::>st", "icap::<st", "icap::<bs",
    "icap::>h", "icap::<h", "icap::tio", "icap::tt", "icap::tr", "icap::to", "icap::Hs",
    "adapt::all_trs", "adapt::sum_trs", "adapt::<last_h", "proxy_protocol::>h", "transport::>connection_id",
    "request_attempts", "master_xaction", "credentials", ">handshake", "err_detail", "busy_time", "err_code",
    ">nfmark", "<nfmark", "byte", ">eui", ">qos", "<qos", "note",
    ">la", ">lp", "<la", "<lp", "<pt", "<tt", "<bs", ">ha", ">Hs", "<Hs", ">rm", ">ru", ">rs", ">rd", ">rP", ">rp",
    ">rv", "<rm", "<ru", "<rs", "<rd", "<rP", "<rp", "<rv", ">st", ">sh", "<st", "<sH", "<sS", "<sh",
    "la", "lp", "oa", "ts", "tu", "tl", "tg", "tS", "tr", "dt", "un", "ul", "ui", "us", "ue", "Hs", "Ss", "Sh", "mt",
    "rm", "ru", "rp", "rv", "rG", "st", "et", "ea", "sn",
    ">a", ">p", ">A", "<a", "<p", "<A", ">h", "<h", ">v", "%",
];

impl SquidConf {
    /// The formats defined, in order.
    pub fn log_formats(&self) -> impl DoubleEndedIterator<Item = LogFormat> {
        self.named(&["logformat"]).filter_map(|directive| {
            let (name, definition) = (directive.word(0)?.to_owned(), directive.word(1)?.to_owned());
            Some(LogFormat { name, definition, place: Some(directive.place.clone()) })
        })
    }

    /// The format of that name: a defined one, else one built in.
    pub fn log_format(&self, name: &str) -> Option<LogFormat> {
        // Squid takes no name that is built in for a definition, and of two definitions the last.
        LogFormat::built_in(name).or_else(|| self.log_formats().rfind(|format| format.name == name))
    }
}

impl LogFormat {
    /// A format that needs no definition.
    pub fn built_in(name: &str) -> Option<LogFormat> {
        let (name, definition) = BUILT_IN.into_iter().find(|(known, _)| *known == name)?;
        Some(LogFormat { name: name.to_owned(), definition: definition.to_owned(), place: None })
    }

    /// The codes, in order; what is none is passed over.
    pub fn codes(&self) -> Vec<LogCode> {
        let mut codes = Vec::new();
        let mut rest = self.definition.as_str();
        while let Some(at) = rest.find('%') {
            rest = &rest[at + 1..];
            if let Some((code, behind)) = code(rest) {
                codes.push(code);
                rest = behind;
            }
        }
        codes
    }
}

/// `[encoding] [-] [[0]width[.max]] [{arg}] code [{arg}]`.
fn code(text: &str) -> Option<(LogCode, &str)> {
    let encoding = text.chars().next().filter(|sign| "\"[#/'".contains(*sign));
    let text = &text[encoding.map_or(0, char::len_utf8)..];
    let text = text.strip_prefix('-').unwrap_or(text);
    let text = text.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    let (before, text) = argument(text);
    let code = CODES.iter().find(|code| text.starts_with(**code))?;
    let text = &text[code.len()..];
    let (behind, text) = if before.is_none() { argument(text) } else { (None, text) };
    Some((LogCode { encoding, argument: before.or(behind), code }, text))
}

fn argument(text: &str) -> (Option<String>, &str) {
    match text.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((argument, behind)) => (Some(argument.trim_matches(lexer::BLANK).to_owned()), behind),
        None => (None, text),
    }
}
