use std::ops::Range;

use proptest::prelude::*;

use super::exact::Program;
use super::{Gate, Pattern, lower, parse};
use crate::waf::Kinds;
use crate::waf::operators::{Captures, OperatorError};

fn find(pattern: &str, value: &[u8]) -> Option<(Range<usize>, Captures)> {
    let mut captures = Captures::default();
    let pattern = Pattern::compile(pattern).unwrap();
    pattern.find_from(value, 0, Some(&mut captures)).map(|found| (found, captures))
}

/// Patterns, values, and where the whole match and its first groups are; checked against libmodsecurity 3.0.9.
#[test]
fn patterns_match_as_in_pcre() {
    type Row = (&'static str, &'static [u8], &'static [Option<Range<usize>>]);
    let table: &[Row] = &[
        ("", b"x", &[Some(0..0)]),
        ("b+?", b"abbb", &[Some(1..2)]),
        ("(?i)UNION\\s+(all|)", b"1 union\x0b\nALL", &[Some(2..12), Some(9..12)]),
        ("a.c", b"a\nc", &[Some(0..3)]),
        ("(?-s)a.c", b"a\nc", &[]),
        ("^b$", b"a\nb\nc", &[Some(2..3)]),
        ("(?-m)^b$", b"a\nb", &[]),
        ("(?-m)b$", b"b\n", &[Some(0..1)]),
        ("b\\Z", b"b\n", &[Some(0..1)]),
        ("b\\z", b"b\n", &[]),
        ("^$", b"a\n", &[]),
        ("a\\n^", b"a\n", &[]),
        ("a\\n^", b"a\nb", &[Some(0..2)]),
        ("\\xe2\\x80.", b"\xe2\x80\x99", &[Some(0..3)]),
        ("\u{2019}", "\u{2019}".as_bytes(), &[Some(0..3)]),
        ("[\u{e9}]", b"\xa9", &[Some(0..1)]),
        ("(a)|(b)|(c)", b"b", &[Some(0..1), None, Some(0..1)]),
        ("[[:alpha:]_-]{2,}[^[:space:]]", b"1a_-9", &[Some(1..5)]),
        ("[]a-]+[\\]\\x5c]", b"]-a\\", &[Some(0..4)]),
        ("\\Qa.b\\E+", b"a.bbb", &[Some(0..5)]),
        ("a{,2}b{2", b"a{,2}b{2", &[Some(0..8)]),
        ("\\141\\x{62}\\cA\\e\\0", b"ab\x01\x1b\0", &[Some(0..5)]),
        ("\\R\\h\\v\\N", b"\r\n\xa0\x85.", &[Some(0..5)]),
        ("(?x) a b # c\n [ ]", b"ab ", &[Some(0..3)]),
        ("(?#note)a(?:b(?i)c|d)D", b"abCD", &[Some(0..4)]),
        ("(?:b(?i)c|d)", b"D", &[Some(0..1)]),
        ("][^\\]]+$|][^\\]]+\\[", b"]a\nb[c]", &[Some(0..2)]),
        // Look-around.
        ("<\\?(?!xml)", b"<?xml <?php", &[Some(6..8)]),
        ("a(?=(b+))", b"abb", &[Some(0..1), Some(1..3)]),
        ("(?<!&(?:amp)|&(?:lt));", b"&amp;&lt;x;", &[Some(10..11)]),
        ("(?<=ab|c)d", b"dcd", &[Some(2..3)]),
        // Back references, in any case too, and by name.
        ("(?i:([\\d\\w]+)=\\1\\b)", b"x=y ab=AB", &[Some(4..9), Some(4..6)]),
        ("\\b(\\w+)=(?!\\b\\1\\b)\\w+", b"1=1 or 2=3", &[Some(7..10), Some(7..8)]),
        ("(?<q>['\"]).*?\\k<q>", b"a 'b\" c'", &[Some(2..8), Some(2..3)]),
        ("(a)(b)\\g{-1}\\g2", b"abbb", &[Some(0..4), Some(0..1), Some(1..2)]),
        ("(a|b\\1)+", b"aba", &[Some(0..3), Some(1..3)]),
        // Parentheses in comments, classes and quotes are no groups, and brackets in comments no classes.
        ("(?#((a)(b)\\1", b"bb", &[Some(0..2), Some(0..1)]),
        ("[[:alpha:](](b)\\1", b"abb", &[Some(0..3), Some(1..2)]),
        ("\\Q(\\E(b)\\1", b"(bb", &[Some(0..3), Some(1..2)]),
        ("(?#[)(b)\\1", b"bb", &[Some(0..2), Some(0..1)]),
        // What was matched first stays matched.
        ("a++b", b"aaab", &[Some(0..4)]),
        ("[\\w=]++\\w", b"a=b", &[]),
        ("(?>a|ab)c", b"abc", &[]),
        ("\\w{2}+\\d?+1", b"ab1", &[]),
    ];
    for (pattern, value, expected) in table {
        let found = find(pattern, value);
        let places: Vec<_> = match &found {
            Some((whole, captures)) => {
                assert_eq!(captures.get(0).as_ref(), Some(whole), "{pattern}");
                (0..expected.len().max(1)).map(|group| captures.get(group)).collect()
            }
            None => Vec::new(),
        };
        assert_eq!(places, *expected, "{pattern} on {}", value.escape_ascii());
    }
}

#[test]
fn faulty_patterns_say_where_and_why() {
    for (pattern, at, why) in [
        ("a)", 1, "this ) closes nothing: write \\)"),
        ("b(a", 1, "this ( has no )"),
        ("b[a", 1, "this [ has no ]"),
        ("a|*", 2, "there is nothing to repeat: write it with a \\"),
        ("a{3,2}", 1, "write {n,m} with n at most m and both at most 65535"),
        ("a\\", 2, "a \\ ends the pattern: write \\\\"),
        ("\\y", 1, "this letter means nothing after a \\"),
        ("[z-a]", 2, "this range runs backwards"),
        ("[\\d-z]", 3, "a dash beside \\d or [:digit:] and their like is no range: put it last or write \\-"),
        ("[[:letter:]]", 1, "no POSIX class has this name"),
        ("\\pL", 1, "Unicode properties are not known here: bytes are bytes"),
        ("\\x{100}", 6, "this number is no byte: 255 is the last"),
        ("(a)\\2", 5, "there is no group of this number"),
        ("(?#()(b)\\2", 10, "there is no group of this number"),
        ("(?<>a)\\k<", 9, "this name has no end"),
        ("\\k<n>", 3, "no group before has this name"),
        ("(?<=a+)b", 0, "what is looked for behind must have a fixed length"),
        ("(?(1)a)", 0, "groups of this kind are not known here"),
        ("(?R)", 0, "groups of this kind are not known here"),
        ("(*FAIL)", 0, "verbs are not known here"),
        ("(?J)a", 0, "groups of this kind are not known here"),
        ("(?n)a", 2, "of the flags, only i, m, s and x are known here"),
        ("(?:a{60000}){60000}", 0, "it is too large once compiled"),
        ("(?=(?:a{60000}){60000})", 0, "its repetitions make it too large"),
    ] {
        let Err(OperatorError::Pattern { at: found_at, why: found }) = Pattern::compile(pattern) else {
            panic!("{pattern} was taken")
        };
        assert_eq!((found_at, found.as_str()), (at, why), "{pattern}");
    }
    assert!(Pattern::compile(&"(".repeat(100_000)).is_err());
}

#[test]
fn gates_are_what_a_pattern_cannot_do_without() {
    let any_of = |literals: &[&str]| Gate::any_of(literals.iter().map(|literal| literal.as_bytes().to_vec()));
    for (pattern, gate) in [
        ("(?i)select.+from", any_of(&["select"])),
        ("(?i)\\b(?:union|insert)\\s+\\w", any_of(&["union", "insert"])),
        ("[?&]cmd=(?:ls|cat)\\b", any_of(&["&cmd=", "?cmd="])),
        ("\\w+://\\w+", any_of(&["://"])),
        ("x?yz{3}(?:ab|cd)*", any_of(&["yzzz"])),
        ("(?:a|b)?<(?:script|img)", any_of(&["<script", "<img"])),
        ("ba+$|ba+c", any_of(&["ba"])),
        ("\\w+=<!--|\\w+=<\\?", any_of(&["=<!--", "=<?"])),
        ("a(?=b)", Gate::Always),
        ("(\\w+)<!--\\1", any_of(&["<!--"])),
        ("(?:aa|bb|)", Gate::Always),
        ("[a-z]+", Gate::Always),
        ("^$", Gate::Always),
        ("[^\\x00-\\xff]", Gate::Never),
    ] {
        assert_eq!(*Pattern::compile(pattern).unwrap().gate(), gate, "{pattern}");
    }
}

/// Repetitions over each other cost PCRE exponential time; here each byte costs the same, or the steps run out.
#[test]
fn hostile_input_is_bounded() {
    let value = [b"a".repeat(20_000), b"!".to_vec()].concat();
    assert!(find("(?:a+)+$", &value).is_none());
    assert!(find("(?:(?:a|a)+)+(?=b)", &value).is_none());
    assert!(find("(a*)*\\1b", &value).is_none());
}

/// Patterns over a few signs, made of parts that both ways of running know.
fn patterns() -> impl Strategy<Value = String> {
    const SIGNS: &[&str] = &[
        "a", "b", "ab", "=", "\\n", "[ab]", "[^a]", "(?i:A)", "\\w", "\\W", ".", "\\b", "\\B", "^", "$", "\\A", "\\z",
    ];
    prop::sample::select(SIGNS).prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let choices = (inner.clone(), inner.clone());
        let group = inner.clone().prop_map(|pattern| format!("(?:{pattern})"));
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|choices| format!("(?:{})", choices.join("|"))),
            (inner, choices).prop_map(|(first, rest)| format!("(?:{first}{}|{first}{})", rest.0, rest.1)),
            (group, prop::sample::select(&["?", "??", "{2}", "{1,3}", "+", "*", "+?"][..]))
                .prop_map(|(group, times)| format!("{group}{times}")),
        ]
    })
}

