use std::io;
use std::net::IpAddr;

use proptest::prelude::*;

use super::{Captures, Gate, OPERATORS, Operator, OperatorError};
use crate::waf::Kinds;

fn files(name: &str) -> io::Result<Vec<u8>> {
    match name {
        "words.data" => Ok(b"# words\n\nPhpInfo\n  # not this\n /etc/ \nphp\r\n".to_vec()),
        "addresses.data" => Ok(b"192.0.2.0/24, 198.51.100.7 # examples\n2001:db8::/32\n".to_vec()),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

fn compile(name: &str, argument: &str) -> Operator {
    Operator::compile(name, argument, &files).unwrap()
}

/// Names, arguments, values, and what of the value matches; checked against libmodsecurity 3.0.9, which lacks
/// `verifyIBAN`, takes no blanks in lists of addresses, and misreads bytes spelt in hexadecimal.
#[test]
fn operators_match_what_they_should() {
    type Case = (&'static str, &'static str, &'static [u8], Option<&'static [u8]>);
    let table: &[Case] = &[
        ("beginsWith", "/admin", b"/admin/x", Some(b"/admin")),
        ("beginsWith", "/admin", b"/Admin", None),
        ("contains", "b c", b"ab cd", Some(b"b c")),
        ("contains", "", b"a", Some(b"")),
        ("containsWord", "dir", b"a_dir1", Some(b"dir")),
        ("containsWord", "dir", b"redirect dirs", None),
        ("containsWord", "aa", b"aaa aa", Some(b"aa")),
        ("detectSQLi", "", b"1' or '1'='1", Some(b"1' or '1'='1")),
        ("detectSQLi", "", b"ikea table", None),
        ("detectXSS", "", b"<script>", Some(b"<script>")),
        ("detectXSS", "", b"a < b", None),
        ("endsWith", ".php", b"x.php", Some(b".php")),
        ("endsWith", ".php", b"php", None),
        ("detectSQLi", "", b"1' or '1'='1", Some(b"1' or '1'='1")),
        ("detectSQLi", "", b"ikea table", None),
        ("detectXSS", "", b"<script>", Some(b"<script>")),
        ("detectXSS", "", b"a < b", None),
        ("eq", "5", b" 5x", Some(b" 5x")),
        ("eq", "0", b"x", Some(b"x")),
        ("eq", "0", b"4294967296", Some(b"4294967296")),
        ("ge", "3", b"3", Some(b"3")),
        ("ge", "3", b"-4", None),
        ("gt", "3", b"99999999999999999999", Some(b"99999999999999999999")),
        ("gt", "3", b"3", None),
        ("le", "3", b"3", Some(b"3")),
        ("lt", "3", b"3", None),
        ("lt", "1", b"", Some(b"")),
        ("ipMatch", "10.0.0.0/8, ::1", b"10.1.2.3", Some(b"10.1.2.3")),
        ("ipMatch", "10.0.0.0/8,::1", b"0:0:0:0:0:0:0:1", Some(b"0:0:0:0:0:0:0:1")),
        ("ipMatch", "10.0.0.0/8", b"11.0.0.1", None),
        ("ipMatch", "10.0.0.0/8", b"10.1", None),
        ("ipMatchFromFile", "addresses.data", b"198.51.100.7", Some(b"198.51.100.7")),
        ("ipMatchF", "addresses.data", b"2001:db8::7", Some(b"2001:db8::7")),
        ("noMatch", "", b"a", None),
        ("pm", "WebZIP  webcopier", b"a WEBCOPIER", Some(b"WEBCOPIER")),
        ("pm", "|41 42|c", b"xabC", Some(b"abC")),
        ("pm", "a\\:b \\x", b"\\x", Some(b"\\x")),
        ("pmFromFile", "words.data", b"phpinfo()", Some(b"phpinfo")),
        ("pmf", "words.data", b"cat/etc/ ", None),
        ("pmf", "words.data", b"cat  /ETC/ ", Some(b" /ETC/ ")),
        ("rx", "(?i)b+", b"abBc", Some(b"bB")),
        ("rxGlobal", "b", b"abb", Some(b"b")),
        ("streq", "a", b"a", Some(b"a")),
        ("streq", "a", b"A", None),
        ("strmatch", "b", b"abc", Some(b"b")),
        ("unconditionalMatch", "", b"", Some(b"")),
        ("validateByteRange", "32-126, 9,10", b"a\tb\x7fc", Some(b"\x7f")),
        ("validateByteRange", "1-255", b"ab", None),
        ("validateUrlEncoding", "", b"%41%4g", Some(b"%4g")),
        ("validateUrlEncoding", "", b"%41%", Some(b"%")),
        ("validateUrlEncoding", "", b"%41+", None),
        ("validateUtf8Encoding", "", "é€😀".as_bytes(), None),
        ("validateUtf8Encoding", "", b"a\xc0\xaf", Some(b"\xc0\xaf")),
        ("validateUtf8Encoding", "", b"a\xed\xa0\x80", Some(b"\xed\xa0\x80")),
        ("verifyCC", "\\d{13,16}", b"id 4111111111111111", Some(b"4111111111111111")),
        ("verifyCC", "\\d{13,16}", b"id 4111111111111112", Some(b"1111111111112")),
        ("verifyCC", "\\b\\d{16}\\b", b"id 4111111111111112", None),
        ("verifyCPF", "\\d{11}", b"52998224725", Some(b"52998224725")),
        ("verifyCPF", "\\d{11}", b"52998224726", None),
        (
            "verifyIBAN",
            "[A-Z]{2}\\d{2}[A-Z0-9 ]+",
            b"x=GB82 WEST 1234 5698 7654 32",
            Some(b"GB82 WEST 1234 5698 7654 32"),
        ),
        ("verifyIBAN", "[A-Z]{2}\\d{2}[A-Z0-9 ]+", b"x=GB82 WEST 1234 5698 7654 33", None),
        ("verifySSN", "\\d{3}-\\d{2}-\\d{4}", b"219-09-9999", Some(b"219-09-9999")),
        ("verifySSN", "\\d{3}-\\d{2}-\\d{4}", b"666-09-9999", None),
        ("verifySVNR", "\\d{10}", b"1237010180", Some(b"1237010180")),
        ("verifySVNR", "\\d{10}", b"1238010180", None),
        ("within", "GET,POST", b"POST", Some(b"POST")),
        ("within", "GET,POST", b"PUT", None),
        ("within", "GET,POST", b"", Some(b"")),
    ];
    for (name, argument, value, expected) in table {
        let mut captures = Captures::default();
        let operator = compile(name, argument);
        let found = operator.matches(value, Some(&mut captures)).map(|place| &value[place]);
        assert_eq!(found, *expected, "@{name} {argument} on {}", value.escape_ascii());
        assert_eq!(operator.matches(value, None).map(|place| &value[place]), found);
        let captured = captures.get(0).map(|place| &value[place]);
        assert_eq!(captured, found.filter(|_| operator.captures()), "@{name} {argument}");
        assert!(found.is_none() || operator.guard().lets_pass(value, Kinds::of(value)), "@{name} {argument}");
        assert!(found.is_none() || passes(&operator.gate(), value), "@{name} {argument}: {:?}", operator.gate());
    }
    let tried = |name: &str| table.iter().any(|row| row.0 == name) || Operator::compile(name, "", &files).is_err();
    assert!(OPERATORS.iter().all(|known| tried(known.name)));
}

fn passes(gate: &Gate, value: &[u8]) -> bool {
    let value = value.to_ascii_lowercase();
    match gate {
        Gate::Always => true,
        Gate::Never => false,
        Gate::AnyOf(literals) => literals.iter().any(|literal| memchr::memmem::find(&value, literal).is_some()),
    }
}

#[test]
fn gates_are_the_literals_that_operators_look_for() {
    let any_of = |literals: &[&str]| Gate::AnyOf(literals.iter().map(|literal| literal.as_bytes().to_vec()).collect());
    for (name, argument, gate) in [
        ("contains", "Set-Cookie", any_of(&["set-cookie"])),
        ("streq", "", Gate::Always),
        ("streq", "%{tx.0}", Gate::Always),
        ("within", "GET POST", Gate::Always),
        ("eq", "0", Gate::Always),
        ("pm", "Nikto php phpinfo", any_of(&["php", "nikto"])),
        ("pm", "", Gate::Never),
        ("noMatch", "", Gate::Never),
        ("validateByteRange", "1-255", any_of(&["\0"])),
        ("validateByteRange", "32-126", Gate::Always),
        ("validateUrlEncoding", "", any_of(&["%"])),
        ("verifyCC", "card=\\d{16}", any_of(&["card="])),
    ] {
        assert_eq!(compile(name, argument).gate(), gate, "@{name} {argument}");
    }
}

#[test]
fn what_cannot_be_made_ready_says_why() {
    for (name, argument, message) in [
        ("contain", "a", "no operator is called @contain"),
        ("RBL", "example.org", "@rbl needs a block list asked over DNS, which an access log doesn't have"),
        ("rx", "a(b", "the pattern is faulty at byte 1: this ( has no )"),
        ("pmFromFile", "none.data", "@pmFromFile can't read none.data: entity not found"),
        (
            "ipMatch",
            "10.0.0.0/33",
            "@ipMatch can't take \"10.0.0.0/33\": write an address or a network, as 192.0.2.0/24",
        ),
        (
            "validateByteRange",
            "32-126, 256",
            "@validateByteRange can't take \"256\": write bytes as 9 or ranges as 32-126, from 0 to 255",
        ),
    ] {
        let error: OperatorError = Operator::compile(name, argument, &files).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn macros_are_expanded_by_the_caller() {
    for (name, argument, expanded, value, matches) in [
        ("streq", "%{tx.a}", "x", "x", true),
        ("endsWith", ".%{request_headers.host}", ".b.example", "a.b.example", true),
        ("within", "%{tx.allowed_methods}", "GET POST", "PUT", false),
        ("lt", "%{tx.level}", "2", "1", true),
        ("rx", "^%{tx.charset}$", "^utf-8|latin1$", "utf-8", true),
        ("rx", "^%{tx.charset}$", "^(", "utf-8", false),
    ] {
        let operator = compile(name, argument);
        assert!(operator.needs_macros(), "{argument}");
        assert_eq!(operator.gate(), Gate::Always);
        let found = operator.matches_expanded(expanded.as_bytes(), value.as_bytes(), None);
        assert_eq!(found.is_some(), matches, "@{name} {argument}");
    }
    for (name, argument) in
        [("rx", "%{2}"), ("rx", "[%{ }]"), ("pm", "%{tx.a}"), ("contains", "%{"), ("contains", "{a}")]
    {
        assert!(!compile(name, argument).needs_macros(), "{argument}");
    }
}

#[test]
fn groups_go_on_from_one_match_to_the_next() {
    let mut captures = Captures::default();
    compile("rxGlobal", "(a)(b)?").matches(b"ab a ab ab ab", Some(&mut captures)).unwrap();
    let groups: Vec<_> = captures.iter().map(|(group, place)| (group, place.start)).collect();
    assert_eq!(groups, [(0, 0), (1, 0), (2, 1), (3, 3), (4, 3), (5, 5), (6, 5), (7, 6), (8, 8), (9, 8)]);
}

#[test]
fn names_are_found_whatever_their_case() {
    assert_eq!(compile("BEGINSWITH", "a").name(), "beginsWith");
    let names: Vec<_> = OPERATORS.iter().map(|known| known.name.to_lowercase()).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

proptest! {
    #[test]
    fn a_word_is_contained_where_no_letter_is_beside_it(word in "[ab1]{1,2}", value in "[ab1 ]{0,10}") {
        let text = format!(" {value} ");
        let naive = text.match_indices("").map(|(at, _)| at).any(|at| {
            text[at..].starts_with(&word)
                && !text[..at].ends_with(|sign: char| sign.is_ascii_alphabetic())
                && !text[at + word.len()..].starts_with(|sign: char| sign.is_ascii_alphabetic())
        });
        prop_assert_eq!(compile("containsWord", &word).matches(value.as_bytes(), None).is_some(), naive);
    }

    #[test]
    fn numbers_compare_as_numbers(argument in any::<i32>(), value in any::<i32>()) {
        let holds = |name| compile(name, &argument.to_string()).matches(value.to_string().as_bytes(), None).is_some();
        prop_assert_eq!(["eq", "ge", "gt", "le", "lt"].map(holds), [
            value == argument, value >= argument, value > argument, value <= argument, value < argument,
        ]);
    }

    #[test]
    fn phrases_are_found_wherever_they_are(
        phrases in prop::collection::vec("[a-c]{1,4}", 1..6),
        value in "[a-cA-C]{0,12}",
    ) {
        let operator = compile("pm", &phrases.join(" "));
        let found = operator.matches(value.as_bytes(), None);
        let lowercased = value.to_lowercase();
        prop_assert_eq!(found.is_some(), phrases.iter().any(|phrase| lowercased.contains(phrase)));
        prop_assert!(found.is_none_or(|place| phrases.contains(&lowercased[place].to_owned())));
    }

    #[test]
    fn addresses_are_listed_where_a_network_has_them(
        networks in prop::collection::vec((any::<u32>(), 0..=32_u8), 1..6),
        address in any::<u32>(),
        near in any::<u8>(),
    ) {
        // Half of the addresses are near one of the networks.
        let address = if near % 2 == 0 { address } else { networks[0].0 ^ u32::from(near) };
        let network = |(at, length): &(u32, u8)| format!("{}/{length}", IpAddr::from(at.to_be_bytes()));
        let list: Vec<_> = networks.iter().map(network).collect();
        let value = IpAddr::from(address.to_be_bytes()).to_string();
        let naive = networks.iter().any(|(at, length)| u64::from(at ^ address) < 1 << (32 - length));
        prop_assert_eq!(compile("ipMatch", &list.join(",")).matches(value.as_bytes(), None).is_some(), naive);
    }
}
