//! `/api/privacy/reveal`, its approval, and the list of requests.

use crate::support::api::{Answer, Api};
use serde_json::json;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;
use tidegate::model::{Clock, Timestamp};

const REASON: &str = "a machine that calls home";

fn masked() -> Api {
    let api = Api::sample();
    for name in ["viewer", "auditor"] {
        api.add_account(name, name);
    }
    api.control.set_setting("gdpr_mode", SettingValue::Bool(true), &Actor::system("test")).unwrap();
    api
}

async fn pseudonym(api: &Api, row: u64, field: &str) -> String {
    let answer = api.get_as("viewer", &format!("/api/logs/{row}")).await;
    answer.body["data"][field].as_str().unwrap().to_owned()
}

async fn reveal(api: &Api, who: &str, pseudonym: &str) -> Answer {
    let body = json!({ "pseudonym": pseudonym, "reason": REASON }).to_string();
    api.post_as(who, "/api/privacy/reveal", &body).await
}

fn actions(api: &Api) -> Vec<(String, &'static str)> {
    let rows = api.control.audit_page(&Default::default(), 20, 0).unwrap().0;
    rows.into_iter().filter(|row| row.action.starts_with("privacy")).map(|row| (row.action, row.state.name())).collect()
}

#[tokio::test]
async fn a_second_person_lets_know_once_and_for_a_quarter_of_an_hour() {
    let api = masked();
    let somebody = pseudonym(&api, 5, "user").await;
    let waits = reveal(&api, "viewer", &somebody).await;
    assert_eq!(
        (waits.status.as_u16(), waits.body["data"]["status"].as_str()),
        (202, Some("pending")),
        "{}",
        waits.text
    );
    let id = waits.body["data"]["id"].as_i64().unwrap();
    assert_eq!(reveal(&api, "viewer", &somebody).await.body["data"]["id"], id);
    let approve = async |who: &str, id: i64| api.post_as(who, &format!("/api/privacy/reveal/{id}/approve"), "").await;
    assert_eq!(approve("auditor", id).await.status, 403);
    assert_eq!(approve("admin", id + 1).await.status, 404);
    let approved = approve("admin", id).await;
    assert_eq!(
        (approved.status.as_u16(), approved.body["message"].as_str()),
        (200, Some("Approved")),
        "{}",
        approved.text
    );
    assert_eq!(approve("admin", id).await.status, 409);
    // The approval is the requester's, for that pseudonym.
    assert_eq!(reveal(&api, "auditor", &somebody).await.status, 202);
    let told = reveal(&api, "viewer", &somebody).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.body["data"], json!({ "pseudonym": somebody, "kind": "user", "value": "ada" }));
    assert_eq!(reveal(&api, "viewer", &somebody).await.status, 202, "once");
    let states = [
        "privacy.request_reveal",
        "privacy.reveal",
        "privacy.request_reveal",
        "privacy.approve_reveal",
        "privacy.request_reveal",
    ];
    assert_eq!(actions(&api), states.map(|action| (action.to_owned(), "done")));

    let client = pseudonym(&api, 1, "client_ip").await;
    let id = reveal(&api, "viewer", &client).await.body["data"]["id"].as_i64().unwrap();
    approve("admin", id).await;
    api.clock.set(Timestamp(api.clock.now().0 + 15 * 60_000));
    assert_eq!(reveal(&api, "viewer", &client).await.status, 202, "too late");
}

#[tokio::test]
async fn an_admin_without_the_scope_needs_a_second_person_who_is_another() {
    let api = masked();
    let somebody = pseudonym(&api, 1, "client_ip").await;
    let waits = reveal(&api, "admin", &somebody).await;
    assert_eq!(waits.status, 202);
    let path = format!("/api/privacy/reveal/{}/approve", waits.body["data"]["id"]);
    assert_eq!(api.post_as("admin", &path, "").await.status, 403);
    api.add_account("other", "admin");
    assert_eq!(api.post_as("other", &path, "").await.status, 200);
    assert_eq!(reveal(&api, "admin", &somebody).await.body["data"]["value"], "10.0.0.1");
}

