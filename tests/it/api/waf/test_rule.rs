//! `POST /api/waf/test-rule`.

use super::scored;
use serde_json::json;

#[tokio::test]
async fn a_pattern_or_a_rule_is_tried_on_real_rows() {
    let api = scored();
    let answer = api.post("/api/waf/test-rule", r#"{"regex":"UNION(%20)+select"}"#).await;
    let tested = &answer.body["data"];
    assert_eq!(
        (&tested["scanned"], &tested["matched"], &tested["would_block"]),
        (&json!(7), &json!(2), &json!(1)),
        "{}",
        answer.text
    );
    assert_eq!(
        (&tested["hours"], &tested["regex"], &tested["complete"]),
        (&json!(24), &json!("UNION(%20)+select"), &json!(true))
    );
    let ids: Vec<_> = tested["examples"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [3, 2]);
    let recent = api.post("/api/waf/test-rule", r#"{"regex":"union","hours":1}"#).await;
    assert_eq!((&recent.body["data"]["scanned"], &recent.body["data"]["matched"]), (&json!(4), &json!(0)));

    let rule = r#"SecRule ARGS:page "@ge 3" "id:1,phase:2,pass,severity:NOTICE""#;
    let answer = api.post("/api/waf/test-rule", &json!({ "rule": rule }).to_string()).await;
    assert_eq!(answer.body["data"]["matched"], 1, "{}", answer.text);
    assert_eq!((&answer.body["data"]["examples"][0]["id"], &answer.body["data"]["regex"]), (&json!(7), &json!(null)));
}

#[tokio::test]
async fn what_is_hidden_is_not_found_by_a_pattern() {
    let api = scored();
    api.set("gdpr_mode", "true");
    api.set("gdpr_url_level", "mask");
    api.add_account("vera", "viewer");
    let answer = api.post_as("vera", "/api/waf/test-rule", r#"{"regex":"union"}"#).await;
    assert_eq!(
        (&answer.body["data"]["scanned"], &answer.body["data"]["matched"]),
        (&json!(7), &json!(0)),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = scored();
    let include = r#"SecRule ARGS "@pmFromFile /etc/passwd" "id:1,phase:2,pass""#;
    for (body, fields) in [
        (json!({}), ["regex"]),
        (json!({ "regex": "a", "rule": "b" }), ["regex"]),
        (json!({ "regex": "(" }), ["regex"]),
        (json!({ "regex": "(a{1000}){1000}" }), ["regex"]),
        (json!({ "regex": "a".repeat(5000) }), ["regex"]),
        (json!({ "regex": "a", "hours": 0 }), ["hours"]),
        (json!({ "rule": "SecRule ARGS" }), ["rule"]),
        (json!({ "rule": "Include /etc/passwd" }), ["rule"]),
        (json!({ "rule": include }), ["rule"]),
    ] {
        let answer = api.post("/api/waf/test-rule", &body.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields.to_vec()), "{body}: {}", answer.text);
        assert!(!answer.text.contains("root:"), "{}", answer.text);
    }
}
