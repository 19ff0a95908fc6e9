//! Paths: `normalisePath` and `normalisePathWin` (also spelt `normalize…`): `//` becomes `/`, `/./` goes, `/../` goes
//! with the segment before it (RFC 3986, section 5.2.4, but never above the root, and `..` at the front of a relative
//! path stays).

use super::scan::any_pair;

/// `normalisePath`.
pub fn normalise(value: &[u8], out: &mut Vec<u8>) {
    normalise_with(value, out, false);
}

/// `normalisePathWin`: backslashes are slashes.
pub fn normalise_windows(value: &[u8], out: &mut Vec<u8>) {
    normalise_with(value, out, true);
}

/// Whether a segment is empty or ends in a dot.
pub fn may_change(value: &[u8]) -> bool {
    value.last() == Some(&b'.') || any_pair(value, |first, second| matches!(first, b'/' | b'.') & (second == b'/'))
}

/// [`may_change`], or there is a backslash.
pub fn may_change_windows(value: &[u8]) -> bool {
    may_change(value) || memchr::memchr(b'\\', value).is_some()
}

/// Works byte by byte like libmodsecurity, whose corners come of it: a segment that ends in two dots (`a..`) is one
/// that steps back, `..` at the front is a segment like others once one came after it, and the third backslash of a row
/// stays one.
fn normalise_with(value: &[u8], path: &mut Vec<u8>, windows: bool) {
    path.extend_from_slice(value);
    let Some(end) = value.len().checked_sub(1) else { return };
    let is_slash = |byte: u8| byte == b'/' || windows && byte == b'\\';
    let relative = !is_slash(path[0]);
    let ends_in_slash = is_slash(path[end]);
    let (mut from, mut to) = (0, 0);
    // Nothing is left that a step back could take away.
    let mut above_all = false;
    while from <= end {
        if windows {
            for byte in path[from..].iter_mut().take(2).filter(|byte| **byte == b'\\') {
                *byte = b'/';
            }
        }
        let last = from == end;
        if last || path[from + 1] == b'/' {
            let dot = path[from] == b'.';
            if dot && to > 0 && path[to - 1] == b'.' {
                if relative && (above_all || to <= 2) {
                    above_all = true;
                } else {
                    to = start_of_segment_before(path, to);
                    if to == 0 {
                        above_all = true;
                        to = usize::from(last && !relative);
                    }
                    if last {
                        break;
                    }
                    from += 1;
                }
            } else if dot && (to == 0 || path[to - 1] == b'/') {
                if last {
                    break;
                }
                to = to.saturating_sub(1);
                from += 1;
            } else if !dot && to > 0 && (last || path[from] != b'/') {
                above_all = false;
            }
        }
        if path[from] == b'/' {
            while from < end && is_slash(path[from + 1]) {
                from += 1;
            }
            if relative && to == 0 {
                from += 1;
                continue;
            }
        }
        path[to] = path[from];
        to += 1;
        from += 1;
        if last {
            break;
        }
    }
    if !ends_in_slash && to > 0 && path[to - 1] == b'/' {
        to -= 1;
    }
    path.truncate(to);
}

/// The place of the slash before the segment that stands before the one which ends in two dots, one of them written.
fn start_of_segment_before(path: &[u8], to: usize) -> usize {
    let Some(at) = to.checked_sub(3) else { return 0 };
    path[..=at].iter().rposition(|byte| *byte == b'/').unwrap_or(0)
}
