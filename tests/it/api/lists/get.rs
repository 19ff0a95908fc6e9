//! `GET /api/lists` and `GET /api/lists/{name}`.

use crate::support::api::{Answer, Api};
use serde_json::{Value, json};

fn entries(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"].as_array().unwrap().iter().map(|row| row["entry"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_lists_and_how_long_they_are() {
    let api = Api::empty();
    api.post("/api/settings", r#"{"ignored_hosts":["a.example","b.example"]}"#).await;
    let answer = api.get("/api/lists").await;
    let rows: Vec<_> = answer.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["name"].as_str().unwrap(), row["count"].as_u64().unwrap(), row["source"].as_str().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            ("internal_networks", 0, "default"),
            ("client_aliases", 0, "default"),
            ("ignored_hosts", 2, "database"),
            ("protected_domains", 0, "default"),
            ("sanctioned_services", 0, "default"),
            ("unsanctioned_services", 0, "default"),
        ]
    );
}

#[tokio::test]
async fn entries_are_paged_like_other_lists() {
    let api = Api::empty();
    let hosts: Vec<_> = (0..25).map(|n| format!("h{n:02}.example")).collect();
    api.post("/api/settings", &json!({ "ignored_hosts": hosts }).to_string()).await;
    assert_eq!(entries(&api.get("/api/lists/ignored_hosts").await), hosts);
    let (mut walked, mut place) = (Vec::new(), "offset=0".to_owned());
    loop {
        let page = api.get(&format!("/api/lists/ignored_hosts?limit=7&{place}")).await;
        assert_eq!(page.body["total"], 25);
        walked.extend(entries(&page));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        place = format!("cursor={next}");
    }
    assert_eq!(walked, hosts);
    assert_eq!(entries(&api.get("/api/lists/ignored_hosts?page=2&page_size=10").await), hosts[10..20]);
    let found = api.get("/api/lists/ignored_hosts?q=H1&limit=3&offset=2").await;
    assert_eq!((entries(&found), &found.body["total"]), (hosts[12..15].to_vec(), &json!(10)));

    let first = api.get("/api/lists/ignored_hosts?limit=7").await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    for other in ["ignored_hosts?q=h&limit=7", "internal_networks?limit=7"] {
        assert_eq!(api.get(&format!("/api/lists/{other}&cursor={cursor}")).await.fields(), ["cursor"], "{other}");
    }
    api.post("/api/settings", r#"{"ignored_hosts":["x.example"]}"#).await;
    assert_eq!(api.get(&format!("/api/lists/ignored_hosts?limit=7&cursor={cursor}")).await.fields(), ["cursor"]);
    assert_eq!(api.get("/api/lists/ignored_hosts?cursor_id=3").await.fields(), ["cursor_id"]);
    assert_eq!(api.get("/api/lists/ignored_hosts?x=3").await.fields(), ["x"]);
    for unknown in ["nothing", "gdpr_mode", "api_trusted_proxies"] {
        assert_eq!(api.get(&format!("/api/lists/{unknown}")).await.status, 404, "{unknown}");
    }
}

#[tokio::test]
async fn aliases_have_names() {
    let api = Api::empty();
    api.post("/api/settings", r#"{"client_aliases":["10.1.0.0/16=Branch = 1","9.9.9.9=x"]}"#).await;
    let rows = api.get("/api/lists/client_aliases").await.body["data"].clone();
    assert_eq!(rows, json!([{ "entry": "9.9.9.9", "name": "x" }, { "entry": "10.1.0.0/16", "name": "Branch = 1" }]));
    api.post("/api/settings", r#"{"internal_networks":["10.0.0.0/8"]}"#).await;
    assert_eq!(api.get("/api/lists/internal_networks").await.body["data"][0]["name"], Value::Null);
}

/// An alias says whose address it is, as a row would.
#[tokio::test]
async fn a_masked_admin_sees_no_names_of_clients() {
    let api = Api::empty();
    api.post("/api/settings", r#"{"client_aliases":["10.1.2.3=Ada"],"internal_networks":["10.9.0.0/16"]}"#).await;
    api.set("gdpr_mode", "true");
    assert_eq!(api.get("/api/lists/client_aliases").await.status, 403);
    assert_eq!(api.get("/api/lists/client_aliases?q=10.1.2.3").await.status, 403);
    let set =
        api.post("/api/settings", r#"{"client_aliases":["10.1.2.3=Ada"],"internal_networks":["10.9.0.0/16"]}"#).await;
    assert_eq!(set.status, 200, "{}", set.text);
    for answer in [set, api.get("/api/settings").await, api.get("/api/config").await] {
        assert!(!answer.text.contains("10.1.2.3") && !answer.text.contains("Ada"), "{}", answer.text);
        assert!(answer.text.contains("10.9.0.0/16"), "{}", answer.text);
    }
}
