//! Who sees what of a person: the lens a principal looks through, the lens rows are stored through, and the key behind
//! the pseudonyms. What a lens does is `model`'s, the paperwork of a reveal `control`'s, erasing and handing out the
//! store's.

mod policy;
mod traces;

pub use traces::find_in_files;

use crate::control::keys::{KeyFile, KeyName};
use crate::control::settings::{ARCHIVE_MASKING, GDPR_REVEAL_NEEDS_APPROVAL, GDPR_STORE_PSEUDONYMISED};
use crate::control::{Actor, ControlDb, ControlResult};
use crate::model::{Lens, Principal, PseudonymKey, Scopes};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// The privacy of an installation: its settings and its key, as they are whenever it is asked.
#[derive(Debug)]
pub struct Privacy {
    control: Arc<ControlDb>,
    key: KeyFile,
}

impl Privacy {
    /// The privacy of the installation in a data directory that exists; makes its key where there is none.
    ///
    /// # Errors
    /// When the key can't be read or made.
    pub fn open(data_dir: &Path, control: Arc<ControlDb>) -> ControlResult<Privacy> {
        Ok(Privacy { key: KeyFile::open(data_dir, KeyName::Pseudonym)?, control })
    }

    /// How personal values appear to a principal, by the settings of this instant.
    pub fn lens_of(&self, principal: &Principal) -> Lens {
        policy::lens_of(&self.control.settings(), principal.scopes, || self.pseudonym_key())
    }

    /// How personal values appear to whoever has no scope, as in what commands print, by the settings of this instant.
    pub fn lens_of_nobody(&self) -> Lens {
        policy::lens_of(&self.control.settings(), Scopes::of(&[]), || self.pseudonym_key())
    }

    /// How personal values appear where they are to be masked whether or not the settings have masking on, by the levels of
    /// this instant.
    pub fn masked(&self) -> Lens {
        policy::masked(&self.control.settings(), self.pseudonym_key())
    }

    /// How rows are stored, by the settings of this instant: as logged, or pseudonymised.
    pub fn stored_as(&self) -> Lens {
        let settings = self.control.settings();
        if settings.get(GDPR_STORE_PSEUDONYMISED) {
            policy::stored_pseudonymised(&settings, self.pseudonym_key())
        } else {
            Lens::PLAIN
        }
    }

    /// What archives written from now on show of a person, by the settings of this instant: the setting's word, the lens,
    /// and the number of the key that makes pseudonyms where any are made. A word that this version doesn't know hides
    /// everything.
    pub fn archived_as(&self) -> (&'static str, Lens, Option<u64>) {
        let settings = self.control.settings();
        match settings.get(ARCHIVE_MASKING) {
            "none" => ("none", Lens::PLAIN, None),
            "pseudonyms" => {
                let key = self.pseudonym_key();
                ("pseudonyms", policy::stored_pseudonymised(&settings, key), Some(key.epoch()))
            }
            _ => ("mask", Lens::MASKED, None),
        }
    }

    /// The number of the key that pseudonyms are made with now.
    pub fn pseudonym_epoch(&self) -> u64 {
        self.pseudonym_key().epoch()
    }

    /// The lens under which clients and users have the pseudonyms they have now, whatever levels are set.
    pub fn pseudonyms(&self) -> Lens {
        Lens::pseudonyms(self.pseudonym_key())
    }

    /// Whether a reveal takes a second person's approval even for who may read personal data.
    pub fn reveal_needs_approval(&self) -> bool {
        self.control.settings().get(GDPR_REVEAL_NEEDS_APPROVAL)
    }

    /// Replaces the key: every pseudonym is another from now on, in every process that serves this installation.
    /// Audited. The old key is gone, and with it the way from old pseudonyms to people.
    ///
    /// # Errors
    /// When it can't be audited or replaced; then the old key stays.
    pub fn rotate_key(&self, actor: &Actor) -> ControlResult<()> {
        let epoch = |key: PseudonymKey| json!({ "epoch": format!("{:016x}", key.epoch()) });
        let before = epoch(self.pseudonym_key());
        let intent = self.control.intent(actor, "privacy.rotate_key", KeyName::Pseudonym.file(), Some(before))?;
        match self.key.renew() {
            Ok(key) => self.control.complete(intent, Some(epoch(PseudonymKey::new(*key.bytes())))),
            Err(cause) => {
                self.control.fail(intent, "the key file could not be replaced")?;
                Err(cause)
            }
        }
    }

    fn pseudonym_key(&self) -> PseudonymKey {
        PseudonymKey::new(*self.key.key().bytes())
    }
}
