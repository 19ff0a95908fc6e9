//! `GET /api/export/{csv,json,ndjson}` and `/export/{csv,json}`.

use crate::support::api::{Api, as_admin};
use crate::support::lines::{Line, SAMPLE, batch, batch_of};
use crate::support::people::Way;
use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::Value;
use std::time::Duration;
use tidegate::control::AuditRow;
use tidegate::model::Role;
use tower::ServiceExt;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn last_audited(api: &Api) -> AuditRow {
    let rows = api.control.audit_page(&Default::default(), 10, 0).unwrap().0;
    rows.into_iter().find(|row| row.action == "logs.export").unwrap()
}

/// Waits for the end of an export to be on record.
async fn audited(api: &Api) -> AuditRow {
    for _ in 0..500 {
        let row = last_audited(api);
        if row.state.name() != "intent" {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no end is on record");
}

#[tokio::test]
async fn files_hold_the_rows_of_the_list() {
    let api = Api::sample();
    for query in ["", "?tag=blocked", "?keyword=example&from=30d", "?method=PATCH"] {
        let listed = api.get(&format!("/api/logs{query}")).await;
        let rows = listed.body["data"].as_array().unwrap();
        let json = api.get(&format!("/api/export/json{query}")).await;
        assert_eq!(json.body.as_array(), Some(rows), "{query}");
        let ndjson = api.get(&format!("/api/export/ndjson{query}")).await;
        assert_eq!((&lines(&ndjson.text), ndjson.header("content-type")), (rows, "application/x-ndjson"), "{query}");
        let csv = api.get(&format!("/api/export/csv{query}")).await;
        let mut reader = csv::Reader::from_reader(csv.text.as_bytes());
        let names = reader.headers().unwrap().clone();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows.len(), "{query}");
        for (record, row) in records.iter().zip(rows) {
            let mut fields: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
            for (name, cell) in names.iter().zip(record) {
                let value = match name.strip_prefix("waf_") {
                    Some(below) => &row["waf"][below],
                    None => &row[name],
                };
                let wanted = match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    Value::Array(words) => {
                        words.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(" ")
                    }
                    other => other.to_string(),
                };
                assert!(cell == wanted || cell == format!("'{wanted}"), "{name}: {cell}, not {wanted}");
                fields.retain(|field| *field != name && !(*field == "waf" && name == "waf_score"));
            }
            assert_eq!(fields, [""; 0], "fields without a column");
        }
        for answer in [&json, &ndjson, &csv] {
            assert_eq!(answer.header("x-total-count"), rows.len().to_string());
            assert_eq!((answer.header("x-truncated"), answer.header("cache-control")), ("false", "no-store"));
        }
    }
    let csv = api.get("/api/export/csv").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"tidegate-2026-01-01-12-00-00.csv\"");
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    insta::assert_snapshot!("csv", csv.text.replace("\r\n", "␍\n"));
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let api = Api::empty();
    let line = Line { method: "=cmd|' /C calc'!A0", target: ("", "@SUM(1+1),\"a\"\r\n=x"), result: "+1", ..SAMPLE[0] };
    api.store.push(vec![batch(&[line])]);
    let csv = api.get("/api/export/csv").await.text;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let record = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| &record[names.iter().position(|one| one == name).unwrap()];
    assert_eq!(cell("method"), "'=cmd|' /C calc'!A0");
    assert_eq!(cell("url"), "'@SUM(1+1),\"a\"\r\n=x");
    assert_eq!((cell("result"), cell("destination")), ("'+1", "'-"));
    assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '@', '-', '\t', '\r'])), "{record:?}");
}

#[tokio::test]
async fn large_files_are_cut_where_asked_and_written_in_pieces() {
    let api = Api::sample();
    api.store.push((0..900).map(|_| batch(&SAMPLE)).collect());
    api.add_account("auditor", "auditor");
    let total = 901 * SAMPLE.len();
    for (who, query, rows) in [
        ("admin", "", 10_000),
        ("auditor", "", 10_000),
        ("auditor", "?max_rows=2001", 2001),
        ("admin", "?max_rows=100000", total),
        ("admin", "?max_rows=1&order_by=x", 0),
        ("auditor", "?max_rows=10001", 0),
        ("admin", "?max_rows=0", 0),
        ("admin", "?limit=10", 0),
    ] {
        let answer = api.get_as(who, &format!("/api/export/ndjson{query}")).await;
        if rows == 0 {
            assert_eq!(answer.status, 422, "{who} {query}");
            continue;
        }
        let ids: Vec<u64> = lines(&answer.text).iter().map(|row| row["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), rows, "{who} {query}");
        assert_eq!(answer.header("x-total-count"), total.to_string());
        assert_eq!(answer.header("x-truncated"), if rows < total { "true" } else { "false" });
        let mut each = ids.clone();
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), rows, "{who} {query}: a row twice");
    }
    let newest = api.get("/api/export/json?max_rows=3").await;
    let listed = api.get("/api/logs?limit=3").await;
    assert_eq!(newest.body, listed.body["data"]);
}

