//! `GET /api/charts/severity-timeline`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/charts/severity-timeline?hours=4").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/charts/severity-timeline?hours=4").await.body);
}
