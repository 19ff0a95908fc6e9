//! `POST /api/tls-cert-delete`.

use crate::support::api::Api;
use tidegate::control::Actor;
use tidegate::control::settings::{HTTPS_ENABLED, SettingValue};

#[tokio::test]
async fn what_is_in_use_stays() {
    let api = Api::empty();
    let switch =
        |on| api.control.set_setting(HTTPS_ENABLED.spec.name, SettingValue::Bool(on), &Actor::system("test")).unwrap();
    let delete = async |file: &str| api.post("/api/tls-cert-delete", &format!(r#"{{"type":"{file}"}}"#)).await;
    api.admin("POST", "/api/tls-generate").await;
    api.post("/api/tls-generate", r#"{"type":"syslog"}"#).await;
    switch(true);
    for file in ["https_cert", "https_key"] {
        let answer = delete(file).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &"conflict".into()));
    }
    assert!(api.tls.is_on());
    for file in ["cert", "key"] {
        assert_eq!(delete(file).await.status, 200);
        assert_eq!(delete(file).await.status, 404);
    }
    switch(false);
    for file in ["https_key", "https_cert"] {
        assert_eq!(delete(file).await.status, 200);
    }
    assert!(api.tls.usable().is_err());
    switch(true);
    assert!(!api.tls.is_on(), "what was deleted is not served");
    let row = &api.get("/api/audit-log?action=tls.delete&target=https_cert").await.body["data"][0]["details"];
    assert!(row["before"]["certificate_sha256"].is_string() && row["after"]["certificate_sha256"].is_null(), "{row}");
    assert_eq!(delete("all").await.fields(), ["type"]);
}
