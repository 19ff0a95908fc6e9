//! Reports with what other rooms know: the rules' reasons, what behaves suspiciously, what the doctor says. Made when
//! somebody asks, and as a job for a folder.

use super::{Context, JobError, Progress};
use crate::behaviour::{detect, tell};
use crate::control::Actor;
use crate::control::settings::{
    GDPR_MODE, GDPR_STORE_PSEUDONYMISED, REPORT_DAYS, REPORT_FOLDER, REPORT_FORMATS, REPORT_MASKED, REPORTS_KEPT,
    Settings,
};
use crate::doctor;
use crate::model::{self, DAY_MS, EventView, FindingStatus, Lens, People, TimeRange, Timestamp};
use crate::report::{
    Asking, BlindSpot, Finding, Format, Read, Reason, Report, ReportFolder, Rule, Shown, Top, format, gather,
};
use crate::scoring::{Asked, RuleBook, Scorer};
use crate::store::{EventStore, StoreResult, hidden_people};
use serde_json::{Value, json};
use std::cmp::Reverse;

/// What a report is to be of.
#[derive(Debug)]
pub struct Surveyed<'s> {
    /// What counts as blocked, flagged and sanctioned.
    pub settings: &'s Settings,
    /// How people appear.
    pub lens: Lens,
    /// Only rows of these hours, widened to whole ones.
    pub range: TimeRange,
    /// How many rows tables have at most.
    pub top: usize,
    /// Now.
    pub now: Timestamp,
    /// What was read.
    pub read: Read,
    /// Whether behaviour is looked for now, as of rows just read; else what was found before is told, as far as it is open.
    pub look: bool,
    /// What the log can't show; nothing where that is not known.
    pub blind_spots: Option<Vec<doctor::BlindSpot>>,
}

/// Makes a report, with the reasons that the rules in force have.
///
/// # Errors
/// When the store can't be read.
pub fn survey(store: &dyn EventStore, scorer: &Scorer, surveyed: Surveyed<'_>) -> StoreResult<Report> {
    let Surveyed { settings, lens, range, top, now, read, look, blind_spots } = surveyed;
    let found = if look { detect(store, settings, range, now)?.findings } else { store.findings()? };
    let book = scorer.book();
    let people = hidden_people(store, &lens)?;
    gather(Asking {
        store,
        lens,
        people: &people,
        settings,
        range,
        top,
        now,
        read,
        rule: &|id| rule(&book, id),
        reasons: &|view| reasons(scorer, view),
        findings: findings(found, (&lens, &people), range),
        blind_spots: blind_spots.map(|spots| spots.into_iter().map(blind_spot).collect()),
    })
}

/// Findings that are told of; there may be thousands.
const MOST_FINDINGS: usize = 100;

/// Those that are open and touch the range, in words: the worst first, then the latest.
fn findings(mut found: Vec<model::Finding>, (lens, people): (&Lens, &People), range: TimeRange) -> Top<Finding> {
    found.retain(|one| one.status == FindingStatus::Open && one.last >= range.from && one.first < range.until);
    found.sort_by_key(|one| (one.severity, Reverse(one.last)));
    let in_words = |one: &model::Finding| {
        let told = tell(one, lens, people);
        let shown = |text: Option<String>| text.map(|text| Shown::of(&text));
        Finding {
            detector: Shown::of(&one.detector),
            title: Shown::of(told.title),
            severity: one.severity.name(),
            client: shown(told.client),
            destination: shown(told.destination),
            first_seen: one.first,
            last_seen: one.last,
            summary: Shown::of(&told.summary),
            requests: one.requests,
            technique: Some(Shown::of(told.technique)).filter(|technique| !technique.as_str().is_empty()),
        }
    };
    Top { total: found.len() as u64, rows: found.iter().take(MOST_FINDINGS).map(in_words).collect() }
}

fn rule(book: &RuleBook, id: u32) -> Rule {
    let Some(facts) = book.rule(id) else { return Rule { id, ..Rule::default() } };
    Rule {
        id,
        message: Some(Shown::of(&facts.message)).filter(|message| !message.as_str().is_empty()),
        category: Some(Shown::of(&facts.category)),
        severity: facts.severity.map(|severity| severity.name()),
        techniques: facts.techniques.iter().map(|technique| Shown::of(technique)).collect(),
    }
}

