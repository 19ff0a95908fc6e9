//! Comments as SQL, C, HTML and shells write them: `removeComments`, `removeCommentsChar`, `replaceComments`.

use super::scan::any_pair;

/// `replaceComments`: each `/* … */` becomes one space, also one without an end. A `*/` alone stays.
pub fn replace(mut value: &[u8], out: &mut Vec<u8>) {
    while let Some(start) = memchr::memmem::find(value, b"/*") {
        out.extend_from_slice(&value[..start]);
        out.push(b' ');
        let inside = &value[start + 2..];
        value = memchr::memmem::find(inside, b"*/").map_or(&[], |end| &inside[end + 2..]);
    }
    out.extend_from_slice(value);
}

/// Whether `replaceComments` could change the value.
pub fn may_replace(value: &[u8]) -> bool {
    memchr::memmem::find(value, b"/*").is_some()
}

/// `removeComments`: `/* … */` and `<!-- … -->` go; `--` and `#` end the value. Either end closes either comment. As in
/// libmodsecurity, the byte after an end is taken as it is, also if it would begin a comment; where the value ends
/// there, that byte is the NUL behind C strings; and a comment without an end leaves one space.
pub fn remove(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    let mut inside = false;
    while let [byte, tail @ ..] = rest {
        if inside {
            match after_end(rest) {
                Some(after) => {
                    inside = false;
                    out.push(after.first().copied().unwrap_or(0));
                    rest = after.get(1..).unwrap_or(&[]);
                }
                None => rest = tail,
            }
        } else if let Some(after) = rest.strip_prefix(b"/*").or_else(|| rest.strip_prefix(b"<!--")) {
            inside = true;
            rest = after;
        } else if rest.starts_with(b"--") || *byte == b'#' {
            return;
        } else {
            out.push(*byte);
            rest = tail;
        }
    }
    if inside {
        out.push(b' ');
    }
}

fn after_end(rest: &[u8]) -> Option<&[u8]> {
    rest.strip_prefix(b"*/").or_else(|| rest.strip_prefix(b"-->"))
}

/// Whether `removeComments` could change the value.
pub fn may_remove(value: &[u8]) -> bool {
    any_pair(value, |first, second| matches!((first, second), (b'/', b'*') | (b'<', b'!') | (b'-', b'-')))
        || memchr::memchr(b'#', value).is_some()
}

/// `removeCommentsChar`: the signs that begin or end comments go, what is between them stays.
pub fn remove_signs(value: &[u8], out: &mut Vec<u8>) {
    const SIGNS: [&[u8]; 6] = [b"/*", b"*/", b"<!--", b"-->", b"--", b"#"];
    let mut rest = value;
    while let [byte, tail @ ..] = rest {
        match SIGNS.iter().find_map(|sign| rest.strip_prefix(*sign)) {
            Some(after) => rest = after,
            None => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
}

/// Whether `removeCommentsChar` could change the value.
pub fn may_remove_signs(value: &[u8]) -> bool {
    may_remove(value) || memchr::memmem::find(value, b"*/").is_some()
}
