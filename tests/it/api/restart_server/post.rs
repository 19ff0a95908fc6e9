//! `POST /restart-server`; that the process ends so that it is started again is tried in `tests/it/cli/supervised.rs`.

use crate::support::api::{Api, as_admin};
use axum::body::Body;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn only_where_something_starts_it_again() {
    let api = Api::empty();
    let answer = api.admin("POST", "/restart-server").await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &"conflict".into()));
    assert!(answer.text.contains("[server]"), "{}", answer.text);
    api.operator.is_supervised.store(true, Ordering::SeqCst);
    let answer = api.admin("POST", "/restart-server").await;
    assert_eq!((answer.status.as_u16(), &answer.body["message"]), (200, &"Restarting".into()));
    assert_eq!(api.operator.restarts.load(Ordering::SeqCst), 1);
    let entry = &api.get("/api/audit-log?action=service.restart").await.body["data"];
    assert_eq!((entry.as_array().unwrap().len(), &entry[0]["username"]), (1, &"admin".into()));
}

#[tokio::test]
async fn a_page_from_elsewhere_can_not_restart_it() {
    let api = Api::empty();
    api.operator.is_supervised.store(true, Ordering::SeqCst);
    let forged = as_admin("POST", "/restart-server").header("origin", "https://evil.example");
    assert_eq!(api.send(forged.body(Body::empty()).unwrap()).await.status, 403);
    assert_eq!(api.anonymous("POST", "/restart-server").await.status, 401);
    assert_eq!(api.operator.restarts.load(Ordering::SeqCst), 0);
}
