//! Why an operator can't be made ready.

use thiserror::Error;

/// Why an operator can't be made ready, for whom wrote the rule.
#[derive(Debug, Error)]
pub enum OperatorError {
    /// No such operator.
    #[error("no operator is called @{name}")]
    Unknown {
        /// As the rule has it.
        name: String,
    },
    /// A known operator that a log line can't answer.
    #[error("@{name} needs {needs}, which an access log doesn't have")]
    NotInALog {
        /// As SecLang spells it.
        name: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A pattern that isn't one, or that asks for more than can be evaluated.
    #[error("the pattern is faulty at byte {at}: {why}")]
    Pattern {
        /// The byte of the pattern, counted from 0.
        at: usize,
        /// What is wrong, and the mend.
        why: String,
    },
    /// An argument that the operator can't take.
    #[error("@{name} can't take \"{argument}\": {why}")]
    Argument {
        /// As SecLang spells it.
        name: &'static str,
        /// The part of the argument that is faulty.
        argument: String,
        /// What is wrong, and the mend.
        why: &'static str,
    },
    /// A file that can't be read.
    #[error("@{name} can't read {file}: {error}")]
    File {
        /// As SecLang spells it.
        name: &'static str,
        /// As the rule names it.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
}
