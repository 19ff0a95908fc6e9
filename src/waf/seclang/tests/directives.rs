//! What each directive and action reads to.

use super::*;

fn variables(list: &str) -> Vec<Variable> {
    let rule = rule(&format!("SecRule {list} \"@rx a\" id:1"));
    rule.links[0].condition.as_ref().unwrap().variables.clone()
}

#[test]
fn variables_have_modifiers_keys_and_regular_expressions() {
    let is = |modifier, collection, selector| Variable { modifier, collection, selector };
    let key = |key: &str| Selector::Key(key.into());
    let regex = |regex: &str| Selector::Regex(regex.into());
    use Modifier::{Count, Exclusion, Value};
    let cases: &[(&str, &[Variable])] = &[
        ("args|!ARGS:a", &[is(Value, "ARGS", Selector::All), is(Exclusion, "ARGS", key("a"))]),
        ("&REQUEST_HEADERS:Host", &[is(Count, "REQUEST_HEADERS", key("Host"))]),
        ("ARGS.a,TX:b", &[is(Value, "ARGS", key("a")), is(Value, "TX", key("b"))]),
        ("TX:/^score_\\d/|IP", &[is(Value, "TX", regex("^score_\\d")), is(Value, "IP", Selector::All)]),
        ("ARGS:'/a|b,c/'|TX", &[is(Value, "ARGS", regex("a|b,c")), is(Value, "TX", Selector::All)]),
        ("ARGS:/a{1,2}/", &[is(Value, "ARGS", regex("a{1,2}"))]),
        ("\"ARGS:'x|y'|REQUEST_URI\"", &[is(Value, "ARGS", key("x|y")), is(Value, "REQUEST_URI", Selector::All)]),
        ("XML:/*|XML://@*", &[is(Value, "XML", key("/*")), is(Value, "XML", key("//@*"))]),
        ("XML:/a/text()", &[is(Value, "XML", key("/a/text()"))]),
        ("ARGS:body[0][value]", &[is(Value, "ARGS", key("body[0][value]"))]),
    ];
    for (list, want) in cases {
        assert_eq!(variables(list), *want, "{list}");
    }
}

#[test]
fn operators_have_names_and_arguments_as_written() {
    let text = |text: &str| vec![Piece::Text(text.into())];
    let of = |collection, key: Option<&str>| Piece::Macro { collection, key: key.map(Into::into) };
    let cases: &[(&str, bool, &str, Vec<Piece>)] = &[
        ("\"@rx ^a\\\"b\\\\\"", false, "rx", text("^a\"b\\\\")),
        ("\"!@PMF  a b.data \"", true, "pmf", text(" a b.data ")),
        ("\"! @eq 0\"", true, "eq", text("0")),
        ("@ge 5", false, "ge", text("5")),
        ("\"^(?:a b)$\"", false, "rx", text("^(?:a b)$")),
        ("\"!a\"", true, "rx", text("a")),
        ("\"@\\w\"", false, "rx", text("@\\w")),
        ("@detectsqli", false, "detectSQLi", vec![]),
        ("\"@unconditionalMatch \"", false, "unconditionalMatch", vec![]),
        ("\"@within %{tx.allowed_methods}\"", false, "within", vec![of("TX", Some("allowed_methods"))]),
        (
            "\"@streq a%{REQUEST_HEADERS:host}b%{unique_id}\"",
            false,
            "streq",
            [text("a"), vec![of("REQUEST_HEADERS", Some("host"))], text("b"), vec![of("UNIQUE_ID", None)]].concat(),
        ),
        ("\"@rx %{2} \\%{tx.a}\"", false, "rx", text("%{2} \\%{tx.a}")),
    ];
    for (written, negated, name, pieces) in cases {
        let rule = rule(&format!("SecRule ARGS {written} id:1"));
        let operator = &rule.links[0].condition.as_ref().unwrap().operator;
        assert_eq!((operator.negated, operator.name), (*negated, *name), "{written}");
        assert_eq!(operator.argument.pieces(), pieces, "{written}");
    }
}

