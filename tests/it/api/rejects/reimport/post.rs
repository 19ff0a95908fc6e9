//! `POST /api/rejects/reimport`.

use crate::support::api::Api;
use crate::support::memory::Mood;
use serde_json::json;
use tidegate::model::{Batch, Reject, RejectReason, SourceName};

const PATH: &str = "/api/rejects/reimport";

fn line(number: usize) -> String {
    format!("1767225600.{number:03} 1 10.0.0.7 TCP_HIT/200 1 GET http://a.example/{number} ada HIER_NONE/- -")
}

/// Ten lines of Squid's format among what was rejected of another.
fn with_rejects() -> Api {
    let api = Api::empty();
    let source = SourceName { name: "Edge".into(), host: "proxy1".into(), format: "a-later-format".into() };
    let mut batch = Batch::new(source);
    batch.rejects = (0..10).map(|at| Reject::new(RejectReason::BadTime, 100, line(at).as_bytes())).collect();
    batch.rejects.push(Reject::new(RejectReason::BadTime, 0, b"no line"));
    batch.rejects.push(Reject::new(RejectReason::TooLong, 0, b"the head of a line"));
    batch.rejects.push(Reject::as_shape(RejectReason::BadTime, 0, b"no line"));
    api.store.push(vec![batch]);
    api
}

#[tokio::test]
async fn what_can_be_read_becomes_rows_and_is_on_record() {
    let api = with_rejects();
    let answer = api.post(PATH, r#"{"source":"edge","format":"auto"}"#).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!("read_again", answer.body);
    let row = &api.get("/api/logs?limit=1").await.body["data"][0];
    assert_eq!(
        (&row["source"], &row["host"], &row["url"]),
        (&json!("Edge"), &json!("proxy1"), &json!("http://a.example/9"))
    );
    let left = api.get("/api/rejects").await.body;
    assert_eq!((&left["total"], left["counts"].as_array().unwrap().len()), (&json!(3), 2));
    let entry = &api.get("/api/audit-log?action=rejects.reimport").await.body["data"][0];
    insta::assert_json_snapshot!("audited", entry, { ".request_id" => "[request_id]", ".hash" => "[hash]" });
    assert_eq!(api.post(PATH, r#"{"source":"edge","format":"squid"}"#).await.body["data"]["stored"], 0);
    assert_eq!(api.get("/api/logs").await.body["total"], 10);
}

#[tokio::test]
async fn a_reason_narrows_and_a_source_without_rejects_has_none() {
    let api = with_rejects();
    let of = async |body: &str| api.post(PATH, body).await.body["data"].clone();
    assert_eq!(of(r#"{"source":"edge","reason":"too_long","format":"squid"}"#).await["not_whole"], 1);
    assert_eq!(of(r#"{"source":"edge"}"#).await["still_rejected"], json!({ "bad_time": 11 }));
    assert_eq!(of(r#"{"source":"10.0.0.7"}"#).await["tried"], 0);
    let audit = api.get("/api/audit-log?action=rejects.reimport").await;
    assert_eq!(audit.body["total"], 2);
    assert!(!audit.text.contains("10.0.0.7"));
}

#[tokio::test]
async fn faults_are_named() {
    let api = with_rejects();
    for (body, status, fields) in [
        ("{}", 400, vec![]),
        ("", 400, vec![]),
        (r#"{"source":"edge","format":"nonsense"}"#, 422, vec!["format"]),
        (r#"{"source":"edge","reason":"odd","formt":"squid"}"#, 422, vec!["formt", "reason"]),
        (r#"{"source":["edge"]}"#, 422, vec!["source"]),
        // Nothing that can be found explains the one line there is.
        (r#"{"source":"odd","format":"auto"}"#, 422, vec!["format"]),
    ] {
        let mut odd = Batch::new(SourceName { name: "odd".into(), ..SourceName::default() });
        odd.rejects.push(Reject::new(RejectReason::BadTime, 0, b"odd"));
        api.store.push(vec![odd]);
        let answer = api.post(PATH, body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (status, fields), "{body}: {}", answer.text);
    }
    assert_eq!(api.post(&format!("{PATH}?source=edge"), r#"{"source":"edge"}"#).await.fields(), ["source"]);
    assert_eq!(api.get("/api/logs").await.body["total"], 0);
    let entry = &api.get("/api/audit-log?action=rejects.reimport").await.body["data"][0];
    assert_eq!((&entry["state"], &entry["details"]["after"]["error"]), (&json!("failed"), &json!("invalid")));
    api.store.set_mood(Mood::Broken);
    assert_eq!(api.post(PATH, r#"{"source":"edge"}"#).await.status, 500);
}

/// A definition says which part of a line is an address and which a method: it could show the one as the other.
#[tokio::test]
async fn under_masking_only_formats_with_a_name_are_taken() {
    let api = with_rejects();
    let defined = r#"{"source":"edge","format":"squid %ts %rm %>a"}"#;
    assert_eq!(api.post(PATH, defined).await.fields(), ["format"]);
    api.set("gdpr_mode", "true");
    assert_eq!(api.post(PATH, defined).await.status, 403);
    assert_eq!(api.post(PATH, r#"{"source":"edge","format":"nonsense"}"#).await.fields(), ["format"]);
    assert_eq!(api.get("/api/logs").await.body["total"], 0);
    let answer = api.post(PATH, r#"{"source":"edge","format":"squid"}"#).await;
    assert_eq!(answer.body["data"]["stored"], 10);
    let row = &api.get("/api/logs?limit=1").await.body["data"][0];
    assert!(row["client_ip"].as_str().unwrap().starts_with("c-"), "{row}");
}

#[tokio::test]
async fn rows_are_stored_as_the_settings_say_now() {
    let api = with_rejects();
    api.set("gdpr_store_pseudonymised", "true");
    assert_eq!(api.post(PATH, r#"{"source":"edge","format":"squid"}"#).await.body["data"]["stored"], 10);
    let row = &api.get("/api/logs?limit=1").await.body["data"][0];
    assert!(row["client_ip"].as_str().unwrap().starts_with("c-"), "{row}");
}
