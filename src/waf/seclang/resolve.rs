//! Drafts to rules: defaults, updates and removals applied, ids and markers checked.
//!
//! As libmodsecurity 3.0.9 does it: defaults, updates and removals hold wherever they stand; tags and messages are
//! compared as they stand; `SecRuleUpdateActionById` adds its transformations behind the rule's own, which its `t:none`
//! doesn't clear. Unlike there, what it says of `msg`, `log` and the like replaces what the rule says, as the manual has
//! it.

use super::action::{Actions, Verdict};
use super::fault::{Fault, Place};
use super::reader::{Change, Draft, Entry, Reader, Update, Which};
use super::rule::{Disruptive, Link, Phase, Rule};
use super::variable::Variable;
use super::{Item, Remark, RemarkKind, Removed, RuleSet};
use std::collections::{BTreeMap, HashMap};

/// The phase of a rule that names none: libmodsecurity's, where the manual says 2.
pub(super) const DEFAULT_PHASE: Phase = Phase::RequestHeaders;

type Defaults = BTreeMap<Phase, (Place, Actions)>;

/// The rules, and all faults, those of the reader first. With faults the rules mean nothing.
pub(super) fn resolve(read: Reader) -> (RuleSet, Vec<Fault>) {
    let mut faults = read.faults;
    let defaults = read.defaults;
    let mut set = RuleSet {
        items: Vec::with_capacity(read.entries.len()),
        engine: read.engine,
        argument_separator: read.argument_separator.unwrap_or('&'),
        components: read.components,
        remarks: read.remarks,
        removed: Vec::new(),
    };
    let mut places: HashMap<u32, Place> = HashMap::new();
    for entry in read.entries {
        match entry {
            Entry::Marker { label, place } => set.items.push(Item::Marker { label, place }),
            Entry::Rule(drafts) => {
                let Some(rule) = build(drafts, &defaults) else { continue };
                let Some(place) = rule.place().cloned() else { continue };
                match places.get(&rule.id) {
                    Some(first) => faults.push(Fault {
                        place,
                        problem: format!("the id {} is that of the rule at {first}", rule.id),
                        mend: "give one of the two another id".to_owned(),
                    }),
                    None => {
                        places.insert(rule.id, place);
                        set.items.push(Item::Rule(Box::new(rule)));
                    }
                }
            }
        }
    }
    let (removals, updates): (Vec<Update>, Vec<Update>) =
        read.updates.into_iter().partition(|update| matches!(update.change, Change::Remove));
    for update in updates.iter().chain(&removals) {
        if !apply(update, &mut set, &defaults) {
            let Update { place, directive, .. } = update;
            set.remarks.push(Remark { place: place.clone(), directive, kind: RemarkKind::MeetsNoRule });
        }
    }
    check_markers(&set, &mut faults);
    (set, faults)
}

fn build(drafts: Vec<Draft>, defaults: &Defaults) -> Option<Rule> {
    let mut drafts = drafts.into_iter();
    let mut first = drafts.next()?;
    let phase = first.actions.phase.unwrap_or(DEFAULT_PHASE);
    let default = defaults.get(&phase).map(|(_, actions)| actions);
    let mut rule = Rule {
        id: first.actions.id?,
        phase,
        disruptive: disruptive(first.actions.disruptive.take(), default),
        status: None,
        log: true,
        msg: None,
        logdata: None,
        severity: None,
        tags: Vec::new(),
        ver: None,
        rev: None,
        maturity: None,
        accuracy: None,
        actions: Vec::new(),
        skip: None,
        skip_after: None,
        links: Vec::new(),
    };
    let mut log = None;
    for Draft { place, source, condition, actions } in std::iter::once(first).chain(drafts) {
        // Links run their actions from the last to the first, each behind the default's, so that the first's count.
        log = log.or(actions.log).or(default.and_then(|default| default.log));
        rule.status = rule.status.or(actions.status);
        rule.msg = rule.msg.or(actions.msg);
        rule.logdata = rule.logdata.or(actions.logdata);
        rule.severity = rule.severity.or(actions.severity);
        rule.tags.extend(actions.tags);
        rule.ver = rule.ver.or(actions.ver);
        rule.rev = rule.rev.or(actions.rev);
        rule.maturity = rule.maturity.or(actions.maturity);
        rule.accuracy = rule.accuracy.or(actions.accuracy);
        rule.skip = rule.skip.or(actions.skip);
        rule.skip_after = rule.skip_after.or(actions.skip_after);
        rule.actions.splice(0..0, actions.rest);
        let inherited = default.filter(|_| !actions.none).map_or(&[][..], |default| &default.transformations);
        rule.links.push(Link {
            place,
            source,
            condition,
            transformations: [inherited, &actions.transformations].concat(),
            capture: actions.capture,
            multi_match: actions.multi_match,
            setvars: actions.setvars,
        });
    }
    rule.log = log.unwrap_or(true);
    Some(rule)
}

