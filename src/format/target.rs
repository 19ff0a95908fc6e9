//! Request targets out of the parts that some logs write in fields of their own, and back into them.
//!
//! Parts are as RFC 3986 cuts a URI, the query with its `?`. What stands in no field is taken from what does: the scheme
//! from the port, the port from the scheme.

use bumpalo::Bump;

/// A target in parts; empty where there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Parts<'p> {
    /// Without `:`.
    pub scheme: &'p [u8],
    /// A name or an address; an IPv6 address with or without brackets.
    pub host: &'p [u8],
    /// Decimal.
    pub port: &'p [u8],
    /// From its first `/`; may hold a whole URI up to its query.
    pub path: &'p [u8],
    /// From its `?`, which may be missing.
    pub query: &'p [u8],
}

impl<'p> Parts<'p> {
    /// Takes a target apart. A tunnel's (CONNECT) has no scheme of its own; ProxySG writes `tcp` and the path `/`.
    pub fn of(method: &[u8], target: &'p [u8]) -> Parts<'p> {
        if method == b"CONNECT" && !target.contains(&b'/') {
            let (host, port) = host_and_port(target);
            return Parts { scheme: b"tcp", host, port, path: b"/", query: b"" };
        }
        let (scheme, rest) = match scheme_end(target) {
            Some(at) => (&target[..at], &target[at + 3..]),
            None => (&b""[..], target),
        };
        let authority_end = match scheme {
            b"" => 0,
            _ => rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len()),
        };
        let (host, port) = host_and_port(&rest[..authority_end]);
        let port = if port.is_empty() { default_port(scheme) } else { port };
        let rest = &rest[authority_end..];
        let (path, query) = rest.split_at(memchr::memchr(b'?', rest).unwrap_or(rest.len()));
        Parts { scheme, host, port, path, query }
    }

    /// What stands behind the last point of the path's last segment; empty where there is none.
    pub fn extension(&self) -> &'p [u8] {
        let name = memchr::memrchr(b'/', self.path).map_or(self.path, |at| &self.path[at + 1..]);
        memchr::memrchr(b'.', name).map_or(b"", |at| &name[at + 1..])
    }

    /// Puts a target together: for CONNECT `host:port`, else a URI where a host is known, else path and query.
    pub fn join<'a>(&self, method: &[u8], arena: &'a Bump) -> &'a [u8] {
        let Parts { scheme, host, port, path, query } = *self;
        let mut joined = Vec::with_capacity(scheme.len() + host.len() + port.len() + path.len() + query.len() + 8);
        if method == b"CONNECT" && !host.is_empty() {
            push_host(host, &mut joined);
            if host_and_port(host).1.is_empty() {
                joined.push(b':');
                joined.extend_from_slice(if port.is_empty() { b"443" } else { port });
            }
            return arena.alloc_slice_copy(&joined);
        }
        if !host.is_empty() && scheme_end(path).is_none() {
            let scheme = match (scheme, port) {
                (b"", b"443") => &b"https"[..],
                (b"", _) => b"http",
                _ => scheme,
            };
            joined.extend(scheme.iter().map(u8::to_ascii_lowercase));
            joined.extend_from_slice(b"://");
            push_host(host, &mut joined);
            let implied = port.is_empty() || port == default_port(&joined[..scheme.len()]);
            if !implied && host_and_port(host).1.is_empty() {
                joined.push(b':');
                joined.extend_from_slice(port);
            }
            if !matches!(path.first(), None | Some(b'/')) {
                joined.push(b'/');
            }
        }
        joined.extend_from_slice(path);
        if !matches!(query.first(), None | Some(b'?')) {
            joined.push(b'?');
        }
        joined.extend_from_slice(query);
        arena.alloc_slice_copy(&joined)
    }
}

/// A target that a log writes in one field, made whole with what its other fields say: `/path` with the host, `host/path`
/// with the scheme.
pub(super) fn whole<'l>(method: &[u8], target: &'l [u8], parts: Parts<'_>, arena: &'l Bump) -> &'l [u8] {
    match target.first() {
        None => parts.join(method, arena),
        Some(b'/') if !parts.host.is_empty() => {
            let (path, query) = target.split_at(memchr::memchr(b'?', target).unwrap_or(target.len()));
            Parts { path, query, ..parts }.join(method, arena)
        }
        Some(first)
            if scheme_end(target).is_none()
                && !parts.scheme.is_empty()
                && method != b"CONNECT"
                && !b"/*".contains(first) =>
        {
            let scheme = parts.scheme.to_ascii_lowercase();
            arena.alloc_slice_copy(&[&scheme, &b"://"[..], target].concat())
        }
        Some(_) => target,
    }
}

