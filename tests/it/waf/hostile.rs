//! Lines made to break the engine: it takes any bytes, and says the same in each of its forms.

use std::sync::LazyLock;

use proptest::prelude::*;
use tidegate::waf::engine::{Engine, Options};
use tidegate::waf::seclang::{RuleSet, Source};
use tidegate::waf::variables::{Field, Request};

use super::cases::{SIGNALS, ours};

/// Rules that use what ours don't.
const RULES: &str = r#"
SecAction "id:1,phase:1,nolog,pass,setvar:tx.n=0,setvar:tx.host=%{REQUEST_HEADERS.Host}"
SecRule ARGS|ARGS_NAMES|!ARGS:/^a/ "@rx (\w)(.)(\W?)" "id:2,phase:2,log,pass,capture,multiMatch,t:none,t:urlDecodeUni,t:cssDecode,t:jsDecode,t:lowercase,setvar:tx.n=+1,setvar:tx.%{tx.1}=%{tx.2},logdata:'%{tx.0} %{MATCHED_VAR_NAME}'"
SecRule REQUEST_URI_RAW "@rx (a|b|ab)*?(?=c)" "id:3,phase:2,log,pass,t:none,t:base64DecodeExt,t:utf8toUnicode"
SecRule TX:/./ "!@streq %{tx.host}" "id:4,phase:2,log,pass,chain"
    SecRule MATCHED_VARS "@within %{ARGS.a} x" "capture"
SecRule &ARGS "@gt %{tx.n}" "id:5,phase:2,log,pass,skip:1"
SecRule REQUEST_HEADERS|REQUEST_LINE "!@validateByteRange 32-126" "id:6,phase:2,log,pass,t:none,t:hexDecode"
SecRule REQUEST_BASENAME "@detectXSS" "id:7,phase:2,log,pass,t:none,t:htmlEntityDecode,t:removeComments,t:normalisePathWin"
SecRule ARGS "@detectSQLi" "id:8,phase:2,log,pass,capture,t:none,t:sqlHexDecode,logdata:'%{tx.0}',ctl:ruleRemoveTargetById=2;ARGS:b"
SecRule TIME_HOUR|DURATION "@ge 1" "id:9,phase:2,log,pass"
"#;

static ENGINES: LazyLock<[Engine; 2]> = LazyLock::new(|| {
    let odd = RuleSet::load(&[Source::Text { name: "odd".to_owned(), text: RULES.into() }]);
    let odd = odd.unwrap_or_else(|faults| panic!("{faults}"));
    let options = Options { signals: &SIGNALS, ..Options::default() };
    [odd, ours()].map(|rules| Engine::compile(&rules, &options).unwrap_or_else(|unusable| panic!("{unusable:?}")))
});

/// What rules look for, in pieces.
const PIECES: &[&[u8]] = &[
    b"a",
    b"b",
    b"=",
    b"&",
    b"&&",
    b"?",
    b"#",
    b"%",
    b"%25",
    b"%2",
    b"%00",
    b"%u0027",
    b"+",
    b"/",
    b"//",
    b"../",
    b"..%2f",
    b"\\",
    b"'",
    b"\"",
    b"`",
    b"(",
    b")",
    b"<",
    b">",
    b"<script",
    b"onload=",
    b"javascript:",
    b"union ",
    b"select ",
    b"or 1=1",
    b"--",
    b"/*",
    b"*/",
    b"/*!",
    b"{",
    b"}",
    b"${jndi:",
    b"{{7*7}}",
    b"&#x3c;",
    b"&lt",
    b";id",
    b"|ls",
    b"$(",
    b"http://",
    b"@",
    b":",
    b"127.0.0.1",
    b"169.254.169.254",
    b".php",
    b"\0",
    b"\xff",
    b"\xc0\xaf",
    b"\n",
    b"4111 1111 1111 1111",
    b"DE89370400440532013000",
    b"0x41",
    b"aHR0cDo",
    b"\xe2\x80\xa8",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => (prop::sample::select(PIECES), 1..200_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn field() -> impl Strategy<Value = Option<Option<Vec<u8>>>> {
    prop::option::of(prop::option::of(bytes()))
}

fn logged(field: &Option<Option<Vec<u8>>>) -> Field<'_> {
    field.as_ref().map_or(Field::NotLogged, |value| Field::logged(value.as_deref()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_line_is_judged_alike_in_each_form(
        method in prop_oneof![Just(b"GET".to_vec()), Just(b"CONNECT".to_vec()), bytes()],
        start in prop::sample::select(vec!["", "/", "/?", "http://h.test/", "https://u:p@[::1]:8080/a?b=", "h.test:443"]),
        rest in bytes(),
        headers in [field(), field(), field()],
        signal in prop::option::of(bytes()),
        times in any::<(Option<i64>, Option<i64>)>(),
    ) {
        let uri = [start.as_bytes(), &rest].concat();
        let signals = [signal.as_deref(), None, signal.as_deref()];
        let request = Request {
            method: &method,
            uri: &uri,
            protocol: logged(&headers[0]),
            host: logged(&headers[0]),
            user_agent: logged(&headers[1]),
            referer: logged(&headers[2]),
            client: Field::Is(b"::1"),
            time: times.0,
            duration_ms: times.1,
            signals: &signals,
        };
        for engine in &*ENGINES {
            let mut scratch = engine.scratch();
            let score = engine.score(&request, &mut scratch);
            let ids = scratch.ids().to_vec();
            let explanation = engine.explain(&request, &mut scratch);
            let verdict = engine.judge(&request, &mut scratch);
            prop_assert_eq!(&verdict, &explanation.verdict);
            prop_assert_eq!((score.points, score.severity), (verdict.score, verdict.severity));
            prop_assert_eq!(ids, verdict.matches.iter().map(|found| found.id).collect::<Vec<_>>());
            prop_assert_eq!(explanation.steps.len(), verdict.matches.len());
            for (found, steps) in verdict.matches.iter().zip(&explanation.steps) {
                prop_assert!(found.value.get(found.fragment.clone()).is_some(), "{:?}", found);
                prop_assert!(steps.last().is_none_or(|last| last.value == found.value), "{:?} {:?}", found, steps);
            }
            // What was remembered of values changes nothing.
            prop_assert_eq!(engine.score(&request, &mut scratch), score);
        }
    }
}
