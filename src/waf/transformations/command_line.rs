//! `cmdLine`: what shells pass over is taken out of a command, by Marc Stern's list: `\ " ' ^` go, runs of blanks,
//! commas and semicolons become one space, none stays before `/` or `(`, letters become small.

use super::scan::any;

/// `cmdLine`.
pub fn normalise(value: &[u8], out: &mut Vec<u8>) {
    let mut after_space = false;
    for byte in value {
        match byte {
            b'"' | b'\'' | b'\\' | b'^' => {}
            b' ' | b',' | b';' | b'\t' | b'\r' | b'\n' => {
                if !after_space {
                    out.push(b' ');
                }
                after_space = true;
            }
            _ => {
                if after_space && matches!(byte, b'/' | b'(') {
                    out.pop();
                }
                after_space = false;
                out.push(byte.to_ascii_lowercase());
            }
        }
    }
}

/// Whether a byte is in the value that `cmdLine` acts on.
pub fn may_change(value: &[u8]) -> bool {
    any(value, |byte| byte.is_ascii_uppercase() | matches!(byte, b'"' | b'\'' | b'\\' | b'^' | b' ' | b',' | b';'))
        || any(value, |byte| matches!(byte, b'\t' | b'\r' | b'\n'))
}
