//! `GET /api/logs/live`.

use crate::support::api::{Answer, Api, Who, request};
use crate::support::lines::{SAMPLE, batch, batch_of};
use crate::support::listening::{Listening, PATIENCE, rest};
use crate::support::people::{Way, tester};
use axum::body::Body;
use axum::http::HeaderValue;
use http_body_util::BodyExt;
use serde_json::Value;
use std::time::Instant;
use tidegate::model::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tower::ServiceExt;

/// Events as they come.
struct Events {
    body: Body,
    text: String,
}

#[derive(Debug, Default)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Events {
    async fn open(api: &Api, who: &Who, query: &str, last: Option<&str>) -> Events {
        let mut ask = request("GET", &format!("/api/logs/live{query}")).header(who.0, &who.1);
        if let Some(last) = last {
            ask = ask.header("last-event-id", last);
        }
        let response = api.router.clone().oneshot(ask.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200, "{query}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Events { body: response.into_body(), text: String::new() };
        // Where it stands at its begin.
        let first = events.next().await.unwrap();
        assert!(first.name.is_empty() && !first.id.is_empty(), "{first:?}");
        events
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let mut event = Event::default();
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("event", name)) => event.name = name.to_owned(),
                        Some(("id", id)) => event.id = id.to_owned(),
                        Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                        _ => assert!(line.starts_with("retry: "), "{line}"),
                    }
                }
                self.text = rest.to_owned();
                return Some(event);
            }
            let frame = timeout(PATIENCE, self.body.frame()).await.expect("an event in time")?;
            self.text += std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap();
        }
    }

    async fn rows(&mut self, count: usize) -> Vec<Event> {
        let mut rows = Vec::new();
        while rows.len() < count {
            let event = self.next().await.unwrap();
            assert_eq!(event.name, "log", "{event:?}");
            rows.push(event);
        }
        rows
    }
}

fn ids(rows: &[Event]) -> Vec<u64> {
    rows.iter().map(|event| event.data["id"].as_u64().unwrap()).collect()
}

fn admin(api: &Api) -> Who {
    api.who(&api.person("admin", Role::Admin), Way::Basic, None)
}

#[tokio::test]
async fn rows_come_as_they_are_stored() {
    let api = Api::sample();
    let mut all = Events::open(&api, &admin(&api), "", None).await;
    let mut blocked = Events::open(&api, &admin(&api), "?tag=blocked&method=!GET&hours=4", None).await;
    api.store.push(vec![batch(&SAMPLE[..6])]);
    let rows = all.rows(6).await;
    assert_eq!(ids(&rows), [13, 14, 15, 16, 17, 18]);
    assert_eq!(rows[4].data, api.get("/api/logs/17").await.body["data"].clone().as_object().map(row).unwrap());
    assert_eq!(ids(&blocked.rows(1).await), [17]);
    api.store.push(vec![batch(&SAMPLE[..6])]);
    assert_eq!((ids(&all.rows(6).await), ids(&blocked.rows(1).await)), (vec![19, 20, 21, 22, 23, 24], vec![23]));
}

