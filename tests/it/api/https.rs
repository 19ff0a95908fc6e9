//! HTTPS on a real listener, asked by a real TLS client.

use crate::support::api::{Api, PASSWORD, basic};
use crate::support::listening::{Listening, converse, exchange, get, rest};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::io;
use std::sync::Arc;
use tidegate::api::Limits;
use tidegate::control::Actor;
use tidegate::control::settings::{HTTPS_ENABLED, SettingValue};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

fn switch(api: &Api, on: bool) {
    api.control.set_setting(HTTPS_ENABLED.spec.name, SettingValue::Bool(on), &Actor::system("test")).unwrap();
}

async fn generate(api: &Api) -> CertificateDer<'static> {
    assert_eq!(api.admin("POST", "/api/tls-generate").await.status, 200);
    certificate(api)
}

fn certificate(api: &Api) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(api.data_dir().join("tls/https.crt")).unwrap()
}

/// A connection by a client that trusts `root` alone.
async fn connect(
    listening: &Listening,
    root: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&str],
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, listening.connect().await).await
}

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn login() -> String {
    format!("Authorization: {}\r\n", basic("admin", PASSWORD))
}

#[tokio::test]
async fn one_port_serves_tls_and_sends_plain_text_there() {
    let api = Api::sample();
    let listening = Listening::start(&api).await;
    let root = generate(&api).await;
    // Off: a certificate alone changes nothing.
    assert!(connect(&listening, &root, &BOTH, &[]).await.is_err());
    assert!(exchange(&mut listening.connect().await, &get("/livez", "")).await.starts_with("HTTP/1.1 200"));

    switch(&api, true);
    for (version, number) in [(&TLS12, rustls::ProtocolVersion::TLSv1_2), (&TLS13, rustls::ProtocolVersion::TLSv1_3)] {
        let mut stream = connect(&listening, &root, &[version], &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert_eq!(stream.get_ref().1.protocol_version(), Some(number));
        for _ in 0..2 {
            let answer = exchange(&mut stream, &get("/api/logs/stats", &login())).await;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"total_count\":12"), "{answer}");
            assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
        }
        assert!(converse(&mut stream, "nonsense\r\n\r\n").await.contains("strict-transport-security"));
    }
    assert!(connect(&listening, &root, &BOTH, &["h2"]).await.is_err(), "HTTP/2 is not spoken");

    let mut plain = listening.connect().await;
    for (request, location) in [
        (get("/api/logs?limit=1&q=%C3%A4", ""), Some("https://tidegate.example/api/logs?limit=1&q=%C3%A4")),
        (
            "POST /api/logs/clear HTTP/1.1\r\nHost: [::1]:8443\r\nContent-Length: 0\r\n\r\n".into(),
            Some("https://[::1]:8443/api/logs/clear"),
        ),
        (get("/livez", ""), None),
        (get("/readyz", ""), None),
        (get("/health", ""), None),
        (get("/metrics", ""), None),
    ] {
        let answer = exchange(&mut plain, &request).await;
        assert!(!answer.contains("strict-transport"), "{answer}");
        match location {
            Some(location) => {
                assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
                assert!(answer.contains(&format!("location: {location}\r\n")), "{answer}");
            }
            None => assert!(answer.starts_with("HTTP/1.1 200"), "{answer}"),
        }
    }
    // Where to send whom is not known, nothing is served either.
    for host in ["", "Host: a b\r\n", "Host: you@evil.example\r\n"] {
        let answer = exchange(&mut plain, &format!("GET / HTTP/1.1\r\n{host}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("\"code\":\"invalid\""), "{host}: {answer}");
    }
    assert_eq!(api.get("/api/logs").await.body["total"], 12);

    switch(&api, false);
    assert!(connect(&listening, &root, &BOTH, &[]).await.is_err());
    assert!(exchange(&mut plain, &get("/api/logs", &login())).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn old_versions_and_slow_handshakes_are_refused() {
    let api = Api::empty();
    generate(&api).await;
    switch(&api, true);
    let limits = Limits { head: std::time::Duration::from_millis(300), ..Limits::default() };
    let listening = Listening::with(&api, limits).await;
    for minor in [1, 2] {
        // A ClientHello of TLS 1.0 and 1.1 with one cipher suite. Source: RFC 4346, section 7.4.1.2.
        let mut hello = vec![0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, minor];
        hello.extend([7; 32]);
        hello.extend([0, 0, 2, 0xc0, 0x13, 1, 0]);
        let mut stream = listening.connect().await;
        stream.write_all(&hello).await.unwrap();
        let answer = rest(&mut stream).await;
        // A fatal alert.
        assert_eq!((answer[0], answer[5], answer.len()), (0x15, 2, 7), "TLS 1.{}", minor - 1);
    }
    let mut stream = listening.connect().await;
    stream.write_all(&[0x16, 3, 1]).await.unwrap();
    assert_eq!(rest(&mut stream).await, b"");
}

#[tokio::test]
async fn a_replaced_certificate_is_seen_by_the_next_connection_while_an_old_one_lives_on() {
    let api = Api::empty();
    let old = generate(&api).await;
    switch(&api, true);
    let listening = Listening::start(&api).await;
    let mut before = connect(&listening, &old, &BOTH, &[]).await.unwrap();
    exchange(&mut before, &get("/livez", "")).await;
    let new = generate(&api).await;
    assert_ne!(old, new);
    assert!(connect(&listening, &old, &BOTH, &[]).await.is_err());
    let mut after = connect(&listening, &new, &BOTH, &[]).await.unwrap();
    for stream in [&mut before, &mut after] {
        assert!(exchange(stream, &get("/livez", "")).await.starts_with("HTTP/1.1 200"));
    }

    // Somebody else replaces the files; for a moment they don't fit, and what was served still is.
    let tls = api.data_dir().join("tls");
    let other = Api::empty();
    let theirs = generate(&other).await;
    std::fs::copy(other.data_dir().join("tls/https.crt"), tls.join("https.crt")).unwrap();
    api.tls.refresh().await;
    connect(&listening, &new, &BOTH, &[]).await.unwrap();
    let health = api.get("/health").await;
    assert_eq!(health.status, 503);
    assert!(health.text.contains("https: the former certificate is still served"), "{}", health.text);
    std::fs::copy(other.data_dir().join("tls/https.key"), tls.join("https.key")).unwrap();
    api.tls.refresh().await;
    connect(&listening, &theirs, &BOTH, &[]).await.unwrap();
    assert_eq!(api.get("/health").await.status, 200);
}

#[tokio::test]
async fn without_a_usable_certificate_plain_http_is_served_and_health_says_so() {
    let api = Api::empty();
    assert!(api.tls.usable().unwrap_err().contains("generate"));
    switch(&api, true);
    let listening = Listening::start(&api).await;
    let answer = exchange(&mut listening.connect().await, &get("/api/logs", &login())).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let health = api.get("/health").await;
    assert_eq!((health.status.as_u16(), &health.body["status"]), (503, &"degraded".into()));
    assert!(health.text.contains("https: plain HTTP is served, because there is no certificate"), "{}", health.text);
    assert!(!api.anonymous("GET", "/health").await.text.contains("certificate"), "reasons are for those who log in");
    generate(&api).await;
    assert_eq!(api.get("/health").await.status, 200);
    api.tls.usable().unwrap();
}
