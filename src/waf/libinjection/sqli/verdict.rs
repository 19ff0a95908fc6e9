//! Whether folded tokens are an injection: their fingerprint is known, and they are not one of the harmless values that
//! share it.

use memchr::memmem;

use super::fold::Folded;
use super::token::{Kind, Token};
use super::{Fingerprint, words};

/// The fingerprint of an injection.
pub(super) fn injection(value: &[u8], folded: &Folded<'_>) -> Option<Fingerprint> {
    let tokens = folded.tokens();
    // What databases read differently makes all of it unreadable.
    if tokens.iter().any(|token| token.kind == Kind::Evil) {
        return Some(Fingerprint::of([Kind::Evil].into_iter()));
    }
    let fingerprint = Fingerprint::of(tokens.iter().map(|token| token.kind));
    (words::is_known(&fingerprint) && !is_harmless(value, tokens, folded.tokens_read)).then_some(fingerprint)
}

fn is_harmless(value: &[u8], tokens: &[Token<'_>], read: usize) -> bool {
    // SQL Server keeps statements with this word out of its audit log.
    if tokens.len() > 1
        && tokens.last().is_some_and(|last| last.kind == Kind::Comment)
        && memmem::find(value, b"sp_password").is_some()
    {
        return false;
    }
    match tokens {
        [first, second] => two_are_harmless(value, first, second, read),
        [first, second, third] => three_are_harmless(first, second, third, read),
        _ => false,
    }
}

fn two_are_harmless(value: &[u8], first: &Token<'_>, second: &Token<'_>, read: usize) -> bool {
    let comment = second.text;
    match (first.kind, second.kind) {
        // "1 union" alone says little; with something folded away it does.
        (_, Kind::Union) => read == 2,
        _ if comment.starts_with(b"#") => true,
        // Text before "--".
        (Kind::Bareword, Kind::Comment) => !comment.starts_with(b"/"),
        // "1234-ABC--" looks like Base64: the number has to end where the comment or white space starts.
        (Kind::Number, Kind::Comment) if !comment.starts_with(b"/") => {
            read <= 2 && !number_ends_before_comment(value.get(first.text.len()..).unwrap_or_default())
        }
        (Kind::Number, Kind::Comment) => false,
        // "1--" at the end is a probe, "1-- text" is text.
        _ => comment.len() > 2 && comment.starts_with(b"-"),
    }
}

/// What stands behind as many bytes as the number has. Bytes from 128 on count as white space.
fn number_ends_before_comment(behind: &[u8]) -> bool {
    match behind {
        [] | [0..=b' ' | 128.., ..] => true,
        _ => behind.starts_with(b"/*") || behind.starts_with(b"--"),
    }
}

fn three_are_harmless(first: &Token<'_>, second: &Token<'_>, third: &Token<'_>, read: usize) -> bool {
    match (first.kind, second.kind, third.kind) {
        // Only `…foo" + "bar…` is not: no quote at the start, none at the end, the same between.
        (Kind::String, Kind::Operator | Kind::LogicOperator, Kind::String) => {
            !(first.opened_by.is_none() && third.closed_by.is_none() && first.closed_by == third.opened_by)
        }
        // "sexy and 17" is text, "sexy and 17<18" is not.
        (Kind::String, Kind::LogicOperator, Kind::Bareword)
        | (Kind::Bareword, Kind::LogicOperator, Kind::Number)
        | (Kind::Number, Kind::LogicOperator, Kind::Number | Kind::Variable | Kind::String) => read == 3,
        // Only INTO OUTFILE and INTO DUMPFILE are not.
        (_, Kind::Keyword, _) => !second.text.get(..5).is_some_and(|text| text[..4].eq_ignore_ascii_case(b"INTO")),
        _ => false,
    }
}
