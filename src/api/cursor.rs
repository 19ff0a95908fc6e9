//! Places in a listing, sealed: a client can hand one back but neither read nor make one. A cursor names the question
//! it belongs to (filter, window as written, sort, order) and the epoch of the view; with another it is refused.
//!
//! Layout of the sealed bytes, little-endian: version 2, order, id (8), question (8), epoch (8), window from ms (8),
//! window until ms (8), then what the row is ordered by: 0 and a number (8), or 1 and a text of at most
//! [`SortValue::TEXT_BYTES`]. A window that was written relative to now is thus kept for the whole walk.

use super::error::{ApiError, ApiResult};
use crate::control::keys::{Key, open, seal};
use crate::model::{Order, Place, RowId, SortValue, TimeRange, Timestamp};
use std::hash::{Hash, Hasher};
use xxhash_rust::xxh3::Xxh3;

const VERSION: u8 = 2;
/// Before what the row is ordered by.
const FIXED_BYTES: usize = 42;
const NUMBER: u8 = 0;
const TEXT: u8 = 1;

/// A place in a listing, and the question it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// Just behind this row.
    pub place: Place,
    /// The order of the listing.
    pub order: Order,
    /// The question: [`question`].
    pub question: u64,
    /// Of the view; the names of masked values change with it.
    pub epoch: u64,
    /// The window, resolved when the walk began.
    pub range: TimeRange,
}

/// The number of a question: a hash of everything that says which rows.
pub fn question(asked: &impl Hash) -> u64 {
    let mut hash = Xxh3::new();
    asked.hash(&mut hash);
    hash.finish()
}

impl Cursor {
    /// The token handed out; `listing` says whose it is.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn seal(&self, key: &Key, listing: &str) -> ApiResult<String> {
        let order = match self.order {
            Order::Descending => 0,
            Order::Ascending => 1,
        };
        let mut bytes = Vec::with_capacity(FIXED_BYTES + 1 + SortValue::TEXT_BYTES);
        bytes.extend_from_slice(&[VERSION, order]);
        bytes.extend_from_slice(&self.place.id.to_le_bytes());
        bytes.extend_from_slice(&self.question.to_le_bytes());
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.extend_from_slice(&self.range.from.0.to_le_bytes());
        bytes.extend_from_slice(&self.range.until.0.to_le_bytes());
        match &self.place.value {
            SortValue::Number(number) => {
                bytes.push(NUMBER);
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            SortValue::Text(text) => {
                bytes.push(TEXT);
                bytes.extend_from_slice(text);
            }
        }
        Ok(seal(key, &bytes, context(listing).as_bytes())?)
    }

    /// Reads a token back; `parameter` is where it was given.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when it is none, or belongs to another question, order or view.
    pub fn open(
        key: &Key,
        listing: &str,
        parameter: &str,
        token: &str,
        wanted: (u64, Order, u64),
    ) -> ApiResult<Cursor> {
        let cursor = open(key, token, context(listing).as_bytes())
            .as_deref()
            .and_then(read)
            .ok_or_else(|| ApiError::invalid(parameter, "is no cursor of this listing"))?;
        if (cursor.question, cursor.order, cursor.epoch) == wanted {
            Ok(cursor)
        } else {
            Err(ApiError::invalid(parameter, "belongs to another filter or order; begin again without it"))
        }
    }
}

fn context(listing: &str) -> String {
    format!("tidegate cursor {listing}")
}

fn read(bytes: &[u8]) -> Option<Cursor> {
    let (fixed, value) = bytes.split_at_checked(FIXED_BYTES)?;
    let [VERSION, order, rest @ ..] = fixed else { return None };
    let (words, []) = rest.as_chunks::<8>() else { return None };
    let [id, question, epoch, from, until] = *words else { return None };
    let order = match order {
        0 => Order::Descending,
        1 => Order::Ascending,
        _ => return None,
    };
    let value = match value {
        [NUMBER, number @ ..] => SortValue::Number(i64::from_le_bytes(number.try_into().ok()?)),
        [TEXT, text @ ..] if text.len() <= SortValue::TEXT_BYTES => SortValue::Text(text.into()),
        _ => return None,
    };
    let at = |word| Timestamp(i64::from_le_bytes(word));
    Some(Cursor {
        place: Place { value, id: RowId::from_le_bytes(id) },
        order,
        question: u64::from_le_bytes(question),
        epoch: u64::from_le_bytes(epoch),
        range: TimeRange { from: at(from), until: at(until) },
    })
}
