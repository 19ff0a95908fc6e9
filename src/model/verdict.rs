//! What the rules said of a row when it was scored, as it is stored beside it: the points, and which rules gave them.
//! What they matched is not stored: that is found again by running them, and a text from the line would be one more place
//! to hide and to erase.

use super::Severity;
use std::io::Write;

/// From as many points on, a row is as bad as the worst of its matches; with fewer it is worth a look. The threshold that
/// the OWASP Core Rule Set recommends; which rows count as flagged is the setting `waf_block_threshold`.
const JUDGED_FROM: u32 = 5;

/// What the rules said of a row.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Verdict {
    /// The sum of the points.
    pub score: u32,
    /// The worst severity of the rules that matched.
    pub severity: Option<Severity>,
    /// The categories of those rules, by name.
    pub categories: Vec<String>,
    /// Those rules by id, each with its points, in the order in which they matched.
    pub rules: Vec<(u32, u32)>,
}

impl Verdict {
    /// The text form where no rule matched. That of a row that was not scored is empty.
    pub const CLEAN: &'static [u8] = b"0";

    /// Appends the text form: the score; where rules matched, behind blanks, the severity's number or `-`, the categories
    /// with commas between, or `-`, and each rule as `id:points`.
    pub fn write(&self, out: &mut Vec<u8>) {
        // A vector takes everything.
        let _ = write!(out, "{}", self.score);
        if self.rules.is_empty() {
            return;
        }
        let _ = match self.severity {
            Some(severity) => write!(out, " {} ", severity as u8),
            None => write!(out, " - "),
        };
        match &self.categories[..] {
            [] => out.push(b'-'),
            names => out.extend_from_slice(names.join(",").as_bytes()),
        }
        for (id, points) in &self.rules {
            let _ = write!(out, " {id}:{points}");
        }
    }

    /// Reads the text form; `None` where the row was not scored.
    pub fn read(text: &[u8]) -> Option<Verdict> {
        let mut words = std::str::from_utf8(text).ok()?.split(' ');
        let score = words.next()?.parse().ok()?;
        let known = |word: &&str| *word != "-";
        let severity = words.next().filter(known).and_then(Severity::parse);
        let categories = words.next().filter(known).map(|names| names.split(',').map(str::to_owned).collect());
        let rule =
            |word: &str| word.split_once(':').and_then(|(id, points)| Some((id.parse().ok()?, points.parse().ok()?)));
        Some(Verdict {
            score,
            severity,
            categories: categories.unwrap_or_default(),
            rules: words.filter_map(rule).collect(),
        })
    }

    /// How bad the rules make a row: see [`Severity::of_row`].
    pub fn row_severity(&self) -> Option<Severity> {
        match self.score {
            0 => None,
            1..JUDGED_FROM => Some(Severity::Notice),
            _ => Some(self.severity.unwrap_or(Severity::Warning).min(Severity::Warning)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_read_back() {
        let full = Verdict {
            score: 9,
            severity: Some(Severity::Critical),
            categories: vec!["sql".into(), "xss".into()],
            rules: vec![(4_210_010, 4), (4_220_010, 5)],
        };
        let bare = Verdict { score: 3, rules: vec![(7, 3)], ..Verdict::default() };
        for (verdict, text) in
            [(full, "9 2 sql,xss 4210010:4 4220010:5"), (bare, "3 - - 7:3"), (Verdict::default(), "0")]
        {
            let mut written = Vec::new();
            verdict.write(&mut written);
            assert_eq!(String::from_utf8_lossy(&written), text);
            assert_eq!(Verdict::read(&written), Some(verdict));
        }
        assert_eq!(Verdict::read(Verdict::CLEAN), Some(Verdict::default()));
        assert_eq!(Verdict::read(b""), None);
        assert_eq!(Verdict::read(b"\xff"), None);
    }

    #[test]
    fn few_points_are_a_notice_and_many_as_bad_as_the_worst_match() {
        let of = |score, severity| Verdict { score, severity, ..Verdict::default() }.row_severity();
        assert_eq!(of(0, None), None);
        assert_eq!(of(4, Some(Severity::Error)), Some(Severity::Notice));
        assert_eq!(of(5, Some(Severity::Critical)), Some(Severity::Critical));
        assert_eq!(of(6, Some(Severity::Notice)), Some(Severity::Warning));
        assert_eq!(of(8, None), Some(Severity::Warning));
    }
}
