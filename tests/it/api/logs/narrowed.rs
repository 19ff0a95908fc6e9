//! A key restricted to some log sources sees their rows and nothing else.

use crate::support::api::Api;
use crate::support::lines::{SAMPLE, batch_of};
use serde_json::Value;
use tidegate::model::Role;

fn ids(body: &Value) -> Vec<u64> {
    body["data"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn rows_of_other_sources_are_not_there() {
    let api = Api::sample();
    api.store.push(vec![batch_of("edge", &SAMPLE[..2])]);
    let all = ids(&api.admin("GET", "/api/logs").await.body);
    let edge: Vec<u64> = ids(&api.admin("GET", "/api/logs?source=EDGE").await.body);
    assert_eq!((edge.len(), all.len()), (2, SAMPLE.len() + 2));

    let admin = api.person("admin", Role::Admin);
    let key = api.key(&admin, admin.scopes(), Some("Edge"));
    let who = ("authorization", format!("Bearer {}", key.expose()));
    let other = all.iter().find(|id| !edge.contains(id)).unwrap();
    for (path, want) in [
        ("/api/logs".to_owned(), Ok(2)),
        ("/api/logs?source=edge".to_owned(), Ok(2)),
        ("/api/logs?source=edge&source=squid".to_owned(), Ok(2)),
        ("/api/logs?source=!edge".to_owned(), Ok(0)),
        ("/api/logs?source=squid".to_owned(), Err(403)),
        (format!("/api/logs/{}", edge[0]), Ok(0)),
        (format!("/api/logs/{other}"), Err(404)),
        (format!("/api/logs?cursor_id={other}"), Err(422)),
        (format!("/api/logs?cursor_id={}", edge[0]), Ok(1)),
        ("/api/logs/stats".to_owned(), Err(403)),
        ("/api/logs/timeline".to_owned(), Err(403)),
    ] {
        let answer = api.ask(&who, "GET", &path, None).await;
        match want {
            Err(status) => assert_eq!(answer.status.as_u16(), status, "{path}"),
            Ok(_) if path.split('?').next() != Some("/api/logs") => assert_eq!(answer.status.as_u16(), 200, "{path}"),
            Ok(rows) => {
                assert_eq!(answer.body["data"].as_array().map(Vec::len), Some(rows), "{path}: {}", answer.text);
                assert!(ids(&answer.body).iter().all(|id| edge.contains(id)), "{path}");
            }
        }
    }
}
