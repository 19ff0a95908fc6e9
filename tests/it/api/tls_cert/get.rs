//! `GET /api/tls-cert`.

use crate::support::api::Api;

#[tokio::test]
async fn it_tells_what_there_is_and_no_key() {
    let api = Api::empty();
    let body = api.get("/api/tls-cert").await.body;
    assert_eq!(body["data"]["https"], false);
    insta::assert_json_snapshot!("tls_none", body["data"]["pairs"][0]);
    api.post("/api/tls-generate", r#"{"hosts":["proxy.example","192.0.2.7"],"days":30}"#).await;
    let answer = api.get("/api/tls-cert").await;
    insta::assert_json_snapshot!("tls_generated", answer.body["data"]["pairs"], {
        "[].certificate.fingerprint_sha256" => "[fingerprint]",
    });
    let key = std::fs::read_to_string(api.data_dir().join("tls/https.key")).unwrap();
    let secret = key.lines().nth(1).unwrap();
    assert!(!answer.text.contains("PRIVATE") && !answer.text.contains(secret));
    assert_eq!(api.get("/api/tls-cert?type=key").await.fields(), ["type"]);
}
