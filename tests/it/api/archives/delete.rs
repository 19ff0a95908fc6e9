//! `DELETE /api/archives/{name}`.

use super::two;
use crate::support::api::Api;

#[tokio::test]
async fn an_archive_goes_and_it_is_on_record() {
    let api = Api::sample();
    let [plain, masked] = two(&api);
    let path = format!("/api/archives/{}", plain.name());
    api.add_account("auditor", "auditor");
    assert_eq!(api.get_as("auditor", "/api/archives").await.status, 200);
    let answer = api.admin("DELETE", &path).await;
    assert_eq!((answer.status.as_u16(), answer.body["message"].as_str()), (200, Some("Archive deleted")));
    assert!(!plain.path().exists() && masked.path().exists());
    assert_eq!(api.admin("DELETE", &path).await.status, 404);
    assert_eq!(api.admin("DELETE", "/api/archives/..%2Fcontrol.db").await.status, 404);
    let recorded = api.control.audit_page(&Default::default(), 9, 0).unwrap().0;
    let recorded = recorded.iter().find(|row| row.action == "archives.delete").unwrap();
    assert_eq!((recorded.target.as_str(), recorded.state.name()), (plain.name().as_str(), "done"));
}
