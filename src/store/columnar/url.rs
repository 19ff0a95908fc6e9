//! Rows in the order of their URLs, or of their destinations, as a lens shows them. The order of origins says which rows
//! can come early; only of those the rest of the URL is read, and who must not be named.

use super::best::{Best, Key};
use super::block::Dictionary;
use super::column::Column;
use super::filter::Resolved;
use super::id_set::IdSet;
use super::page::{FrameCache, ValueCache};
use super::ranks::Ranks;
use super::reader::Session;
use super::rows::{frames, passing, touched};
use super::snapshot::BlockMeta;
use super::sort::in_turns;
use crate::model::{Classifiers, Lens, Order, Owner, PageQuery, PathTraits, Place, Sort, SortValue, UrlLevel};
use crate::store::{StoreError, StoreResult};
use std::cmp::Ordering;
use std::sync::Arc;

/// A URL, cut, and its row.
type UrlKey = Key<Box<[u8]>>;

/// The places of the first rows by URL, or by destination where `ranks` are of destinations.
pub(super) fn by_url(
    session: &Session<'_>,
    ranks: &Ranks,
    filter: &Resolved,
    query: &PageQuery,
    (lens, classifiers): (&Lens, &Classifiers),
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
    let personal = personal_paths(session, lens)?;
    let look = Look { ranks, filter, lens, classifiers, order: query.order, after, personal };
    let work = |session: &Session<'_>, block: &BlockMeta, found: &mut Best<Box<[u8]>>| look.at(session, block, found);
    let keys = in_turns(session, blocks, query, |_, _| true, work)?;
    Ok(keys.into_iter().map(|(url, id)| Place { value: SortValue::Text(url), id }).collect())
}

/// The paths of rows whose URLs a lens may show otherwise than they were logged.
fn personal_paths(session: &Session<'_>, lens: &Lens) -> StoreResult<IdSet> {
    let mut personal = IdSet::default();
    if !lens.is_plain() {
        session.values_from(Dictionary::Path, 0, |id, value| {
            if PathTraits::read(value).is_none_or(|traits| traits.personal) {
                personal.insert(id);
            }
        })?;
    }
    Ok(personal)
}

/// Whether a URL that begins with `origin` can be as far on as `url` or further.
fn may_reach(origin: &[u8], url: &[u8]) -> bool {
    origin >= &url[..url.len().min(origin.len())]
}

/// What is looked for.
struct Look<'q> {
    ranks: &'q Ranks,
    filter: &'q Resolved,
    lens: &'q Lens,
    classifiers: &'q Classifiers,
    order: Order,
    after: Option<UrlKey>,
    personal: IdSet,
}

