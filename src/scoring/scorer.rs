//! Scoring as the settings have it: whether rows are scored, by which categories of rules, and what look-alikes are
//! looked for. A change holds from the next chunk of lines on.

use super::book::{RuleBook, RuleFaults};
use super::look_alikes;
use super::memo::Memo;
use super::signals::{SignalCache, Signals};
use crate::classify::{LookAlikes, as_stored, split_target};
use crate::control::ControlDb;
use crate::control::settings::{PROTECTED_DOMAINS, Settings, WAF_DISABLED_CATEGORIES, WAF_ENABLED};
use crate::model::{AccessEvent, Field, FieldSet, RowScorer, Target, Verdict};
use crate::waf::engine::{Explanation, Scratch};
use crate::waf::variables::{Field as Logged, Request};
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What says of rows what rules say of them.
pub struct Scorer {
    control: Arc<ControlDb>,
    now: RwLock<Now>,
    /// Why the rules in force are not those that are wanted.
    fault: Mutex<Option<String>>,
    /// Held while rules are compiled anew, so that one does it for all.
    turn: Mutex<()>,
    idle: Mutex<Vec<Worker>>,
}

/// What the settings have made of the rules.
#[derive(Clone)]
struct Now {
    /// Of the settings.
    version: Option<u64>,
    rules: Arc<Rules>,
}

/// Rules with what they are told of hosts.
struct Rules {
    book: Arc<RuleBook>,
    look_alikes: Arc<LookAlikes>,
}

/// A request whose score is asked, as a log might have it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// `GET`.
    pub method: &'a [u8],
    /// The whole target.
    pub url: &'a [u8],
    /// The client's address; `None` where it is not to be seen.
    pub client: Option<&'a [u8]>,
    /// The User-Agent header; `None` where the log has none, empty where the request had none.
    pub user_agent: Option<&'a [u8]>,
    /// The Referer header, likewise.
    pub referer: Option<&'a [u8]>,
}

impl<'a> Asked<'a> {
    /// In the words of the engine.
    pub fn request(&self, signals: &'a Signals) -> Request<'a> {
        Request {
            method: self.method,
            uri: self.url,
            client: logged(self.client.is_some(), self.client.unwrap_or_default()),
            user_agent: logged(self.user_agent.is_some(), self.user_agent.unwrap_or_default()),
            referer: logged(self.referer.is_some(), self.referer.unwrap_or_default()),
            signals,
            ..Request::default()
        }
    }
}

impl Scorer {
    /// By these rules, as the settings have them.
    pub fn new(book: Arc<RuleBook>, control: Arc<ControlDb>) -> Scorer {
        let look_alikes = look_alikes::of(&control.settings().get(PROTECTED_DOMAINS));
        // Which categories are off is looked up when somebody asks.
        let now = Now { version: None, rules: Arc::new(Rules { book, look_alikes }) };
        Scorer { control, now: RwLock::new(now), fault: Mutex::default(), turn: Mutex::new(()), idle: Mutex::default() }
    }

    /// Scores by other rules from the next chunk of lines on.
    ///
    /// # Errors
    /// Where they can't be compiled without the categories that are switched off; then the former stay in force.
    pub fn replace(&self, book: RuleBook) -> Result<(), RuleFaults> {
        let _turn = self.turn.lock();
        let settings = self.control.settings();
        let off = off(&settings);
        let book = if *book.off() == off { book } else { book.without(off)? };
        let rules = Rules { book: Arc::new(book), look_alikes: look_alikes::of(&settings.get(PROTECTED_DOMAINS)) };
        *self.now.write() = Now { version: Some(settings.version()), rules: Arc::new(rules) };
        *self.fault.lock() = None;
        Ok(())
    }

    /// Why rows are scored by other rules than is wanted, where that is so.
    pub fn fault(&self) -> Option<String> {
        self.fault.lock().clone()
    }

    /// The same while rules are, whatever settings make of them; waits for nothing.
    pub fn rules_digest(&self) -> u64 {
        self.now.read().rules.book.digest()
    }

    /// The rules in force.
    pub fn book(&self) -> Arc<RuleBook> {
        Arc::clone(&self.rules().book)
    }

    fn rules(&self) -> Arc<Rules> {
        let settings = self.control.settings();
        let is_now = |now: &Now| now.version == Some(settings.version());
        {
            let now = self.now.read();
            if is_now(&now) {
                return Arc::clone(&now.rules);
            }
        }
        let _turn = self.turn.lock();
        let before = self.now.read().clone();
        if is_now(&before) {
            return before.rules;
        }
        let (off, look_alikes) = (off(&settings), look_alikes::of(&settings.get(PROTECTED_DOMAINS)));
        let same_book = *before.rules.book.off() == off;
        let rules = if same_book && Arc::ptr_eq(&look_alikes, &before.rules.look_alikes) {
            before.rules
        } else if same_book {
            Arc::new(Rules { book: Arc::clone(&before.rules.book), look_alikes })
        } else {
            match before.rules.book.without(off) {
                Ok(book) => {
                    *self.fault.lock() = None;
                    Arc::new(Rules { book: Arc::new(book), look_alikes })
                }
                // They were compiled before; only files that operators name can have gone meanwhile.
                Err(cause) => {
                    tracing::error!(%cause, "rules can't be compiled anew; the earlier ones stay in force");
                    *self.fault.lock() = Some(cause.to_string());
                    before.rules
                }
            }
        };
        *self.now.write() = Now { version: Some(settings.version()), rules: Arc::clone(&rules) };
        rules
    }