fn values() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"aabbAB=\n ".to_vec()), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Two independent ways of running a pattern agree on whether it matches and where that starts.
    #[test]
    fn both_ways_of_running_agree(pattern in patterns(), value in values()) {
        let parsed = parse::parse(pattern.as_bytes()).unwrap();
        prop_assert!(lower::lower(&parsed.node).exact);
        let program = Program::of(&parsed.node, parsed.groups).unwrap();
        let mut run = program.run(&value);
        let start = (0..=value.len()).find(|start| run.match_at(*start).is_some());
        prop_assume!(!run.is_spent());
        prop_assert_eq!(find(&pattern, &value).map(|(found, _)| found.start), start, "{}", pattern);
    }

    #[test]
    fn whatever_matches_passes_the_gate(pattern in patterns(), value in values()) {
        let compiled = Pattern::compile(&pattern).unwrap();
        if compiled.find_from(&value, 0, None).is_some() {
            let lowercased = value.to_ascii_lowercase();
            let passes = match compiled.gate() {
                Gate::Always => true,
                Gate::Never => false,
                Gate::AnyOf(literals) => {
                    literals.iter().any(|literal| memchr::memmem::find(&lowercased, literal).is_some())
                }
            };
            prop_assert!(passes, "{} {:?}", pattern, compiled.gate());
            prop_assert!(compiled.guard().lets_pass(&value, Kinds::of(&value)), "{} {:?}", pattern, compiled.guard());
        }
    }

    #[test]
    fn any_text_is_a_pattern_or_an_error(
        pattern in "([a-c0-9]|[\\[\\](){}|*+?^$.\\\\:<>=!-]|\\(\\?|\\\\[a-zA-Z0-9]|\\[:alpha:]|\\(\\?<?[=!]|é){0,16}",
        value in values(),
    ) {
        if let Ok(pattern) = Pattern::compile(&pattern) {
            pattern.find_from(&value, 0, Some(&mut Captures::default()));
        }
    }
}

