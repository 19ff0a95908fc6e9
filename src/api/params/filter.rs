//! The filters of the log: ANDed, a repeated one ORed, `!value` negates.

use super::{Asked, Kind, Param};
use crate::model::{ClientTerm, EventFilter, Lens, Outcome, Severity, StatusTerm, Tag, TagTest, Terms};
use ipnet::IpNet;

/// The parameters that say which rows.
pub const FILTERS: &[Param] = &[
    Param::filter("client_ip", "Client address or CIDR network, or what stands for one; `!` negates"),
    Param::filter("user", "User name, without regard to case; `!` negates"),
    Param::filter("method", "Request method, without regard to case; `!` negates"),
    Param::filter("status_code", "Status code, 0 where no reply was sent; `!` negates"),
    Param::filter("status", "Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates"),
    Param::filter(
        "outcome",
        "`allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates",
    ),
    Param::filter("severity", "Severity by name or number, 0 the worst; `!` negates"),
    Param::one("min_severity", Kind::Text, "This severity, by name or number, or worse"),
    Param::filter("source", "Name of the log source, without regard to case; `!` negates"),
    Param::filter("host", "Machine whose log it is, without regard to case; `!` negates"),
    Param::filter("destination", "Part of the destination's `host:port`, without regard to case; `!` negates"),
    Param::filter("domain", "Registrable domain of the destination, or any name above its host; `!` negates"),
    Param::filter("category", "Category of the destination's service, without regard to case; `!` negates"),
    Param::filter("tag", "A tag of the row, without regard to case; `!` negates"),
    Param::one(
        "keyword",
        Kind::Text,
        "Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case",
    ),
    Param::one("min_score", Kind::Integer { min: 0, max: 1_000_000 }, "Score of at least this"),
    Param::filter("rule", "Id of a rule that matched; `!` negates"),
    Param::filter("waf_category", "Category of a rule that matched, without regard to case; `!` negates"),
];

/// Filters whose values may name a person, or say where somebody went.
const PERSONAL: &[&str] = &["client_ip", "user", "destination", "domain", "keyword"];
/// Words and phrases of a keyword search.
const MOST_WORDS: usize = 16;

/// What was asked of rows, apart from time.
#[derive(Clone, Debug)]
pub struct Filters {
    /// The filter, without its window.
    pub filter: EventFilter,
    /// The tags of the filter by name: how one is told may change with the settings, which is asked does not.
    pub tags: Terms<Tag>,
    /// What was given, for the audit log: values by filter, of those that may name a person only how many.
    pub on_record: serde_json::Map<String, serde_json::Value>,
}

impl Filters {
    /// The filters asked for; `lens` says what may be compared, `test` how a tag is told.
    pub fn read(asked: &mut Asked, lens: &Lens, test: impl Fn(Tag) -> TagTest) -> Filters {
        let on_record = on_record(asked);
        let text = |text: &str| Ok(text.to_owned());
        let tags = terms(asked, "tag", |text| {
            Tag::parse(text).ok_or_else(|| one_of(Tag::ALL.into_iter().map(Tag::name))).map(|tag| vec![tag])
        });
        let tests = |tags: &[Tag]| tags.iter().map(|tag| test(*tag)).collect();
        let filter = EventFilter {
            range: None,
            client_ip: terms(asked, "client_ip", |text| client(text, lens).map(|term| vec![term])),
            user: each(asked, "user", text),
            method: each(asked, "method", text),
            status: each(asked, "status", status),
            status_code: each(asked, "status_code", code),
            outcome: each(asked, "outcome", |text| {
                Outcome::parse(text).ok_or_else(|| one_of(Outcome::ALL.into_iter().map(Outcome::name)))
            }),
            severity: each(asked, "severity", severity),
            min_severity: asked.text("min_severity").and_then(|text| match severity(&text) {
                Ok(severity) => Some(severity),
                Err(fault) => {
                    asked.faults.add("min_severity", fault);
                    None
                }
            }),
            source: each(asked, "source", text),
            host: each(asked, "host", text),
            destination: each(asked, "destination", text),
            domain: each(asked, "domain", domain),
            category: each(asked, "category", text),
            tag: Terms { any: tests(&tags.any), none: tests(&tags.none) },
            keywords: keywords(asked),
            rule: each(asked, "rule", |text| text.parse().map_err(|_| "must be the id of a rule".to_owned())),
            waf_category: each(asked, "waf_category", text),
            min_score: asked.integer("min_score").and_then(|score| u32::try_from(score).ok()),
        };
        Filters { filter, tags, on_record }
    }
}