fn push_host(host: &[u8], joined: &mut Vec<u8>) {
    let is_bare_ipv6 = host.first() != Some(&b'[') && memchr::memchr_iter(b':', host).nth(1).is_some();
    if is_bare_ipv6 {
        joined.push(b'[');
        joined.extend_from_slice(host);
        joined.push(b']');
    } else {
        joined.extend_from_slice(host);
    }
}

/// `host:port` in two; an IPv6 address keeps its brackets and has a port only behind them.
pub(super) fn host_and_port(authority: &[u8]) -> (&[u8], &[u8]) {
    let Some(colon) = memchr::memrchr(b':', authority) else { return (authority, b"") };
    let (host, port) = (&authority[..colon], &authority[colon + 1..]);
    let ends_host = !host.contains(&b':') || host.ends_with(b"]");
    if ends_host && !port.is_empty() && port.iter().all(u8::is_ascii_digit) { (host, port) } else { (authority, b"") }
}

/// Where the scheme of a URI ends; `None` where the text does not begin with `scheme://`.
fn scheme_end(text: &[u8]) -> Option<usize> {
    let end = text.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))?;
    (end > 0 && text[end..].starts_with(b"://")).then_some(end)
}

fn default_port(scheme: &[u8]) -> &'static [u8] {
    match scheme {
        b"http" | b"ws" => b"80",
        b"https" | b"wss" => b"443",
        b"ftp" => b"21",
        _ => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_parts_and_takes_them_apart() {
        for (method, [scheme, host, port, path, query], target) in [
            ("GET", ["http", "a.example", "80", "/x.js", "?y=1"], "http://a.example/x.js?y=1"),
            ("GET", ["https", "a.example", "8443", "/", ""], "https://a.example:8443/"),
            ("GET", ["http", "[2001:db8::7]", "81", "/", ""], "http://[2001:db8::7]:81/"),
            ("GET", ["ftp", "a.example", "21", "", ""], "ftp://a.example"),
            ("CONNECT", ["tcp", "a.example", "443", "/", ""], "a.example:443"),
            ("CONNECT", ["tcp", "[::1]", "8443", "/", ""], "[::1]:8443"),
            ("GET", ["", "", "", "/local", "?x"], "/local?x"),
            ("GET", ["", "", "", "", ""], ""),
        ] {
            let parts = Parts {
                scheme: scheme.as_bytes(),
                host: host.as_bytes(),
                port: port.as_bytes(),
                path: path.as_bytes(),
                query: query.as_bytes(),
            };
            let arena = Bump::new();
            let joined = parts.join(method.as_bytes(), &arena);
            assert_eq!(std::str::from_utf8(joined), Ok(target));
            assert_eq!(Parts::of(method.as_bytes(), target.as_bytes()), parts, "{method} {target}");
        }
    }

    #[test]
    fn what_is_missing_is_taken_from_what_is_there() {
        for (method, target, scheme, host, port, want) in [
            ("GET", "http://a.example/", "https", "b.example", "", "http://a.example/"),
            ("GET", "/x?y", "", "a.example", "", "http://a.example/x?y"),
            ("GET", "/x?u=http://b/", "", "a.example", "443", "https://a.example/x?u=http://b/"),
            ("GET", "/x", "", "a.example:8080", "8080", "http://a.example:8080/x"),
            ("GET", "a.example/x?u=http://b/", "HTTPS", "", "", "https://a.example/x?u=http://b/"),
            ("GET", "a.example/x", "", "", "", "a.example/x"),
            ("CONNECT", "a.example:443", "https", "a.example", "", "a.example:443"),
            ("CONNECT", "", "", "a.example", "", "a.example:443"),
            ("CONNECT", "", "", "a.example:8443", "", "a.example:8443"),
            ("CONNECT", "", "", "::1", "443", "[::1]:443"),
            ("OPTIONS", "*", "http", "a.example", "", "*"),
        ] {
            let parts =
                Parts { scheme: scheme.as_bytes(), host: host.as_bytes(), port: port.as_bytes(), ..Parts::default() };
            let arena = Bump::new();
            let got = whole(method.as_bytes(), target.as_bytes(), parts, &arena);
            assert_eq!(std::str::from_utf8(got), Ok(want), "{method} {target}");
        }
        for (path, extension) in [("/a/b.js", "js"), ("/a.b/c", ""), ("/a.tar.gz", "gz"), ("", ""), ("/.", "")] {
            let parts = Parts { path: path.as_bytes(), ..Parts::default() };
            assert_eq!(parts.extension(), extension.as_bytes(), "{path}");
        }
    }
}
