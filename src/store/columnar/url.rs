//! Rows in the order of their URLs as a lens shows them. The order of origins says which rows can come early; only of
//! those the rest of the URL is read.

use super::best::{Best, Key};
use super::block::Dictionary;
use super::column::Column;
use super::filter::Resolved;
use super::page::{FrameCache, ValueCache};
use super::ranks::Ranks;
use super::reader::Session;
use super::rows::{passing, touched};
use super::snapshot::BlockMeta;
use super::sort::in_turns;
use crate::model::{Lens, Order, PageQuery, Place, SortValue};
use crate::store::{StoreError, StoreResult};
use std::cmp::Ordering;
use std::sync::Arc;

/// A URL, cut, and its row.
type UrlKey = Key<Box<[u8]>>;

/// The places of the first rows by URL.
pub(super) fn by_url(
    session: &Session<'_>,
    ranks: &Ranks,
    filter: &Resolved,
    query: &PageQuery,
    lens: &Lens,
) -> StoreResult<Vec<Place>> {
    let after: Option<UrlKey> = match query.after.clone() {
        None => None,
        Some(Place { value: SortValue::Text(url), id }) => Some((url, id)),
        Some(_) => return Err(StoreError::Invalid("the place is one of another order".to_owned())),
    };
    let mut blocks: Vec<(Option<u32>, Arc<BlockMeta>)> = Vec::new();
    for block in touched(session, filter) {
        if !session.is_quarantined(&block) {
            let ids = session.ids(&block, Dictionary::Origin)?;
            let ranks = ids.iter().filter_map(|id| ranks.of_id(*id));
            let first = match query.order {
                Order::Ascending => ranks.min(),
                Order::Descending => ranks.max(),
            };
            blocks.push((first, block));
        }
    }
    blocks.sort_by(|(a, _), (b, _)| match query.order {
        Order::Ascending => a.cmp(b),
        Order::Descending => b.cmp(a),
    });
    let blocks = blocks.into_iter().map(|(_, block)| block).collect();
    let work = |session: &Session<'_>, block: &BlockMeta, found: &mut Best<Box<[u8]>>| {
        look_at_block(session, ranks, filter, lens, (query.order, after.as_ref()), block, found)
    };
    let keys = in_turns(session, blocks, query, |_, _| true, work)?;
    Ok(keys.into_iter().map(|(url, id)| Place { value: SortValue::Text(url), id }).collect())
}

/// Whether a URL that begins with `origin` can be as far on as `url` or further.
fn may_reach(origin: &[u8], url: &[u8]) -> bool {
    origin >= &url[..url.len().min(origin.len())]
}

fn look_at_block(
    session: &Session<'_>,
    ranks: &Ranks,
    filter: &Resolved,
    lens: &Lens,
    (order, after): (Order, Option<&UrlKey>),
    block: &BlockMeta,
    found: &mut Best<Box<[u8]>>,
) -> StoreResult<()> {
    let ids = session.ids(block, Dictionary::Origin)?;
    let origins: Vec<&[u8]> = ids.iter().map(|id| ranks.of_id(*id).map_or(&b""[..], |rank| ranks.text(rank))).collect();
    let mut viable = vec![true; origins.len()];
    if lens.is_plain() {
        let bound = found.bound().map(|(url, _)| url.clone());
        for (viable, origin) in viable.iter_mut().zip(&origins) {
            let (least, most) = match order {
                Order::Ascending => (after.map(|(url, _)| url), bound.as_ref()),
                Order::Descending => (bound.as_ref(), after.map(|(url, _)| url)),
            };
            *viable =
                least.is_none_or(|least| may_reach(origin, least)) && most.is_none_or(|most| *origin <= &most[..]);
        }
        if !viable.contains(&true) {
            return Ok(());
        }
    }
    let Some(mut rows) = passing(session, filter, block)? else { return Ok(()) };
    let header = session.header(block.id, Column::Origin)?.ok_or(StoreError::Moved)?;
    let mut codes = Vec::with_capacity(header.row_frames());
    for frame in 0..header.row_frames() {
        let of_frame = session.codes(block, Column::Origin, frame)?;
        rows.retain(header.rows_in(frame), |at| viable.get(of_frame[at] as usize) == Some(&true));
        codes.push(of_frame);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut hiding = Some(Hiding::new(session, lens)).filter(|_| !lens.is_plain());
    let texts = session.header(block.id, Column::Rest)?.ok_or(StoreError::Moved)?;
    let mut url = Vec::new();
    for frame in 0..texts.row_frames() {
        let range = texts.rows_in(frame);
        if rows.count_in(range.clone()) == 0 {
            continue;
        }
        let rests = session.texts(block, Column::Rest, frame)?;
        for row in rows.iter_in(range.clone()) {
            let rest = rests.get(row - range.start);
            url.clear();
            match &mut hiding {
                None => {
                    let code = codes[row / header.frame_rows.max(1)][row % header.frame_rows.max(1)];
                    url.extend_from_slice(origins[code as usize]);
                    put(&mut url, rest);
                }
                Some(hiding) => hiding.put(block, row, rest, &mut url)?,
            }
            url.truncate(SortValue::TEXT_BYTES);
            let id = block.first_row + row as u64;
            let is_behind = after.is_none_or(|(after, row)| {
                let key = url[..].cmp(after).then(id.cmp(row));
                key == match order {
                    Order::Ascending => Ordering::Greater,
                    Order::Descending => Ordering::Less,
                }
            });
            if is_behind && found.may_want(&url[..]) {
                found.push((url.as_slice().into(), id));
            }
        }
    }
    Ok(())
}

/// Appends as much of a text as counts; bytes that are not UTF-8 as U+FFFD.
fn put(url: &mut Vec<u8>, text: &[u8]) {
    let most = &text[..text.len().min(SortValue::TEXT_BYTES)];
    if most.is_ascii() {
        url.extend_from_slice(most);
    } else {
        url.extend_from_slice(String::from_utf8_lossy(text).as_bytes());
    }
}

/// Writes URLs as a lens shows them that hides something.
struct Hiding<'s> {
    session: &'s Session<'s>,
    lens: &'s Lens,
    frames: FrameCache,
    values: ValueCache<'s>,
}

impl<'s> Hiding<'s> {
    fn new(session: &'s Session<'s>, lens: &'s Lens) -> Hiding<'s> {
        Hiding { session, lens, frames: FrameCache::default(), values: ValueCache::new(session) }
    }

    /// Appends the URL of a row, of which the rest is known.
    fn put(&mut self, block: &BlockMeta, row: usize, rest: &[u8], url: &mut Vec<u8>) -> StoreResult<()> {
        let mut value = |dictionary| {
            let id = self.frames.id(self.session, block, dictionary, row)?;
            self.values.get(dictionary, id)
        };
        let owner = self.lens.owner(&value(Dictionary::Client)?, &value(Dictionary::User)?);
        let origin = value(Dictionary::Origin)?;
        url.extend_from_slice(String::from_utf8_lossy(&self.lens.origin(&origin, &owner)).as_bytes());
        url.extend_from_slice(String::from_utf8_lossy(&self.lens.path(rest, &owner)).as_bytes());
        Ok(())
    }
}
