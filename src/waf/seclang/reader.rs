//! Lines to directives: each read by itself, and chains put together. What directives say of other rules waits for
//! [`resolve`](super::resolve).

use super::action::{self, Actions};
use super::fault::{Fault, Faults, Place, Wrong};
use super::lines::Line;
use super::names::{self, DIRECTIVES, NOT_APPLICABLE};
use super::operator;
use super::resolve;
use super::rule::{Condition, IdRange, Phase, RuleEngine};
use super::template::Template;
use super::variable::{self, Variable};
use super::words::{Cursor, Word};
use super::{Remark, RemarkKind, RuleSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An `Include`.
pub(super) struct Directed {
    pub(super) pattern: String,
    pub(super) place: Place,
    pub(super) optional: bool,
}

/// A `SecRule` or `SecAction` as written.
pub(super) struct Draft {
    pub(super) place: Place,
    pub(super) source: Box<str>,
    pub(super) condition: Option<Condition>,
    pub(super) actions: Actions,
}

/// What stands in the sources, in order.
pub(super) enum Entry {
    /// A rule's links; never empty.
    Rule(Vec<Draft>),
    Marker {
        label: Box<str>,
        place: Place,
    },
}

/// A directive about other rules.
pub(super) struct Update {
    pub(super) place: Place,
    pub(super) directive: &'static str,
    pub(super) of: Which,
    /// Which link of the rules.
    pub(super) link: usize,
    pub(super) change: Change,
}

/// Which rules.
pub(super) enum Which {
    Ids(Vec<IdRange>),
    Tag(Box<str>),
    Msg(Template),
}

pub(super) enum Change {
    Remove,
    /// Further variables, in place of others where some are given.
    Targets(Vec<Variable>, Option<Vec<Variable>>),
    Actions(Box<Actions>),
}

/// All that was read.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) entries: Vec<Entry>,
    pub(super) defaults: BTreeMap<Phase, (Place, Actions)>,
    pub(super) updates: Vec<Update>,
    pub(super) engine: Option<RuleEngine>,
    pub(super) argument_separator: Option<char>,
    pub(super) components: Vec<Box<str>>,
    pub(super) remarks: Vec<Remark>,
    pub(super) faults: Vec<Fault>,
    /// The sources, in order of their beginnings.
    files: Vec<Arc<str>>,
    /// The link whose chain goes on with the next `SecRule`.
    awaits: Option<Place>,
    /// Whether a faulty rule was left out, whose links may come.
    broken: bool,
}

/// What a directive's parser gives: nothing, or its faults.
type Read<T = ()> = Result<T, Vec<Wrong>>;

impl From<Wrong> for Vec<Wrong> {
    fn from(wrong: Wrong) -> Vec<Wrong> {
        vec![wrong]
    }
}

impl Reader {
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// A source begins.
    pub(super) fn begin(&mut self, name: &Arc<str>) {
        self.files.push(Arc::clone(name));
    }

    /// A source ends, and with it every chain.
    pub(super) fn end(&mut self) {
        self.end_chain();
        self.broken = false;
    }

    /// The rules, or all faults in the order of their places.
    pub(super) fn finish(mut self) -> Result<RuleSet, Faults> {
        let files = std::mem::take(&mut self.files);
        let (rules, mut faults) = resolve::resolve(self);
        if faults.is_empty() {
            return Ok(rules);
        }
        let order = |place: &Place| files.iter().position(|file| *file == place.file);
        faults.sort_by_cached_key(|fault| (order(&fault.place), fault.place.line));
        Err(Faults(faults))
    }

    /// Reads a line. An `Include` is the caller's to follow.
    pub(super) fn line(&mut self, file: &Arc<str>, line: &Line<'_>) -> Option<Directed> {
        let place = |at| Place { file: Arc::clone(file), line: line.number(at) };
        if let Some(at) = line.blank_behind {
            let (problem, mend) = ("blanks behind the \\ that continues the line", "take them out");
            self.faults.push(Fault { place: place(at), problem: problem.to_owned(), mend: mend.to_owned() });
        }
        let mut cursor = Cursor::new(&line.text);
        let name = cursor.until(|sign| sign == ' ' || sign == '\t');
        match self.directive(name, &mut cursor, place(0), line.source) {
            Ok(include) => include,
            Err(wrongs) => {
                for Wrong { at, problem, mend } in wrongs {
                    self.faults.push(Fault { place: place(at), problem, mend });
                }
                None
            }
        }
    }

