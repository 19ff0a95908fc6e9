//! `GET /api/logs/stats`.

use crate::support::api::{Api, as_admin};
use crate::support::lines::{SAMPLE, batch};
use axum::body::Body;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;

#[tokio::test]
async fn totals() {
    insta::assert_json_snapshot!("sample", Api::sample().get("/api/logs/stats").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/logs/stats").await.body);
}

#[tokio::test]
async fn a_challenge_is_blocked_where_the_setting_says_so_and_the_tag_changes_with_it() {
    let api = Api::sample();
    let before = api.get("/api/logs/stats").await;
    assert_eq!(before.body["data"]["blocked_count"], 3);
    let actor = Actor::system("test");
    api.control.set_setting("count_auth_challenges_as_blocked", SettingValue::Bool(true), &actor).unwrap();
    let after = api.get("/api/logs/stats").await;
    assert_eq!(after.body["data"]["blocked_count"], 4);
    assert_ne!(before.header("etag"), after.header("etag"));
    let challenged = api.get("/api/logs/8").await;
    assert_eq!(challenged.body["data"]["tags"], serde_json::json!(["blocked"]));
}

#[tokio::test]
async fn known_answers_are_304_until_something_changes() {
    let api = Api::sample();
    let first = api.get("/api/logs/stats").await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert_eq!(first.header("vary"), "Authorization, Cookie");
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "strong: {tag}");
    let again =
        |tag: &str| as_admin("GET", "/api/logs/stats").header("if-none-match", tag).body(Body::empty()).unwrap();
    for known in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let answer = api.send(again(&known)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str(), answer.header("etag")), (304, "", tag.as_str()));
    }
    assert_eq!(api.send(again("\"x\"")).await.status, 200);
    api.store.push(vec![batch(&SAMPLE[..1])]);
    assert_eq!(api.send(again(&tag)).await.status, 200);
}
