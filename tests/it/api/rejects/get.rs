//! `GET /api/rejects`.

use crate::support::api::Api;
use serde_json::json;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;
use tidegate::model::{Batch, Reject, RejectReason, SourceName};

fn with_rejects() -> Api {
    let api = Api::empty();
    for (source, reason, lines) in [("squid", RejectReason::BadTime, 1500), ("edge", RejectReason::TooLong, 2)] {
        let mut batch = Batch::new(SourceName { name: source.into(), ..SourceName::default() });
        let reject = |number| Reject::new(reason, number, format!("line {number} of Ada").as_bytes());
        batch.rejects = (0..lines).map(reject).collect();
        api.store.push(vec![batch]);
    }
    api
}

#[tokio::test]
async fn lines_are_shown_as_they_are_or_as_their_shape() {
    let api = with_rejects();
    let plain = api.get("/api/rejects?limit=1&source=SQUID").await;
    assert_eq!(
        (&plain.body["data"][0]["line"], &plain.body["data"][0]["is_shape"]),
        (&json!("line 1499 of Ada"), &json!(false))
    );
    api.control.set_setting("gdpr_mode", SettingValue::Bool(true), &Actor::system("test")).unwrap();
    insta::assert_json_snapshot!("masked", api.get("/api/rejects?limit=1&source=edge").await.body, { ".next_cursor" => "sealed" });
}

#[tokio::test]
async fn lines_are_counted_filtered_and_paged() {
    let api = with_rejects();
    let counts = json!([
        { "source": "edge", "reason": "too_long", "lines": 2, "kept": 2, "unkept": 0 },
        { "source": "squid", "reason": "bad_time", "lines": 1500, "kept": 1500, "unkept": 0 },
    ]);
    let all = api.get("/api/rejects?limit=1000").await;
    assert_eq!((&all.body["total"], &all.body["counts"]), (&json!(1502), &counts));
    let cursor = all.body["next_cursor"].as_str().unwrap();
    let rest = api.get(&format!("/api/rejects?limit=1000&cursor={cursor}")).await;
    assert_eq!((rest.ids().len(), rest.body["next_cursor"].is_null()), (502, true));
    assert_eq!([all.ids(), rest.ids()].concat().len(), 1502);
    assert_eq!(api.get("/api/rejects?limit=502&offset=1000").await.ids(), rest.ids());
    assert_eq!(api.get("/api/rejects?offset=5000").await.ids(), [0_u64; 0]);
    assert_eq!(api.get("/api/rejects?reason=too_long").await.body["total"], 2);
    assert_eq!(api.get("/api/rejects?reason=!too_long&source=!squid").await.body["total"], 0);
    assert_eq!(api.get("/api/rejects?reason=odd").await.fields(), ["reason"]);
    assert_eq!(api.get(&format!("/api/rejects?source=edge&cursor={cursor}")).await.fields(), ["cursor"]);
    api.add_account("auditor", "auditor");
    assert_eq!(api.get_as("auditor", "/api/rejects").await.status, 403);
}

#[tokio::test]
async fn lines_that_are_only_counted_are_not_in_the_list() {
    let api = Api::empty();
    let mut batch = Batch::new(SourceName { name: "squid".into(), ..SourceName::default() });
    batch.rejects = (0..Reject::MOST_LINES + 2).map(|at| Reject::new(RejectReason::BadTime, at, b"x")).collect();
    api.store.push(vec![batch]);
    let answer = api.get("/api/rejects?limit=1").await.body;
    let (lines, kept) = (Reject::MOST_LINES + 2, Reject::MOST_LINES);
    let count = json!({ "source": "squid", "reason": "bad_time", "lines": lines, "kept": kept, "unkept": 2 });
    assert_eq!((&answer["total"], &answer["counts"][0]), (&json!(kept), &count));
    assert_eq!(api.get("/api/logs/stats").await.body["data"]["rejected_lines"], lines);
}
