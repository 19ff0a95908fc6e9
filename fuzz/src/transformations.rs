//! Transformations: each alone on a value, and a chain of them.

use super::first_line;
use tidegate::waf::Kinds;
use tidegate::waf::transformations::{TRANSFORMATIONS, Transformation, by_name};

/// Those that find nothing more to do in what they made.
const IDEMPOTENT: &[&str] = &[
    "compressWhitespace",
    "lowercase",
    "none",
    "parityZero7bit",
    "removeNulls",
    "removeWhitespace",
    "replaceNulls",
    "trim",
    "trimLeft",
    "trimRight",
    "uppercase",
];

/// Encoders with decoders that undo them.
const PAIRS: &[(&str, &str)] = &[
    ("base64Encode", "base64Decode"),
    ("base64Encode", "base64DecodeExt"),
    ("hexEncode", "hexDecode"),
    ("urlEncode", "urlDecode"),
    ("urlEncode", "urlDecodeUni"),
];

/// Values of a chain don't grow beyond this, in bytes.
const LONGEST: usize = 1 << 16;

/// Each byte of the first line is a transformation of the chain, by its place in [`TRANSFORMATIONS`]; `0` is the first.
/// The rest is the value.
pub fn run(data: &[u8]) {
    let (chain, value) = first_line(data);
    for transformation in TRANSFORMATIONS {
        check(transformation, value);
    }
    for (encoder, decoder) in PAIRS {
        assert_eq!(applied(decoder, &applied(encoder, value)), value, "{encoder}");
    }
    let mut value = value.to_vec();
    for byte in chain.iter().take(16) {
        if value.len() > LONGEST {
            break;
        }
        let place = usize::from(byte.wrapping_sub(b'0'));
        value = check(&TRANSFORMATIONS[place % TRANSFORMATIONS.len()], &value);
    }
}

/// What a transformation makes of a value, once it is seen to be as documented.
fn check(transformation: &Transformation, value: &[u8]) -> Vec<u8> {
    let name = transformation.name;
    let mut made = b"left from before".to_vec();
    assert_eq!(transformation.rewrite(value, &mut made), made != value, "{name}");
    let mut out = b"left from before".to_vec();
    assert_eq!(transformation.apply(value, &mut out), made != value, "{name}");
    assert_eq!(out, made, "{name}");
    if made != value {
        assert!(transformation.may_change(value), "{name} changes what it may not");
        assert!(transformation.acts_on().is_none_or(|kinds| kinds.meet(Kinds::of(value))), "{name}");
    }
    assert!(made.len() <= 3 * value.len() + 64, "{name} grows");
    if IDEMPOTENT.contains(&name) {
        assert!(!transformation.rewrite(&made, &mut out), "{name} again");
    }
    made
}

fn applied(name: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    by_name(name).expect("it is known").apply(value, &mut out);
    out
}
