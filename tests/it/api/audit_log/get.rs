//! `GET /api/audit-log`.

use crate::support::api::Api;
use crate::support::lines::NOON;
use tidegate::control::{Actor, AuditEntry};
use tidegate::model::{HOUR_MS, Timestamp};

/// Ten entries, one an hour, beside the one of the first admin.
fn with_entries() -> Api {
    let api = Api::empty();
    for n in 0..10 {
        api.clock.set(Timestamp(NOON.0 + n * HOUR_MS));
        let actor = Actor { username: if n % 2 == 0 { "ada" } else { "bob" }.into(), ..Actor::system("test") };
        let entry = AuditEntry::new(if n < 5 { "settings.update" } else { "logs.clear" }, format!("target {n}"));
        api.control.record(&actor, &entry.after(serde_json::json!({ "n": n }))).unwrap();
    }
    api
}

#[tokio::test]
async fn entries_are_in_the_contracts_words() {
    let api = with_entries();
    let newest = api.get("/api/audit-log?limit=1").await.body;
    assert_eq!(newest["data"][0]["hash"].as_str().unwrap().len(), 64);
    insta::assert_json_snapshot!("newest", newest, { ".next_cursor" => "[cursor]", ".data[].hash" => "[hash]" });
}

#[tokio::test]
async fn filters_and_windows() {
    let api = with_entries();
    for (query, total) in [
        ("", 11),
        ("username=ADA", 5),
        ("action=logs.clear", 5),
        ("target=target%203", 1),
        ("q=arget", 10),
        ("q=%22n%22:7", 1),
        ("from=2026-01-01T13:00:00Z&to=2026-01-01T15:00:00Z", 2),
        ("since=90m", 2),
        ("username=ada&action=logs.clear", 2),
        ("username=ada&username=bob", 10),
        ("username=!ada", 6),
        ("username=!ada&username=!bob", 1),
        ("action=logs.*&action=user.create", 6),
        ("target=target%203&target=TARGET%204", 2),
        ("from=2026-01-01T13:00:00Z&to=2026-01-01T15:00:00Z&username=!bob", 1),
        ("start_date=2026-01-01T13:00:00Z&until=2026-01-01T15:00:00Z", 2),
    ] {
        assert_eq!(api.get(&format!("/api/audit-log?{query}")).await.body["total"], total, "{query}");
    }
    for (query, field) in [
        ("user=ada", "user"),
        ("limit=0", "limit"),
        ("from=x", "from"),
        ("cursor=x", "cursor"),
        ("username=!", "username"),
        ("q=a&q=b", "q"),
        ("from=1d&since=1d", "since"),
        ("cursor_id=4711", "cursor_id"),
        ("cursor_id=18446744073709551615", "cursor_id"),
    ] {
        assert_eq!(api.get(&format!("/api/audit-log?{query}")).await.fields(), [field], "{query}");
    }
}

#[tokio::test]
async fn cursor_and_offset_walk_alike_while_entries_come_in() {
    let api = with_entries();
    for question in ["q=target", "username=ada"] {
        let all = api.get(&format!("/api/audit-log?{question}")).await.ids();
        let mut walked = Vec::new();
        let mut place = "offset=0".to_owned();
        loop {
            let page = api.get(&format!("/api/audit-log?{question}&limit=3&{place}")).await;
            walked.extend(page.ids());
            let actor = Actor { username: "ada".into(), ..Actor::system("test") };
            api.control.record(&actor, &AuditEntry::new("settings.update", "target new")).unwrap();
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            place = format!("cursor={next}");
        }
        assert_eq!(walked, all, "{question}");
    }
    let ids = api.get("/api/audit-log").await.ids();
    assert_eq!(api.get(&format!("/api/audit-log?cursor_id={}", ids[2])).await.ids(), ids[3..]);
    assert_eq!(api.get("/api/audit-log?page=2&page_size=4").await.ids(), ids[4..8]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_question() {
    let api = with_entries();
    let page = api.get("/api/audit-log?limit=2&username=ada").await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    for query in ["username=ada", "username=ada&limit=1"] {
        assert_eq!(api.get(&format!("/api/audit-log?{query}&cursor={cursor}")).await.status, 200, "{query}");
    }
    for query in ["", "username=!ada", "username=ada&q=x", "action=ada", "username=ada&days=1"] {
        let fields = api.get(&format!("/api/audit-log?{query}&cursor={cursor}")).await;
        assert_eq!(fields.fields(), ["cursor"], "{query}");
    }
}

#[tokio::test]
async fn the_end_of_an_action_is_no_place_of_its_own() {
    let api = with_entries();
    let intent = api.control.intent(&Actor::system("test"), "logs.clear", "events", None).unwrap();
    api.control.complete(intent, None).unwrap();
    assert_eq!(api.get(&format!("/api/audit-log?cursor_id={}", intent.0)).await.body["total"], 12);
    assert_eq!(api.get(&format!("/api/audit-log?cursor_id={}", intent.0 + 1)).await.fields(), ["cursor_id"]);
}

#[tokio::test]
async fn who_was_let_in_by_what_is_shown() {
    let api = Api::empty();
    let (source_ip, credential) = ("192.0.2.7".parse().ok(), Some("API key 3".to_owned()));
    let actor = Actor { source_ip, credential, ..Actor::system("POST") };
    api.control.record(&actor, &AuditEntry::new("settings.update", "x")).unwrap();
    let entry = &api.get("/api/audit-log?q=key%203").await.body["data"][0];
    assert_eq!((&entry["credential"], &entry["source_ip"]), (&"API key 3".into(), &"192.0.2.7".into()));
}

/// A name beside the pseudonym of its client would say whose rows those are.
#[tokio::test]
async fn addresses_of_callers_have_other_pseudonyms_than_clients() {
    let api = Api::sample();
    let actor = Actor { source_ip: "10.0.0.1".parse().ok(), ..Actor::system("POST") };
    api.control.record(&actor, &AuditEntry::new("logs.clear", "10.0.0.1")).unwrap();
    let cursor = api.get("/api/audit-log?limit=1").await.body["next_cursor"].as_str().unwrap().to_owned();
    api.set("gdpr_mode", "true");
    let known: Vec<_> = api.get("/api/logs").await.body["data"].as_array().unwrap().clone();
    let entry = api.get("/api/audit-log?action=logs.clear").await.body["data"][0].clone();
    let shown = entry["source_ip"].as_str().unwrap();
    assert_eq!((&shown[..2], &entry["target"]), ("p-", &shown.into()));
    let is_client = |row: &serde_json::Value| row["client_ip"].as_str().is_some_and(|ip| ip[2..] == shown[2..]);
    assert!(!known.iter().any(is_client), "{shown}");
    assert_eq!(api.get(&format!("/api/audit-log?target={shown}")).await.body["total"], 1);
    assert_eq!(api.get("/api/audit-log?target=10.0.0.1").await.body["total"], 0);
    assert_eq!(api.get(&format!("/api/audit-log?limit=1&cursor={cursor}")).await.fields(), ["cursor"]);
}