/// The rules that gave points to a row when it was scored, with what today's rules match in it as far as it is shown.
fn reasons(scorer: &Scorer, view: &EventView) -> Vec<Reason> {
    let Some(verdict) = &view.verdict else { return Vec::new() };
    let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
    let (method, client) = (bytes(&view.method).unwrap_or_default(), bytes(&view.client_ip));
    let (user_agent, referer) = (bytes(&view.user_agent), bytes(&view.referer));
    let asked = Asked {
        method: &method,
        url: view.url.as_bytes(),
        client: client.as_deref(),
        user_agent: user_agent.as_deref(),
        referer: referer.as_deref(),
    };
    let (book, explanation) = scorer.explain(&asked);
    let reason = |(id, points): &(u32, u32)| {
        let known = Reason { rule: rule(&book, *id), points: *points, ..Reason::default() };
        let found = explanation.verdict.matches.iter().find(|found| found.id == *id && found.points > 0);
        let Some(found) = found else { return known };
        let fragment = found.value.get(found.fragment.clone()).unwrap_or_default();
        Reason {
            rule: Rule { message: Some(Shown::of(&found.msg)), ..known.rule },
            location: Some(&found.variable).filter(|variable| !variable.is_empty()).map(|text| Shown::of(text)),
            fragment: Some(Shown::of(&String::from_utf8_lossy(fragment))),
            ..known
        }
    };
    verdict.rules.iter().map(reason).collect()
}

fn blind_spot(spot: doctor::BlindSpot) -> BlindSpot {
    BlindSpot {
        id: spot.id,
        severity: spot.severity.word(),
        what: Shown::of(&spot.what),
        loses: spot.loses.iter().copied().map(doctor::Ability::title).collect(),
        fix: spot.fix.iter().map(|line| Shown::of(line)).collect(),
        note: spot.note,
    }
}

/// Rows of tables in scheduled reports.
const TOP: usize = 20;

/// Writes a report of the last whole days into the folder, and removes the oldest there.
pub(super) fn write_report(context: &Context, _: &Actor, _: &Progress) -> Result<Value, JobError> {
    let (settings, now) = (context.control.settings(), context.clock.now());
    let folder = ReportFolder::named(settings.get(REPORT_FOLDER), context.control.data_dir())?;
    let names = settings.get(REPORT_FORMATS);
    let formats: Vec<&Format> = names.iter().filter_map(|name| format(name)).collect();
    let until = now.floor_to(DAY_MS);
    let from = Timestamp(until.0.saturating_sub(settings.get(REPORT_DAYS).saturating_mul(DAY_MS)));
    let masked = settings.get(REPORT_MASKED) || settings.get(GDPR_MODE) || settings.get(GDPR_STORE_PSEUDONYMISED);
    let blind_spots = context.squid_conf.as_deref().and_then(|conf| doctor::diagnose(conf, None).ok());
    let report = survey(
        &*context.store,
        &context.scorer,
        Surveyed {
            settings: &settings,
            lens: if masked { context.privacy.masked() } else { Lens::PLAIN },
            range: TimeRange { from, until },
            top: TOP,
            now,
            read: Read { from: "database", ..Read::default() },
            look: false,
            blind_spots: blind_spots.map(distinct),
        },
    )?;
    let files = folder.write(&report, &formats)?;
    let removed = folder.keep(usize::try_from(settings.get(REPORTS_KEPT)).unwrap_or(1))?;
    Ok(json!({
        "from": from.to_rfc3339(), "until": until.to_rfc3339(), "masked": masked, "requests": report.totals.requests,
        "files": files, "removed_files": removed,
    }))
}

/// The blind spots of several logs, each once, the worst first.
pub fn distinct(diagnoses: Vec<doctor::Diagnosis>) -> Vec<doctor::BlindSpot> {
    let mut spots: Vec<doctor::BlindSpot> = Vec::new();
    for spot in diagnoses.into_iter().flat_map(|diagnosis| diagnosis.blind_spots) {
        if !spots.iter().any(|known| known.id == spot.id) {
            spots.push(spot);
        }
    }
    spots.sort_by_key(|spot| Reverse(spot.severity));
    spots
}
