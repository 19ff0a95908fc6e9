//! Which categories of rules new rows are scored by: a list of those that are switched off.
//!
//! Not here: which categories there are (`scoring`).

use super::super::audit::{self, Actor, AuditEntry};
use super::super::{ControlDb, ControlResult};
use super::sanction::{changed, holds};
use super::{Settings, WAF_DISABLED_CATEGORIES};
use serde_json::json;
use std::sync::Arc;

impl ControlDb {
    /// Switches a category on or off; audited with what it was before.
    ///
    /// # Errors
    /// [`super::super::ControlError::Settings`] when the list is full.
    pub fn switch_waf_category(&self, category: &str, enabled: bool, actor: &Actor) -> ControlResult<Arc<Settings>> {
        let (settings, ()) = self.change_settings(|transaction, before| {
            let off = before.get(WAF_DISABLED_CATEGORIES);
            let was_enabled = !holds(&off, category);
            if was_enabled != enabled {
                let value = changed(&WAF_DISABLED_CATEGORIES, &off, category, !enabled)?;
                self.store_setting(transaction, &WAF_DISABLED_CATEGORIES.spec, &value)?;
            }
            let entry = AuditEntry::new("waf.category", category)
                .before(json!({ "enabled": was_enabled }))
                .after(json!({ "enabled": enabled }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })?;
        Ok(settings)
    }
}
