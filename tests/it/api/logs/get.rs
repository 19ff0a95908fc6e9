//! `GET /api/logs`.

use crate::support::api::Api;
use crate::support::lines::{NOON, SAMPLE, batch};
use serde_json::Value;
use tidegate::model::{HOUR_MS, Timestamp};

const SORTS: [&str; 9] =
    ["timestamp", "source_ip", "destination", "status", "bytes", "method", "host", "severity", "message"];

/// Newest first: by time, equal times by id.
const NEWEST_FIRST: [u64; 12] = [11, 10, 9, 8, 7, 12, 6, 5, 4, 3, 2, 1];

fn oldest_first() -> Vec<u64> {
    NEWEST_FIRST.iter().rev().copied().collect()
}

#[tokio::test]
async fn rows_are_in_the_contracts_words() {
    let api = Api::sample();
    let answer = api.get("/api/logs").await;
    assert_eq!(answer.ids(), NEWEST_FIRST);
    insta::assert_json_snapshot!("rows", answer.body);
}

#[tokio::test]
async fn an_empty_log_is_an_empty_list() {
    insta::assert_json_snapshot!("empty", Api::empty().get("/api/logs").await.body);
}

#[tokio::test]
async fn v1_is_the_same_router() {
    let api = Api::sample();
    let (plain, v1) = (api.get("/api/logs?order=asc").await, api.get("/api/v1/logs?order=asc").await);
    assert_eq!(plain.body, v1.body);
    assert_eq!(plain.ids(), oldest_first());
    let synonyms = api.get("/api/logs?sort_column=timestamp&sort_direction=ASC").await;
    assert_eq!(synonyms.ids(), oldest_first());
}

