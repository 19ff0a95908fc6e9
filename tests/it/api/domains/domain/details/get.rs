//! `GET /api/domains/example.com/details`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered_is_what_the_statistics_say() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    let rows = api.get("/api/domains/statistics").await.body["data"].clone();
    for row in rows.as_array().unwrap() {
        let name = row["domain_name"].as_str().unwrap();
        let answer = api.get(&format!("/api/domains/{name}/details")).await;
        let data = &answer.body["data"];
        for field in ["domain_name", "requests", "blocked", "bytes", "category", "dga", "look_alike_of"] {
            assert_eq!(data[field], row[field], "{name} {field}: {}", answer.text);
        }
        assert_eq!(data["clients"].as_array().unwrap().len() as u64, row["clients"].as_u64().unwrap(), "{name}");
        let clients = data["clients"].as_array().unwrap();
        let bytes: u64 = clients.iter().map(|client| client["bytes"].as_u64().unwrap()).sum();
        assert_eq!(bytes, row["bytes"].as_u64().unwrap(), "{name}");
        assert!(data["first_seen"].as_str().unwrap() <= data["last_seen"].as_str().unwrap(), "{name}");
    }
    assert!(rows.as_array().unwrap().len() > 2);
    assert_eq!(Api::empty().get("/api/domains/pages.example/details").await.status, 404);
}

#[tokio::test]
async fn a_domain_is_what_lies_below_it() {
    let api = Api::sample();
    let get = async |domain: &str| api.get(&format!("/api/domains/{domain}/details?days=60")).await;
    for (domain, status, requests) in [
        ("example.com", 200, 3),
        ("EXAMPLE.com.", 200, 3),
        ("www.example.com", 200, 3),
        ("old.example", 200, 2),
        ("example", 200, 4),
        ("203.0.113.9", 200, 1),
        ("xample.com", 404, 0),
        ("nothing.example.com", 404, 0),
        ("a%20b", 422, 0),
        ("*.example.com", 422, 0),
        ("%FF", 422, 0),
    ] {
        let answer = get(domain).await;
        assert_eq!(answer.status.as_u16(), status, "{domain}: {}", answer.text);
        if status == 200 {
            let data = &answer.body["data"];
            assert_eq!(data["requests"], requests, "{domain}: {data:#}");
            for of in ["hosts", "clients", "timeline"] {
                let count = if of == "timeline" { "total" } else { "requests" };
                let sum: u64 = data[of].as_array().unwrap().iter().map(|row| row[count].as_u64().unwrap()).sum();
                assert_eq!(sum, requests, "{domain} {of}: {data:#}");
            }
        }
    }
    assert_eq!(get("a%20b").await.fields(), ["domain"]);
    // Stored once, but not in the window.
    let answer = api.get("/api/domains/old.example/details?hours=1").await;
    let data = &answer.body["data"];
    assert_eq!((&data["requests"], &data["timeline"]), (&0.into(), &serde_json::json!([])));
    assert_eq!(data["first_seen"], "2025-11-22 12:00:00");
}
