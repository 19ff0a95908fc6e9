//! Checks of squid.conf. Who may do what is asked of `http_access` with requests that somebody might make
//! (`squidconf::Access`), not read off words: names of ACLs prove nothing.

mod callers;
mod content;
mod dangerous;
mod destinations;
mod headers;
mod logging;
mod login;
mod ports;
pub(super) mod tls;

pub use callers::SquidFacts;
pub(super) use callers::{catch_all, open_proxy};
pub(super) use content::icap;
pub(super) use dangerous::dangerous;
pub(super) use destinations::{manager, to_linklocal, to_localhost};
pub(super) use headers::header_leakage;
pub(super) use logging::{access_log, query_strings, user_agents};
pub(super) use login::authentication;
pub(super) use ports::{connect_ports, safe_ports};
pub(super) use tls::ssl_bump;

use super::check::Finding;
use super::evidence::Evidence;
use super::grounds::Grounds;
use crate::squidconf::{Decision, Directive};

/// Asks about the configuration, where there is one.
fn configured(grounds: &Grounds<'_>, look: impl FnOnce(&SquidFacts) -> Finding) -> Finding {
    match grounds.squid {
        Ok(facts) => look(facts),
        Err(why) => Finding::unknown(why),
    }
}

/// What can't be decided, since the file doesn't say.
fn undecided(decision: &Decision, what: &str) -> Finding {
    let acl = if let Decision::Unknown { acl, .. } = decision { acl.as_str() } else { "" };
    let text = format!("{what} depends on the ACL {acl}, which the file alone does not decide.");
    Finding::unknown_at(Evidence::text(text).at(decision.place()))
}

/// What was decided by a line, or by none.
fn decided(text: &str, decision: &Decision) -> Evidence {
    let by = if decision.place().is_none() { " (no line applies)" } else { "" };
    Evidence::text(format!("{text}{by}.")).at(decision.place())
}

/// A directive by its first two words, as evidence: behind them stand passwords, too.
fn written(directive: &Directive, text: &str) -> Evidence {
    let words: Vec<&str> = directive.texts(0).take(2).collect();
    let more = if directive.words.len() > words.len() { " …" } else { "" };
    Evidence::text(format!("{} {}{more}: {text}.", directive.name, words.join(" "))).at(Some(&directive.place))
}
