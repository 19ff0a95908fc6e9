//! Transformations and operators against libmodsecurity's, value by value: they must rewrite and match the same.

use std::fmt::Write;

use tidegate::waf::operators::Operator;
use tidegate::waf::transformations::{TRANSFORMATIONS, Transformation};

use crate::support::modsecurity::{ModSecurity, Request};

const VALUES: usize = 400;

/// What transformations act on and operators look for.
const PIECES: &[&[u8]] = &[
    b"%",
    b"%41",
    b"%u0041",
    b"%uff1c",
    b"%2",
    b"\\",
    b"\\x41",
    b"\\u0041",
    b"\\uFF1C",
    b"\\101",
    b"\\n",
    b"\\ff41 ",
    b"0x",
    b"0X4142",
    b"&",
    b"&#65",
    b"&#x41;",
    b"&lt",
    b"&quot;",
    b"amp;",
    b";",
    b"/",
    b"//",
    b"/./",
    b"/../",
    b"..",
    b".",
    b"/*",
    b"*/",
    b"<!--",
    b"-->",
    b"--",
    b"#",
    b" ",
    b"\t",
    b"\x0b",
    b"\n",
    b"\r\n",
    b"\0",
    b"+",
    b"=",
    b"9",
    b"a",
    b"F",
    b"(",
    b",",
    b"^",
    b"\"",
    b"'",
    b"Z",
    b"\xc2\xa0",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xe2\x82\xac",
    b"\xf0\x9f\x98\x80",
    b"\xf5",
    b"\xed\xa0\x80",
    b"\xff",
    b"VGVzdA",
    b"VGVzdA==",
    b"select",
    b"UNION",
    b"1",
    b"ab",
];

/// Operators and arguments whose matches are compared.
const OPERATORS: &[(&str, &str)] = &[
    ("beginsWith", "ab"),
    ("contains", "/../"),
    ("containsWord", "select"),
    ("containsWord", "a"),
    ("endsWith", "1"),
    ("eq", "1"),
    ("ge", "9"),
    ("gt", "0"),
    ("le", "0"),
    ("lt", "1"),
    ("noMatch", ""),
    ("pm", "select union /* 0x"),
    ("streq", "a"),
    ("strmatch", "<!--"),
    ("unconditionalMatch", ""),
    ("validateByteRange", "1-255"),
    ("validateByteRange", "9,10,13,32-126,128-255"),
    ("validateUrlEncoding", ""),
    ("validateUtf8Encoding", ""),
    ("within", "ab select 1"),
    ("rx", "(?i)union|SELECT"),
    ("rx", "^[^\\s\\w]+$"),
    ("rx", "^a*$"),
    ("rx", "a.\\n^"),
    ("rx", "[[:punct:]]{3}\\b"),
    ("rx", "\\W{4}(?-s).+"),
    ("rx", "\\h\\v*[\\d-]"),
    ("rx", "(?:a|ab)++[^b]"),
    ("rx", "(?>\\W+)\\W?1"),
    ("rx", "(?i)(a|[\\w]{2}).*?\\1$"),
    ("rx", "<(?!!)|&(?=#)|(?<![/.])\\.(?<=a.|;.)"),
    ("rx", "\\xc0|\\342\\x{82}|\\Q..\\E+\\Z"),
];

#[test]
fn transformations_rewrite_as_libmodsecurity_does() {
    let Some(modsecurity) = ModSecurity::new() else { return };
    let known: Vec<_> = TRANSFORMATIONS.iter().filter(|known| known.name != "overlongUtf8Decode").collect();
    let rules = known.iter().zip(1..).fold(String::new(), |mut rules, (Transformation { name, .. }, id)| {
        let argument = format!("@streq %{{ARGS.t{id}}}");
        writeln!(rules, "SecRule ARGS:x \"{argument}\" \"id:{id},phase:2,pass,log,t:none,t:{name},t:hexEncode\"")
            .unwrap();
        rules
    });
    let values = values();
    let uris: Vec<_> = values
        .iter()
        .map(|value| {
            known.iter().zip(1..).fold(format!("/?x={}", percent_encoded(value)), |mut uri, (transformation, id)| {
                let mut out = Vec::new();
                transformation.apply(value, &mut out);
                write!(uri, "&t{id}={}", hexadecimal(&out)).unwrap();
                uri
            })
        })
        .collect();
    let mut wrong = Vec::new();
    for (ids, value) in modsecurity.rules(&rules).matches(&requests(&uris)).iter().zip(&values) {
        let missed = known.iter().zip(1_u32..).filter(|(_, id)| !ids.contains(id)).map(|(known, _)| known.name);
        wrong.extend(missed.map(|name| format!("{name} of {}", value.escape_ascii())));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn operators_match_what_libmodsecurity_matches() {
    let Some(modsecurity) = ModSecurity::new() else { return };
    let rules = OPERATORS.iter().zip(1..).fold(String::new(), |mut rules, ((name, argument), id)| {
        let operator = format!("@{name} {argument}");
        writeln!(rules, "SecRule ARGS:x \"{}\" \"id:{id},phase:2,pass,log,t:none\"", operator.trim_end()).unwrap();
        rules
    });
    let files = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let compiled = |(name, argument): &(&str, &str)| Operator::compile(name, argument, &files).unwrap();
    let operators: Vec<_> = OPERATORS.iter().map(compiled).collect();
    let values = values();
    let uris: Vec<_> = values.iter().map(|value| format!("/?x={}", percent_encoded(value))).collect();
    let mut wrong = Vec::new();
    for (ids, value) in modsecurity.rules(&rules).matches(&requests(&uris)).iter().zip(&values) {
        for (operator, id) in operators.iter().zip(1..) {
            let (ours, theirs) = (operator.matches(value, None).is_some(), ids.contains(&id));
            if ours != theirs {
                wrong.push(format!("{operator:?} on {}: {ours}, theirs {theirs}", value.escape_ascii()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same at each run: up to seven pieces, most of them from a few, so that they meet.
fn values() -> Vec<Vec<u8>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % bound
    };
    let mut value = |_| {
        let few: [&[u8]; 4] = std::array::from_fn(|_| PIECES[below(PIECES.len())]);
        let mut value = Vec::new();
        for _ in 0..below(8) {
            value.extend(if below(3) == 0 { PIECES[below(PIECES.len())] } else { few[below(few.len())] });
        }
        value
    };
    (0..VALUES).map(&mut value).collect()
}

fn requests(uris: &[String]) -> Vec<Request<'_>> {
    let request = |uri| Request { method: "GET", uri, host: "h", user_agent: None, referer: None };
    uris.iter().map(|uri| request(uri)).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn percent_encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
}
