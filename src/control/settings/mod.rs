//! Settings: what can be changed while Tidegate runs. [`SETTINGS`] is the registry; adding a setting is one entry there.
//! A value comes from the database, else from config.toml, else from the registry.
//!
//! Not here: what is fixed at start (`config`).

mod category;
mod handle;
mod import;
mod registry;
mod sanction;
mod snapshot;
mod spec;
mod value;
pub(super) mod watch;

pub use handle::{Setting, SettingType};
pub use import::{ImportMode, ListImport, lists};
pub use registry::{
    ANALYZE_SCHEDULE, API_ALLOWED_ORIGINS, API_BURST_RATE, API_BURST_SIZE, API_COVERAGE_RATE_LIMIT,
    API_DETAIL_RATE_LIMIT, API_EXPENSIVE_RATE_LIMIT, API_INGEST_HOURLY_QUOTA, API_LIST_RATE_LIMIT,
    API_QUERY_HOURLY_QUOTA, API_RATE_LIMIT_ENABLED, API_TRUST_PROXY_HEADERS, API_TRUSTED_PROXIES, ARCHIVE_ENABLED,
    ARCHIVE_MASKING, ARCHIVE_SCHEDULE, AUDIT_RETENTION_DAYS, AUTH_SPRAY_USERS, BEACON_MAX_JITTER_PCT, BEACON_MIN_CALLS,
    CLIENT_ALIASES, COUNT_AUTH_CHALLENGES_AS_BLOCKED, DENIED_BURST_REQUESTS, DIRECT_IP_BLOCKED, FAN_OUT_HOSTS,
    FINDINGS_DISABLED, FINDINGS_SCHEDULE, FINDINGS_WINDOW_DAYS, GDPR_CLIENT_LEVEL, GDPR_MODE,
    GDPR_REVEAL_NEEDS_APPROVAL, GDPR_STORE_PSEUDONYMISED, GDPR_URL_LEVEL, GDPR_USER_LEVEL, HTTPS_ENABLED,
    HTTPS_FILTERED, IGNORED_HOSTS, INTERNAL_NETWORKS, LOG_RETENTION_DAYS, NEW_DOMAIN_REQUESTS, NEW_SERVICE_REQUESTS,
    NOTIFY_COOLDOWN_MINUTES, NOTIFY_LOGIN_FAILURES, NOTIFY_SEVERITIES, PASSWORD_MIN_LENGTH, PROTECTED_DOMAINS,
    RARE_CLIENTS_PCT, REPORT_DAYS, REPORT_FOLDER, REPORT_FORMATS, REPORT_MASKED, REPORT_SCHEDULE, REPORTS_KEPT,
    RETENTION_AUDIT_SCHEDULE, RETENTION_ROLLUPS_SCHEDULE, RETENTION_ROWS_SCHEDULE, ROLLUP_RETENTION_DAYS,
    SANCTIONED_CATEGORIES, SANCTIONED_SERVICES, SCORE_SCHEDULE, SELF_SIGNED_MAX_HOURS, SESSION_HOURS, SETTINGS,
    SMTP_FROM, SMTP_HOST, SMTP_PASSWORD, SMTP_PORT, SMTP_TLS, SMTP_USER, TUNNEL_REQUESTS, UNSANCTIONED_SERVICES,
    UPLOAD_MEGABYTES, UPLOAD_MINUTES, VACUUM_SCHEDULE, VOLUME_OUT_FACTOR, VOLUME_OUT_MEGABYTES, WAF_BLOCK_THRESHOLD,
    WAF_DISABLED_CATEGORIES, WAF_ENABLED, spec,
};
pub use sanction::Sanctions;
pub use snapshot::{SettingDefaults, SettingSource, Settings};
pub use spec::{SettingKind, SettingSpec};
pub use value::{SettingFault, SettingValue};

use super::audit::{self, Actor, AuditEntry};
use super::keys::KeyName;
use super::lists::List;
use super::{Change, ControlDb, ControlError, ControlResult, keys};
use crate::model::Timestamp;
use rusqlite::Transaction;
use std::sync::Arc;
use watch::DataVersion;

impl ControlDb {
    /// The settings as they are now; what another process has set is among them after a quarter of a second.
    pub fn settings(&self) -> Arc<Settings> {
        if self.watch.is_due()
            && let Err(cause) = self.catch_up()
        {
            tracing::warn!(%cause, "settings could not be read again; the earlier ones hold");
        }
        Arc::clone(&self.settings.read())
    }

    /// Sets one setting: [`ControlDb::set_settings`].
    pub fn set_setting(&self, name: &str, value: SettingValue, actor: &Actor) -> ControlResult<Arc<Settings>> {
        self.set_settings(&[(name, value)], actor)
    }

