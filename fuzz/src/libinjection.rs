//! `@detectSQLi` and `@detectXSS`: any value is judged, and the quick look before says no only where they do.

use tidegate::waf::Kinds;
use tidegate::waf::libinjection::{may_be_sqli, may_be_xss, sqli, xss};

/// Judges a value, and each tail of it, as far as it is short.
pub fn run(value: &[u8]) {
    judge(value);
    for from in 1..value.len().min(16) {
        judge(&value[from..]);
    }
}

fn judge(value: &[u8]) {
    let kinds = Kinds::of(value);
    let found = sqli(value);
    if let Some(fingerprint) = found {
        let letters = fingerprint.as_bytes();
        assert!((1..=5).contains(&letters.len()), "{fingerprint}");
        assert!(letters.iter().all(|letter| letter.is_ascii_graphic()), "{fingerprint}");
        assert!(may_be_sqli(value, kinds), "{fingerprint}");
    }
    assert!(!xss(value) || may_be_xss(value, kinds));
    // More kinds than a value has make it no less likely.
    assert!(!may_be_sqli(value, kinds) || may_be_sqli(value, Kinds::ALL));
    assert!(!may_be_xss(value, kinds) || may_be_xss(value, Kinds::ALL));
}
