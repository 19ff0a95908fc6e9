//! Actions, and the texts with macros that they and operators have.

use super::Compiler;
use crate::waf::engine::program::{Effect, Key, Operation, Piece, RemovedTarget, RuleAt, SetVar, Template};
use crate::waf::seclang::{self, Ctl, IdRange, Selector};
use crate::waf::variables::Source;

impl Compiler<'_> {
    /// What other collections hold outlives a request, and is nothing a line has.
    pub(super) fn setvar(&mut self, rule: &seclang::Rule, setvar: &seclang::SetVar) -> Option<SetVar> {
        if setvar.collection != "TX" {
            return None;
        }
        let key = match setvar.key.text() {
            Some(key) => Key::Slot(self.program.slots.slot_of(key)),
            None => Key::Macros(self.template(rule, &setvar.key)),
        };
        let is_points =
            setvar.key.text().is_some_and(is_points) && matches!(setvar.operation, seclang::Operation::Add(_));
        let operation = match &setvar.operation {
            seclang::Operation::Set(value) => Operation::Set(self.template(rule, value)),
            seclang::Operation::Add(value) => Operation::Add(self.template(rule, value)),
            seclang::Operation::Subtract(value) => Operation::Subtract(self.template(rule, value)),
            seclang::Operation::Unset => Operation::Unset,
        };
        Some(SetVar { key, operation, is_points })
    }

    pub(super) fn template(&mut self, rule: &seclang::Rule, template: &seclang::Template) -> Template {
        if let Some(text) = template.text() {
            return Template::Fixed(self.program.fixed.push(text.as_bytes()));
        }
        Template::Pieces(template.pieces().iter().map(|piece| self.piece(rule, piece)).collect())
    }

    fn piece(&mut self, rule: &seclang::Rule, piece: &seclang::Piece) -> Piece {
        let (collection, key) = match piece {
            seclang::Piece::Text(text) => return Piece::Fixed(self.program.fixed.push(text.as_bytes())),
            seclang::Piece::Macro { collection, key } => (*collection, key.as_deref()),
        };
        match (Source::of(collection), key) {
            (Source::Tx, Some(key)) => Piece::Slot(self.program.slots.slot_of(key)),
            (Source::Rule, Some(key)) => {
                let text = of_rule(rule, key);
                Piece::Fixed(self.program.fixed.push(text.as_bytes()))
            }
            (Source::Headers, Some(key)) => {
                let source = Source::header(key.as_bytes());
                self.program.wanted |= source.bit();
                Piece::Value(source, None)
            }
            (source, key) => {
                self.program.wanted |= source.bit();
                Piece::Value(source, key.map(|key| key.as_bytes().into()))
            }
        }
    }

    pub(super) fn effect(&mut self, action: &seclang::Action) -> Option<Effect> {
        let seclang::Action::Ctl(ctl) = action else { return None };
        let ids = |ranges: &[IdRange]| self.those(|rule| ranges.iter().any(|range| range.contains(rule.id)));
        let tag = |tag: &str| self.those(|rule| rule.tags.iter().any(|own| **own == *tag));
        let msg = |msg: &str| self.those(|rule| rule.msg.as_ref().and_then(seclang::Template::text) == Some(msg));
        let (rules, variable) = match ctl {
            Ctl::RuleEngine(engine) => return Some(Effect::Engine(*engine != seclang::RuleEngine::Off)),
            // libmodsecurity's ruleRemoveById passes over rules, not over actions.
            Ctl::RemoveById(ranges) => {
                let mut rules = ids(ranges);
                rules.retain(|at| self.order[*at].links.iter().any(|link| link.condition.is_some()));
                return Some(Effect::Remove(rules));
            }
            Ctl::RemoveByTag(name) => return Some(Effect::Remove(tag(name))),
            Ctl::RemoveByMsg(text) => return Some(Effect::Remove(msg(text))),
            Ctl::RemoveTargetById(ranges, variable) => (ids(ranges), variable),
            Ctl::RemoveTargetByTag(name, variable) => (tag(name), variable),
            Ctl::RemoveTargetByMsg(text, variable) => (msg(text), variable),
            Ctl::Other { .. } => return None,
        };
        let key = match &variable.selector {
            Selector::All => None,
            Selector::Key(key) => Some(key.clone()),
            // Compared as a name, a pattern is nobody's.
            Selector::Regex(_) => return None,
        };
        self.program.removed_targets.push(RemovedTarget { rules, collection: variable.collection, key });
        Some(Effect::RemoveTarget(self.program.removed_targets.len() - 1))
    }

    fn those(&self, is: impl Fn(&seclang::Rule) -> bool) -> Vec<RuleAt> {
        self.order.iter().enumerate().filter(|(_, rule)| is(rule)).map(|(at, _)| at).collect()
    }
}

/// `anomaly_score_pl1` of CRS 3, `inbound_anomaly_score_pl1` of CRS 4: what a rule of CRS adds its points to.
fn is_points(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let key = key.strip_prefix("inbound_").unwrap_or(&key);
    key.strip_prefix("anomaly_score_pl").is_some_and(|level| level.len() == 1 && level.as_bytes()[0].is_ascii_digit())
}

/// What `%{rule.key}` is.
fn of_rule(rule: &seclang::Rule, key: &str) -> String {
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    match key.to_ascii_lowercase().as_str() {
        "id" => rule.id.to_string(),
        "msg" => rule.msg.as_ref().map(ToString::to_string).unwrap_or_default(),
        "logdata" => rule.logdata.as_ref().map(ToString::to_string).unwrap_or_default(),
        "severity" => rule.severity.map(|severity| (severity as u8).to_string()).unwrap_or_default(),
        "rev" => text(&rule.rev),
        "ver" => text(&rule.ver),
        "accuracy" => text(&rule.accuracy),
        "maturity" => text(&rule.maturity),
        _ => String::new(),
    }
}
