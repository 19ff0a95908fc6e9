//! What is registered, documented and mounted is the same; and who may use it is what one table says, asked of every
//! route as everybody in every way.

use crate::support::{
    self,
    api::{Api, as_admin, request},
    people::{Way, tester},
};
use axum::body::Body;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tidegate::api::Secure;
use tidegate::control::Account;
use tidegate::model::{Role, Scope, Scopes};

use Who::{Anyone, Known, Needs, Oneself, Peers, Person};

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    /// Everybody, without credentials too.
    Anyone,
    /// Everybody with credentials, whatever they allow.
    Known,
    /// Whoever has the scope.
    Needs(Scope),
    /// The person: by password, session or access token.
    Oneself,
    /// The person, with the scope.
    Person(Scope),
    /// Peers on this machine without credentials, else whoever may read the log.
    Peers,
}

/// Every route, and who may use it.
const ROUTES: &[(&str, &str, Who)] = &[
    ("GET", "/api/analytics/domain-risk", Needs(Scope::LogsRead)),
    ("GET", "/api/analytics/file-extensions", Needs(Scope::LogsRead)),
    ("GET", "/api/analytics/shadow-it", Needs(Scope::LogsRead)),
    ("GET", "/api/analytics/top-domains", Needs(Scope::LogsRead)),
    ("GET", "/api/analytics/user-agents", Needs(Scope::LogsRead)),
    ("DELETE", "/api/api-keys/{id}", Oneself),
    ("GET", "/api/api-keys", Oneself),
    ("POST", "/api/api-keys", Oneself),
    ("POST", "/api/api-keys/access-secret", Oneself),
    ("GET", "/api/archives", Needs(Scope::LogsExport)),
    ("DELETE", "/api/archives/{name}", Needs(Scope::Admin)),
    ("GET", "/archives/download/{name}", Needs(Scope::LogsExport)),
    ("GET", "/api/audit-log", Needs(Scope::AuditRead)),
    ("GET", "/api/audit-log/verify", Needs(Scope::AuditRead)),
    ("POST", "/api/auth/login", Anyone),
    ("GET", "/api/auth/me", Known),
    ("POST", "/api/auth/refresh", Anyone),
    ("DELETE", "/api/auth/totp", Oneself),
    ("POST", "/api/auth/totp", Oneself),
    ("POST", "/api/change-password", Oneself),
    ("GET", "/api/charts/severity-timeline", Needs(Scope::LogsRead)),
    ("GET", "/api/charts/top-hosts", Needs(Scope::LogsRead)),
    ("GET", "/api/charts/volume", Needs(Scope::LogsRead)),
    ("GET", "/api/clients/statistics", Needs(Scope::LogsRead)),
    ("GET", "/api/clients/{ip}/details", Needs(Scope::LogsRead)),
    ("GET", "/api/config", Needs(Scope::Admin)),
    ("GET", "/api/dashboard/summary", Needs(Scope::LogsRead)),
    ("GET", "/api/domains/statistics", Needs(Scope::LogsRead)),
    ("GET", "/api/domains/{domain}/details", Needs(Scope::LogsRead)),
    ("GET", "/api/export/csv", Needs(Scope::LogsExport)),
    ("GET", "/api/export/json", Needs(Scope::LogsExport)),
    ("GET", "/api/export/ndjson", Needs(Scope::LogsExport)),
    ("GET", "/api/findings", Needs(Scope::AlertsRead)),
    ("GET", "/api/findings/detectors", Needs(Scope::AlertsRead)),
    ("GET", "/api/findings/{id}", Needs(Scope::AlertsRead)),
    ("PUT", "/api/findings/{id}", Needs(Scope::AlertsWrite)),
    ("GET", "/api/health", Anyone),
    ("GET", "/api/jobs", Needs(Scope::Admin)),
    ("GET", "/api/jobs/runs", Needs(Scope::Admin)),
    ("GET", "/api/jobs/{id}", Needs(Scope::Admin)),
    ("POST", "/api/archives/run", Needs(Scope::Admin)),
    ("POST", "/api/jobs/{name}/run", Needs(Scope::Admin)),
    ("POST", "/api/maintenance/vacuum", Needs(Scope::Admin)),
    ("POST", "/api/maintenance/analyze", Needs(Scope::Admin)),
    ("POST", "/api/maintenance/rebuild-stats", Needs(Scope::Admin)),
    ("GET", "/api/lists", Needs(Scope::Admin)),
    ("GET", "/api/lists/{name}", Needs(Scope::Admin)),
    ("POST", "/api/lists/{name}/import", Needs(Scope::Admin)),
    ("GET", "/api/logs", Needs(Scope::LogsRead)),
    ("POST", "/api/logs/clear", Needs(Scope::LogsPurge)),
    ("POST", "/api/logs/clear-old", Needs(Scope::LogsPurge)),
    ("GET", "/api/logs/live", Needs(Scope::LogsRead)),
    ("GET", "/api/logs/stats", Needs(Scope::LogsRead)),
    ("GET", "/api/logs/timeline", Needs(Scope::LogsRead)),
    ("GET", "/api/logs/{id}", Needs(Scope::LogsRead)),
    ("POST", "/api/logout", Known),
    ("GET", "/api/openapi.json", Anyone),
    ("GET", "/api/check-update", Known),
    ("GET", "/api/license/status", Known),
    ("GET", "/api/version", Known),
    ("POST", "/api/reload", Needs(Scope::Admin)),
    ("POST", "/restart-server", Needs(Scope::Admin)),
    ("POST", "/api/privacy/erase", Needs(Scope::Admin)),
    ("GET", "/api/privacy/export", Needs(Scope::Admin)),
    ("POST", "/api/privacy/reveal", Known),
    ("POST", "/api/privacy/reveal/{id}/approve", Person(Scope::Admin)), // and whoever has pii:read
    ("GET", "/api/privacy/reveals", Known),
    ("GET", "/api/rejects", Needs(Scope::Admin)),
    ("POST", "/api/rejects/reimport", Needs(Scope::Admin)),
    ("GET", "/api/retention-preview", Needs(Scope::Admin)),
    ("GET", "/api/security/rate-limits", Needs(Scope::Admin)),
    ("DELETE", "/api/security/rate-limits/{ip}", Needs(Scope::Admin)),
    ("PUT", "/api/services/{name}", Needs(Scope::SettingsWrite)),
    ("GET", "/api/security/score", Needs(Scope::LogsRead)),
    ("GET", "/api/settings", Needs(Scope::Admin)),
    ("POST", "/api/settings", Needs(Scope::Admin)),
    ("DELETE", "/api/settings/{name}", Needs(Scope::Admin)),
    ("POST", "/api/settings/{name}", Needs(Scope::Admin)),
    ("PUT", "/api/settings/{name}", Needs(Scope::Admin)),
    ("GET", "/api/stats", Needs(Scope::LogsRead)),
    ("GET", "/api/status", Needs(Scope::LogsRead)),
    ("GET", "/api/tls-cert", Needs(Scope::Admin)),
    ("POST", "/api/tls-cert", Needs(Scope::Admin)),
    ("POST", "/api/tls-cert-delete", Needs(Scope::Admin)),
    ("POST", "/api/tls-generate", Needs(Scope::Admin)),
    ("GET", "/api/traffic/statistics", Needs(Scope::LogsRead)),
    ("GET", "/api/users", Needs(Scope::UsersWrite)),
    ("POST", "/api/users", Needs(Scope::UsersWrite)),
    ("DELETE", "/api/users/{id}", Needs(Scope::UsersWrite)),
    ("GET", "/api/users/{id}", Needs(Scope::UsersWrite)), // and oneself: tests/it/api/users/id
    ("PUT", "/api/users/{id}", Needs(Scope::UsersWrite)), // and oneself
    ("POST", "/api/users/{id}/reset-password", Needs(Scope::UsersWrite)),
    ("GET", "/api/sources", Needs(Scope::LogsRead)),
    ("GET", "/export/csv", Needs(Scope::LogsExport)),
    ("GET", "/export/json", Needs(Scope::LogsExport)),
    ("GET", "/health", Anyone),
    ("GET", "/livez", Anyone),
    ("POST", "/login", Anyone),
    ("POST", "/logout", Anyone),
    ("GET", "/metrics", Peers),
    ("GET", "/readyz", Anyone),
    ("GET", "/api/waf/categories", Needs(Scope::LogsRead)),
    ("POST", "/api/waf/categories/toggle", Needs(Scope::SettingsWrite)),
    ("GET", "/api/waf/rules", Needs(Scope::LogsRead)),
    ("GET", "/api/waf/rules/{id}", Needs(Scope::LogsRead)),
    ("POST", "/api/waf/rescore", Needs(Scope::Admin)),
    ("POST", "/api/waf/score", Needs(Scope::LogsRead)),
    ("GET", "/api/waf/timeline", Needs(Scope::LogsRead)),
    ("GET", "/api/waf/stats", Needs(Scope::LogsRead)),
    ("POST", "/api/waf/test-rule", Needs(Scope::LogsRead)),
];