impl Look<'_> {
    /// Whether URLs that begin with `origin` can be behind the place to start from, and before the bound.
    fn is_viable(&self, origin: &[u8], bound: Option<&[u8]>) -> bool {
        let after = self.after.as_ref().map(|(url, _)| &url[..]);
        let (least, most) = match self.order {
            Order::Ascending => (after, bound),
            Order::Descending => (bound, after),
        };
        least.is_none_or(|least| may_reach(origin, least)) && most.is_none_or(|most| origin <= most)
    }

    fn is_behind(&self, url: &[u8], id: u64) -> bool {
        self.after.as_ref().is_none_or(|(after, row)| {
            url.cmp(after).then(id.cmp(row))
                == match self.order {
                    Order::Ascending => Ordering::Greater,
                    Order::Descending => Ordering::Less,
                }
        })
    }

    /// Looks at the rows of a block.
    fn at(&self, session: &Session<'_>, block: &BlockMeta, found: &mut Best<Box<[u8]>>) -> StoreResult<()> {
        let text = |id: &u32| self.ranks.of_id(*id).map_or(&b""[..], |rank| self.ranks.text(rank));
        let origins: Vec<&[u8]> = session.ids(block, Dictionary::Origin)?.iter().map(text).collect();
        let paths = session.ids(block, Dictionary::Path)?;
        let personal: Vec<bool> = paths.iter().map(|id| self.personal.contains(*id)).collect();
        let bound = found.bound().map(|(url, _)| url.clone());
        let viable: Vec<bool> = origins.iter().map(|origin| self.is_viable(origin, bound.as_deref())).collect();
        if !viable.contains(&true) && !personal.contains(&true) {
            return Ok(());
        }
        let Some(mut rows) = passing(session, self.filter, block)? else { return Ok(()) };
        for (frame, range) in frames(session, block, &rows)? {
            let origins = session.codes(block, Column::Origin, frame)?;
            let paths = session.codes(block, Column::Path, frame)?;
            rows.retain(range, |at| viable[origins[at] as usize] || personal[paths[at] as usize]);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let of_destination = self.ranks.sort == Sort::Destination;
        let (mut url, mut codes, mut shown) = (Vec::new(), FrameCache::default(), Shown::new(session, self.lens));
        let texts = session.header(block.id, Column::Rest)?.ok_or(StoreError::Moved)?;
        for frame in 0..texts.row_frames() {
            let range = texts.rows_in(frame);
            if rows.count_in(range.clone()) == 0 {
                continue;
            }
            let rests = (!of_destination).then(|| session.texts(block, Column::Rest, frame)).transpose()?;
            for row in rows.iter_in(range.clone()) {
                let rest = rests.as_ref().map(|rests| rests.get(row - range.start));
                let origin = codes.code(session, block, Column::Origin, row)?;
                let path = codes.code(session, block, Column::Path, row)?;
                url.clear();
                match rest {
                    None if personal[path as usize] => {
                        let origin = shown.origin(block, row)?;
                        let destination = (self.classifiers.destination)(&origin);
                        url.extend_from_slice(destination.as_deref().unwrap_or("-").as_bytes());
                    }
                    Some(rest) if personal[path as usize] => shown.put_hidden(block, row, rest, &mut url)?,
                    rest => {
                        url.extend_from_slice(origins[origin as usize]);
                        rest.into_iter().for_each(|rest| shown.put_path(rest, &mut url));
                    }
                }
                url.truncate(SortValue::TEXT_BYTES);
                let id = block.first_row + row as u64;
                if self.is_behind(&url, id) && found.may_want(&url[..]) {
                    found.push((url.as_slice().into(), id));
                }
            }
        }
        Ok(())
    }
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

/// Writes URLs as a lens shows them.
struct Shown<'s> {
    session: &'s Session<'s>,
    lens: &'s Lens,
    frames: FrameCache,
    values: ValueCache<'s>,
}

impl<'s> Shown<'s> {
    fn new(session: &'s Session<'s>, lens: &'s Lens) -> Shown<'s> {
        Shown { session, lens, frames: FrameCache::default(), values: ValueCache::new(session) }
    }

    /// Appends what stands behind the origin, in which there is nothing personal.
    fn put_path(&self, rest: &[u8], url: &mut Vec<u8>) {
        match self.lens.url {
            UrlLevel::Mask => put(url, &self.lens.path(rest, &self.lens.owner(b"", b""))),
            _ => put(url, rest),
        }
    }

    /// Appends the URL of a row that may hold something personal.
    fn put_hidden(&mut self, block: &BlockMeta, row: usize, rest: &[u8], url: &mut Vec<u8>) -> StoreResult<()> {
        let owner = self.owner(block, row)?;
        url.extend_from_slice(String::from_utf8_lossy(&self.origin(block, row)?).as_bytes());
        url.extend_from_slice(String::from_utf8_lossy(&self.lens.path(rest, &owner)).as_bytes());
        Ok(())
    }

    /// The origin of a row.
    fn origin(&mut self, block: &BlockMeta, row: usize) -> StoreResult<Vec<u8>> {
        let owner = self.owner(block, row)?;
        let origin = self.value(block, row, Dictionary::Origin)?;
        Ok(self.lens.origin(&origin, &owner).into_owned())
    }

    /// Whose row it is.
    fn owner(&mut self, block: &BlockMeta, row: usize) -> StoreResult<Owner> {
        let client = self.value(block, row, Dictionary::Client)?;
        Ok(self.lens.owner(&client, &self.value(block, row, Dictionary::User)?))
    }

    fn value(&mut self, block: &BlockMeta, row: usize, dictionary: Dictionary) -> StoreResult<Box<[u8]>> {
        let id = self.frames.id(self.session, block, dictionary, row)?;
        self.values.get(dictionary, id)
    }
}
