//! What a caller may do: scopes, one bit each, and sets of them. Names and roles are the API contract's.

use std::fmt;

macro_rules! scopes {
    ($($(#[$doc:meta])* $scope:ident = $name:literal),* $(,)?) => {
        /// One thing a caller may be allowed to do.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Scope {
            $($(#[$doc])* $scope,)*
        }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Scope] = &[$(Scope::$scope),*];

            /// Its name, `resource:verb`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Scope::$scope => $name,)*
                }
            }
        }
    };
}

scopes! {
    /// Reading the log and its statistics.
    LogsRead = "logs:read",
    /// Reading alerts.
    AlertsRead = "alerts:read",
    /// Reading alert rules.
    AlertRulesRead = "alertrules:read",
    /// Reading what is known of clients, users and hosts.
    EntitiesRead = "entities:read",
    /// Searching.
    SearchRead = "search:read",
    /// Reading the state of the sources.
    LogSourceRead = "logsource:read",
    /// Reading the audit log.
    AuditRead = "audit:read",
    /// Taking rows away in files.
    LogsExport = "logs:export",
    /// Adding events.
    LogsWrite = "logs:write",
    /// Removing events.
    LogsPurge = "logs:purge",
    /// Changing alerts.
    AlertsWrite = "alerts:write",
    /// Changing alert rules.
    AlertRulesWrite = "alertrules:write",
    /// Changing saved searches.
    SearchWrite = "search:write",
    /// Changing settings.
    SettingsWrite = "settings:write",
    /// Managing accounts.
    UsersWrite = "users:write",
    /// What only the administrator may.
    Admin = "admin",
    /// Seeing personal data while masking is on. No role gives it; it is granted to a named account.
    PiiRead = "pii:read",
}

impl Scope {
    /// What a name stands for, written `logs:read` or the other way round, `read:logs`.
    pub fn parse(name: &str) -> Option<Scope> {
        let name = name.trim();
        let turned = name.split_once(':').map(|(verb, resource)| format!("{resource}:{verb}"));
        Scope::ALL.iter().copied().find(|scope| scope.name() == name || turned.as_deref() == Some(scope.name()))
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// None.
    pub const NONE: Scopes = Scopes(0);

    /// These.
    pub const fn of(scopes: &[Scope]) -> Scopes {
        let (mut bits, mut index) = (0, 0);
        while index < scopes.len() {
            bits |= scopes[index].bit();
            index += 1;
        }
        Scopes(bits)
    }

    /// Whether the scope is one of them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Those in both: what is left of an owner's scopes in a token.
    pub const fn and(self, other: Scopes) -> Scopes {
        Scopes(self.0 & other.0)
    }

    /// Those in either.
    pub const fn or(self, other: Scopes) -> Scopes {
        Scopes(self.0 | other.0)
    }

    /// Those that are not in `other`.
    pub const fn without(self, other: Scopes) -> Scopes {
        Scopes(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.has(*scope))
    }

    /// Reads names separated by blanks or commas.
    ///
    /// # Errors
    /// The first name that is no scope.
    pub fn parse(names: &str) -> Result<Scopes, String> {
        names
            .split([' ', ',', '\t', '\n'])
            .filter(|name| !name.is_empty())
            .map(|name| Scope::parse(name).ok_or_else(|| name.to_owned()))
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Scopes {
        Scopes(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

/// The names, separated by blanks, as a token's `scope` claim has them (RFC 8693, section 4.2).
impl fmt::Display for Scopes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                out.write_str(" ")?;
            }
            out.write_str(scope.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Scopes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_both_ways() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.name()), Some(*scope));
        }
        assert_eq!(Scope::parse("write:logs"), Some(Scope::LogsWrite));
        for none in ["", "logs", "logs:", ":read", "admin:", "logs:read:x", "LOGS:READ"] {
            assert_eq!(Scope::parse(none), None, "{none}");
        }
    }

    #[test]
    fn sets_are_sets() {
        let some = Scopes::of(&[Scope::LogsRead, Scope::PiiRead]);
        assert_eq!(some.to_string(), "logs:read pii:read");
        assert_eq!(Scopes::parse("pii:read, read:logs"), Ok(some));
        assert_eq!(Scopes::parse("logs:read root"), Err("root".to_owned()));
        assert_eq!(some.and(Scopes::of(&[Scope::LogsRead, Scope::Admin])), Scopes::of(&[Scope::LogsRead]));
        assert_eq!(some.without(Scopes::of(&[Scope::PiiRead])), Scopes::of(&[Scope::LogsRead]));
        assert!(Scopes::NONE.is_empty() && Scopes::parse("").unwrap().is_empty());
        assert_eq!(Scope::ALL.iter().copied().collect::<Scopes>().iter().count(), Scope::ALL.len());
    }
}
