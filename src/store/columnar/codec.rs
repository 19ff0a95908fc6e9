//! Numbers to bytes and back: variable-length integers, and byte planes compressed with zstd.
//!
//! A *frame* of integers is split into planes (all lowest bytes, all second-lowest bytes …), each compressed by
//! itself where that helps: the noisy low plane then doesn't spoil the regular high ones. Layout: docs/STORAGE.md.

use std::borrow::Cow;
use std::cell::RefCell;

/// What stored bytes can have wrong with them.
pub(super) type Decoded<T> = Result<T, &'static str>;

const LEVEL: i32 = 1;
const RAW: u8 = 0;
const ZSTD: u8 = 1;

thread_local! {
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Appends a LEB128 integer.
#[inline]
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Maps signed to unsigned so that small magnitudes stay small.
#[inline]
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Undoes [`zigzag`].
#[inline]
pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Reads stored bytes from front to back; every read says when there are too few.
#[derive(Clone)]
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    #[inline]
    pub(super) fn varint(&mut self) -> Decoded<u64> {
        if let Some((&first, rest)) = self.0.split_first()
            && first < 0x80
        {
            self.0 = rest;
            return Ok(u64::from(first));
        }
        let mut value = 0_u64;
        for (at, &byte) in self.0.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Ok(value);
            }
        }
        Err("a variable-length integer does not end")
    }

    pub(super) fn byte(&mut self) -> Decoded<u8> {
        self.bytes(1).map(|bytes| bytes[0])
    }

    pub(super) fn u32(&mut self) -> Decoded<u32> {
        let (bytes, rest) = self.0.split_first_chunk::<4>().ok_or("too few bytes")?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*bytes))
    }

    pub(super) fn i64(&mut self) -> Decoded<i64> {
        let (bytes, rest) = self.0.split_first_chunk::<8>().ok_or("too few bytes")?;
        self.0 = rest;
        Ok(i64::from_le_bytes(*bytes))
    }

    pub(super) fn bytes(&mut self, count: usize) -> Decoded<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or("too few bytes")?;
        self.0 = rest;
        Ok(bytes)
    }
}

/// Appends `bytes` as a section: how it is stored, its lengths, the bytes; compressed where that makes it smaller.
pub(super) fn put_section(out: &mut Vec<u8>, bytes: &[u8], level: i32) {
    let start = out.len();
    if bytes.len() >= 32 && compress(out, bytes, level, start).is_some() {
        return;
    }
    out.truncate(start);
    put_raw_section(out, bytes);
}

/// Appends `bytes` as a section, uncompressed.
pub(super) fn put_raw_section(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(RAW);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn compress(out: &mut Vec<u8>, bytes: &[u8], level: i32, start: usize) -> Option<()> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Compressor::new(level).ok();
        }
        let compressor = slot.as_mut()?;
        compressor.set_compression_level(level).ok()?;
        out.push(ZSTD);
        put_varint(out, bytes.len() as u64);
        let length_at = out.len();
        out.extend_from_slice(&[0; 4]);
        let body = out.len();
        out.resize(body + zstd::zstd_safe::compress_bound(bytes.len()), 0);
        let written = compressor.compress_to_buffer(bytes, &mut out[body..]).ok()?;
        out.truncate(body + written);
        out[length_at..body].copy_from_slice(&(written as u32).to_le_bytes());
        (out.len() - start < bytes.len()).then_some(())
    })
}

/// Reads a section into `out`, replacing what it held.
pub(super) fn read_section(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Decoded<()> {
    out.clear();
    match take_section(reader)? {
        Cow::Borrowed(bytes) => out.extend_from_slice(bytes),
        Cow::Owned(bytes) => *out = bytes,
    }
    Ok(())
}

/// Reads a section, without copying where it is stored uncompressed.
fn take_section<'b>(reader: &mut Reader<'b>) -> Decoded<Cow<'b, [u8]>> {
    let kind = reader.byte()?;
    let length = usize::try_from(reader.varint()?).map_err(|_| "a section is too long")?;
    if length > MAX_SECTION_BYTES {
        return Err("a section is too long");
    }
    match kind {
        RAW => reader.bytes(length).map(Cow::Borrowed),
        ZSTD => {
            let stored = reader.u32()? as usize;
            decompress(reader.bytes(stored)?, length).map(Cow::Owned)
        }
        _ => Err("a section is of an unknown kind"),
    }
}

