//! What a changed setting changes, without a restart.

use crate::support::api::Api;
use serde_json::{Value, json};
use tidegate::control::Actor;
use tidegate::control::ControlDb;
use tidegate::control::settings::{SettingDefaults, SettingValue};

async fn row(api: &Api, id: u64) -> Value {
    api.get(&format!("/api/logs/{id}")).await.body["data"].clone()
}

fn tags(row: &Value) -> Vec<&str> {
    row["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect()
}

fn why(row: &Value, name: &str) -> String {
    let found = row["classification"].as_array().unwrap().iter().find(|found| found["name"] == name);
    found.map_or(String::new(), |found| found["why"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn internal_networks_make_destinations_private() {
    let api = Api::sample();
    assert_eq!(tags(&row(&api, 6).await), ["blocked", "ip_literal"]);
    api.post("/api/settings", r#"{"internal_networks":"203.0.113.0/24"}"#).await;
    let changed = row(&api, 6).await;
    assert_eq!(tags(&changed), ["blocked", "ip_literal", "private_destination"]);
    assert_eq!(why(&changed, "private_destination"), "the address lies in 203.0.113.0/24, one of internal_networks");
    let always = row(&api, 5).await;
    assert_eq!(why(&always, "private_destination"), "the address is not reachable on the public Internet");
}

#[tokio::test]
async fn aliases_name_clients() {
    let api = Api::sample();
    assert_eq!(row(&api, 5).await["client_name"], Value::Null);
    api.post("/api/settings", r#"{"client_aliases":["10.0.0.0/8=Office","10.0.0.3=Printer"]}"#).await;
    assert_eq!(row(&api, 5).await["client_name"], "Printer");
    let page = api.get("/api/logs?client_ip=10.0.0.1").await;
    assert!(page.body["data"].as_array().unwrap().iter().all(|row| row["client_name"] == "Office"));
    assert_eq!(row(&api, 7).await["client_name"], Value::Null);
}

#[tokio::test]
async fn ignored_hosts_are_tagged_stored_and_counted() {
    let api = Api::sample();
    let before = api.get("/api/logs/stats").await.body["data"].clone();
    api.post("/api/settings", r#"{"ignored_hosts":["example.com","203.0.113.9"]}"#).await;
    for (id, ignored) in [(3, true), (4, true), (6, true), (9, false), (11, false)] {
        let row = row(&api, id).await;
        assert_eq!(tags(&row).contains(&"ignored"), ignored, "{row}");
        assert_eq!(!why(&row, "ignored").is_empty(), ignored);
    }
    assert_eq!(api.get("/api/logs/stats").await.body["data"], before);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}

#[tokio::test]
async fn counting_and_keeping_follow_their_settings() {
    let api = Api::sample();
    let first = api.get("/api/logs/stats").await;
    api.post("/api/settings", r#"{"count_auth_challenges_as_blocked":true,"log_retention_days":38}"#).await;
    let second = api.get("/api/logs/stats").await;
    let blocked = |answer: &crate::support::api::Answer| answer.body["data"]["blocked_count"].as_u64().unwrap();
    assert_eq!(blocked(&second), blocked(&first) + 1);
    assert_ne!(first.header("etag"), second.header("etag"));
    assert!(tags(&row(&api, 8).await).contains(&"blocked"));
    assert_eq!(api.get("/api/retention-preview").await.body["delete_count"], 1);
}

#[tokio::test]
async fn every_list_is_part_of_the_tag() {
    let api = Api::sample();
    let mut tags = vec![api.get("/api/logs/stats").await.header("etag").to_owned()];
    for (name, value) in
        [("internal_networks", "10.0.0.0/8"), ("client_aliases", "10.0.0.1=a"), ("ignored_hosts", "a.example")]
    {
        api.post("/api/settings", &json!({ name: value }).to_string()).await;
        let tag = api.get("/api/logs/stats").await.header("etag").to_owned();
        assert!(!tags.contains(&tag), "{name}");
        tags.push(tag);
    }
}

#[tokio::test]
async fn what_another_process_sets_takes_effect() {
    let api = Api::sample();
    let dir = api.control.path().parent().unwrap();
    let other = ControlDb::open(dir, api.clock.clone(), SettingDefaults::default()).unwrap();
    other.set_setting("ignored_hosts", SettingValue::Text("example.com".to_owned()), &Actor::system("test")).unwrap();
    let started = std::time::Instant::now();
    while !tags(&row(&api, 3).await).contains(&"ignored") {
        assert!(started.elapsed().as_secs() < 10, "not noticed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
