//! The session's cookie on its way out (RFC 6265): no script reads it, no other site sends it, and under TLS it never
//! goes over a plain connection.

use crate::api::frame::SESSION_COOKIE;
use crate::api::peer::Secure;
use crate::auth::Session;
use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use std::convert::Infallible;

impl<S: Sync> FromRequestParts<S> for Secure {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Secure(false)))
    }
}

/// `Set-Cookie` of a session that begins.
pub fn session_cookie(session: &Session, secure: Secure) -> HeaderValue {
    line(session.cookie.expose(), session.max_age_s, secure)
}

/// `Set-Cookie` that takes the cookie away.
pub fn expired(secure: Secure) -> HeaderValue {
    line("", 0, secure)
}

fn line(value: &str, max_age_s: i64, Secure(secure): Secure) -> HeaderValue {
    let only_tls = if secure { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{only_tls}");
    // URL-safe Base64 and digits are always a header's value.
    let mut line = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    line.set_sensitive(true);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attributes_are_strict() {
        let bare = "tidegate_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict";
        assert_eq!(expired(Secure(false)), bare);
        assert_eq!(expired(Secure(true)), format!("{bare}; Secure"));
    }
}
