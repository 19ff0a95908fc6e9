//! `verifyCC`, `verifyCPF`, `verifySSN`, `verifySVNR`, and ours, `verifyIBAN`: numbers of cards, people and accounts.
//! The argument is a pattern; what it matches, wherever it matches, must also pass a check.

use std::ops::Range;
use std::sync::Arc;

use super::iban::{is_iban, may_have_iban};
use super::rx::{Pattern, candidates};
use super::{Captures, Files, Gate, Guard, Matcher, OperatorError};
use crate::waf::Kinds;

struct Checked {
    pattern: Pattern,
    check: fn(&[u8]) -> bool,
    /// No shorter value passes it, in bytes.
    shortest: usize,
    /// What else a value must be.
    may_match: Option<fn(&[u8], Kinds) -> bool>,
}

fn checked(pattern: &str, check: fn(&[u8]) -> bool, shortest: usize) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Checked { pattern: Pattern::compile(pattern)?, check, shortest, may_match: None }))
}

/// `verifyCC`: the digits pass the Luhn check (ISO/IEC 7812-1, annex B).
pub fn card(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    checked(pattern, is_luhn, 1)
}

/// `verifyCPF`: the eleven digits of a Brazilian taxpayer have their two check digits (Receita Federal, modulo 11).
pub fn cpf(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    checked(pattern, is_cpf, 11)
}

/// `verifyIBAN`, ours: what the pattern matches begins with an account number, see [`iban`](super::iban).
pub fn iban(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    let pattern = Pattern::compile(pattern)?;
    let may_match = |value: &[u8], kinds: Kinds| kinds.meet(Kinds::of(b"0")) && may_have_iban(value);
    Ok(Arc::new(Checked { pattern, check: is_iban, shortest: 15, may_match: Some(may_match) }))
}

/// `verifySSN`: nine digits that the United States could have given out: not all the same or in sequence, no part zero,
/// no area 666 or from 740 on.
pub fn ssn(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    checked(pattern, is_ssn, 9)
}

/// `verifySVNR`: the ten digits of an Austrian insurance number have their check digit, the fourth (modulo 11).
pub fn svnr(pattern: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    checked(pattern, is_svnr, 10)
}

impl Matcher for Checked {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        let place = candidates(&self.pattern, value).find(|place| (self.check)(&value[place.clone()]))?;
        if let Some(captures) = captures {
            captures.only(place.clone());
        }
        Some(place)
    }

    fn gate(&self) -> Gate {
        self.pattern.gate().clone()
    }

    fn guard(&self) -> Guard {
        let guard = self.pattern.guard().clone();
        Guard { shortest: guard.shortest.max(self.shortest), may_match: self.may_match, ..guard }
    }

    fn captures(&self) -> bool {
        true
    }
}

/// The digits; other signs don't count.
fn digits(text: &[u8]) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
}

/// Exactly so many digits.
fn exactly<const N: usize>(text: &[u8]) -> Option<[u32; N]> {
    digits(text).collect::<Vec<_>>().try_into().ok()
}

fn is_luhn(text: &[u8]) -> bool {
    let mut sum = None;
    for (at, digit) in digits(text).rev().enumerate() {
        let weighted = if at % 2 == 1 { digit * 2 - if digit > 4 { 9 } else { 0 } } else { digit };
        sum = Some((sum.unwrap_or(0) + weighted) % 10);
    }
    sum == Some(0)
}

/// What counts of longer runs of digits are the first eleven, as in libmodsecurity.
fn is_cpf(text: &[u8]) -> bool {
    let Some(digits) =
        digits(text).take(11).collect::<Vec<_>>().try_into().ok().filter(|digits: &[u32; 11]| !all_same(digits))
    else {
        return false;
    };
    let check = |length: usize| {
        let sum: u32 =
            digits[..length].iter().zip((2..=length as u32 + 1).rev()).map(|(digit, weight)| digit * weight).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    };
    digits[9] == check(9) && digits[10] == check(10)
}

fn is_svnr(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 10] = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];
    let Some(digits) =
        digits(text).take(10).collect::<Vec<_>>().try_into().ok().filter(|digits: &[u32; 10]| !all_same(digits))
    else {
        return false;
    };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    sum % 11 % 10 == digits[3]
}

fn is_ssn(text: &[u8]) -> bool {
    let Some(digits) = exactly::<9>(text) else { return false };
    let number = |part: &[u32]| part.iter().fold(0, |number, digit| number * 10 + digit);
    let (area, group, serial) = (number(&digits[..3]), number(&digits[3..5]), number(&digits[5..]));
    let in_sequence = digits.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    !in_sequence && !all_same(&digits) && area > 0 && group > 0 && serial > 0 && area < 740 && area != 666
}

fn all_same(digits: &[u32]) -> bool {
    digits.windows(2).all(|pair| pair[0] == pair[1])
}
