//! The dashboard's files. Which are there depends on how the binary was built; what is said of them does not.

use crate::support::api::{Api, as_admin, request};
use axum::body::Body;

#[tokio::test]
async fn the_dashboard_asks_for_a_login_and_is_strict() {
    let api = Api::empty();
    let stranger = api.anonymous("GET", "/").await;
    assert_eq!(stranger.status, 401);
    let challenges: Vec<_> = stranger.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(challenges, ["Bearer", "Basic realm=\"tidegate\""]);

    for path in ["/", "/index.html"] {
        let page = api.get(path).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.text.to_lowercase().contains("<!doctype html>"));
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"));
        let again = as_admin("GET", path).header("if-none-match", page.header("etag")).body(Body::empty()).unwrap();
        assert_eq!(api.send(again).await.status, 304);
    }
    assert_eq!(api.admin("POST", "/").await.status, 405);
}

#[tokio::test]
async fn a_browser_gets_the_page_at_every_address_that_is_not_the_servers() {
    let api = Api::empty();
    let page = api.get("/").await;
    let navigate = |path: &str| as_admin("GET", path).header("sec-fetch-mode", "navigate").body(Body::empty()).unwrap();
    for path in ["/logs?outcome=denied", "/clients/10.0.0.1", "/domains/www.example.com", "/no/such/page"] {
        let answer = api.send(navigate(path)).await;
        assert_eq!((answer.status.as_u16(), &answer.text), (200, &page.text), "{path}");
        // Whoever fetches is told that nothing is there, by a browser or not.
        let fetched = as_admin("GET", path).header("sec-fetch-mode", "cors").header("accept", "text/html");
        assert_eq!(api.send(fetched.body(Body::empty()).unwrap()).await.status, 404, "{path}");
        assert_eq!(api.get(path).await.status, 404, "{path}");
        assert_eq!(api.admin("POST", path).await.status, 404, "{path}");
    }
    for path in ["/api/nothing", "/api", "/assets/nothing.js", "/archives/download/nothing", "/export/nothing"] {
        let answer = api.send(navigate(path)).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (404, "application/json"), "{path}");
    }
}

#[tokio::test]
async fn the_page_to_log_in_with_and_what_it_is_made_of_are_open() {
    let api = Api::empty();
    let door = api.anonymous("GET", "/login").await;
    assert_eq!((door.status.as_u16(), door.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(!door.text.contains("<style") && !door.text.contains("style=\"") && !door.text.contains("<script>"));
    let parts: Vec<_> =
        door.text.split(['"', '\'']).filter(|part| part.starts_with("/assets/") || part.starts_with("/icon")).collect();
    // Without a dashboard in the binary the page is the one that says so, and is made of nothing.
    assert_eq!(parts.is_empty(), door.text.contains("built without its dashboard"), "{}", door.text);
    for part in parts {
        let file = api.send(request("GET", part).body(Body::empty()).unwrap()).await;
        assert_eq!(file.status, 200, "{part}");
        let for_ever = file.header("cache-control").contains("immutable");
        assert_eq!(for_ever, part.starts_with("/assets/"), "{part}");
    }
}

#[tokio::test]
async fn nothing_else_is_embedded() {
    let api = Api::empty();
    for path in [
        "/package.json",
        "/package-lock.json",
        "/src/main.tsx",
        "/dist/index.html",
        "/node_modules/playwright-core/index.js",
        "/assets/",
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/../Cargo.toml",
    ] {
        assert_eq!(api.get(path).await.status, 404, "{path}");
    }
}
