//! `lowercase` and `uppercase`, of ASCII letters only, as in the C locale.

use super::scan::any;

/// `lowercase`.
pub fn lower(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(u8::to_ascii_lowercase));
}

/// `uppercase`.
pub fn upper(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(u8::to_ascii_uppercase));
}

/// Whether `lowercase` changes the value.
pub fn has_upper(value: &[u8]) -> bool {
    any(value, |byte| byte.is_ascii_uppercase())
}

/// Whether `uppercase` changes the value.
pub fn has_lower(value: &[u8]) -> bool {
    any(value, |byte| byte.is_ascii_lowercase())
}