#[tokio::test]
async fn what_was_taken_away_is_on_record_without_names() {
    let api = Api::sample();
    let query = "client_ip=10.0.0.3&user=ada&keyword=secret&domain=!a.example&method=GET&method=!POST&from=2025-01-01";
    assert_eq!(api.get(&format!("/api/export/csv?{query}")).await.status, 200);
    let row = audited(&api).await;
    assert_eq!((row.action.as_str(), row.target.as_str(), row.state.name()), ("logs.export", "csv", "done"));
    insta::assert_json_snapshot!("audited", [row.before, row.after]);

    // A client that goes away in the middle.
    api.store.push((0..400).map(|_| batch(&SAMPLE)).collect());
    let request = as_admin("GET", "/api/export/ndjson").body(Body::empty()).unwrap();
    let mut body = api.router.clone().oneshot(request).await.unwrap().into_body();
    assert_eq!(last_audited(&api).state.name(), "intent");
    while body.frame().await.unwrap().unwrap().into_data().unwrap().is_empty() {}
    drop(body);
    let row = audited(&api).await;
    assert_eq!(row.state.name(), "failed");
    assert_eq!(row.after.unwrap()["error"], "the client went away; 2000 rows were handed out");

    // Nothing leaves that can't be recorded.
    api.sql(|db| {
        db.execute_batch("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
            .unwrap()
    });
    assert_eq!(api.get("/api/export/csv").await.status, 500);
}

/// An export that is under way ends when what it may show changes.
#[tokio::test]
async fn masking_holds_for_files() {
    let api = Api::sample();
    api.store.push((0..400).map(|_| batch(&SAMPLE)).collect());
    let request = as_admin("GET", "/api/export/ndjson").body(Body::empty()).unwrap();
    let mut body = api.router.clone().oneshot(request).await.unwrap().into_body();
    while body.frame().await.unwrap().unwrap().into_data().unwrap().is_empty() {}
    api.set("gdpr_mode", "true");
    assert!(body.collect().await.is_err());
    assert_eq!(audited(&api).await.state.name(), "failed");
    for format in ["csv", "json", "ndjson"] {
        let answer = api.get(&format!("/api/export/{format}?client_ip=!10.0.0.1")).await;
        assert!(answer.text.contains("c-") && !answer.text.contains("10.0.0."), "{}", answer.text);
        assert!(!answer.text.contains("ada"));
    }
    assert_eq!(api.get("/api/export/json?client_ip=10.0.0.1").await.body.as_array().map(Vec::len), Some(0));
    assert_eq!(api.get("/api/export/json?client_ip=10.0.0.0/8").await.fields(), ["client_ip"]);
}

#[tokio::test]
async fn links_work_with_a_session_and_keys_keep_to_their_sources() {
    let api = Api::sample();
    api.store.push(vec![batch_of("edge", &SAMPLE[..2])]);
    let auditor = api.person("auditor", Role::Auditor);
    let session = api.who(&auditor, Way::Session, None);
    for path in ["/export/csv", "/export/json", "/api/export/csv", "/api/v1/export/ndjson"] {
        assert_eq!(api.ask(&session, "GET", path, None).await.status, 200, "{path}");
    }
    assert_eq!(api.anonymous("GET", "/export/csv").await.status, 401);
    let key = api.key(&auditor, auditor.scopes(), Some("edge"));
    let who = ("authorization", format!("Bearer {}", key.expose()));
    let answer = api.ask(&who, "GET", "/export/json", None).await;
    let sources: Vec<_> = answer.body.as_array().unwrap().iter().map(|row| row["source"].clone()).collect();
    assert_eq!((sources, answer.header("x-total-count")), (vec![Value::from("edge"); 2], "2"));
    assert_eq!(api.ask(&who, "GET", "/export/json?source=squid", None).await.status, 403);
}