/// What is written, with `block` as the default has it. A rule that says nothing passes: in libmodsecurity defaults are
/// for `block` only.
fn disruptive(written: Option<Verdict>, default: Option<&Actions>) -> Disruptive {
    match written {
        None => Disruptive::Pass,
        Some(Verdict::Is(disruptive)) => disruptive,
        Some(Verdict::Block) => match default.and_then(|default| default.disruptive.as_ref()) {
            Some(Verdict::Is(disruptive)) => disruptive.clone(),
            Some(Verdict::Block) | None => Disruptive::Pass,
        },
    }
}

/// Applies a directive, and says whether it met a rule.
fn apply(update: &Update, set: &mut RuleSet, defaults: &Defaults) -> bool {
    let mut met = false;
    set.items.retain_mut(|item| {
        let Item::Rule(rule) = item else { return true };
        if !is_of(&update.of, rule) {
            return true;
        }
        match &update.change {
            Change::Remove => {
                met = true;
                if let Some(place) = rule.place() {
                    set.removed.push(Removed { id: rule.id, place: place.clone(), by: update.place.clone() });
                }
                return false;
            }
            Change::Targets(targets, replaced) => {
                let condition = rule.links.get_mut(update.link).and_then(|link| link.condition.as_mut());
                if let Some(condition) = condition {
                    met |= retarget(&mut condition.variables, targets, replaced.as_deref());
                }
            }
            Change::Actions(actions) => met |= change(rule, update.link, actions, defaults),
        }
        true
    });
    met
}

fn is_of(which: &Which, rule: &Rule) -> bool {
    match which {
        Which::Ids(ranges) => ranges.iter().any(|range| range.contains(rule.id)),
        Which::Tag(tag) => rule.tags.contains(tag),
        Which::Msg(msg) => rule.msg.as_ref() == Some(msg),
    }
}

/// Puts variables behind the others, or in the place of some; false where those are not there.
fn retarget(variables: &mut Vec<Variable>, targets: &[Variable], replaced: Option<&[Variable]>) -> bool {
    if let Some(replaced) = replaced {
        let before = variables.len();
        variables.retain(|variable| !replaced.contains(variable));
        if variables.len() == before {
            return false;
        }
    }
    variables.extend_from_slice(targets);
    true
}

fn change(rule: &mut Rule, link: usize, actions: &Actions, defaults: &Defaults) -> bool {
    let Some(link) = rule.links.get_mut(link) else { return false };
    link.transformations.extend_from_slice(&actions.transformations);
    link.capture |= actions.capture;
    link.multi_match |= actions.multi_match;
    link.setvars.extend_from_slice(&actions.setvars);
    if actions.disruptive.is_some() {
        let default = defaults.get(&rule.phase).map(|(_, actions)| actions);
        rule.disruptive = disruptive(actions.disruptive.clone(), default);
    }
    rule.log = actions.log.unwrap_or(rule.log);
    rule.status = actions.status.or(rule.status);
    rule.severity = actions.severity.or(rule.severity);
    rule.skip = actions.skip.or(rule.skip);
    rule.tags.extend_from_slice(&actions.tags);
    rule.actions.extend_from_slice(&actions.rest);
    let texts = [
        (&mut rule.ver, &actions.ver),
        (&mut rule.rev, &actions.rev),
        (&mut rule.maturity, &actions.maturity),
        (&mut rule.accuracy, &actions.accuracy),
        (&mut rule.skip_after, &actions.skip_after),
    ];
    for (text, new) in texts {
        if new.is_some() {
            text.clone_from(new);
        }
    }
    for (template, new) in [(&mut rule.msg, &actions.msg), (&mut rule.logdata, &actions.logdata)] {
        if new.is_some() {
            template.clone_from(new);
        }
    }
    true
}

/// A rule that skips has to find its marker behind it.
fn check_markers(set: &RuleSet, faults: &mut Vec<Fault>) {
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (at, item) in set.items.iter().enumerate() {
        if let Item::Marker { label, .. } = item {
            last.insert(label, at);
        }
    }
    for (at, item) in set.items.iter().enumerate() {
        let Item::Rule(rule) = item else { continue };
        let (Some(label), Some(place)) = (&rule.skip_after, rule.place()) else { continue };
        if last.get(&**label).is_some_and(|marker| *marker > at) {
            continue;
        }
        let problem = format!("the rule {} skips to the marker '{label}', which doesn't stand behind it", rule.id);
        let mend = format!("write SecMarker \"{label}\" behind it, or correct the name");
        faults.push(Fault { place: place.clone(), problem, mend });
    }
}
