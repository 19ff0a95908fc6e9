//! Bit packing: of integers that are mostly small, the low bits side by side, frame by frame, each as wide as most of
//! the frame need; of the few that need more, the rest apart. Not for texts or times in order: see
//! [`super::codec`]. Source: Zukowski, Héman, Nes and Boncz, "Super-Scalar RAM-CPU Cache Compression" (ICDE 2006),
//! there "patched frame of reference". Layout: docs/STORAGE.md.

use super::codec::{Decoded, Reader, put_varint};

/// Integers of a frame; the last of a column may have fewer.
const FRAME: usize = 128;
/// Bits packed of an integer at most.
const MAX_WIDTH: usize = 32;
/// What is read beyond a frame's bits.
const SLACK: usize = 8;

/// Appends `values`: per frame a byte of width, then the low bits of all, then what exceeds them.
pub(super) fn put_bits(out: &mut Vec<u8>, values: &[u64]) {
    let start = out.len();
    out.resize(start + values.len().div_ceil(FRAME), 0);
    let (mut exceeding, mut before) = (Vec::new(), 0);
    for (number, frame) in values.chunks(FRAME).enumerate() {
        let width = best_width(frame);
        out[start + number] = width as u8;
        let mask = (1 << width) - 1;
        let (mut word, mut filled) = (0_u64, 0);
        for (at, value) in frame.iter().enumerate() {
            word |= (value & mask) << filled;
            filled += width;
            if filled >= 32 {
                out.extend_from_slice(&(word as u32).to_le_bytes());
                (word, filled) = (word >> 32, filled - 32);
            }
            if value >> width > 0 {
                let index = number * FRAME + at;
                put_varint(&mut exceeding, (index - before) as u64);
                put_varint(&mut exceeding, value >> width);
                before = index;
            }
        }
        out.extend_from_slice(&word.to_le_bytes()[..filled.div_ceil(8)]);
    }
    out.extend_from_slice(&exceeding);
}

/// The width by which a frame takes the fewest bytes.
fn best_width(frame: &[u64]) -> usize {
    let mut of_length = [0_usize; 65];
    frame.iter().for_each(|value| of_length[64 - value.leading_zeros() as usize] += 1);
    let most = of_length.iter().rposition(|count| *count > 0).unwrap_or(0);
    let (mut best, mut least) = (most.min(MAX_WIDTH), usize::MAX);
    for width in (0..=most.min(MAX_WIDTH)).rev() {
        // One byte for how far it is from the one before, seven bits a byte of what exceeds.
        let longer = (width + 1..=most).map(|length| of_length[length] * (1 + (length - width).div_ceil(7)));
        let bytes = packed_bytes(width, frame.len()) + longer.sum::<usize>();
        if bytes < least {
            (best, least) = (width, bytes);
        }
    }
    best
}

fn packed_bytes(width: usize, values: usize) -> usize {
    (width * values).div_ceil(8)
}

/// Fills `values` with as many as were written, but for frames without any that is wanted, which hold whatever then.
/// `wanted` rise.
pub(super) fn read_bits_at(stored: &[u8], wanted: &[u32], values: &mut [u64]) -> Decoded<()> {
    let mut next = wanted.iter().map(|index| *index as usize / FRAME).peekable();
    read_frames(stored, values, |number| {
        while next.next_if(|next| *next < number).is_some() {}
        next.peek() == Some(&number)
    })
}

/// Fills `values` with as many as were written.
pub(super) fn read_bits(stored: &[u8], values: &mut [u64]) -> Decoded<()> {
    read_frames(stored, values, |_| true)
}

