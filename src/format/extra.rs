//! The values that a line holds beyond an event's fields, as one text: in the order of the line, 0x1F between them.
//! A usual value is left out, and so are separators at the end: of a line with nothing unusual nothing is kept.

use bumpalo::Bump;

const SEPARATOR: u8 = 0x1F;

/// Writes values.
pub(super) struct ExtraWriter<'arena> {
    text: bumpalo::collections::Vec<'arena, u8>,
    /// Separators that only a value behind them would need.
    owed: usize,
}

impl<'arena> ExtraWriter<'arena> {
    /// Nothing yet.
    pub fn new(arena: &'arena Bump) -> Self {
        ExtraWriter { text: bumpalo::collections::Vec::new_in(arena), owed: 0 }
    }

    /// Adds a value, left out where it is the usual one.
    pub fn add(&mut self, value: &[u8], usual: &[u8]) {
        if value != usual {
            self.text.extend(std::iter::repeat_n(SEPARATOR, self.owed));
            self.owed = 0;
            self.text.extend_from_slice(value);
        }
        self.owed += 1;
    }

    /// What was written.
    pub fn finish(self) -> &'arena [u8] {
        self.text.into_bump_slice()
    }
}

/// Reads values in the order they were written in.
pub(super) struct ExtraReader<'extra>(&'extra [u8]);

impl<'extra> ExtraReader<'extra> {
    /// From the first.
    pub fn new(extra: &'extra [u8]) -> Self {
        ExtraReader(extra)
    }

    /// The next value.
    pub fn next(&mut self, usual: &'extra [u8]) -> &'extra [u8] {
        let end = memchr::memchr(SEPARATOR, self.0).unwrap_or(self.0.len());
        let value = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        if value.is_empty() { usual } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_usual_ones_take_no_room() {
        let arena = Bump::new();
        for (values, written) in [
            (["-", "-", "1"], ""),
            (["a", "-", "1"], "a"),
            (["-", "b", "1"], "\x1fb"),
            (["-", "-", "2"], "\x1f\x1f2"),
            (["a", "b", "2"], "a\x1fb\x1f2"),
        ] {
            let usual = ["-", "-", "1"];
            let mut writer = ExtraWriter::new(&arena);
            for (value, usual) in values.iter().zip(usual) {
                writer.add(value.as_bytes(), usual.as_bytes());
            }
            let extra = writer.finish();
            assert_eq!(extra, written.as_bytes());
            let mut reader = ExtraReader::new(extra);
            assert_eq!(usual.map(|usual| reader.next(usual.as_bytes())), values.map(str::as_bytes));
        }
    }
}
