//! How many clients groups have, as a lens tells them apart: one look at group and client of every row that passes.

use super::filter::{FilterCache, Resolved};
use super::grouping::{Grouping, NO_NUMBER};
use super::parallel::over_blocks;
use super::reader::Session;
use super::rows::{frames, passing, touched};
use super::snapshot::BlockMeta;
use super::top::Places;
use crate::model::{Dimension, Lens};
use crate::store::StoreResult;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bits that are kept at a time; with more clients than that, groups are looked at in turns.
const MOST_BITS: usize = 1 << 28;

/// How many clients each of the groups has.
pub(super) fn count_clients(
    session: &Session<'_>,
    filters: &FilterCache,
    filter: &Resolved,
    grouping: &Grouping,
    groups: &[u32],
    lens: &Lens,
) -> StoreResult<Vec<u64>> {
    let clients = Grouping::by(session, filters, Some(Dimension::Client), lens)?;
    let (words, blocks) = (clients.len().div_ceil(64).max(1), touched(session, filter));
    let mut counts = Vec::with_capacity(groups.len());
    for turn in groups.chunks((MOST_BITS / 64 / words).max(1)) {
        let met = Met { words, bits: (0..words * turn.len()).map(|_| AtomicU64::new(0)).collect() };
        let places = Places::of(turn);
        let meet =
            |session: &Session<'_>, block: &BlockMeta| meet(session, filter, grouping, &clients, &places, block, &met);
        over_blocks(session, &blocks, meet, |_, ()| Ok(ControlFlow::Continue(())))?;
        counts.extend((0..turn.len()).map(|place| met.count(place)));
    }
    Ok(counts)
}

/// Which clients were met in which groups.
struct Met {
    words: usize,
    bits: Vec<AtomicU64>,
}

impl Met {
    #[inline]
    fn meet(&self, place: usize, client: u32) {
        let (word, bit) = (&self.bits[place * self.words + client as usize / 64], 1 << (client % 64));
        // Mostly it was met before, and reading is cheaper than writing what others read.
        if word.load(Ordering::Relaxed) & bit == 0 {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn count(&self, place: usize) -> u64 {
        let bits = &self.bits[place * self.words..(place + 1) * self.words];
        bits.iter().map(|word| u64::from(word.load(Ordering::Relaxed).count_ones())).sum()
    }
}

fn meet(
    session: &Session<'_>,
    filter: &Resolved,
    grouping: &Grouping,
    clients: &Grouping,
    places: &Places,
    block: &BlockMeta,
    met: &Met,
) -> StoreResult<()> {
    let (mut groups, clients) = (grouping.of_block(session, block)?, clients.of_block(session, block)?);
    if !groups.renumber(|number| places.of_number(number).map(|place| place as u32)) {
        return Ok(());
    }
    let Some(rows) = passing(session, filter, block)? else { return Ok(()) };
    for (frame, range) in frames(session, block, &rows)? {
        let (groups, clients) = (groups.of_frame(session, block, frame)?, clients.of_frame(session, block, frame)?);
        rows.iter_in(range.clone()).map(|row| row - range.start).for_each(|at| {
            let place = groups.number(at);
            if place != NO_NUMBER {
                let client = clients.number(at);
                if client != NO_NUMBER {
                    met.meet(place as usize, client);
                }
            }
        });
    }
    Ok(())
}
