//! Operators: whether a value is what a rule looks for, where in it, and what its groups took. One file a family; a
//! new operator is one line in [`OPERATORS`](crate::waf::operators::OPERATORS). Negation (`!@`) and macros are the engine's: it gives the argument that
//! macros expand to.
//!
//! Source: the ModSecurity reference manual (v3), "Operators", and what libmodsecurity 3.0.9 does where the two differ.
//! Ours, which SecLang doesn't know, say so.

mod addresses;
mod checksums;
mod constant;
mod encodings;
mod error;
mod gate;
mod guard;
mod iban;
mod injections;
mod numbers;
mod phrases;
mod rarity;
pub mod rx;
mod strings;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;

pub use error::OperatorError;
pub use gate::Gate;
pub use guard::Guard;
pub(in crate::waf) use rarity::expected;

/// Reads a file that an operator names, as the rule wrote it. The caller knows where rules' relative names start.
pub type Files<'f> = &'f dyn Fn(&str) -> std::io::Result<Vec<u8>>;

/// Where the groups of a match are in the value: 0 is the whole match, 1 to 9 are the pattern's own. What took no part
/// is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures([Option<Range<usize>>; 10]);

impl Captures {
    /// The place of a group, 0 to 9.
    pub fn get(&self, group: usize) -> Option<Range<usize>> {
        self.0.get(group).cloned().flatten()
    }

    /// The groups that took part, with their places, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        self.0.iter().enumerate().filter_map(|(group, place)| Some((group, place.clone()?)))
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.0 = Default::default();
    }

    /// Groups above 9 are forgotten: no macro can ask for them.
    fn set(&mut self, group: usize, place: Range<usize>) {
        if let Some(slot) = self.0.get_mut(group) {
            *slot = Some(place);
        }
    }

    fn only(&mut self, place: Range<usize>) {
        self.clear();
        self.set(0, place);
    }
}

/// What an operator became with its argument.
trait Matcher: Send + Sync {
    /// See [`Operator::matches`].
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> Option<Range<usize>>;

    /// See [`Operator::gate`].
    fn gate(&self) -> Gate;

    /// See [`Operator::guard`].
    fn guard(&self) -> Guard {
        Guard::open()
    }

    /// See [`Operator::captures`].
    fn captures(&self) -> bool {
        false
    }
}

/// Compares a value with an argument.
type Compare = fn(argument: &[u8], value: &[u8]) -> Option<Range<usize>>;

type Make = fn(argument: &str, files: Files<'_>) -> Result<Arc<dyn Matcher>, OperatorError>;

/// An operator that SecLang names.
pub struct Known {
    /// As SecLang spells it, without `@`; case doesn't count.
    pub name: &'static str,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    /// Evaluated on the argument as it is, so that a macro in it costs nothing more.
    Compare { compare: Compare, gate: fn(&[u8]) -> Gate },
    /// Made ready once.
    Make(Make),
    /// What it would need, which no log line has.
    NotInALog(&'static str),
}

/// Every operator, by name in ASCII order of the lowercased names.
pub const OPERATORS: &[Known] = &[
    compare("beginsWith", strings::begins_with, gate::literal),
    compare("contains", strings::contains, gate::literal),
    compare("containsWord", words::contains_word, gate::literal),
    make("detectSQLi", injections::sql),
    make("detectXSS", injections::script),
    compare("endsWith", strings::ends_with, gate::literal),
    compare("eq", numbers::eq, gate::none),
    not_in_a_log("fuzzyHash", "the body of a message"),
    compare("ge", numbers::ge, gate::none),
    not_in_a_log("geoLookup", "a database of where addresses are"),
    not_in_a_log("gsbLookup", "Google's Safe Browsing service"),
    compare("gt", numbers::gt, gate::none),
    not_in_a_log("inspectFile", "an uploaded file"),
    make("ipMatch", addresses::listed),
    make("ipMatchF", addresses::from_file),
    make("ipMatchFromFile", addresses::from_file),
    compare("le", numbers::le, gate::none),
    compare("lt", numbers::lt, gate::none),
    make("noMatch", constant::never),
    make("pm", phrases::listed),
    make("pmf", phrases::from_file),
    make("pmFromFile", phrases::from_file),
    not_in_a_log("rbl", "a block list asked over DNS"),
    not_in_a_log("rsub", "the body of a response"),
    make("rx", rx::first),
    make("rxGlobal", rx::global),
    compare("streq", strings::equals, gate::literal),
    compare("strmatch", strings::contains, gate::literal),
    make("unconditionalMatch", constant::always),
    make("validateByteRange", encodings::byte_range),
    not_in_a_log("validateDTD", "the body of a message"),
    not_in_a_log("validateHash", "links that a server has signed"),
    not_in_a_log("validateSchema", "the body of a message"),
    make("validateUrlEncoding", encodings::url),
    make("validateUtf8Encoding", encodings::utf8),
    make("verifyCC", checksums::card),
    make("verifyCPF", checksums::cpf),
    make("verifyIBAN", checksums::iban),
    make("verifySSN", checksums::ssn),
    make("verifySVNR", checksums::svnr),
    compare("within", strings::within, gate::none),
];

/// How SecLang spells the operator of that name; case doesn't count.
pub fn spelling(name: &str) -> Option<&'static str> {
    known(name).map(|known| known.name)
}

fn known(name: &str) -> Option<&'static Known> {
    OPERATORS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

const fn compare(name: &'static str, compare: Compare, gate: fn(&[u8]) -> Gate) -> Known {
    Known { name, how: How::Compare { compare, gate } }
}

const fn make(name: &'static str, make: Make) -> Known {
    Known { name, how: How::Make(make) }
}

const fn not_in_a_log(name: &'static str, needs: &'static str) -> Known {
    Known { name, how: How::NotInALog(needs) }
}

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
