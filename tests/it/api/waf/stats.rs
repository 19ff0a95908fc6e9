//! `GET /api/waf/stats`.

use super::scored;
use crate::support::api::rules;
use serde_json::json;

#[tokio::test]
async fn rows_are_counted_by_rule_category_and_score() {
    let api = scored();
    let stats = api.get("/api/waf/stats").await.body["data"].clone();
    assert_eq!(
        (&stats["total_requests"], &stats["total_blocked"], &stats["flagged"]),
        (&json!(7), &json!(1), &json!(3))
    );
    assert_eq!(stats["rules_loaded"], rules().applied());
    assert_eq!(stats["top_blocked_categories"], json!([{ "key": "sql", "count": 1 }]));
    let top = stats["top_rules"].as_array().unwrap();
    let union = top.iter().find(|rule| rule["id"] == 4_210_020).unwrap();
    assert_eq!((&union["count"], &union["message"]), (&json!(2), &json!("UNION joined to a SELECT list")));
    assert!(top.is_sorted_by_key(|rule| std::cmp::Reverse(rule["count"].as_u64())), "{top:#?}");
    let histogram = stats["score_histogram"].as_array().unwrap();
    assert_eq!(histogram[..2], [json!({ "score": 0, "count": 3 }), json!({ "score": 2, "count": 1 })]);
    assert_eq!(histogram.iter().map(|bar| bar["count"].as_u64().unwrap()).sum::<u64>(), 7);
    // Of a window, and the same on the start page.
    assert_eq!(api.get("/api/waf/stats?hours=2").await.body["data"]["flagged"], 1);
    assert_eq!(api.get("/api/dashboard/summary").await.body["data"]["waf"], stats);
    let threats = api.get("/api/dashboard/summary").await.body["data"]["threat_categories"].clone();
    assert!(threats.as_array().unwrap().contains(&json!({ "category": "sql", "count": 2 })), "{threats:#}");
    assert!(!threats.to_string().contains("signal"), "{threats:#}");
}