    /// Checks all values, then stores them and an audit entry each in one transaction. Texts that read as the
    /// setting's type are accepted. Answers the settings as they are then.
    ///
    /// # Errors
    /// [`ControlError::Settings`] with every fault; then nothing is stored.
    pub fn set_settings(&self, changes: &[(&str, SettingValue)], actor: &Actor) -> ControlResult<Arc<Settings>> {
        let mut accepted = Vec::with_capacity(changes.len());
        let mut faults = Vec::new();
        for (name, value) in changes {
            match spec(name).and_then(|spec| Ok((spec, spec.accept(value)?))) {
                Ok(change) => accepted.push(change),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(ControlError::Settings(faults));
        }
        let (settings, ()) = self.change_settings(|transaction, before| {
            for (spec, value) in &accepted {
                self.store_setting(transaction, spec, value)?;
                let entry = AuditEntry::new("settings.update", spec.name)
                    .before(spec.audited(&before.value(spec)))
                    .after(spec.audited(value));
                audit::record(transaction, self.now(), actor, &entry)?;
            }
            Ok(())
        })?;
        Ok(settings)
    }

    /// Forgets what was set, so that config.toml's value or the registry's holds again; audited.
    ///
    /// # Errors
    /// [`ControlError::Settings`] when there is no such setting.
    pub fn reset_setting(&self, name: &str, actor: &Actor) -> ControlResult<Arc<Settings>> {
        let spec = spec(name).map_err(|fault| ControlError::Settings(vec![fault]))?;
        let (settings, ()) = self.change_settings(|transaction, before| {
            for table in ["setting", "setting_list"] {
                transaction.prepare_cached(&format!("DELETE FROM {table} WHERE name = ?1"))?.execute([spec.name])?;
            }
            let after = self.read_settings(transaction, before)?;
            let entry = AuditEntry::new("settings.reset", spec.name)
                .before(spec.audited(&before.value(spec)))
                .after(spec.audited(&after.value(spec)));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })?;
        Ok(settings)
    }

    /// Takes other values for settings nobody has set, as config.toml gives them now. Whoever has it changed is put on
    /// record by the caller.
    ///
    /// # Errors
    /// When the database can't be read; then the former values hold.
    pub fn set_defaults(&self, defaults: SettingDefaults) -> ControlResult<Arc<Settings>> {
        let former = std::mem::replace(&mut *self.defaults.write(), defaults);
        match self.change_settings(|_, _| Ok(())) {
            Ok((settings, ())) => Ok(settings),
            Err(cause) => {
                *self.defaults.write() = former;
                Err(cause)
            }
        }
    }

    /// Reads the settings again at once, for tests that can't wait for [`ControlDb::settings`] to notice.
    #[cfg(test)]
    pub(in crate::control) fn refresh_settings(&self) -> ControlResult<Arc<Settings>> {
        let (settings, ()) = self.change_settings(|_, _| Ok(()))?;
        Ok(settings)
    }

    /// Runs a change, which is given the settings before it, and makes what they are after it the present ones.
    pub(super) fn change_settings<T>(
        &self,
        change: impl FnOnce(&Change<'_>, &Settings) -> ControlResult<T>,
    ) -> ControlResult<(Arc<Settings>, T)> {
        let _turn = self.watch.turn();
        let held = Arc::clone(&self.settings.read());
        let (settings, answer) = self.change(|transaction| {
            let before = self.read_settings(transaction, &held)?;
            let answer = change(transaction, &before)?;
            Ok((self.read_settings(transaction, &before)?, answer))
        })?;
        let settings = Arc::new(settings);
        *self.settings.write() = Arc::clone(&settings);
        Ok((settings, answer))
    }

    /// Stores a value its setting has accepted.
    pub(super) fn store_setting(
        &self,
        transaction: &Transaction<'_>,
        spec: &SettingSpec,
        value: &SettingValue,
    ) -> ControlResult<()> {
        match value {
            SettingValue::List(list) if spec.has_table() => store_list(transaction, spec, list, self.now()),
            _ => {
                let text = match spec.secret {
                    true => {
                        keys::seal(self.keys().key(KeyName::Sealing), value.to_text().as_bytes(), spec.name.as_bytes())?
                    }
                    false => value.to_text(),
                };
                transaction
                    .prepare_cached(
                        "INSERT INTO setting (name, value, changed_at_ms) VALUES (?1, ?2, ?3)
                         ON CONFLICT (name) DO UPDATE SET value = ?2, changed_at_ms = ?3",
                    )?
                    .execute((spec.name, text, self.now().0))?;
                Ok(())
            }
        }
    }

    fn read_settings(&self, transaction: &Transaction<'_>, held: &Settings) -> ControlResult<Settings> {
        Settings::read(transaction, &self.defaults.read(), self.keys().key(KeyName::Sealing), held)
    }

    /// Reads the settings again where another connection has committed something. Waits for nobody: whoever has the
    /// database just now leaves it to the next who looks.
    fn catch_up(&self) -> ControlResult<()> {
        let Some(mut seen) = self.watch.try_turn() else { return Ok(()) };
        let held = Arc::clone(&self.settings.read());
        let newer = self.try_read_together(|connection| {
            let version = DataVersion::read(connection)?;
            if version == *seen {
                return Ok(None);
            }
            let settings = Settings::read(connection, &self.defaults.read(), self.keys().key(KeyName::Sealing), &held)?;
            Ok(Some((version, settings)))
        })?;
        if let Some((version, settings)) = newer.flatten() {
            *seen = version;
            *self.settings.write() = Arc::new(settings);
        }
        Ok(())
    }
}

fn store_list(transaction: &Transaction<'_>, spec: &SettingSpec, list: &List, now: Timestamp) -> ControlResult<()> {
    let entries = list.to_text();
    transaction
        .prepare_cached(
            "INSERT INTO setting_list (name, digest, changed_at_ms, entries) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET digest = ?2, changed_at_ms = ?3, entries = ?4",
        )?
        .execute((spec.name, snapshot::digest(&entries).cast_signed(), now.0, &entries))?;
    Ok(())
}

#[cfg(test)]
mod tests;
