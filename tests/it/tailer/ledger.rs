//! What was written, into which file, and what of it may be lost: lines in a file that was destroyed before anybody
//! could read it.

use crate::support::memory::MemoryStore;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The bytes of a file, whatever its name.
#[derive(Debug, Default)]
struct Body {
    /// Lines, and where each ends.
    lines: Vec<(u64, usize)>,
    length: usize,
    /// Whether the active name leads to it.
    active: bool,
    linked: bool,
    /// Whether the running follower holds it open, or is done with it.
    seen: bool,
}

#[derive(Debug, Default)]
pub struct Ledger {
    bodies: Vec<Body>,
    /// Lines there are.
    count: u64,
    /// Lines that were there before the first start, and must not be stored.
    forgone: BTreeSet<u64>,
    /// Lines that were destroyed before they were read.
    pub may_be_lost: BTreeSet<u64>,
    /// Lines of these that fell to the race between copying and truncating.
    pub raced: BTreeSet<u64>,
    is_up: bool,
}

impl Ledger {
    /// A new file under the active name.
    pub fn body(&mut self) -> usize {
        self.bodies.push(Body { active: true, linked: true, ..Body::default() });
        self.bodies.len() - 1
    }

    pub fn is_active(&self, body: usize) -> bool {
        self.bodies[body].active
    }

    /// The active name leads elsewhere.
    pub fn retire(&mut self, body: usize) {
        self.bodies[body].active = false;
    }

    /// The next line, written to a file.
    pub fn line(&mut self, body: usize, now: Duration) -> (u64, Vec<u8>) {
        let number = self.count;
        self.count += 1;
        let pad = match number % 11 {
            3 => "x".repeat(300 + (number * 37 % 1500) as usize),
            _ => String::new(),
        };
        let line = format!(
            "{}.{:03} 5 10.0.0.1 TCP_MISS/200 10 GET http://h.example/{number}?{pad} - HIER_NONE/- -\n",
            1_795_176_000 + now.as_secs(),
            now.subsec_millis()
        );
        let found = &mut self.bodies[body];
        found.length += line.len();
        found.lines.push((number, found.length));
        if !(found.linked || self.is_up && found.seen) {
            self.may_be_lost.insert(number);
        }
        (number, line.into_bytes())
    }

    /// How many lines there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What was written from a line on is not wanted.
    pub fn forgo_from(&mut self, first: u64) {
        self.forgone.extend(first..self.count);
    }

    pub fn started(&mut self) {
        self.is_up = true;
    }

    /// The follower looked at everything.
    pub fn seen(&mut self) {
        for body in self.bodies.iter_mut().filter(|body| body.linked) {
            body.seen = true;
        }
    }

    pub fn crashed(&mut self, store: &MemoryStore) {
        self.is_up = false;
        for body in 0..self.bodies.len() {
            self.bodies[body].seen = false;
            if !self.bodies[body].linked {
                self.destroyed(body, store);
            }
        }
    }

    /// The file has no name any more.
    pub fn unlinked(&mut self, body: usize, store: &MemoryStore) {
        let found = &mut self.bodies[body];
        (found.linked, found.active) = (false, false);
        if !found.seen {
            self.destroyed(body, store);
        }
    }

    /// The same content is another file now.
    pub fn remade(&mut self, body: usize) {
        self.bodies[body].seen = false;
    }

    /// The file of one content holds another now.
    pub fn replaced(&mut self, before: usize, body: usize) {
        self.bodies[body].seen = self.bodies[before].seen;
    }

    /// What was not stored of it is gone.
    pub fn destroyed(&mut self, body: usize, store: &MemoryStore) {
        let lines = self.bodies[body].lines.iter().map(|(number, _)| *number);
        let stored = stored(store).0;
        self.may_be_lost.extend(lines.filter(|number| !stored.contains_key(number)));
    }

    /// So many bytes of a file are in its copy, and the file was truncated.
    pub fn copied(&mut self, body: usize, copy: usize, bytes: usize, store: &MemoryStore) {
        let (there, raced): (Vec<_>, Vec<_>) = self.bodies[body].lines.iter().partition(|(_, end)| *end <= bytes);
        self.bodies[copy].lines = there;
        self.bodies[copy].length = bytes;
        let stored = stored(store).0;
        self.raced.extend(raced.iter().map(|(number, _)| *number).filter(|number| !stored.contains_key(number)));
    }

    /// What is wrong with what is stored, if anything.
    pub fn judge(&self, store: &MemoryStore) -> Option<String> {
        let (stored, others) = stored(store);
        let mut wrong = Vec::new();
        for number in 0..self.count {
            let times = stored.get(&number).copied().unwrap_or(0);
            let may_miss = self.may_be_lost.contains(&number) || self.raced.contains(&number);
            match times {
                0 if !may_miss && !self.forgone.contains(&number) => wrong.push(format!("line {number} is lost")),
                1 if self.forgone.contains(&number) => wrong.push(format!("line {number} was there before")),
                0 | 1 => {}
                _ => wrong.push(format!("line {number} is stored {times} times")),
            }
        }
        // A copy may have been cut in the midst of a line.
        let fragments = others + store.rejected();
        if fragments > 0 && self.raced.is_empty() {
            wrong.push(format!("{fragments} fragments"));
        }
        (!wrong.is_empty()).then(|| wrong.join(", "))
    }
}

/// How often each line is stored, and how many rows are no line.
fn stored(store: &MemoryStore) -> (BTreeMap<u64, usize>, usize) {
    let (mut found, mut others) = (BTreeMap::new(), 0);
    for rest in store.rests() {
        let text = String::from_utf8(rest).unwrap();
        let number =
            text.strip_prefix('/').and_then(|text| text.split_once('?')).and_then(|(number, _)| number.parse().ok());
        match number {
            Some(number) => *found.entry(number).or_default() += 1,
            None => others += 1,
        }
    }
    (found, others)
}
