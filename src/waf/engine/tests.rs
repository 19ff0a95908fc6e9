use super::*;
use crate::waf::variables::Field;

const SIGNALS: &[&str] = &["dga"];

mod gate;

fn engine(rules: &str) -> Engine {
    let rules = RuleSet::parse("test", rules.as_bytes()).unwrap();
    let options = Options { presets: &[("level", "1")], signals: SIGNALS, ..Options::default() };
    Engine::compile(&rules, &options).unwrap_or_else(|unusable| panic!("{unusable:?}"))
}

fn request(uri: &str) -> Request<'_> {
    let absent = Field::Absent;
    Request {
        method: b"GET",
        uri: uri.as_bytes(),
        protocol: Field::Is(b"HTTP/1.1"),
        host: Field::Is(b"h.test"),
        user_agent: absent,
        ..Request::default()
    }
}

fn ids(engine: &Engine, request: &Request<'_>) -> Vec<u32> {
    let mut scratch = engine.scratch();
    engine.score(request, &mut scratch);
    scratch.ids().to_vec()
}

/// Each with the URI, and the ids that are to be told.
#[test]
fn rules_run_as_in_libmodsecurity() {
    let cases: &[(&str, &str, &[u32])] = &[
        (r#"SecRule ARGS "@rx ^evil$" "id:1,phase:2,pass""#, "/?a=%65vil", &[1]),
        (r#"SecRule ARGS:b|!ARGS:a "@contains x" "id:1,phase:2,pass""#, "/?a=x", &[]),
        (r#"SecRule ARGS|!ARGS:a "@contains xyz" "id:1,phase:2,pass""#, "/?a=xyz", &[]),
        (r#"SecRule ARGS|!ARGS:a "@contains xyz" "id:1,phase:2,pass""#, "/?a=xyz&b=wxyz", &[1]),
        (r#"SecRule ARGS:/^a/ "@contains xyz" "id:1,phase:2,pass""#, "/?Ab=xyz", &[1]),
        (r#"SecRule &ARGS "@gt 1" "id:1,phase:2,pass""#, "/?a&b", &[1]),
        (r#"SecRule &ARGS:a "@eq 0" "id:1,phase:2,pass""#, "/?b", &[1]),
        // Absent is not the same as not logged.
        (r#"SecRule &REQUEST_HEADERS:User-Agent "@eq 0" "id:1,phase:2,pass""#, "/", &[1]),
        (r#"SecRule &REQUEST_HEADERS:Referer "@eq 0" "id:1,phase:2,pass""#, "/", &[]),
        (r#"SecRule &REQUEST_HEADERS:Accept "@eq 0" "id:1,phase:2,pass""#, "/", &[]),
        (r#"SecRule REQUEST_METHOD "!@within GET POST" "id:1,phase:2,pass""#, "/", &[]),
        // Phase 1 runs first, wherever its rules stand.
        (
            "SecRule TX:a \"@streq 1\" \"id:1,phase:2,pass\"\nSecAction \"id:2,phase:1,pass,nolog,setvar:tx.a=1\"",
            "/",
            &[1],
        ),
        // Setvars of a link run whether or not those behind match.
        (
            "SecRule ARGS \"@contains x1\" \"id:1,phase:2,pass,setvar:tx.a=+2,chain\"\nSecRule ARGS \"@contains zzz\" \"t:none\"\n\
             SecRule TX:a \"@eq 4\" \"id:2,phase:2,pass\"",
            "/?a=x1&b=x1",
            &[2],
        ),
        (
            "SecRule ARGS \"@rx (b)(c)?\" \"id:1,phase:2,pass,capture,setvar:tx.got=%{tx.1}-%{tx.level}\"\n\
             SecRule TX:got \"@streq b-1\" \"id:2,phase:2,pass\"",
            "/?a=abd",
            &[1, 2],
        ),
        (
            "SecRule ARGS \"@contains skip\" \"id:1,phase:1,pass,skipAfter:END\"\nSecRule ARGS \"@contains s\" \"id:2,phase:1,pass\"\n\
             SecMarker END\nSecRule ARGS \"@contains s\" \"id:3,phase:1,pass\"",
            "/?a=skip",
            &[1, 3],
        ),
        (
            "SecRule ARGS \"@contains s\" \"id:1,phase:2,pass,skip:1\"\nSecRule ARGS \"@contains s\" \"id:2,phase:2,pass\"\n\
             SecRule ARGS \"@contains s\" \"id:3,phase:2,pass\"",
            "/?a=s",
            &[1, 3],
        ),
        (
            "SecAction \"id:1,phase:1,pass,nolog,ctl:ruleRemoveById=2,ctl:ruleRemoveTargetById=3;ARGS:a\"\n\
             SecRule ARGS \"@contains s\" \"id:2,phase:2,pass\"\nSecRule ARGS \"@contains s\" \"id:3,phase:2,pass\"",
            "/?a=s",
            &[],
        ),
        (
            "SecAction \"id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=3;ARGS:a\"\n\
             SecRule ARGS \"@contains s\" \"id:3,phase:2,pass\"",
            "/?a=s&b=s",
            &[3],
        ),
        (
            "SecAction \"id:1,phase:1,pass,nolog,ctl:ruleEngine=Off\"\nSecRule ARGS \"@contains s\" \"id:2,phase:1,pass\"\n\
             SecRule ARGS \"@contains s\" \"id:3,phase:2,pass\"",
            "/?a=s",
            &[2],
        ),
        (
            "SecRule ARGS \"@rx a\" \"id:1,phase:2,pass,chain\"\nSecRule MATCHED_VAR|MATCHED_VARS_NAMES \"@streq ARGS:k\" \"t:none\"",
            "/?k=a",
            &[1],
        ),
        // A literal that one link needs is not looked for in the values of another.
        (
            "SecRule ARGS \"@contains zqx\" \"id:1,phase:2,pass,chain\"\nSecRule ARGS \"@rx ^y\" \"t:none\"",
            "/?a=zqx&b=y",
            &[1],
        ),
        // What matched is known until a rule doesn't match.
        (
            "SecRule ARGS \"@rx a\" \"id:1,phase:2,pass\"\nSecRule MATCHED_VARS \"@rx .\" \"id:3,phase:2,pass\"",
            "/?k=a",
            &[1, 3],
        ),
        (
            "SecRule ARGS \"@rx a\" \"id:1,phase:2,pass\"\nSecRule ARGS \"@contains zzz\" \"id:2,phase:2,pass\"\n\
             SecRule MATCHED_VARS \"@rx .\" \"id:3,phase:2,pass\"",
            "/?k=a",
            &[1],
        ),
        // What a rule that was taken out would have forgotten is known, too; and not past the end of a phase.
        (
            "SecRule ARGS \"@rx a\" \"id:1,phase:2,pass,ctl:ruleRemoveById=2\"\nSecRule ARGS \"@contains zzz\" \"id:2,phase:2,pass\"\n\
             SecRule MATCHED_VARS \"@rx .\" \"id:3,phase:2,pass\"",
            "/?k=a",
            &[1, 3],
        ),
        (
            "SecRule ARGS \"@rx a\" \"id:1,phase:1,pass\"\nSecRule ARGS \"@contains zzz\" \"id:2,phase:1,pass\"\n\
             SecRule MATCHED_VARS \"@rx .\" \"id:3,phase:2,pass\"",
            "/?k=a",
            &[1],
        ),
        // A link captures also where those behind don't match, and signals are set by rules, too.
        (
            "SecRule ARGS \"@rx (a)\" \"id:1,phase:2,pass,capture,chain\"\nSecRule ARGS \"@contains zzz\" \"t:none\"\n\
             SecRule TX:1 \"@streq a\" \"id:2,phase:2,pass\"",
            "/?k=a",
            &[2],
        ),
        (
            "SecAction \"id:1,phase:1,pass,nolog,setvar:tx.dga=1\"\nSecRule TX:dga \"@eq 1\" \"id:2,phase:2,pass\"",
            "/",
            &[2],
        ),
        (
            "SecRule ARGS_NAMES \"@rx a\" \"id:1,phase:1,pass,nolog,setvar:tx.%{matched_var}=1\"\n\
             SecRule TX:dga \"@eq 1\" \"id:2,phase:2,pass\"",
            "/?dga",
            &[2],
        ),
        ("SecRule ARGS \"@streq +\" \"id:1,phase:2,pass,t:urlDecode,multiMatch\"", "/?a=%2b", &[1]),
        (
            "SecRule ARGS \"@detectSQLi\" \"id:1,phase:2,pass\"\nSecRule ARGS \"@detectXSS\" \"id:2,phase:2,pass\"",
            "/?a=1'%20or%201=1--",
            &[1],
        ),
    ];
    for (rules, uri, expected) in cases {
        let engine = engine(rules);
        assert_eq!(ids(&engine, &request(uri)), *expected, "{rules} {uri}");
        assert_eq!(ids(&engine.without_plan(), &request(uri)), *expected, "without the plan: {rules} {uri}");
    }
}

#[test]
fn points_are_those_of_the_severity_or_what_a_rule_adds() {
    let engine = engine(
        r#"
SecRule ARGS "@contains one" "id:1,phase:2,pass,severity:CRITICAL"
SecRule ARGS "@contains two" "id:2,phase:2,pass,severity:CRITICAL,setvar:tx.anomaly_score_pl1=+3"
SecRule TX:anomaly_score_pl1 "@ge 3" "id:3,phase:2,pass,severity:CRITICAL"
SecRule TX:dga "@eq 1" "id:4,phase:2,pass,severity:NOTICE,msg:'%{tx.dga} of %{ARGS.a}'"
"#,
    );
    let mut scratch = engine.scratch();
    let score = engine.score(&request("/?a=one&b=one"), &mut scratch);
    assert_eq!((score.points, scratch.ids()), (5, &[1][..]));
    let score = engine.score(&request("/?a=two"), &mut scratch);
    assert_eq!((score.points, scratch.ids()), (3, &[2, 3][..]));
    let verdict = engine.judge(&Request { signals: &[Some(b"1")], ..request("/?a=b") }, &mut scratch);
    assert_eq!((verdict.score, verdict.matches[0].msg.as_str()), (2, "1 of b"));
    assert_eq!(engine.score(&request("/?a=b"), &mut scratch).points, 0);
}

/// What a rule writes of itself doubles with each argument.
#[test]
fn what_setvars_write_of_a_line_is_bounded() {
    let engine = engine(
        r#"
SecRule ARGS "@rx ." "id:1,phase:2,pass,nolog,setvar:'tx.a=%{tx.a}%{tx.a}x',setvar:'tx.%{tx.a}=1',setvar:'tx.b=+%{tx.a}'"
SecRule TX:a "@rx xx" "id:2,phase:2,pass,msg:'%{tx.a}%{tx.a}'"
"#,
    );
    let uri = format!("/?{}", "a=b&".repeat(1_000));
    let mut scratch = engine.scratch();
    assert!(engine.judge(&request(&uri), &mut scratch).matches.iter().all(|found| found.msg.len() <= 1 << 20));
    assert!(scratch.texts.byte_len() < 64 << 20, "{}", scratch.texts.byte_len());
    assert!(scratch.other_tx.iter().map(|(key, _)| key.len()).sum::<usize>() < 64 << 20);
    assert_eq!(ids(&engine, &request("/?a=b&a=b")), [2]);
}

#[test]
fn an_explanation_has_the_steps_that_changed_something() {
    let engine = engine(
        r#"SecRule ARGS "@rx <script" "id:1,phase:2,pass,t:urlDecodeUni,t:htmlEntityDecode,t:removeNulls,t:lowercase""#,
    );
    let explained = engine.explain(&request("/?q=x%2526lt;SCRIPT"), &mut engine.scratch());
    let steps: Vec<_> = explained.steps[0].iter().map(|step| (step.transformation, &step.value[..])).collect();
    let expected: [(Option<&str>, &[u8]); 4] = [
        (None, b"x%26lt;SCRIPT"),
        (Some("urlDecodeUni"), b"x&lt;SCRIPT"),
        (Some("htmlEntityDecode"), b"x<SCRIPT"),
        (Some("lowercase"), b"x<script"),
    ];
    assert_eq!(steps, expected);
    let found = &explained.verdict.matches[0];
    assert_eq!((found.variable.as_str(), found.fragment.clone()), ("ARGS:q", 1..8));
}

#[test]
fn an_engine_knows_what_its_rules_look_at() {
    for (rules, client, time) in [
        ("SecRule ARGS \"@rx a\" \"id:1,phase:2,pass\"", false, false),
        ("SecRule REMOTE_ADDR \"@ipMatch ::1\" \"id:1,phase:2,pass\"", true, false),
        ("SecRule ARGS \"@rx a\" \"id:1,phase:2,pass,setvar:tx.h=%{TIME_HOUR}\"", false, true),
        ("SecRule DURATION \"@gt 60\" \"id:1,phase:2,pass\"", false, true),
    ] {
        let engine = engine(rules);
        assert_eq!((engine.looks_at_client(), engine.looks_at_time()), (client, time), "{rules}");
    }
    let engine =
        engine("SecRule TIME_HOUR \"@lt 6\" \"id:1,phase:2,pass\"\nSecRule &TIME \"@eq 0\" \"id:2,phase:2,pass\"");
    assert_eq!(ids(&engine, &Request { time: Some(3_600_000), ..request("/") }), [1]);
    assert_eq!(ids(&engine, &Request { time: Some(7 * 3_600_000), ..request("/") }), Vec::<u32>::new());
    assert_eq!(ids(&engine, &request("/")), Vec::<u32>::new());
}

#[test]
fn rules_that_no_line_can_hit_are_left_out() {
    let engine = engine(
        "SecRule REQUEST_BODY \"@rx a\" \"id:1,phase:2,pass\"\nSecRule RESPONSE_BODY \"@rx a\" \"id:2,phase:4,pass\"\n\
         SecRule ARGS \"@geoLookup\" \"id:3,phase:2,pass\"",
    );
    let left_out: Vec<_> = engine.left_out().iter().map(|left_out| left_out.id).collect();
    assert_eq!(left_out, [2, 1, 3]);
}
