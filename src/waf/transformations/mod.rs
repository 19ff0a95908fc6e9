//! Transformations: how a value is rewritten before an operator looks at it. One value in, one value out; which of
//! them run, and in what order, is a rule's business.
//!
//! Source: the ModSecurity reference manual (v3), "Transformation functions", and byte for byte what libmodsecurity
//! 3.0.9 does where the two differ. [`TRANSFORMATIONS`](crate::waf::transformations::TRANSFORMATIONS) also holds ours, which SecLang doesn't know; their comments
//! say so.

mod base64;
mod case;
mod command_line;
mod comments;
mod css;
mod digest;
mod escapes;
mod hexadecimal;
mod html;
mod javascript;
mod nulls;
mod overlong;
mod parity;
mod path;
mod scan;
mod sql;
mod unicode;
mod url;
mod whitespace;

#[cfg(test)]
mod tests;

use super::Kinds;

/// One way of rewriting a value.
#[derive(Clone, Copy)]
pub struct Transformation {
    /// As SecLang spells it, without `t:`.
    pub name: &'static str,
    rewrite: fn(&[u8], &mut Vec<u8>),
    may_change: fn(&[u8]) -> bool,
    acts_on: Option<Kinds>,
}

impl std::fmt::Debug for Transformation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "t:{}", self.name)
    }
}

impl PartialEq for Transformation {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Transformation {}

impl Transformation {
    /// Puts the transformed value in `out`, in place of what was there, and says whether it differs from `value`. Takes
    /// time in proportion to the value; allocates only to let `out` grow.
    pub fn apply(&self, value: &[u8], out: &mut Vec<u8>) -> bool {
        if !self.may_change(value) {
            out.clear();
            out.extend_from_slice(value);
            return false;
        }
        self.rewrite(value, out)
    }

    /// As [`apply`](Self::apply), for those who have asked [`may_change`](Self::may_change) already.
    pub fn rewrite(&self, value: &[u8], out: &mut Vec<u8>) -> bool {
        out.clear();
        (self.rewrite)(value, out);
        out != value
    }

    /// Whether [`apply`](Self::apply) could change the value: a cheap look for the bytes it acts on. `false` is
    /// certain, `true` is not.
    pub fn may_change(&self, value: &[u8]) -> bool {
        (self.may_change)(value)
    }

    /// The kinds of bytes without which a value stays as it is; nothing of those that change any value.
    pub fn acts_on(&self) -> Option<Kinds> {
        self.acts_on
    }

    const fn in_upper_case(self) -> Self {
        match self.acts_on {
            Some(kinds) => Transformation { acts_on: Some(kinds.and(Kinds::UPPER_CASE)), ..self },
            None => self,
        }
    }

    const fn on(self, bytes: &[u8]) -> Self {
        Transformation { acts_on: Some(Kinds::of(bytes)), ..self }
    }
}

/// Every transformation, by name in ASCII order of the lowercased names.
pub const TRANSFORMATIONS: &[Transformation] = &[
    of("base64Decode", base64::decode, always),
    of("base64DecodeExt", base64::decode_leniently, always),
    of("base64Encode", base64::encode, always),
    of("cmdLine", command_line::normalise, command_line::may_change).on(b"\"'\\^ \t,;/(").in_upper_case(),
    of("compressWhitespace", whitespace::compress, whitespace::may_compress).on(b" \t"),
    of("cssDecode", css::decode, css::may_change).on(b"\\\0"),
    of("escapeSeqDecode", escapes::decode, escapes::may_change).on(b"\\"),
    of("hexDecode", hexadecimal::decode, always),
    of("hexEncode", hexadecimal::encode, always),
    of("htmlEntityDecode", html::decode, html::may_change).on(b"&"),
    of("jsDecode", javascript::decode, escapes::may_change).on(b"\\"),
    of("length", length, always),
    of("lowercase", case::lower, case::has_upper).on(b"").in_upper_case(),
    of("md5", digest::md5, always),
    of("none", copy, never).on(b""),
    of("normalisePath", path::normalise, path::may_change).on(b"/."),
    of("normalisePathWin", path::normalise_windows, path::may_change_windows).on(b"/.\\"),
    of("normalizePath", path::normalise, path::may_change).on(b"/."),
    of("normalizePathWin", path::normalise_windows, path::may_change_windows).on(b"/.\\"),
    of("overlongUtf8Decode", overlong::decode, overlong::may_change).on(b"\xff"),
    of("parityEven7bit", parity::even, always),
    of("parityOdd7bit", parity::odd, always),
    of("parityZero7bit", parity::zero, parity::has_high_bit).on(b"\xff"),
    of("removeComments", comments::remove, comments::may_remove).on(b"/*-#<!>"),
    of("removeCommentsChar", comments::remove_signs, comments::may_remove_signs).on(b"/*-#<!>"),
    of("removeNulls", nulls::remove, nulls::may_change).on(b"\0"),
    of("removeWhitespace", whitespace::remove, whitespace::may_remove).on(b" \t\xff"),
    of("replaceComments", comments::replace, comments::may_replace).on(b"/*"),
    of("replaceNulls", nulls::replace, nulls::may_change).on(b"\0"),
    of("sha1", digest::sha1, always),
    of("sqlHexDecode", sql::decode, always),
    of("trim", whitespace::trim, whitespace::may_trim).on(b" \t"),
    of("trimLeft", whitespace::trim_left, whitespace::may_trim_left).on(b" \t"),
    of("trimRight", whitespace::trim_right, whitespace::may_trim_right).on(b" \t"),
    of("uppercase", case::upper, case::has_lower),
    of("urlDecode", url::decode, url::may_decode).on(b"%+"),
    of("urlDecodeUni", url::decode_unicode, url::may_decode).on(b"%+"),
    of("urlEncode", url::encode, url::may_encode),
    of("utf8toUnicode", unicode::encode, unicode::may_change).on(b"\xff\0"),
];

/// The transformation of that name; case doesn't count.
pub fn by_name(name: &str) -> Option<&'static Transformation> {
    TRANSFORMATIONS.iter().find(|transformation| transformation.name.eq_ignore_ascii_case(name))
}

const fn of(name: &'static str, rewrite: fn(&[u8], &mut Vec<u8>), may_change: fn(&[u8]) -> bool) -> Transformation {
    Transformation { name, rewrite, may_change, acts_on: None }
}

fn always(_: &[u8]) -> bool {
    true
}

fn never(_: &[u8]) -> bool {
    false
}

/// `none`. In a rule's list it also forgets the transformations before it, which is the list's matter.
fn copy(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
}

/// `length`: how many bytes there are, in decimal.
fn length(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value.len().to_string().as_bytes());
}
