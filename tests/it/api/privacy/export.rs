//! `GET /api/privacy/export`.

use crate::support::api::Api;
use crate::support::lines::{SAMPLE, batch};
use serde_json::Value;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;

#[tokio::test]
async fn every_row_of_a_person_is_handed_out() {
    let api = Api::sample();
    // More than is read at a time.
    api.store.push((0..300).map(|_| batch(&SAMPLE)).collect());
    let answer = api.get("/api/privacy/export?client=10.0.0.1").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/x-ndjson"),
        "{}",
        answer.text
    );
    let rows: Vec<Value> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 4 * 301);
    assert!(rows.iter().all(|row| row["client_ip"] == "10.0.0.1"));
    assert!(rows.windows(2).all(|pair| pair[0]["id"].as_u64() < pair[1]["id"].as_u64()));
    let audited = &api.control.audit_page(&Default::default(), 1, 0).unwrap().0[0];
    assert_eq!((audited.action.as_str(), audited.state.name()), ("privacy.export", "done"));
    assert!(audited.target.starts_with("c-"), "{}", audited.target);
    assert_eq!(api.get("/api/privacy/export?user=Ada").await.text.lines().count(), 2 * 301);
    assert_eq!(api.get("/api/privacy/export?user=nobody").await.text, "");
}

#[tokio::test]
async fn handing_out_takes_a_person_and_who_may_see_them() {
    let api = Api::sample();
    assert_eq!(api.get("/api/privacy/export").await.status, 400);
    assert_eq!(api.get("/api/privacy/export?client=10.0.0.1&user=ada").await.fields(), ["user"]);
    assert_eq!(api.get("/api/privacy/export?client=c-aaaaaaaaaaaa").await.status, 404);
    api.add_account("viewer", "viewer");
    assert_eq!(api.get_as("viewer", "/api/privacy/export?client=10.0.0.1").await.status, 403);
    api.control.set_setting("gdpr_mode", SettingValue::Bool(true), &Actor::system("test")).unwrap();
    assert_eq!(api.get("/api/privacy/export?client=10.0.0.1").await.status, 403);
    api.control.set_setting("gdpr_mode", SettingValue::Bool(false), &Actor::system("test")).unwrap();
    api.sql(|db| {
        db.execute_batch("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
            .unwrap()
    });
    let answer = api.get("/api/privacy/export?client=10.0.0.1").await;
    assert_eq!(answer.status, 500);
    assert!(!answer.text.contains("10.0.0.1"));
}
