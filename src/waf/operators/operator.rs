//! An operator with its argument.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;

use super::rx::Pattern;
use super::{Captures, Compare, Files, Gate, Guard, How, Make, Matcher, OperatorError, known};

/// An operator with its argument, ready to look at values. Cheap to clone; threads may share it.
#[derive(Clone)]
pub struct Operator {
    name: &'static str,
    argument: Arc<str>,
    test: Test,
}

#[derive(Clone)]
enum Test {
    Compare {
        compare: Compare,
        gate: fn(&[u8]) -> Gate,
    },
    Made(Arc<dyn Matcher>),
    /// Has macros, and can be made only once they are expanded. Keeps what it was made of last, and that.
    Later(Make, Arc<Mutex<Last>>),
}

type Last = Option<(Box<[u8]>, Option<Arc<dyn Matcher>>)>;

impl Operator {
    /// Makes an operator ready. `name` comes without `@` and `!`.
    ///
    /// # Errors
    /// An unknown name, one that a log can't answer, a faulty argument or pattern, an
    /// unreadable file.
    pub fn compile(name: &str, argument: &str, files: Files<'_>) -> Result<Self, OperatorError> {
        let known = known(name).ok_or_else(|| OperatorError::Unknown { name: name.to_owned() })?;
        let name = known.name;
        let test = match known.how {
            How::Compare { compare, gate } => Test::Compare { compare, gate },
            How::Make(make) if makes_with_macros(name) && has_macro(argument) => Test::Later(make, Arc::default()),
            How::Make(make) => Test::Made(make(argument, files)?),
            How::NotInALog(needs) => return Err(OperatorError::NotInALog { name, needs }),
        };
        Ok(Self { name, argument: argument.into(), test })
    }

    /// Its name, as SecLang spells it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its argument as the rule wrote it, macros and all.
    pub fn argument(&self) -> &str {
        &self.argument
    }

    /// Whether the argument has macros (`%{tx.0}`) that are to be expanded: then ask
    /// [`matches_expanded`](Self::matches_expanded).
    pub fn needs_macros(&self) -> bool {
        match self.test {
            Test::Compare { .. } => has_macro(&self.argument),
            Test::Later(..) => true,
            Test::Made(_) => false,
        }
    }

    /// Whether the operator fills captures when it matches.
    pub fn captures(&self) -> bool {
        match &self.test {
            Test::Compare { .. } => false,
            Test::Made(matcher) => matcher.captures(),
            Test::Later(..) => true,
        }
    }

    /// Where in the value the operator matches; of operators that judge the value as a whole, all of it. Captures are
    /// written only by a match and only by operators that [capture](Self::captures).
    pub fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>> {
        match &self.test {
            Test::Compare { compare, .. } => compare(self.argument.as_bytes(), value),
            Test::Made(matcher) => matcher.matches(value, captures),
            Test::Later(..) => self.matches_expanded(self.argument.as_bytes(), value, captures),
        }
    }

    /// As [`matches`](Self::matches), with the argument that the macros expand to. Comparisons cost no more than they
    /// do without macros; a pattern is compiled anew when it isn't the last one's, and a faulty one matches nothing.
    pub fn matches_expanded(
        &self,
        argument: &[u8],
        value: &[u8],
        captures: Option<&mut Captures>,
    ) -> Option<Range<usize>> {
        match &self.test {
            Test::Compare { compare, .. } => compare(argument, value),
            Test::Made(matcher) => matcher.matches(value, captures),
            Test::Later(make, last) => made_of(argument, *make, last)?.matches(value, captures),
        }
    }

    /// What the bytes and the length of a value must be for the operator to match, negation aside.
    pub fn guard(&self) -> Guard {
        match &self.test {
            Test::Made(matcher) => matcher.guard(),
            Test::Compare { .. } | Test::Later(..) => Guard::open(),
        }
    }

    /// What a value must have for the operator to match, negation aside. An operator whose argument has macros says
    /// [`Gate::Always`].
    pub fn gate(&self) -> Gate {
        match &self.test {
            _ if self.needs_macros() => Gate::Always,
            Test::Compare { gate, .. } => gate(self.argument.as_bytes()),
            Test::Made(matcher) => matcher.gate(),
            Test::Later(..) => Gate::Always,
        }
    }

    /// Its pattern, compiled; of other operators than `rx` and `rxGlobal`, and with macros, none.
    pub fn pattern(&self) -> Option<&Pattern> {
        match &self.test {
            Test::Made(matcher) => matcher.pattern(),
            Test::Compare { .. } | Test::Later(..) => None,
        }
    }
}

impl fmt::Debug for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "@{} {}", self.name, self.argument)
    }
}

fn made_of(argument: &[u8], make: Make, last: &Mutex<Last>) -> Option<Arc<dyn Matcher>> {
    let mut last = last.lock();
    if let Some((made_of, made)) = &*last
        && **made_of == *argument
    {
        return made.clone();
    }
    let no_files = |_: &str| Err(std::io::ErrorKind::Unsupported.into());
    let made = make(&String::from_utf8_lossy(argument), &no_files).ok();
    *last = Some((argument.into(), made.clone()));
    made
}

/// Lists, ranges and file names are taken as they stand, as in libmodsecurity.
fn makes_with_macros(name: &str) -> bool {
    matches!(name, "rx" | "rxGlobal")
}

/// `%{`, a collection's name, and its end. A pattern with `%{` before a number or another sign has no macro.
fn has_macro(argument: &str) -> bool {
    argument.match_indices("%{").any(|(at, _)| {
        let name =
            argument[at + 2..].trim_start_matches(|sign: char| sign.is_ascii_alphanumeric() || "_.:-".contains(sign));
        let length = argument.len() - at - 2 - name.len();
        name.starts_with('}') && argument[at + 2..].starts_with(|sign: char| sign.is_ascii_alphabetic()) && length > 0
    })
}