fn decompress(stored: &[u8], length: usize) -> Decoded<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Decompressor::new().ok();
        }
        let decompressor = slot.as_mut().ok_or("zstd could not be set up")?;
        let mut out = Vec::with_capacity(length);
        match decompressor.decompress_to_buffer(stored, &mut out) {
            Ok(got) if got == length && out.len() == length => Ok(out),
            _ => Err("a section does not decompress to its length"),
        }
    })
}

/// A section decompresses to no more than this: one frame of the longest lines, far below what would hurt.
const MAX_SECTION_BYTES: usize = 1 << 30;

/// An integer that planes are made of.
pub(super) trait Plain: Copy {
    fn bits(self) -> u64;
}

impl Plain for u64 {
    #[inline]
    fn bits(self) -> u64 {
        self
    }
}

impl Plain for u32 {
    #[inline]
    fn bits(self) -> u64 {
        u64::from(self)
    }
}

/// How sections are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packing {
    /// To stay: compressed where that helps.
    Small,
    /// To be read again soon: not.
    Quick,
}

/// Appends a frame of integers, packed to stay.
pub(super) fn put_ints<T: Plain>(out: &mut Vec<u8>, values: &[T], plane: &mut Vec<u8>) {
    put_packed_ints(out, values, plane, Packing::Small);
}

/// Appends a frame of integers: the smallest, the number of planes, the planes of what each exceeds it by.
pub(super) fn put_packed_ints<T: Plain>(out: &mut Vec<u8>, values: &[T], plane: &mut Vec<u8>, packing: Packing) {
    let (mut least, mut most) = (u64::MAX, 0);
    for value in values {
        least = least.min(value.bits());
        most = most.max(value.bits());
    }
    let least = if values.is_empty() { 0 } else { least };
    put_varint(out, least);
    let planes = (64 - most.saturating_sub(least).leading_zeros()).div_ceil(8);
    out.push(planes as u8);
    for number in 0..planes {
        plane.clear();
        plane.extend(values.iter().map(|value| ((value.bits() - least) >> (8 * number)) as u8));
        match packing {
            Packing::Small => put_section(out, plane, LEVEL),
            Packing::Quick => put_raw_section(out, plane),
        }
    }
}

/// Reads a frame of `count` integers.
pub(super) fn read_ints(reader: &mut Reader<'_>, count: usize) -> Decoded<Vec<u64>> {
    let planes = Planes::read(reader, count)?;
    let mut values = vec![planes.least; count];
    for (number, plane) in planes.planes.iter().enumerate() {
        for (value, byte) in values.iter_mut().zip(plane.iter()) {
            *value = value.wrapping_add(u64::from(*byte) << (8 * number));
        }
    }
    Ok(values)
}

/// A frame of integers whose values are put together one by one, as they are asked for; planes that are stored
/// uncompressed are not copied.
#[derive(Debug)]
pub(super) struct Planes<'b> {
    least: u64,
    planes: Vec<Cow<'b, [u8]>>,
}

