//! `POST /api/privacy/erase`.

use crate::support::api::Api;
use serde_json::json;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;
use tidegate::model::{Reject, RejectReason};

const REASON: &str = "asked for in a letter";

async fn erase(api: &Api, field: &str, value: &str) -> crate::support::api::Answer {
    api.post("/api/privacy/erase", &json!({ field: value, "reason": REASON }).to_string()).await
}

#[tokio::test]
async fn a_persons_rows_and_rejected_lines_go_and_are_searched_for() {
    let api = Api::sample();
    let mut rejects = crate::support::lines::batch(&[]);
    rejects.rejects = vec![
        Reject::new(RejectReason::BadTime, 1, b"odd 10.0.0.1 line"),
        Reject::new(RejectReason::BadTime, 2, b"10.0.0.12"),
    ];
    api.store.push(vec![rejects]);
    let answer = erase(&api, "client", "::ffff:10.0.0.1").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.body["data"];
    assert_eq!((&data["rows"], &data["rejects"], &data["kind"]), (&json!(4), &json!(1), &json!("client")), "{data}");
    assert_eq!(api.get("/api/logs?client_ip=10.0.0.1").await.body["total"], 0);
    assert_eq!(api.get("/api/logs").await.body["total"], 8);
    let kept = api.get("/api/rejects").await;
    assert_eq!(kept.body["total"], 2, "{}", kept.text);
    let audited = &api.control.audit_page(&Default::default(), 1, 0).unwrap().0[0];
    assert_eq!((audited.action.as_str(), audited.state.name()), ("privacy.erase", "done"));
    assert_eq!(audited.target, data["pseudonym"].as_str().unwrap());
    assert!(!format!("{audited:?} {}", audited.target).contains("10.0.0.1"));
    assert_eq!(erase(&api, "client", "10.0.0.1").await.body["data"]["rows"], 0);
}

#[tokio::test]
async fn a_pseudonym_is_as_good_as_a_name() {
    let api = Api::sample();
    api.control.set_setting("gdpr_mode", SettingValue::Bool(true), &Actor::system("test")).unwrap();
    let shown = api.get("/api/logs/5").await.body["data"]["user"].as_str().unwrap().to_owned();
    let answer = erase(&api, "user", &shown).await;
    assert_eq!((answer.status.as_u16(), &answer.body["data"]["rows"]), (200, &json!(2)), "{}", answer.text);
    assert_eq!(answer.body["data"]["pseudonym"], shown.as_str());
    assert!(!answer.text.contains("ada\""));
    assert_eq!(erase(&api, "user", &shown).await.status, 404);
    assert_eq!(erase(&api, "client", &shown).await.status, 403, "a client's pseudonym begins otherwise");
}

/// Somebody who logs in here, too, is found in the files: accounts and the audit log are kept, and it is said.
#[tokio::test]
async fn what_is_kept_is_said() {
    let api = Api::sample();
    api.add_account("ada", "viewer");
    let answer = erase(&api, "user", "ada").await;
    let data = &answer.body["data"];
    assert_eq!(data["rows"], 2, "{data}");
    let files: Vec<_> = data["files"].as_array().unwrap().iter().map(|file| file["place"].as_str().unwrap()).collect();
    assert!(files.iter().all(|file| file.starts_with("control.db")) && !files.is_empty(), "{files:?}");
    assert!(data["kept"].as_array().unwrap().len() >= 4);
}

#[tokio::test]
async fn erasing_takes_one_person_and_a_reason_and_an_admin() {
    let api = Api::sample();
    for (body, status, field) in [
        (json!({ "reason": REASON }), 400, None),
        (json!({ "client": "10.0.0.1" }), 400, None),
        (json!({ "client": "10.0.0.1", "user": "ada", "reason": REASON }), 422, Some("user")),
        (json!({ "client": "10.0.0.1", "reason": "gone" }), 422, Some("reason")),
        (json!({ "user": "Ada", "reason": "a letter of ADA of today" }), 422, Some("reason")),
    ] {
        let answer = api.post("/api/privacy/erase", &body.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.fields().first().copied()), (status, field), "{body}");
    }
    api.add_account("auditor", "auditor");
    let body = json!({ "client": "10.0.0.1", "reason": REASON }).to_string();
    assert_eq!(api.post_as("auditor", "/api/privacy/erase", &body).await.status, 403);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    // Without an intent on record nothing is erased.
    api.sql(|db| {
        db.execute_batch("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
            .unwrap()
    });
    assert_eq!(erase(&api, "client", "10.0.0.1").await.status, 500);
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
}

/// The answer and the audit log pair a value with its pseudonym; also where nothing is stored of it yet.
#[tokio::test]
async fn a_masked_admin_learns_nobodys_pseudonym_by_erasing() {
    let api = Api::sample();
    api.set("gdpr_mode", "true");
    let answers = [erase(&api, "client", "10.0.0.1").await, erase(&api, "client", "10.99.0.1").await];
    for answer in answers {
        assert_eq!(answer.status, 403);
        assert!(!answer.text.contains("c-"), "{}", answer.text);
    }
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    assert_eq!(api.get("/api/audit-log?action=privacy.erase").await.body["total"], 0);
}

/// Rows that retention has removed may be in archives; they are found by name and by pseudonym.
#[tokio::test]
async fn a_persons_rows_go_from_archives_too() {
    use crate::api::archives::archive;
    use tidegate::archive::{Folder, Masking};
    let api = Api::sample();
    let name = archive(&api, Masking::NONE).name();
    let open = || Folder::of(api.data_dir()).open(&name).unwrap().manifest;
    let answer = erase(&api, "client", "10.0.0.1").await;
    let data = &answer.body["data"];
    assert_eq!((&data["rows"], &data["archived_rows"], &data["archives"]), (&json!(4), &json!(4), &json!([name])));
    assert_eq!((open().rows, open().erased_rows), (8, 4));
    // The rest is in the archive only.
    let user = String::from_utf8(api.privacy.pseudonyms().user(b"ada").into_owned()).unwrap();
    tidegate::store::EventStore::clear(&*api.store).unwrap();
    let answer = erase(&api, "user", &user).await;
    assert_eq!(answer.body["data"]["archived_rows"], 2, "{}", answer.text);
    assert_eq!((open().rows, open().erased_rows), (6, 6));
    assert_eq!(erase(&api, "user", &user).await.status, 404);
    let audited = &api.control.audit_page(&Default::default(), 1, 0).unwrap().0[0];
    assert_eq!(audited.after.as_ref().map(|after| after["archived_rows"].clone()), Some(json!(2)));
}
