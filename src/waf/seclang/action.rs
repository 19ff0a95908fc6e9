//! Action lists: `"id:1,phase:2,t:none,setvar:'tx.score=+5'"`.
//!
//! A value ends at the next comma or the list's closing quotation mark, or stands in single quotes. `\'` and `\"` are the
//! quotes themselves, as ModSecurity's manual has it; libmodsecurity would keep the backslashes in messages.

use super::fault::Wrong;
use super::lines::BLANK;
use super::names::{self, ACTIONS, CTLS, Value, WRITABLE};
use super::rule::{Action, Allowed, Ctl, Disruptive, IdRange, Operation, Phase, RuleEngine, SEVERITIES, SetVar};
use super::template::Template;
use super::variable;
use super::words::{Cursor, lone_backslash};
use crate::model::Severity;
use crate::waf::transformations::{TRANSFORMATIONS, by_name};

/// What a list says. Of what can stand but once, the last counts.
#[derive(Default)]
pub(super) struct Actions {
    pub(super) id: Option<u32>,
    pub(super) phase: Option<Phase>,
    pub(super) disruptive: Option<Verdict>,
    pub(super) status: Option<u16>,
    pub(super) log: Option<bool>,
    pub(super) msg: Option<Template>,
    pub(super) logdata: Option<Template>,
    pub(super) severity: Option<Severity>,
    pub(super) tags: Vec<Box<str>>,
    pub(super) ver: Option<Box<str>>,
    pub(super) rev: Option<Box<str>>,
    pub(super) maturity: Option<Box<str>>,
    pub(super) accuracy: Option<Box<str>>,
    pub(super) chain: bool,
    pub(super) capture: bool,
    pub(super) multi_match: bool,
    /// Whether `t:none` keeps the default transformations away.
    pub(super) none: bool,
    /// Those behind the last `t:none`.
    pub(super) transformations: Vec<&'static str>,
    pub(super) setvars: Vec<SetVar>,
    pub(super) skip: Option<u32>,
    pub(super) skip_after: Option<Box<str>>,
    pub(super) rest: Vec<Action>,
    /// The names of all, as the manual writes them, and where each begins.
    pub(super) names: Vec<(&'static str, usize)>,
}

/// A disruptive action as written.
#[derive(Clone)]
pub(super) enum Verdict {
    /// `block`: what the default says.
    Block,
    Is(Disruptive),
}

/// An action as written.
struct Written<'t> {
    name: &'t str,
    at: usize,
    value: Option<String>,
    value_at: usize,
}

/// How many faults of one list are told.
const MOST: usize = 100;

/// Reads a list, in double quotes or without blanks, and goes past it. The faults of its actions are told together.
pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Actions, Vec<Wrong>> {
    let mut actions = Actions::default();
    let mut wrongs = Vec::new();
    for written in list(cursor).map_err(|wrong| vec![wrong])? {
        wrongs.extend(actions.add(&written).err());
        if wrongs.len() == MOST {
            break;
        }
    }
    if wrongs.is_empty() { Ok(actions) } else { Err(wrongs) }
}

fn list<'t>(cursor: &mut Cursor<'t>) -> Result<Vec<Written<'t>>, Wrong> {
    cursor.skip_blanks();
    let opened = cursor.at();
    let quoted = cursor.peek() == Some('"');
    if quoted {
        cursor.next();
    }
    let mut all = Vec::new();
    loop {
        if quoted {
            cursor.skip_blanks();
        }
        all.push(one(cursor, quoted)?);
        if quoted {
            cursor.skip_blanks();
        }
        match cursor.peek() {
            Some(',') => cursor.next(),
            Some('"') if quoted => {
                cursor.next();
                return Ok(all);
            }
            None if quoted => {
                let mend = "close it, and end each line but the directive's last with \\";
                return Err(Wrong::new(opened, "the quotation mark before the actions is not closed", mend));
            }
            None => return Ok(all),
            Some(sign) if !quoted && BLANK.contains(&sign) => return Ok(all),
            Some(sign) => {
                let mend = "separate actions by commas, and put a value with a comma or quotes into single quotes";
                return Err(Wrong::new(cursor.at(), format!("'{sign}' behind an action"), mend));
            }
        };
    }
}

