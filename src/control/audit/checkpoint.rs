//! Checkpoints: where the oldest entries were removed, the number and hash of the last of them, so that the chain can
//! be checked from there on.
//!
//! Each is signed over a digest of itself and of all checkpoints before it, signatures included, so none can be
//! changed, put in or taken out without the newest showing it; only then are they looked at one by one.

use super::chain::{genesis, signature};
use super::entry::AuditHash;
use crate::control::ControlResult;
use crate::control::keys::Key;
use crate::model::Timestamp;
use hmac::Mac;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// The place behind which entries begin.
#[derive(Clone, Copy)]
pub(super) struct Start {
    /// The last entry removed; 0 where none was.
    pub(super) id: i64,
    /// Its hash.
    pub(super) hash: AuditHash,
}

/// Every checkpoint, oldest first.
pub(super) struct Checkpoints {
    good: Vec<Start>,
    /// Whether any behind the good ones was changed, put in, or stands behind one taken out.
    broken: bool,
    /// Of all of them, signatures included.
    digest: [u8; 32],
}

impl Checkpoints {
    /// Reads and checks them.
    pub(super) fn read(connection: &Connection, key: &Key) -> ControlResult<Checkpoints> {
        let mut all = Checkpoints { good: Vec::new(), broken: false, digest: [0; 32] };
        let mut newest_is_signed = true;
        let mut first_unsigned = None;
        let mut statement =
            connection.prepare_cached("SELECT up_to_id, hash, at_ms, mac FROM audit_checkpoint ORDER BY up_to_id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let start = Start { id: row.get(0)?, hash: AuditHash(row.get(1).unwrap_or_default()) };
            let mac: [u8; 32] = row.get(3).unwrap_or_default();
            let signed = all.digest_with(&start, Timestamp(row.get(2)?));
            newest_is_signed = signature(key, "checkpoint", &[&signed]).verify_slice(&mac).is_ok();
            if !newest_is_signed && first_unsigned.is_none() {
                first_unsigned = Some(all.good.len());
            }
            all.good.push(start);
            all.digest = Sha256::new_with_prefix(signed).chain_update(mac).finalize().into();
        }
        // The newest vouches for all before it, even for those signed with a key that is lost.
        if let Some(first) = first_unsigned.filter(|_| !newest_is_signed) {
            all.good.truncate(first);
            all.broken = true;
        }
        Ok(all)
    }

    /// The place behind which entries begin, as far as can be vouched for.
    pub(super) fn start(&self) -> Start {
        self.good.last().copied().unwrap_or(Start { id: 0, hash: genesis() })
    }

    /// The first entry that a broken checkpoint covers.
    pub(super) fn first_broken(&self) -> Option<i64> {
        self.broken.then(|| self.start().id + 1)
    }

    /// Adds one.
    pub(super) fn add(&self, connection: &Connection, key: &Key, start: &Start, now: Timestamp) -> ControlResult<()> {
        let mac = signature(key, "checkpoint", &[&self.digest_with(start, now)]).finalize().into_bytes();
        connection.execute(
            "INSERT INTO audit_checkpoint (up_to_id, hash, at_ms, mac) VALUES (?1, ?2, ?3, ?4)",
            (start.id, start.hash.0, now.0, <[u8; 32]>::from(mac)),
        )?;
        Ok(())
    }

    /// What the signature of the next one is over.
    fn digest_with(&self, start: &Start, at: Timestamp) -> [u8; 32] {
        Sha256::new_with_prefix(self.digest)
            .chain_update(start.id.to_be_bytes())
            .chain_update(start.hash.0)
            .chain_update(at.0.to_be_bytes())
            .finalize()
            .into()
    }
}