#[tokio::test]
async fn what_is_not_on_record_is_not_told() {
    for (when, trigger) in [
        ("before", "BEFORE INSERT ON audit_log WHEN NEW.action = 'privacy.reveal' AND NEW.state = 'intent'"),
        ("after", "BEFORE INSERT ON audit_log WHEN NEW.action = 'privacy.reveal' AND NEW.state = 'done'"),
    ] {
        let api = masked();
        let somebody = pseudonym(&api, 5, "user").await;
        let id = reveal(&api, "viewer", &somebody).await.body["data"]["id"].as_i64().unwrap();
        api.post_as("admin", &format!("/api/privacy/reveal/{id}/approve"), "").await;
        api.sql(|db| {
            db.execute_batch(&format!("CREATE TRIGGER full {trigger} BEGIN SELECT RAISE(ABORT, 'full'); END")).unwrap()
        });
        let answer = reveal(&api, "viewer", &somebody).await;
        assert_eq!(answer.status, 500, "{when}");
        assert!(!answer.text.contains("ada"), "{when}: {}", answer.text);
        api.sql(|db| db.execute_batch("DROP TRIGGER full").unwrap());
        // What was never recorded took nothing away.
        assert_eq!(reveal(&api, "viewer", &somebody).await.status, if when == "before" { 200 } else { 202 }, "{when}");
    }
}

#[tokio::test]
async fn requests_say_who_and_why() {
    let api = masked();
    for (body, status, field) in [
        (json!({}), 400, None),
        (json!({ "pseudonym": "c-aaaaaaaaaaaa" }), 400, None),
        (json!({ "pseudonym": "c-aaaaaaaaaaaa", "reason": "because" }), 422, Some("reason")),
        (json!({ "pseudonym": "c-aaaaaaaaaaaa", "reason": "x".repeat(501) }), 422, Some("reason")),
        (json!({ "pseudonym": "10.0.0.1", "reason": REASON }), 422, Some("pseudonym")),
        (json!({ "pseudonym": "p-aaaaaaaaaaaa", "reason": REASON }), 422, Some("pseudonym")),
        (json!({ "pseudonym": "c-aaaaaaaaaaaa", "reason": REASON, "why": 1 }), 422, Some("why")),
    ] {
        let answer = api.post_as("viewer", "/api/privacy/reveal", &body.to_string()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        assert_eq!(answer.fields().first().copied(), field, "{body}");
    }
    assert_eq!(actions(&api), []);
}

#[tokio::test]
async fn nobody_is_told_of_a_pseudonym_that_stands_for_nobody() {
    let api = masked();
    let id = reveal(&api, "viewer", "c-aaaaaaaaaaaa").await.body["data"]["id"].as_i64().unwrap();
    api.post_as("admin", &format!("/api/privacy/reveal/{id}/approve"), "").await;
    assert_eq!(reveal(&api, "viewer", "c-aaaaaaaaaaaa").await.status, 404);
    assert_eq!(actions(&api)[0], ("privacy.reveal".to_owned(), "failed"));
    // It was answered nothing, so that the approval is good still.
    assert_eq!(reveal(&api, "viewer", "c-aaaaaaaaaaaa").await.status, 404);
    // A rotation makes every known pseudonym one of nobody.
    let somebody = pseudonym(&api, 1, "client_ip").await;
    let id = reveal(&api, "viewer", &somebody).await.body["data"]["id"].as_i64().unwrap();
    api.post_as("admin", &format!("/api/privacy/reveal/{id}/approve"), "").await;
    api.privacy.rotate_key(&Actor::system("test")).unwrap();
    assert_eq!(reveal(&api, "viewer", &somebody).await.status, 404);
}

#[tokio::test]
async fn everybody_sees_their_own_requests_and_admins_all() {
    let api = masked();
    for who in ["viewer", "auditor"] {
        for last in ["a", "b", "c"] {
            reveal(&api, who, &format!("c-aaaaaaaaaaa{last}")).await;
        }
    }
    let own = api.get_as("viewer", "/api/privacy/reveals").await;
    let by = own.body["data"].as_array().unwrap().iter().map(|row| row["requested_by"].as_str().unwrap());
    assert_eq!((own.body["total"].as_u64(), by.collect::<Vec<_>>()), (Some(3), vec!["viewer"; 3]));
    let (mut ids, mut path) = (Vec::new(), "/api/privacy/reveals?limit=4".to_owned());
    loop {
        let page = api.get(&path).await;
        assert_eq!(page.body["total"], 6);
        ids.extend(page.ids());
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/api/privacy/reveals?limit=4&cursor={cursor}");
    }
    assert_eq!(ids, [6, 5, 4, 3, 2, 1]);
    let foreign = api.get("/api/privacy/reveals?limit=1").await;
    let path = format!("/api/privacy/reveals?cursor={}", foreign.body["next_cursor"].as_str().unwrap());
    assert_eq!(api.get_as("viewer", &path).await.fields(), ["cursor"]);
    insta::assert_json_snapshot!("pending", own.body["data"][0]);
}
