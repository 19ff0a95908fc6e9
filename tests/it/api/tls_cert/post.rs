//! `POST /api/tls-cert`.

use crate::support::api::{Answer, Api, as_admin};
use axum::body::Body;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

/// A certificate for `proxy.example` and its key.
fn pair() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = params().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::new(["proxy.example".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (rcgen::date_time_ymd(2020, 1, 1), rcgen::date_time_ymd(2040, 1, 1));
    params
}

async fn put(api: &Api, file: &str, pem: &str) -> Answer {
    api.post("/api/tls-cert", &json!({"type": file, "pem": pem}).to_string()).await
}

fn refused(answer: &Answer, field: &str, word: &str) {
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert_eq!(answer.fields(), [field], "{}", answer.text);
    assert!(answer.body["detail"].as_str().unwrap().contains(word), "{}", answer.text);
}

#[tokio::test]
async fn a_certificate_and_its_key_are_stored_in_either_order() {
    for (first, second) in [("https_cert", "https_key"), ("https_key", "https_cert"), ("cert", "key"), ("key", "cert")]
    {
        let api = Api::empty();
        let (certificate, key) = pair();
        let text = |file: &str| if file.ends_with("key") { &key } else { &certificate };
        let answer = put(&api, first, text(first)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.body["data"]["fault"].as_str().unwrap().contains("there is no"), "{}", answer.text);
        let answer = put(&api, second, text(second)).await;
        assert_eq!((answer.status.as_u16(), &answer.body["data"]["fault"]), (200, &json!(null)), "{}", answer.text);
        assert_eq!(answer.body["data"]["certificate"]["sans"], json!(["proxy.example"]));
        let stem = if first.starts_with("https") { "https" } else { "syslog" };
        for ending in ["crt", "key"] {
            let mode = api.data_dir().join(format!("tls/{stem}.{ending}")).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(api.tls.usable().is_ok(), stem == "https");
    }
}

#[tokio::test]
async fn a_key_that_does_not_belong_is_refused_and_a_new_certificate_waits_for_its_own() {
    let api = Api::empty();
    let ((one, one_key), (two, two_key), (_, third_key)) = (pair(), pair(), pair());
    put(&api, "https_cert", &one).await;
    refused(&put(&api, "https_key", &two_key).await, "pem", "does not belong");
    assert_eq!(put(&api, "https_key", &one_key).await.status, 200);
    let present = put(&api, "https_key", &one_key).await.body["data"]["certificate"]["fingerprint_sha256"].clone();

    let answer = put(&api, "https_cert", &two).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body["warnings"][0].as_str().unwrap().contains("waits for its own"), "{}", answer.text);
    assert_eq!(answer.body["data"]["certificate"]["fingerprint_sha256"], present);
    refused(&put(&api, "https_key", &third_key).await, "pem", "does not belong");
    let answer = put(&api, "https_key", &two_key).await;
    assert_eq!((&answer.body["data"]["fault"], &answer.body["data"]["waiting"]), (&json!(null), &json!(null)));
    assert_ne!(answer.body["data"]["certificate"]["fingerprint_sha256"], present);
    // Both in one text replace both.
    let answer = put(&api, "https_cert", &format!("{one_key}{one}")).await;
    assert_eq!(answer.body["data"]["certificate"]["fingerprint_sha256"], present, "{}", answer.text);
    assert_eq!(answer.body["data"]["fault"], json!(null));
    let stored = std::fs::read_to_string(api.data_dir().join("tls/https.crt")).unwrap();
    assert_eq!(stored.replace('\r', ""), one.replace('\r', ""), "the certificate's file holds no key");
    refused(&put(&api, "https_cert", &format!("{one}{two_key}")).await, "pem", "does not belong");
}

#[tokio::test]
async fn what_is_no_certificate_or_key_is_refused_by_name() {
    let api = Api::empty();
    let (certificate, key) = pair();
    let damaged = certificate.replacen("MII", "AAA", 1);
    let cut = &certificate[..certificate.len() / 2];
    let issuer = {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "An authority");
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let own = params().signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().pem();
    let (chain, reversed) = (format!("{own}{}", issuer.pem()), format!("{}{own}", issuer.pem()));
    for (file, text, word) in [
        ("https_cert", "", "holds no certificate"),
        ("https_cert", "hello", "holds no certificate"),
        ("https_cert", &key, "holds no certificate"),
        ("https_cert", &damaged, "damaged"),
        ("https_cert", cut, "PEM"),
        ("https_cert", &reversed, "did not issue"),
        ("https_key", &certificate, "holds no private key"),
        (
            "https_key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "encrypted",
        ),
        ("https_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no key that TLS can use"),
        ("https_cert", &"x".repeat(300_000), "larger than 262144"),
    ] {
        refused(&put(&api, file, text).await, "pem", word);
    }
    refused(&put(&api, "https", &certificate).await, "type", "https_cert, https_key, cert, key");
    assert_eq!(put(&api, "https_cert", &"x".repeat(400_000)).await.status, 413);
    assert_eq!(api.post("/api/tls-cert", "{}").await.status, 400);
    refused(&api.post("/api/tls-cert", r#"{"pem":"a","path":"/b"}"#).await, "path", "not both");
    refused(&api.post("/api/tls-cert", r#"{"perm":"a"}"#).await, "body", "perm");
    refused(&api.post("/api/tls-cert", r#"{"pem":"a","path_only":true}"#).await, "path_only", "needs a path");
    assert_eq!(put(&api, "https_cert", &chain).await.status, 200);
    assert_eq!(api.get("/api/audit-log?action=tls.put").await.body["total"], 1, "what is refused is no change");
}

#[tokio::test]
async fn an_expired_certificate_is_stored_with_a_warning() {
    let api = Api::empty();
    let key = KeyPair::generate().unwrap();
    let mut params = params();
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let certificate = params.self_signed(&key).unwrap().pem();
    let answer = put(&api, "https_cert", &format!("{certificate}{}", key.serialize_pem())).await;
    assert!(answer.body["warnings"][0].as_str().unwrap().contains("expired"), "{}", answer.text);
    assert!(answer.body["data"]["certificate"]["days_left"].as_i64().unwrap() < 0);
}

#[tokio::test]
async fn a_form_does_as_well_as_json() {
    let api = Api::empty();
    let (certificate, key) = pair();
    let form = |file: &str, name: &str, text: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"x.pem\"\r\n\r\n{text}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"type\"\r\n\r\n{file}\r\n--b--\r\n"
        );
        as_admin("POST", "/api/tls-cert")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from(body))
    };
    assert_eq!(api.send(form("https_key", "file", &key).unwrap()).await.status, 200);
    let answer = api.send(form("https_cert", "file", &certificate).unwrap()).await;
    assert_eq!((answer.status.as_u16(), &answer.body["data"]["fault"]), (200, &json!(null)), "{}", answer.text);
    refused(&api.send(form("https_key", "file", &pair().1).unwrap()).await, "file", "does not belong");
    refused(&api.send(form("https_key", "upload", &key).unwrap()).await, "body", "other than file and type");
    let broken = as_admin("POST", "/api/tls-cert").header("content-type", "multipart/form-data");
    assert_eq!(api.send(broken.body(Body::from("--b")).unwrap()).await.status, 400);
}

#[tokio::test]
async fn files_elsewhere_are_copied_or_pointed_to() {
    let api = Api::empty();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = |name: &str| elsewhere.path().join(name).display().to_string();
    let (certificate, key) = pair();
    std::fs::write(path("full.pem"), &certificate).unwrap();
    std::fs::write(path("key.pem"), &key).unwrap();
    std::fs::set_permissions(path("key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
    let send = async |body: serde_json::Value| api.post("/api/tls-cert", &body.to_string()).await;
    assert_eq!(send(json!({"path": path("full.pem")})).await.status, 200);
    let answer = send(json!({"type": "https_key", "path": path("key.pem"), "path_only": true})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.body["warnings"][0].as_str().unwrap().contains("every account"), "{}", answer.text);
    assert_eq!(answer.body["data"]["certificate_path"], json!(null), "copied");
    assert_eq!(answer.body["data"]["key_path"], path("key.pem"), "pointed to");
    api.tls.usable().unwrap();
    for (bad, word) in [
        (path("none.pem"), "no such file"),
        (path(""), "not a regular file"),
        (path("../x"), "absolute path without"),
        ("key.pem".to_owned(), "absolute path without"),
        ("/dev/zero".to_owned(), "not a regular file"),
        ("/etc/passwd".to_owned(), "holds no certificate"),
    ] {
        for path_only in [true, false] {
            let answer = send(json!({"path": bad, "path_only": path_only})).await;
            refused(&answer, "path", word);
            assert!(!answer.text.contains("root:"), "nothing of a file is told");
        }
    }
    // Deleting takes away the pointer alone.
    assert_eq!(api.post("/api/tls-cert-delete", r#"{"type":"https_key"}"#).await.status, 200);
    assert!(elsewhere.path().join("key.pem").exists());
}

#[tokio::test]
async fn changes_are_written_down_by_fingerprint() {
    let api = Api::empty();
    let (certificate, key) = pair();
    put(&api, "https_cert", &certificate).await;
    put(&api, "https_key", &key).await;
    let answer = api.get("/api/audit-log").await;
    let row = &answer.body["data"][0];
    assert_eq!((&row["action"], &row["target"]), (&json!("tls.put"), &json!("https_key")));
    let (before, after) = (&row["details"]["before"], &row["details"]["after"]);
    assert_eq!((before["public_key_sha256"].is_null(), after["public_key_sha256"].is_null()), (true, false));
    assert_eq!(before["certificate_sha256"], after["certificate_sha256"]);
    assert!(!answer.text.contains(key.lines().nth(1).unwrap()));
}
