//! `GET /api/domains/statistics`.

use crate::support::api::Api;
use crate::support::lines::{batch, line, office};

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/domains/statistics").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/domains/statistics").await.body);
}

/// A host that is somebody's name or address hides it, as rows do.
#[tokio::test]
async fn masked_readers_see_nobody_in_a_name() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    api.store.push(vec![batch(&[line(3, "10.0.0.9", "CONNECT", ("10.0.0.4:443", ""), 200, "TCP_TUNNEL")])]);
    let names = async |path: &str, field: &str| {
        let rows = api.get(path).await.body["data"].clone();
        rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let domains = async || names("/api/domains/statistics", "domain_name").await;
    assert!(domains().await.contains(&"10.0.0.4".to_owned()));
    let destinations = async || {
        let summary = api.get("/api/dashboard/summary").await.body["data"].clone();
        let top = summary["waf"]["top_destinations"].as_array().unwrap().clone();
        top.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(destinations().await.contains(&"ada.pages.example:80".to_owned()));
    api.set("gdpr_mode", "true");
    let (domains, destinations) = (domains().await, destinations().await);
    assert!(domains.contains(&"***".to_owned()) && !domains.contains(&"10.0.0.4".to_owned()), "{domains:?}");
    assert!(destinations.contains(&"***.pages.example:80".to_owned()), "{destinations:?}");
    assert!(!destinations.iter().any(|name| name.contains("ada")), "{destinations:?}");
    assert!(destinations.contains(&"203.0.113.9:80".to_owned()), "{destinations:?}");
}