/// What the list says of a row, of what the detail says.
fn row(detail: &serde_json::Map<String, Value>) -> Value {
    let more = ["raw", "matched_rules", "rules_changed", "classification"];
    detail
        .iter()
        .filter(|(name, _)| !more.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[tokio::test]
async fn a_stream_is_resumed_without_a_gap_and_nothing_comes_twice() {
    let api = Api::sample();
    let who = admin(&api);
    let query = "?client_ip=10.0.0.0/8&from=90d";
    let mut events = Events::open(&api, &who, query, None).await;
    api.store.push(vec![batch(&SAMPLE)]);
    let seen = events.rows(4).await;
    drop(events);
    // More than is sent at a time, and all of it.
    api.store.push((0..70).map(|_| batch(&SAMPLE)).collect());
    let (early, late) = (&seen[1].id, &seen[3].id);
    let wanted: Vec<u64> = (13..=12 * 72).filter(|id| id % 12 != 7).collect();
    let by_cursor = format!("{query}&cursor={early}");
    for (query, last, missing) in
        [(&by_cursor, None, 2), (&query.to_owned(), Some(&**late), 4), (&by_cursor, Some(&**late), 4)]
    {
        let mut again = Events::open(&api, &who, query, last).await;
        assert_eq!(ids(&again.rows(wanted.len() - missing).await), wanted[missing..]);
    }
    let refused = async |query: String, field: &str| {
        let answer: Answer = api.get(&format!("/api/logs/live{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec![field]), "{query}");
    };
    refused(format!("?client_ip=10.0.0.0/8&cursor={early}"), "cursor").await;
    refused("?cursor=x".to_owned(), "cursor").await;
    refused("?limit=5".to_owned(), "limit").await;
    refused("?tag=x".to_owned(), "tag").await;
    for garbage in [&b"x"[..], b"\xff\xfe"] {
        let garbage = HeaderValue::from_bytes(garbage).unwrap();
        let ask = request("GET", "/api/logs/live").header(who.0, &who.1).header("last-event-id", garbage);
        assert_eq!(api.send(ask.body(Body::empty()).unwrap()).await.fields(), ["Last-Event-ID"]);
    }
    let page = api.get("/api/logs?limit=1").await;
    refused(format!("?cursor={}", page.body["next_cursor"].as_str().unwrap()), "cursor").await;
    api.set("gdpr_mode", "true");
    refused(format!("?cursor={early}"), "cursor").await;
}

#[tokio::test]
async fn a_stream_ends_with_its_credential() {
    let api = Api::sample();
    let viewer = api.person("viewer", Role::Viewer);
    let who = api.who(&viewer, Way::Key, None);
    let mut events = Events::open(&api, &who, "", None).await;
    api.store.push(vec![batch(&SAMPLE[..1])]);
    assert_eq!(ids(&events.rows(1).await), [13]);
    for key in api.control.api_keys(None).unwrap() {
        api.control.delete_api_key(key.id, None, &tester()).unwrap();
    }
    api.store.push(vec![batch(&SAMPLE[..1])]);
    let end = events.next().await.unwrap();
    assert_eq!((end.name.as_str(), &end.data["code"]), ("end", &Value::from("unauthenticated")));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn masking_that_is_switched_on_ends_a_stream_which_goes_on_masked() {
    let api = Api::sample();
    let who = admin(&api);
    let mut events = Events::open(&api, &who, "", None).await;
    api.set("gdpr_mode", "true");
    api.store.push(vec![batch(&SAMPLE)]);
    let end = events.next().await.unwrap();
    assert_eq!((end.name.as_str(), &end.data["code"]), ("end", &Value::from("view_changed")));
    assert!(events.next().await.is_none());
    let mut again = Events::open(&api, &who, "", Some(&end.id)).await;
    let rows = again.rows(12).await;
    assert_eq!(ids(&rows), (13..25).collect::<Vec<u64>>());
    let text = rows.iter().map(|row| row.data.to_string()).collect::<String>();
    assert!(text.contains("\"client_ip\":\"c-") && !text.contains("10.0.0.") && !text.contains("\"ada\""), "{text}");
}

#[tokio::test]
async fn a_restricted_key_sees_its_sources() {
    let api = Api::sample();
    let viewer = api.person("viewer", Role::Viewer);
    let key = api.key(&viewer, viewer.scopes(), Some("edge"));
    let who = ("authorization", format!("Bearer {}", key.expose()));
    let mut events = Events::open(&api, &who, "", None).await;
    api.store.push(vec![batch(&SAMPLE), batch_of("edge", &SAMPLE[..2]), batch(&SAMPLE)]);
    api.store.push(vec![batch_of("Edge", &SAMPLE[..1])]);
    assert_eq!(ids(&events.rows(3).await), [25, 26, 39]);
    assert_eq!(api.ask(&who, "GET", "/api/logs/live?source=squid", None).await.status, 403);
}

#[tokio::test]
async fn whoever_is_too_far_behind_is_told_what_was_left_out() {
    let api = Api::empty();
    let who = admin(&api);
    for (query, of) in [("", 12), ("?client_ip=10.0.0.0/8", 11)] {
        let mut events = Events::open(&api, &who, query, None).await;
        api.store.push((0..2500).map(|_| batch(&SAMPLE)).collect());
        let (mut sent, mut dropped, mut last) = (0, 0, Event::default());
        while sent + dropped < 2500 * of {
            last = events.next().await.unwrap();
            match last.name.as_str() {
                "log" => sent += 1,
                "dropped" => dropped += last.data["count"].as_u64().unwrap(),
                other => panic!("{other}"),
            }
        }
        assert!(sent >= 500 && dropped > 20_000, "{sent} {dropped}");
        assert_eq!((sent + dropped, last.name.as_str()), (2500 * of, "dropped"));
        api.store.push(vec![batch(&SAMPLE[..1])]);
        let next = ids(&events.rows(1).await);
        // Whoever resumes there goes on there.
        let mut again = Events::open(&api, &who, query, Some(&last.id)).await;
        assert_eq!(ids(&again.rows(1).await), next);
    }
}

#[tokio::test]
async fn streams_are_bounded_and_their_places_given_back() {
    let api = Api::sample();
    let who = admin(&api);
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(Events::open(&api, &who, "", None).await);
    }
    let refused = api.get("/api/logs/live").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "5"));
    let viewer = api.who(&api.person("viewer", Role::Viewer), Way::Basic, None);
    drop(Events::open(&api, &viewer, "", None).await);
    open.pop();
    drop(Events::open(&api, &who, "", None).await);
}

#[tokio::test]
async fn a_server_that_ends_says_so_and_waits_for_nobody() {
    let api = Api::sample();
    let mut listening = Listening::start(&api).await;
    let mut stream = listening.connect().await;
    let (name, value) = admin(&api);
    let ask = format!("GET /api/logs/live HTTP/1.1\r\nHost: tidegate.example\r\n{name}: {value}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut begin = Vec::new();
    while !String::from_utf8_lossy(&begin).contains("retry: ") {
        begin.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    let told = Instant::now();
    listening.end.take().unwrap().send(()).unwrap();
    let end = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(end.contains("event: end\ndata: {\"code\":\"shutdown\"}"), "{end}");
    timeout(PATIENCE, listening.server).await.unwrap().unwrap().unwrap();
    assert!(told.elapsed().as_secs_f64() < 3.0, "{:?}", told.elapsed());
}