    /// What scores rows by the settings of this instant, for one thread; `None` where rows are not scored.
    pub fn row_scorer(self: &Arc<Self>) -> Option<Box<dyn RowScorer>> {
        if !self.control.settings().get(WAF_ENABLED) {
            return None;
        }
        Some(self.row_scorer_always())
    }

    /// As [`Scorer::row_scorer`], whether new rows are scored or not.
    pub fn row_scorer_always(self: &Arc<Self>) -> Box<dyn RowScorer> {
        Box::new(Lent { worker: Some(self.worker()), scorer: Arc::clone(self) })
    }

    /// The rules in force, what they say of a request, and why.
    pub fn explain(&self, asked: &Asked<'_>) -> (Arc<RuleBook>, Explanation) {
        let mut worker = self.worker();
        let url = as_stored(asked.method, asked.url);
        let asked = Asked { url: &url, ..*asked };
        let signals = worker.signals.of(&split_target(asked.method, &url), &worker.rules.look_alikes);
        let explanation = worker.rules.book.engine().explain(&asked.request(&signals), &mut worker.scratch);
        let book = Arc::clone(&worker.rules.book);
        self.idle.lock().push(worker);
        (book, explanation)
    }

    fn worker(&self) -> Worker {
        let rules = self.rules();
        let mut idle = self.idle.lock();
        idle.retain(|worker| Arc::ptr_eq(&worker.rules, &rules));
        idle.pop().unwrap_or_else(|| Worker::new(rules))
    }
}

/// A field of a log that has it, or has not; lines have nothing between blanks where a request had none.
fn logged(has: bool, value: &[u8]) -> Logged<'_> {
    match has {
        true if value.is_empty() => Logged::Absent,
        true => Logged::Is(value),
        false => Logged::NotLogged,
    }
}

/// Categories that are switched off.
fn off(settings: &Settings) -> BTreeSet<String> {
    settings.get(WAF_DISABLED_CATEGORIES).iter().map(|name| name.to_ascii_lowercase()).collect()
}

/// One thread's room.
struct Worker {
    rules: Arc<Rules>,
    scratch: Scratch,
    signals: SignalCache,
    memo: Memo,
}

impl Worker {
    fn new(rules: Arc<Rules>) -> Worker {
        let scratch = rules.book.engine().scratch();
        Worker { rules, scratch, signals: SignalCache::default(), memo: Memo::default() }
    }

    fn score(&mut self, event: &AccessEvent<'_>, target: &Target<'_>, fields: FieldSet, out: &mut Vec<u8>) {
        let engine = self.rules.book.engine();
        let client = if engine.looks_at_client() { event.c_ip } else { b"" };
        let moment = if engine.looks_at_time() { [event.time.0, event.time_taken_ms] } else { [0; 2] };
        let [time, duration] = moment.map(i64::to_le_bytes);
        let has = |field| if fields.has(field) { &b"1"[..] } else { b"" };
        let key = self.memo.key([
            event.cs_method,
            event.cs_uri,
            event.user_agent,
            event.referer,
            client,
            &time,
            &duration,
            has(Field::UserAgent),
            has(Field::Referer),
        ]);
        if let Some(known) = self.memo.get(key) {
            out.extend_from_slice(known);
            return;
        }
        let start = out.len();
        let signals: Signals = self.signals.of(target, &self.rules.look_alikes);
        let request = Request {
            method: event.cs_method,
            uri: event.cs_uri,
            user_agent: logged(fields.has(Field::UserAgent), event.user_agent),
            referer: logged(fields.has(Field::Referer), event.referer),
            client: logged(fields.has(Field::Client), event.c_ip),
            time: Some(event.time.0),
            duration_ms: fields.has(Field::TimeTaken).then_some(event.time_taken_ms),
            signals: &signals,
            ..Request::default()
        };
        let score = engine.score(&request, &mut self.scratch);
        if score.points == 0 {
            out.extend_from_slice(Verdict::CLEAN);
        } else {
            let rules: Vec<(u32, u32)> = self.scratch.points().filter(|(_, points)| *points > 0).collect();
            let mut categories: Vec<String> = Vec::new();
            for name in rules.iter().filter_map(|(id, _)| self.rules.book.rule(*id)).map(|rule| &rule.category) {
                if !categories.contains(name) {
                    categories.push(name.clone());
                }
            }
            Verdict { score: score.points, severity: score.severity, categories, rules }.write(out);
        }
        self.memo.put(key, &out[start..]);
    }
}

/// A worker, given back when its chunk is done.
struct Lent {
    worker: Option<Worker>,
    scorer: Arc<Scorer>,
}

impl RowScorer for Lent {
    fn score(&mut self, event: &AccessEvent<'_>, target: &Target<'_>, fields: FieldSet, out: &mut Vec<u8>) {
        if let Some(worker) = &mut self.worker {
            worker.score(event, target, fields, out);
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.scorer.idle.lock().extend(self.worker.take());
    }
}
