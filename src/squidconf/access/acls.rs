//! ACLs, compiled, and whether one holds for a request.

use super::builtin::BUILT_IN;
use super::probe::Probe;
use super::{Acl, addresses};
use crate::squidconf::directive::{Word, Writing};
use crate::squidconf::values::AclName;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// Whether something holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Truth {
    Yes,
    No,
    /// It asks who the client is, who has not logged in.
    NeedsLogin,
    /// The file doesn't say; if it holds, then perhaps only after a login was asked for.
    Maybe {
        acl: String,
        or_login: bool,
    },
}

impl Truth {
    fn negated(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            other => other,
        }
    }
}

/// All ACLs of a configuration, by name.
#[derive(Debug)]
pub(super) struct Acls(BTreeMap<String, Compiled>);

/// Lines of one name.
#[derive(Debug)]
struct Compiled {
    tests: Vec<Test>,
    /// Whether it has values that can't be told from the file.
    is_open: bool,
}

/// What is looked at.
#[derive(Debug)]
enum Test {
    Client(Vec<RangeInclusive<IpAddr>>),
    Destination(Vec<RangeInclusive<IpAddr>>),
    Ports(Vec<RangeInclusive<u16>>),
    Methods(Vec<String>),
    Schemes(Vec<String>),
    Domains(Vec<String>),
    Host(Vec<Regex>),
    Url(Vec<Regex>),
    Path(Vec<Regex>),
    /// Whether any user will do.
    Login(bool),
    AnyOf(Vec<AclName>),
    AllOf(Vec<AclName>),
    /// Notes something of the request, and holds.
    Always,
}

/// How deep groups of ACLs may name groups; Squid refuses cycles.
const MAX_DEPTH: usize = 16;

impl Acls {
    /// Those built in, and those that the lines define. Several lines of one name add up.
    pub(super) fn of(lines: &[Acl]) -> Acls {
        let mut acls = Acls(BTreeMap::new());
        for (name, kind, values) in BUILT_IN {
            let words: Vec<Word> =
                values.iter().map(|text| Word { text: (*text).to_owned(), writing: Writing::Quoted }).collect();
            acls.add(name, kind, &words);
        }
        for acl in lines {
            acls.add(&acl.name, &acl.kind, &acl.values);
        }
        acls
    }

    fn add(&mut self, name: &str, kind: &str, values: &[Word]) {
        let (test, is_open) = compile(kind, values);
        let known = self.0.entry(name.to_owned()).or_insert(Compiled { tests: Vec::new(), is_open: false });
        known.tests.extend(test);
        known.is_open |= is_open;
    }

    /// Whether all hold, from left to right.
    pub(super) fn all(&self, names: &[AclName], probe: &Probe<'_>) -> Truth {
        self.all_within(names, probe, 0)
    }

    fn all_within(&self, names: &[AclName], probe: &Probe<'_>, depth: usize) -> Truth {
        let mut open = None;
        for name in names {
            match self.one(name, probe, depth) {
                Truth::Yes => {}
                Truth::No => return Truth::No,
                Truth::NeedsLogin => {
                    return match open {
                        Some(acl) => Truth::Maybe { acl, or_login: true },
                        None => Truth::NeedsLogin,
                    };
                }
                Truth::Maybe { acl, or_login } => {
                    if or_login {
                        return Truth::Maybe { acl, or_login };
                    }
                    open.get_or_insert(acl);
                }
            }
        }
        open.map_or(Truth::Yes, |acl| Truth::Maybe { acl, or_login: false })
    }

    fn one(&self, name: &AclName, probe: &Probe<'_>, depth: usize) -> Truth {
        let open = || Truth::Maybe { acl: name.name.clone(), or_login: false };
        let Some(compiled) = self.0.get(&name.name).filter(|_| depth < MAX_DEPTH) else { return open() };
        let mut is_open = compiled.is_open;
        let mut truth = Truth::No;
        for test in &compiled.tests {
            match self.test(test, probe, depth) {
                Truth::No => {}
                Truth::Maybe { or_login: false, .. } => is_open = true,
                other => {
                    truth = other;
                    break;
                }
            }
        }
        let truth = match truth {
            Truth::No if is_open => open(),
            other => other,
        };
        if name.negated { truth.negated() } else { truth }
    }

    fn test(&self, test: &Test, probe: &Probe<'_>, depth: usize) -> Truth {
        let any = |patterns: &[Regex], text: &str| patterns.iter().any(|pattern| pattern.is_match(text));
        let holds = match test {
            Test::Client(ranges) => ranges.iter().any(|range| range.contains(&probe.client.to_canonical())),
            Test::Destination(ranges) => ranges.iter().any(|range| range.contains(&probe.address.to_canonical())),
            Test::Ports(ranges) => ranges.iter().any(|range| range.contains(&probe.port)),
            Test::Methods(names) => names.iter().any(|name| name.eq_ignore_ascii_case(probe.method)),
            Test::Schemes(names) => names.iter().any(|name| name.eq_ignore_ascii_case(probe.scheme)),
            Test::Domains(names) => names.iter().any(|name| is_domain(probe.host, name)),
            Test::Host(patterns) => any(patterns, &probe.shown_host()),
            Test::Url(patterns) => any(patterns, &probe.url()),
            Test::Path(patterns) => !probe.path.is_empty() && any(patterns, probe.path),
            Test::Login(_) if !probe.is_logged_in => return Truth::NeedsLogin,
            Test::Login(anybody) => {
                return if *anybody { Truth::Yes } else { Truth::Maybe { acl: String::new(), or_login: false } };
            }
            Test::AllOf(names) => return self.all_within(names, probe, depth + 1),
            Test::AnyOf(names) => return self.any_within(names, probe, depth + 1),
            Test::Always => true,
        };
        if holds { Truth::Yes } else { Truth::No }
    }

