//! `tidegate user` and `token`, beside a running server and without one.

use crate::support::process::{PASSWORD, Server, json, run};
use std::process::Output;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_lost_password_is_mended_and_nothing_is_made_by_a_wrong_directory() {
    let directory = tempfile::tempdir().unwrap();
    let lost = run(directory.path(), &["user", "reset", "admin"]);
    assert_eq!(lost.status.code(), Some(3));
    assert!(said(&lost).contains("control.db: no such database"), "{}", said(&lost));
    drop(Server::start(directory.path()));
    let reset = json(directory.path(), &["user", "reset", "admin", "--json"]);
    let password = reset["temporary_password"].as_str().unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.get_as("/api/logs", PASSWORD)["code"], "unauthenticated");
    assert_eq!(server.get_as("/api/logs", password)["code"], "password_change_required");
}

#[test]
fn accounts_change_beside_a_running_server_and_it_notices_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    assert_eq!(server.get("/api/auth/me")["data"]["pii_read"], false);
    let ok = |arguments: &[&str]| {
        let output = run(directory.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    };
    let refused = |arguments: &[&str], text: &str| {
        let output = run(directory.path(), arguments);
        assert!(!output.status.success() && said(&output).contains(text), "{arguments:?}: {}", said(&output));
    };
    ok(&["user", "grant-pii", "admin"]);
    assert_eq!(server.get("/api/auth/me")["data"]["pii_read"], true);
    ok(&["user", "revoke-pii", "admin"]);
    ok(&["user", "add", "ada", "--role", "admin"]);
    refused(&["user", "add", "ADA"], "an account has that name already");
    refused(&["user", "add", "eve", "--role", "root"], "use viewer, auditor or admin");
    ok(&["user", "role", "admin", "viewer"]);
    assert_eq!(server.get("/api/users")["code"], "forbidden");
    refused(&["user", "disable", "ada"], "last admin");
    ok(&["user", "role", "admin", "admin"]);
    ok(&["user", "disable", "ada"]);
    ok(&["user", "enable", "ada"]);
    let listed = json(directory.path(), &["user", "list", "--json"]);
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["admin", "ada"]);
    ok(&["user", "delete", "ada"]);
    refused(&["user", "delete", "ada"], "there is no user ada");
    let audited = server.get("/api/audit-log?username=system&limit=1");
    assert_eq!((&audited["data"][0]["action"], &audited["data"][0]["method"]), (&"user.delete".into(), &"user".into()));
}

#[test]
fn keys_are_made_used_and_revoked() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let made = json(
        directory.path(),
        &["token", "create", "admin", "--name", "ci", "--scopes", "logs:read,audit:read", "--json"],
    );
    let key = made["key"].as_str().unwrap();
    assert_eq!(server.bearer("/api/logs", key)["status"], "success");
    assert_eq!(server.bearer("/api/users", key)["code"], "forbidden");
    let refused = run(directory.path(), &["token", "create", "admin", "--name", "x", "--scopes", "pii:read"]);
    assert!(said(&refused).contains("admin may not pii:read"), "{}", said(&refused));
    let listed = run(directory.path(), &["token", "list", "admin"]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(text.contains(&key[..14]) && !text.contains(key), "{text}");
    assert!(run(directory.path(), &["token", "revoke", "1"]).status.success());
    assert_eq!(server.bearer("/api/logs", key)["code"], "unauthenticated");
    assert!(!run(directory.path(), &["token", "revoke", "1"]).status.success());
}
