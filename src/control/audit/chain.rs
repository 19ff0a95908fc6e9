//! What makes the entries a chain: the hash of each over its columns and the hash before it, and the signature that
//! keeps the hash from being computed anew by someone else.
//!
//! - hash = SHA-256 over the hash of the entry before and, for each column of [`COLUMNS`] that is not NULL, its name
//!   and its value, each behind its length (8 bytes). Integers are 8 bytes, texts as stored; all big-endian. What is
//!   NULL is left out, so a column added later doesn't change the hash of the entries before it.
//! - Before the first entry stands [`genesis`].
//! - Signatures are HMAC-SHA-256 (RFC 2104) under `keys/audit.key` over what is signed (`entry`, `head`,
//!   `checkpoint`) and its parts, each behind its length. An entry's is over its hash.

use super::entry::{AuditHash, AuditState};
use crate::control::ControlResult;
use crate::control::keys::Key;
use crate::model::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};
use sha2::{Digest, Sha256};

/// What stands where the hash of an entry before the first would: the SHA-256 of `tidegate audit log`.
pub(super) fn genesis() -> AuditHash {
    AuditHash(Sha256::digest(b"tidegate audit log").into())
}

/// The columns a hash covers, in their order.
pub(super) const COLUMNS: [&str; 13] = [
    "id",
    "intent_id",
    "at_ms",
    "username",
    "source_ip",
    "credential",
    "method",
    "action",
    "target",
    "before_json",
    "after_json",
    "request_id",
    "state",
];

/// The values of [`COLUMNS`].
pub(super) type Fields<'a> = [ValueRef<'a>; COLUMNS.len()];

/// An entry as it is stored, but for its number.
pub(super) struct NewEntry<'a> {
    pub(super) intent_id: Option<i64>,
    pub(super) at: Timestamp,
    pub(super) username: &'a str,
    pub(super) source_ip: Option<&'a str>,
    pub(super) credential: Option<&'a str>,
    pub(super) method: &'a str,
    pub(super) action: &'a str,
    pub(super) target: &'a str,
    pub(super) before_json: Option<&'a str>,
    pub(super) after_json: Option<&'a str>,
    pub(super) request_id: Option<&'a str>,
    pub(super) state: AuditState,
}

impl NewEntry<'_> {
    pub(super) fn fields(&self, id: i64) -> Fields<'_> {
        [
            ValueRef::Integer(id),
            self.intent_id.map_or(ValueRef::Null, ValueRef::Integer),
            ValueRef::Integer(self.at.0),
            text(Some(self.username)),
            text(self.source_ip),
            text(self.credential),
            text(Some(self.method)),
            text(Some(self.action)),
            text(Some(self.target)),
            text(self.before_json),
            text(self.after_json),
            text(self.request_id),
            text(Some(self.state.name())),
        ]
    }
}

fn text(text: Option<&str>) -> ValueRef<'_> {
    text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
}

/// The hash of an entry behind `previous`.
pub(super) fn hash(previous: &AuditHash, fields: &Fields<'_>) -> AuditHash {
    let mut hash = Sha256::new_with_prefix(previous.0);
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for (name, value) in COLUMNS.iter().zip(fields) {
        let number = match value {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => number.to_be_bytes(),
            ValueRef::Real(number) => number.to_be_bytes(),
            ValueRef::Text(_) | ValueRef::Blob(_) => [0; 8],
        };
        part(name.as_bytes());
        match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => part(bytes),
            _ => part(&number),
        }
    }
    AuditHash(hash.finalize().into())
}

/// The signature over `parts`, to be taken or compared.
pub(super) fn signature(key: &Key, signed: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
    // A key shorter than a block stands for itself with zeros behind.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.bytes().len()].copy_from_slice(key.bytes());
    let mut hmac = Hmac::<Sha256>::new(&block);
    for part in [signed.as_bytes()].iter().chain(parts) {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac
}

/// The signature of an entry.
pub(super) fn entry_signature(key: &Key, hash: &AuditHash) -> Hmac<Sha256> {
    signature(key, "entry", &[&hash.0])
}

/// Stores an entry behind `previous` and answers its hash.
pub(super) fn insert(
    connection: &Connection,
    key: &Key,
    previous: &AuditHash,
    fields: &Fields<'_>,
) -> ControlResult<AuditHash> {
    let hash = hash(previous, fields);
    let mac: [u8; 32] = entry_signature(key, &hash).finalize().into_bytes().into();
    let signed = [ValueRef::Blob(&hash.0), ValueRef::Blob(&mac)];
    connection
        .prepare_cached(
            "INSERT INTO audit_log (id, intent_id, at_ms, username, source_ip, credential, method, action, target,
                                    before_json, after_json, request_id, state, hash, mac)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params_from_iter(fields.iter().chain(&signed).map(|value| ToSqlOutput::Borrowed(*value))))?;
    Ok(hash)
}