/// Routes a key restricted to some log sources may use beside the open ones: those whose answer keeps to them or has
/// nothing of any source in it. Every other is shut to it.
const NARROWED: &[(&str, &str)] = &[
    ("GET", "/api/auth/me"),
    ("GET", "/api/export/csv"),
    ("GET", "/api/export/json"),
    ("GET", "/api/export/ndjson"),
    ("GET", "/api/logs"),
    ("GET", "/api/logs/live"),
    ("GET", "/api/logs/{id}"),
    ("GET", "/api/sources"),
    ("POST", "/api/logout"),
    ("GET", "/export/csv"),
    ("GET", "/export/json"),
];

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
fn the_table_lists_every_documented_route() {
    let documented: BTreeSet<_> = documented().into_iter().map(|(method, path, _)| (method, path)).collect();
    let listed: BTreeSet<_> =
        ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(documented, listed, "the OpenAPI document (left) and ROUTES (right)");
    assert_eq!(listed.len(), ROUTES.len(), "a route is listed twice");
}

impl Who {
    /// As `docs/API.md` says it.
    fn word(self) -> &'static str {
        match self {
            Anyone => "anyone",
            Known => "any account",
            Needs(scope) | Person(scope) => scope.name(),
            Oneself => "self",
            Peers => "loopback, else logs:read",
        }
    }
}

