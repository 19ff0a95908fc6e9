//! JSON lines in examples and as properties.

use super::*;
use crate::format::resolve;
use crate::model::Outcome;
use proptest::prelude::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn reads_what_products_write() {
    let end = 1_795_193_081_000;
    for (spec, line, client, method, uri, outcome, taken, agent) in [
        (
            "json caddy",
            r#"{"level":"info","ts":1795193081.0001,"logger":"http.log.access.log0","request":{"remote_ip":"10.0.3.17","client_ip":"10.0.3.17","method":"GET","host":"a.example","uri":"/x?u=http://b/","headers":{"User-Agent":["curl/8","x"]},"tls":{"version":772}},"user_id":"","duration":0.0125,"size":2048,"status":200,"resp_headers":{"Content-Type":[]}}"#,
            "10.0.3.17",
            "GET",
            "https://a.example/x?u=http://b/",
            Outcome::Allowed,
            12,
            "curl/8",
        ),
        (
            "json envoy",
            r#"{"authority":"a.example:443","bytes_sent":"615","downstream_remote_address":"[2001:db8::1]:45678","duration":"1000","method":"CONNECT","path":null,"response_code":403,"response_code_details":"rbac_access_denied_matched_policy[x]","response_flags":"-","start_time":"2026-11-20T16:44:40.000Z","user_agent":"-"}"#,
            "2001:db8::1",
            "CONNECT",
            "a.example:443",
            Outcome::Denied,
            1000,
            "",
        ),
        (
            "json mitmproxy",
            r#"{"client_conn":{"peername":["10.0.3.17",41234]},"request":{"method":"GET","scheme":"http","host":"a.example","port":8080,"path":"/x","headers":{"user-agent":"curl/8"},"timestamp_start":1795193080900},"response":{"status_code":200,"headers":{"Content-Length":"7"},"timestamp_end":1795193081000}}"#,
            "10.0.3.17",
            "GET",
            "http://a.example:8080/x",
            Outcome::Allowed,
            100,
            "curl/8",
        ),
        (
            "json mitmproxy",
            r#"{"client_conn":{"peername":["10.0.3.17",41234]},"request":{"method":"GET","scheme":"http","host":"a.example","port":8080,"path":"/x","headers":[["Host","a.example:8080"],["User-Agent","curl/8"]],"timestamp_start":1795193080.9},"response":{"status_code":200,"headers":[],"timestamp_end":1795193081.0}}"#,
            "10.0.3.17",
            "GET",
            "http://a.example:8080/x",
            Outcome::Allowed,
            100,
            "curl/8",
        ),
        (
            "json zscaler",
            r#"{"sourcetype":"zscalernss-web","event":{"datetime":"2026-11-20 16:44:41","action":"Blocked","protocol":"HTTPS","ClientIP":"10.0.3.17","requestmethod":"GET","url":"a.example/x","status":"403","useragent":"None"}}"#,
            "10.0.3.17",
            "GET",
            "https://a.example/x",
            Outcome::Denied,
            0,
            "",
        ),
        (
            "json ecs",
            r#"{"@timestamp":"2026-11-20T16:44:41.000Z","http.request.method":"GET","http":{"response.status_code":403},"url":{"full":"http://a.example/\u00e4\/\ud83d\ude00"},"source.ip":"10.0.3.17","event":{"duration":5000000,"action":"denied"},"user_agent":{"original":"a \"b\""}}"#,
            "10.0.3.17",
            "GET",
            "http://a.example/ä/😀",
            Outcome::Denied,
            5,
            "a \"b\"",
        ),
        (
            r#"json {"time":"t","time_format":"%d/%b/%Y:%H:%M:%S %z","cs_uri":"u","c_ip":"c","cs_method":"m","time_taken":"d","time_taken_unit":"us","user_agent":"a"}"#,
            r#" {"t":"20/Nov/2026:17:44:41 +0100","u":"http://a.example/","c":"h","m":true,"d":1.5e3,"a":{"b":[1,{"c":"}"}]}} "#,
            "h",
            "true",
            "http://a.example/",
            Outcome::Error,
            1,
            "",
        ),
    ] {
        let (format, arena) = (resolve(spec).unwrap(), Bump::new());
        let event = format.parse(line.as_bytes(), &arena).unwrap_or_else(|reason| panic!("{line}: {reason:?}"));
        assert_eq!(event.time.0, end, "{line}");
        let got = [event.c_ip, event.cs_method, event.cs_uri, event.user_agent].map(text);
        assert_eq!(got, [client, method, uri, agent], "{line}");
        let outcome_got = Outcome::of(event.sc_status, event.result);
        assert_eq!((outcome_got, event.time_taken_ms), (outcome, taken), "{line}");
    }
}

