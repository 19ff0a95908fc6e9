//! `GET /api/logs`.

use crate::support::api::Api;
use crate::support::lines::{NOON, SAMPLE, batch};
use tidegate::model::{HOUR_MS, Timestamp};

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
        ("status=200&status_code=200", vec!["status_code"]),
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
        ("sort=bytes", vec!["sort"]),
        ("sort=nonsense", vec!["sort"]),
        ("sort_column=message", vec!["sort_column"]),
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
    let answer = api.get("/api/logs?limit=0&clinet_ip=1&sort=bytes").await;
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
    for other in ["method=GET", "method=POST&from=40d", "method=GET&from=41d", "method=GET&from=40d&order=asc"] {
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
