//! `md5` (RFC 1321) and `sha1` (FIPS 180-4): the digest's bytes, which rules mostly follow with `hexEncode`. Names for
//! values, not a protection of them.

use md5::Md5;
use sha1::{Digest as _, Sha1};

/// `md5`: 16 bytes.
pub fn md5(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&Md5::digest(value));
}

/// `sha1`: 20 bytes.
pub fn sha1(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&Sha1::digest(value));
}
