use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{TRANSFORMATIONS, by_name};
use crate::waf::Kinds;

fn apply(name: &str, value: &[u8]) -> Vec<u8> {
    let mut out = b"left from before".to_vec();
    let changed = by_name(name).unwrap().apply(value, &mut out);
    assert_eq!(changed, out != value, "{name}");
    out
}

/// Checked against libmodsecurity 3.0.9, but for `overlongUtf8Decode`.
#[test]
fn each_transformation_rewrites_as_it_should() {
    let table: &[(&str, &[u8], &[u8])] = &[
        ("base64Decode", b"dGlkZWdhdGU=", b"tidegate"),
        ("base64Decode", b"dGlk\r\nZWdh\n", b"tidega"),
        ("base64Decode", b"dGlkZW", b"tid"),
        ("base64Decode", b"dGlk ZWdh", b""),
        ("base64Decode", b"dGl-", b""),
        ("base64Decode", b"dGlk\0!", b"tid"),
        ("base64Decode", b"dG=k", b""),
        ("base64DecodeExt", b"d-G l!k", b"tid"),
        ("base64DecodeExt", b"dGlkZ", b"tid"),
        ("base64DecodeExt", b"dGlk9", b""),
        ("base64DecodeExt", b"dGlkZ=", b""),
        ("base64Encode", b"tide\xff", b"dGlkZf8="),
        ("cmdLine", b"C^at  ,; /etc/\"Pass\"'wd' ( A\\B", b"cat/etc/passwd( ab"),
        ("compressWhitespace", b" a\t\n\x0b b\xa0c ", b" a b\xa0c "),
        ("cssDecode", b"ja\\0076  ascript\\:\\\nx\\ff1cy\\00ff1cz\\", b"jav ascript:x<y<z"),
        ("cssDecode", b"\\9 a\\10041 b\\0z", b"\taAb"),
        ("escapeSeqDecode", b"\\x41\\101\\n\\q\\xzz\\777\\", b"AA\nqxzz\xff\\"),
        ("hexDecode", b"7469646561", b"tidea"),
        ("hexDecode", b"74g", b"t"),
        ("hexEncode", b"\x00\xfft", b"00ff74"),
        ("htmlEntityDecode", b"&lt;&#x61;&#98&QUOT;&nbsp;&bogus;&#;&#x;&", b"<ab\"\xa0&bogus;&#;&#x;&"),
        ("htmlEntityDecode", b"&#99999999999999999999;", b"\xff"),
        ("jsDecode", b"\\u0061\\uff1c\\x62\\143\\471\\v\\'\\", b"a<bc'1\x0b'\\"),
        ("length", b"seven b", b"7"),
        ("lowercase", b"ABC\xc4z", b"abc\xc4z"),
        ("none", b"A", b"A"),
        ("normalisePath", b"/a/./b//../c/", b"/a/c/"),
        ("normalisePath", b"/../../etc/passwd", b"/etc/passwd"),
        ("normalisePath", b"../../a/./../b", b"../../b"),
        ("normalisePath", b"../a/../../b", b"b"),
        ("normalisePath", b"/a../b", b"/b"),
        ("normalisePath", b"/a/..", b""),
        ("normalisePath", b"/a/../", b"/"),
        ("normalisePathWin", b"C:\\a\\..\\b", b"C:/b"),
        ("normalizePathWin", b"a/\\\\b", b"a\\b"),
        ("normalizePath", b"a/b/..", b"a"),
        ("overlongUtf8Decode", b"\xc0\xaf\xc1\x81\xe0\x80\xae\xe0\x81\x81\xf0\x80\x80\xbc", b"/A.A<"),
        (
            "overlongUtf8Decode",
            b"\xc0a\xe0\x82\x80\xc2\xaf\xf0\x90\x80\x80",
            b"\xc0a\xe0\x82\x80\xc2\xaf\xf0\x90\x80\x80",
        ),
        ("parityEven7bit", b"a\xe1", b"\xe1a"),
        ("parityOdd7bit", b"a\xe1", b"a\xe1"),
        ("parityZero7bit", b"a\xe1", b"aa"),
        ("removeComments", b"a/*x*/bc<!--y-->de--f", b"abcde"),
        ("removeComments", b"a/**/", b"a\0"),
        ("removeComments", b"a/*x", b"a "),
        ("removeComments", b"a#b", b"a"),
        ("removeCommentsChar", b"a/*x*/<!--y-->--#", b"axy"),
        ("removeNulls", b"\0a\0b", b"ab"),
        ("removeWhitespace", b" a\xc2\xa0b\tc", b"abc"),
        ("replaceComments", b"a/*x*/b/*y", b"a b "),
        ("replaceComments", b"a*/b", b"a*/b"),
        ("replaceNulls", b"\0a", b" a"),
        ("sqlHexDecode", b"0x414243 ", b"ABC "),
        ("sqlHexDecode", b"a=0x61bz", b"a=ab"),
        ("sqlHexDecode", b"0xzz0", b"0xzz"),
        ("trim", b"\t a b\x0b\n", b"a b"),
        ("trimLeft", b" a ", b"a "),
        ("trimRight", b" a ", b" a"),
        ("uppercase", b"abc\xe4Z", b"ABC\xe4Z"),
        ("urlDecode", b"%41+%4%u0041%", b"A %4%u0041%"),
        ("urlDecodeUni", b"%41+%u0042%uff1C%u12%zz%", b"A B<%u12%zz%"),
        ("urlEncode", b"a b*/\xff", b"a+b*%2f%ff"),
        ("utf8toUnicode", "a\0é€😀".as_bytes(), b"a%u00e9%u20ac%u1f600"),
        ("utf8toUnicode", b"\x80\xc0\xaf\xed\xa0\x80\xe2a\xf5", b"\x80%u002f\xc0%ud800\xeda\xf5"),
    ];
    for (name, value, expected) in table {
        let out = apply(name, value);
        assert_eq!(
            out,
            *expected,
            "{name} {:?}: {:?}",
            value.escape_ascii().to_string(),
            out.escape_ascii().to_string()
        );
    }
    let tested: BTreeSet<_> = table.iter().map(|(name, ..)| *name).chain(["md5", "sha1"]).collect();
    assert_eq!(tested, TRANSFORMATIONS.iter().map(|transformation| transformation.name).collect());
}

