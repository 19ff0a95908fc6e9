//! `POST /login` and `/logout`: a browser's session.

use crate::support::api::{Answer, Api, PASSWORD, request};
use crate::support::people::Way;
use axum::body::Body;
use serde_json::json;

async fn form(api: &Api, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut ask = request("POST", path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        ask = ask.header(*name, *value);
    }
    api.send(ask.body(Body::from(body.to_owned())).unwrap()).await
}

const WHO: &str = "username=admin&password=correct+horse%20battery+staple";

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let api = Api::sample();
    let body = json!({ "username": "admin", "password": PASSWORD, "next": "/?outcome=denied" });
    let answer = api.ask(&("x-nobody", String::new()), "POST", "/login", Some(&body)).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!("session", answer.body, { ".data.csrf_token" => "[csrf]" });
    let (_, attributes) = answer.header("set-cookie").split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; Max-Age=28800; HttpOnly; SameSite=Strict");
    let session = ("cookie", cookie(&answer));
    assert_eq!(api.ask(&session, "GET", "/api/logs", None).await.status, 200);
    assert_eq!(api.ask(&session, "GET", "/", None).await.status, 200);
    let me = api.ask(&session, "GET", "/api/auth/me", None).await;
    assert_eq!(me.body["data"]["csrf_token"], answer.body["data"]["csrf_token"]);
    let out = api.ask(&session, "POST", "/logout", None).await;
    assert_eq!((out.status.as_u16(), cookie(&out).as_str()), (200, "tidegate_session="));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(api.ask(&session, "GET", "/api/logs", None).await.status, 401);
    assert_eq!(api.ask(&session, "POST", "/logout", None).await.status, 200, "twice is no harm");
}

#[tokio::test]
async fn a_form_is_sent_on_to_a_path_of_this_origin_only() {
    let api = Api::empty();
    for (next, want) in [
        ("%2F%3Foutcome%3Ddenied", "/?outcome=denied"),
        ("https%3A%2F%2Fevil.example%2F", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("", "/"),
    ] {
        let answer = form(&api, "/login", &format!("{WHO}&next={next}"), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, want), "{next}");
        assert!(answer.header("set-cookie").starts_with("tidegate_session="));
    }
    assert_eq!(form(&api, "/login", WHO, &[]).await.status, 200);
    let wrong = form(&api, "/login", "username=admin&password=x&next=/", &[]).await;
    assert_eq!((wrong.status.as_u16(), wrong.header("set-cookie")), (401, ""));
    let session = form(&api, "/login", WHO, &[]).await;
    let out = form(&api, "/logout", "", &[("cookie", &cookie(&session))]).await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/login"));
}

#[tokio::test]
async fn pages_elsewhere_neither_log_in_nor_out() {
    let api = Api::empty();
    let session = cookie(&form(&api, "/login", WHO, &[]).await);
    for elsewhere in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let host = ("host", "t:8080");
        assert_eq!(form(&api, "/login", WHO, &[host, elsewhere]).await.status, 403);
        assert_eq!(form(&api, "/logout", "", &[host, elsewhere, ("cookie", &session)]).await.status, 403);
    }
    assert_eq!(api.ask(&("cookie", session), "GET", "/api/auth/me", None).await.status, 200);
}

#[tokio::test]
async fn changes_by_cookie_come_from_here_or_carry_the_sessions_token_and_bearers_need_neither() {
    let api = Api::sample();
    let admin = api.control.account("admin").unwrap().unwrap();
    let session = api.who(&admin, Way::Session, None);
    let csrf = |session: i64| api.authenticator.csrf_token(session);
    let me = api.ask(&session, "GET", "/api/auth/me", None).await;
    let shown = me.body["data"]["csrf_token"].as_str().unwrap().to_owned();
    let number: i64 =
        me.body["data"]["credential"].as_str().unwrap().strip_prefix("session ").unwrap().parse().unwrap();
    assert_eq!(csrf(number), shown);
    let other = csrf(number + 1);
    let elsewhere = ("origin", "https://evil.example");
    let cases: [(&[(&str, &str)], u16); 7] = [
        (&[], 200),
        (&[("origin", "http://t:8080")], 200),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[elsewhere], 403),
        (&[elsewhere, ("x-csrf-token", &shown)], 200),
        (&[elsewhere, ("x-csrf-token", &other)], 403),
        (&[elsewhere, ("x-csrf-token", "")], 403),
    ];
    for (headers, status) in cases {
        let mut ask =
            request("POST", "/api/logs/clear-old?days=3000").header(session.0, &session.1).header("host", "t:8080");
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        assert_eq!(api.send(ask.body(Body::empty()).unwrap()).await.status, status, "{headers:?}");
    }
    let (name, value) = api.who(&admin, Way::Access, None);
    let ask =
        request("POST", "/api/logs/clear-old?days=3000").header(name, value).header("origin", "https://a.example");
    assert_eq!(api.send(ask.body(Body::empty()).unwrap()).await.status, 200);
    // Reading needs nothing of it.
    let ask = request("GET", "/api/logs").header(session.0, &session.1).header("origin", "https://evil.example");
    assert_eq!(api.send(ask.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn browsers_are_sent_to_the_login_page_and_back() {
    let api = Api::empty();
    let navigate = |path: &str, name: &'static str, value: &'static str| {
        request("GET", path).header(name, value).body(Body::empty()).unwrap()
    };
    let answer = api.send(navigate("/?outcome=denied&q=a%20b", "sec-fetch-mode", "navigate")).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/login?next=%2F%3Foutcome%3Ddenied%26q%3Da%2520b");
    assert_eq!(api.send(navigate("/index.html", "accept", "text/html")).await.status, 303);
    let page = api.send(navigate("/domains/example.com", "sec-fetch-mode", "navigate")).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (303, "/login?next=%2Fdomains%2Fexample.com"));
    assert_eq!(api.send(navigate("/", "sec-fetch-mode", "cors")).await.status, 401);
    assert_eq!(api.send(navigate("/api/logs", "sec-fetch-mode", "navigate")).await.status, 401);
    let policy = api.anonymous("GET", "/login").await;
    assert_eq!(policy.status, 200);
    assert!(policy.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
}
