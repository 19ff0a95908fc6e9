//! `GET /api/jobs`, `/api/jobs/runs`, `/api/jobs/{id}`; `POST /api/jobs/{name}/run`.

use crate::support::api::{Answer, Api};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tidegate::control::JobRunId;
use tidegate::jobs::{Keeper, Wanted, job};
use tidegate::model::Clock;

const LONG: Duration = Duration::from_secs(60);

/// Has a job run, and answers its run once that has ended.
async fn run(api: &Api, name: &str) -> Value {
    let begun = api.post(&format!("/api/jobs/{name}/run"), "").await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    let id = begun.body["data"]["job_id"].as_i64().unwrap();
    assert_eq!(begun.header("location"), format!("/api/jobs/{id}"));
    assert!(api.jobs.wait(JobRunId(id), LONG));
    api.get(begun.header("location")).await.body["data"].clone()
}

fn named<'a>(jobs: &'a Answer, name: &str) -> &'a Value {
    jobs.body["data"].as_array().unwrap().iter().find(|job| job["name"] == name).unwrap()
}

#[tokio::test]
async fn jobs_say_when_they_run_and_what_came_of_them() {
    let api = Api::sample();
    insta::assert_json_snapshot!("jobs", api.get("/api/jobs").await.body);
    let done = run(&api, "retention.rows").await;
    insta::assert_json_snapshot!("run", done);
    let jobs = api.get("/api/jobs").await;
    let rows = named(&jobs, "retention.rows");
    assert_eq!((&rows["last_run"], &rows["running"]), (&done, &json!(false)));
    assert_eq!(rows["last_success"], done["finished"]);

    // A changed schedule counts at once; none is none.
    for (pattern, next) in [("0 0 * * * *", json!("2026-01-01T13:00:00Z")), ("", Value::Null)] {
        let body = json!({ "value": pattern }).to_string();
        assert_eq!(
            api.send_as("PUT", "/api/settings/retention_rows_schedule", "application/json", body).await.status,
            200
        );
        assert_eq!(named(&api.get("/api/jobs").await, "retention.rows")["next_run"], next, "{pattern}");
    }
    let refused =
        api.send_as("PUT", "/api/settings/retention_rows_schedule", "application/json", r#"{"value":"nightly"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.text.contains("0 30 3 * * *")), (422, true), "{}", refused.text);
}

#[tokio::test]
async fn rows_go_by_their_age_and_their_sums_by_another() {
    let api = Api::sample();
    let totals = async |query: &str| {
        let buckets = api.get(&format!("/api/logs/timeline?{query}")).await;
        let buckets = buckets.body["data"].as_array().unwrap().clone();
        (buckets.len(), buckets.iter().map(|bucket| bucket["total"].as_u64().unwrap()).sum::<u64>())
    };
    assert_eq!((totals("days=90").await, totals("days=365").await.0), ((90, 12), 365));
    let done = run(&api, "retention.rows").await;
    assert_eq!((&done["outcome"], &done["result"]["deleted"]), (&json!("done"), &json!(2)), "{done:#}");
    assert_eq!((api.get("/api/logs").await.body["total"].clone(), totals("days=90").await), (json!(10), (90, 12)));
    assert_eq!(totals("hours=720").await, (720, 10));

    let kept = run(&api, "retention.rollups").await;
    assert_eq!(kept["result"]["deleted_hours"], 0, "{kept:#}");
    api.set("rollup_retention_days", "1");
    assert_eq!(run(&api, "retention.rollups").await["result"]["deleted_hours"], 2);
    assert_eq!(totals("days=90").await, (90, 10));
    for query in ["days=3&hours=2", "days=3&resolution=1h", "days=0", "days=3651"] {
        assert_eq!(api.get(&format!("/api/logs/timeline?{query}")).await.status, 422, "{query}");
    }
}

#[tokio::test]
async fn reports_go_into_their_folder_masked_and_the_oldest_make_room() {
    let api = Api::sample();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect::<std::collections::BTreeSet<String>>()
    };
    // What a run left that was cut off goes; what others left doesn't.
    let cut_off = ".report-20250103T000000Z.html.partial";
    for name in
        ["report-20250101T000000Z.html", "report-20250102T000000Z.html", "notes.html", cut_off, ".photo.partial"]
    {
        std::fs::write(file(name), "old").unwrap();
    }
    api.set("report_folder", folder.path().to_str().unwrap());
    api.set("report_formats", "html, json");
    api.set("report_days", "30");
    api.set("reports_kept", "2");
    let done = run(&api, "report").await;
    assert_eq!(done["outcome"], "done", "{done:#}");
    let result = &done["result"];
    assert_eq!((&result["masked"], &result["removed_files"]), (&json!(true), &json!(1)));
    assert_eq!(result["files"], json!(["report-20260101T120000Z.html", "report-20260101T120000Z.json"]));
    // Whole days, up to the last midnight: what happened today is in tomorrow's.
    assert_eq!((&result["until"], &result["requests"]), (&json!("2026-01-01T00:00:00Z"), &json!(1)));
    let left = [
        ".photo.partial",
        "notes.html",
        "report-20250102T000000Z.html",
        "report-20260101T120000Z.html",
        "report-20260101T120000Z.json",
    ];
    assert!(names().iter().eq(left.iter()), "{:?}", names());
    let page = std::fs::read_to_string(file("report-20260101T120000Z.html")).unwrap();
    assert!(page.ends_with("</html>\n") && !page.contains("10.0.0.2"), "{page}");

    // As logged where the settings say so, unless people are hidden altogether.
    api.set("report_masked", "false");
    assert_eq!(run(&api, "report").await["result"]["masked"], false);
    assert!(std::fs::read_to_string(file("report-20260101T120000Z.html")).unwrap().contains("10.0.0.2"));
    api.set("gdpr_mode", "true");
    assert_eq!(run(&api, "report").await["result"]["masked"], true);
    for (name, value, words) in [
        ("report_folder", "reports", "no absolute path"),
        ("report_folder", "/proc/none", "must be allowed to write there"),
    ] {
        api.set(name, value);
        let failed = run(&api, "report").await;
        assert!(failed["error"].as_str().unwrap().contains(words), "{failed:#}");
    }
}

