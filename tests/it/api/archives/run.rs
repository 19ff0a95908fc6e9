//! `POST /api/archives/run`, and retention that archives what it removes.

use crate::support::api::Api;
use serde_json::{Value, json};
use std::time::Duration;
use tidegate::archive::{Folder, Storing, import};
use tidegate::control::JobRunId;
use tidegate::model::{Clock, Lens};

/// Has something begun, and answers its run once it has ended.
async fn run(api: &Api, path: &str) -> Value {
    let begun = api.post(path, "").await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    assert!(api.jobs.wait(JobRunId(begun.body["data"]["job_id"].as_i64().unwrap()), Duration::from_secs(60)));
    api.get(begun.header("location")).await.body["data"].clone()
}

/// Every row but for its number, oldest first.
async fn rows(api: &Api) -> Vec<Value> {
    let page = api.get("/api/logs?order=asc&limit=1000").await;
    let mut rows = page.body["data"].as_array().unwrap().clone();
    rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("id")));
    rows.sort_by_key(Value::to_string);
    rows
}

async fn summed_up(api: &Api) -> u64 {
    let buckets = api.get("/api/logs/timeline?days=90").await;
    buckets.body["data"].as_array().unwrap().iter().map(|bucket| bucket["total"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn old_rows_are_archived_once_and_stay() {
    let api = Api::sample();
    let first = run(&api, "/api/archives/run").await;
    assert_eq!((&first["name"], &first["result"]["rows"]), (&json!("archive"), &json!(2)), "{first:#}");
    let again = run(&api, "/api/archives/run").await;
    assert_eq!((&again["result"]["rows"], &again["result"]["archive"]), (&json!(0), &Value::Null));
    let listed = api.get("/api/archives").await.body["data"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["name"]), (1, &first["result"]["archive"]));
    assert_eq!(api.get("/api/logs").await.body["total"], 12);
    assert_eq!(api.post("/api/archives/run", r#"{"days":3}"#).await.status, 422);
}

#[tokio::test]
async fn retention_archives_what_it_removes_and_it_comes_back_as_it_was() {
    let api = Api::sample();
    api.set("archive_enabled", "true");
    let before = rows(&api).await;
    let done = run(&api, "/api/jobs/retention.rows/run").await;
    assert_eq!((&done["outcome"], &done["result"]["deleted"]), (&json!("done"), &json!(2)), "{done:#}");
    let more = api.post("/api/logs/clear-old?days=1", "").await;
    assert_eq!((&more.body["deleted"], summed_up(&api).await), (&json!(1), 12), "{}", more.text);
    let folder = Folder::of(api.data_dir());
    let mut archives = folder.list().unwrap();
    // Names of the same second are in no order.
    archives.sort_by_key(|archive| std::cmp::Reverse(archive.manifest.as_ref().unwrap().rows));
    assert_eq!((archives.len(), api.get("/api/logs").await.body["total"].clone()), (2, json!(9)));

    let storing = Storing { lens: Lens::PLAIN, threads: 2, clock: &*api.clock as &dyn Clock };
    for (archive, want) in archives.iter().zip([2, 1]) {
        let archive = folder.open(&archive.name).unwrap();
        let imported = import(&archive, &*api.store, storing, &|_, _| (), &|| false).unwrap();
        assert_eq!((imported.rows, imported.stored), (want, want));
    }
    assert_eq!(rows(&api).await, before);
    assert_eq!(summed_up(&api).await, 12, "rows that are back are not counted twice");
}