/// Each with a value that has all that the guard asks for, and those that lack something.
#[test]
fn guards_keep_out_what_cannot_match() {
    for (pattern, passes, kept_out) in [
        ("^['\"]?(?:ls|pwd|id)$", "'pwd", &["xls", "listing", "-id"][..]),
        ("^(?:ab|c(?:de){1,2}|f?)$", "cdede", &["abc", "cd", "cdedede", "de", "ff"]),
        (r"\d{4}[ -]\d{4}", "1234 5678", &["12345678", "1234-567", "a b-c def"]),
        (r"(?:^\w|\W)(?:[;|&]|\$\()", "a;", &["abc", ";"]),
        ("(?i)a(?:b?<|c{2,}>)", "AB<", &["ab", "<"]),
    ] {
        let pattern = Pattern::compile(pattern).unwrap();
        let lets_pass = |value: &str| pattern.guard().lets_pass(value.as_bytes(), Kinds::of(value.as_bytes()));
        assert!(lets_pass(passes) && lets_pass(&passes.to_ascii_uppercase()), "{passes}");
        for value in kept_out {
            assert!(!lets_pass(value), "{value} {:?}", pattern.guard());
        }
    }
    // A line's end may be followed by what matches.
    let pattern = Pattern::compile("^ab$").unwrap();
    assert!(pattern.guard().lets_pass(b"xyz\nab", Kinds::of(b"xyz\nab")));
}
