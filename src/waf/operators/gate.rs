//! What a value must have before it is worth asking an operator.

/// What a value must have for an operator to match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Nothing is known: the operator must be asked about each value.
    Always,
    /// No value matches.
    Never,
    /// At least one of these occurs in each value that matches, whatever the case of its ASCII letters. Lowercased; at
    /// least one byte long, and mostly two or more; none of them holds another.
    AnyOf(Vec<Vec<u8>>),
}

impl Gate {
    /// Of literals in any case. None at all means that nothing matches; an empty one that anything may.
    pub(super) fn any_of(literals: impl IntoIterator<Item = Vec<u8>>) -> Gate {
        let mut literals: Vec<_> = literals.into_iter().map(|literal| literal.to_ascii_lowercase()).collect();
        literals.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        literals.dedup();
        if literals.first().is_some_and(Vec::is_empty) {
            return Gate::Always;
        }
        let mut kept: Vec<Vec<u8>> = Vec::with_capacity(literals.len());
        for literal in literals {
            if !kept.iter().any(|shorter| memchr::memmem::find(&literal, shorter).is_some()) {
                kept.push(literal);
            }
        }
        if kept.is_empty() { Gate::Never } else { Gate::AnyOf(kept) }
    }
}

/// The gate of a comparison that looks for its argument.
pub fn literal(argument: &[u8]) -> Gate {
    Gate::any_of([argument.to_vec()])
}

/// The gate of a comparison that needs none of its argument's bytes.
pub fn none(_: &[u8]) -> Gate {
    Gate::Always
}
