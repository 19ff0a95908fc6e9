//! Where columns begin and end, though nothing is escaped.
//!
//! Separated by tabs or quotes, a line with more values than columns has the rest in the User-Agent, or else in the URL:
//! where method, size and status fall into place. Separated by blanks, reason, category and User-Agent hold blanks of
//! their own: the method with size and weight behind it ends the first, group and status the second, and the last is
//! what stands before the four values at the end.

use super::columns::{Column, Layout, number, unix_time};
use crate::model::RejectReason;
use bumpalo::Bump;
use bumpalo::collections::Vec;
use memchr::memmem;

/// The values of a line, one per column.
pub(super) fn split<'line>(
    layout: &Layout,
    line: &'line [u8],
    arena: &'line Bump,
) -> Result<Vec<'line, &'line [u8]>, RejectReason> {
    if layout.between == " " {
        return native(line, arena);
    }
    let open = layout.open.as_bytes();
    let line = line.strip_prefix(open).and_then(|line| line.strip_suffix(open)).ok_or(RejectReason::BadSyntax)?;
    let between = layout.between.as_bytes();
    let mut starts = Vec::with_capacity_in(layout.columns.len() + 1, arena);
    starts.push(0);
    starts.extend(memmem::find_iter(line, between).map(|at| at + between.len()));
    let columns = layout.columns.len();
    if starts.len() < columns {
        return Err(RejectReason::TooFewFields);
    }
    let more = starts.len() - columns;
    [Column::Agent, Column::Url]
        .into_iter()
        .map(|wide| {
            let wide = layout.place(wide);
            // The value of a column: from its start up to the separator before the next one's.
            let start = |column: usize| starts.get(if column > wide { column + more } else { column });
            let end = |column: usize| start(column + 1).map_or(line.len(), |next| next - between.len());
            let value = |column: usize| start(column).map_or(&b""[..], |start| &line[*start..end(column)]);
            Vec::from_iter_in((0..columns).map(value), arena)
        })
        .find(|values| is_in_place(layout, values))
        .ok_or(RejectReason::BadSyntax)
}

/// Whether method, size and status are what they should be.
fn is_in_place(layout: &Layout, values: &[&[u8]]) -> bool {
    let value = |column| values.get(layout.place(column)).copied().unwrap_or_default();
    is_method(value(Column::Method))
        && number(value(Column::Bytes)).is_some()
        && number(value(Column::Status)).is_some()
}

fn is_method(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
}

/// `date time [stamp] user client url what… METHOD bytes weight category… group status mime name group agent… 4 values`.
fn native<'line>(line: &'line [u8], arena: &'line Bump) -> Result<Vec<'line, &'line [u8]>, RejectReason> {
    let mut words = Vec::new_in(arena);
    let mut start = 0;
    for end in memchr::memchr_iter(b' ', line).chain([line.len()]) {
        words.push((start, end));
        start = end + 1;
    }
    let word = |at: usize| words.get(at).map_or(&b""[..], |(start, end)| &line[*start..*end]);
    // The words from one up to another, with the blanks between them.
    let span = |from: usize, to: usize| if from < to { &line[words[from].0..words[to - 1].1] } else { &b""[..] };
    // A name may hold blanks: it ends before an address that a URL follows.
    let is_target = |at: &usize| {
        let is_address = std::str::from_utf8(word(*at)).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok());
        is_address && memmem::find(word(at + 1), b"://").is_some()
    };
    let stamped = usize::from(unix_time(word(2)).is_some());
    let user = 2 + stamped;
    let client = (user + 1..words.len()).find(is_target).unwrap_or(user + 1);
    let what = client + 2;
    let method = (what + 1..words.len())
        .find(|at| {
            let weight = word(at + 2);
            is_method(word(*at))
                && number(word(at + 1)).is_some()
                && number(weight.strip_prefix(b"-").unwrap_or(weight)).is_some()
        })
        .ok_or(RejectReason::TooFewFields)?;
    let category = method + 3;
    let group = (category + 1..words.len())
        .find(|at| number(word(*at)).is_some() && word(at + 1).len() == 3 && number(word(at + 1)).is_some())
        .ok_or(RejectReason::TooFewFields)?;
    let agent = group + 5;
    let tail = words.len().checked_sub(4).filter(|tail| *tail > agent).ok_or(RejectReason::TooFewFields)?;
    let mut values = Vec::with_capacity_in(19, arena);
    values.extend([
        span(0, user),
        span(user, client),
        word(client),
        word(client + 1),
        span(what, method),
        word(method),
        word(method + 1),
        word(method + 2),
        span(category, group),
    ]);
    values.extend((group..agent).map(word));
    values.push(span(agent, tail));
    values.extend((tail..words.len()).map(word));
    Ok(values)
}
