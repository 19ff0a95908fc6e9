//! `GET /api/domains/example.com/details`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/domains/pages.example/details").await.body);
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
