//! Rules switched off and narrowed as people do it who write SecLang, for all hosts or for one: the engine and
//! libmodsecurity make the same of it.

use tidegate::waf::engine::{Engine, Options};
use tidegate::waf::seclang::{RuleSet, Source};
use tidegate::waf::variables::{Field, Request};

use crate::support::modsecurity::{self, ModSecurity};

/// The rules to be tuned.
const RULES: &str = r#"
SecRule ARGS "@contains select" "id:10,phase:2,log,pass,tag:'attack-sqli',msg:'sql'"
SecRule ARGS|ARGS_NAMES "@contains script" "id:20,phase:2,log,pass,tag:'attack-xss',tag:'web'"
SecRule REQUEST_FILENAME "@beginsWith /admin" "id:30,phase:2,log,pass,tag:'web'"
"#;

/// What stands before the rules, what stands behind, and the ids on the tuned host and on another one.
const TUNED: &[(&str, &str, &[u32], &[u32])] = &[
    ("", "", &[10, 20, 30], &[10, 20, 30]),
    // On one host, or below one path.
    (HOST_10, "", &[20, 30], &[10, 20, 30]),
    (
        r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:1,nolog,pass,ctl:ruleRemoveById=15-25""#,
        "",
        &[10, 30],
        &[10, 20, 30],
    ),
    (
        r#"SecRule REQUEST_HEADERS:Host "@rx ^shop\." "id:1,phase:1,nolog,pass,ctl:ruleRemoveByTag=web""#,
        "",
        &[10],
        &[10, 20, 30],
    ),
    (
        r#"SecRule SERVER_NAME "@streq shop.test" "id:1,phase:2,nolog,pass,ctl:ruleRemoveTargetById=10;ARGS:q""#,
        "",
        &[20, 30],
        &[10, 20, 30],
    ),
    (
        r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:1,nolog,pass,ctl:ruleRemoveTargetById=10;ARGS:note""#,
        "",
        &[10, 20, 30],
        &[10, 20, 30],
    ),
    (
        r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:1,nolog,pass,ctl:ruleRemoveTargetByTag=attack-xss;ARGS""#,
        "",
        &[10, 30],
        &[10, 20, 30],
    ),
    (
        r#"
SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:1,nolog,pass,chain"
    SecRule REQUEST_FILENAME "@beginsWith /admin" "ctl:ruleRemoveById=30"
"#,
        "",
        &[10, 20],
        &[10, 20, 30],
    ),
    (
        r#"SecRule REQUEST_HEADERS:Host "@pm shop.test" "id:1,phase:1,nolog,pass,ctl:ruleEngine=Off""#,
        "",
        &[],
        &[10, 20, 30],
    ),
    (
        r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:2,nolog,pass,skipAfter:END""#,
        "SecMarker END",
        &[],
        &[10, 20, 30],
    ),
    // What stands behind a rule is too late for it.
    ("", HOST_10, &[20, 30], &[10, 20, 30]),
    (
        "",
        r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:2,nolog,pass,ctl:ruleRemoveById=10""#,
        &[10, 20, 30],
        &[10, 20, 30],
    ),
    // On all hosts.
    ("", "SecRuleRemoveById 10 20-25", &[30], &[30]),
    ("", "SecRuleRemoveByTag web", &[10], &[10]),
    ("", r#"SecRuleRemoveByMsg "sql""#, &[20, 30], &[20, 30]),
    ("", r#"SecRuleUpdateTargetById 10 "!ARGS:q""#, &[20, 30], &[20, 30]),
    ("", r#"SecRuleUpdateTargetById 20 "!ARGS:/^no/""#, &[10, 30], &[10, 30]),
    ("", r#"SecRuleUpdateTargetByTag web "!ARGS""#, &[10, 30], &[10, 30]),
    ("SecRuleEngine DetectionOnly", "", &[10, 20, 30], &[10, 20, 30]),
];

/// In phase 1, which is before all of phase 2, wherever it stands.
const HOST_10: &str =
    r#"SecRule REQUEST_HEADERS:Host "@streq shop.test" "id:1,phase:1,nolog,pass,ctl:ruleRemoveById=10""#;

const URI: &str = "/admin?q=select&note=script";

#[test]
fn tuning_works_as_in_libmodsecurity() {
    for (before, behind, on_shop, elsewhere) in TUNED {
        let text = format!("{before}\n{RULES}\n{behind}\n");
        let source = Source::Text { name: "tuned".to_owned(), text: text.clone().into_bytes() };
        let rules = RuleSet::load(&[source]).unwrap_or_else(|faults| panic!("{faults}"));
        let engine = Engine::compile(&rules, &Options::default()).unwrap_or_else(|unusable| panic!("{unusable:?}"));
        let mut scratch = engine.scratch();
        let hosts = [("shop.test", *on_shop), ("other.test", *elsewhere)];
        for (host, expected) in hosts {
            let request = Request {
                method: b"GET",
                uri: URI.as_bytes(),
                protocol: Field::Is(b"HTTP/1.1"),
                host: Field::Is(host.as_bytes()),
                ..Request::default()
            };
            engine.score(&request, &mut scratch);
            assert_eq!(scratch.ids(), expected, "{host}: {text}");
        }
        if let Some(modsecurity) = ModSecurity::new() {
            let requests = hosts.map(|(host, _)| modsecurity::Request {
                method: "GET",
                uri: URI,
                host,
                user_agent: None,
                referer: None,
            });
            assert_eq!(modsecurity.rules(&text).matches(&requests), hosts.map(|(_, ids)| ids.to_vec()), "{text}");
        }
    }
}