#[test]
fn says_why_it_rejects() {
    let ok = r#"{"ts":1795193081,"request":{"uri":"/x","method":"GET"},"duration":1,"size":1,"status":200}"#;
    let parse = |line: &str| {
        let arena = Bump::new();
        resolve("json caddy").unwrap().parse(line.as_bytes(), &arena).map(|_| ())
    };
    assert_eq!(parse(ok), Ok(()));
    for (from, to, reason) in [
        ("1795193081", "\"soon\"", RejectReason::BadTime),
        ("\"ts\"", "\"when\"", RejectReason::BadTime),
        ("\"/x\"", "null", RejectReason::TooFewFields),
        (":200", ":\"fine\"", RejectReason::BadStatus),
        (":200", ":2000", RejectReason::BadStatus),
        ("\"size\":1", "\"size\":-1", RejectReason::BadSize),
        ("\"size\":1", "\"size\":18446744073709551615", RejectReason::BadSize),
        ("\"duration\":1", "\"duration\":\"1s\"", RejectReason::BadDuration),
        ("\"duration\":1", "\"duration\":-9223372036854775", RejectReason::BadDuration),
        ("}", "", RejectReason::BadSyntax),
        ("/x", "/x\\", RejectReason::BadSyntax),
        ("/x", "/x\\u12", RejectReason::BadSyntax),
        ("200}", "200} x", RejectReason::BadSyntax),
        ("200}", "200", RejectReason::BadSyntax),
        ("200}", "200,}", RejectReason::BadSyntax),
        ("{\"ts\"", "[\"ts\"", RejectReason::BadSyntax),
    ] {
        let line = ok.replacen(from, to, 1);
        assert_eq!(parse(&line), Err(reason), "{line}");
    }
}

#[test]
fn a_map_that_is_none_says_its_mend() {
    let deep = format!("{{\"time\":\"t\",\"cs_uri\":\"u{}\"}}", ".u".repeat(99));
    for (definition, mend) in [
        ("caddie", "known are caddy, ecs"),
        ("{\"time\"", "no JSON"),
        ("{\"cs_uri\":\"u\"}", "add \"time\""),
        ("{\"time\":\"t\"}", "add \"cs_uri\""),
        ("{\"time\":\"t\",\"url\":\"u\"}", "'url' is nothing a map says; known are time"),
        ("{\"time\":\"t\",\"cs_uri\":7}", "cs_uri is neither"),
        (deep.as_str(), "may be 32 deep"),
        ("{\"time\":\"t\",\"cs_uri\":\"T\"}", "given twice"),
        ("{\"time\":\"t\",\"cs_uri\":\"t.u\"}", "beginning of another"),
        ("{\"time\":\"t\",\"cs_uri\":\"u\",\"time_format\":\"iso\"}", "write rfc3339"),
        ("{\"time\":\"t\",\"cs_uri\":\"u\",\"time_taken_unit\":\"min\"}", "s, ms, us, ns"),
        ("{\"time\":\"t\",\"cs_uri\":\"u\",\"words\":{\"result\":7}}", "write {\"result\""),
    ] {
        let error = Json::compile(definition).unwrap_err().to_string();
        assert!(error.contains(mend), "{definition}: {error}");
    }
    for (name, _) in READY {
        let format = resolve(&format!("json {name}")).unwrap();
        assert!(format.fields().has(Field::Url) && KIND.detected_as.contains(&format.spec()), "{name}");
    }
}

