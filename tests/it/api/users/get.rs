//! `GET /api/users`.

use crate::support::api::Api;
use tidegate::model::Role;

#[tokio::test]
async fn accounts_are_paged_by_number() {
    let api = Api::empty();
    for n in 0..4 {
        api.person(&format!("u{n}"), Role::Viewer);
    }
    let first = api.get("/api/users?limit=2").await;
    assert_eq!((first.ids(), &first.body["total"]), (vec![1, 2], &5.into()));
    insta::assert_json_snapshot!("row", first.body["data"][0]);
    let next = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(api.get(&format!("/api/users?limit=2&cursor={next}")).await.ids(), [3, 4]);
    let last = api.get("/api/users?limit=2&offset=4").await;
    assert_eq!((last.ids(), last.body["next_cursor"].is_null()), (vec![5], true));
    assert_eq!(api.get("/api/users?cursor_id=3").await.ids(), [4, 5]);
    assert_eq!(api.get("/api/users?page=2&page_size=4").await.body["total_pages"], 2);
    assert_eq!(api.get("/api/users?role=admin").await.fields(), ["role"]);
    assert_eq!(api.get("/api/api-keys?cursor=x").await.fields(), ["cursor"]);
    assert_eq!(api.get("/api/api-keys").await.body["data"], serde_json::json!([]));
}
