//! While masking is on, no byte of any answer says who somebody is. Every documented GET joins by itself; POSTs and the
//! values of path parameters come from tables that a new route has to be added to.

use crate::store::{append, columnar};
use crate::support::api::{Answer, Api, PASSWORD, basic, request};
use crate::support::lines::{NOON, batch, line};
use axum::body::Body;
use axum::http::header;
use base64::Engine;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidegate::behaviour::DETECTORS;
use tidegate::control::Actor;
use tidegate::control::settings::SettingValue;
use tidegate::model::{
    AccessEvent, Batch, ClientIp, Finding, FindingStatus, Reject, RejectReason, Severity, SourceName, Target,
    Timestamp, Url,
};
use tidegate::store::EventStore;

const PEOPLE: usize = 500;
const MASKED: [&str; 3] = ["viewer", "auditor", "admin"];

/// What to put for a path parameter; a route with one that is not here fails the test.
const PATH_PARAMETERS: &[(&str, &str, &[&str])] = &[
    ("/archives/download/{name}", "name", &["tidegate-20260101T000000Z-1a2b3c4d.tar", "x"]),
    ("/api/clients/{ip}/details", "ip", &["10.104.137.154", "c-aaaaaaaaaaaa", "***", "x"]),
    ("/api/domains/{domain}/details", "domain", &["example.com", "10.104.137.154", "***", "x"]),
    ("/api/findings/{id}", "id", &["1", "2", "3", "4", "5", "x"]),
    ("/api/jobs/{id}", "id", &["1", "x"]),
    ("/api/lists/{name}", "name", &["internal_networks", "client_aliases", "x"]),
    ("/api/users/{id}", "id", &["1", "2", "0", "x"]),
    ("/api/logs/{id}", "id", &["1", "2", "3", "4", "5", "6", "1999", "0", "x"]),
    ("/api/waf/rules/{id}", "id", &["4210020", "x"]),
];

