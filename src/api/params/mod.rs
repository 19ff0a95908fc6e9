//! What a request asks, read one way everywhere: a handler declares the parameters it knows, and every fault is
//! collected under the parameter's name before anything is answered.
//!
//! The declarations are also what the OpenAPI document says about them.

mod filter;
mod paging;
mod window;

pub use filter::{FILTERS, Filters, domain, terms};
pub use paging::{PAGING, Pages, Paging, Start};
pub use window::{Edge, Extent, LIMIT, WINDOW, Window, limit};

use super::error::{ApiError, Faults};
use crate::model::Timestamp;
use axum::extract::Query as AxumQuery;
use axum::http::Uri;
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};

/// The largest integer every JSON reader holds exactly.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// A parameter a handler knows.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it may be given more than once.
    pub many: bool,
    /// One sentence for the OpenAPI document.
    pub help: &'static str,
}

impl Param {
    /// A parameter given at most once.
    pub const fn one(name: &'static str, kind: Kind, help: &'static str) -> Param {
        Param { name, kind, many: false, help }
    }

    /// A filter: repeated values are ORed, `!value` negates.
    pub const fn filter(name: &'static str, help: &'static str) -> Param {
        Param { name, kind: Kind::Text, many: true, help }
    }
}

/// What a parameter may hold.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An integer within bounds, both included.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// An instant: RFC 3339, civil time in UTC, or a span before now.
    Time,
    /// One of these words, without regard to case.
    Word(&'static [&'static str]),
    /// Any text but the empty one.
    Text,
}

/// Groups of parameters a handler knows.
pub type Known = &'static [&'static [Param]];

/// The parameters as the OpenAPI document lists them.
pub fn document(known: Known) -> Vec<Parameter> {
    known.iter().copied().flatten().map(describe).collect()
}

fn describe(param: &Param) -> Parameter {
    let object = match param.kind {
        Kind::Integer { min, max } => {
            ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max))
        }
        Kind::Time | Kind::Text => ObjectBuilder::new().schema_type(Type::String),
        Kind::Word(words) => ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.to_vec())),
    };
    let item = Schema::Object(object.build());
    let schema = if param.many { Schema::Array(ArrayBuilder::new().items(RefOr::T(item)).build()) } else { item };
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(param.help))
        .schema(Some(schema))
        .build()
}

/// A request's parameters while they are read, and what is wrong with them.
#[derive(Debug)]
pub struct Asked {
    known: Known,
    values: BTreeMap<String, Vec<String>>,
    /// What is wrong so far.
    pub faults: Faults,
}

impl Asked {
    /// Takes the query string of `uri`; parameters outside `known` are faults, `_` excepted.
    pub fn of(uri: &Uri, known: Known) -> Asked {
        let mut asked = Asked { known, values: BTreeMap::new(), faults: Faults::default() };
        match AxumQuery::<Vec<(String, String)>>::try_from_uri(uri) {
            Ok(AxumQuery(pairs)) => pairs.into_iter().for_each(|(name, value)| asked.add(name, value)),
            Err(_) => asked.faults.add("query", "not a query string"),
        }
        asked
    }

    /// Adds a value from elsewhere, such as a JSON body.
    pub fn add(&mut self, name: String, value: String) {
        if name == "_" {
            return;
        }
        match self.declared(&name) {
            None => self.faults.add(&name, "unknown parameter"),
            Some(_) if value.trim().is_empty() => self.faults.add(&name, "is empty; leave it out to ask nothing"),
            Some(_) => self.values.entry(name).or_default().push(value.trim().to_owned()),
        }
    }

    fn declared(&self, name: &str) -> Option<&'static Param> {
        self.known.iter().copied().flatten().find(|param| param.name == name)
    }

    /// Whether the parameter was given.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The values of a parameter as given, without taking them.
    pub fn given(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Every value of a repeatable parameter, sorted, each once.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let mut values = self.values.remove(name).unwrap_or_default();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The value of a parameter given at most once.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.values.remove(name)?;
        if values.len() > 1 {
            self.faults.add(name, "given more than once");
        }
        values.pop()
    }

    /// An integer within its declared bounds; a fault otherwise, never a different number.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        let (min, max) = match self.declared(name)?.kind {
            Kind::Integer { min, max } => (min, max),
            _ => (0, MAX_INTEGER),
        };
        match text.parse::<i64>() {
            Ok(value) if (min..=max).contains(&value) => Some(value),
            _ => {
                self.faults.add(name, format!("must be a whole number from {min} to {max}"));
                None
            }
        }
    }

    /// One of the declared words, as declared.
    pub fn word(&mut self, name: &str) -> Option<&'static str> {
        let text = self.text(name)?;
        let words = match self.declared(name)?.kind {
            Kind::Word(words) => words,
            _ => &[],
        };
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(&text)).copied();
        if found.is_none() {
            self.faults.add(name, format!("must be one of {}", words.join(", ")));
        }
        found
    }

    /// An instant, as written: relative to now or absolute.
    pub fn edge(&mut self, name: &str) -> Option<Edge> {
        let text = self.text(name)?;
        match Edge::parse(&text) {
            Ok(edge) => Some(edge),
            Err(error) => {
                self.faults.add(name, error.to_string());
                None
            }
        }
    }

    /// Ends the reading: whatever was wrong becomes the answer.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when there is any fault.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.faults.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.faults)) }
    }
}

/// The instant a span before `now`, or a fixed one.
pub(super) fn resolve(edge: Edge, now: Timestamp) -> Timestamp {
    match edge {
        Edge::At(at) => at,
        Edge::Before(span_ms) => Timestamp(now.0.saturating_sub(span_ms)),
    }
}
