//! `GET /api/waf/rules` and `GET /api/waf/rules/{id}`.

use super::scored;
use crate::support::api::rules;
use serde_json::json;

#[tokio::test]
async fn every_rule_is_listed_with_its_text_and_hits() {
    let api = scored();
    let listed = api.get("/api/waf/rules").await.body["data"].clone();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), rules().rules().len());
    assert!(listed.is_sorted_by_key(|rule| rule["id"].as_u64()));
    let rule = listed.iter().find(|rule| rule["id"] == 4_210_020).unwrap();
    assert_eq!(rule["category"], "sql");
    assert_eq!((&rule["severity"], &rule["paranoia_level"]), (&json!("Critical"), &json!(1)));
    assert_eq!((&rule["techniques"], &rule["hits"]), (&json!(["T1190"]), &json!(2)));
    assert_eq!((&rule["enabled"], &rule["fed"], &rule["not_fed_because"]), (&json!(true), &json!(true), &json!(null)));
    assert!(rule["source"].as_str().unwrap().starts_with("SecRule ARGS|ARGS_NAMES|REQUEST_FILENAME"), "{rule:#}");
    assert_eq!(&api.get("/api/waf/rules/4210020").await.body["data"], rule);
    assert_eq!(api.get("/api/waf/rules/4210020?hours=1").await.body["data"]["hits"], 0);
    for id in ["1", "04210020", "x", "%FF", "99999999999"] {
        assert_eq!(api.get(&format!("/api/waf/rules/{id}")).await.status, 404, "{id}");
    }
}
