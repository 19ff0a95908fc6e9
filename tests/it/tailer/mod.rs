//! The follower against a model, in the manner of Vector's file source: random sequences of writing, every way of
//! rotating, crashes and failures of the store, on real files under a simulated clock. What was written is stored once.
//!
//! `TIDEGATE_TAILER_SEQUENCES=50000` runs as many; `TIDEGATE_TAILER_SEED` says where to begin.

mod cases;
mod ledger;
mod op;
mod world;

use op::{Op, Rng};
use world::World;

fn from_environment(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(or)
}

/// What a sequence left: what is wrong, and lines lost to a race between copying and truncating.
fn run(seed: u64, ops: &[Op]) -> (Option<String>, usize) {
    let mut world = World::new(op::setting(&mut Rng(seed)));
    for (at, op) in ops.iter().enumerate() {
        world.act(*op, &mut Rng(seed ^ at as u64));
    }
    world.finish();
    (world.ledger.judge(&world.store), world.ledger.raced.len())
}

/// Fewer operations that go wrong just as well.
fn shrunk(seed: u64, mut ops: Vec<Op>) -> Vec<Op> {
    let mut size = ops.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at + size <= ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..at + size);
            if run(seed, &fewer).0.is_some() {
                ops = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    ops
}

#[test]
fn whatever_happens_to_its_files_every_line_is_stored_once() {
    let (first, count) =
        (from_environment("TIDEGATE_TAILER_SEED", 1), from_environment("TIDEGATE_TAILER_SEQUENCES", 5000));
    let (mut wrong, mut raced) = (Vec::new(), 0);
    for seed in first..first + count {
        let ops = op::ops(&mut Rng(!seed));
        let (found, lost) = run(seed, &ops);
        raced += lost;
        if found.is_some() {
            wrong.push((seed, ops));
            if wrong.len() == 5 {
                break;
            }
        }
    }
    println!("{count} sequences from seed {first}; {raced} lines lost between copying and truncating");
    for (seed, ops) in &wrong {
        let ops = shrunk(*seed, ops.clone());
        let setting = op::setting(&mut Rng(*seed));
        println!("seed {seed}: {:?}\n  {setting:?}\n  {ops:?}", run(*seed, &ops).0);
    }
    assert!(wrong.is_empty(), "sequences went wrong; seeds are above");
}