    fn directive(&mut self, name: &str, cursor: &mut Cursor<'_>, place: Place, source: &str) -> Read<Option<Directed>> {
        let Some(known) = names::find(name, DIRECTIVES) else {
            self.end_chain();
            let Some(directive) = names::find(name, NOT_APPLICABLE) else {
                return Err(unknown(name).into());
            };
            self.remarks.push(Remark { place, directive, kind: RemarkKind::NotApplicable });
            return Ok(None);
        };
        if known != "SecRule" {
            self.end_chain();
            self.broken = false;
        }
        match known {
            "SecRule" => {
                let read = rule(cursor, place, source);
                self.broken |= read.is_err();
                self.chain(read?)?;
            }
            "SecAction" => {
                let draft = Draft { place, source: source.into(), condition: None, actions: actions(cursor)? };
                self.action(draft)?;
            }
            "SecMarker" => {
                let word = only(cursor, known, "the marker's name")?;
                let inside = word.text.strip_prefix('\'').and_then(|label| label.strip_suffix('\''));
                let label = inside.unwrap_or(&word.text);
                if label.is_empty() || label.contains(['\'', '"', '\\']) {
                    let problem = format!("'{}' is no marker's name", word.text);
                    return Err(Wrong::new(word.at, problem, "write one without quotes and backslashes inside").into());
                }
                self.entries.push(Entry::Marker { label: label.into(), place });
            }
            "SecDefaultAction" => self.default_action(actions(cursor)?, place)?,
            "SecComponentSignature" => {
                let signature = only(cursor, known, "the component's name and version, in quotes")?.text;
                self.components.push(signature.into());
            }
            "SecRuleEngine" => {
                let word = only(cursor, known, "On, Off or DetectionOnly")?;
                let engine = RuleEngine::of(&word.text);
                self.engine = Some(engine.ok_or_else(|| {
                    let problem = format!("'{}' is no state of the rule engine", word.text);
                    Wrong::new(word.at, problem, "write On, Off or DetectionOnly")
                })?);
            }
            "SecArgumentSeparator" => {
                let word = only(cursor, known, "the sign between arguments")?;
                let mut signs = word.text.chars();
                let (Some(sign), None) = (signs.next().filter(char::is_ascii), signs.next()) else {
                    let problem = format!("'{}' is no separator", word.text);
                    return Err(Wrong::new(word.at, problem, "write one ASCII sign, such as &").into());
                };
                self.argument_separator = Some(sign);
            }
            "Include" | "IncludeOptional" => {
                let pattern = only(cursor, known, "the path of a file")?.text;
                return Ok(Some(Directed { pattern, place, optional: known == "IncludeOptional" }));
            }
            _ => {
                let update = update(cursor, known, place)?;
                self.updates.push(update);
            }
        }
        Ok(None)
    }

