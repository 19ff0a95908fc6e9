//! Findings in words: one sentence each, made of what was measured, as the reader's lens shows it.

use super::registry::detector;
use crate::model::{Finding, FindingView, Lens, People, grouped};

/// A finding in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// What findings of its detector are headed.
    pub title: &'static str,
    /// Why it is one, in one sentence.
    pub summary: String,
    /// What to do about it.
    pub advice: &'static str,
    /// The MITRE ATT&CK technique that it hints at; empty where none is known.
    pub technique: &'static str,
    /// Client as the lens shows it; `None` where lines named nobody.
    pub client: Option<String>,
    /// Destination, domain or service as the lens shows it; `None` where it is no one place.
    pub destination: Option<String>,
}

/// Puts a finding into words, as a lens shows it that hides `people`.
pub fn tell(finding: &Finding, lens: &Lens, people: &People) -> Told {
    let view = FindingView::of(finding, lens, people);
    let known = detector(&finding.detector);
    Told {
        title: known.map_or("Finding of a newer version", |detector| detector.title),
        summary: known.map_or_else(String::new, |detector| (detector.sentence)(&view)),
        advice: known.map_or("", |detector| detector.advice),
        technique: known.map_or("", |detector| detector.technique),
        client: view.client,
        destination: view.destination,
    }
}

fn who<'v>(view: &'v FindingView<'_>) -> &'v str {
    view.client.as_deref().unwrap_or("A client without an address")
}

fn place<'v>(view: &'v FindingView<'_>) -> &'v str {
    view.destination.as_deref().unwrap_or("no destination")
}

pub(super) fn beacon(view: &FindingView<'_>) -> String {
    let of = |name| view.finding.measure(name);
    format!(
        "{} calls {} every {}, give or take {:.0}%: {}, {:.0}% of the pauses regular, over {}.",
        who(view),
        place(view),
        duration(of("period_seconds")),
        of("jitter_pct"),
        counted(of("calls"), "call"),
        of("regular_pct"),
        span(view.finding),
    )
}

pub(super) fn auth_spray(view: &FindingView<'_>) -> String {
    let users = counted(view.finding.measure("users"), "user name");
    let (tries, span) = (counted(view.finding.requests as f64, "login"), span(view.finding));
    format!("{} tried {users} within an hour; {tries} failed in {span}.", who(view))
}

pub(super) fn upload(view: &FindingView<'_>) -> String {
    let (megabytes, minutes) = (view.finding.measure("megabytes"), view.finding.measure("minutes"));
    let (requests, who, place) = (requests(view), who(view), place(view));
    if megabytes > 0.0 {
        return format!("{who} sent {} to {place} within a day, in {requests}.", volume(megabytes));
    }
    let spent = duration(minutes * 60.0);
    format!("{who} sent to {place} for {spent} within a day, in {requests} that got next to nothing back.")
}

pub(super) fn volume_out(view: &FindingView<'_>) -> String {
    let of = |name| volume(view.finding.measure(name));
    format!("{} sent {} in a day; on its other days it was {}.", who(view), of("megabytes"), of("usual_megabytes"))
}

pub(super) fn tunnel(view: &FindingView<'_>) -> String {
    let (hosts, random) = (view.finding.measure("hosts"), view.finding.measure("random_paths"));
    let (requests, who, place) = (requests(view), who(view), place(view));
    let by = if hosts >= random { counted(hosts, "made-up host name") } else { counted(random, "long random path") };
    format!("{who} asked {place} for {by}, in {requests} over {}.", span(view.finding))
}

pub(super) fn denied_burst(view: &FindingView<'_>) -> String {
    let (peak, times) = (view.finding.measure("peak"), view.finding.requests as f64);
    let (peak, times, span) = (counted(peak, "time"), counted(times, "time"), span(view.finding));
    format!("{} was refused {times} in {span}, at most {peak} within five minutes.", who(view))
}

pub(super) fn fan_out(view: &FindingView<'_>) -> String {
    let (destinations, requests) = (counted(view.finding.measure("destinations"), "destination"), requests(view));
    format!("{} asked for {destinations} within ten minutes, in {requests}.", who(view))
}

pub(super) fn new_service(view: &FindingView<'_>) -> String {
    let (days, requests) = (counted(view.finding.measure("days_before"), "day"), requests(view));
    format!("{} uses {}, which it had not for {days} and nobody sanctioned: {requests}.", who(view), place(view))
}

pub(super) fn new_domain(view: &FindingView<'_>) -> String {
    let (hours, times) = (view.finding.measure("hours"), view.finding.requests as f64);
    let (hours, times) = (counted(hours, "hour"), counted(times, "time"));
    format!("{} asked {times}, in {hours}, for {}, which nobody had asked for before.", who(view), place(view))
}

fn requests(view: &FindingView<'_>) -> String {
    counted(view.finding.requests as f64, "request")
}

/// How long it was measured over, which may be less than it goes on.
fn span(finding: &Finding) -> String {
    duration(finding.measure("span_seconds"))
}

/// Seconds in the largest unit that leaves two figures.
fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        ..=119.0 => (seconds, "second"),
        ..=7_199.0 => (seconds / 60.0, "minute"),
        ..=172_799.0 => (seconds / 3_600.0, "hour"),
        _ => (seconds / 86_400.0, "day"),
    };
    let text = if value >= 10.0 || (value - value.round()).abs() < 0.05 { whole(value) } else { format!("{value:.1}") };
    many(&text, unit)
}

/// A whole number of things.
fn counted(value: f64, thing: &str) -> String {
    many(&whole(value), thing)
}

fn many(number: &str, thing: &str) -> String {
    if number == "1" { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Megabytes (10^6) in the unit people say.
fn volume(megabytes: f64) -> String {
    if megabytes >= 1_000.0 { format!("{:.1} GB", megabytes / 1_000.0) } else { format!("{megabytes:.0} MB") }
}

/// A whole number, its thousands set apart.
fn whole(value: f64) -> String {
    grouped(value.max(0.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_say_them() {
        for (seconds, text) in [
            (0.0, "0 seconds"),
            (1.0, "1 second"),
            (59.96, "60 seconds"),
            (90.0, "90 seconds"),
            (300.0, "5 minutes"),
            (21_600.0, "6 hours"),
            (9_000.0, "2.5 hours"),
            (604_800.0, "7 days"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        assert_eq!((counted(1.0, "request"), counted(1_200.0, "call")), ("1 request".into(), "1,200 calls".into()));
        assert_eq!((volume(250.4), volume(10_240.0)), ("250 MB".to_owned(), "10.2 GB".to_owned()));
        assert_eq!((whole(7.0), whole(1_234.6), whole(1_000_000.0)), ("7".into(), "1,235".into(), "1,000,000".into()));
    }
}
