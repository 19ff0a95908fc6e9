//! `GET /api/openapi.json`.

use crate::support::api::Api;

#[tokio::test]
async fn the_document_is_open_and_3_1() {
    let api = Api::empty();
    for path in ["/api/openapi.json", "/api/v1/openapi.json"] {
        let answer = api.anonymous("GET", path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
        assert_eq!(answer.body["openapi"], "3.1.0");
        let any = serde_json::json!([{ "basic": [] }, { "bearer": [] }, { "cookie": [] }]);
        assert_eq!(answer.body["security"], any);
        let schemes = answer.body["components"]["securitySchemes"].as_object().unwrap();
        assert_eq!(schemes.keys().collect::<Vec<_>>(), ["basic", "bearer", "cookie"]);
        let limit = answer.body["paths"]["/api/logs"]["get"]["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .find(|parameter| parameter["name"] == "limit")
            .unwrap();
        assert_eq!((&limit["schema"]["minimum"], &limit["schema"]["maximum"]), (&1.into(), &1000.into()));
    }
}
