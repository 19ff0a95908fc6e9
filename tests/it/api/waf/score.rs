//! `POST /api/waf/score`.

use crate::support::api::Api;
use serde_json::{Value, json};

async fn score(api: &Api, body: &Value) -> Value {
    let answer = api.post("/api/waf/score", &body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"].clone()
}

#[tokio::test]
async fn a_request_is_scored_with_every_step() {
    let api = Api::empty();
    let url = "http://a.example/x?q=%2527%2520or%25201%253D1--%2520";
    let scored = score(&api, &json!({ "url": url })).await;
    assert_eq!(
        (&scored["flagged"], &scored["threshold"], &scored["categories"]),
        (&json!(true), &json!(5), &json!(["sql"]))
    );
    let rules = scored["matched_rules"].as_array().unwrap();
    let points: u64 = rules.iter().map(|rule| rule["points"].as_u64().unwrap()).sum();
    assert_eq!(scored["score"], points);
    // Encoded twice: the parser decodes once, the rule the second time.
    let steps = rules[0]["steps"].as_array().unwrap();
    assert_eq!(steps[0]["value"], "%27%20or%201%3D1--%20");
    assert_eq!(steps[1], json!({ "transformation": "urlDecodeUni", "value": "' or 1=1-- " }));

    let clean = score(&api, &json!({ "url": "http://a.example/x?q=hello", "user_agent": "curl/8.5.0" })).await;
    let nothing = json!({ "score": 0, "severity": null, "flagged": false, "threshold": 5, "categories": [], "matched_rules": [] });
    assert_eq!(clean, nothing);
    let scanner =
        score(&api, &json!({ "url": "http://a.example/", "user_agent": "sqlmap/1.8#stable (https://sqlmap.org)" }))
            .await;
    assert_eq!(scanner["categories"], json!(["scanner"]), "{scanner:#}");
    assert_eq!(scanner["matched_rules"][0]["where"], "REQUEST_HEADERS:User-Agent");
    let tunnel = score(&api, &json!({ "url": "203.0.113.9:4444", "method": "CONNECT" })).await;
    assert_eq!(tunnel["categories"], json!(["signal"]), "{tunnel:#}");
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::empty();
    let long = "x".repeat(40_000);
    for (body, status, fields) in [
        (json!({}), 400, vec![]),
        (json!({ "url": 5 }), 422, vec!["url"]),
        (json!({ "url": format!("http://a/{long}") }), 422, vec!["url"]),
        (json!({ "url": "http://a/", "agent": "x" }), 422, vec!["agent"]),
    ] {
        let answer = api.post("/api/waf/score", &body.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{}", answer.text);
    }
}
