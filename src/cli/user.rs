//! `tidegate user`: accounts, on the data directory itself, beside a running server too. What a command does is audited
//! as `system`; whoever may run it owns the databases anyway.

use crate::auth::{Password, hash_password};
use crate::control::{Account, AccountChange, AccountName, Actor, ControlDb, NewAccount, PasswordChange, Theme};
use crate::model::{Role, Timestamp};
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// List the accounts.
    List(Print),
    /// Make an account; its password is printed once and has to be changed at the first login.
    Add {
        /// Its name.
        name: String,
        /// What it may do: viewer, auditor or admin.
        #[arg(long, default_value = "viewer", value_parser = role)]
        role: Role,
        #[command(flatten)]
        print: Print,
    },
    /// Give an account another password, printed once, to be changed at the next login; takes its second factor off.
    Reset {
        /// Its name.
        name: String,
        #[command(flatten)]
        print: Print,
    },
    /// Shut an account out and end its logins.
    Disable {
        /// Its name.
        name: String,
    },
    /// Let an account in again.
    Enable {
        /// Its name.
        name: String,
    },
    /// Change what an account may do, and end its logins.
    Role {
        /// Its name.
        name: String,
        /// viewer, auditor or admin.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Let an account read personal data while masking is on.
    GrantPii {
        /// Its name.
        name: String,
    },
    /// Take that away.
    RevokePii {
        /// Its name.
        name: String,
    },
    /// Remove an account, its logins and its keys.
    Delete {
        /// Its name.
        name: String,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Print {
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "use viewer, auditor or admin".to_owned())
}

pub(super) fn run(command: &UserCommand, control: &ControlDb) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("user");
    let change = |name: &str, change: AccountChange| -> anyhow::Result<()> {
        control.change_account(named(control, name)?.id, &change, &actor)?;
        Ok(())
    };
    match command {
        UserCommand::List(print) => list(control, *print)?,
        UserCommand::Add { name, role, print } => add(control, name, *role, *print, &actor)?,
        UserCommand::Reset { name, print } => {
            let account = named(control, name)?;
            let password = Password::generate()?;
            control.change_password(account.id, &hash_password(&password)?, PasswordChange::Reset, &actor)?;
            tell(&account, &password, *print)?;
        }
        UserCommand::Disable { name } => {
            change(name, AccountChange { enabled: Some(false), ..AccountChange::default() })?
        }
        UserCommand::Enable { name } => {
            change(name, AccountChange { enabled: Some(true), ..AccountChange::default() })?
        }
        UserCommand::Role { name, role } => {
            change(name, AccountChange { role: Some(*role), ..AccountChange::default() })?
        }
        UserCommand::GrantPii { name } => {
            change(name, AccountChange { pii_read: Some(true), ..AccountChange::default() })?;
        }
        UserCommand::RevokePii { name } => {
            change(name, AccountChange { pii_read: Some(false), ..AccountChange::default() })?;
        }
        UserCommand::Delete { name } => control.delete_account(named(control, name)?.id, &actor)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The account of that name.
pub(super) fn named(control: &ControlDb, name: &str) -> anyhow::Result<Account> {
    control.account(name)?.with_context(|| format!("there is no user {name}; `tidegate user list` names them"))
}

fn add(control: &ControlDb, name: &str, role: Role, print: Print, actor: &Actor) -> anyhow::Result<()> {
    let password = Password::generate()?;
    let new = NewAccount {
        name: AccountName::new(name).with_context(|| format!("'{name}'"))?,
        password_hash: hash_password(&password)?,
        role,
        display_name: String::new(),
        email: String::new(),
        theme: Theme::System,
        must_change_password: true,
    };
    let account = control.create_account(&new, actor)?;
    tell(&account, &password, print)
}

fn tell(account: &Account, password: &Password, Print { json }: Print) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        let told = json!({ "id": account.id.0, "username": account.name, "temporary_password": password.expose() });
        writeln!(out, "{told}")?;
    } else {
        writeln!(out, "  user      {}", account.name)?;
        writeln!(out, "  password  {}   (shown this once; to be changed at the next login)", password.expose())?;
    }
    Ok(())
}

fn list(control: &ControlDb, Print { json }: Print) -> anyhow::Result<()> {
    let accounts = control.accounts()?;
    let mut out = std::io::stdout().lock();
    if json {
        let rows: Vec<Value> = accounts.iter().map(shown).collect();
        writeln!(out, "{}", Value::from(rows))?;
        return Ok(());
    }
    for account in &accounts {
        let last = account.last_login_at.map_or_else(|| "never".to_owned(), Timestamp::to_sql);
        let marks = [
            (!account.enabled, "disabled"),
            (account.pii_read, "pii:read"),
            (account.needs_totp(), "second factor"),
            (account.must_change_password, "must change password"),
        ];
        let marks: Vec<_> = marks.into_iter().filter(|(set, _)| *set).map(|(_, word)| word).collect();
        let id = account.id.0;
        writeln!(
            out,
            "{id:>4}  {:<24} {:<8} last login {last:<20} {}",
            account.name,
            account.role.name(),
            marks.join(", ")
        )?;
    }
    Ok(())
}

fn shown(account: &Account) -> Value {
    json!({
        "id": account.id.0, "username": account.name, "role": account.role.name(), "enabled": account.enabled,
        "pii_read": account.pii_read, "totp": account.needs_totp(),
        "must_change_password": account.must_change_password, "created_at": account.created_at.to_rfc3339(),
        "last_login": account.last_login_at.map(Timestamp::to_rfc3339),
    })
}
