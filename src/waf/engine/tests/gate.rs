//! The plan leaves out no rule that matches: on any line, what all rules say that run is what all say that might.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::waf::seclang::Source;

/// What ours don't look at.
const RULES: &str = r#"
SecRule REQUEST_URI "@rx %u[0-9a-f]{4}|/etc" "id:1,phase:1,log,pass,t:none"
SecRule REQUEST_URI|REQUEST_LINE "@contains select" "id:2,phase:1,log,pass,t:none,t:urlDecodeUni"
SecRule REQUEST_HEADERS|REQUEST_BASENAME|QUERY_STRING "@pm select <script ../ 'or" "id:3,phase:2,log,pass,t:lowercase"
SecRule ARGS:a|ARGS_NAMES:/^b/|!ARGS:ab "@rx ." "id:4,phase:2,log,pass,chain"
    SecRule MATCHED_VAR|ARGS "@rx (?:union|%u|&lt)" "t:none,t:htmlEntityDecode,multiMatch"
SecRule ARGS|!ARGS:b "@endsWith SELECT" "id:5,phase:2,log,pass,t:none,t:uppercase"
SecRule REQUEST_FILENAME|ARGS_NAMES "@rx ^/?(?:etc|a{1,3}|select)$" "id:6,phase:2,log,pass,t:none,t:normalizePath,t:lowercase"
"#;

fn compiled() -> Engine {
    let ours = Source::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/waf-rules").to_owned());
    let more = Source::Text { name: "more".to_owned(), text: RULES.into() };
    let rules = RuleSet::load(&[ours, more]).unwrap();
    Engine::compile(&rules, &Options { signals: &["dga"], ..Options::default() }).unwrap()
}

/// As it is, and with no rule left out by the plan.
static ENGINES: LazyLock<[Engine; 2]> = LazyLock::new(|| [compiled(), compiled().without_plan()]);

const PIECES: &[&str] = &[
    "a",
    "b",
    "ab",
    "=",
    "&",
    "&&",
    "?",
    "#",
    "%",
    "%25",
    "%2",
    "%00",
    "%u0027",
    "%uff0e",
    "+",
    "/",
    "//",
    "../",
    "..%2f",
    "%2e%2e/",
    "\\",
    "'",
    "\"",
    "`",
    "(",
    ")",
    "<",
    "%3C",
    "script",
    "SCRIPT>",
    "onload=",
    "javascript:",
    "union ",
    "select",
    "Select ",
    "or 1=1",
    "'or",
    "--",
    "/*",
    "*/",
    "{",
    "}",
    "${jndi:",
    "{{7*7}}",
    "&#x3c;",
    "&lt",
    ";id",
    "|ls",
    "$(",
    "http://",
    "@",
    ":",
    "127.0.0.1",
    "169.254.169.254",
    ".php",
    "etc/passwd",
    "cmd=",
    "ls",
    "4111 1111 1111 1111",
    "DE89370400440532013000",
    "put",
    "_method=",
    ".exe",
    "~",
    "x",
    " ",
    "%20",
    "%0a",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_rule_that_matches_is_left_out(
        path in prop::collection::vec(prop::sample::select(PIECES), 0..6),
        query in prop::option::of(prop::collection::vec(prop::sample::select(PIECES), 0..14)),
        more in prop::option::weighted(0.1, (prop::sample::select(PIECES), 60..80_usize)),
        agent in prop::collection::vec(prop::sample::select(PIECES), 0..3),
        signal in any::<bool>(),
    ) {
        let query = query.map(|query| format!("?{}", query.concat())).unwrap_or_default();
        // More arguments than are told apart.
        let more = more.map(|(piece, times)| format!("?{}", format!("{piece}=a&").repeat(times))).unwrap_or_default();
        let uri = format!("/{}{more}{query}", path.concat());
        let agent = agent.concat();
        let request = Request {
            method: b"GET",
            uri: uri.as_bytes(),
            protocol: Field::Is(b"HTTP/1.1"),
            host: Field::Is(b"h.test"),
            user_agent: Field::Is(agent.as_bytes()),
            referer: Field::Is(b"http://h.test/?q=select"),
            signals: if signal { &[Some(b"1")] } else { &[] },
            ..Request::default()
        };
        let [planned, open] = &*ENGINES;
        prop_assert_eq!(ids(planned, &request), ids(open, &request), "{}", uri);
    }
}
