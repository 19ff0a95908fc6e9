//! `POST /api/waf/rescore`.

use super::LINES;
use crate::support::api::{Answer, Api};
use serde_json::{Value, json};
use std::time::Duration;

async fn begin(api: &Api) -> Answer {
    let answer = api.post("/api/waf/rescore", "{}").await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("/api/jobs/{}", answer.body["data"]["job_id"]));
    answer
}

async fn ended(api: &Api, begun: &Answer) -> Value {
    loop {
        let job = api.get(begun.header("location")).await.body["data"].clone();
        if job["outcome"] != "running" {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn stored_rows_are_scored_by_the_rules_of_today() {
    let api = Api::empty();
    api.set("waf_enabled", "false");
    api.log(&LINES);
    let before = api.get("/api/logs/2").await.body["data"].clone();
    let job = ended(&api, &begin(&api).await).await;
    assert_eq!((&job["name"], &job["outcome"]), (&json!("waf.rescore"), &json!("done")), "{job:#}");
    assert_eq!(job["result"], json!({ "rows": 7, "changed": 7 }));
    assert_eq!(api.get("/api/logs?waf_category=sql").await.ids(), [3, 2]);
    // Nothing but what rules say is another.
    let after = api.get("/api/logs/2").await.body["data"].clone();
    for (name, value) in before.as_object().unwrap() {
        let may_differ = ["waf", "severity", "tags", "matched_rules", "rules_changed"].contains(&name.as_str());
        assert!(may_differ || after[name] == *value, "{name}");
    }
    assert_eq!((&after["waf"]["categories"], &after["rules_changed"]), (&json!(["sql"]), &json!(false)));

    let again = ended(&api, &begin(&api).await).await;
    assert_eq!(again["result"], json!({ "rows": 7, "changed": 0 }));
    api.post("/api/waf/categories/toggle", r#"{"category":"sql","enabled":false}"#).await;
    let without = ended(&api, &begin(&api).await).await;
    assert_eq!(without["result"], json!({ "rows": 7, "changed": 2 }));
    assert_eq!(api.get("/api/logs?waf_category=sql").await.ids(), Vec::<u64>::new());

    let audit = api.get("/api/audit-log?action=waf.rescore").await;
    assert!(audit.body["total"].as_u64().unwrap() >= 3, "{}", audit.text);
}
