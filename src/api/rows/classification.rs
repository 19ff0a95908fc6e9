//! What a line was taken for, and why: the classifiers' findings in words.

use super::RowSettings;
use crate::classify::{CLASSIFIERS, DGA_THRESHOLD, Destination, destination, dga, reading, service_of};
use crate::model::{EventView, Outcome, PathTraits, Tag};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing the line was taken for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Classification {
    /// What was looked at.
    pub name: &'static str,
    /// What it was found to be.
    pub value: String,
    /// Why.
    pub why: String,
}

impl Classification {
    fn new(name: &'static str, value: impl Into<String>, why: impl Into<String>) -> Classification {
        Classification { name, value: value.into(), why: why.into() }
    }
}

/// Everything a row was taken for.
pub(super) fn classify(view: &EventView, settings: &RowSettings) -> Vec<Classification> {
    let mut found = vec![Classification::new("outcome", view.outcome.name(), why_outcome(view))];
    match destination(view.origin.as_bytes()) {
        Some(target) => of_destination(&target, view, settings, &mut found),
        None => found.push(Classification::new("destination", "-", "the request target names no host")),
    }
    found.extend(agent(view));
    of_path(view, &mut found);
    found
}

fn why_outcome(view: &EventView) -> String {
    match view.outcome {
        Outcome::AuthChallenge => "status 407: the proxy asked for credentials".to_owned(),
        Outcome::Denied => format!("result code {}: the proxy refused", view.result),
        Outcome::OriginForbidden => "status 403 without a refusal by the proxy: the origin's answer".to_owned(),
        Outcome::Aborted => format!("result code {}: the client went away first", view.result),
        Outcome::Error if view.status_code == 0 => "no reply was sent".to_owned(),
        Outcome::Error => format!("status {}: 500 or above", view.status_code),
        Outcome::Allowed => "a reply was sent, and no rule for another outcome applies".to_owned(),
    }
}

fn of_destination(target: &Destination, view: &EventView, settings: &RowSettings, found: &mut Vec<Classification>) {
    let why = format!("host and port of {}", view.origin);
    found.push(Classification::new("destination", target.to_string(), why));
    if !target.is_ip_literal() {
        let why = "registrable domain by the public suffix list";
        found.push(Classification::new("domain", target.domain(), why));
    }
    if let Some(reading) = reading(target.host()) {
        found.push(Classification::new("idn", reading, "the host's labels that begin with xn-- in their own script"));
    }
    if let Some(service) = service_of(target.host()) {
        let (category, risk) = (service.category.name(), service.risk.name());
        let why = format!("its domains are known from {}; category {category}, risk {risk}", service.source);
        found.push(Classification::new("service", service.name, why));
    }
    let kind = (CLASSIFIERS.service_type)(view.origin.as_bytes());
    found.push(Classification::new("service_type", kind, "by the service's category, else by scheme and port"));
    if let Some(likelihood) = dga(target.host()) {
        let why = format!("likelihood that a program made the name up; {} and above is flagged", DGA_THRESHOLD);
        found.push(Classification::new("dga_likelihood", format!("{likelihood:.3}"), why));
    }
    for tag in Tag::ALL {
        if let Some(why) = settings.why(tag, target) {
            found.push(Classification::new(tag.name(), "true", why));
        }
    }
}

/// By the agent as shown.
fn agent(view: &EventView) -> Option<Classification> {
    let agent = (CLASSIFIERS.agent)(view.user_agent.as_deref()?.as_bytes());
    Some(Classification::new("agent", agent.family, format!("class {}, by the user agent", agent.class)))
}

/// What the path says was found in it as logged; its parts are told only where the URL shown holds them.
fn of_path(view: &EventView, found: &mut Vec<Classification>) {
    let path = view.path_traits(&CLASSIFIERS);
    let Some(traits) = PathTraits::read(&path) else { return };
    let url = view.url.to_ascii_lowercase();
    let shown = |extension: &[u8]| {
        let extension = format!(".{}", String::from_utf8_lossy(extension));
        if url.contains(&extension) { extension } else { "hidden".to_owned() }
    };
    let mime = view.mime.as_deref().unwrap_or("no type");
    if !traits.extension.is_empty() {
        let category = view.file_category(traits.extension, &CLASSIFIERS);
        let why = format!("extension of the path, answered as {mime}; category {category}");
        found.push(Classification::new("extension", shown(traits.extension), why));
    }
    if !traits.inner.is_empty() {
        let (outer, inner) = (shown(traits.extension), shown(traits.inner));
        let why = format!("a program ({outer}) with the name of another file ({inner})");
        found.push(Classification::new(Tag::DoubleExtension.name(), "true", why));
    }
    if traits.mismatch {
        let why = format!("extension {} contradicts {mime}", shown(traits.extension));
        found.push(Classification::new(Tag::MimeMismatch.name(), "true", why));
    }
    if let Some(millibits) = view.entropy_millibits(&CLASSIFIERS) {
        let why = "Shannon entropy of what follows the origin, in bits per byte";
        found.push(Classification::new("entropy", format!("{:.3}", f64::from(millibits) / 1000.0), why));
    }
    if traits.high_entropy {
        let why = "the path is unusually random";
        found.push(Classification::new(Tag::HighEntropy.name(), "true", why));
    }
}
