//! Appending numbers and random characters to a byte buffer, without going through `fmt`.
//!
//! Nothing here knows what a log line is.

use super::rng::Rng;

const DIGIT_PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// `number` in decimal, padded on the left with `fill` to `width` characters (at most 20).
#[inline]
fn decimal(out: &mut Vec<u8>, mut number: u64, width: usize, fill: u8) {
    let mut digits = [fill; 20];
    let mut at = digits.len();
    while number >= 100 {
        let pair = (number % 100) as usize * 2;
        number /= 100;
        at -= 2;
        digits[at..at + 2].copy_from_slice(&DIGIT_PAIRS[pair..pair + 2]);
    }
    if number >= 10 {
        let pair = number as usize * 2;
        at -= 2;
        digits[at..at + 2].copy_from_slice(&DIGIT_PAIRS[pair..pair + 2]);
    } else {
        at -= 1;
        digits[at] = b'0' + number as u8;
    }
    out.extend_from_slice(&digits[at.min(digits.len().saturating_sub(width))..]);
}

/// `number` in decimal.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, number: u64) {
    decimal(out, number, 1, b' ');
}

/// `number` in decimal, padded with spaces to `width` characters (at most 20).
#[inline]
pub(super) fn spaced(out: &mut Vec<u8>, number: u64, width: usize) {
    decimal(out, number, width, b' ');
}

/// `number` in decimal, padded with zeros to `width` characters (at most 20).
#[inline]
pub(super) fn zeroed(out: &mut Vec<u8>, number: u64, width: usize) {
    decimal(out, number, width, b'0');
}

/// The lowest `digits` (at most 16) hexadecimal digits of `bits`.
#[inline]
pub(super) fn hex(out: &mut Vec<u8>, bits: u64, digits: usize) {
    let mut text = [0_u8; 16];
    let digits = digits.min(text.len());
    for (place, byte) in text[..digits].iter_mut().rev().enumerate() {
        *byte = b"0123456789abcdef"[(bits >> (4 * place)) as usize & 15];
    }
    out.extend_from_slice(&text[..digits]);
}

/// `bits` in hexadecimal without leading zeros, as in the groups of an IPv6 address.
#[inline]
pub(super) fn hex_short(out: &mut Vec<u8>, bits: u16) {
    let digits = (19 - (u32::from(bits) | 1).leading_zeros().saturating_sub(16) as usize) / 4;
    hex(out, u64::from(bits), digits);
}

/// Which 64 characters a random token is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alphabet {
    /// `A–Z a–z 0–9 - _`: tokens in URLs.
    Url,
    /// Lower case and digits (some twice): session and bucket names.
    Lower,
}

/// `length` random characters: 6 bits each for [`Alphabet::Url`], about 5.1 for the other.
pub(super) fn token(out: &mut Vec<u8>, rng: &mut Rng, alphabet: Alphabet, length: usize) {
    let characters: &[u8; 64] = match alphabet {
        Alphabet::Url => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        Alphabet::Lower => b"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01",
    };
    let mut left = length;
    while left > 0 {
        let mut bits = rng.next();
        let now = left.min(10);
        let mut part = [0_u8; 10];
        for byte in &mut part {
            *byte = characters[bits as usize & 63];
            bits >>= 6;
        }
        out.extend_from_slice(&part[..now]);
        left -= now;
    }
}

/// `digits` random hexadecimal digits.
pub(super) fn random_hex(out: &mut Vec<u8>, rng: &mut Rng, digits: usize) {
    let mut left = digits;
    while left > 0 {
        let now = left.min(16);
        hex(out, rng.next(), now);
        left -= now;
    }
}

/// A random (version 4) UUID in lower case.
pub(super) fn uuid(out: &mut Vec<u8>, rng: &mut Rng) {
    let (a, b) = (rng.next(), rng.next());
    hex(out, a >> 32, 8);
    out.push(b'-');
    hex(out, a >> 16, 4);
    out.extend_from_slice(b"-4");
    hex(out, a, 3);
    out.push(b'-');
    out.push(b"89ab"[(b >> 60) as usize & 3]);
    hex(out, b >> 48, 3);
    out.push(b'-');
    hex(out, b, 12);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_written_as_fmt_writes_them() {
        for n in [0, 7, 10, 42, 99, 100, 101, 999, 1000, 65_535, 1_767_225_600, u64::MAX] {
            assert_eq!(text(|out| number(out, n)), n.to_string());
            assert_eq!(text(|out| spaced(out, n, 6)), format!("{n:6}"));
            assert_eq!(text(|out| zeroed(out, n, 3)), format!("{n:03}"));
        }
        for n in [0, 1, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000, 0xffff] {
            assert_eq!(text(|out| hex_short(out, n)), format!("{n:x}"));
        }
        assert_eq!(text(|out| hex(out, 0xabc, 5)), "00abc");
    }

    #[test]
    fn tokens_have_their_length() {
        for length in [0, 1, 10, 11, 64, 300] {
            let mut rng = Rng::new(1);
            let mut out = Vec::new();
            token(&mut out, &mut rng, Alphabet::Url, length);
            random_hex(&mut out, &mut rng, length);
            assert_eq!(out.len(), 2 * length);
        }
        assert_eq!(text(|out| uuid(out, &mut Rng::new(1))).len(), 36);
    }
}
