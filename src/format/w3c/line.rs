//! A line cut into its columns: by blanks, with strings in quotes where a quote is doubled, or by tabs.

use crate::model::RejectReason;
use bumpalo::Bump;
use memchr::memchr;

/// What stands between columns.
pub(super) const BLANK: u8 = b' ';
pub(super) const TAB: u8 = b'\t';

/// Cuts a line into `columns`, each as it is written; whether each is exactly one `separator` from the next.
/// `is_bracketed` tells columns that may hold blanks between brackets.
///
/// # Errors
/// [`RejectReason::TooFewFields`], and [`RejectReason::BadSyntax`] where there are more or a quote does not end.
pub(super) fn cut<'l>(
    line: &'l [u8],
    separator: u8,
    columns: &mut [&'l [u8]],
    is_bracketed: impl Fn(usize) -> bool,
) -> Result<bool, RejectReason> {
    let (mut rest, mut is_exact) = (line, true);
    let last = columns.len() - 1;
    for (at, column) in columns.iter_mut().enumerate() {
        while separator == BLANK
            && let Some(behind) = rest.strip_prefix(b" ")
        {
            (rest, is_exact) = (behind, false);
        }
        if rest.is_empty() && separator == BLANK {
            return Err(RejectReason::TooFewFields);
        }
        let end = match rest.first() {
            Some(b'"') if separator == BLANK => quote_end(rest)?,
            Some(b'[') if separator == BLANK && is_bracketed(at) => {
                memchr(b']', rest).map(|end| end + 1).ok_or(RejectReason::BadSyntax)?
            }
            _ => memchr(separator, rest).unwrap_or(rest.len()),
        };
        let behind;
        (*column, behind) = rest.split_at(end);
        rest = match behind.split_first() {
            None if at == last => behind,
            None => return Err(RejectReason::TooFewFields),
            Some((byte, behind)) if *byte == separator => {
                is_exact &= at < last;
                behind
            }
            Some(_) => return Err(RejectReason::BadSyntax),
        };
    }
    if rest.iter().all(|byte| *byte == separator) { Ok(is_exact) } else { Err(RejectReason::BadSyntax) }
}

/// Where a string that begins with a quote ends: behind a quote that is not doubled and has a blank or nothing behind it.
/// Old versions of ProxySG do not double the quotes that a header holds.
fn quote_end(text: &[u8]) -> Result<usize, RejectReason> {
    let mut at = 1;
    while let Some(quote) = memchr(b'"', &text[at..]).map(|found| at + found) {
        match text.get(quote + 1) {
            None | Some(&BLANK) => return Ok(quote + 1),
            Some(b'"') => at = quote + 2,
            Some(_) => at = quote + 1,
        }
    }
    Err(RejectReason::BadSyntax)
}

/// What a column says: without its quotes, empty for `-`.
pub(super) fn value<'l>(column: &'l [u8], arena: &'l Bump) -> &'l [u8] {
    let text = match column {
        [b'"', inside @ .., b'"'] => inside,
        _ => column,
    };
    if text == b"-" {
        return b"";
    }
    if text.len() == column.len() || memchr::memmem::find(text, b"\"\"").is_none() {
        return text;
    }
    let mut single = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        single.push(*byte);
        if *byte == b'"' && bytes.as_slice().first() == Some(&b'"') {
            bytes.next();
        }
    }
    arena.alloc_slice_copy(&single)
}

/// Writes a column: `-` where it is empty, between blanks in quotes where it has to be.
pub(super) fn write(text: &[u8], separator: u8, out: &mut Vec<u8>) {
    if text.is_empty() {
        out.push(b'-');
    } else if separator == BLANK && (memchr(BLANK, text).is_some() || text[0] == b'"') {
        out.push(b'"');
        for byte in text {
            out.extend_from_slice(if *byte == b'"' { b"\"\"" } else { std::slice::from_ref(byte) });
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(text);
    }
}
