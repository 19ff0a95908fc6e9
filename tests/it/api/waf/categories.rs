//! `GET /api/waf/categories` and `POST /api/waf/categories/toggle`.

use super::{LINES, scored};
use crate::support::api::Api;
use serde_json::{Value, json};

async fn category(api: &Api, name: &str) -> Value {
    let categories = api.get("/api/waf/categories").await.body["data"].clone();
    categories.as_array().unwrap().iter().find(|category| category["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn a_switched_category_holds_for_lines_from_then_on_and_is_audited() {
    let api = scored();
    let before = category(&api, "sql").await;
    assert_eq!(
        (&before["title"], &before["enabled"], &before["hits"]),
        (&json!("SQL injection"), &json!(true), &json!(2))
    );
    let answer = api.post("/api/waf/categories/toggle", r#"{"category":"SQL","enabled":false}"#).await;
    assert_eq!(answer.body["data"], json!({ "category": "sql", "enabled": false }), "{}", answer.text);
    assert_eq!(
        category(&api, "sql").await,
        json!({ "enabled": false, "name": "sql", "title": "SQL injection", "rules": before["rules"], "hits": 2 })
    );
    assert_eq!(api.get("/api/waf/rules/4210020").await.body["data"]["enabled"], false);
    api.log(&LINES);
    assert_eq!(api.get("/api/logs?waf_category=sql").await.ids(), [3, 2]);
    assert_eq!(api.get("/api/logs?waf_category=xss").await.ids(), [11, 4]);
    // A row that was scored by rules which are switched off now.
    let row = api.get("/api/logs/2").await.body["data"].clone();
    assert_eq!((&row["rules_changed"], &row["matched_rules"][0]["fragment"]), (&json!(true), &json!(null)), "{row:#}");

    api.post("/api/waf/categories/toggle", r#"{"category":"sql","enabled":true}"#).await;
    api.log(&LINES);
    assert_eq!(api.get("/api/logs?waf_category=sql").await.ids(), [17, 3, 16, 2]);
    let audit = api.get("/api/audit-log?action=waf.category").await.body["data"].clone();
    let change = |before: bool| json!({ "before": { "enabled": before }, "after": { "enabled": !before } });
    let details: Vec<_> = audit.as_array().unwrap().iter().map(|entry| entry["details"].clone()).collect();
    assert_eq!((details, &audit[0]["target"]), (vec![change(false), change(true)], &json!("sql")));
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::empty();
    for (body, status, fields) in [
        (r#"{"category":"no such","enabled":true}"#, 404, vec![]),
        (r#"{"category":"sql"}"#, 400, vec![]),
        (r#"{"category":"sql","enabled":"perhaps"}"#, 422, vec!["enabled"]),
    ] {
        let answer = api.post("/api/waf/categories/toggle", body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{body}: {}", answer.text);
    }
    assert_eq!(api.get("/api/audit-log?action=waf.category").await.body["total"], 0);
}
