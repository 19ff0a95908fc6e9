//! The normal form reads to the same rules, and no bytes make the parser panic.

use super::*;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

/// The set without what another text changes: places, sources, and what was listed.
pub(super) fn bare(mut set: RuleSet) -> RuleSet {
    let nowhere = Place { file: Arc::from(""), line: 0 };
    for item in &mut set.items {
        match item {
            Item::Marker { place, .. } => *place = nowhere.clone(),
            Item::Rule(rule) => {
                for link in &mut rule.links {
                    link.place = nowhere.clone();
                    link.source = "".into();
                }
            }
        }
    }
    RuleSet { remarks: Vec::new(), removed: Vec::new(), ..set }
}

fn assert_round_trip(set: RuleSet) {
    let text = set.to_string();
    let again = RuleSet::parse("again", text.as_bytes()).unwrap_or_else(|faults| panic!("{faults}\nof {text}"));
    assert_eq!(bare(again), bare(set), "{text}");
}

/// Texts with every sign that means something somewhere.
fn nasty() -> impl Strategy<Value = String> {
    let parts = select(vec![
        "a",
        "B7",
        " ",
        "\t",
        "'",
        "\"",
        "\\",
        "\\\\",
        "\\'",
        "\\\"",
        ",",
        "|",
        ":",
        ".",
        "=",
        "+",
        "-",
        "!",
        "&",
        "/",
        "@",
        "#",
        "%",
        "%{",
        "}",
        "%{tx.a}",
        "%{rule.id}",
        "%{request_uri}",
        "\\%{",
        "%{2}",
        "ä",
        "\r",
        ";",
        "*",
        "(",
        ")",
        "[",
    ]);
    prop::collection::vec(parts, 0..6).prop_map(|parts| parts.concat())
}

fn variable() -> impl Strategy<Value = String> {
    let name = select(vec!["ARGS", "tx", "REQUEST_HEADERS", "REQUEST_URI", "XML"]);
    let key = prop_oneof![
        Just(String::new()),
        nasty().prop_map(|key| format!(":{key}")),
        nasty().prop_map(|key| format!(":'{key}'")),
        nasty().prop_map(|key| format!(":/{key}/")),
        nasty().prop_map(|key| format!(":'/{key}/'")),
    ];
    (select(vec!["", "&", "!"]), name, key).prop_map(|(modifier, name, key)| format!("{modifier}{name}{key}"))
}

fn operator() -> impl Strategy<Value = String> {
    let names = select(vec!["", "@rx ", "!@pm ", "@streq ", "@detectXSS", "@eq ", "! @within  "]);
    (names, nasty()).prop_map(|(name, argument)| format!("{name}{argument}"))
}

fn action() -> impl Strategy<Value = String> {
    let valued = select(vec![
        "msg",
        "logdata",
        "tag",
        "ver",
        "rev",
        "skipAfter",
        "setvar",
        "setvar:tx.",
        "setvar:!tx.",
        "expirevar:ip.",
        "ctl",
        "ctl:ruleRemoveTargetByTag=",
        "ctl:ruleRemoveByTag=",
        "ctl:auditEngine=",
        "redirect",
        "initcol",
        "exec",
        "maturity",
    ]);
    let plain = select(vec![
        "pass",
        "deny",
        "block",
        "nolog",
        "log",
        "auditlog",
        "capture",
        "multiMatch",
        "t:none",
        "t:lowercase",
        "severity:2",
        "status:403",
        "skip:3",
        "allow:phase",
        "ctl:ruleRemoveById=1-2",
        "setvar:tx.a=+%{tx.b}",
        "expirevar:'tx.a=%{tx.b}'",
        "phase:2",
        "ctl:ruleRemoveTargetById=1;ARGS:'/a|b/'",
        "proxy",
        "setvar:'ip.%{tx.a}_b=c d'",
    ]);
    prop_oneof![
        plain.prop_map(str::to_owned),
        (valued, nasty(), any::<bool>()).prop_map(|(name, value, quoted)| {
            let (name, head) = name.split_once(':').unwrap_or((name, ""));
            if quoted { format!("{name}:'{head}{value}'") } else { format!("{name}:{head}{value}") }
        }),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let rule = (prop::collection::vec(variable(), 1..3), operator(), prop::collection::vec(action(), 0..4), 0..4_u8);
    let rule = rule.prop_map(|(variables, operator, actions, kind)| {
        let variables = variables.join("|");
        let actions: String = actions.iter().map(|action| format!(",{action}")).collect();
        match kind {
            0 => format!(
                "SecRule {variables} \"{operator}\" \"id:ID{actions},chain\"\nSecRule ARGS \"@rx a\" \"t:none\""
            ),
            1 => format!("SecRule ARGS a \"id:ID,chain\"\nSecRule {variables} \"{operator}\" \"t:trim{actions}\""),
            2 => format!("SecAction \"id:ID{actions}\""),
            _ => format!("SecRule \"{variables}\" {operator} \"id:ID{actions}\""),
        }
    });
    let other = select(vec![
        "SecMarker \"a b\"",
        "SecRuleEngine Off",
        "SecDefaultAction \"phase:1,deny,t:length,nolog\"",
        "SecComponentSignature \"x y\"",
        "SecRuleUpdateTargetById 1 \"!ARGS:'x|y'\"",
        "SecArgumentSeparator \"\\\"\"",
        "SecRuleUpdateActionById 1 \"msg:'a\\'b',deny,t:none,t:trim\"",
        "SecRuleRemoveById 2",
    ]);
    let lines = prop::collection::vec(prop_oneof![4 => rule, 1 => other.prop_map(str::to_owned)], 1..3);
    lines.prop_map(|lines| {
        let numbered = lines.iter().enumerate().map(|(at, line)| line.replace("ID", &(at + 1).to_string()));
        numbered.collect::<Vec<_>>().join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_is_read_is_printed_so_that_it_reads_the_same(text in text()) {
        if let Ok(set) = RuleSet::parse("t", text.as_bytes()) {
            assert_round_trip(set);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(Sec(Rule|Action|Marker|DefaultAction|RuleUpdateTargetById)[ \\\\\"',:|a-z%{}/\n\r\t]{0,30}\n?){0,5}") {
        let _ = RuleSet::parse("t", text.as_bytes()).map(assert_round_trip);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = RuleSet::parse("t", &bytes).map(assert_round_trip);
    }
}

#[test]
fn the_generated_texts_are_often_read() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let read = (0..1000).filter(|_| {
        let text = text().new_tree(&mut runner).unwrap().current();
        RuleSet::parse("t", text.as_bytes()).is_ok()
    });
    let read = read.count();
    assert!(read > 150, "{read} of 1000");
}
