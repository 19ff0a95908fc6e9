//! API keys: what an account gives to programs. A key is stored as its hash; what it may do is written beside it and is
//! only ever a part of what its owner may.

use super::accounts::by_id;
use super::audit::{self, Actor, AuditEntry};
use super::logins::USED_EVERY_MS;
use super::{Account, ControlDb, ControlError, ControlResult, SecretHash};
use crate::model::{AccountId, Scopes, Timestamp};
use rusqlite::{Row, ToSql, named_params};
use serde_json::{Value, json};
use std::sync::Arc;

/// Keys an account has at most.
pub const MOST_API_KEYS: i64 = 100;

/// A key, without its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiKey {
    /// Its number; never reused.
    pub id: i64,
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do, as far as its owner may.
    pub scopes: Scopes,
    /// The log sources it is restricted to; none for all.
    pub sources: Option<Arc<[String]>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none for never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it has ended by then.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A key to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// The hash of the key.
    pub secret: SecretHash,
    /// What it may do.
    pub scopes: Scopes,
    /// The log sources it is restricted to; none for all.
    pub sources: Option<Arc<[String]>>,
    /// When it ends; none for never.
    pub expires_at: Option<Timestamp>,
}

impl ControlDb {
    /// Keeps a key.
    ///
    /// # Errors
    /// [`ControlError::NoAccount`]; [`ControlError::TooMany`] above [`MOST_API_KEYS`].
    pub fn create_api_key(&self, owner: AccountId, new: &NewApiKey, actor: &Actor) -> ControlResult<ApiKey> {
        self.change(|transaction| {
            let now = self.now();
            let account = by_id(transaction, owner)?.ok_or(ControlError::NoAccount)?;
            let count = "SELECT count(*) FROM api_key WHERE account_id = ?1";
            if transaction.query_row(count, [owner.0], |row| row.get::<_, i64>(0))? >= MOST_API_KEYS {
                return Err(ControlError::TooMany { what: "API keys of one account", most: MOST_API_KEYS });
            }
            transaction
                .prepare_cached(
                    "INSERT INTO api_key (account_id, name, prefix, secret_hash, scopes, sources, created_at_ms,
                                          expires_at_ms)
                     VALUES (:account, :name, :prefix, :secret, :scopes, :sources, :now, :expires)",
                )?
                .execute(named_params! {
                    ":account": owner.0, ":name": new.name, ":prefix": new.prefix, ":secret": new.secret.0,
                    ":scopes": new.scopes.to_string(),
                    ":sources": new.sources.as_ref().map(|sources| json!(&sources[..]).to_string()),
                    ":now": now.0, ":expires": new.expires_at.map(|at| at.0),
                })?;
            let made = ApiKey {
                id: transaction.last_insert_rowid(),
                account: owner,
                name: new.name.clone(),
                prefix: new.prefix.clone(),
                scopes: new.scopes,
                sources: new.sources.clone(),
                created_at: now,
                expires_at: new.expires_at,
                last_used_at: None,
            };
            let entry = AuditEntry::new("api_key.create", target(&made)).after(shown(&made, &account));
            audit::record(transaction, now, actor, &entry)?;
            Ok(made)
        })
    }

    /// The key of that hash, where it has not ended, and whose it is.
    pub fn api_key(&self, secret: &SecretHash) -> ControlResult<Option<(ApiKey, Account)>> {
        self.one_api_key("secret_hash", secret.0)
    }

    /// The key of that number, where it has not ended, and whose it is.
    pub fn api_key_by_id(&self, id: i64) -> ControlResult<Option<(ApiKey, Account)>> {
        self.one_api_key("id", id)
    }

    fn one_api_key(&self, column: &'static str, value: impl ToSql) -> ControlResult<Option<(ApiKey, Account)>> {
        self.read_together(|connection| {
            let mut statement = connection.prepare_cached(&format!("SELECT * FROM api_key WHERE {column} = ?1"))?;
            let found: Option<ApiKey> = statement.query_and_then([value], api_key)?.next().transpose()?;
            let Some(key) = found.filter(|key| !key.is_expired(self.now())) else { return Ok(None) };
            Ok(by_id(connection, key.account)?.map(|account| (key, account)))
        })
    }

    /// An account's keys, or everybody's, by number; those that have ended too.
    pub fn api_keys(&self, owner: Option<AccountId>) -> ControlResult<Vec<ApiKey>> {
        self.read(|connection| {
            let sql = "SELECT * FROM api_key WHERE ?1 IS NULL OR account_id = ?1 ORDER BY id";
            connection.prepare_cached(sql)?.query_and_then([owner.map(|id| id.0)], api_key)?.collect()
        })
    }

    /// Removes a key, of that account or of anybody.
    ///
    /// # Errors
    /// [`ControlError::NoApiKey`].
    pub fn delete_api_key(&self, id: i64, owner: Option<AccountId>, actor: &Actor) -> ControlResult<()> {
        self.change_identity(|transaction| {
            let mut statement = transaction
                .prepare_cached("DELETE FROM api_key WHERE id = ?1 AND (?2 IS NULL OR account_id = ?2) RETURNING *")?;
            let gone = statement.query_and_then((id, owner.map(|id| id.0)), api_key)?.next().transpose()?;
            let gone = gone.ok_or(ControlError::NoApiKey)?;
            let account = by_id(transaction, gone.account)?.ok_or(ControlError::NoAccount)?;
            let entry = AuditEntry::new("api_key.delete", target(&gone)).before(shown(&gone, &account));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })
    }

    /// Notes that a key was used, at most once a minute.
    pub fn api_key_used(&self, key: &ApiKey) -> ControlResult<()> {
        let now = self.now();
        if key.last_used_at.is_some_and(|at| now.0 - at.0 < USED_EVERY_MS) {
            return Ok(());
        }
        self.change(|transaction| {
            let sql = "UPDATE api_key SET last_used_at_ms = ?2 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute((key.id, now.0))?;
            Ok(())
        })
    }
}

fn target(key: &ApiKey) -> String {
    format!("API key {}", key.id)
}

fn shown(key: &ApiKey, owner: &Account) -> Value {
    json!({
        "name": key.name, "owner": owner.name, "prefix": key.prefix, "scopes": key.scopes.to_string(),
        "sources": key.sources.as_ref().map(|sources| sources.to_vec()),
        "expires_at": key.expires_at.map(Timestamp::to_rfc3339),
    })
}

fn api_key(row: &Row<'_>) -> ControlResult<ApiKey> {
    let id: i64 = row.get("id")?;
    let odd = |what: &str| ControlError::Stored {
        table: "api_key",
        row: id.to_string(),
        message: format!("its {what} can't be read; remove the key and make another"),
    };
    let sources = row.get::<_, Option<String>>("sources")?;
    let sources = sources.map(|text| serde_json::from_str::<Vec<String>>(&text).map_err(|_| odd("sources")));
    Ok(ApiKey {
        id,
        account: AccountId(row.get("account_id")?),
        name: row.get("name")?,
        prefix: row.get("prefix")?,
        scopes: Scopes::parse(&row.get::<_, String>("scopes")?).map_err(|_| odd("scopes"))?,
        sources: sources.transpose()?.map(Arc::from),
        created_at: Timestamp(row.get("created_at_ms")?),
        expires_at: row.get::<_, Option<i64>>("expires_at_ms")?.map(Timestamp),
        last_used_at: row.get::<_, Option<i64>>("last_used_at_ms")?.map(Timestamp),
    })
}

#[cfg(test)]
mod tests;
