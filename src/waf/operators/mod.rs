//! Operators: whether a value is what a rule looks for, where in it, and what its groups took. One file a family; a
//! new operator is one line in [`OPERATORS`](crate::waf::operators::OPERATORS). Negation (`!@`) and macros are the engine's: it gives the argument that
//! macros expand to.
//!
//! Source: the ModSecurity reference manual (v3), "Operators", and what libmodsecurity 3.0.9 does where the two differ.
//! Ours, which SecLang doesn't know, say so.

mod addresses;
mod captures;
mod checksums;
mod constant;
mod encodings;
mod error;
mod gate;
mod guard;
mod iban;
mod injections;
mod numbers;
mod operator;
mod phrases;
mod rarity;
pub mod rx;
mod strings;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

pub use captures::Captures;
pub use error::OperatorError;
pub use gate::Gate;
pub use guard::Guard;
pub use operator::Operator;
pub(in crate::waf) use rarity::expected;
use rarity::expected_kinds;

/// Reads a file that an operator names, as the rule wrote it. The caller knows where rules' relative names start.
pub type Files<'f> = &'f dyn Fn(&str) -> std::io::Result<Vec<u8>>;

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

    /// See [`Operator::pattern`].
    fn pattern(&self) -> Option<&rx::Pattern> {
        None
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
