//! `GET /api/stats`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/stats").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/stats").await.body);
}

#[tokio::test]
async fn a_window_is_counted_where_one_is_asked_for() {
    let api = Api::sample();
    let whole = api.get("/api/stats").await.body;
    assert_eq!((&whole["total"], &whole["data"]["total"]), (&12.into(), &12.into()));
    assert_eq!((&whole["lines_total"], &whole["hosts"]), (&13.into(), &serde_json::json!(["proxy1"])));
    assert_eq!(api.get("/api/stats?days=7").await.body["total"], 10);
}
