//! `GET /api/analytics/shadow-it`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/analytics/shadow-it").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/analytics/shadow-it").await.body);
}
