//! `detectSQLi` and `detectXSS`: libinjection's judgement of a value as a whole.

use std::ops::Range;
use std::sync::Arc;

use super::{Captures, Files, Gate, Guard, Matcher, OperatorError};
use crate::waf::{Kinds, libinjection};

struct Sql;

/// `detectSQLi`. What it captures is a fingerprint, no part of the value: [`libinjection::sqli`] says it.
pub fn sql(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Sql))
}

impl Matcher for Sql {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        libinjection::sqli(value).map(|_| 0..value.len())
    }

    fn gate(&self) -> Gate {
        Gate::Always
    }

    /// Words alone are no injection.
    fn guard(&self) -> Guard {
        let needed = Guard::needs(Kinds::ALL.without(Kinds::WORD).without(Kinds::UPPER_CASE));
        Guard { may_match: Some(libinjection::may_be_sqli), ..needed }
    }
}

struct Script;

/// `detectXSS`. It captures the whole value.
pub fn script(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Script))
}

impl Matcher for Script {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        if !libinjection::xss(value) {
            return None;
        }
        if let Some(captures) = captures {
            captures.only(0..value.len());
        }
        Some(0..value.len())
    }

    fn gate(&self) -> Gate {
        Gate::any_of([b"<".to_vec(), b"=".to_vec()])
    }

    fn guard(&self) -> Guard {
        Guard { may_match: Some(libinjection::may_be_xss), ..Guard::needs(Kinds::of(b"<=")) }
    }

    fn captures(&self) -> bool {
        true
    }
}
