//! Where in the web a request comes from: Fetch Metadata (W3C) and `Origin` (RFC 6454). Browsers send passwords and
//! cookies along with requests that other sites make them send; those say where they come from.

use crate::api::peer::Secure;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, HOST, ORIGIN};

/// Whether no page of another origin caused a request. One with neither `Origin` nor `Sec-Fetch-Site` doesn't come from
/// a browser. Over TLS a page that came in plain text is of another origin: anybody on its way may have written it. In
/// plain text either will do, since a proxy may speak TLS in front.
pub fn comes_from_here(headers: &HeaderMap, Secure(secure): Secure) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(ORIGIN.as_str()), text("sec-fetch-site")) {
        (None, None) => true,
        (_, Some("same-origin")) => true,
        (Some(origin), _) => {
            let (scheme, authority) = origin.split_once("://").unwrap_or_default();
            let scheme_fits = scheme == "https" || (scheme == "http" && !secure);
            scheme_fits && Some(authority) == text(HOST.as_str())
        }
        (None, Some(_)) => false,
    }
}

/// Whether a browser wants a page to show, and not a part of one.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => {
            headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|kinds| kinds.contains("text/html"))
        }
    }
}

/// A path of this origin to go on to, or `/`: whatever a browser could read as another site's address is not one. It
/// drops control characters and reads `\` as `/`, and `//` begins a host.
pub fn same_origin_path(next: Option<&str>) -> &str {
    let is_path = |next: &str| {
        let rest = next.strip_prefix('/')?;
        let plain = next.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
        (plain && !rest.starts_with('/')).then_some(())
    };
    next.filter(|next| is_path(next).is_some()).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn other_origins_change_nothing() {
        let ask = |pairs: &[(&'static str, &'static str)]| comes_from_here(&headers(pairs), Secure(false));
        assert!(ask(&[]));
        assert!(ask(&[("sec-fetch-site", "same-origin"), ("origin", "http://a")]));
        assert!(ask(&[("host", "a:8080"), ("origin", "http://a:8080")]));
        for elsewhere in [("origin", "http://b"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            assert!(!ask(&[("host", "a:8080"), elsewhere]), "{elsewhere:?}");
        }
        assert!(!ask(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn over_tls_a_page_in_plain_text_is_of_another_origin() {
        for (origin, secure, want) in [
            ("https://a", true, true),
            ("http://a", true, false),
            ("http://a", false, true),
            ("https://a", false, true),
            ("ftp://a", false, false),
            ("://a", false, false),
            ("a", false, false),
            ("https://a:444", true, false),
        ] {
            let headers = headers(&[("host", "a"), ("origin", origin), ("sec-fetch-site", "cross-site")]);
            assert_eq!(comes_from_here(&headers, Secure(secure)), want, "{origin} {secure}");
        }
    }

    #[test]
    fn pages_are_navigated_to_and_their_parts_are_not() {
        for (pairs, want) in [
            (&[("sec-fetch-mode", "navigate")][..], true),
            (&[("sec-fetch-mode", "cors"), ("accept", "text/html")], false),
            (&[("accept", "text/html,application/xhtml+xml")], true),
            (&[("accept", "*/*")], false),
            (&[], false),
        ] {
            assert_eq!(is_navigation(&headers(pairs)), want, "{pairs:?}");
        }
    }

    #[test]
    fn only_paths_of_this_origin_are_gone_on_to() {
        for good in ["/", "/?outcome=denied", "/index.html#log", "/a//b"] {
            assert_eq!(same_origin_path(Some(good)), good);
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\t//evil.example",
            "/\r\nSet-Cookie: a=b",
            "evil.example",
            "/ä",
        ] {
            assert_eq!(same_origin_path(Some(bad)), "/", "{bad:?}");
        }
        assert_eq!(same_origin_path(None), "/");
    }
}