#[test]
fn digests_are_the_standards() {
    let digest = |name| String::from_utf8(apply("hexEncode", &apply(name, b"abc"))).unwrap();
    assert_eq!(digest("md5"), "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(digest("sha1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

#[test]
fn names_are_found_whatever_their_case() {
    assert_eq!(by_name("URLDECODEUNI").map(|found| found.name), Some("urlDecodeUni"));
    assert!(by_name("urlDecodeUnicode").is_none());
    let names: Vec<_> = TRANSFORMATIONS.iter().map(|transformation| transformation.name.to_lowercase()).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

/// Strings of what the transformations act on.
fn values() -> impl Strategy<Value = Vec<u8>> {
    let signs = prop::sample::select(b"%uU0xX4a1fF\\&#;/.*<!->+= \t\n\0\"'^,(\xc0\xaf\xe0\x80\xa0Zz".to_vec());
    prop::collection::vec(prop_oneof![5 => signs, 1 => any::<u8>()], 0..40)
}

proptest! {
    #[test]
    fn what_may_not_change_does_not(value in values()) {
        for transformation in TRANSFORMATIONS {
            let mut out = Vec::new();
            (transformation.rewrite)(&value, &mut out);
            prop_assert!(transformation.may_change(&value) || out == value, "{}", transformation.name);
            let acts = transformation.acts_on().is_none_or(|kinds| kinds.meet(Kinds::of(&value)));
            prop_assert!(acts || out == value, "{}", transformation.name);
            prop_assert!(out.len() <= 3 * value.len() + 64, "{} grows", transformation.name);
        }
    }

    #[test]
    fn encoders_are_undone_by_their_decoders(value in values()) {
        for (encoder, decoder) in [
            ("base64Encode", "base64Decode"),
            ("base64Encode", "base64DecodeExt"),
            ("hexEncode", "hexDecode"),
            ("urlEncode", "urlDecode"),
        ] {
            prop_assert_eq!(apply(decoder, &apply(encoder, &value)), value.clone(), "{}", encoder);
        }
    }

    #[test]
    fn a_normal_path_has_nothing_left_to_normalise(segments in prop::collection::vec("[a-z]{1,3}|\\.|\\.\\.|", 0..8)) {
        let path = apply("normalisePath", format!("/{}", segments.join("/")).as_bytes());
        let left: Vec<_> = path.split(|byte| *byte == b'/').skip(1).collect();
        let mut kept = Vec::new();
        for segment in segments {
            match segment.as_str() {
                "" | "." => {}
                ".." => { kept.pop(); }
                _ => kept.push(segment.into_bytes()),
            }
        }
        prop_assert_eq!(left.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>(), kept);
    }
}