/// Reads the values of a filter: each is read by `read` into what it stands for, or refused with a reason.
pub fn terms<T>(asked: &mut Asked, name: &str, read: impl Fn(&str) -> Result<Vec<T>, String>) -> Terms<T> {
    let mut terms = Terms::default();
    for text in asked.texts(name) {
        let (side, bare) = match text.strip_prefix('!') {
            Some(rest) => (&mut terms.none, rest.trim()),
            None => (&mut terms.any, &text[..]),
        };
        match read(bare) {
            _ if bare.is_empty() => asked.faults.add(name, "negates nothing"),
            Ok(values) => side.extend(values),
            Err(fault) => asked.faults.add(name, fault),
        }
    }
    terms
}

fn each<T>(asked: &mut Asked, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Terms<T> {
    terms(asked, name, |text| read(text).map(|value| vec![value]))
}

fn on_record(asked: &Asked) -> serde_json::Map<String, serde_json::Value> {
    let given = FILTERS.iter().map(|param| (param.name, asked.given(param.name)));
    let shown = given.filter(|(_, values)| !values.is_empty()).map(|(name, values)| {
        let value = if PERSONAL.contains(&name) { values.len().into() } else { values.into() };
        (name.to_owned(), value)
    });
    shown.collect()
}

fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    format!("must be one of {}", words.collect::<Vec<_>>().join(", "))
}

fn client(text: &str, lens: &Lens) -> Result<ClientTerm, String> {
    let looks_numeric = text.contains(['/', ':']) || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match ClientTerm::parse(text) {
        // What the lens shows is a text to it, and compared as one.
        ClientTerm::Network(network) if lens.shows_network(network) => Ok(ClientTerm::Name(network.to_string())),
        ClientTerm::Network(_) if !lens.client_is_plain() => Err("networks can't be asked for while masked".to_owned()),
        ClientTerm::Network(network) => Ok(ClientTerm::Network(canonical(network))),
        ClientTerm::Name(_) if looks_numeric => Err("must be an address or a CIDR network".to_owned()),
        term => Ok(term),
    }
}

/// Networks of IPv4-mapped addresses as networks of IPv4 addresses, the form stored addresses are compared in.
fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(mapped) if mapped.prefix_len() >= 96 => mapped
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| ipnet::Ipv4Net::new(address, mapped.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        _ => network,
    }
}

fn code(text: &str) -> Result<u16, String> {
    match text.parse::<u16>() {
        Ok(code) if code <= 999 => Ok(code),
        _ => Err("must be a status code from 0 to 999".to_owned()),
    }
}

/// A code, a class, or a result code, which never begins with a digit.
fn status(text: &str) -> Result<StatusTerm, String> {
    match text.as_bytes() {
        [hundreds @ b'0'..=b'9', b'x' | b'X', b'x' | b'X'] => Ok(StatusTerm::Class(hundreds - b'0')),
        [b'0'..=b'9' | b'-' | b'+', ..] => code(text)
            .map(StatusTerm::Code)
            .map_err(|_| "must be a status code from 0 to 999, a class such as 4xx, or a result code".to_owned()),
        _ => Ok(StatusTerm::Result(text.to_owned())),
    }
}

fn severity(text: &str) -> Result<Severity, String> {
    let names = || Severity::ALL.into_iter().map(Severity::name);
    Severity::parse(text).ok_or_else(|| format!("{}, or a number from 0 to 7", one_of(names())))
}

/// Reads the name of a domain.
///
/// # Errors
/// What is wrong with a text that is none.
pub fn domain(text: &str) -> Result<String, String> {
    let name = text.trim_matches('.');
    if name.is_empty() || name.contains(|sign: char| sign.is_whitespace() || "/*!".contains(sign)) {
        return Err("must be a domain name, such as example.com".to_owned());
    }
    Ok(name.to_owned())
}

