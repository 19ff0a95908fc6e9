//! Looks for bytes many at a time: without a way out at each byte, the compiler makes vector instructions of it.

/// Bytes between ways out.
const CHUNK: usize = 64;

/// Whether one of the bytes is such a one.
pub fn any(value: &[u8], is: impl Fn(u8) -> bool) -> bool {
    value.chunks(CHUNK).any(|chunk| chunk.iter().fold(false, |found, byte| found | is(*byte)))
}

/// Whether two neighbouring bytes are such ones.
pub fn any_pair(value: &[u8], are: impl Fn(u8, u8) -> bool) -> bool {
    let Some(seconds) = value.get(1..) else { return false };
    value.chunks(CHUNK).zip(seconds.chunks(CHUNK)).any(|(firsts, seconds)| {
        firsts.iter().zip(seconds).fold(false, |found, (first, second)| found | are(*first, *second))
    })
}
