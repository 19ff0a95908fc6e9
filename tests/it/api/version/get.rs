//! `GET /api/version`.

use crate::support::api::Api;

#[tokio::test]
async fn everybody_known_is_told_the_version() {
    let api = Api::empty();
    api.add_account("eve", "viewer");
    for path in ["/api/version", "/api/v1/version"] {
        let answer = api.get_as("eve", path).await;
        assert_eq!(answer.status, 200);
        let data = &answer.body["data"];
        assert_eq!((&data["name"], &data["version"]), (&"tidegate".into(), &env!("CARGO_PKG_VERSION").into()));
        assert_eq!((&data["update_available"], &data["latest_version"]), (&false.into(), &serde_json::Value::Null));
        assert_eq!(api.anonymous("GET", path).await.status, 401);
    }
    assert_eq!(api.get("/api/version?x=1").await.fields(), ["x"]);
}