#[test]
fn actions_are_read() {
    let rule = rule(
        "SecRule ARGS \"@rx a\" \"ID:'7', phase:Request ,deny,status:403,log,auditlog,capture,multiMatch,t:lowercase,t:NONE,\
         t:UrlDecodeUni,msg:'it\\'s, %{tx.0} \\\"so\\\"',logdata:x y,severity:3,tag:'a/b',tag:c,ver:'v 1',rev:2,maturity:'9',\
         accuracy:8,setvar:tx.a,setvar:'tx.b_%{rule.id}=+%{tx.c}',setvar:tx.d=-1,setvar:!IP.e,setvar:'tx.f=a=b, c',\
         expirevar:'ip.e=60',initcol:ip=%{REMOTE_ADDR},skip:2,skipAfter:END,ctl:auditLogParts=+E\"\nSecMarker END",
    );
    let macro_of = |text: &str| Template::parse(text, 0).unwrap();
    let set = |collection, key, operation| SetVar { collection, key: macro_of(key), operation };
    assert_eq!((rule.id, rule.phase, &rule.disruptive), (7, Phase::RequestBody, &Disruptive::Deny));
    assert_eq!((rule.status, rule.log, rule.severity), (Some(403), true, Some(Severity::Error)));
    assert_eq!(rule.msg, Some(macro_of("it's, %{tx.0} \"so\"")));
    assert_eq!(rule.logdata.as_ref().and_then(Template::text), Some("x y"));
    assert_eq!(rule.tags, ["a/b".into(), "c".into()]);
    let texts = [&rule.ver, &rule.rev, &rule.maturity, &rule.accuracy].map(|text| text.as_deref().unwrap());
    assert_eq!(texts, ["v 1", "2", "9", "8"]);
    assert_eq!((rule.skip, rule.skip_after.as_deref()), (Some(2), Some("END")));
    let link = &rule.links[0];
    assert_eq!((link.capture, link.multi_match), (true, true));
    assert_eq!(link.transformations, ["urlDecodeUni"]);
    assert_eq!(
        link.setvars,
        [
            set("TX", "a", Operation::Set(macro_of("1"))),
            set("TX", "b_%{rule.id}", Operation::Add(macro_of("%{tx.c}"))),
            set("TX", "d", Operation::Subtract(macro_of("1"))),
            set("IP", "e", Operation::Unset),
            set("TX", "f", Operation::Set(macro_of("a=b, c"))),
        ]
    );
    let other = |name, value: Option<&str>| Action::Other { name, value: value.map(Into::into) };
    assert_eq!(
        rule.actions,
        [
            other("auditlog", None),
            Action::ExpireVar { collection: "IP", key: macro_of("e"), seconds: macro_of("60") },
            other("initcol", Some("ip=%{REMOTE_ADDR}")),
            Action::Ctl(Ctl::Other { name: "auditLogParts", value: "+E".into() }),
        ]
    );
}

#[test]
fn disruptive_actions_and_phases_have_their_words() {
    let text = |text: &str| Template::parse(text, 0).unwrap();
    for (written, want) in [
        ("pass", Disruptive::Pass),
        ("block", Disruptive::Pass),
        ("drop", Disruptive::Drop),
        ("allow", Disruptive::Allow(Allowed::Everything)),
        ("allow:phase", Disruptive::Allow(Allowed::Phase)),
        ("allow:REQUEST", Disruptive::Allow(Allowed::Request)),
        ("redirect:'http://a/?b,c'", Disruptive::Redirect(text("http://a/?b,c"))),
        ("proxy", Disruptive::Proxy(None)),
        ("proxy:http://a", Disruptive::Proxy(Some(text("http://a")))),
        ("nolog", Disruptive::Pass),
        ("deny,pass", Disruptive::Pass),
    ] {
        assert_eq!(rule(&format!("SecAction \"id:1,{written}\"")).disruptive, want, "{written}");
    }
    for (written, want, response) in
        [("1", 1, false), ("request", 2, false), ("3", 3, true), ("RESPONSE", 4, true), ("logging", 5, false)]
    {
        let phase = rule(&format!("SecAction \"id:1,phase:{written}\"")).phase;
        assert_eq!((phase.number(), phase.is_response()), (want, response), "{written}");
    }
    assert_eq!(rule("SecAction id:1").phase.number(), 1, "libmodsecurity's default");
}