    /// Puts a rule into the chain that waits for it, or begins with it.
    fn chain(&mut self, draft: Draft) -> Read {
        if self.awaits.is_some() && draft.actions.id.is_some() {
            self.end_chain();
        }
        let at = |names: &[&str]| draft.actions.names.iter().find(|(name, _)| names.contains(name)).map(|(_, at)| *at);
        let goes_on = draft.actions.chain.then(|| draft.place.clone());
        if self.awaits.take().is_none() {
            if draft.actions.id.is_none() {
                // What is left of a rule that was told of already.
                return if self.broken {
                    Ok(())
                } else {
                    Err(Wrong::new(0, "a rule without id", "give it one: id:NUMBER").into())
                };
            }
            self.broken = false;
            self.awaits = goes_on;
            self.entries.push(Entry::Rule(vec![draft]));
            return Ok(());
        }
        let Some(Entry::Rule(links)) = self.entries.last_mut() else { return Ok(()) };
        let phase = links.first().and_then(|first| first.actions.phase);
        let mut wrongs = Vec::new();
        if draft.actions.disruptive.is_some() {
            let at = at(&["pass", "block", "deny", "drop", "allow", "redirect", "proxy"]).unwrap_or(0);
            let mend = "move it to the rule that begins the chain";
            wrongs.push(Wrong::new(at, "a disruptive action in a link of a chain", mend));
        }
        if draft.actions.phase.is_some_and(|own| own != phase.unwrap_or(resolve::DEFAULT_PHASE)) {
            let mend = "leave it out: the first rule's phase is the chain's";
            wrongs.push(Wrong::new(at(&["phase"]).unwrap_or(0), "another phase in a link of a chain", mend));
        }
        links.push(draft);
        self.awaits = goes_on;
        if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
    }

    /// Tells of a chain that is open, and leaves it out.
    fn end_chain(&mut self) {
        let Some(place) = self.awaits.take() else { return };
        self.entries.pop();
        let (problem, mend) =
            ("the chain ends nowhere", "write the SecRule that ends it behind it, without id, or take out chain");
        // Where a link was faulty the chain has an end once that is mended.
        if !self.broken {
            self.faults.push(Fault { place, problem: problem.to_owned(), mend: mend.to_owned() });
        }
    }

    fn action(&mut self, draft: Draft) -> Read {
        if draft.actions.id.is_none() {
            return Err(Wrong::new(0, "a SecAction without id", "give it one: id:NUMBER").into());
        }
        if let Some((_, at)) = draft.actions.names.iter().find(|(name, _)| *name == "chain") {
            let mend = "begin the chain with a SecRule, such as SecRule REQUEST_METHOD \"@unconditionalMatch\"";
            return Err(Wrong::new(*at, "a SecAction begins no chain", mend).into());
        }
        self.entries.push(Entry::Rule(vec![draft]));
        Ok(())
    }

