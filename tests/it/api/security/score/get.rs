//! `GET /api/security/score`.

use crate::support::api::Api;
use crate::support::process::{Server, json};
use serde_json::Value;
use tidegate::model::DAY_MS;

fn check<'v>(body: &'v Value, id: &str) -> &'v Value {
    body["data"]["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap()
}

/// What each check came to: `id status points/max`.
fn outcomes(body: &Value) -> Vec<String> {
    let checks = body["data"]["checks"].as_array().unwrap().iter();
    checks
        .map(|check| {
            let word = |name: &str| check[name].as_str().unwrap().to_owned();
            format!("{} {} {}/{}", word("id"), word("status"), check["points"], check["max_points"])
        })
        .collect()
}

#[tokio::test]
async fn what_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let conf = directory.path().join("squid.conf");
    std::fs::write(&conf, include_str!("../../../../fixtures/posture/hardened.conf")).unwrap();
    let api = Api::with(|state| state.with_squid_conf(Some(conf.clone())));
    api.set("direct_ip_blocked", "true");
    api.log(&[
        (60, "10.0.0.1 TCP_TUNNEL/200 500 CONNECT www.example.com:443 ada HIER_DIRECT/198.51.100.1 -"),
        (50, "10.0.0.1 TCP_TUNNEL/200 500 CONNECT 203.0.113.9:443 ada HIER_DIRECT/198.51.100.1 -"),
        (40, "10.0.0.1 TCP_MISS/200 500 GET http://www.example.com/ - HIER_DIRECT/198.51.100.1 text/html"),
    ]);
    let body = api.get("/api/security/score").await.body;
    insta::assert_json_snapshot!("outcomes", outcomes(&body));
    insta::assert_json_snapshot!("contradicted", check(&body, "settings.direct_ip"));
    let data = &body["data"];
    let sum = |name: &str| -> u64 {
        let checks = data["checks"].as_array().unwrap().iter().filter(|check| check["status"] != "unknown");
        checks.map(|check| check[name].as_u64().unwrap()).sum()
    };
    assert_eq!(data["score"].as_u64(), Some(100 * sum("points") / sum("max_points")));
    assert_eq!((&data["max_score"], &data["history"]), (&100.into(), &serde_json::json!([])));
    // Dearest first: as many as checks that lost points.
    let lost = |check: &Value| check["max_points"].as_u64().unwrap() - check["points"].as_u64().unwrap();
    let mut losing: Vec<&Value> =
        data["checks"].as_array().unwrap().iter().filter(|check| check["recommendation"].is_string()).collect();
    losing.sort_by_key(|check| std::cmp::Reverse(lost(check)));
    let texts: Vec<&Value> = losing.iter().map(|check| &check["recommendation"]).collect();
    assert_eq!(data["recommendations"].as_array().unwrap().iter().collect::<Vec<_>>(), texts);
    // Before a score was kept the dashboard tells that of settings and squid.conf, and reads no rows for it.
    let told = async || api.get("/api/dashboard/summary").await.body["data"]["security_score"].clone();
    assert!(told().await.as_u64().is_some_and(|score| score <= 100));
    api.control.record_posture(7, [(0, 0); 3], &serde_json::json!({})).unwrap();
    assert_eq!(told().await, 7);
    // The rows named are those that the link lists.
    let seen = &check(&body, "settings.direct_ip")["evidence"][1];
    assert_eq!(api.get(seen["href"].as_str().unwrap()).await.ids(), [seen["rows"][0].as_u64().unwrap()]);
    assert_eq!(api.get("/api/security/score?hours=1").await.status, 422);
}

#[tokio::test]
async fn what_can_not_be_looked_at_is_unknown() {
    let api = Api::empty();
    let body = api.get("/api/security/score").await.body;
    for check in body["data"]["checks"].as_array().unwrap() {
        let known = check["source"] == "settings";
        assert_eq!(check["status"] != "unknown", known, "{check}");
    }
    assert!(check(&body, "squid.open_proxy")["evidence"][0]["text"].as_str().unwrap().contains("[squid]"));
    // A file that is not there is no reason not to answer.
    let api = Api::with(|state| state.with_squid_conf(Some("/nowhere/squid.conf".into())));
    let body = api.get("/api/security/score").await.body;
    let why = check(&body, "squid.open_proxy")["evidence"][0]["text"].as_str().unwrap().to_owned();
    assert!(why.contains("/nowhere/squid.conf: can't be read"), "{why}");
}

#[tokio::test]
async fn scores_of_ninety_days_are_told() {
    let api = Api::empty();
    let points = [(1, 2); 3];
    let none = Value::Null;
    api.control.record_posture(11, points, &none).unwrap();
    api.later(91 * DAY_MS);
    api.control.record_posture(22, points, &none).unwrap();
    api.later(DAY_MS);
    api.control.record_posture(33, points, &none).unwrap();
    let body = api.get("/api/security/score").await.body;
    let want = serde_json::json!([
        { "time": "2026-04-02T12:00:00Z", "score": 22 },
        { "time": "2026-04-03T12:00:00Z", "score": 33 },
    ]);
    assert_eq!(body["data"]["history"], want);
}

#[tokio::test]
async fn nobody_without_the_scope_is_told_what_hides_somebody() {
    let api = Api::empty();
    api.set("gdpr_mode", "true");
    api.add_account("vera", "viewer");
    api.log(&[(40, "10.0.0.1 TCP_MISS/200 500 GET http://203.0.113.9/secret ada HIER_DIRECT/198.51.100.1 text/html")]);
    let answer = api.get_as("vera", "/api/security/score").await;
    assert_eq!(answer.status, 200);
    for personal in ["10.0.0.1", "203.0.113.9", "ada", "secret"] {
        assert!(!answer.text.contains(personal), "{personal}: {}", answer.text);
    }
}

#[test]
fn a_served_proxy_that_lets_bare_addresses_through_contradicts_its_setting() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let line = |target: &str| {
        format!("{}.000 12 10.0.0.1 TCP_TUNNEL/200 500 CONNECT {target} ada HIER_DIRECT/198.51.100.1 -\n", seconds - 60)
    };
    let log = line("www.example.com:443") + &line("203.0.113.9:443") + &line("203.0.113.10:443");
    std::fs::write(directory.path().join("access.log"), log).unwrap();
    std::fs::write(directory.path().join("squid.conf"), "http_access allow all\n").unwrap();
    std::fs::write(
        directory.path().join("config.toml"),
        "[squid]\nconf = \"squid.conf\"\n[settings]\ndirect_ip_blocked = true\n",
    )
    .unwrap();
    json(directory.path(), &["import", "--json", "access.log"]);
    let server = Server::start(directory.path());
    let body = server.get("/api/security/score");
    let found = check(&body, "settings.direct_ip");
    assert_eq!((found["status"].as_str(), found["points"].as_u64()), (Some("contradicted"), Some(0)), "{found}");
    let rows = &found["evidence"][1];
    assert_eq!((&rows["count"], &rows["rows"]), (&2.into(), &serde_json::json!([3, 2])));
    let open = check(&body, "squid.open_proxy");
    assert_eq!((open["status"].as_str(), open["evidence"][0]["line"].as_u64()), (Some("failed"), Some(1)), "{open}");
    // The same by the command line, beside the server.
    let said = json(directory.path(), &["score", "--format", "json"]);
    assert_eq!(said["score"], body["data"]["score"]);
}
