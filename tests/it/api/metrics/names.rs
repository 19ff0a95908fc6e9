//! What alerts and dashboard of `packaging/` ask for is told by `/metrics`.

use crate::support::api::Api;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// Names of ours, and of any process, in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
    let is_name = |word: &&str| word.starts_with("tidegate_") || word.starts_with("process_");
    words.filter(is_name).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_is_asked_of_prometheus_is_there() {
    let api = Api::empty();
    api.log(&[(5, "10.0.0.1 TCP_MISS/200 5316 GET http://a.example/ - HIER_NONE/- text/html")]);
    let generated = api.post("/api/tls-generate", r#"{"type":"https","hosts":["localhost"]}"#).await;
    assert!(generated.status.is_success(), "{}", generated.text);
    api.set("https_enabled", "true");
    api.get("/api/logs").await;
    assert_eq!(api.admin("POST", "/api/jobs/retention.audit/run").await.status, 202);
    let end = Instant::now() + Duration::from_secs(20);
    let told = loop {
        let told = names(&api.get("/metrics").await.text);
        if told.contains("tidegate_job_last_success_timestamp_seconds") {
            break told;
        }
        assert!(Instant::now() < end, "the job was not counted: {told:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    for file in ["prometheus/alerts.yml", "prometheus/alerts_test.yml", "grafana/dashboard.json"] {
        let path = format!("{}/packaging/{file}", env!("CARGO_MANIFEST_DIR"));
        let asked = names(&std::fs::read_to_string(&path).unwrap());
        assert!(asked.len() > 5, "{path}");
        let unknown: Vec<_> = asked.difference(&told).collect();
        assert!(unknown.is_empty(), "{file} asks for {unknown:?}");
    }
}

/// The rules are right, and fire when they should, by Prometheus' own tool.
#[test]
fn alerts_are_what_promtool_takes() {
    let run = |arguments: &[&str]| {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/prometheus");
        Command::new("promtool").args(arguments).current_dir(directory).output()
    };
    for arguments in [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]] {
        match run(&arguments) {
            Ok(done) => assert!(done.status.success(), "{arguments:?}: {done:?}"),
            Err(cause) => println!("skipped: there is no promtool: {cause}"),
        }
    }
}
