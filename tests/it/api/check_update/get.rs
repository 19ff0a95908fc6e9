//! `GET /api/check-update`.

use crate::support::api::Api;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;

/// The address of somebody who answers every connection with a document.
fn feed(document: &Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tidegate.json", listener.local_addr().unwrap());
    let body = document.to_string();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let _ = connection.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = connection.write_all(format!("{head}{body}").as_bytes());
        }
    });
    url
}

#[tokio::test]
async fn nobody_is_asked_where_no_address_is_configured() {
    let api = Api::empty();
    let answer = api.get("/api/check-update").await;
    let want = json!({
        "update_available": false, "current_version": env!("CARGO_PKG_VERSION"), "latest_version": null,
        "download_url": null, "release_notes": null, "checked_at": null,
    });
    assert_eq!(answer.body["data"], want);
    for (name, value) in want.as_object().unwrap() {
        assert_eq!(&answer.body[name], value, "{name} at the top level");
    }
    assert_eq!(api.anonymous("GET", "/api/check-update").await.status, 401);
}

#[tokio::test]
async fn the_configured_address_says_what_is_newest() {
    let api = Api::empty();
    for (version, available) in [("99.0.0", true), ("0.0.1", false)] {
        let url = feed(&json!({ "version": version, "url": "https://a.example/new", "notes": "all new" }));
        api.updates.ask_at(Some(url));
        let answer = api.get("/api/check-update").await;
        let data = &answer.body["data"];
        assert_eq!((&data["update_available"], &data["latest_version"]), (&available.into(), &version.into()));
        assert_eq!(
            (&data["download_url"], &data["release_notes"]),
            (&"https://a.example/new".into(), &"all new".into())
        );
        assert!(data["checked_at"].as_str().unwrap().ends_with('Z'));
        assert_eq!(answer.body["latest_version"], version);
        assert_eq!(api.get("/api/version").await.body["data"]["latest_version"], version);
    }
}