fn one<'t>(cursor: &mut Cursor<'t>, quoted: bool) -> Result<Written<'t>, Wrong> {
    let at = cursor.at();
    let name = cursor.until(|sign| !sign.is_ascii_alphanumeric());
    if name.is_empty() {
        return Err(match cursor.peek() {
            None | Some(',' | '"') => Wrong::new(at, "an empty action", "take out the comma too many"),
            Some(sign) => {
                let mend = "begin with an action's name, such as id";
                Wrong::new(at, format!("'{sign}' where an action begins"), mend)
            }
        });
    }
    if cursor.peek() != Some(':') {
        return Ok(Written { name, at, value: None, value_at: at });
    }
    cursor.next();
    let mut value_at = cursor.at();
    let value = if cursor.peek() == Some('\'') {
        cursor.next();
        value_at += 1;
        let value = cursor.text_until(|sign| sign == '\'', &['\'', '"']);
        if cursor.next().is_none() {
            return Err(Wrong::new(
                value_at - 1,
                format!("the ' behind {name}: is not closed"),
                "end the value with '",
            ));
        }
        value
    } else {
        let ends = |sign| matches!(sign, ',' | '"') || (!quoted && BLANK.contains(&sign));
        let mut value = cursor.text_until(ends, &['\'', '"']);
        value.truncate(value.trim_end_matches(BLANK).len());
        lone_backslash(&value, value_at)?;
        value
    };
    Ok(Written { name, at, value: Some(value), value_at })
}

impl Actions {
    fn add(&mut self, written: &Written<'_>) -> Result<(), Wrong> {
        let at = written.at;
        let Some((name, takes)) = ACTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(written.name)).copied()
        else {
            let mend = names::mend(written.name, ACTIONS.iter().map(|(name, _)| *name));
            return Err(Wrong::new(at, format!("unknown action '{}'", written.name), mend));
        };
        let value = written.value.as_deref().unwrap_or_default();
        match takes {
            Value::No if written.value.is_some() => {
                return Err(Wrong::new(at, format!("{name} takes no value"), "leave out the colon and the value"));
            }
            Value::Yes if value.is_empty() => {
                return Err(Wrong::new(at, format!("{name} has no value"), format!("write {name}:VALUE")));
            }
            _ => {}
        }
        self.names.push((name, at));
        self.set(name, value, written)
    }

    fn set(&mut self, name: &'static str, value: &str, written: &Written<'_>) -> Result<(), Wrong> {
        let at = written.value_at;
        let template = || Template::parse(value, at);
        match name {
            "id" => self.id = Some(id(value, at)?),
            "phase" => self.phase = Some(phase(value, at)?),
            "pass" => self.disruptive = Some(Verdict::Is(Disruptive::Pass)),
            "block" => self.disruptive = Some(Verdict::Block),
            "deny" => self.disruptive = Some(Verdict::Is(Disruptive::Deny)),
            "drop" => self.disruptive = Some(Verdict::Is(Disruptive::Drop)),
            "allow" => self.disruptive = Some(Verdict::Is(Disruptive::Allow(allowed(value, at)?))),
            "redirect" => self.disruptive = Some(Verdict::Is(Disruptive::Redirect(template()?))),
            "proxy" => {
                let to = if value.is_empty() { None } else { Some(template()?) };
                self.disruptive = Some(Verdict::Is(Disruptive::Proxy(to)));
            }
            "status" => self.status = Some(number(value, at, name, 100..=999)?),
            "log" => self.log = Some(true),
            "nolog" => self.log = Some(false),
            "msg" => self.msg = Some(template()?),
            "logdata" => self.logdata = Some(template()?),
            "severity" => self.severity = Some(severity(value, at)?),
            "tag" => self.tags.push(value.into()),
            "ver" => self.ver = Some(value.into()),
            "rev" => self.rev = Some(value.into()),
            "maturity" => self.maturity = Some(value.into()),
            "accuracy" => self.accuracy = Some(value.into()),
            "chain" => self.chain = true,
            "capture" => self.capture = true,
            "multiMatch" => self.multi_match = true,
            "t" => match by_name(value).map(|known| known.name) {
                Some("none") => {
                    self.none = true;
                    self.transformations.clear();
                }
                Some(transformation) => self.transformations.push(transformation),
                None => {
                    let mend = names::mend(value, TRANSFORMATIONS.iter().map(|known| known.name));
                    return Err(Wrong::new(at, format!("unknown transformation '{value}'"), mend));
                }
            },
            "setvar" => self.setvars.push(setvar(value, at)?),
            "expirevar" => self.rest.push(expirevar(value, at)?),
            "ctl" => self.rest.push(Action::Ctl(ctl(value, at)?)),
            "skip" => self.skip = Some(number(value, at, name, 1..=u32::MAX)?),
            "skipAfter" => self.skip_after = Some(value.into()),
            _ => self.rest.push(Action::Other { name, value: written.value.as_deref().map(Into::into) }),
        }
        Ok(())
    }
}

