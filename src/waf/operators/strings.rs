//! `beginsWith`, `contains`, `endsWith`, `streq`, `strmatch`, `within`: byte strings, case-sensitive. `strmatch` is
//! `contains`.

use std::ops::Range;

use memchr::memmem;

/// `beginsWith`: the value starts with the argument.
pub fn begins_with(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    value.starts_with(argument).then_some(0..argument.len())
}

/// `contains`: the argument is somewhere in the value.
pub fn contains(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    memmem::find(value, argument).map(|start| start..start + argument.len())
}

/// `endsWith`: the value ends in the argument.
pub fn ends_with(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    value.ends_with(argument).then(|| value.len() - argument.len()..value.len())
}

/// `streq`: the value is the argument.
pub fn equals(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    (value == argument).then_some(0..value.len())
}

/// `within`: the value is somewhere in the argument; the empty value always is.
pub fn within(argument: &[u8], value: &[u8]) -> Option<Range<usize>> {
    memmem::find(argument, value).map(|_| 0..value.len())
}
