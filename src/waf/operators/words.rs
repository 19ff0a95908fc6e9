//! `containsWord`: the argument is in the value with no ASCII letter beside it.

use std::ops::Range;

use memchr::memmem;

/// `containsWord`. Digits and underscores bound words, as in libmodsecurity.
pub fn contains_word(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    if argument.is_empty() {
        return Some(0..0);
    }
    let finder = memmem::Finder::new(argument);
    let mut from = 0;
    while let Some(start) = finder.find(value.get(from..)?).map(|found| from + found) {
        let end = start + argument.len();
        let letter_before = start > 0 && value[start - 1].is_ascii_alphabetic();
        let letter_after = value.get(end).is_some_and(u8::is_ascii_alphabetic);
        if !letter_before && !letter_after {
            return Some(start..end);
        }
        from = start + 1;
    }
    None
}