/// What to send to each documented POST, in this order. `$ADDRESS`, `$USER` and `$PSEUDONYM` are somebody's.
const POSTS: &[(&str, &[&str])] = &[
    (
        "/api/privacy/reveal",
        &[
            r#"{"pseudonym":"$PSEUDONYM","reason":"a test of masking"}"#,
            r#"{"pseudonym":"c-aaaaaaaaaaaa","reason":"a test of masking"}"#,
            r#"{"pseudonym":"nobody","reason":"short"}"#,
        ],
    ),
    ("/api/privacy/reveal/{id}/approve", &[""]),
    (
        "/api/privacy/erase",
        &[
            r#"{"user":"$USER","reason":"a test of masking"}"#,
            r#"{"client":"$PSEUDONYM","reason":"a test of masking"}"#,
            r#"{"client":"c-aaaaaaaaaaaa","reason":"a test of masking"}"#,
        ],
    ),
    ("/api/lists/{name}/import", &["10.0.0.0/8", ""]),
    ("/api/tls-cert", &["{}"]),
    ("/api/tls-cert-delete", &["{}"]),
    ("/api/tls-generate", &["{}"]),
    ("/api/settings", &[r#"{"notify_cooldown_minutes":20}"#, "{}"]),
    ("/api/settings/{name}", &[r#"{"cooldown_minutes":15}"#]),
    ("/api/api-keys", &[r#"{"name":"a test's","scopes":["logs:read"]}"#, "{}"]),
    ("/api/api-keys/access-secret", &[""]),
    ("/api/auth/login", &[r#"{"username":"viewer","password":"$PASSWORD"}"#, "{}"]),
    ("/api/auth/refresh", &[r#"{"refresh_token":"x"}"#, "{}"]),
    ("/api/auth/totp", &[""]),
    ("/api/change-password", &["{}"]),
    ("/api/users", &[r#"{"username":"another","role":"viewer"}"#, "{}"]),
    ("/api/users/{id}/reset-password", &[""]),
    ("/login", &[r#"{"username":"viewer","password":"$PASSWORD"}"#]),
    ("/api/logout", &[""]),
    ("/logout", &[""]),
    (
        "/api/rejects/reimport",
        &[
            r#"{"source":"squid","format":"auto"}"#,
            r#"{"source":"squid","format":"logformat %rm %>a"}"#,
            r#"{"source":"$USER","reason":"$USER","format":"squid"}"#,
            r#"{"source":"SQUID","format":"squid"}"#,
            "{}",
        ],
    ),
    ("/api/waf/categories/toggle", &[r#"{"category":"sql","enabled":true}"#]),
    ("/api/waf/rescore", &["{}"]),
    ("/api/archives/run", &["{}"]),
    ("/api/reload", &["{}"]),
    ("/restart-server", &["{}"]),
    ("/api/jobs/{name}/run", &["{}"]),
    ("/api/maintenance/vacuum", &["{}"]),
    ("/api/maintenance/analyze", &["{}"]),
    ("/api/maintenance/rebuild-stats", &["{}"]),
    ("/api/waf/score", &[r#"{"url":"http://a.example/?q=%27%20or%201=1"}"#, "{}"]),
    (
        "/api/waf/test-rule",
        &[
            r#"{"regex":"."}"#,
            r#"{"regex":"@|%40|=[0-9]{9}"}"#,
            r#"{"rule":"SecRule REQUEST_URI|REQUEST_HEADERS \"@rx .\" \"id:1,phase:2,pass\""}"#,
        ],
    ),
    ("/api/logs/clear-old", &[r#"{"days":3650}"#, r#"{"days":0}"#]),
    ("/api/logs/clear", &[""]),
];

struct Person {
    address: String,
    name: String,
    /// The name without its number.
    stem: String,
}

fn person(number: usize) -> Person {
    let syllable = |at: usize| ["vex", "quor", "zil", "thurn", "plix", "drov", "gwyl", "morq", "skaz", "brun"][at % 10];
    let stem = format!("{}{}ow", syllable(number), syllable(number / 10 + 3));
    let name = format!("{stem}{:03}", 100 + number);
    let (high, low) = (137 + number / 100, 151 + number % 100);
    let address = match number % 5 {
        4 => format!("2001:db8:{:x}:{:x}::{:x}", 0xa000 + number, 0xb000 + number, 0xc000 + number),
        _ => format!("10.{}.{high}.{low}", 101 + number % 89),
    };
    Person { address, name, stem }
}

fn people() -> impl Iterator<Item = Person> {
    (0..PEOPLE).map(person)
}

fn percent(text: &str, upper: bool) -> String {
    text.bytes().map(|byte| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// What somebody did, at a place that names them or somebody else.
fn finding(number: usize) -> Finding {
    let (Person { address, name, .. }, other) = (person(number), person(number + 1));
    let other_host = if other.address.contains(':') { format!("[{}]", other.address) } else { other.address.clone() };
    let places = [
        format!("{name}.pages.example:443"),
        format!("{other_host}:8080"),
        format!("x.{}.example", other.name),
        String::new(),
    ];
    Finding {
        id: 0,
        detector: DETECTORS[number % DETECTORS.len()].name.to_owned(),
        severity: Severity::Warning,
        client: ClientIp::new(address.as_bytes()),
        destination: Url::new(places[number % places.len()].as_bytes()),
        first: NOON,
        last: NOON,
        found: NOON,
        requests: 7,
        measures: Vec::new(),
        evidence: vec![number as u64 * 4 + 1],
        status: FindingStatus::Open,
        note: String::new(),
    }
}

/// Four rows and a rejected line of each person, who is named in every part of them.
fn log() -> Batch {
    let mut batch = Batch::new(SourceName { name: "squid".into(), host: "proxy1".into(), format: "squid".into() });
    for (number, Person { address, name, .. }) in people().enumerate() {
        let host = if address.contains(':') { format!("[{address}]") } else { address.clone() };
        let rows: [(String, String, String, String); 4] = [
            (
                "http://intra.example".into(),
                format!("/home/{name}/{address}/x.html?u={}&a={}", name.to_uppercase(), percent(&address, false)),
                format!("http://intra.example/{name}?from={address}"),
                format!("Agent/1.0 ({name}; {address})"),
            ),
            (
                format!("http://{host}:8080"),
                format!("/x?next=%2Fy%3Fuser%3D{name}%26ip%3D{}#{}", percent(&address, true), percent(&name, true)),
                format!("http://{name}.pages.example/{}", percent(&percent(&name, true), true)),
                format!("{name}/{address}"),
            ),
            (
                format!("http://{name}.pages.example"),
                // Somebody else's data, told by its shape or its parameter.
                format!("/m?to={}@mail.example&user={}&h={}", person(number + 7).name, person(number + 9).name, host),
                String::new(),
                String::new(),
            ),
            (String::new(), format!("error:{name}@{address}"), format!("http://{name}:secret@{host}/"), String::new()),
        ];
        for (at, (origin, rest, referer, agent)) in rows.iter().enumerate() {
            let event = AccessEvent {
                time: Timestamp(NOON.0 - (number * 4 + at) as i64 * 60_000),
                c_ip: address.as_bytes(),
                cs_username: name.as_bytes(),
                cs_method: b"GET",
                sc_status: [200, 403, 407, 503][at],
                sc_bytes: 1000,
                result: b"TCP_MISS",
                hierarchy: b"HIER_DIRECT",
                peer: if at == 1 { address.as_bytes() } else { b"198.51.100.1" },
                content_type: if at == 3 { address.as_bytes() } else { b"text/html" },
                user_agent: agent.as_bytes(),
                referer: referer.as_bytes(),
                extra: b"",
                canonical: at != 2,
                ..AccessEvent::default()
            };
            let target = Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false };
            batch.push(&event, &target, format!("{address} {name} {rest}").as_bytes());
        }
        let line = format!("{name} {address} GET http://x.example/{name}");
        batch.rejects.push(Reject::new(RejectReason::BadTime, number as u64, line.as_bytes()));
    }
    batch
}

/// Every way to write what must not be said, in small letters, found by its first six bytes.
struct Needles(HashMap<[u8; 6], Vec<(&'static str, Vec<u8>)>>);

impl Needles {
    fn new() -> Needles {
        let mut needles = Needles(HashMap::new());
        for Person { address, name, stem } in people() {
            for value in [&address, &name, &stem] {
                needles.add("raw", value);
                needles.add("percent", &percent(value, false));
                needles.add("percent twice", &percent(&percent(value, false), false));
                needles.add("hex", &hex(value));
                needles.add("json", &value.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>());
                for padding in 0..3 {
                    let padded = [&b"   "[..padding], value.as_bytes()].concat();
                    let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
                    // What other bytes decide is cut off.
                    let text = &text[[0, 2, 3][padding]..text.len() - 1];
                    needles.add("base64", text);
                }
            }
            if let Some((network, last)) = address.rsplit_once('.') {
                needles.add("network", &format!("{network}."));
                let third = network.rsplit('.').next().unwrap();
                needles.add("last octets", &format!("{third}.{last}"));
            } else {
                needles.add("network", address.rsplit_once("::").unwrap().0);
            }
        }
        needles
    }

    fn add(&mut self, kind: &'static str, text: &str) {
        let text = text.to_ascii_lowercase().into_bytes();
        let known = self.0.entry(*text.first_chunk().unwrap()).or_default();
        if !known.iter().any(|(_, same)| *same == text) {
            known.push((kind, text));
        }
    }

    fn find(&self, text: &[u8]) -> Vec<(&'static str, String)> {
        let text = text.to_ascii_lowercase();
        let mut found = Vec::new();
        for (at, start) in text.windows(6).enumerate() {
            for (kind, needle) in self.0.get(start).into_iter().flatten() {
                if text[at..].starts_with(needle) {
                    let around = &text[at.saturating_sub(40)..text.len().min(at + 60)];
                    found.push((*kind, String::from_utf8_lossy(around).into_owned()));
                }
            }
        }
        found
    }
}

/// How much was searched, and what was found.
#[derive(Default)]
struct Search {
    requests: usize,
    bytes: usize,
    found: BTreeMap<&'static str, usize>,
    first: Option<String>,
}

impl Search {
    fn look(&mut self, needles: &Needles, asked: &str, answer: &Answer) {
        let headers: Vec<u8> = answer
            .headers
            .iter()
            .flat_map(|(name, value)| [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat())
            .collect();
        self.requests += 1;
        for part in [&headers[..], answer.text.as_bytes()] {
            self.bytes += part.len();
            for (kind, around) in needles.find(part) {
                *self.found.entry(kind).or_default() += 1;
                self.first.get_or_insert_with(|| format!("{asked}: {kind}: …{around}…"));
            }
        }
    }
}

struct Masking {
    api: Api,
    needles: Needles,
    search: Search,
}

impl Masking {
    fn new(settings: &[(&str, &str)]) -> Masking {
        let api = Api::empty();
        api.store.push(vec![log()]);
        let findings: Vec<Finding> = (0..PEOPLE - 1).map(finding).collect();
        api.store.keep_findings(&findings, api.store.removals().unwrap()).unwrap();
        for name in ["viewer", "auditor"] {
            api.add_account(name, name);
        }
        for (name, value) in settings {
            api.control.set_setting(name, SettingValue::Text((*value).into()), &Actor::system("test")).unwrap();
        }
        let aliases = people().map(|Person { address, name, .. }| format!("{address}={name}")).collect::<Vec<_>>();
        let aliases = SettingValue::Text(aliases.join("\n"));
        api.control.set_setting("client_aliases", aliases, &Actor::system("test")).unwrap();
        Masking { api, needles: Needles::new(), search: Search::default() }
    }

    async fn ask(&mut self, who: &str, method: &str, path: &str, body: &str) -> Answer {
        let request = request(method, path)
            .header(header::AUTHORIZATION, basic(who, PASSWORD))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = self.api.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        assert!(answer.status.as_u16() != 401 || path.ends_with("/refresh"), "{who} {method} {path}");
        assert!(answer.status.as_u16() < 500, "{who} {method} {path}: {}", answer.text);
        self.search.look(&self.needles, &format!("{who} {method} {path} {body}"), &answer);
        answer
    }

    /// Asks every documented GET with every parameter varied, and walks every list to its end.
    async fn ask_everything(&mut self, who: &str) {
        for (path, operation) in operations("get") {
            for path in filled(&path) {
                let first = self.ask(who, "GET", &path, "").await;
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                    for value in values(parameter) {
                        let name = parameter["name"].as_str().unwrap();
                        self.ask(who, "GET", &format!("{path}?{name}={value}"), "").await;
                    }
                }
                let mut next = first.body["next_cursor"].as_str().map(str::to_owned);
                while let Some(cursor) = next {
                    let page = self.ask(who, "GET", &format!("{path}?limit=1000&cursor={cursor}"), "").await;
                    next = page.body["next_cursor"].as_str().map(str::to_owned);
                }
            }
        }
    }
}

fn operations(method: &str) -> Vec<(String, Value)> {
    let document = serde_json::to_value(tidegate::api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    paths.into_iter().filter_map(|(path, item)| Some((path, item.get(method)?.clone()))).collect()
}

fn filled(path: &str) -> Vec<String> {
    let Some((_, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let name = rest.split('}').next().unwrap();
    let known = PATH_PARAMETERS.iter().find(|(known, parameter, _)| *known == path && *parameter == name);
    let (_, _, values) = known.unwrap_or_else(|| panic!("{path}: say in PATH_PARAMETERS what to put for {name}"));
    values.iter().map(|value| path.replace(&format!("{{{name}}}"), value)).collect()
}

/// Values worth asking for a parameter.
fn values(parameter: &Value) -> Vec<String> {
    let schema =
        if parameter["schema"]["items"].is_object() { &parameter["schema"]["items"] } else { &parameter["schema"] };
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    }
    if let Some(least) = schema["minimum"].as_i64() {
        return vec![least.to_string(), (least + 4).to_string(), "x".into()];
    }
    let Person { address, name, .. } = person(3);
    let own: &[&str] = match parameter["name"].as_str().unwrap() {
        "client_ip" | "client" | "user" | "q" | "keyword" | "username" | "target" => {
            &["10.0.0.0/8", "!***", "c-aaaaaaaaaaaa", &address, &name]
        }
        "method" => &["GET", "!get"],
        "status" | "status_code" => &["200", "4xx", "!403"],
        "outcome" => &["allowed", "!error"],
        "cursor_id" => &["5", "100000", "x"],
        "from" | "since" | "start_date" => &["7d", "2026-01-01", "x"],
        "source" => &["squid", "!squid"],
        "reason" => &["bad_time", "!bad_time", "x"],
        _ => &["x", "1", "2026-01-01"],
    };
    own.iter().map(|text| text.replace('#', "%23")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_says_who_somebody_is() {
    let mut masking = Masking::new(&[("gdpr_mode", "true")]);
    for who in MASKED {
        masking.ask_everything(who).await;
    }
    // By level too: what is shown instead may not say more. A network does, that is its purpose.
    let levels = [("gdpr_client_level", "mask"), ("gdpr_user_level", "mask"), ("gdpr_url_level", "pseudonym")];
    for (name, value) in levels.into_iter().chain([("gdpr_url_level", "mask")]) {
        masking.api.control.set_setting(name, SettingValue::Text(value.into()), &Actor::system("test")).unwrap();
        masking.ask("viewer", "GET", "/api/logs?limit=1000", "").await;
    }
    masking
        .api
        .control
        .set_setting("gdpr_client_level", SettingValue::Text("pseudonym".into()), &Actor::system("test"))
        .unwrap();

    let row = masking.ask("viewer", "GET", "/api/logs/1", "").await;
    let pseudonym = row.body["data"]["client_ip"].as_str().unwrap().to_owned();
    assert!(pseudonym.starts_with("c-") && pseudonym.len() == 14, "{pseudonym}");
    let documented = operations("post");
    for (path, _) in &documented {
        assert!(POSTS.iter().any(|(known, _)| known == path), "say in POSTS what to send to {path}");
    }
    for (path, bodies) in POSTS {
        assert!(documented.iter().any(|(known, _)| known == path), "{path} is not documented");
        for body in *bodies {
            let body = body.replace("$PSEUDONYM", &pseudonym).replace("$USER", &person(11).name);
            let body = body.replace("$PASSWORD", PASSWORD);
            for who in MASKED {
                masking
                    .ask(
                        who,
                        "POST",
                        &path
                            .replace("/users/{id}", "/users/4711")
                            .replace("/jobs/{name}", "/jobs/retention.audit")
                            .replace("{id}", "1")
                            .replace("{name}", "notifications"),
                        &body,
                    )
                    .await;
            }
        }
        for who in MASKED {
            for list in ["/api/audit-log?limit=1000", "/api/privacy/reveals"] {
                masking.ask(who, "GET", list, "").await;
            }
        }
    }
    let Search { requests, bytes, found, first } = masking.search;
    println!(
        "{requests} requests, {bytes} bytes searched for {} texts",
        masking.needles.0.values().map(Vec::len).sum::<usize>()
    );
    assert_eq!(found, BTreeMap::new(), "{}", first.unwrap_or_default());
    assert!(requests > 500 && bytes > 5_000_000, "{requests} requests, {bytes} bytes");
}

/// The search can fail: without masking it finds everybody, in every part of an answer.
#[tokio::test(flavor = "multi_thread")]
async fn without_masking_the_search_finds_everybody() {
    let mut masking = Masking::new(&[]);
    masking.ask("viewer", "GET", "/api/logs?limit=1000", "").await;
    masking.ask("viewer", "GET", "/api/logs?limit=1000&offset=1000", "").await;
    masking.ask("admin", "GET", "/api/rejects?limit=1000", "").await;
    let found = &masking.search.found;
    for kind in ["raw", "percent", "network", "last octets"] {
        assert!(found.get(kind).is_some_and(|count| *count >= PEOPLE), "{kind}: {found:?}");
    }
    for text in [hex(&person(7).name), percent(&person(7).stem, true), format!("x{}", &person(8).address[3..])] {
        assert!(!masking.needles.find(text.as_bytes()).is_empty(), "{text}");
    }
}

/// Whether somebody exists can't be found out by asking.
#[tokio::test(flavor = "multi_thread")]
async fn probing_learns_nothing() {
    let mut masking = Masking::new(&[("gdpr_mode", "true")]);
    let (known, unknown) = (person(3), person(PEOPLE + 100));
    let mut told = 0;
    for level in ["pseudonym", "prefix", "mask"] {
        masking
            .api
            .control
            .set_setting("gdpr_client_level", SettingValue::Text(level.into()), &Actor::system("test"))
            .unwrap();
        for who in MASKED {
            for pattern in [
                "/api/logs?client_ip=$",
                "/api/logs?client_ip=!$",
                "/api/logs?client_ip=$&client_ip=10.255.0.1",
                "/api/logs?client_ip=$/32",
                "/api/logs?client_ip=$/16",
                "/api/logs?client_ip=!$/24",
                "/api/logs?client_ip=%3A%3Affff%3A$",
                "/api/logs?client_ip=$&order=asc&limit=1",
                "/api/logs?client_ip=$&offset=1000000",
                "/api/logs?client_ip=$&from=7d",
                "/api/clients/$/details",
            ] {
                let mut answers = Vec::new();
                for somebody in [&known, &unknown] {
                    let answer = masking.ask(who, "GET", &pattern.replace('$', &somebody.address), "").await;
                    let mut headers = answer.headers.clone();
                    let mut body = answer.body.clone();
                    headers.remove("x-request-id");
                    body.as_object_mut().unwrap().remove("request_id");
                    // A cursor is sealed anew each time.
                    if let Some(cursor) = body.get_mut("next_cursor").filter(|cursor| cursor.is_string()) {
                        *cursor = Value::from("sealed");
                    }
                    answers.push((answer.status, headers, body));
                }
                assert_eq!(answers[0], answers[1], "{who} {level} {pattern}");
                told += 1;
            }
        }
    }
    assert_eq!(told, 99);
}

/// What belongs to one view is worth nothing in another, and what is known of one answer says nothing of the other.
#[tokio::test(flavor = "multi_thread")]
async fn cursors_and_tags_belong_to_a_view() {
    let masking = Masking::new(&[]);
    let get = async |path: &str| masking.api.get(path).await;
    let plain = get("/api/logs?limit=1").await;
    let tag = get("/api/logs/stats").await.header("etag").to_owned();
    masking.api.control.set_setting("gdpr_mode", SettingValue::Bool(true), &Actor::system("test")).unwrap();
    let cursor = plain.body["next_cursor"].as_str().unwrap();
    assert_eq!(get(&format!("/api/logs?limit=1&cursor={cursor}")).await.fields(), ["cursor"]);
    let masked = get("/api/logs?limit=1").await;
    let masked_tag = get("/api/logs/stats").await.header("etag").to_owned();
    assert_ne!(tag, masked_tag);
    masking.api.privacy.rotate_key(&Actor::system("test")).unwrap();
    let cursor = masked.body["next_cursor"].as_str().unwrap();
    assert_eq!(get(&format!("/api/logs?limit=1&cursor={cursor}")).await.fields(), ["cursor"]);
    assert_ne!(get("/api/logs/stats").await.header("etag"), masked_tag);
    let renamed = get("/api/logs?limit=1").await;
    assert_ne!(masked.body["data"][0]["client_ip"], renamed.body["data"][0]["client_ip"]);
}

/// Where a row stands says what it is sorted by, so that it is sorted by what is shown.
#[tokio::test(flavor = "multi_thread")]
async fn orders_are_those_of_what_is_shown() {
    let temporary = columnar();
    append(&*temporary.store, &[log()]);
    let api = Api::over(temporary.store.clone());
    api.add_account("viewer", "viewer");
    api.set("gdpr_mode", "true");
    for (sort, field) in [("destination", "destination"), ("message", "url"), ("source_ip", "client_ip")] {
        let (mut shown, mut ids, mut place) = (Vec::new(), BTreeSet::new(), String::new());
        loop {
            let path = format!("/api/logs?sort={sort}&order=asc&limit=300{place}");
            let page = api.get_as("viewer", &path).await;
            ids.extend(page.ids());
            let rows = page.body["data"].as_array().unwrap();
            shown.extend(rows.iter().map(|row| row[field].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => place = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!((shown.len(), ids.len()), (PEOPLE * 4, PEOPLE * 4), "{sort}");
        assert!(shown.is_sorted_by_key(|text| text.as_bytes()[..text.len().min(256)].to_vec()), "{sort}");
        let hidden = shown.iter().filter(|text| text.contains("***")).count();
        assert!(sort == "source_ip" || hidden > PEOPLE, "{sort}: {hidden}");
    }
}

/// What is told of a name is told of the name as it is shown.
#[tokio::test]
async fn findings_about_a_domain_name_nobody() {
    let api = Api::empty();
    let host = "http://adalovelace.xn--bcher-kva.paypa1.com";
    api.store.push(vec![batch(&[
        line(9, "adalovelace", "GET", ("http://a.example", "/"), 200, "TCP_MISS"),
        line(8, "10.0.0.2", "GET", (host, "/"), 200, "TCP_MISS"),
    ])]);
    api.add_account("viewer", "viewer");
    let plain = api.get("/api/analytics/domain-risk").await;
    assert!(plain.text.contains("adalovelace.bücher.paypa1.com"), "{}", plain.text);
    api.set("gdpr_mode", "true");
    let masked = api.get_as("viewer", "/api/analytics/domain-risk").await;
    assert!(!masked.text.contains("adalovelace"), "{}", masked.text);
    assert!(masked.text.contains("***.xn--bcher-kva.paypa1.com"), "{}", masked.text);
}

/// A number of what is hidden would tell a right guess from a wrong one.
#[tokio::test]
async fn the_entropy_of_what_is_hidden_is_not_told() {
    let api = Api::empty();
    let paths = ["/mail/adalovelace1815@mail.example/inbox", "/a/long/enough/path/of/nobody/in/particular"];
    let lines = paths.map(|path| line(9, "10.0.0.2", "GET", ("http://a.example", path), 200, "TCP_MISS"));
    api.store.push(vec![batch(&lines)]);
    api.add_account("viewer", "viewer");
    let told = async |id: u64| {
        let row = api.get_as("viewer", &format!("/api/logs/{id}")).await;
        row.body["data"]["classification"].as_array().unwrap().iter().any(|one| one["name"] == "entropy")
    };
    assert!(told(1).await && told(2).await);
    api.set("gdpr_mode", "true");
    assert!(!told(1).await && told(2).await);
}
