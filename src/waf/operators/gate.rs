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

/// How plain a value is: the smallest of a few alphabets that has all its bytes. Most values of requests are plain, and
/// most operators need a byte that no plain value has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Alphabet {
    /// ASCII letters, digits and `_`; or nothing at all.
    Words,
    /// These, and `.` and `-`.
    Names,
    /// These, and `/`, `:`, `,`, `+`, `~` and `@`.
    Paths,
    /// Any byte.
    All,
}

impl Alphabet {
    /// The smallest one that has a byte.
    pub const fn of_byte(byte: u8) -> Alphabet {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Alphabet::Words,
            b'.' | b'-' => Alphabet::Names,
            b'/' | b':' | b',' | b'+' | b'~' | b'@' => Alphabet::Paths,
            _ => Alphabet::All,
        }
    }

    /// The smallest one that has all bytes of a value.
    pub fn of(value: &[u8]) -> Alphabet {
        const OF_BYTE: [Alphabet; 256] = {
            let mut of_byte = [Alphabet::All; 256];
            let mut byte = 0;
            while byte < 256 {
                of_byte[byte] = Alphabet::of_byte(byte as u8);
                byte += 1;
            }
            of_byte
        };
        value.iter().map(|byte| OF_BYTE[usize::from(*byte)]).max().unwrap_or(Alphabet::Words)
    }
}
