//! Settings: what can be changed while Tidegate runs. [`SETTINGS`] is the registry; adding a setting is one entry there.
//! A value comes from the database, else from config.toml, else from the registry.
//!
//! Not here: what is fixed at start (`config`).

mod registry;
mod snapshot;
mod spec;
mod value;

pub use registry::{
    API_ALLOWED_ORIGINS, API_BURST_RATE, API_BURST_SIZE, API_COVERAGE_RATE_LIMIT, API_DETAIL_RATE_LIMIT,
    API_EXPENSIVE_RATE_LIMIT, API_INGEST_HOURLY_QUOTA, API_LIST_RATE_LIMIT, API_QUERY_HOURLY_QUOTA,
    API_RATE_LIMIT_ENABLED, API_TRUST_PROXY_HEADERS, API_TRUSTED_PROXIES, ARCHIVE_ENABLED, AUDIT_RETENTION_DAYS,
    CLIENT_ALIASES, COUNT_AUTH_CHALLENGES_AS_BLOCKED, GDPR_CLIENT_LEVEL, GDPR_MODE, GDPR_REVEAL_NEEDS_APPROVAL,
    GDPR_STORE_PSEUDONYMISED, GDPR_URL_LEVEL, GDPR_USER_LEVEL, HTTPS_ENABLED, IGNORED_HOSTS, INTERNAL_NETWORKS,
    LOG_RETENTION_DAYS, NOTIFY_COOLDOWN_MINUTES, NOTIFY_LOGIN_FAILURES, NOTIFY_SEVERITIES, PASSWORD_MIN_LENGTH,
    ROLLUP_RETENTION_DAYS, SELF_SIGNED_MAX_HOURS, SESSION_HOURS, SETTINGS, SMTP_FROM, SMTP_HOST, SMTP_PASSWORD,
    SMTP_PORT, SMTP_TLS, SMTP_USER, WAF_BLOCK_THRESHOLD, spec,
};
pub use snapshot::{SettingDefaults, SettingSource, Settings};
pub use spec::{Setting, SettingKind, SettingSpec, SettingType};
pub use value::{SettingFault, SettingValue};

use super::audit::{self, Actor, AuditEntry};
use super::{ControlDb, ControlError, ControlResult};
use std::sync::Arc;

impl ControlDb {
    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
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
        self.change_settings(|transaction| {
            let now = self.now();
            let before = Settings::read(transaction, &self.defaults)?;
            for (spec, value) in &accepted {
                transaction
                    .prepare_cached(
                        "INSERT INTO setting (name, value, changed_at_ms) VALUES (?1, ?2, ?3)
                         ON CONFLICT (name) DO UPDATE SET value = ?2, changed_at_ms = ?3",
                    )?
                    .execute((spec.name, value.to_text(), now.0))?;
                let entry = AuditEntry::new("settings.update", spec.name)
                    .before(before.value(spec).to_audit(spec.secret))
                    .after(value.to_audit(spec.secret));
                audit::record(transaction, now, actor, &entry)?;
            }
            Settings::read(transaction, &self.defaults)
        })
    }

    /// Reads the settings again, in case another process has set some.
    pub fn refresh_settings(&self) -> ControlResult<Arc<Settings>> {
        self.change_settings(|transaction| Settings::read(transaction, &self.defaults))
    }

    /// Runs a change and makes the settings it answers the present ones. One at a time, so
    /// that snapshots appear in the order their transactions were committed.
    fn change_settings(
        &self,
        change: impl FnOnce(&rusqlite::Transaction<'_>) -> ControlResult<Settings>,
    ) -> ControlResult<Arc<Settings>> {
        let _order = self.settings_order.lock();
        let settings = Arc::new(self.change(change)?);
        *self.settings.write() = Arc::clone(&settings);
        Ok(settings)
    }
}

#[cfg(test)]
mod tests;