fn number<N>(value: &str, at: usize, what: &str, range: std::ops::RangeInclusive<N>) -> Result<N, Wrong>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|number| is_plain && range.contains(number));
    number.ok_or_else(|| {
        let mend = format!("write a number from {} to {}", range.start(), range.end());
        Wrong::new(at, format!("'{value}' is no {what}"), mend)
    })
}

fn id(value: &str, at: usize) -> Result<u32, Wrong> {
    number(value, at, "id", 1..=u32::MAX)
}

/// Ids and ranges of ids, separated by blanks or commas.
pub(super) fn ids(text: &str, at: usize) -> Result<Vec<IdRange>, Wrong> {
    let parts = text.split([' ', '\t', ',']).filter(|part| !part.is_empty());
    let ranges: Vec<IdRange> = parts
        .map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let range = IdRange { first: id(first, at)?, last: id(last, at)? };
            let ordered = range.first <= range.last;
            ordered.then_some(range).ok_or_else(|| {
                let mend = format!("write {last}-{first}");
                Wrong::new(at, format!("the range {part} ends before it begins"), mend)
            })
        })
        .collect::<Result<_, Wrong>>()?;
    if ranges.is_empty() {
        Err(Wrong::new(at, "no id", "write ids and ranges, such as 1000 2000-2999"))
    } else {
        Ok(ranges)
    }
}

fn phase(value: &str, at: usize) -> Result<Phase, Wrong> {
    let named = [("request", Phase::RequestBody), ("response", Phase::ResponseBody), ("logging", Phase::Logging)];
    let named = named.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, phase)| *phase);
    let numbered = || Phase::ALL.into_iter().find(|phase| value == phase.number().to_string());
    named.or_else(numbered).ok_or_else(|| {
        let mend = "write a number from 1 to 5, request, response or logging";
        Wrong::new(at, format!("'{value}' is no phase"), mend)
    })
}

fn severity(value: &str, at: usize) -> Result<Severity, Wrong> {
    let is_it = |(number, word): &(usize, &str)| word.eq_ignore_ascii_case(value) || value == number.to_string();
    let found = SEVERITIES.into_iter().enumerate().find(is_it);
    found.map(|(number, _)| Severity::ALL[number]).ok_or_else(|| {
        let mend = names::mend(value, SEVERITIES);
        Wrong::new(at, format!("'{value}' is no severity"), format!("{mend}, or write a number from 0 to 7"))
    })
}

fn allowed(value: &str, at: usize) -> Result<Allowed, Wrong> {
    match value {
        "" => Ok(Allowed::Everything),
        _ if value.eq_ignore_ascii_case("phase") => Ok(Allowed::Phase),
        _ if value.eq_ignore_ascii_case("request") => Ok(Allowed::Request),
        _ => Err(Wrong::new(
            at,
            format!("'{value}' is nothing allow knows"),
            "write allow, allow:phase or allow:request",
        )),
    }
}

