//! What is registered, documented and mounted is the same.

use crate::support::api::{Api, as_admin, request};
use axum::body::Body;
use serde_json::Value;
use std::collections::BTreeSet;
use tidegate::api::Secure;

/// Every route, and who may use it.
const ROUTES: [(&str, &str, Who); 35] = [
    ("GET", "/api/audit-log", Who::Known),
    ("GET", "/api/audit-log/verify", Who::Known),
    ("GET", "/api/config", Who::Known),
    ("GET", "/api/health", Who::Anyone),
    ("GET", "/api/lists", Who::Known),
    ("GET", "/api/lists/{name}", Who::Known),
    ("POST", "/api/lists/{name}/import", Who::Known),
    ("GET", "/api/logs", Who::Known),
    ("POST", "/api/logs/clear", Who::Known),
    ("POST", "/api/logs/clear-old", Who::Known),
    ("GET", "/api/logs/stats", Who::Known),
    ("GET", "/api/logs/timeline", Who::Known),
    ("GET", "/api/logs/{id}", Who::Known),
    ("GET", "/api/openapi.json", Who::Anyone),
    ("POST", "/api/privacy/erase", Who::Known),
    ("GET", "/api/privacy/export", Who::Known),
    ("POST", "/api/privacy/reveal", Who::Known),
    ("POST", "/api/privacy/reveal/{id}/approve", Who::Known),
    ("GET", "/api/privacy/reveals", Who::Known),
    ("GET", "/api/rejects", Who::Known),
    ("GET", "/api/retention-preview", Who::Known),
    ("DELETE", "/api/settings/{name}", Who::Known),
    ("GET", "/api/settings", Who::Known),
    ("POST", "/api/settings", Who::Known),
    ("POST", "/api/settings/{name}", Who::Known),
    ("PUT", "/api/settings/{name}", Who::Known),
    ("GET", "/api/security/rate-limits", Who::Known),
    ("DELETE", "/api/security/rate-limits/{ip}", Who::Known),
    ("GET", "/api/tls-cert", Who::Known),
    ("POST", "/api/tls-cert", Who::Known),
    ("POST", "/api/tls-cert-delete", Who::Known),
    ("POST", "/api/tls-generate", Who::Known),
    ("GET", "/health", Who::Anyone),
    ("GET", "/livez", Who::Anyone),
    ("GET", "/readyz", Who::Anyone),
];
/// Open to some peers only, so apart.
const METRICS: (&str, &str) = ("GET", "/metrics");

/// What is answered without a body, and of a setting's name where a section's is wanted, where that is no success.
const INCOMPLETE: [(&str, &str, u16); 11] = [
    ("POST", "/api/tls-cert", 400),
    ("POST", "/api/tls-cert-delete", 404),
    // Nobody was turned away, so that there is nobody to let in.
    ("DELETE", "/api/security/rate-limits/{ip}", 404),
    ("POST", "/api/lists/{name}/import", 415),
    ("POST", "/api/privacy/erase", 400),
    ("GET", "/api/privacy/export", 400),
    ("POST", "/api/privacy/reveal", 400),
    ("POST", "/api/privacy/reveal/{id}/approve", 404),
    ("POST", "/api/settings", 400),
    ("POST", "/api/settings/{name}", 404),
    ("PUT", "/api/settings/{name}", 400),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Anyone,
    Known,
}

fn document() -> Value {
    serde_json::to_value(tidegate::api::document()).unwrap()
}

fn documented() -> Vec<(String, String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    operations.collect()
}

#[test]
fn the_document_lists_every_route() {
    let documented: BTreeSet<_> = documented().into_iter().map(|(method, path, _)| (method, path)).collect();
    let wanted = ROUTES.iter().map(|(method, path, _)| (*method, *path)).chain([METRICS]);
    let wanted: BTreeSet<_> = wanted.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(documented, wanted);
}

#[tokio::test]
async fn every_documented_route_answers_under_both_names_to_whom_it_should() {
    for (method, path, who) in ROUTES {
        let api = Api::sample();
        let wanted = INCOMPLETE.iter().find(|(other, route, _)| (*other, *route) == (method, path));
        let wanted = wanted.map_or(200, |(_, _, status)| *status);
        let path = path.replace("{id}", "3").replace("{name}", "internal_networks");
        let again = path.replacen("/api/", "/api/v1/", 1);
        for path in BTreeSet::from([&path, &again]) {
            let stranger = api.anonymous(method, path).await.status.as_u16();
            assert_eq!(stranger, if who == Who::Anyone { 200 } else { 401 }, "{method} {path}");
            assert_eq!(api.admin(method, path).await.status, wanted, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let wanted = [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("permissions-policy", "accelerometer=()"),
        ("x-permitted-cross-domain-policies", "none"),
        ("cache-control", ""),
        ("x-request-id", ""),
    ];
    let api = Api::sample();
    let pages = [("GET", "/", Who::Known), ("GET", "/app.js", Who::Known), ("GET", "/nothing", Who::Anyone)];
    for (method, path, _) in ROUTES.into_iter().chain([(METRICS.0, METRICS.1, Who::Known)]).chain(pages) {
        let path = path.replace("{id}", "3");
        for secure in [false, true] {
            let open = request(method, &path).extension(Secure(secure));
            let known = as_admin(method, &path).extension(Secure(secure));
            for request in [open, known] {
                let answer = api.send(request.body(Body::empty()).unwrap()).await;
                for (name, start) in wanted {
                    let value = answer.header(name);
                    assert!(!value.is_empty() && value.starts_with(start), "{method} {path}: {name}: {value}");
                }
                let hsts = answer.header("strict-transport-security");
                assert_eq!(!hsts.is_empty(), secure, "{method} {path}: {hsts}");
                let stored = answer.header("cache-control");
                let kept = ["no-store", "private, no-cache"].contains(&stored) || !path.starts_with("/api");
                assert!(kept && !stored.contains("public"), "{method} {path}: {stored}");
                assert_eq!(answer.header("server"), "", "{method} {path}");
            }
        }
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let names: Vec<String> =
        documented().iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
fn every_operation_says_what_it_answers() {
    for (method, path, operation) in documented() {
        let name = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 10), "{name}: summary");
        assert!(operation["responses"]["200"]["content"].is_object(), "{name}: body of 200");
        let open = operation["security"].as_array().is_some_and(|any| any.contains(&serde_json::json!({})));
        assert_eq!(operation["responses"]["401"].is_object(), !open, "{name}: 401");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 5, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
