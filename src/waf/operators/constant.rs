//! `noMatch` and `unconditionalMatch`, whatever the value.

use std::ops::Range;
use std::sync::Arc;

use super::{Captures, Files, Gate, Matcher, OperatorError};

struct Constant(bool);

impl Matcher for Constant {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> Option<Range<usize>> {
        self.0.then_some(0..value.len())
    }

    fn gate(&self) -> Gate {
        if self.0 { Gate::Always } else { Gate::Never }
    }
}

/// `noMatch`.
pub fn never(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Constant(false)))
}

/// `unconditionalMatch`.
pub fn always(_: &str, _: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError> {
    Ok(Arc::new(Constant(true)))
}