/// Rows of the tables of `docs/API.md`: method and path, who, what.
fn described() -> Vec<(String, String, String, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/API.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let row = |row: &str| {
        let [route, who, what] = <[String; 3]>::try_from(cells(row)).unwrap_or_else(|cells| panic!("{cells:?}"));
        let (method, path) = route.trim_matches('`').split_once(' ').unwrap_or_else(|| panic!("{row}"));
        (method.to_owned(), path.to_owned(), who, what)
    };
    rows.map(row).collect()
}

#[test]
fn the_reference_describes_every_route_and_no_other() {
    let described = described();
    let routes: BTreeMap<_, _> =
        ROUTES.iter().map(|(method, path, who)| (((*method).to_owned(), (*path).to_owned()), who.word())).collect();
    let rows: BTreeMap<_, _> =
        described.iter().map(|(method, path, who, _)| ((method.clone(), path.clone()), who.as_str())).collect();
    assert_eq!(rows, routes, "docs/API.md (left) and the routes there are (right)");
    assert_eq!(rows.len(), described.len(), "docs/API.md has a route twice");
    let mute: Vec<_> = described.iter().filter(|(.., what)| what.len() < 10 || !what.ends_with('.')).collect();
    assert!(mute.is_empty(), "a sentence each: {mute:?}");
}

/// Every route is mounted by `routes!`, which documents it; the dashboard's files, which are not, by one line of their
/// own (`tests/it/api/assets.rs`).
#[test]
fn nothing_is_mounted_beside_the_document() {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/router.rs")).unwrap();
    assert_eq!(source.matches(".route(").count(), 1, "only assets::routes() is mounted without routes!");
    assert_eq!(source.matches("route_service").count() + source.matches(".merge(").count(), 0);
}

/// Somebody who asks, and how.
struct Caller {
    /// Nobody, where there is none.
    account: Option<Account>,
    way: Way,
    /// What they narrowed their credential to, where that can be done.
    narrowed: Option<&'static str>,
    /// Whether it is a key restricted to a log source.
    restricted: bool,
}

impl Caller {
    /// Nobody; everybody in every way, and with keys and tokens narrowed; and an admin's key restricted to a source.
    fn all(api: &Api) -> Vec<Caller> {
        let caller = |account, way, narrowed, restricted| Caller { account, way, narrowed, restricted };
        let mut all = vec![caller(None, Way::Basic, None, false)];
        for role in Role::ALL {
            let account = api.person(role.name(), role);
            for way in Way::ALL {
                all.push(caller(Some(account.clone()), way, None, false));
                if !is_personal(way) {
                    all.push(caller(Some(account.clone()), way, Some("search:read"), false));
                }
            }
        }
        let admin = api.person("admin", Role::Admin);
        all.push(caller(Some(admin), Way::Key, None, true));
        all
    }

