//! `GET /archives/download/{name}`.

use super::{archive, two};
use crate::support::api::{Api, as_admin};
use axum::body::Body;
use http_body_util::BodyExt;
use tidegate::archive::Masking;
use tower::ServiceExt;

#[tokio::test]
async fn the_file_is_handed_out_as_it_is_and_on_record() {
    let api = Api::sample();
    let archive = archive(&api, Masking::NONE);
    let request = as_admin("GET", &format!("/archives/download/{}", archive.name())).body(Body::empty()).unwrap();
    let answer = api.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-length"], archive.bytes().to_string());
    assert_eq!(answer.headers()["content-type"], "application/x-tar");
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, format!("attachment; filename=\"{}\"", archive.name()));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, std::fs::read(archive.path()).unwrap());
    let recorded = &api.control.audit_page(&Default::default(), 1, 0).unwrap().0[0];
    assert_eq!((recorded.action.as_str(), recorded.target.as_str()), ("archives.download", archive.name().as_str()));
}

#[tokio::test]
async fn what_shows_more_than_the_caller_may_see_is_refused() {
    let api = Api::sample();
    let [plain, masked] = two(&api);
    let path = |archive: &tidegate::archive::Archive| format!("/archives/download/{}", archive.name());
    api.set("gdpr_mode", "true");
    let refused = api.get(&path(&plain)).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("pii:read"), "{}", refused.text);
    let request = as_admin("GET", &path(&masked)).body(Body::empty()).unwrap();
    assert_eq!(api.router.clone().oneshot(request).await.unwrap().status(), 200);
    api.add_account("ada", "viewer");
    assert_eq!(api.get_as("ada", &path(&masked)).await.status, 403);
}

#[tokio::test]
async fn other_names_lead_nowhere() {
    let api = Api::sample();
    archive(&api, Masking::NONE);
    for name in ["none.tar", "..%2Fcontrol.db", "%2e%2e", "..%2F..%2Fetc%2Fpasswd", ".tar", "a%00.tar"] {
        assert_eq!(api.get(&format!("/archives/download/{name}")).await.status, 404, "{name}");
    }
    std::fs::write(api.data_dir().join("archives/bad.tar"), "no archive").unwrap();
    assert_eq!(api.get("/archives/download/bad.tar").await.status, 409);
}
