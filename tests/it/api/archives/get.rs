//! `GET /api/archives`.

use super::two;
use crate::support::api::Api;
use serde_json::json;

#[tokio::test]
async fn archives_are_listed_oldest_first_and_bad_ones_are_among_them() {
    let api = Api::sample();
    assert_eq!(api.get("/api/archives").await.body["data"], json!([]));
    let [plain, masked] = two(&api);
    std::fs::write(api.data_dir().join("archives/zz.tar"), "no archive").unwrap();
    let listed = api.get("/api/archives").await;
    let rows = listed.body["data"].as_array().unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (&row["name"], &row["rows"], &row["masking"])).collect();
    assert_eq!(
        seen,
        [
            (&json!(masked.name()), &json!(12), &json!("mask")),
            (&json!(plain.name()), &json!(12), &json!("none")),
            (&json!("zz.tar"), &json!(null), &json!(null))
        ]
    );
    assert_eq!(rows[1]["bytes"], plain.bytes());
    assert_eq!(rows[1]["download"], format!("/archives/download/{}", plain.name()));
    assert!(rows[2]["error"].is_string() && !listed.text.contains(&*api.data_dir().to_string_lossy()));
    assert_eq!(api.get("/api/archives?x=1").await.status, 422);
}
