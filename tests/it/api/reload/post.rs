//! `POST /api/reload`; that it does what it says is tried with a real process in `tests/it/cli/reload.rs`.

use crate::support::api::Api;
use serde_json::json;

#[tokio::test]
async fn what_is_in_force_and_what_waits_is_said() {
    let api = Api::empty();
    let answer = api.admin("POST", "/api/reload").await;
    assert_eq!((answer.status.as_u16(), &answer.body["message"]), (200, &"Configuration reloaded".into()));
    let want = json!({ "applied": ["source"], "needs_restart": ["server.listen"], "sources": 2, "rules": 3 });
    assert_eq!(answer.body["data"], want);
    assert_eq!(api.admin("POST", "/api/reload?x=1").await.fields(), ["x"]);
}

#[tokio::test]
async fn what_is_wrong_is_named_by_key_file_and_line() {
    let api = Api::empty();
    let fault = "config.toml:3: [server] listen: 'x' is not an IP address";
    *api.operator.refuses.lock() = vec![("[server] listen".to_owned(), fault.to_owned())];
    let answer = api.admin("POST", "/api/reload").await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (422, &"invalid".into()));
    assert_eq!(answer.body["errors"], json!({ "[server] listen": [fault] }));
}
