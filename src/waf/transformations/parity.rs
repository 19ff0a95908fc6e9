//! Seven-bit data with a parity bit: `parityEven7bit`, `parityOdd7bit`, `parityZero7bit`. Which of a byte's eight bits
//! count for the parity is as in libmodsecurity: all of them, also the one that is set anew.

/// `parityEven7bit`.
pub fn even(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(|byte| with_high_bit(*byte, byte.count_ones() % 2 == 1)));
}

/// `parityOdd7bit`.
pub fn odd(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(|byte| with_high_bit(*byte, byte.count_ones() % 2 == 0)));
}

/// `parityZero7bit`.
pub fn zero(value: &[u8], out: &mut Vec<u8>) {
    out.extend(value.iter().map(|byte| with_high_bit(*byte, false)));
}

fn with_high_bit(byte: u8, set: bool) -> u8 {
    byte & 0x7f | if set { 0x80 } else { 0 }
}

/// Whether `parityZero7bit` changes the value.
pub fn has_high_bit(value: &[u8]) -> bool {
    !value.is_ascii()
}