#[tokio::test]
async fn the_history_says_who_had_what_run_and_the_audit_log_too() {
    let api = Api::sample();
    run(&api, "maintenance.analyze").await;
    run(&api, "retention.audit").await;
    api.store.set_mood(crate::support::memory::Mood::Broken);
    let failed = run(&api, "retention.rows").await;
    api.store.set_mood(crate::support::memory::Mood::Well);
    assert_eq!((&failed["outcome"], &failed["result"]), (&json!("failed"), &Value::Null), "{failed:#}");
    assert!(!failed["error"].as_str().unwrap().is_empty());
    assert_eq!(named(&api.get("/api/jobs").await, "retention.rows")["last_success"], Value::Null);
    let scheduled = api.jobs.start(job("retention.audit").unwrap(), Wanted::BySchedule).unwrap();
    assert!(api.jobs.wait(scheduled.id, LONG));

    let all = api.get("/api/jobs/runs").await;
    let column = |answer: &Answer, name: &str| -> Vec<Value> {
        answer.body["data"].as_array().unwrap().iter().map(|run| run[name].clone()).collect()
    };
    assert_eq!(column(&all, "id"), [4, 3, 2, 1]);
    assert_eq!(column(&all, "started_by"), ["schedule", "admin", "admin", "admin"]);
    assert_eq!(all.body["total"], 4);
    let page = api.get("/api/jobs/runs?name=retention.audit&limit=1&offset=1").await;
    assert_eq!((column(&page, "id"), &page.body["total"]), (vec![json!(2)], &json!(2)));

    let audit = api.get("/api/audit-log?action=retention.*&action=maintenance.*").await;
    assert_eq!(column(&audit, "action"), ["retention.rows", "retention.audit", "maintenance.analyze"]);
    assert_eq!(column(&audit, "state"), ["failed", "done", "done"]);
}

#[tokio::test]
async fn what_is_no_job_is_404_and_what_runs_is_409() {
    let api = Api::empty();
    for id in ["9", "01", "x", "-1"] {
        assert_eq!(api.get(&format!("/api/jobs/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(api.post("/api/jobs/nothing/run", "").await.status, 404);
    assert_eq!(api.get("/api/jobs/runs?limit=0").await.status, 422);
    assert_eq!(api.post("/api/jobs/retention.rows/run", r#"{"days":1}"#).await.status, 422);

    // As a run that another request began: it holds the store, and so does not end.
    let held = api.store.hold();
    let begun = api.post("/api/jobs/retention.rows/run", "").await;
    let busy = api.post("/api/jobs/retention.rows/run", "").await;
    assert_eq!((begun.status.as_u16(), busy.status.as_u16()), (202, 409), "{}", busy.text);
    let running = api.get(begun.header("location")).await.body["data"].clone();
    assert_eq!((&running["outcome"], &running["progress"]), (&json!("running"), &json!({ "done": 0, "total": 0 })));
    drop(held);
    assert!(api.jobs.wait(JobRunId(begun.body["data"]["job_id"].as_i64().unwrap()), LONG));
}

#[tokio::test]
async fn what_the_last_process_left_under_way_is_interrupted() {
    let api = Api::empty();
    let left = api.control.begin_job("retention.rows", "schedule").unwrap();
    tidegate::jobs::Jobs::new(api.jobs.context().clone()).unwrap();
    let run = api.get(&format!("/api/jobs/{}", left.id.0)).await.body["data"].clone();
    assert_eq!((&run["outcome"], &run["finished"]), (&json!("interrupted"), &Value::Null));
}

/// The schedule of the settings, by the API's clock: a night passes.
#[tokio::test]
async fn a_night_of_schedules() {
    let api = Api::sample();
    let mut keeper = Keeper::default();
    let mut begun = Vec::new();
    for _ in 0..24 * 60 {
        let context = api.jobs.context();
        for job in keeper.due(&context.control.settings(), context.clock.now(), |_| None) {
            let run = Arc::clone(&api.jobs).start(job, Wanted::BySchedule).unwrap();
            assert!(api.jobs.wait(run.id, LONG));
            begun.push((job.name, api.clock.now().to_rfc3339()));
        }
        api.later(60_000);
    }
    let of = |name: &str| begun.iter().filter(|(job, _)| *job == name).map(|(_, at)| at.as_str()).collect::<Vec<_>>();
    assert_eq!(of("retention.rows"), ["2026-01-02T03:17:00Z"]);
    assert_eq!(of("retention.audit").len(), 24);
    assert_eq!(api.get("/api/logs").await.body["total"], 10);
}
