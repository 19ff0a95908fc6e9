//! Operators: any argument is taken or refused, any value is judged, and what gates, guards and a second way of running
//! patterns say goes with it.

use super::first_line;
use std::ops::Range;
use tidegate::waf::Kinds;
use tidegate::waf::operators::rx::Pattern;
use tidegate::waf::operators::{Captures, Gate, Operator};

/// The first line is an operator with its argument, as `@rx ^a`; the rest is the value.
pub fn run(data: &[u8]) {
    let (line, value) = first_line(data);
    let Ok(line) = std::str::from_utf8(line) else { return };
    let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
    let name = name.strip_prefix('@').unwrap_or(name);
    // A file that an operator names holds its own name.
    let files = |name: &str| Ok(name.replace(';', "\n").into_bytes());
    let Ok(operator) = Operator::compile(name, argument, &files) else { return };
    let found = judge(&operator, value);
    match operator.name() {
        "rx" if !operator.needs_macros() => both_ways(argument, value, found),
        "pm" => assert_eq!(found.is_some(), phrase_in(argument, value).unwrap_or(found.is_some())),
        "ge" => assert!(found.is_some() != holds("lt", argument, value)),
        "gt" => assert!(found.is_some() != holds("le", argument, value)),
        "contains" | "strmatch" => {
            let size = argument.len();
            let naive = size == 0 || value.windows(size).any(|part| part == argument.as_bytes());
            assert_eq!(found.is_some(), naive);
        }
        "validateUtf8Encoding" => assert_eq!(found.is_none(), std::str::from_utf8(value).is_ok()),
        _ => {}
    }
}

/// Where an operator matches, once all it says of that goes together.
fn judge(operator: &Operator, value: &[u8]) -> Option<Range<usize>> {
    let mut captures = Captures::default();
    let found = operator.matches(value, Some(&mut captures));
    assert_eq!(operator.matches(value, None), found);
    let expanded = operator.matches_expanded(operator.argument().as_bytes(), value, None);
    assert_eq!(expanded, found);
    let captured = captures.get(0);
    assert!(captures.iter().all(|(_, place)| value.get(place.clone()).is_some()), "{captures:?}");
    let Some(place) = &found else {
        assert_eq!(captures, Captures::default(), "captures without a match");
        return found;
    };
    assert!(value.get(place.clone()).is_some(), "{place:?}");
    assert_eq!(captured, found.clone().filter(|_| operator.captures() && operator.name() != "detectSQLi"));
    assert!(operator.guard().lets_pass(value, Kinds::of(value)), "{:?}", operator.guard());
    let lowercased = value.to_ascii_lowercase();
    let passes = match operator.gate() {
        Gate::Always => true,
        Gate::Never => false,
        Gate::AnyOf(literals) => literals.iter().any(|literal| is_in(literal, &lowercased)),
    };
    assert!(passes, "{:?}", operator.gate());
    found
}

/// A look-around is not run in linear time: with one, the same pattern is run as PCRE would, in steps. Too many of them,
/// and there is no match; so what has none is asked whether it has none.
fn both_ways(pattern: &str, value: &[u8], found: Option<Range<usize>>) {
    if Pattern::compile(pattern).is_ok_and(|compiled| compiled.is_verified()) {
        return;
    }
    let files = |_: &str| Err(std::io::ErrorKind::Unsupported.into());
    let compiled = |pattern: String| Operator::compile("rx", &pattern, &files).ok().filter(|op| !op.needs_macros());
    let stepped = compiled(format!("(?:{pattern})(?=)"));
    let nowhere = compiled(format!("\\A(?![\\s\\S]*?(?:{pattern}))"));
    if let Some(stepped) = stepped.and_then(|stepped| stepped.matches(value, None)) {
        assert_eq!(found.as_ref().map(|found| found.start), Some(stepped.start), "in steps: {stepped:?}");
    }
    if found.is_some()
        && let Some(nowhere) = nowhere
    {
        assert_eq!(nowhere.matches(value, None), None, "in steps there is no match");
    }
}

/// Whether one of the phrases of `@pm` is in a value; nothing where they are written with escapes.
fn phrase_in(argument: &str, value: &[u8]) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let blank = |sign: char| matches!(sign, ' ' | '\x09'..='\x0d');
    let mut phrases = argument.split(blank).filter(|phrase| !phrase.is_empty());
    let plain = !argument.contains(['\\', '|']);
    plain.then(|| phrases.any(|phrase| is_in(phrase.to_ascii_lowercase().as_bytes(), &value)))
}

fn is_in(literal: &[u8], value: &[u8]) -> bool {
    value.windows(literal.len()).any(|part| part == literal)
}

fn holds(name: &str, argument: &str, value: &[u8]) -> bool {
    let files = |_: &str| Err(std::io::ErrorKind::Unsupported.into());
    Operator::compile(name, argument, &files).is_ok_and(|operator| operator.matches(value, None).is_some())
}
