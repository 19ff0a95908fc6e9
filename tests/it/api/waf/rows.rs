//! What `/api/logs` says of rules: scores, filters by them, and the reasons of one row.

use super::scored;
use crate::support::api::Api;
use serde_json::{Value, json};

async fn row(api: &Api, id: u64) -> Value {
    api.get(&format!("/api/logs/{id}")).await.body["data"].clone()
}

#[tokio::test]
async fn a_row_says_what_rules_said_and_why() {
    let api = scored();
    let attack = row(&api, 2).await;
    assert_eq!(attack["waf"]["severity"], "Critical");
    assert_eq!(attack["waf"]["categories"], json!(["sql"]));
    assert_eq!((&attack["severity"], &attack["rules_changed"]), (&json!("Critical"), &json!(false)));
    assert!(attack["tags"].as_array().unwrap().contains(&json!("flagged")), "{attack:#}");
    let rules = attack["matched_rules"].as_array().unwrap();
    let points: u64 = rules.iter().map(|rule| rule["points"].as_u64().unwrap()).sum();
    assert_eq!(attack["waf"]["score"], points);
    let union = rules.iter().find(|rule| rule["id"] == 4_210_020).unwrap();
    assert_eq!((&union["where"], &union["category"], &union["points"]), (&json!("ARGS:id"), &json!("sql"), &json!(5)));
    assert!(union["fragment"].as_str().unwrap().contains("union select"), "{union:#}");
    assert_eq!((&union["techniques"], &union["file"]), (&json!(["T1190"]), &json!("waf-rules/10-sql.conf")));
    let steps = union["steps"].as_array().unwrap();
    assert_eq!(steps[0], json!({ "transformation": null, "value": "1' UNION SELECT null,null-- " }));
    assert!(steps[1..].iter().all(|step| step["transformation"].is_string()), "{union:#}");

    let clean = row(&api, 1).await;
    assert_eq!(clean["waf"], json!({ "score": 0, "severity": null, "categories": [] }));
    assert_eq!((&clean["severity"], &clean["matched_rules"]), (&json!("Informational"), &json!([])));
    let literal = row(&api, 6).await;
    assert_eq!((&literal["waf"]["score"], &literal["severity"]), (&json!(2), &json!("Notice")));
}

#[tokio::test]
async fn rows_are_found_by_score_rule_category_and_severity() {
    let api = scored();
    for (query, want) in [
        ("min_score=0", &[7, 6, 5, 4, 3, 2, 1][..]),
        ("min_score=1", &[6, 4, 3, 2]),
        ("min_score=5", &[4, 3, 2]),
        ("tag=flagged", &[4, 3, 2]),
        ("tag=!flagged", &[7, 6, 5, 1]),
        ("rule=4210020", &[3, 2]),
        ("rule=4210020&rule=4290030", &[6, 3, 2]),
        ("rule=!4210020&min_score=1", &[6, 4]),
        ("rule=1", &[]),
        ("waf_category=XSS", &[4]),
        ("waf_category=sql&outcome=allowed", &[2]),
        ("min_severity=critical", &[4, 3, 2]),
        ("severity=notice", &[6]),
    ] {
        assert_eq!(api.get(&format!("/api/logs?{query}")).await.ids(), want, "{query}");
    }
    assert_eq!(api.get("/api/logs?rule=x").await.fields(), ["rule"]);
    assert_eq!(api.get("/api/logs?sort=severity&order=asc&limit=3").await.ids(), [2, 3, 4]);
}

#[tokio::test]
async fn rows_that_were_not_scored_have_no_verdict() {
    let api = Api::empty();
    api.set("waf_enabled", "false");
    api.log(&super::LINES);
    let attack = row(&api, 2).await;
    assert_eq!(attack["waf"], json!({ "score": null, "severity": null, "categories": [] }));
    assert_eq!((&attack["severity"], &attack["rules_changed"]), (&json!("Informational"), &json!(null)));
    assert_eq!(api.get("/api/logs?min_score=0").await.ids(), Vec::<u64>::new());
    assert_eq!(api.get("/api/waf/stats").await.body["data"]["flagged"], json!(null));
}

#[tokio::test]
async fn the_threshold_is_a_setting() {
    let api = scored();
    api.set("waf_block_threshold", "2");
    assert_eq!(api.get("/api/logs?tag=flagged").await.ids(), [6, 4, 3, 2]);
    assert!(row(&api, 6).await["tags"].as_array().unwrap().contains(&json!("flagged")));
    assert_eq!(api.get("/api/waf/stats").await.body["data"]["flagged"], 4);
}

/// What is hidden is not said by a fragment either, and no rule sees it.
#[tokio::test]
async fn reasons_hide_what_the_row_hides() {
    let api = Api::empty();
    api.log(&[(
        10,
        "10.0.0.1 TCP_MISS/200 9 GET http://a.example/pay?card=4111111111111111&q=1 - HIER_DIRECT/192.0.2.7 -",
    )]);
    assert!(api.get("/api/logs/1").await.text.contains("4111111111111111"));
    let score = row(&api, 1).await["waf"]["score"].clone();
    assert!(score.as_u64().unwrap() > 0);
    api.set("gdpr_mode", "true");
    api.add_account("vera", "viewer");
    let answer = api.get_as("vera", "/api/logs/1").await;
    assert!(!answer.text.contains("4111111111111111"), "{}", answer.text);
    let row = &answer.body["data"];
    assert_eq!((&row["waf"]["score"], &row["rules_changed"]), (&score, &json!(null)));
    assert_eq!(row["matched_rules"][0]["fragment"], json!(null), "{}", answer.text);
}

#[tokio::test]
async fn clients_have_their_highest_scores() {
    let api = scored();
    let statistics = api.get("/api/clients/statistics").await.body["data"]["clients"].clone();
    let scores: Vec<_> = statistics
        .as_array()
        .unwrap()
        .iter()
        .map(|client| (client["ip_address"].as_str().unwrap(), client["max_score"].as_u64()))
        .collect();
    let score = async |id| row(&api, id).await["waf"]["score"].as_u64();
    let (first, second) = (score(2).await, score(3).await);
    assert_eq!(scores[0], ("10.0.0.1", first));
    assert!(scores[1..].contains(&("10.0.0.2", second)) && scores[1..].contains(&("10.0.0.3", Some(2))), "{scores:?}");

    // The highest first, cut after they are in order; whoever has none comes last.
    let by_score = async |query: &str| {
        let answer = api.get(&format!("/api/clients/statistics?sort=max_score{query}")).await;
        let clients = answer.body["data"]["clients"].as_array().unwrap().clone();
        clients.iter().map(|client| client["max_score"].as_u64()).collect::<Vec<_>>()
    };
    let mut sorted: Vec<_> = scores.iter().map(|(_, score)| *score).collect();
    sorted.sort_by_key(|score| std::cmp::Reverse(*score));
    assert_eq!(by_score("").await, sorted);
    assert_eq!(by_score("&limit=1").await, [sorted[0]]);
    assert_eq!(api.get("/api/clients/statistics?sort=name").await.status, 422);

    let history = api.get("/api/clients/10.0.0.1/details").await.body["data"]["score_history"].clone();
    let history: Vec<_> = history.as_array().unwrap().iter().map(|point| point["score"].as_u64()).collect();
    assert_eq!(history, [Some(0), first, Some(0)]);
}
