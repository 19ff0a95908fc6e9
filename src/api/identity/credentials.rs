//! What a request presents: `Authorization` (RFC 7617, RFC 6750), else the session's cookie (RFC 6265).

use crate::api::frame::SESSION_COOKIE;
use crate::auth::Presented;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What is presented; `None` when nothing is, or it can't be read. A request with `Authorization` stands by that, so
/// that a wrong one isn't passed over for a cookie.
pub fn presented(headers: &HeaderMap) -> Option<Presented> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    match (lines.next(), lines.next()) {
        (None, _) => cookie(headers).map(Presented::Session),
        (Some(line), None) => authorization(line.to_str().ok()?),
        // Which of two was meant can't be known.
        (Some(_), Some(_)) => None,
    }
}

fn authorization(line: &str) -> Option<Presented> {
    let (scheme, token) = line.split_once(' ')?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Presented::Bearer(token.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let (username, password) = text.split_once(':')?;
    Some(Presented::Basic { username: username.to_owned(), password: password.to_owned() })
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION_COOKIE).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_authorization_stands_before_the_cookie() {
        let basic = |username: &str, password: &str| {
            Some(Presented::Basic { username: username.into(), password: password.into() })
        };
        let session = |value: &str| Some(Presented::Session(value.into()));
        type Case<'c> = (&'c [(&'static str, &'c str)], Option<Presented>);
        let cases: [Case<'_>; 12] = [
            (&[], None),
            (&[("authorization", "Basic YWRhOmE6Yg==")], basic("ada", "a:b")),
            (&[("authorization", "bAsIc  YWRhOg==")], basic("ada", "")),
            (&[("authorization", "Bearer x.y.z")], Some(Presented::Bearer("x.y.z".into()))),
            (&[("authorization", "Basic YWRh")], None),
            (&[("authorization", "Basic")], None),
            (&[("authorization", "Digest x")], None),
            (&[("authorization", "Basic YWRhOg=="), ("authorization", "Bearer x")], None),
            (&[("authorization", "junk"), ("cookie", "tidegate_session=a")], None),
            (&[("cookie", "theme=dark; tidegate_session=a=b")], session("a=b")),
            (&[("cookie", "theme=dark"), ("cookie", "tidegate_session=a")], session("a")),
            (&[("cookie", "xtidegate_session=a; tidegate_sessionx=b")], None),
        ];
        for (pairs, want) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            assert!(presented(&headers) == want, "{pairs:?}");
        }
    }
}