/// The facts that are texts, in a map's words.
const TEXTS: [&str; 8] =
    ["c_ip", "cs_username", "cs_method", "result", "hierarchy", "content_type", "user_agent", "referer"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_rendered_is_read_back_whatever_the_map(
        keys in proptest::collection::hash_set("[a-z]{1,3}(\\.[a-z@\" ]{1,3}){0,2}", 13),
        texts in proptest::collection::vec("[^\\x00-\\x1f\\-.:\\[\\]][^\\x00:]{0,20}", TEXTS.len()),
        uri in "[a-z]{1,5}://[!-~]{1,20}", ms in 0_i64..99_999_999_999, taken in 0_i64..9_999_999, status in 0_u16..1000,
        bytes in 0_u64..1_000_000_000_000_000_000, time_format in 0_usize..6, unit in 0_usize..4,
    ) {
        let time_format =
            ["rfc3339", "unix", "unix_ms", "unix_us", "unix_ns", "%Y-%m-%d %H:%M:%S%.3f"][time_format];
        let unit = ["s", "ms", "us", "ns"][unit];
        let facts = TEXTS.iter().chain(&["cs_uri", "time", "time_taken", "sc_status", "sc_bytes"]);
        let mut map: serde_json::Map<String, serde_json::Value> =
            facts.zip(&keys).map(|(fact, key)| ((*fact).to_owned(), key.as_str().into())).collect();
        map.insert("time_format".to_owned(), time_format.into());
        map.insert("time_taken_unit".to_owned(), unit.into());
        let map = serde_json::Value::Object(map).to_string();
        let Ok(format) = Json::compile(&map) else { return Ok(()) };
        let [c_ip, cs_username, cs_method, result, hierarchy, content_type, user_agent, referer] =
            [0, 1, 2, 3, 4, 5, 6, 7].map(|at: usize| texts[at].as_bytes());
        let event = AccessEvent {
            time: Timestamp(ms), time_taken_ms: taken, c_ip, cs_username, cs_method, cs_uri: uri.as_bytes(),
            sc_status: status, sc_bytes: bytes, cs_bytes: None, result, hierarchy, peer: b"", content_type, user_agent, referer,
            extra: b"", canonical: false,
        };
        let (mut line, arena) = (Vec::new(), Bump::new());
        format.render(&event, &mut line);
        let is_json = serde_json::from_slice::<serde_json::Value>(&line).is_ok();
        prop_assert!(is_json, "{}", String::from_utf8_lossy(&line));
        prop_assert_eq!(format.parse(&line, &arena), Ok(event), "{} {}", map, String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_it_panic(
        line in proptest::collection::vec(any::<u8>(), 0..200), damage in "[\\[\\]{},:\"\\\\0-9a-z]{0,9}", at in 0_usize..200,
    ) {
        let mut damaged = br#"{"ts":1795193081,"request":{"uri":"/x\u00e4","headers":{"User-Agent":["a",[{}]]}},"tls":[["a","b"]],"status":200}"#.to_vec();
        damaged.splice(at.min(damaged.len())..(at + 2).min(damaged.len()), damage.bytes());
        for line in [&line, &damaged] {
            for spec in KIND.detected_as {
                let _ = resolve(spec).unwrap().parse(line, &Bump::new());
            }
        }
    }

    /// Whatever serde_json writes is read, and nothing that is no JSON object.
    #[test]
    fn reads_the_json_that_others_write(name in any::<String>(), other in any::<String>(), list in any::<Vec<i64>>()) {
        let line = serde_json::json!({
            &name: {"x": list, "y": [other, {"z": other}]}, "ts": 1, "request": {other.clone(): 7.5e-7, "uri": format!("/{name}")},
        });
        prop_assume!(!["ts", "request"].iter().any(|key| name.eq_ignore_ascii_case(key)));
        prop_assume!(!other.eq_ignore_ascii_case("uri"));
        let (line, arena) = (line.to_string(), Bump::new());
        let event = resolve("json caddy").unwrap().parse(line.as_bytes(), &arena).unwrap();
        prop_assert_eq!(text(event.cs_uri), format!("/{name}"));
    }
}