/// Collection, key, and what stands behind the first `=` outside of macros.
fn assignment<'v>(name: &str, value: &'v str, at: usize) -> Result<(&'static str, Template, Option<&'v str>), Wrong> {
    let (written, rest) = value.split_once(['.', ':']).unwrap_or((value, ""));
    let Some(collection) = names::find(written, WRITABLE) else {
        let mend = format!("write {name}:'tx.KEY=VALUE'; besides TX there are {}", WRITABLE.join(", "));
        return Err(Wrong::new(at, format!("'{written}' is no collection that {name} writes"), mend));
    };
    let mut equals = None;
    let mut from = 0;
    while let Some(found) = rest.get(from..).and_then(|rest| rest.find(['=', '%'])).map(|found| from + found) {
        if rest[found..].starts_with('=') {
            equals = Some(found);
            break;
        }
        let inside = rest[found..].strip_prefix("%{").and_then(|inside| inside.find('}'));
        from = found + 1 + inside.unwrap_or(0);
    }
    let (key, value) = equals.map_or((rest, None), |equals| (&rest[..equals], Some(&rest[equals + 1..])));
    if key.is_empty() {
        return Err(Wrong::new(at, format!("{name} has no key"), format!("write {name}:'{}.KEY'", written)));
    }
    Ok((collection, Template::parse(key, at)?, value))
}

fn setvar(value: &str, at: usize) -> Result<SetVar, Wrong> {
    if let Some(unset) = value.strip_prefix('!') {
        let (collection, key, value) = assignment("setvar", unset, at)?;
        return match value {
            None => Ok(SetVar { collection, key, operation: Operation::Unset }),
            Some(_) => Err(Wrong::new(at, "setvar removes a key and sets it, too", "leave out the ! or the value")),
        };
    }
    let (collection, key, value) = assignment("setvar", value, at)?;
    let operation = match value.map(|value| (value.chars().next(), value)) {
        None => Operation::Set(Template::parse("1", at)?),
        Some((Some('+'), value)) => Operation::Add(Template::parse(&value[1..], at)?),
        Some((Some('-'), value)) => Operation::Subtract(Template::parse(&value[1..], at)?),
        Some((_, value)) => Operation::Set(Template::parse(value, at)?),
    };
    Ok(SetVar { collection, key, operation })
}

fn expirevar(value: &str, at: usize) -> Result<Action, Wrong> {
    match assignment("expirevar", value, at)? {
        (collection, key, Some(seconds)) if !seconds.is_empty() => {
            Ok(Action::ExpireVar { collection, key, seconds: Template::parse(seconds, at)? })
        }
        _ => Err(Wrong::new(at, "expirevar says no time", format!("write expirevar:'{value}=SECONDS'"))),
    }
}

fn ctl(value: &str, at: usize) -> Result<Ctl, Wrong> {
    let (written, value) = value.split_once('=').unwrap_or((value, ""));
    let Some(name) = names::find(written, CTLS) else {
        let mend = names::mend(written, CTLS.iter().copied());
        return Err(Wrong::new(at, format!("ctl knows no '{written}'"), mend));
    };
    if value.is_empty() {
        return Err(Wrong::new(at, format!("ctl:{name} has no value"), format!("write ctl:{name}=VALUE")));
    }
    let target = || match value.split_once(';') {
        Some((rules, target)) if !rules.is_empty() => Ok((rules, variable::parse_one(target, at)?)),
        _ => {
            let mend = format!("write ctl:{name}=RULES;VARIABLE, such as {name}=…;ARGS:token");
            Err(Wrong::new(at, format!("ctl:{name} names no variable"), mend))
        }
    };
    Ok(match name {
        "ruleEngine" => Ctl::RuleEngine(RuleEngine::of(value).ok_or_else(|| {
            Wrong::new(at, format!("'{value}' is no state of the rule engine"), "write On, Off or DetectionOnly")
        })?),
        "ruleRemoveById" => Ctl::RemoveById(ids(value, at)?),
        "ruleRemoveByTag" => Ctl::RemoveByTag(value.into()),
        "ruleRemoveByMsg" => Ctl::RemoveByMsg(value.into()),
        "ruleRemoveTargetById" => {
            target().and_then(|(rules, target)| Ok(Ctl::RemoveTargetById(ids(rules, at)?, target)))?
        }
        "ruleRemoveTargetByTag" => target().map(|(tag, target)| Ctl::RemoveTargetByTag(tag.into(), target))?,
        "ruleRemoveTargetByMsg" => target().map(|(msg, target)| Ctl::RemoveTargetByMsg(msg.into(), target))?,
        _ => Ctl::Other { name, value: value.into() },
    })
}
