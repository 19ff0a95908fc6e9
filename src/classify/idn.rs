//! How an internationalised host may be shown: as Unicode where nothing in it passes for something else, else as the
//! ASCII that travels.
//!
//! Names are decoded by UTS #46 (crate `idna`), which refuses what is not normalised, mixes directions or hides joiners.
//! What is safe to show follows UTS #39 (crate `unicode-security`): allowed characters, at most the level *Highly
//! Restrictive* of scripts, one system of digits, and no label that reads as ASCII. It is not about whose name a host
//! imitates; [`look_alike`](super::look_alike) is.

use idna::uts46::{AsciiDenyList, Hyphens, Uts46};
use std::ops::RangeInclusive;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

/// The longest name of DNS with its final dot (RFC 1035).
pub(super) const LONGEST_NAME: usize = 254;

/// Marks that go onto any letter: what they make is told apart only by who knows the language.
const LOOSE_MARKS: RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// The Unicode reading of a host with labels in Punycode; `None` where it has none, where they don't decode, or where a
/// label could be taken for something else. Then the host is shown as it is.
pub fn reading(host: &str) -> Option<String> {
    if !is_internationalised(host) {
        return None;
    }
    let mut safe = true;
    let (text, outcome) =
        Uts46::new().to_user_interface(host.as_bytes(), AsciiDenyList::URL, Hyphens::Allow, |label, top, _| {
            safe &= is_safe(label, top);
            true
        });
    (outcome.is_ok() && safe && !text.is_ascii()).then(|| text.into_owned())
}

/// The host as Unicode, whether safe to show or not: for comparing, never for showing. `None` as for [`reading`] where
/// it has no such labels or they don't decode.
pub(super) fn decoded(host: &str) -> Option<String> {
    if !is_internationalised(host) && host.is_ascii() {
        return None;
    }
    let (text, outcome) = Uts46::new().to_unicode(host.as_bytes(), AsciiDenyList::URL, Hyphens::Allow);
    outcome.ok().map(|()| text.into_owned())
}

/// Whether a label is in Punycode, in a host no longer than DNS takes.
fn is_internationalised(host: &str) -> bool {
    let in_punycode = |label: &str| label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"));
    host.len() <= LONGEST_NAME && host.split('.').any(in_punycode)
}

/// Whether a label can be shown, under this top-level label.
fn is_safe(label: &[char], top: &[char]) -> bool {
    let text: String = label.iter().collect();
    if text.is_ascii() {
        return true;
    }
    // A top-level label in another script says which one is meant: `.рф` has no English names.
    let reads_as_ascii = top.iter().all(char::is_ascii) && skeleton(&text).all(|sign| sign.is_ascii());
    text.check_restriction_level(RestrictionLevel::HighlyRestrictive)
        && label.iter().all(|sign| sign.is_alphanumeric() || *sign == '-' || is_mark(*sign))
        && !label.windows(2).any(|pair| pair[0] == pair[1] && is_mark(pair[0]))
        && !reads_as_ascii
        && !has_structure(label)
        && has_one_system_of_digits(label)
}

/// Whether it is a mark that belongs to its script. Loose ones are none: those that matter were composed.
fn is_mark(sign: char) -> bool {
    unicode_normalization::char::is_combining_mark(sign) && !LOOSE_MARKS.contains(&sign)
}

/// Whether a sign among Latin letters reads as what parts a URL, as a Japanese `ノ` does in `example.comノlogin.test`.
fn has_structure(label: &[char]) -> bool {
    let parts = |sign: &char| {
        !sign.is_ascii() && skeleton(sign.encode_utf8(&mut [0; 4])).any(|sign| "/\\?#@:.%=&".contains(sign))
    };
    label.iter().any(char::is_ascii_alphabetic) && label.iter().any(parts)
}

/// Whether all digits are of one system (UTS #39, section 5.3): an Eastern Arabic four beside a Western three is none.
fn has_one_system_of_digits(label: &[char]) -> bool {
    let mut systems = label.iter().filter(|sign| sign.is_numeric()).map(|sign| u32::from(*sign) & !0xf);
    let first = systems.next();
    systems.all(|system| Some(system) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ASCII form of a name, as a browser sends it.
    fn ascii(name: &str) -> String {
        idna::domain_to_ascii(name).unwrap()
    }

    #[test]
    fn honest_names_are_read() {
        for name in [
            "müller.example",
            "www.bücher.example",
            "straße.example",
            "ćwiczenia.example",
            "việt.example",
            "łódź.example",
            "пример.рф",
            "новости.example",
            "παράδειγμα.example",
            "דוגמה.example",
            "مثال.example",
            "उदाहरण.example",
            "ไทย.example",
            "例え.example",
            "ノート.example",
            "東京tower.example",
            "한국어.example",
            "例子.中国",
            "ор.рф",
            "مدرسة۴۵.example",
            "bücher24.example",
        ] {
            let host = ascii(name);
            assert!(host.contains("xn--"), "{name}");
            assert_eq!(reading(&host).as_deref(), Some(name), "{host}");
            assert_eq!(reading(&host.to_ascii_uppercase()).as_deref(), Some(name), "{host}");
        }
    }

    #[test]
    fn what_passes_for_something_else_is_not() {
        for (why, name) in [
            ("Cyrillic letters that read as Latin", "аррӏе.example"),
            ("one of them", "pаypal.example"),
            ("Greek among Latin", "gοοgle.example"),
            ("Latin letters that read as others", "goog\u{131}e.example"),
            ("a mark that does not compose", "paypa\u{320}l.example"),
            ("a dot under", "example\u{323}x\u{323}.example"),
            ("a slash in Japanese", "comノlogin.example"),
            ("Latin beside Thai", "googleไทย.example"),
            ("Latin beside Cyrillic below a Cyrillic top", "gооgle.рф"),
            ("two systems of digits", "उदाहरण४४4.example"),
            ("a sign that is none of a word", "i♥.example"),
            ("an unsafe label beside a safe one", "www.bücher.аррӏе.example"),
        ] {
            let host = ascii(name);
            assert_eq!(reading(&host), None, "{why}: {host}");
        }
    }

    #[test]
    fn what_has_no_reading_is_left() {
        for host in [
            "",
            ".",
            "example.com",
            "192.0.2.1",
            "xn--",
            "xn--.example",
            "xn--a.example",
            "xn--example-.com",
            "xn--99999999.example",
            "xn--\u{e9}.example",
            "a\u{300}xn--b",
            // A name that encodes what DNS would never carry: upper case, a hidden joiner, an override of direction.
            "xn--Bcher-KVA.example\u{0}",
            "xn--ab-m1t.example",
            "xn--ab-pz3a.example",
            &format!("xn--{}.example", "a".repeat(300)),
        ] {
            assert_eq!(reading(host), None, "{host:?}");
        }
        assert_eq!(reading("XN--BCHER-KVA.Example.").as_deref(), Some("bücher.example."));
        assert_eq!(decoded("xn--80ak6aa92e.example").as_deref(), Some("аррӏе.example"));
        assert_eq!(decoded("example.com"), None);
    }
}
