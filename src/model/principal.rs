//! Who asks: an account, what it may do at most, and what the credential it came with leaves of that.

use super::{Scope, Scopes};
use std::sync::Arc;

/// What an account may do; each role may do what the one before it may.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Reads the log.
    Viewer,
    /// Reads the audit log too, and takes rows away in files.
    Auditor,
    /// Everything but reading personal data while masking is on.
    Admin,
}

impl Role {
    /// Every role, the one that may least first.
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Auditor, Role::Admin];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }

    /// What a word stands for.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What the role gives: never [`Scope::PiiRead`].
    pub fn scopes(self) -> Scopes {
        const VIEWER: Scopes = Scopes::of(&[
            Scope::LogsRead,
            Scope::AlertsRead,
            Scope::AlertRulesRead,
            Scope::EntitiesRead,
            Scope::SearchRead,
            Scope::LogSourceRead,
        ]);
        match self {
            Role::Viewer => VIEWER,
            Role::Auditor => VIEWER.or(Scopes::of(&[Scope::AuditRead, Scope::LogsExport])),
            Role::Admin => Scope::ALL.iter().copied().filter(|scope| *scope != Scope::PiiRead).collect(),
        }
    }
}

/// The number of an account; never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AccountId(pub i64);

/// What a caller proved who it is with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Credential {
    /// Name and password, with every request.
    Password,
    /// The session cookie; the session's number.
    Session(i64),
    /// An access token; the number of the login it came from.
    AccessToken(i64),
    /// An API key; its number.
    ApiKey(i64),
    /// A token the account signed itself with its API access secret.
    SelfSigned,
}

impl Credential {
    /// For the audit log: `API key 3`.
    pub fn describe(&self) -> String {
        match self {
            Credential::Password => "password".to_owned(),
            Credential::Session(id) => format!("session {id}"),
            Credential::AccessToken(id) => format!("access token {id}"),
            Credential::ApiKey(id) => format!("API key {id}"),
            Credential::SelfSigned => "self-signed token".to_owned(),
        }
    }

    /// Whether it stands for the person, so that it may manage that person's own credentials: a password, a session or
    /// an access token, never a key made for a program.
    pub fn is_personal(&self) -> bool {
        matches!(self, Credential::Password | Credential::Session(_) | Credential::AccessToken(_))
    }
}

/// An authenticated caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Principal {
    /// The account's number.
    pub account: AccountId,
    /// The account's name.
    pub username: String,
    /// The account's role.
    pub role: Role,
    /// What it may do: its role's scopes and those granted to it, narrowed by the credential.
    pub scopes: Scopes,
    /// What it came with.
    pub credential: Credential,
    /// The names of the log sources it is restricted to; none for all.
    pub sources: Option<Arc<[String]>>,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_include_each_other_and_none_reads_personal_data() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
            assert!(pair[0].scopes().without(pair[1].scopes()).is_empty(), "{pair:?}");
        }
        for role in Role::ALL {
            assert!(!role.scopes().has(Scope::PiiRead));
            assert_eq!(Role::parse(role.name()), Some(role));
        }
        assert_eq!(Role::Auditor.scopes().without(Role::Viewer.scopes()).to_string(), "audit:read logs:export",);
        assert!(Role::Admin.scopes().has(Scope::Admin) && !Role::Auditor.scopes().has(Scope::Admin));
    }
}
