//! `GET /api/findings/detectors`.

use crate::api::findings::get::found;
use crate::support::api::Api;
use serde_json::json;

#[tokio::test]
async fn detectors_say_what_they_see_and_what_they_lack() {
    let api = Api::empty();
    let states = async |api: &Api| {
        let answer = api.get("/api/findings/detectors").await;
        let rows = answer.body["data"].as_array().unwrap().clone();
        rows.into_iter()
            .map(|row| (row["name"].clone(), row["state"].clone(), row["findings"].clone(), row["enabled"].clone()))
            .collect::<Vec<_>>()
    };
    assert!(
        states(&api)
            .await
            .iter()
            .all(|(_, state, count, enabled)| (state, count, enabled) == (&json!("waiting"), &json!(0), &json!(true)))
    );
    let api = found().await;
    api.set("findings_disabled", "tunnel");
    insta::assert_json_snapshot!("detectors", api.get("/api/findings/detectors").await.body);
    let states = states(&api).await;
    let of = |name: &str| states.iter().find(|row| row.0 == name).unwrap().clone();
    assert_eq!(of("beacon"), (json!("beacon"), json!("ok"), json!(1), json!(true)));
    assert_eq!(of("volume_out"), (json!("volume_out"), json!("no_data"), json!(0), json!(true)));
    assert_eq!(of("tunnel").3, json!(false));
}
