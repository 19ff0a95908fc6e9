//! `@detectSQLi` and `@detectXSS` judge as libmodsecurity's do, whose libinjection is the C code that ours is ported from.

use crate::support::modsecurity::{ModSecurity, Request};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tidegate::waf::libinjection::{sqli, xss};

const VALUES: usize = 10_000;

/// What statements are made of, and what tokenizers stumble on.
const SQL: &[&str] = &[
    "'",
    "\"",
    "`",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ".",
    "1",
    "0x1f",
    "0x",
    "0b1",
    "1e5",
    "1e",
    ".5",
    "1f",
    "@",
    "@@",
    "@`",
    "--",
    "-- ",
    "#",
    "/*",
    "*/",
    "/*!",
    "\n",
    " ",
    "\t",
    "\0",
    "\\",
    "\\N",
    "$",
    "$$",
    "$a$",
    "$1,0",
    "q'(",
    ")'",
    "nq'<",
    ">'",
    "x'1f'",
    "b'01'",
    "e'",
    "n'",
    "u&'",
    "foo",
    "foo_bar",
    "a.b",
    "``",
    "::",
    "<=>",
    "!!",
    ":",
    "||",
    "&&",
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "<",
    "!",
    "~",
    "sp_password",
    "user",
    "user(",
    "in",
    "in(",
    "not ",
    "like",
    "collate",
    "into",
    "outfile",
    "if(",
    "union",
    "all",
    "select",
    "and",
    "or",
    "group by",
    "having",
    "int",
    "null",
    "sleep",
    "from",
    "case",
    "when",
    "drop",
    "table",
    "declare",
    "waitfor",
    "delay",
    "true",
    "\u{e9}",
    "?",
];

/// The same of HTML.
const HTML: &[&str] = &[
    "<",
    ">",
    "/",
    "/>",
    "</",
    "<!",
    "<!--",
    "-->",
    "-!>",
    "-",
    "<?",
    "<%",
    "%>",
    "<![CDATA[",
    "]]>",
    "<!doctype",
    "'",
    "\"",
    "`",
    "=",
    " ",
    "\0",
    "\n",
    "a",
    "<a",
    "</a",
    "<script",
    "<svg",
    "<x\0ml",
    "<xsl",
    "href=",
    "src",
    "onload=",
    "on",
    "style=",
    "xmlns",
    "xlink:href=",
    "attributename=",
    "to=",
    "java",
    "javascript:",
    "&#106;ava",
    "&#x6a;ava",
    "&#",
    "&#x",
    "&#0;",
    "&#x16A;",
    "&#99999999;",
    "&#10;",
    "data:",
    "vbscript:",
    "[if",
    "xml",
    "import",
    "en\0tity",
    "\u{7f}",
    "!",
];

fn value() -> impl Strategy<Value = Vec<u8>> {
    let of = |words: &'static [&'static str]| {
        let word = select(words).prop_map(|word| word.as_bytes().to_vec());
        let space = Just(b" ".to_vec());
        vec(prop_oneof![8 => word, 2 => space, 1 => vec(any::<u8>(), 1..3)], 1..14)
    };
    prop_oneof![2 => of(SQL), 1 => of(HTML)].prop_map(|words| words.concat())
}

#[test]
fn detect_sqli_and_detect_xss_judge_alike() {
    let Some(modsecurity) = ModSecurity::new() else { return };
    let modsecurity = modsecurity.rules(
        r#"
SecRule ARGS:a "@detectSQLi" "id:1,phase:2,pass,log,t:none"
SecRule ARGS:a "@detectXSS" "id:2,phase:2,pass,log,t:none"
"#,
    );
    let mut runner = TestRunner::deterministic();
    let values: Vec<Vec<u8>> = (0..VALUES).map(|_| value().new_tree(&mut runner).unwrap().current()).collect();
    let encode = |value: &[u8]| value.iter().fold("/?a=".to_owned(), |uri, byte| uri + &format!("%{byte:02x}"));
    let uris: Vec<String> = values.iter().map(|value| encode(value)).collect();
    let request = |uri| Request { method: "GET", uri, host: "h", user_agent: None, referer: None };
    let requests: Vec<Request<'_>> = uris.iter().map(|uri| request(uri)).collect();

    let (mut of_sql, mut of_html) = (0, 0);
    for (value, ids) in values.iter().zip(modsecurity.matches(&requests)) {
        assert_eq!(
            (sqli(value).is_some(), xss(value)),
            (ids.contains(&1), ids.contains(&2)),
            "{}",
            value.escape_ascii()
        );
        of_sql += usize::from(ids.contains(&1));
        of_html += usize::from(ids.contains(&2));
    }
    // Values that are never an injection would compare nothing.
    assert!(of_sql > VALUES / 100 && of_html > VALUES / 100, "{of_sql} and {of_html} of {VALUES}");
}
