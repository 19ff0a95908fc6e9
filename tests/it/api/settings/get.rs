//! `GET /api/settings`.

use crate::support::api::Api;
use serde_json::{Value, json};
use tidegate::control::settings::SETTINGS;

#[tokio::test]
async fn every_setting_with_what_it_takes() {
    let api = Api::empty();
    let answer = api.get("/api/settings").await;
    insta::assert_json_snapshot!("settings", answer.body["data"]);
    let names: Vec<_> = answer.body["data"].as_array().unwrap().iter().map(|row| row["setting_name"].clone()).collect();
    assert_eq!(names, SETTINGS.iter().map(|spec| Value::from(spec.name)).collect::<Vec<_>>());
}

#[tokio::test]
async fn long_lists_are_shown_in_part() {
    let api = Api::empty();
    let hosts: Vec<_> = (0..250).map(|n| format!("h{n:03}.example")).collect();
    let set =
        api.send_as("PUT", "/api/settings/ignored_hosts", "application/json", json!({ "value": hosts }).to_string());
    let row = &set.await.body["data"][0];
    assert_eq!((&row["count"], &row["setting_value"]), (&json!(250), &json!(hosts[..100])));
}