impl<'b> Planes<'b> {
    /// Reads the planes of `count` integers.
    pub(super) fn read(reader: &mut Reader<'b>, count: usize) -> Decoded<Planes<'b>> {
        let least = reader.varint()?;
        let planes = reader.byte()?;
        if planes > 8 {
            return Err("a frame has more planes than an integer has bytes");
        }
        let planes = (0..planes).map(|_| take_section(reader)).collect::<Decoded<Vec<_>>>()?;
        if planes.iter().any(|plane| plane.len() != count) {
            return Err("a plane is not as long as its frame");
        }
        Ok(Planes { least, planes })
    }

    /// Goes past the planes of a frame without decompressing them.
    pub(super) fn skip(reader: &mut Reader<'b>) -> Decoded<()> {
        reader.varint()?;
        for _ in 0..reader.byte()? {
            let kind = reader.byte()?;
            let length = usize::try_from(reader.varint()?).map_err(|_| "a section is too long")?;
            let stored = if kind == RAW { length } else { reader.u32()? as usize };
            reader.bytes(stored)?;
        }
        Ok(())
    }

    /// Hands all values to `each`, in order. The planes of an integer are as good as always one, two or three.
    pub(super) fn for_each(&self, count: usize, mut each: impl FnMut(u64)) {
        let least = self.least;
        match &self.planes[..] {
            [] => (0..count).for_each(|_| each(least)),
            [low] => low.iter().for_each(|low| each(least.wrapping_add(u64::from(*low)))),
            [low, high] => {
                let value = |(low, high): (&u8, &u8)| u64::from(*low) | u64::from(*high) << 8;
                low.iter().zip(high.iter()).for_each(|planes| each(least.wrapping_add(value(planes))));
            }
            [low, middle, high] => {
                let value = |((low, middle), high): ((&u8, &u8), &u8)| {
                    u64::from(*low) | u64::from(*middle) << 8 | u64::from(*high) << 16
                };
                let planes = low.iter().zip(middle.iter()).zip(high.iter());
                planes.for_each(|planes| each(least.wrapping_add(value(planes))));
            }
            _ => (0..count).for_each(|at| each(self.get(at))),
        }
    }

    /// The value at a place, which must be below the count.
    #[inline]
    pub(super) fn get(&self, at: usize) -> u64 {
        match &self.planes[..] {
            [] => self.least,
            [low] => self.least.wrapping_add(u64::from(low[at])),
            [low, high] => self.least.wrapping_add(u64::from(low[at]) | u64::from(high[at]) << 8),
            planes => {
                let put = |sum: u64, plane: &Cow<'_, [u8]>| sum << 8 | u64::from(plane[at]);
                self.least.wrapping_add(planes.iter().rev().fold(0, put))
            }
        }
    }
}

/// Reads a frame of `count` codes or ids, which fit 32 bits.
pub(super) fn read_codes(reader: &mut Reader<'_>, count: usize) -> Decoded<Vec<u32>> {
    let least = reader.varint()?;
    let planes = reader.byte()?;
    let least = u32::try_from(least).map_err(|_| "a code exceeds 32 bits")?;
    if planes > 4 {
        return Err("a code exceeds 32 bits");
    }
    let mut values = vec![least; count];
    let mut plane = Vec::new();
    for number in 0..planes {
        read_section(reader, &mut plane)?;
        if plane.len() != count {
            return Err("a plane is not as long as its frame");
        }
        for (value, byte) in values.iter_mut().zip(&plane) {
            *value = value.wrapping_add(u32::from(*byte) << (8 * number));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_are_read_back(values in proptest::collection::vec(any::<u64>(), 0..300), shift in 0..64_u32) {
            let values: Vec<u64> = values.into_iter().map(|value| value >> shift).collect();
            let (mut out, mut plane) = (Vec::new(), Vec::new());
            put_ints(&mut out, &values, &mut plane);
            let mut reader = Reader(&out);
            prop_assert_eq!(read_ints(&mut reader, values.len()), Ok(values));
            prop_assert!(reader.0.is_empty());
        }

        #[test]
        fn codes_are_read_back(values in proptest::collection::vec(any::<u32>(), 0..300), shift in 0..32_u32) {
            let values: Vec<u32> = values.into_iter().map(|value| value >> shift).collect();
            let (mut out, mut plane) = (Vec::new(), Vec::new());
            put_ints(&mut out, &values, &mut plane);
            prop_assert_eq!(read_codes(&mut Reader(&out), values.len()), Ok(values));
        }

        #[test]
        fn varints_are_read_back(value in any::<i64>()) {
            let mut out = Vec::new();
            put_varint(&mut out, zigzag(value));
            prop_assert_eq!(Reader(&out).varint().map(unzigzag), Ok(value));
        }

        #[test]
        fn damage_is_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = read_ints(&mut Reader(&bytes), 10);
            let _ = read_codes(&mut Reader(&bytes), 10);
            let _ = read_section(&mut Reader(&bytes), &mut Vec::new());
        }
    }

    #[test]
    fn repetition_is_compressed_and_noise_is_not_enlarged_much() {
        let mut out = Vec::new();
        put_section(&mut out, &[7; 10_000], LEVEL);
        assert!(out.len() < 100);
        let noise: Vec<u8> = (0..10_000_u64).map(|at| (xxhash_rust::xxh3::xxh3_64(&at.to_le_bytes())) as u8).collect();
        out.clear();
        put_section(&mut out, &noise, LEVEL);
        assert!(out.len() <= noise.len() + 8);
        let mut back = Vec::new();
        assert_eq!(read_section(&mut Reader(&out), &mut back), Ok(()));
        assert_eq!(back, noise);
    }
}