    fn any_within(&self, names: &[AclName], probe: &Probe<'_>, depth: usize) -> Truth {
        let mut open = None;
        for name in names {
            match self.one(name, probe, depth) {
                Truth::No => {}
                Truth::Maybe { acl, or_login } => drop(open.get_or_insert((acl, or_login))),
                decided if open.is_none() => return decided,
                // Yes or a login, unless what is open comes first.
                Truth::Yes => return Truth::Yes,
                Truth::NeedsLogin => break,
            }
        }
        open.map_or(Truth::No, |(acl, or_login)| Truth::Maybe { acl, or_login })
    }

    /// An address of every client network, each once.
    pub(super) fn client_samples(&self) -> Vec<IpAddr> {
        let mut samples: Vec<IpAddr> = Vec::new();
        for test in self.0.values().flat_map(|compiled| &compiled.tests) {
            let Test::Client(ranges) = test else { continue };
            for sample in ranges.iter().map(addresses::sample) {
                if !samples.contains(&sample) {
                    samples.push(sample);
                }
            }
        }
        samples
    }

    /// A host of every domain that an ACL names as a destination.
    pub(super) fn host_samples(&self) -> impl Iterator<Item = &str> {
        let tests = self.0.values().flat_map(|compiled| &compiled.tests);
        let named = tests.filter_map(|test| if let Test::Domains(names) = test { Some(names) } else { None });
        named.flatten().map(|name| name.trim_start_matches('.'))
    }

    /// Where stretches of ports begin.
    pub(super) fn port_stretches(&self) -> Vec<u16> {
        let mut starts = vec![1];
        for test in self.0.values().flat_map(|compiled| &compiled.tests) {
            let Test::Ports(ranges) = test else { continue };
            for range in ranges {
                starts.push(*range.start());
                starts.extend(range.end().checked_add(1));
            }
        }
        starts.retain(|port| *port > 0);
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// What lines of a type test, and whether more would be told by what is not in the file.
fn compile(kind: &str, values: &[Word]) -> (Option<Test>, bool) {
    let is_file = |word: &Word| match word.writing {
        Writing::Parameters => true,
        Writing::Plain => word.text.starts_with(['"', '\'']),
        Writing::Quoted => false,
    };
    let mut is_open = values.iter().any(is_file);
    let texts: Vec<&str> = values.iter().filter(|word| !is_file(word)).map(|word| word.text.as_str()).collect();
    // Flags stand before the values; those of regular expressions among them.
    let plain: Vec<&str> = texts.iter().copied().filter(|text| !text.starts_with('-')).collect();
    let owned = || plain.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let names = || plain.iter().map(|text| AclName::parse(text)).collect::<Vec<_>>();
    let test = match kind {
        "src" | "dst" => {
            let read: Vec<_> = plain.iter().map(|text| addresses::parse(text)).collect();
            is_open |= read.iter().any(Option::is_none);
            let ranges = read.into_iter().flatten().flatten().collect();
            if kind == "src" { Test::Client(ranges) } else { Test::Destination(ranges) }
        }
        "port" => {
            let read: Vec<_> = plain.iter().map(|text| ports(text)).collect();
            is_open |= read.iter().any(Option::is_none);
            Test::Ports(read.into_iter().flatten().collect())
        }
        "method" => Test::Methods(owned()),
        "proto" => Test::Schemes(owned()),
        "dstdomain" => Test::Domains(owned()),
        "dstdom_regex" | "url_regex" | "urlpath_regex" => {
            let (patterns, is_whole) = patterns(&texts);
            is_open |= !is_whole;
            match kind {
                "dstdom_regex" => Test::Host(patterns),
                "url_regex" => Test::Url(patterns),
                _ => Test::Path(patterns),
            }
        }
        "proxy_auth" => Test::Login(plain.contains(&"REQUIRED")),
        "proxy_auth_regex" => Test::Login(false),
        "any-of" => Test::AnyOf(names()),
        "all-of" => Test::AllOf(names()),
        "annotate_transaction" | "annotate_client" => Test::Always,
        // Helpers, times, certificates, counts, and what else is only known when the request is there.
        _ => return (None, true),
    };
    (Some(test), is_open)
}

/// `443`, `1025-65535`.
fn ports(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

/// Regular expressions, `-i` and `+i` switching whether letters' case counts; and whether all could be read: those of
/// POSIX are nearly a part of those read here.
fn patterns(texts: &[&str]) -> (Vec<Regex>, bool) {
    let (mut patterns, mut is_whole, mut insensitive) = (Vec::new(), true, false);
    for text in texts {
        match *text {
            "-i" => insensitive = true,
            "+i" => insensitive = false,
            "-n" | "--" => {}
            pattern => {
                let syntax = syntax::Config::new().case_insensitive(insensitive);
                match Regex::builder().syntax(syntax).build(pattern) {
                    Ok(pattern) => patterns.push(pattern),
                    Err(_) => is_whole = false,
                }
            }
        }
    }
    (patterns, is_whole)
}

/// Whether a host is the domain, or below it where that begins with a dot.
fn is_domain(host: &str, domain: &str) -> bool {
    let host = host.trim_end_matches('.');
    match domain.strip_prefix('.') {
        None => host.eq_ignore_ascii_case(domain),
        Some(parent) => {
            let Some(at) = host.len().checked_sub(parent.len()) else { return false };
            host.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(parent))
                && (at == 0 || host.as_bytes()[at - 1] == b'.')
        }
    }
}
