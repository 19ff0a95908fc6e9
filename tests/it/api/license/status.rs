//! `GET /api/license/status`.

use crate::support::api::Api;
use std::collections::BTreeSet;

#[tokio::test]
async fn nothing_is_locked_and_every_package_is_named() {
    let api = Api::empty();
    let answer = api.get("/api/license/status").await;
    let data = &answer.body["data"];
    assert_eq!((&data["licensed"], &data["status"]), (&true.into(), &"active".into()));
    assert_eq!((&data["needs_recheck"], &data["license"]), (&false.into(), &"MIT".into()));
    assert!(data["last_validated"].is_null() && data["days_left"].is_null());
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let dependencies = data["dependencies"].as_array().unwrap();
    let named: BTreeSet<_> = dependencies.iter().map(|one| (text(&one["name"]), text(&one["version"]))).collect();
    assert_eq!(named.len(), dependencies.len(), "a package is named twice");
    // What is named is what Cargo.lock has; what only tests need is not among it.
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    for (name, version) in &named {
        let (name, version) = (name.as_ref().unwrap(), version.as_ref().unwrap());
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"")), "{name} {version}");
    }
    let license_of =
        |wanted: &str| dependencies.iter().find(|one| one["name"] == wanted).map(|one| text(&one["license"]));
    assert_eq!(license_of("rusqlite"), Some(Some("MIT".to_owned())));
    assert_eq!(license_of("insta"), None, "only tests need it");
    assert_eq!(license_of("tidegate"), None);
    assert!(dependencies.iter().all(|one| one["license"].is_string()), "{dependencies:?}");
}