    /// Credentials made for one request, which may use them up.
    fn credentials(&self, api: &Api) -> support::api::Who {
        match &self.account {
            None => ("x-nobody", String::new()),
            Some(account) if self.restricted => {
                let key = api.key(account, account.scopes(), Some("edge"));
                ("authorization", format!("Bearer {}", key.expose()))
            }
            Some(account) => api.who(account, self.way, self.narrowed),
        }
    }

    /// Whether the table lets them use a route.
    fn may(&self, method: &str, path: &str, who: Who) -> bool {
        let Some(account) = &self.account else { return who == Anyone };
        let scopes = self.narrowed.map_or(account.scopes(), |names| Scopes::parse(names).unwrap());
        let open = match who {
            Anyone | Known => true,
            Needs(scope) => scopes.has(scope),
            Oneself => is_personal(self.way),
            Person(scope) => is_personal(self.way) && scopes.has(scope),
            Peers => scopes.has(Scope::LogsRead),
        };
        open && (!self.restricted || who == Anyone || NARROWED.contains(&(method, path)))
    }

    fn describe(&self) -> String {
        let name = self.account.as_ref().map_or("nobody", |account| &account.name);
        format!("{name} by {:?}, narrowed {:?}, restricted {}", self.way, self.narrowed, self.restricted)
    }
}

fn is_personal(way: Way) -> bool {
    matches!(way, Way::Basic | Way::Access | Way::Session)
}

/// Whoever is let in gets whatever a request without a body gets, mostly 200 or 400, and 404 for a number nobody has.
#[tokio::test]
async fn every_route_is_open_to_whom_the_table_says_by_every_way_to_authenticate() {
    let api = Api::sample();
    let callers = Caller::all(&api);
    let (mut cells, mut wrong) = (0, Vec::new());
    for (method, path, who) in ROUTES {
        // Of a number nobody has, and of what is not there yet.
        let absent = path.contains('{') || path.ends_with("-delete");
        let called = path
            .replace("{id}", "4711")
            .replace("{name}", "internal_networks")
            .replace("{ip}", "203.0.113.9")
            .replace("{domain}", "example.com");
        for called in BTreeSet::from([called.clone(), called.replacen("/api/", "/api/v1/", 1)]) {
            for caller in &callers {
                let status = api.ask(&caller.credentials(&api), method, &called, None).await.status.as_u16();
                let right = match (caller.may(method, path, *who), &caller.account) {
                    (true, _) => status < 500 && !matches!(status, 401 | 403 | 405) && (status != 404 || absent),
                    (false, None) => status == 401,
                    (false, Some(_)) => status == 403,
                };
                cells += 1;
                if !right {
                    wrong.push(format!("{method} {called} as {}: {status}", caller.describe()));
                }
            }
        }
        // One account has so many keys and no more.
        for key in api.control.api_keys(None).unwrap() {
            api.control.delete_api_key(key.id, None, &tester()).unwrap();
        }
    }
    println!("{cells} cells: {} routes, {} callers, under /api and /api/v1", ROUTES.len(), callers.len());
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
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
    let pages = [("GET", "/", Known), ("GET", "/app.js", Known), ("GET", "/nothing", Anyone)];
    for (method, path, _) in ROUTES.iter().copied().chain(pages) {
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
        let good = ["200", "201", "202"].iter().any(|status| operation["responses"][status]["content"].is_object());
        assert!(good, "{name}: body of a success");
        let open = operation["security"].as_array().is_some_and(|any| any.contains(&serde_json::json!({})));
        // What is open because it is where one logs in answers 401, too.
        let judges = name.ends_with("/login") || name.ends_with("/logout") || name.ends_with("/auth/refresh");
        assert_eq!(operation["responses"]["401"].is_object(), !open || judges, "{name}: 401");
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

/// The document knows a schema by its name alone: of two with one name, one is taken for both.
#[test]
fn no_two_schemas_share_a_name() {
    let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut homes = BTreeMap::<String, Vec<String>>::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        for after in
            source.split("#[derive(").skip(1).filter(|after| after.split(')').next().unwrap().contains("ToSchema"))
        {
            let words: Vec<_> = after.split(|sign: char| !sign.is_alphanumeric() && sign != '_').collect();
            let kind = words.iter().position(|word| ["struct", "enum"].contains(word)).unwrap();
            homes.entry(words[kind + 1].to_owned()).or_default().push(path.display().to_string());
        }
    }
    assert!(homes.len() > 50, "{homes:?}");
    homes.retain(|_, files| files.len() > 1);
    assert_eq!(homes, BTreeMap::new());
}
