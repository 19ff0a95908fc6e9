//! `GET /api/analytics/file-extensions`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/analytics/file-extensions").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/analytics/file-extensions").await.body);
}
