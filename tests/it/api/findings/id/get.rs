//! `GET /api/findings/{id}`.

use crate::api::findings::get::found;

#[tokio::test]
async fn a_finding_has_rows_that_show_it_and_says_what_to_do() {
    let api = found().await;
    let answer = api.get("/api/findings/1").await;
    let finding = &answer.body["data"];
    assert!(finding["recommendation"].as_str().unwrap().len() > 40, "{finding:#}");
    let evidence = finding["evidence"].as_array().unwrap();
    assert_eq!((evidence.len(), finding["note"].is_null()), (20, true));
    assert!(evidence.iter().all(|row| row["client_ip"] == "10.0.0.5" && row["destination"] == "c2.example:443"));
    assert!(evidence.iter().any(|row| row["timestamp"] == "2026-01-01 11:50:00"), "the last is among them");
    for id in ["3", "0", "01", "+1", "x", "99999999999999999999"] {
        assert_eq!(api.get(&format!("/api/findings/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(api.get("/api/findings/1?limit=1").await.status, 422);
}
