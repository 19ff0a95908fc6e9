//! Texts from a log on their way into a report. A log says what strangers wanted it to say: whatever would steer a
//! terminal, turn the direction of writing or not be seen at all is spelled out, and what is very long is cut. What a
//! format must escape beyond that is its own business.

use serde::Serialize;
use std::fmt;

/// A text from a log, safe to look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

/// Characters of one text that are shown.
const MOST_CHARS: usize = 300;

impl Shown {
    /// A text of any origin.
    pub fn of(text: &str) -> Shown {
        let mut shown = String::with_capacity(text.len().min(MOST_CHARS));
        for sign in text.chars().take(MOST_CHARS) {
            match is_unseen(sign) {
                true => shown.extend(sign.escape_unicode()),
                false => shown.push(sign),
            }
        }
        if text.len() > shown.len() {
            let chars = text.chars().count();
            if chars > MOST_CHARS {
                shown.push_str(&format!("… ({chars} characters)"));
            }
        }
        Shown(shown)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Whether a character steers instead of being seen: controls, marks and overrides of direction, separators of lines, and
/// what has no width. Source: the Unicode general categories Cc and Cf, Zl and Zp, without what scripts need to be
/// written.
fn is_unseen(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_seen_is_spelled_out() {
        for (text, shown) in [
            ("http://a.example/ü?q=<b>", "http://a.example/ü?q=<b>"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("invoice\u{202e}fdp.exe", "invoice\\u{202e}fdp.exe"),
            ("a\r\nb\0", "a\\u{d}\\u{a}b\\u{0}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("", ""),
        ] {
            assert_eq!(Shown::of(text).as_str(), shown);
        }
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        let exact = "ä".repeat(MOST_CHARS);
        assert_eq!(Shown::of(&exact).as_str(), exact);
        let long = Shown::of(&"\u{202e}".repeat(65_536));
        assert!(long.as_str().ends_with("… (65536 characters)") && long.as_str().len() < 10 * MOST_CHARS);
    }
}
