//! The forms of a request target (RFC 9112, 3.2): origin, absolute, authority, asterisk.

/// The authority of a target in absolute-form or, of CONNECT, in authority-form; and what an origin server would be
/// sent. That is the target itself but in absolute-form, where it is `/` if there is no path.
pub fn split_target<'a>(method: &[u8], target: &'a [u8]) -> (Option<&'a [u8]>, &'a [u8]) {
    if method == b"CONNECT" {
        return (Some(target), target);
    }
    if target.starts_with(b"/") {
        return (None, target);
    }
    let Some(authority) = behind_scheme(target) else { return (None, target) };
    let end = authority.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(authority.len());
    let (authority, origin) = authority.split_at(end);
    let host = authority.iter().rposition(|byte| *byte == b'@').map_or(authority, |at| &authority[at + 1..]);
    (Some(host), if origin.is_empty() { b"/" } else { origin })
}

/// What is behind `scheme://`.
fn behind_scheme(target: &[u8]) -> Option<&[u8]> {
    let colon = target.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))?;
    if colon == 0 { None } else { target[colon..].strip_prefix(b"://") }
}
