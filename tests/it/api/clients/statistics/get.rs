//! `GET /api/clients/statistics`.

use crate::support::api::Api;
use crate::support::lines::office;

#[tokio::test]
async fn what_is_answered() {
    let api = Api::empty();
    api.store.push(vec![office()]);
    insta::assert_json_snapshot!("office", api.get("/api/clients/statistics").await.body);
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/clients/statistics").await.body);
}

#[tokio::test]
async fn clients_have_names_for_those_who_see_addresses() {
    let api = Api::sample();
    api.set("client_aliases", "10.0.0.2=Front desk");
    let name = async || {
        let rows = api.get("/api/clients/statistics").await.body["data"]["clients"].clone();
        rows.as_array().unwrap().iter().filter(|row| row["client_name"] == "Front desk").count()
    };
    assert_eq!(name().await, 1);
    api.set("gdpr_mode", "true");
    assert_eq!(name().await, 0);
}