#[tokio::test]
async fn filters_are_anded_repeated_ones_ored_and_negated() {
    let api = Api::sample();
    for (query, mut want) in [
        ("client_ip=10.0.0.1", vec![11, 10, 2, 1]),
        ("client_ip=::ffff:10.0.0.1", vec![11, 10, 2, 1]),
        ("client_ip=10.0.0.0/30", vec![11, 10, 12, 6, 5, 4, 3, 2, 1]),
        ("client_ip=::ffff:10.0.0.0/126", vec![11, 10, 12, 6, 5, 4, 3, 2, 1]),
        ("client_ip=2001:db8::/32", vec![7]),
        ("client_ip=!10.0.0.0/8", vec![7]),
        ("client_ip=10.0.0.1&client_ip=10.0.0.4", vec![11, 10, 9, 8, 2, 1]),
        ("method=GET", vec![10, 8, 12, 6, 3, 2, 1]),
        ("method=connect&method=post", vec![9, 7, 5, 4]),
        ("method=!GET&method=!CONNECT", vec![11, 9]),
        ("status_code=403", vec![6, 5, 2]),
        ("status_code=0", vec![11, 9]),
        ("status_code=!200&status_code=!403", vec![11, 10, 9, 8]),
        ("status=4xx", vec![8, 6, 5, 2]),
        ("status=!4XX&status=!200", vec![11, 10, 9]),
        ("outcome=denied", vec![5, 2]),
        ("outcome=Origin_Forbidden&outcome=aborted", vec![9, 6]),
        ("outcome=!allowed&client_ip=10.0.0.4", vec![9, 8]),
        ("outcome=denied&method=POST", vec![]),
        ("from=3h", vec![11, 10, 9, 8, 7, 12, 6, 5, 4]),
        ("from=2026-01-01T09:10:00Z&to=2026-01-01%2010:30:00", vec![12, 6, 5]),
        ("since=2026-01-01T10:10%2B01:00&until=2026-01-01T10:30", vec![12, 6, 5]),
        ("start_date=2025-11-20&end_date=2025-12-01", vec![2, 1]),
        ("to=30d", vec![2, 1]),
        ("hours=1", vec![11, 10, 9]),
        ("days=30", vec![11, 10, 9, 8, 7, 12, 6, 5, 4, 3]),
        ("_=1767268800", NEWEST_FIRST.to_vec()),
        ("user=ADA", vec![6, 5]),
        ("user=!ada&client_ip=10.0.0.0/30", vec![11, 10, 12, 4, 3, 2, 1]),
        ("host=PROXY1", NEWEST_FIRST.to_vec()),
        ("host=!proxy1", vec![]),
        ("status=tcp_denied", vec![8, 5, 2]),
        ("status=4xx&status=TCP_HIT", vec![8, 6, 5, 3, 2]),
        ("status=4xx&status_code=403", vec![6, 5, 2]),
        ("status=!TCP_DENIED&status_code=403", vec![6]),
        ("severity=Warning", vec![5, 2]),
        ("severity=3&severity=warning", vec![11, 10, 5, 2]),
        ("severity=!informational&severity=!error", vec![9, 8, 6, 5, 2]),
        ("min_severity=4", vec![11, 10, 5, 2]),
        ("destination=Example.com:", vec![8, 4, 3]),
        ("destination=!example", vec![11, 7, 6, 5]),
        ("domain=example.COM", vec![8, 4, 3]),
        ("domain=com&domain=api.example.org.", vec![9, 8, 4, 3]),
        ("domain=ample.com", vec![]),
        ("domain=203.0.113.9", vec![6]),
        ("tag=blocked", vec![6, 5, 2]),
        ("tag=IP_literal&tag=blocked", vec![7, 6, 5, 2]),
        ("tag=!ip_literal&tag=blocked", vec![2]),
        ("category=!storage&outcome=denied", vec![5, 2]),
        ("keyword=LOGIN+Example", vec![8]),
        ("keyword=%22example.com/%22", vec![8, 3]),
        ("keyword=ada+%3Fy", vec![6]),
        ("keyword=%22com+login%22", vec![]),
        ("min_score=0", vec![]),
        ("keyword=example&method=GET&status=4xx&tag=blocked&days=90&domain=example&user=!ada", vec![2]),
    ] {
        let newest = api.get(&format!("/api/logs?{query}")).await;
        assert_eq!(newest.ids(), want, "{query}");
        assert_eq!(newest.body["total"], want.len(), "{query}");
        want.reverse();
        assert_eq!(api.get(&format!("/api/logs?order=asc&{query}")).await.ids(), want, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_named() {
    let api = Api::sample();
    for (query, fields) in [
        ("clinet_ip=10.0.0.1", vec!["clinet_ip"]),
        ("limit=0", vec!["limit"]),
        ("limit=1001", vec!["limit"]),
        ("limit=ten", vec!["limit"]),
        ("limit=-1&offset=-1&page=0", vec!["limit", "offset", "page"]),
        ("limit=5&limit=6", vec!["limit"]),
        ("offset=99999999999999999999", vec!["offset"]),
        ("offset=9007199254740992", vec!["offset"]),
        ("page_size=1001", vec!["page_size"]),
        ("page=9007199254740991&page_size=1000", vec!["page"]),
        ("page=2&page_size=10&limit=20", vec!["limit"]),
        ("page=2&offset=0", vec!["offset"]),
        ("status_code=1000", vec!["status_code"]),
        ("status_code=2xx", vec!["status_code"]),
        ("status=6yy&outcome=bad", vec!["outcome", "status"]),
        ("status=-1&status_code=TCP_HIT", vec!["status", "status_code"]),
        ("tag=odd", vec!["tag"]),
        ("severity=bad&min_severity=8", vec!["min_severity", "severity"]),
        ("min_severity=!1", vec!["min_severity"]),
        ("min_score=-1", vec!["min_score"]),
        ("domain=..", vec!["domain"]),
        ("domain=*.example", vec!["domain"]),
        ("keyword=a+%22b", vec!["keyword"]),
        ("keyword=!a", vec!["keyword"]),
        ("keyword=a&keyword=b", vec!["keyword"]),
        ("outcome=", vec!["outcome"]),
        ("outcome=!", vec!["outcome"]),
        ("client_ip=10.0.0.0/33", vec!["client_ip"]),
        ("client_ip=10.0.0.300", vec!["client_ip"]),
        ("client_ip=!fe80::zz", vec!["client_ip"]),
        ("from=yesterday&to=2026-13-01", vec!["from", "to"]),
        ("from=2026-01-02&to=2026-01-01", vec!["from"]),
        ("from=1h&since=2h", vec!["since"]),
        ("from=1h&hours=2", vec!["hours"]),
        ("until=1h&days=2", vec!["days"]),
        ("hours=1&days=1", vec!["days"]),
        ("hours=0", vec!["hours"]),
        ("sort=nonsense", vec!["sort"]),
        ("sort=bytes&sort_column=host", vec!["sort_column"]),
        ("sort=bytes&offset=9901", vec!["offset"]),
        ("sort=bytes&page=101&page_size=100", vec!["page"]),
        ("order=up", vec!["order"]),
        ("order=asc&sort_direction=desc", vec!["sort_direction"]),
        ("cursor=garbage", vec!["cursor"]),
        ("cursor_id=garbage", vec!["cursor_id"]),
        ("cursor_id=4711", vec!["cursor_id"]),
        ("cursor=x&cursor_id=1", vec!["cursor_id"]),
        ("cursor=x&offset=1", vec!["offset"]),
        ("cursor=x&page=2", vec!["page"]),
    ] {
        let answer = api.get(&format!("/api/logs?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields), "{query}: {}", answer.text);
    }
    let answer = api.get("/api/logs?limit=0&clinet_ip=1&sort=size").await;
    insta::assert_json_snapshot!("faults", answer.body, { ".request_id" => "[request_id]" });
}

#[tokio::test]
async fn cursor_offset_and_pages_walk_alike() {
    let api = Api::sample();
    for question in ["order=desc", "order=asc", "order=desc&client_ip=10.0.0.0/8&from=30d", "hours=5&method=GET"] {
        let all = api.get(&format!("/api/logs?{question}")).await.ids();
        for limit in [1, 2, 5, 12] {
            let mut by_offset = Vec::new();
            let mut by_page = Vec::new();
            let pages = all.len().div_ceil(limit);
            for page in 0..pages {
                let offset = page * limit;
                by_offset.extend(api.get(&format!("/api/logs?{question}&limit={limit}&offset={offset}")).await.ids());
                let numbered = api.get(&format!("/api/logs?{question}&page={}&page_size={limit}", page + 1)).await;
                let numbers = ["page", "page_size", "total_pages"].map(|name| numbered.body[name].as_u64().unwrap());
                assert_eq!(numbers, [page as u64 + 1, limit as u64, pages as u64]);
                by_page.extend(numbered.ids());
            }
            assert_eq!((&by_offset, &by_page), (&all, &all), "{question}");

            for name in ["cursor", "cursor_id"] {
                let mut by_cursor = Vec::new();
                let mut place = "offset=0".to_owned();
                loop {
                    let page = api.get(&format!("/api/logs?{question}&limit={limit}&{place}")).await;
                    by_cursor.extend(page.ids());
                    assert_eq!(page.body["total"], all.len());
                    let Some(next) = page.body["next_cursor"].as_str() else { break };
                    place = format!("{name}={next}");
                }
                assert_eq!(by_cursor, all, "{question}");
            }
        }
    }
}

/// What a row is sorted by, as its answer shows it.
fn key(row: &Value, sort: &str) -> (i64, String) {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let severities = ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];
    match sort {
        "bytes" => (row["bytes"].as_i64().unwrap(), String::new()),
        "severity" => (severities.iter().position(|name| row["severity"] == *name).unwrap() as i64, String::new()),
        "source_ip" => (0, text("client_ip")),
        "status" => (0, format!("{:03} {}", row["status_code"].as_i64().unwrap(), text("result"))),
        "message" => (0, text("url")),
        same => (0, text(same)),
    }
}

#[tokio::test]
async fn every_order_is_walked_by_cursor_row_and_offset_alike() {
    let api = Api::sample();
    api.store.push(vec![batch(&SAMPLE[3..9])]);
    for (masked, filter) in [("false", ""), ("false", "&from=30d&tag=!ip_literal"), ("true", "")] {
        api.set("gdpr_mode", masked);
        for sort in SORTS {
            for order in ["asc", "desc"] {
                let question = format!("sort={sort}&order={order}{filter}");
                let page = api.get(&format!("/api/logs?{question}")).await;
                let all = page.ids();
                let mut wanted: Vec<_> = page.body["data"].as_array().unwrap().iter().collect();
                wanted.sort_by_key(|row| (key(row, sort), row["id"].as_u64()));
                let mut wanted: Vec<u64> = wanted.iter().map(|row| row["id"].as_u64().unwrap()).collect();
                if order == "desc" {
                    wanted.reverse();
                }
                assert_eq!(all, wanted, "{question}");
                assert!(all.len() >= 8, "{question}");
                for name in ["cursor", "cursor_id"] {
                    let (mut walked, mut place) = (Vec::new(), String::new());
                    loop {
                        let page = api.get(&format!("/api/logs?{question}&limit=4{place}")).await;
                        walked.extend(page.ids());
                        let Some(next) = page.body["next_cursor"].as_str() else { break };
                        place = format!("&{name}={next}");
                    }
                    assert_eq!(walked, all, "{question} by {name}");
                }
                let behind = api.get(&format!("/api/logs?{question}&cursor_id={}", all[2])).await.ids();
                assert_eq!(behind, all[3..], "{question}");
                let page = api.get(&format!("/api/logs?{question}&limit=3&offset=5")).await.ids();
                assert_eq!(page, all[5..8], "{question}");
            }
        }
    }
}

/// A setting that changes how a tag is told ends no walk.
#[tokio::test]
async fn a_walk_by_tag_goes_on_when_settings_change() {
    let api = Api::sample();
    let page = api.get("/api/logs?tag=blocked&tag=ip_literal&limit=1").await;
    api.set("count_auth_challenges_as_blocked", "true");
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = api.get(&format!("/api/logs?tag=ip_literal&tag=blocked&cursor={cursor}")).await;
    assert_eq!((page.ids(), rest.ids()), (vec![7], vec![6, 5, 2]));
    assert_eq!(api.get(&format!("/api/logs?tag=blocked&cursor={cursor}")).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn a_row_id_is_a_place_too() {
    let api = Api::sample();
    assert_eq!(api.get("/api/logs?cursor_id=12").await.ids(), [6, 5, 4, 3, 2, 1]);
    assert_eq!(api.get("/api/logs?cursor_id=12&order=asc&limit=2").await.ids(), [7, 8]);
    assert_eq!(api.get("/api/logs?cursor_id=1").await.ids(), [0; 0]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_question() {
    let api = Api::sample();
    let page = api.get("/api/logs?limit=2&method=GET&from=40d").await;
    let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
    for other in [
        "method=GET",
        "method=POST&from=40d",
        "method=GET&from=41d",
        "method=GET&from=40d&order=asc",
        "method=GET&from=40d&sort=bytes",
    ] {
        let answer = api.get(&format!("/api/logs?limit=2&{other}&cursor={cursor}")).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["cursor"]), "{other}");
    }
    // The spelling of the window and the size of the page are no part of the question, nor is `page=1`.
    for same in ["method=GET&since=40d", "method=GET&method=GET&from=-40d&offset=0", "from=40d&method=GET&page=1"] {
        let answer = api.get(&format!("/api/logs?{same}&cursor={cursor}")).await;
        assert_eq!(answer.ids(), [12, 6, 3, 2, 1], "{same}");
    }
    let changed = cursor.replacen(&cursor[40..41], if &cursor[40..41] == "A" { "B" } else { "A" }, 1);
    assert_eq!(api.get(&format!("/api/logs?limit=2&method=GET&from=40d&cursor={changed}")).await.status, 422);
}

#[tokio::test]
async fn a_walk_keeps_its_window_while_time_goes_on_and_rows_come_in() {
    let api = Api::sample();
    let first = api.get("/api/logs?limit=4&from=3h").await;
    assert_eq!(first.ids(), [11, 10, 9, 8]);
    api.clock.set(Timestamp(NOON.0 + 2 * HOUR_MS));
    api.store.push(vec![batch(&SAMPLE[9..])]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let rest = api.get(&format!("/api/logs?limit=10&from=3h&cursor={cursor}")).await;
    assert_eq!(rest.ids(), [7, 15, 12, 6, 5, 4]);
}