    fn default_action(&mut self, actions: Actions, place: Place) -> Read {
        const ALLOWED: [&str; 13] = [
            "phase",
            "pass",
            "deny",
            "drop",
            "allow",
            "redirect",
            "proxy",
            "status",
            "log",
            "nolog",
            "auditlog",
            "noauditlog",
            "t",
        ];
        let unsuited = |(name, _): &&(&'static str, usize)| !ALLOWED.contains(name) || (actions.none && *name == "t");
        if let Some((name, at)) = actions.names.iter().find(unsuited) {
            let name = if *name == "t" { "t:none" } else { name };
            let mend = "write it in the rules";
            return Err(Wrong::new(*at, format!("{name} can't stand in SecDefaultAction"), mend).into());
        }
        if actions.disruptive.is_none() {
            return Err(Wrong::new(0, "SecDefaultAction says nothing disruptive", "write pass or deny").into());
        }
        let phase = actions.phase.unwrap_or(resolve::DEFAULT_PHASE);
        if let Some((first, _)) = self.defaults.get(&phase) {
            let problem = format!("phase {} has its SecDefaultAction at {first}", phase.number());
            return Err(Wrong::new(0, problem, "leave one of the two").into());
        }
        self.defaults.insert(phase, (place, actions));
        Ok(())
    }
}

fn unknown(name: &str) -> Wrong {
    if name.starts_with('<') {
        let mend = "leave in only what stands between such lines";
        return Wrong::new(0, format!("'{name}' is Apache's, and no SecLang"), mend);
    }
    let shown: String = name.chars().take(40).collect();
    let mend = names::mend(name, DIRECTIVES.iter().chain(NOT_APPLICABLE).copied());
    Wrong::new(0, format!("unknown directive '{shown}'"), mend)
}

fn rule(cursor: &mut Cursor<'_>, place: Place, source: &str) -> Read<Draft> {
    let listed = needed(cursor, "SecRule", "variables, such as ARGS")?;
    let mut asked = needed(cursor, "SecRule", "an operator, such as \"@rx pattern\"")?;
    if !asked.quoted && operator::awaits_argument(&asked.text) {
        let argument = needed(cursor, &asked.text, "an argument")?;
        asked.text = format!("{} {}", asked.text, argument.text);
    }
    let variables = variable::parse(&listed.text, listed.at).map_err(Vec::from);
    let operator = operator::parse(&asked.text, asked.at).map_err(Vec::from);
    let actions = if cursor.is_done() { Ok(Actions::default()) } else { actions(cursor) };
    match (variables, operator, actions) {
        (Ok(variables), Ok(operator), Ok(actions)) => {
            Ok(Draft { place, source: source.into(), condition: Some(Condition { variables, operator }), actions })
        }
        (variables, operator, actions) => {
            let wrongs = [variables.err(), operator.err(), actions.err()];
            Err(wrongs.into_iter().flatten().flatten().collect())
        }
    }
}

/// The list of actions that ends a line.
fn actions(cursor: &mut Cursor<'_>) -> Read<Actions> {
    let actions = action::parse(cursor)?;
    done(cursor)?;
    Ok(actions)
}

fn update(cursor: &mut Cursor<'_>, directive: &'static str, place: Place) -> Read<Update> {
    let by_id = directive.ends_with("ById");
    let what = if by_id { "a rule's id" } else { "what the rules have, in quotes" };
    let first = needed(cursor, directive, what)?;
    let mut link = 0;
    let of = match directive {
        "SecRuleRemoveById" => {
            let mut ids = action::ids(&first.text, first.at)?;
            while let Some(word) = cursor.word()? {
                ids.extend(action::ids(&word.text, word.at)?);
            }
            Which::Ids(ids)
        }
        _ if by_id => {
            let (ids, offset) = first.text.split_once(':').unwrap_or((&first.text, "0"));
            let bad = |_| {
                Wrong::new(
                    first.at,
                    format!("'{offset}' is no link of a chain"),
                    "write a number, 1 for the second link",
                )
            };
            link = offset.parse().map_err(bad)?;
            Which::Ids(action::ids(ids, first.at)?)
        }
        _ if directive.ends_with("ByTag") => Which::Tag(first.text.into()),
        _ => Which::Msg(Template::parse(&first.text, first.at)?),
    };
    let change = match directive {
        "SecRuleUpdateActionById" => {
            let actions = actions(cursor)?;
            if let Some((name, at)) = actions.names.iter().find(|(name, _)| ["id", "phase", "chain"].contains(name)) {
                let mend = "write the rule anew instead";
                return Err(Wrong::new(*at, format!("{name} can't be changed by {directive}"), mend).into());
            }
            Change::Actions(Box::new(actions))
        }
        _ if directive.starts_with("SecRuleUpdateTarget") => {
            let word = needed(cursor, directive, "variables, such as !ARGS:token")?;
            let targets = variable::parse(&word.text, word.at)?;
            let replaced = cursor.word()?.map(|word| variable::parse(&word.text, word.at)).transpose()?;
            Change::Targets(targets, replaced)
        }
        _ => Change::Remove,
    };
    done(cursor)?;
    Ok(Update { place, directive, of, link, change })
}

/// The next word, which has to be there and not be empty.
fn needed(cursor: &mut Cursor<'_>, directive: &str, what: &str) -> Result<Word, Wrong> {
    let at = cursor.at();
    let word = cursor.word()?.filter(|word| !word.text.is_empty());
    word.ok_or_else(|| Wrong::new(at, format!("{directive} is not complete"), format!("write {what} behind it")))
}

/// The only word of a directive.
fn only(cursor: &mut Cursor<'_>, directive: &str, what: &str) -> Result<Word, Wrong> {
    let word = needed(cursor, directive, what)?;
    done(cursor)?;
    Ok(word)
}

/// Refuses what is left of a line.
fn done(cursor: &mut Cursor<'_>) -> Result<(), Wrong> {
    if cursor.is_done() {
        return Ok(());
    }
    let mend = "take it out, or put what belongs together into quotes";
    Err(Wrong::new(cursor.at(), "more words than the directive has", mend))
}
