//! From settings and scopes to a lens.

use crate::control::settings::{GDPR_CLIENT_LEVEL, GDPR_MODE, GDPR_URL_LEVEL, GDPR_USER_LEVEL, Settings};
use crate::model::{ClientLevel, Lens, PseudonymKey, Scope, Scopes, UrlLevel, UserLevel};

/// What a caller with these scopes sees: everything while masking is off or with `pii:read`, else by the levels set. A
/// level this version doesn't know hides everything.
pub(super) fn lens_of(settings: &Settings, scopes: Scopes, key: impl FnOnce() -> PseudonymKey) -> Lens {
    if !settings.get(GDPR_MODE) || scopes.has(Scope::PiiRead) {
        return Lens::PLAIN;
    }
    masked(settings, key())
}

/// What is seen by the levels set, masking on or not.
pub(super) fn masked(settings: &Settings, key: PseudonymKey) -> Lens {
    Lens {
        client: match settings.get(GDPR_CLIENT_LEVEL) {
            "pseudonym" => ClientLevel::Pseudonym(key),
            "prefix" => ClientLevel::Prefix,
            _ => ClientLevel::Mask,
        },
        user: match settings.get(GDPR_USER_LEVEL) {
            "pseudonym" => UserLevel::Pseudonym(key),
            _ => UserLevel::Mask,
        },
        url: url(settings, key),
    }
}

/// How rows are stored when they are stored pseudonymised: clients and users stay apart from each other whatever level
/// they are shown at; of URLs only what is shown is kept.
pub(super) fn stored_pseudonymised(settings: &Settings, key: PseudonymKey) -> Lens {
    Lens { url: url(settings, key), ..Lens::pseudonyms(key) }
}

fn url(settings: &Settings, key: PseudonymKey) -> UrlLevel {
    match settings.get(GDPR_URL_LEVEL) {
        "personal" => UrlLevel::Personal,
        "pseudonym" => UrlLevel::Pseudonym(key),
        _ => UrlLevel::Mask,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::settings::{GDPR_STORE_PSEUDONYMISED, SettingDefaults, SettingValue};
    use crate::control::{Actor, ControlDb};
    use crate::model::{FixedClock, Role};
    use crate::privacy::Privacy;
    use std::sync::Arc;

    struct Scratch {
        _dir: tempfile::TempDir,
        control: Arc<ControlDb>,
        privacy: Privacy,
    }

    fn scratch(pairs: &[(&str, &str)]) -> Scratch {
        let dir = tempfile::tempdir().unwrap();
        let control = ControlDb::open(dir.path(), Arc::new(FixedClock::default()), SettingDefaults::default()).unwrap();
        let control = Arc::new(control);
        let privacy = Privacy::open(dir.path(), Arc::clone(&control)).unwrap();
        let scratch = Scratch { _dir: dir, control, privacy };
        scratch.set(pairs);
        scratch
    }

    impl Scratch {
        fn set(&self, pairs: &[(&str, &str)]) {
            for (name, value) in pairs {
                self.control
                    .set_setting(name, SettingValue::Text((*value).to_owned()), &Actor::system("test"))
                    .unwrap();
            }
        }

        fn lens(&self, scopes: Scopes) -> Lens {
            lens_of(&self.control.settings(), scopes, || self.privacy.pseudonym_key())
        }
    }

    #[test]
    fn masking_is_for_whoever_has_no_scope_for_personal_data() {
        let pii = Scopes::of(&[Scope::PiiRead]);
        let off = scratch(&[]);
        assert_eq!((off.lens(Role::Viewer.scopes()), off.lens(pii)), (Lens::PLAIN, Lens::PLAIN));
        let on = scratch(&[("gdpr_mode", "true")]);
        for role in Role::ALL {
            assert_eq!(on.lens(role.scopes()), on.privacy.pseudonyms(), "{role:?}");
            assert_eq!(on.lens(role.scopes().or(pii)), Lens::PLAIN, "{role:?}");
        }
        on.set(&[("gdpr_client_level", "prefix"), ("gdpr_user_level", "mask"), ("gdpr_url_level", "mask")]);
        let levels = Lens { client: ClientLevel::Prefix, user: UserLevel::Mask, url: UrlLevel::Mask };
        assert_eq!(on.lens(Role::Admin.scopes()), levels);
        on.set(&[("gdpr_client_level", "mask")]);
        assert_eq!(on.lens(Role::Admin.scopes()), Lens::MASKED);
    }

    #[test]
    fn storing_pseudonymised_is_a_setting_of_its_own() {
        let some = scratch(&[("gdpr_client_level", "mask")]);
        assert_eq!(some.privacy.stored_as(), Lens::PLAIN);
        some.set(&[(GDPR_STORE_PSEUDONYMISED.spec.name, "true")]);
        assert_eq!(some.privacy.stored_as(), some.privacy.pseudonyms());
    }

    #[test]
    fn a_rotation_renames_everything_and_is_audited() {
        let some = scratch(&[]);
        let elsewhere = Privacy::open(some._dir.path(), Arc::clone(&some.control)).unwrap();
        let before = elsewhere.pseudonyms();
        some.privacy.rotate_key(&Actor::system("privacy")).unwrap();
        let after = elsewhere.pseudonyms();
        assert_ne!(before.epoch(), after.epoch());
        assert_ne!(before.client(b"10.0.0.1"), after.client(b"10.0.0.1"));
        let rows = some.control.audit_page(&Default::default(), 10, 0).unwrap().0;
        assert_eq!((rows[0].action.as_str(), rows[0].state.name()), ("privacy.rotate_key", "done"));
        assert_ne!(rows[0].before, rows[0].after);
    }
}
