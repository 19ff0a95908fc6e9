//! The dashboard's files.

use crate::support::api::{Api, as_admin};
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
        assert!(page.text.contains("<!doctype html>"));
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"));
        let again = as_admin("GET", path).header("if-none-match", page.header("etag")).body(Body::empty()).unwrap();
        assert_eq!(api.send(again).await.status, 304);
    }
    assert_eq!(api.admin("POST", "/").await.status, 405);
    assert_eq!(api.get("/nothing.js").await.status, 404);
}

#[tokio::test]
async fn the_page_gets_its_parts_and_nothing_else_is_embedded() {
    let api = Api::empty();
    for (path, kind) in [
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/lib/format.js", "text/javascript; charset=utf-8"),
        ("/ui/chart.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let file = api.get(path).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, kind), "{path}");
        let open = ["/style.css", "/icon.svg"].contains(&path);
        assert_eq!(api.anonymous("GET", path).await.status, if open { 200 } else { 401 }, "{path}");
    }
    for path in [
        "/package.json",
        "/package-lock.json",
        "/lib/format.test.js",
        "/node_modules/playwright-core/index.js",
        "/lib/",
        "/../Cargo.toml",
    ] {
        assert_eq!(api.get(path).await.status, 404, "{path}");
    }
}
