//! `GET /api/findings`.

use crate::support::api::Api;
use serde_json::{Value, json};
use std::time::Duration;
use tidegate::control::JobRunId;

/// A machine that calls home every ten minutes for a day, and one that tries passwords; looked for by the job.
pub async fn found() -> Api {
    let api = Api::empty();
    let calls: Vec<(i64, &str)> = (1..140)
        .map(|at| (at * 10, "10.0.0.5 TCP_TUNNEL/200 512 CONNECT c2.example:443 - HIER_DIRECT/203.0.113.9 -"))
        .collect();
    api.log(&calls);
    let names: Vec<String> = (0..30)
        .map(|at| format!("10.0.0.6 TCP_DENIED/407 512 CONNECT www.example:443 user{at} HIER_NONE/- text/html"))
        .collect();
    let tries: Vec<(i64, &str)> =
        names.iter().enumerate().map(|(at, line)| (if at < 15 { 90 } else { 80 }, &**line)).collect();
    api.log(&tries);
    // Its name ends as that of the place that is called.
    api.log(&[(700, "10.0.0.5 TCP_TUNNEL/200 512 CONNECT abc2.example:443 - HIER_DIRECT/203.0.113.10 -")]);
    look(&api).await;
    api
}

/// Has detectors look, and answers what came of it.
pub async fn look(api: &Api) -> Value {
    let begun = api.post("/api/jobs/findings/run", "").await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    assert!(api.jobs.wait(JobRunId(begun.body["data"]["job_id"].as_i64().unwrap()), Duration::from_secs(60)));
    api.get(begun.header("location")).await.body["data"]["result"].clone()
}

#[tokio::test]
async fn findings_say_why_in_a_sentence_and_link_to_their_rows() {
    let api = found().await;
    let found = api.get("/api/findings").await;
    insta::assert_json_snapshot!("findings", found.body);
    for finding in found.body["data"].as_array().unwrap() {
        let rows = api.get(&format!("{}&limit=1", finding["logs"].as_str().unwrap())).await;
        assert_eq!((rows.status.as_u16(), &rows.body["total"]), (200, &finding["requests"]), "{finding:#}");
    }
    let summary = api.get("/api/dashboard/summary").await;
    insta::assert_json_snapshot!("summary", summary.body["data"]["findings"]);

    // Found again, they are the same; what goes on has more requests.
    api.log(&[(0, "10.0.0.5 TCP_TUNNEL/200 512 CONNECT c2.example:443 - HIER_DIRECT/203.0.113.9 -")]);
    let again = look(&api).await;
    assert_eq!((&again["findings"], &again["new"], &again["blind"]), (&json!(2), &json!(0), &json!(["volume_out"])));
    let renewed = api.get("/api/findings?detector=beacon").await;
    assert_eq!((renewed.ids(), &renewed.body["data"][0]["requests"]), (vec![1], &json!(140)));
}

#[tokio::test]
async fn findings_are_filtered_ordered_and_paged() {
    let api = found().await;
    let ids = async |query: &str| {
        let answer = api.get(&format!("/api/findings?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        assert_eq!(answer.body["total"], answer.ids().len());
        answer.ids()
    };
    for (query, expected) in [
        ("sort=severity", vec![2, 1]),
        ("sort=severity&order=asc", vec![1, 2]),
        ("sort=first_seen", vec![2, 1]),
        ("detector=beacon", vec![1]),
        ("detector=!beacon", vec![2]),
        ("severity=Error", vec![2]),
        ("min_severity=4", vec![1, 2]),
        ("min_severity=err", vec![]),
        ("client_ip=10.0.0.6", vec![2]),
        ("client_ip=10.0.0.6&client_ip=10.0.0.5", vec![1, 2]),
        ("destination=C2.EXAMPLE", vec![1]),
        ("status=dismissed", vec![]),
        ("hours=1", vec![1]),
        ("from=2026-01-01&to=2026-01-01T11:30:00Z", vec![2]),
    ] {
        if query == "min_severity=err" {
            assert_eq!(api.get("/api/findings?min_severity=err").await.fields(), ["min_severity"]);
            continue;
        }
        assert_eq!(ids(query).await, expected, "{query}");
    }
    let first = api.get("/api/findings?limit=1").await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = api.get(&format!("/api/findings?limit=1&cursor={cursor}")).await;
    assert_eq!((first.ids(), second.ids(), second.body["next_cursor"].is_null()), (vec![1], vec![2], true));
    assert_eq!(api.get("/api/findings?limit=1&offset=1").await.ids(), [2]);
    assert_eq!(api.get("/api/findings?cursor_id=1").await.ids(), [2]);
    assert_eq!(api.get(&format!("/api/findings?detector=beacon&cursor={cursor}")).await.fields(), ["cursor"]);
    assert_eq!(
        api.get("/api/findings?detector=odd&status=odd&sort=odd").await.fields(),
        ["detector", "sort", "status"]
    );
}

#[tokio::test]
async fn a_masked_reader_sees_no_address_in_a_finding() {
    let api = found().await;
    api.set("gdpr_mode", "true");
    api.add_account("viewer", "viewer");
    let list = api.get_as("viewer", "/api/findings").await;
    let detail = api.get_as("viewer", "/api/findings/1").await;
    for answer in [&list, &detail] {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("10.0.0."), "{}", answer.text);
    }
    let client = list.body["data"][0]["client_ip"].as_str().unwrap();
    assert!(client.starts_with("c-") && list.body["data"][0]["summary"].as_str().unwrap().starts_with(client));
    assert_eq!(api.get_as("viewer", &format!("/api/findings?client_ip={client}")).await.ids(), [1]);
    assert_eq!(api.get_as("viewer", "/api/findings?client_ip=10.0.0.5").await.ids(), [0_u64; 0]);
    let rows = api.get_as("viewer", &format!("{}&limit=1", list.body["data"][0]["logs"].as_str().unwrap())).await;
    assert_eq!(rows.body["total"], list.body["data"][0]["requests"]);
}

#[tokio::test]
async fn findings_go_with_their_rows() {
    let api = found().await;
    assert_eq!(
        api.post("/api/privacy/erase", r#"{"client":"10.0.0.5","reason":"asked for in a letter"}"#).await.status,
        200
    );
    assert_eq!(api.get("/api/findings").await.ids(), [2]);
    api.later(31 * 86_400_000);
    assert_eq!(api.post("/api/logs/clear-old", r#"{"days":30}"#).await.status, 200);
    assert_eq!(api.get("/api/findings").await.ids(), [0_u64; 0]);
}
