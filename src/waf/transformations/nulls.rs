//! `removeNulls` and `replaceNulls`.

/// `removeNulls`.
pub fn remove(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().filter(|byte| **byte != 0));
}

/// `replaceNulls`: each by a space.
pub fn replace(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }));
}

/// Whether there is a NUL.
pub fn may_change(value: &[u8]) -> bool {
    memchr::memchr(0, value).is_some()
}