#[test]
fn a_chain_is_one_rule() {
    let rule = rule(
        "SecRule ARGS \"@rx a\" \\\n    \"id:1,phase:2,deny,nolog,t:lowercase,chain\"\n  SecRule TX:x \"@eq 1\" \\\n    \
         \"t:none,setvar:tx.y=2,msg:'m',ctl:ruleEngine=off,chain,log\"\n    SecRule REQUEST_URI \"!@rx b\" \"ctl:ruleRemoveById=5\"",
    );
    let places: Vec<_> = rule.links.iter().map(|link| link.place.to_string()).collect();
    assert_eq!(places, ["t:1", "t:3", "t:5"]);
    assert_eq!(rule.links[0].transformations, ["lowercase"]);
    assert_eq!((rule.links[1].setvars.len(), rule.links[0].setvars.len()), (1, 0));
    assert_eq!(rule.msg.as_ref().and_then(Template::text), Some("m"));
    assert!(!rule.log, "the first link's word counts");
    // The last link's actions run first.
    let ranges = vec![IdRange { first: 5, last: 5 }];
    assert_eq!(rule.actions, [Action::Ctl(Ctl::RemoveById(ranges)), Action::Ctl(Ctl::RuleEngine(RuleEngine::Off))]);
    assert_eq!(rule.links[2].source.as_ref(), "SecRule REQUEST_URI \"!@rx b\" \"ctl:ruleRemoveById=5\"");
    assert!(rule.source().starts_with("SecRule ARGS \"@rx a\" \\\n    \"id:1,"));
}

#[test]
fn tuning_for_a_host_stays_as_it_is_written() {
    let set = read(
        "SecRule REQUEST_HEADERS:Host \"@streq a.example\" \"id:1,phase:1,pass,nolog,ctl:ruleRemoveById=942100 942200-942299,\
         ctl:ruleRemoveTargetById=941100;ARGS:q\"\n\
         SecRule SERVER_NAME \"@endsWith .b.example\" \"id:2,phase:1,pass,nolog,ctl:ruleRemoveByTag=attack-xss,\
         ctl:ruleRemoveTargetByTag=OWASP_CRS;REQUEST_COOKIES:/^s_/,ctl:ruleRemoveByMsg=m,ctl:ruleRemoveTargetByMsg=m;ARGS\"",
    );
    let actions: Vec<String> =
        set.rules().flat_map(|rule| rule.actions.clone()).map(|action| format!("{action:?}")).collect();
    let want = [
        "Ctl(RemoveById([IdRange { first: 942100, last: 942100 }, IdRange { first: 942200, last: 942299 }]))",
        "Ctl(RemoveTargetById([IdRange { first: 941100, last: 941100 }], \
         Variable { modifier: Value, collection: \"ARGS\", selector: Key(\"q\") }))",
        "Ctl(RemoveByTag(\"attack-xss\"))",
        "Ctl(RemoveTargetByTag(\"OWASP_CRS\", \
         Variable { modifier: Value, collection: \"REQUEST_COOKIES\", selector: Regex(\"^s_\") }))",
        "Ctl(RemoveByMsg(\"m\"))",
        "Ctl(RemoveTargetByMsg(\"m\", Variable { modifier: Value, collection: \"ARGS\", selector: All }))",
    ];
    assert_eq!(actions, want);
}

#[test]
fn defaults_come_to_every_rule_of_their_phase() {
    let set = read(
        "SecRule ARGS a \"id:1,phase:2,block\"\nSecRule ARGS a \"id:2,phase:2,pass,nolog,t:none,t:trim\"\n\
         SecRule ARGS a \"id:3,phase:1,block,t:trim\"\nSecDefaultAction \"phase:2,deny,log,status:403,t:lowercase\"\n\
         SecRule ARGS a \"id:4,phase:2,block,t:trim,chain\"\nSecRule ARGS b nolog",
    );
    let seen: Vec<_> = set
        .rules()
        .map(|rule| (rule.id, rule.disruptive.clone(), rule.log, rule.links[0].transformations.clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (1, Disruptive::Deny, true, vec!["lowercase"]),
            (2, Disruptive::Pass, false, vec!["trim"]),
            (3, Disruptive::Pass, true, vec!["trim"]),
            (4, Disruptive::Deny, true, vec!["lowercase", "trim"]),
        ]
    );
    assert_eq!(set.rules().last().unwrap().links[1].transformations, ["lowercase"]);
}

