//! What `http_access` decides: a request that somebody might make goes in, what Squid would answer comes out, with the
//! line that decides.
//!
//! As in Squid (`Acl::Tree`, `AclMatchedName`): lines are tried in order, the first that applies decides; a line applies
//! when all of its ACLs hold, looked at from left to right; values of an ACL are alternatives, and so are several lines of
//! one name; where no line applies, the opposite of the last line is done; without any line all is denied. What can't be
//! told from the file (helpers, times, names that need a resolver, values in files of their own) is neither true nor
//! false: the decision is known all the same where both lead to it.
//!
//! Not here: which requests are worth asking about (`posture`).

mod acls;
mod addresses;
mod builtin;
mod probe;
#[cfg(test)]
mod tests;

pub use probe::Probe;

use super::directive::Place;
use super::values::AccessRule;
use super::{Acl, SquidConf};
use acls::{Acls, Truth};
use std::net::IpAddr;

/// What Squid would do with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It is let through.
    Allow {
        /// By which line; none where no line applies.
        by: Option<Place>,
    },
    /// It is denied (403).
    Deny {
        /// By which line; none where no line applies.
        by: Option<Place>,
    },
    /// A login is asked for (407).
    Challenge {
        /// By which line.
        by: Place,
    },
    /// The file doesn't say.
    Unknown {
        /// The line that may apply or not.
        by: Place,
        /// The ACL that can't be decided.
        acl: String,
    },
}

impl Decision {
    /// Whether the request is let through, for sure.
    pub fn allows(&self) -> bool {
        matches!(self, Decision::Allow { .. })
    }

    /// Whether it is denied or a login is asked for, for sure.
    pub fn refuses(&self) -> bool {
        matches!(self, Decision::Deny { .. } | Decision::Challenge { .. })
    }

    /// The line that decides.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Decision::Allow { by } | Decision::Deny { by } => by.as_ref(),
            Decision::Challenge { by } | Decision::Unknown { by, .. } => Some(by),
        }
    }

    /// The same done, whatever the line.
    fn is_like(&self, other: &Decision) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Lines that allow or deny, ready to be asked.
#[derive(Debug)]
pub struct Access {
    rules: Vec<AccessRule>,
    acls: Acls,
}

impl Access {
    /// The lines of one directive, `http_access` or one like it.
    pub fn of(conf: &SquidConf, directive: &str) -> Access {
        Access { rules: conf.rules(directive), acls: Acls::of(&conf.acls().collect::<Vec<Acl>>()) }
    }

    /// The lines, in order.
    pub fn rules(&self) -> &[AccessRule] {
        &self.rules
    }

    /// What Squid would do with that request.
    pub fn decide(&self, probe: &Probe<'_>) -> Decision {
        // What lines that may apply would do, with the ACL that leaves it open.
        let mut open: Vec<(Decision, &Place, String)> = Vec::new();
        for rule in &self.rules {
            let (applies, is_challenge) = match self.acls.all(&rule.acls, probe) {
                Truth::No => continue,
                Truth::Yes => (None, false),
                Truth::NeedsLogin => (None, true),
                Truth::Maybe { acl, or_login } => (Some(acl), or_login),
            };
            let decision = match is_challenge {
                true => Decision::Challenge { by: rule.place.clone() },
                false => done(rule),
            };
            match applies {
                Some(acl) => open.push((decision, &rule.place, acl)),
                None => return settled(decision, &open),
            }
        }
        settled(self.otherwise(), &open)
    }

    /// What is done where no line applies.
    fn otherwise(&self) -> Decision {
        match self.rules.last() {
            Some(last) if last.action == "deny" => Decision::Allow { by: None },
            _ => Decision::Deny { by: None },
        }
    }

    /// An address of every network that an ACL names as clients, in order, each once.
    pub fn client_samples(&self) -> Vec<IpAddr> {
        self.acls.client_samples()
    }

    /// A host of every domain that an ACL names as a destination.
    pub fn host_samples(&self) -> impl Iterator<Item = &str> {
        self.acls.host_samples()
    }

    /// The lowest port of every stretch of ports that ACLs tell apart, rising from 1 on.
    pub fn port_stretches(&self) -> Vec<u16> {
        self.acls.port_stretches()
    }
}

fn done(rule: &AccessRule) -> Decision {
    let by = Some(rule.place.clone());
    if rule.action == "allow" { Decision::Allow { by } } else { Decision::Deny { by } }
}

/// The decision, unless a line before that may apply does something else.
fn settled(decision: Decision, open: &[(Decision, &Place, String)]) -> Decision {
    match open.iter().find(|(other, ..)| !other.is_like(&decision)) {
        Some((_, place, acl)) => Decision::Unknown { by: (*place).clone(), acl: acl.clone() },
        None => decision,
    }
}
