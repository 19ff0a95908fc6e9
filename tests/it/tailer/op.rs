//! What can happen, drawn at random.

use super::world::{Setting, Style};
use crate::support::memory::Mood;

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// Something that happens; logs by number.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Whole lines.
    Write(usize, usize),
    /// The beginning of a line; its end comes with the next write.
    Partial(usize),
    Rotate(usize),
    /// By a hard link.
    Link(usize),
    Reopen(usize),
    /// Begins copying and truncating, or goes on with it.
    Copy(usize),
    /// Begins compressing a rotated file, or goes on with it.
    Compress(usize),
    Truncate(usize),
    Delete(usize),
    DeleteOldest(usize),
    Look,
    /// Milliseconds.
    Pass(u64),
    Crash,
    Start,
    /// The store fails while the follower looks.
    Fail(Mood),
}

pub fn setting(rng: &mut Rng) -> Setting {
    let mut style = || match rng.below(5) {
        0 | 1 => Style::Numbered,
        2 => Style::Dated,
        3 => Style::DatedExtension,
        _ => Style::Symlink,
    };
    let styles = [style(), style()];
    let glob = rng.below(4) == 0 && !styles.contains(&Style::Symlink);
    Setting {
        styles,
        logs: 1 + rng.below(2) as usize,
        glob,
        from_end: rng.below(4) == 0,
        races: rng.below(8) == 0,
        // What a glob names is wanted, however old.
        old: rng.below(2) == 0 && !(glob && styles.contains(&Style::DatedExtension)),
        on_disk: rng.below(8) == 0,
    }
}

pub fn ops(rng: &mut Rng) -> Vec<Op> {
    let count = 10 + rng.below(50);
    (0..count).map(|_| op(rng)).collect()
}

fn op(rng: &mut Rng) -> Op {
    let log = rng.below(2) as usize;
    match rng.below(100) {
        0..24 => Op::Write(log, 1 + rng.below(4) as usize),
        24 => Op::Write(log, 1 + rng.below(600) as usize),
        25..32 => Op::Partial(log),
        32..38 => Op::Rotate(log),
        38 => Op::Link(log),
        39..46 => Op::Reopen(log),
        46..53 => Op::Copy(log),
        53..61 => Op::Compress(log),
        61 => Op::Truncate(log),
        62 => Op::Delete(log),
        63 => Op::DeleteOldest(log),
        64..84 => Op::Look,
        84..88 => Op::Pass(rng.below(3000)),
        88 | 89 => Op::Pass(rng.below(50_000)),
        90..93 => Op::Crash,
        93..97 => Op::Start,
        97 | 98 => Op::Fail(Mood::Broken),
        _ => Op::Fail(Mood::StoresAndFails),
    }
}
