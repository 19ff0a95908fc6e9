//! `GET /api/clients/10.0.0.3/details`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/clients/10.0.0.3/details").await.body);
    assert_eq!(Api::empty().get("/api/clients/10.0.0.3/details").await.status, 404);
}

#[tokio::test]
async fn clients_are_found_as_they_are_shown() {
    let api = Api::sample();
    let get = async |client: &str| api.get(&format!("/api/clients/{client}/details")).await;
    for (client, status) in [
        ("10.0.0.1", 200),
        ("::ffff:10.0.0.1", 200),
        ("2001:DB8:0::1", 200),
        ("10.0.0.99", 404),
        ("c-aaaaaaaaaaaa", 404),
        ("u-aaaaaaaaaaaa", 422),
        ("10.0.0.0%2F24", 422),
        ("***", 422),
        ("%FF", 422),
        ("somebody", 422),
    ] {
        assert_eq!(get(client).await.status.as_u16(), status, "{client}");
    }
    assert_eq!(get("x").await.fields(), ["ip"]);
    let whole = get("10.0.0.1").await.body["data"].clone();
    assert_eq!((&whole["total_requests"], &whole["first_seen"]), (&4.into(), &"2025-11-22 12:00:00".into()));
    assert_eq!(whole["recent"].as_array().unwrap().len(), 2);

    api.set("gdpr_mode", "true");
    let rows = api.get("/api/logs?limit=1").await.body["data"].clone();
    let pseudonym = rows[0]["client_ip"].as_str().unwrap().to_owned();
    let masked = get(&pseudonym).await.body["data"].clone();
    assert_eq!((&masked["ip_address"], &masked["total_requests"]), (&pseudonym.into(), &whole["total_requests"]));
    assert_eq!(get("10.0.0.1").await.status, 404);
    api.set("gdpr_client_level", "prefix");
    let network = get("10.0.0.0%2F24").await.body["data"].clone();
    assert_eq!((&network["ip_address"], &network["total_requests"]), (&"10.0.0.0/24".into(), &11.into()));
}
