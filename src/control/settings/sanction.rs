//! Which services people may use: two lists of names, of which each service is in one at most once it was decided about.
//!
//! Not here: which services there are (`classify`).

use super::super::audit::{self, Actor, AuditEntry};
use super::super::lists::ListItem;
use super::super::{ControlDb, ControlError, ControlResult};
use super::{
    SANCTIONED_CATEGORIES, SANCTIONED_SERVICES, Setting, SettingFault, SettingSpec, SettingValue, Settings,
    UNSANCTIONED_SERVICES,
};
use serde_json::json;
use std::sync::Arc;

/// What is sanctioned, by the settings of one instant. Names are compared without case.
#[derive(Clone, Debug)]
pub struct Sanctions {
    categories: Arc<[String]>,
    sanctioned: Arc<[String]>,
    unsanctioned: Arc<[String]>,
}

impl Sanctions {
    /// By those settings.
    pub fn of(settings: &Settings) -> Sanctions {
        Sanctions {
            categories: settings.get(SANCTIONED_CATEGORIES),
            sanctioned: settings.get(SANCTIONED_SERVICES),
            unsanctioned: settings.get(UNSANCTIONED_SERVICES),
        }
    }

    /// What was decided about a service by name; `None` where nothing was, so that its category says.
    pub fn decision(&self, service: &str) -> Option<bool> {
        if holds(&self.unsanctioned, service) {
            return Some(false);
        }
        holds(&self.sanctioned, service).then_some(true)
    }

    /// Whether a service of a category may be used.
    pub fn allow(&self, service: &str, category: &str) -> bool {
        self.decision(service).unwrap_or_else(|| holds(&self.categories, category))
    }
}

impl ControlDb {
    /// Decides about a service, which leaves the other list; audited with what was decided before.
    ///
    /// # Errors
    /// [`ControlError::Settings`] when the list is full.
    pub fn sanction_service(&self, service: &str, sanctioned: bool, actor: &Actor) -> ControlResult<Arc<Settings>> {
        let (into, out_of) = match sanctioned {
            true => (SANCTIONED_SERVICES, UNSANCTIONED_SERVICES),
            false => (UNSANCTIONED_SERVICES, SANCTIONED_SERVICES),
        };
        let (settings, ()) = self.change_settings(|transaction, before| {
            for (setting, wanted) in [(into, true), (out_of, false)] {
                let names = before.get(setting);
                if holds(&names, service) != wanted {
                    let value = changed(&setting, &names, service, wanted)?;
                    self.store_setting(transaction, &setting.spec, &value)?;
                }
            }
            let entry = AuditEntry::new("services.update", service)
                .before(json!({ "sanctioned": Sanctions::of(before).decision(service) }))
                .after(json!({ "sanctioned": sanctioned }));
            audit::record(transaction, self.now(), actor, &entry)?;
            Ok(())
        })?;
        Ok(settings)
    }
}

pub(super) fn holds(names: &[String], service: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(service))
}

/// A list with a name, or without it.
pub(super) fn changed(
    setting: &Setting<Arc<[String]>>,
    names: &[String],
    service: &str,
    wanted: bool,
) -> ControlResult<SettingValue> {
    let spec: SettingSpec = setting.spec;
    let kept = names.iter().filter(|name| !name.eq_ignore_ascii_case(service)).map(String::as_str);
    let list = ListItem::Name.read(kept.chain(wanted.then_some(service)));
    let refused = |fault| ControlError::Settings(vec![fault]);
    let list = list.map_err(|entry| refused(SettingFault::Entry { name: spec.name, entry }))?;
    spec.accept(&SettingValue::List(list)).map_err(refused)
}
