//! What rules are once they are read: everything the directives about other rules say is applied.

use super::fault::Place;
use super::operator::Operator;
use super::template::Template;
use super::variable::Variable;
use crate::model::Severity;

/// A rule, with the links of its chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its id, at least 1; no two rules of a set share one.
    pub id: u32,
    /// When it runs.
    pub phase: Phase,
    /// What happens on a match; `block` is already what `SecDefaultAction` says, or [`Disruptive::Pass`].
    pub disruptive: Disruptive,
    /// The HTTP status that goes with it.
    pub status: Option<u16>,
    /// Whether a match is reported: `nolog` says no.
    pub log: bool,
    /// What it found, in words.
    pub msg: Option<Template>,
    /// What of the request to report.
    pub logdata: Option<Template>,
    /// How bad a match is.
    pub severity: Option<Severity>,
    /// Its tags, as written; macros in them stay text.
    pub tags: Vec<Box<str>>,
    /// The version of the rule set.
    pub ver: Option<Box<str>>,
    /// The version of the rule.
    pub rev: Option<Box<str>>,
    /// How long it was in use, 1 to 9 by its author's word.
    pub maturity: Option<Box<str>>,
    /// How seldom it is wrong, 1 to 9 by its author's word.
    pub accuracy: Option<Box<str>>,
    /// What is done once every link matched, in this order: those of the last link first, as libmodsecurity has it.
    pub actions: Vec<Action>,
    /// How many rules of the phase to pass over on a match.
    pub skip: Option<u32>,
    /// The marker to go on behind on a match.
    pub skip_after: Option<Box<str>>,
    /// What has to match, all of it in order; never empty.
    pub links: Vec<Link>,
}

/// One `SecRule` of a chain, or a `SecAction`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Where it begins.
    pub place: Place,
    /// As it stands in the file.
    pub source: Box<str>,
    /// What it asks; nothing of a `SecAction`, which always matches.
    pub condition: Option<Condition>,
    /// What is done to each value first, in order and by the manual's names; `none` is never among them. Those of
    /// `SecDefaultAction` are, unless the link has `t:none`.
    pub transformations: Vec<&'static str>,
    /// Whether the groups of a match go to `TX:0` to `TX:9`.
    pub capture: bool,
    /// Whether the value is asked before the first and behind each transformation that changed it.
    pub multi_match: bool,
    /// What is set each time a value matches, whether or not the links behind it do.
    pub setvars: Vec<SetVar>,
}

/// What a link asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Of what; never empty.
    pub variables: Vec<Variable>,
    /// The question.
    pub operator: Operator,
}

impl Rule {
    /// Where it begins.
    pub fn place(&self) -> Option<&Place> {
        self.links.first().map(|link| &link.place)
    }

    /// As it stands in the files, link by link.
    pub fn source(&self) -> String {
        self.links.iter().map(|link| &*link.source).collect::<Vec<_>>().join("\n")
    }
}

/// When a rule runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// 1
    RequestHeaders,
    /// 2
    RequestBody,
    /// 3: a log line has nothing of what such a rule looks at.
    ResponseHeaders,
    /// 4: a log line has nothing of what such a rule looks at.
    ResponseBody,
    /// 5
    Logging,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Phase; 5] =
        [Phase::RequestHeaders, Phase::RequestBody, Phase::ResponseHeaders, Phase::ResponseBody, Phase::Logging];

    /// Its number, 1 to 5.
    pub fn number(self) -> u8 {
        match self {
            Phase::RequestHeaders => 1,
            Phase::RequestBody => 2,
            Phase::ResponseHeaders => 3,
            Phase::ResponseBody => 4,
            Phase::Logging => 5,
        }
    }

    /// Whether its rules judge the response: the phases 3 and 4.
    pub fn is_response(self) -> bool {
        matches!(self, Phase::ResponseHeaders | Phase::ResponseBody)
    }
}

/// SecLang's words for the severities, by their numbers.
pub(super) const SEVERITIES: [&str; 8] =
    ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];