#[test]
fn removals_and_updates_hold_wherever_they_stand() {
    let set = read(
        "SecRuleRemoveById 2 \"10-12\"\nSecRuleUpdateTargetById 1 \"!ARGS:a|REQUEST_URI\"\n\
         SecRule ARGS a \"id:1,tag:x,tag:y\"\nSecRule ARGS a id:2\nSecRule ARGS a \"id:3,msg:'m 1'\"\n\
         SecRule ARGS a \"id:4,tag:z\"\nSecRule ARGS a id:11\nSecRule ARGS a \"id:5,t:none,t:trim,chain\"\nSecRule TX b\n\
         SecRuleRemoveByMsg \"m 1\"\nSecRuleRemoveByTag z\nSecRuleUpdateTargetByTag x !ARGS:b\n\
         SecRuleUpdateTargetById 5:1 IP TX\nSecRuleUpdateActionById 5 \"deny,nolog,t:none,t:length,msg:'n',tag:w,setvar:tx.a=1\"\n\
         SecRuleRemoveById 99\nSecRuleUpdateTargetByMsg nope ARGS\nSecRuleUpdateTargetById 1 IP GEO",
    );
    assert_eq!(ids(&set), [1, 5]);
    let removed: Vec<_> = set.removed.iter().map(|Removed { id, place, by }| (*id, place.line, by.line)).collect();
    assert_eq!(removed, [(2, 4, 1), (11, 7, 1), (3, 5, 10), (4, 6, 11)]);
    let text = set.to_string();
    assert!(text.contains("SecRule ARGS|!ARGS:a|REQUEST_URI|!ARGS:b \"@rx a\""), "{text}");
    assert!(text.contains("SecRule IP \"@rx b\""), "{text}");
    let changed = set.rules().last().unwrap();
    assert_eq!((&changed.disruptive, changed.log, changed.tags.len()), (&Disruptive::Deny, false, 1));
    assert_eq!(changed.links[0].transformations, ["trim", "length"], "t:none clears its own list only");
    assert_eq!(changed.links[0].setvars.len(), 1);
    assert_eq!(changed.msg.as_ref().and_then(Template::text), Some("n"));
    let remarks: Vec<_> = set.remarks.iter().map(|remark| (remark.place.line, remark.directive, remark.kind)).collect();
    let meets = RemarkKind::MeetsNoRule;
    assert_eq!(
        remarks,
        [
            (16, "SecRuleUpdateTargetByMsg", meets),
            (17, "SecRuleUpdateTargetById", meets),
            (15, "SecRuleRemoveById", meets)
        ]
    );
}

#[test]
fn settings_are_kept_and_the_rest_is_listed() {
    let set = read(
        "SecRuleEngine On\nsecruleengine DetectionOnly\nSecArgumentSeparator ;\nSecComponentSignature \"OWASP_CRS/3.3.4\"\n\
         SecCollectionTimeout 600\nSecAuditLogRelevantStatus \"^(?:5|4(?!04))\"\nSecGeoLookupDB /a\nSecMarker 'A'\nSecMarker \"B C\"",
    );
    assert_eq!((set.engine, set.argument_separator), (Some(RuleEngine::DetectionOnly), ';'));
    assert_eq!(set.components, ["OWASP_CRS/3.3.4".into()]);
    let remarks: Vec<_> = set.remarks.iter().map(|remark| (remark.place.line, remark.directive, remark.kind)).collect();
    let other = RemarkKind::NotApplicable;
    assert_eq!(
        remarks,
        [(5, "SecCollectionTimeout", other), (6, "SecAuditLogRelevantStatus", other), (7, "SecGeoLookupDb", other)]
    );
    assert!(
        matches!(&set.items[..], [Item::Marker { label: a, .. }, Item::Marker { label: b, .. }] if **a == *"A" && **b == *"B C")
    );
    assert_eq!(read("").argument_separator, '&');
}
