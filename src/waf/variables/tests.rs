use super::*;

fn read(request: &Request<'_>) -> (Line, Texts) {
    let (mut line, mut texts) = (Line::default(), Texts::new());
    line.read(&mut texts, request, !0, b'&');
    (line, texts)
}

#[test]
fn a_target_is_split() {
    for (method, target, authority, origin) in [
        ("GET", "/a?b", None, "/a?b"),
        ("GET", "http://h:8080/a?b", Some("h:8080"), "/a?b"),
        ("GET", "http://u:p@h/a", Some("h"), "/a"),
        ("GET", "https://h", Some("h"), "/"),
        ("GET", "http://h?x=1", Some("h"), "?x=1"),
        ("CONNECT", "h:443", Some("h:443"), "h:443"),
        ("OPTIONS", "*", None, "*"),
        ("GET", "//h/a", None, "//h/a"),
        ("GET", "", None, ""),
    ] {
        let expected = (authority.map(str::as_bytes), origin.as_bytes());
        assert_eq!(split_target(method.as_bytes(), target.as_bytes()), expected, "{target}");
    }
}

/// As libmodsecurity 3.0.9 has them.
#[test]
fn a_request_has_its_variables() {
    let uri = b"http://www.test:81/a%20b/c%3fd?x=1%2b+2&&y=%zz&=e&z#f?g";
    let request = Request {
        method: b"GET",
        uri,
        protocol: Field::Is(b"HTTP/1.1"),
        host: Field::Is(b"other"),
        user_agent: Field::Absent,
        ..Request::default()
    };
    let (line, texts) = read(&request);
    for (source, expected) in [
        (Source::UriRaw, Some("/a%20b/c%3fd?x=1%2b+2&&y=%zz&=e&z#f?g")),
        (Source::Uri, Some("/a b/c?d?x=1++2&&y=%zz&=e&z")),
        (Source::Filename, Some("/a b/c")),
        (Source::Basename, Some("c")),
        (Source::Query, Some("x=1%2b+2&&y=%zz&=e&z")),
        (Source::RequestLine, Some("GET /a%20b/c%3fd?x=1%2b+2&&y=%zz&=e&z#f?g HTTP/1.1")),
        (Source::HostHeader, Some("www.test:81")),
        (Source::ServerName, Some("www.test")),
        (Source::ArgsCombinedSize, Some("11")),
        (Source::UrlEncodedError, Some("1")),
        (Source::UserAgent, None),
        (Source::Referer, None),
    ] {
        let value = line.one(source).map(|text| String::from_utf8_lossy(texts.get(text)));
        assert_eq!(value.as_deref(), expected, "{source:?}");
    }
    assert!(line.is_logged(Source::UserAgent) && !line.is_logged(Source::Referer));
    let args: Vec<_> = line.args.iter().map(|(name, value)| (texts.get(*name), texts.get(*value))).collect();
    let expected: [(&[u8], &[u8]); 5] = [(b"x", b"1+ 2"), (b"", b""), (b"y", b"%zz"), (b"", b"e"), (b"z", b"")];
    assert_eq!(args, expected);
}

#[test]
fn the_port_is_named_or_that_of_the_scheme() {
    for (method, target, host, expected) in [
        ("GET", "http://h:8080/", "other", "8080"),
        ("GET", "HTTPS://h/", "other", "443"),
        ("CONNECT", "h:8443", "h", "8443"),
        ("GET", "/", "[::1]:81", "81"),
        ("GET", "/", "[::1]", "80"),
        ("GET", "/", "h:", "80"),
    ] {
        let request = Request {
            method: method.as_bytes(),
            uri: target.as_bytes(),
            host: Field::Is(host.as_bytes()),
            ..Request::default()
        };
        let (line, texts) = read(&request);
        let port = line.one(Source::ServerPort).map(|port| texts.get(port));
        assert_eq!(port, Some(expected.as_bytes()), "{target} {host}");
    }
}

/// A Monday. As libmodsecurity writes them, but for the zone.
#[test]
fn the_time_of_a_line_has_parts() {
    let request = Request { time: Some(1_767_571_445_678), duration_ms: Some(1_042), ..Request::default() };
    let (line, texts) = read(&request);
    let expected = ["00:04:05", "05", "1767571445", "00", "04", "0", "05", "1", "2026", "1.042000"]
        .map(|text| Some(text.to_owned()));
    let found = Source::MOMENTS
        .map(|source| line.one(source).map(|text| String::from_utf8_lossy(texts.get(text)).into_owned()));
    assert_eq!(found, expected);
    let (line, _) = read(&Request { time: Some(i64::MAX), ..Request::default() });
    assert!(Source::MOMENTS.into_iter().all(|source| !line.is_logged(source)));
}