/// What would happen to the request. To a line of a log nothing does; [`Disruptive::Allow`] ends the rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Disruptive {
    /// It goes on.
    Pass,
    /// It is refused.
    Deny,
    /// Its connection is closed.
    Drop,
    /// It goes on, and rules are passed over.
    Allow(Allowed),
    /// It is sent elsewhere.
    Redirect(Template),
    /// It is forwarded to another server.
    Proxy(Option<Template>),
}

/// Which rules `allow` passes over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// All that come, but those of phase 5.
    Everything,
    /// The rest of the phase.
    Phase,
    /// The rest of the phases 1 and 2.
    Request,
}

/// `setvar`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetVar {
    /// `TX`, `IP`, `GLOBAL`, `RESOURCE`, `SESSION` or `USER`.
    pub collection: &'static str,
    /// The key.
    pub key: Template,
    /// What is done with it.
    pub operation: Operation,
}

/// What `setvar` does with a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operation {
    /// `=value`; `1` where there is no `=`.
    Set(Template),
    /// `=+value`: as whole numbers, what isn't one being 0.
    Add(Template),
    /// `=-value`, likewise.
    Subtract(Template),
    /// `!key`
    Unset,
}

/// What is done on a match besides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// A change of how the rest of the rules run on this line.
    Ctl(Ctl),
    /// A key that goes away after a time.
    ExpireVar {
        /// As [`SetVar::collection`].
        collection: &'static str,
        /// The key.
        key: Template,
        /// After how many seconds.
        seconds: Template,
    },
    /// Something SecLang knows and a log has no use for, such as `auditlog` or `initcol`.
    Other {
        /// The action's name, as the manual writes it.
        name: &'static str,
        /// What stands behind the colon.
        value: Option<Box<str>>,
    },
}

/// `ctl`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ctl {
    /// `ruleEngine`: whether rules run from here on.
    RuleEngine(RuleEngine),
    /// `ruleRemoveById`: these rules don't run.
    RemoveById(Vec<IdRange>),
    /// `ruleRemoveByTag`: rules with this very tag don't run.
    RemoveByTag(Box<str>),
    /// `ruleRemoveByMsg`: rules with this very message don't run.
    RemoveByMsg(Box<str>),
    /// `ruleRemoveTargetById`: these rules don't look at the variable.
    RemoveTargetById(Vec<IdRange>, Variable),
    /// `ruleRemoveTargetByTag`: rules with this very tag don't look at the variable.
    RemoveTargetByTag(Box<str>, Variable),
    /// `ruleRemoveTargetByMsg`: rules with this very message don't look at the variable.
    RemoveTargetByMsg(Box<str>, Variable),
    /// One that a log has no use for, such as `auditLogParts`.
    Other {
        /// Its name, as the manual writes it.
        name: &'static str,
        /// What stands behind `=`.
        value: Box<str>,
    },
}

/// Whether rules run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuleEngine {
    /// They do.
    On,
    /// They do, and stop no request; to a log the same.
    DetectionOnly,
    /// They don't.
    Off,
}

impl RuleEngine {
    /// All of them, by name.
    pub(super) const NAMES: [(&'static str, RuleEngine); 3] =
        [("On", RuleEngine::On), ("DetectionOnly", RuleEngine::DetectionOnly), ("Off", RuleEngine::Off)];

    pub(super) fn of(text: &str) -> Option<RuleEngine> {
        RuleEngine::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, engine)| *engine)
    }

    pub(super) fn name(self) -> &'static str {
        RuleEngine::NAMES.iter().find(|(_, engine)| *engine == self).map_or("On", |(name, _)| name)
    }
}

/// Ids from one to another, both included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct IdRange {
    /// The lowest.
    pub first: u32,
    /// The highest, not below it.
    pub last: u32,
}

impl IdRange {
    /// Whether an id is one of these.
    pub fn contains(&self, id: u32) -> bool {
        (self.first..=self.last).contains(&id)
    }
}
