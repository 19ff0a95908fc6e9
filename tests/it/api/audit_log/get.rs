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
    insta::assert_json_snapshot!("newest", api.get("/api/audit-log?limit=1").await.body, { ".next_cursor" => "[cursor]" });
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
    ] {
        assert_eq!(api.get(&format!("/api/audit-log?{query}")).await.body["total"], total, "{query}");
    }
    for (query, field) in [("user=ada", "user"), ("limit=0", "limit"), ("from=x", "from"), ("cursor=x", "cursor")] {
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
