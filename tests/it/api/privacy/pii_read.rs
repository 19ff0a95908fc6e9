//! Whoever was granted `pii:read` sees what others don't, in person and by keys that carry it.

use crate::support::api::{Api, PASSWORD, basic};
use crate::support::people::Way;
use serde_json::{Value, json};
use tidegate::model::Role;

async fn masked_with_officer() -> Api {
    let api = Api::sample();
    let officer = api.person("officer", Role::Auditor);
    api.set("gdpr_mode", "true");
    let admin = ("authorization", basic("admin", PASSWORD));
    let grant = async |id: i64| {
        let granted = json!({ "pii_read": true });
        api.ask(&admin, "PUT", &format!("/api/users/{id}"), Some(&granted)).await.status.as_u16()
    };
    assert_eq!(grant(officer.id.0).await, 200);
    let own = api.control.account("admin").unwrap().unwrap();
    assert_eq!(grant(own.id.0).await, 403, "nobody grants it to themselves");
    let rows = api.control.audit_page(&Default::default(), 10, 0).unwrap().0;
    assert!(rows.iter().any(|row| row.action == "user.grant_pii" && row.target == "officer"), "{rows:?}");
    api
}

fn client(body: &Value) -> String {
    body["data"]["client_ip"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn rows_are_plain_for_the_scope_alone() {
    let api = masked_with_officer().await;
    let officer = api.control.account("officer").unwrap().unwrap();
    for way in Way::ALL {
        for (scopes, plain) in [("logs:read pii:read", true), ("logs:read", false)] {
            // A person's own ways are not narrowed.
            let personal = matches!(way, Way::Basic | Way::Access | Way::Session);
            let who = api.who(&officer, way, Some(scopes));
            let shown = client(&api.ask(&who, "GET", "/api/logs/1", None).await.body);
            assert_eq!(shown == "10.0.0.1", plain || personal, "{way:?} {scopes}: {shown}");
        }
    }
    // A key can't carry what its owner has not.
    let viewer = api.person("viewer", Role::Viewer);
    let who = api.who(&viewer, Way::Key, Some("logs:read pii:read"));
    assert!(client(&api.ask(&who, "GET", "/api/logs/1", None).await.body).starts_with("c-"));
}

#[tokio::test]
async fn the_scope_reveals_and_hands_out_directly_unless_a_second_person_is_wanted() {
    let api = masked_with_officer().await;
    let shown = client(&api.get_as("admin", "/api/logs/1").await.body);
    let body = json!({ "pseudonym": shown, "reason": "a machine that calls home" }).to_string();
    let told = api.post_as("officer", "/api/privacy/reveal", &body).await;
    assert_eq!((told.status.as_u16(), &told.body["data"]["value"]), (200, &json!("10.0.0.1")));
    api.set("gdpr_reveal_needs_approval", "true");
    assert_eq!(api.post_as("officer", "/api/privacy/reveal", &body).await.status, 202);

    let path = format!("/api/privacy/export?client={shown}");
    assert_eq!(api.get_as("admin", &path).await.status, 403, "an admin does not see whom the rows are of");
    assert_eq!(api.get_as("officer", &path).await.status, 403, "handing out is the admin's");
    let both = api.person("keeper", Role::Admin);
    api.sql(|connection| {
        connection.execute("UPDATE account SET pii_read = 1 WHERE id = ?1", [both.id.0]).unwrap();
    });
    let handed = api.get_as("keeper", &path).await;
    assert_eq!(handed.status, 200, "{}", handed.text);
    assert!(handed.text.lines().count() > 2 && handed.text.contains("\"10.0.0.1\""), "{}", handed.text);
}