fn read_frames(stored: &[u8], values: &mut [u64], mut is_wanted: impl FnMut(usize) -> bool) -> Decoded<()> {
    const TOO_FEW: &str = "packed integers are too short";
    let (widths, mut packed) = stored.split_at_checked(values.len().div_ceil(FRAME)).ok_or(TOO_FEW)?;
    for (number, (width, frame)) in widths.iter().zip(values.chunks_mut(FRAME)).enumerate() {
        let width = usize::from(*width);
        let bytes = packed_bytes(width, frame.len());
        let mine = packed.get(..bytes).ok_or(TOO_FEW)?;
        match <&mut [u64; FRAME]>::try_from(&mut *frame) {
            _ if !is_wanted(number) => {}
            Ok(frame) if packed.len() >= bytes + SLACK => unpack(width, packed, frame)?,
            _ => {
                let (mut bits, mut whole) = ([0; MAX_WIDTH * FRAME / 8 + SLACK], [0; FRAME]);
                bits.get_mut(..bytes).ok_or(TOO_WIDE)?.copy_from_slice(mine);
                unpack(width, &bits, &mut whole)?;
                frame.copy_from_slice(&whole[..frame.len()]);
            }
        }
        packed = &packed[bytes..];
    }
    let (mut exceeding, mut index) = (Reader(packed), 0_usize);
    while !exceeding.0.is_empty() {
        index = index.saturating_add(exceeding.varint()? as usize);
        let value = values.get_mut(index).ok_or("packed integers have one too many")?;
        *value |= exceeding.varint()?.wrapping_shl(u32::from(widths[index / FRAME]));
    }
    Ok(())
}

const TOO_WIDE: &str = "packed integers are too wide";

/// Takes apart a frame of that width, of which `bits` has more than there are.
fn unpack(width: usize, bits: &[u8], frame: &mut [u64; FRAME]) -> Decoded<()> {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match width {
                $($width => unpack_width::<$width>(bits, frame),)*
                _ => return Err(TOO_WIDE),
            }
        };
    }
    by_width!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
    Ok(())
}

/// Eight integers take as many bytes as one has bits, so that each of the eight is always at the same place.
fn unpack_width<const WIDTH: usize>(bits: &[u8], frame: &mut [u64; FRAME]) {
    for (number, eight) in frame.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let bits = &bits[number * WIDTH..][..WIDTH + SLACK];
        for (at, value) in eight.iter_mut().enumerate() {
            let first = at * WIDTH;
            let mut word = [0; 8];
            word.copy_from_slice(&bits[first / 8..first / 8 + 8]);
            *value = u64::from_le_bytes(word) >> (first % 8) & ((1 << WIDTH) - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_read_back(values: &[u64]) {
        let mut stored = vec![7];
        put_bits(&mut stored, values);
        let mut back = vec![u64::MAX; values.len()];
        assert_eq!(read_bits(&stored[1..], &mut back), Ok(()));
        assert_eq!(back, values);
        let wanted: Vec<u32> = (0..values.len() as u32).filter(|at| at % 200 == 130).collect();
        back.fill(0);
        assert_eq!(read_bits_at(&stored[1..], &wanted, &mut back), Ok(()));
        assert!(wanted.iter().all(|at| back[*at as usize] == values[*at as usize]));
    }

    #[test]
    fn every_width_and_every_length_of_the_last_frame_is_read_back() {
        for width in 0..=64_u32 {
            let mask = u64::MAX.checked_shr(64 - width).unwrap_or(0);
            for count in [0, 1, 7, 8, 9, 127, 128, 129, 255, 256, 300] {
                is_read_back(&(0..count).map(|at| xxhash_rust::xxh3::xxh3_64(&[at as u8]) & mask).collect::<Vec<_>>());
                is_read_back(&vec![mask; count]);
            }
        }
    }

    #[test]
    fn a_few_large_ones_do_not_make_all_wide() {
        let mut values = vec![3; 128];
        values[5] = u64::MAX;
        values[127] = 1000;
        let mut stored = Vec::new();
        put_bits(&mut stored, &values);
        assert!(stored.len() < 50, "{}", stored.len());
        is_read_back(&values);
    }

    proptest! {
        #[test]
        fn integers_are_read_back(
            values in proptest::collection::vec((any::<u64>(), 0..64_u32), 0..600),
        ) {
            is_read_back(&values.into_iter().map(|(value, shift)| value >> shift).collect::<Vec<_>>());
        }

        #[test]
        fn damage_is_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), count in 0..400_usize) {
            let _ = read_bits(&bytes, &mut vec![0; count]);
        }
    }
}
