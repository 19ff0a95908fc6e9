//! `GET /api/logs/{id}`.

use crate::support::api::Api;

#[tokio::test]
async fn a_row_with_everything_known_of_it() {
    let api = Api::sample();
    insta::assert_json_snapshot!("denied", api.get("/api/logs/5").await.body);
    let kept = api.get("/api/logs/12").await;
    assert_eq!(kept.body["data"]["raw"], "the line as it was");
    assert_eq!(api.get("/api/v1/logs/11").await.body["data"]["destination"], "-");
}

#[tokio::test]
async fn malformed_and_unknown_ids_are_404() {
    let api = Api::sample();
    for id in ["0", "13", "x", "-1", "+1", "01", "1.0", "1%20", "99999999999999999999", "%F0"] {
        let answer = api.get(&format!("/api/logs/{id}")).await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (404, Some("not_found")), "{id}");
    }
    assert_eq!(api.get("/api/logs/1?verbose=1").await.fields(), ["verbose"]);
}
