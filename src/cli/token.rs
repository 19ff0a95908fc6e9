//! `tidegate token`: API keys for programs, on the data directory itself, beside a running server too. Audited as
//! `system`.

use super::user::{Print, named};
use crate::auth::Secret;
use crate::control::{Actor, ApiKey, ControlDb, NewApiKey};
use crate::model::{Clock, DAY_MS, Scopes, SystemClock, Timestamp};
use anyhow::ensure;
use clap::Subcommand;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a key of a user; it is printed once.
    Create {
        /// Whose it is.
        user: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may do, as far as its owner may: names parted by blanks or commas.
        #[arg(long, default_value = "logs:read", value_parser = scopes)]
        scopes: Scopes,
        /// A log source it is restricted to; may be given again. All, unless given.
        #[arg(long, value_name = "NAME")]
        source: Vec<String>,
        /// Days it is good.
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
        #[command(flatten)]
        print: Print,
    },
    /// List the keys, without their secrets.
    List {
        /// Only this user's.
        user: Option<String>,
        #[command(flatten)]
        print: Print,
    },
    /// Remove a key; it is worth nothing from then on.
    Revoke {
        /// Its number.
        id: i64,
    },
}

fn scopes(names: &str) -> Result<Scopes, String> {
    match Scopes::parse(names) {
        Ok(scopes) if scopes.is_empty() => Err("name at least one scope".to_owned()),
        Ok(scopes) => Ok(scopes),
        Err(unknown) => Err(format!("{unknown} is no scope")),
    }
}

pub(super) fn run(command: &TokenCommand, control: &ControlDb) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("token");
    match command {
        TokenCommand::Create { user, name, scopes, source, days, print } => {
            let owner = named(control, user)?;
            let beyond = scopes.without(owner.scopes());
            ensure!(beyond.is_empty(), "{} may not {beyond}; a key may do what its owner may", owner.name);
            let fits = (1..=100).contains(&name.chars().count()) && !name.contains(char::is_control);
            ensure!(fits, "--name: use 1 to 100 characters on one line");
            let secret = Secret::api_key()?;
            let new = NewApiKey {
                name: name.clone(),
                prefix: secret.prefix().to_owned(),
                secret: secret.hash(),
                scopes: *scopes,
                sources: (!source.is_empty()).then(|| Arc::from(source.clone())),
                expires_at: Some(Timestamp(SystemClock.now().0 + days * DAY_MS)),
            };
            let key = control.create_api_key(owner.id, &new, &actor)?;
            let mut out = std::io::stdout().lock();
            if print.json {
                let mut told = shown(&key, &owner.name);
                told["key"] = Value::from(secret.expose());
                writeln!(out, "{told}")?;
            } else {
                writeln!(out, "  key {:<4}  {}   (shown this once)", key.id, secret.expose())?;
            }
        }
        TokenCommand::List { user, print } => {
            let owner = user.as_deref().map(|user| named(control, user)).transpose()?.map(|owner| owner.id);
            list(control, control.api_keys(owner)?, *print)?;
        }
        TokenCommand::Revoke { id } => control.delete_api_key(*id, None, &actor)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(control: &ControlDb, keys: Vec<ApiKey>, Print { json }: Print) -> anyhow::Result<()> {
    let names: BTreeMap<_, _> = control.accounts()?.into_iter().map(|account| (account.id, account.name)).collect();
    let owner = |key: &ApiKey| names.get(&key.account).cloned().unwrap_or_default();
    let mut out = std::io::stdout().lock();
    if json {
        let rows: Vec<Value> = keys.iter().map(|key| shown(key, &owner(key))).collect();
        writeln!(out, "{}", Value::from(rows))?;
        return Ok(());
    }
    for key in &keys {
        let ends = key.expires_at.map_or_else(|| "never".to_owned(), Timestamp::to_sql);
        let used = key.last_used_at.map_or_else(|| "never".to_owned(), Timestamp::to_sql);
        let (id, prefix, scopes) = (key.id, &key.prefix, key.scopes);
        writeln!(out, "{id:>4}  {prefix}…  {:<16} {:<24} ends {ends}, used {used}, {scopes}", owner(key), key.name)?;
    }
    Ok(())
}

fn shown(key: &ApiKey, owner: &str) -> Value {
    json!({
        "id": key.id, "user": owner, "name": key.name, "prefix": key.prefix, "scopes": key.scopes.to_string(),
        "sources": key.sources.as_ref().map(|sources| sources.to_vec()),
        "created_at": key.created_at.to_rfc3339(), "expires_at": key.expires_at.map(Timestamp::to_rfc3339),
        "last_used": key.last_used_at.map(Timestamp::to_rfc3339),
    })
}
