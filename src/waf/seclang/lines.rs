//! Text to directives' lines: continuations joined, comments and blank lines left out.
//!
//! A line that ends in `\` goes on in the next one, whose indentation doesn't count. A comment ends with its line, but
//! as in ModSecurity a rule that was commented out takes its continuation lines with it.

use std::borrow::Cow;

/// What separates words.
pub(super) const BLANK: [char; 2] = [' ', '\t'];

/// A directive's line.
pub(super) struct Line<'t> {
    /// Its text, without the backslashes of continuations and the indentation behind them.
    pub(super) text: Cow<'t, str>,
    /// As it stands in the file, all of its lines.
    pub(super) source: &'t str,
    /// Where each line of the file begins in `text`, with its number; never empty.
    starts: Vec<(usize, usize)>,
    /// Where in `text` blanks stood behind a backslash that was meant to continue the line.
    pub(super) blank_behind: Option<usize>,
}

impl Line<'_> {
    /// The number of the file's line that a byte of the text comes from.
    pub(super) fn number(&self, at: usize) -> usize {
        let behind = self.starts.partition_point(|(start, _)| *start <= at);
        self.starts.get(behind.saturating_sub(1)).map_or(1, |(_, number)| *number)
    }
}

/// The lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Lines<'t> {
        Lines { text: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0, number: 0 }
    }

    /// The next line of the file, without its end.
    fn physical(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find('\n');
        self.at += end.map_or(rest.len(), |end| end + 1);
        self.number += 1;
        let line = &rest[..end.unwrap_or(rest.len())];
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        loop {
            let begins = self.at;
            let first = self.physical()?.trim_start_matches(BLANK);
            if let Some(comment) = first.strip_prefix('#') {
                let comment = comment.trim_start_matches(BLANK);
                if comment.starts_with("SecRule") || comment.starts_with("SecAction") {
                    let mut last = comment;
                    while last.trim_end_matches(BLANK).ends_with('\\') {
                        last = self.physical().unwrap_or_default();
                    }
                }
                continue;
            }
            if first.trim_end_matches(BLANK).is_empty() {
                continue;
            }
            let mut line = Line { text: first.into(), source: "", starts: vec![(0, self.number)], blank_behind: None };
            while let Some(joined) = line.text.trim_end_matches(BLANK).strip_suffix('\\').map(str::len) {
                if joined + 1 < line.text.len() {
                    line.blank_behind.get_or_insert(joined);
                }
                let Some(next) = self.physical() else {
                    line.text.to_mut().truncate(joined);
                    break;
                };
                let text = line.text.to_mut();
                text.truncate(joined);
                line.starts.push((joined, self.number));
                let next = next.trim_start_matches(BLANK);
                text.push_str(next);
                if next.is_empty() {
                    break;
                }
            }
            if line.text.trim_matches(BLANK).is_empty() {
                continue;
            }
            line.source = self.text.get(begins..self.at).unwrap_or_default().trim_matches(['\n', '\r', ' ', '\t']);
            return Some(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_keep_their_numbers() {
        let text = "\u{feff}# a comment \\\r\n\r\n  SecRule ARGS \\\r\n    \"@rx a\" \\\r\n\t\"id:1, \\\r\n   pass\"\r\nSecMarker A\n\
                    #SecRule ARGS \\\n  \"@rx b\" \\\n  \"id:2\"\nSecMarker B \\\n\nSecMarker C \\ \nD\n\\\n  \\\n\nSecMarker E \\";
        let lines: Vec<_> = Lines::of(text)
            .map(|line| {
                let places = line.starts.iter().map(|(_, number)| *number).collect::<Vec<_>>();
                (line.text.into_owned(), places, line.blank_behind)
            })
            .collect();
        let want = [
            ("SecRule ARGS \"@rx a\" \"id:1, pass\"", vec![3, 4, 5, 6], None),
            ("SecMarker A", vec![7], None),
            ("SecMarker B ", vec![11, 12], None),
            ("SecMarker C D", vec![13, 14], Some(12)),
            ("SecMarker E ", vec![18], None),
        ];
        assert_eq!(lines, want.map(|(text, places, blank)| (text.to_owned(), places, blank)));
    }

    #[test]
    fn a_place_in_the_text_has_its_line_and_the_source_is_kept() {
        let text = "SecRule ARGS \\\n  \"@rx a\" \\\n  \"id:1\"\n\nSecMarker A\n";
        let line = Lines::of(text).next().unwrap();
        assert_eq!(line.source, "SecRule ARGS \\\n  \"@rx a\" \\\n  \"id:1\"");
        assert_eq!(["SecRule", "@rx", "id:1"].map(|word| line.number(line.text.find(word).unwrap())), [1, 2, 3]);
    }
}
