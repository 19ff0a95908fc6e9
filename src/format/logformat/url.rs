//! Targets in parts, as Squid's codes for scheme, domain, port and path give them, and put together again.

use bumpalo::Bump;
use memchr::memmem;

/// A target's parts; empty where it has none.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Parts<'line> {
    pub(super) scheme: &'line [u8],
    pub(super) host: &'line [u8],
    /// As written, else what the scheme implies.
    pub(super) port: &'line [u8],
    pub(super) path: &'line [u8],
}

impl<'line> Parts<'line> {
    /// Takes a target apart: a URL, CONNECT's `host:port`, or a path.
    pub(super) fn of(target: &'line [u8], method: &[u8]) -> Parts<'line> {
        let (scheme, rest) = match memmem::find(target, b"://") {
            Some(at) => (&target[..at], &target[at + 3..]),
            None if method == b"CONNECT" => (&b""[..], target),
            None => return Parts { path: target, ..Parts::default() },
        };
        let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let authority = memchr::memrchr(b'@', authority).map_or(authority, |at| &authority[at + 1..]);
        let colon = memchr::memrchr(b':', authority).filter(|at| !authority[*at..].contains(&b']'));
        let (host, port) = colon.map_or((authority, implied(scheme)), |at| (&authority[..at], &authority[at + 1..]));
        let path = if path.is_empty() && !scheme.is_empty() { &b"/"[..] } else { path };
        Parts { scheme, host, port, path }
    }

    /// The target that these are parts of. Without a scheme, a path belongs to `http`.
    pub(super) fn join(&self, method: &[u8], arena: &'line Bump) -> &'line [u8] {
        if self.host.is_empty() {
            return self.path;
        }
        let scheme = match self.scheme {
            [] if method == b"CONNECT" => &b""[..],
            [] if self.port == b"443" => b"https",
            [] => b"http",
            scheme => scheme,
        };
        let port = if implied(scheme) == self.port { &b""[..] } else { self.port };
        let separator: &[u8] = if scheme.is_empty() { b"" } else { b"://" };
        let colon: &[u8] = if port.is_empty() { b"" } else { b":" };
        let pieces = [scheme, separator, self.host, colon, port, self.path];
        let whole = arena.alloc_slice_fill_copy(pieces.iter().map(|piece| piece.len()).sum(), 0);
        let mut at = 0;
        for piece in pieces {
            whole[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        whole
    }
}

/// The port of a scheme.
fn implied(scheme: &[u8]) -> &'static [u8] {
    match scheme {
        b"http" => b"80",
        b"https" => b"443",
        b"ftp" => b"21",
        _ => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_apart_and_put_together() {
        for (method, target, parts, joined) in [
            ("GET", "http://a.example/x?y", ["http", "a.example", "80", "/x?y"], "http://a.example/x?y"),
            ("GET", "http://a.example:8080", ["http", "a.example", "8080", "/"], "http://a.example:8080/"),
            ("GET", "https://[2001:db8::1]/", ["https", "[2001:db8::1]", "443", "/"], "https://[2001:db8::1]/"),
            ("GET", "ftp://u:p@h:2121/f", ["ftp", "h", "2121", "/f"], "ftp://h:2121/f"),
            ("CONNECT", "a.example:443", ["", "a.example", "443", ""], "a.example:443"),
            ("GET", "/only/path", ["", "", "", "/only/path"], "/only/path"),
            ("GET", "error:invalid-request", ["", "", "", "error:invalid-request"], "error:invalid-request"),
        ] {
            let got = Parts::of(target.as_bytes(), method.as_bytes());
            let text = |bytes| std::str::from_utf8(bytes).unwrap();
            assert_eq!([got.scheme, got.host, got.port, got.path].map(text), parts, "{target}");
            assert_eq!(text(got.join(method.as_bytes(), &Bump::new())), joined);
        }
        let parts = Parts { host: b"a.example", port: b"443", path: b"/x", ..Parts::default() };
        assert_eq!(parts.join(b"GET", &Bump::new()), b"https://a.example/x");
    }
}