/// The words and phrases asked for, each once, in small letters.
fn keywords(asked: &mut Asked) -> Vec<String> {
    let Some(text) = asked.text("keyword") else { return Vec::new() };
    match split(&text) {
        Ok(words) => words,
        Err(fault) => {
            asked.faults.add("keyword", fault);
            Vec::new()
        }
    }
}

fn split(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    // Every other part stands between quotes.
    for (at, part) in text.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_ascii_lowercase)),
            _ if part.is_empty() => return Err("holds an empty phrase".to_owned()),
            _ => words.push(part.to_ascii_lowercase()),
        }
        if at % 2 == 0 && part.split_whitespace().any(|word| word.starts_with('!')) {
            return Err("can't be negated; put a word that begins with ! into quotes to search for it".to_owned());
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err("has a quote that is never closed".to_owned());
    }
    words.sort_unstable();
    words.dedup();
    if words.len() > MOST_WORDS { Err(format!("has more than {MOST_WORDS} words")) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientLevel, OutcomeSet};

    fn read(query: &str, lens: &Lens) -> (EventFilter, bool) {
        let uri = format!("/logs?{query}").parse().unwrap();
        let mut asked = Asked::of(&uri, &[FILTERS]);
        let filters = Filters::read(&mut asked, lens, |_| TagTest::Outcome(OutcomeSet::blocked(false)));
        (filters.filter, asked.finish().is_ok())
    }

    #[test]
    fn a_masked_reader_asks_for_no_networks() {
        for (query, plain, masked) in [
            ("client_ip=10.0.0.0/8", true, false),
            ("client_ip=!::/0", true, false),
            ("client_ip=10.0.0.1", true, true),
        ] {
            assert_eq!(read(query, &Lens::PLAIN).1, plain, "{query}");
            assert_eq!(read(query, &Lens::MASKED).1, masked, "{query}");
        }
    }

    #[test]
    fn a_reader_of_networks_asks_for_those_shown() {
        let lens = Lens { client: ClientLevel::Prefix, ..Lens::PLAIN };
        for (query, accepted, matches) in [
            ("client_ip=10.1.2.0/24", true, true),
            ("client_ip=10.1.3.0/24", true, false),
            ("client_ip=10.1.2.3", true, false),
            ("client_ip=10.1.2.0/25", false, false),
            ("client_ip=10.1.2.3/24", false, false),
            ("client_ip=10.1.0.0/16", false, false),
        ] {
            let (filter, ok) = read(query, &lens);
            assert_eq!(ok, accepted, "{query}");
            assert_eq!(ok && filter.accepts_client(&lens.client(b"10.1.2.3")), matches, "{query}");
        }
    }

    #[test]
    fn the_same_question_is_the_same_filter_whatever_its_order() {
        for (one, other) in [
            ("method=GET&method=POST&outcome=denied", "outcome=denied&method=POST&method=GET&method=POST"),
            ("keyword=b+A+%22c+D%22", "keyword=a+%22C+d%22+B+b"),
        ] {
            assert_eq!(read(one, &Lens::PLAIN), read(other, &Lens::PLAIN));
        }
    }

    #[test]
    fn keywords_are_words_and_phrases() {
        for (text, want) in [
            ("one", Ok(vec!["one"])),
            ("b  A\tb", Ok(vec!["a", "b"])),
            (r#""two words" three"#, Ok(vec!["three", "two words"])),
            (r#"a"b c"d"#, Ok(vec!["a", "b c", "d"])),
            (r#""!a""#, Ok(vec!["!a"])),
            (r#"a "b"#, Err("never closed")),
            (r#"a "" b"#, Err("empty phrase")),
            ("a !b", Err("negated")),
            ("a b c d e f g h i j k l m n o p q", Err("more than 16")),
        ] {
            match (split(text), want) {
                (Ok(words), Ok(want)) => assert_eq!(words, want, "{text}"),
                (Err(fault), Err(want)) => assert!(fault.contains(want), "{text}: {fault}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }
}
