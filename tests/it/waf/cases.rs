//! What rules are tested with: `tests/waf-rules/`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tidegate::classify::{LookAlikes, destination, is_dga, service_of, split_target};
use tidegate::waf::engine::{Engine, Scratch, Verdict};
use tidegate::waf::seclang::{RuleSet, Source};
use tidegate::waf::variables::{Field, Request};

/// From here on a line is flagged.
pub const FLAGGED: u32 = 5;
/// What the classifiers say of a host, as rules name it.
pub const SIGNALS: [&str; 5] = ["dga", "look_alike", "ip_literal", "unusual_port", "service_category"];
/// What agents are called where a case doesn't say.
pub const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// Files that libmodsecurity can't judge: an operator of ours, and what the classifiers say.
pub const OURS_ALONE: [&str; 2] = ["87-personal-data-iban.conf", "90-signals.conf"];

/// What a rule must hit, and what it must not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    pub id: u32,
    pub hits: Vec<Case>,
    pub near_misses: Vec<Case>,
}

/// A request as it is logged.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub url: String,
    pub method: Option<String>,
    pub user_agent: Option<String>,
    pub referer: Option<String>,
}

impl Case {
    /// A line of a list: a URL or the target of a CONNECT, and what else is said behind tabs.
    fn of_line(line: &str) -> Case {
        let mut parts = line.split('\t');
        let mut case = Case { url: parts.next().unwrap().to_owned(), ..Case::default() };
        if !case.url.split('?').next().unwrap().contains("://") {
            case.method = Some("CONNECT".to_owned());
        }
        for part in parts {
            match part.split_once('=').unwrap() {
                ("method", method) => case.method = Some(method.to_owned()),
                ("user_agent", agent) => case.user_agent = Some(agent.to_owned()),
                ("referer", referer) => case.referer = Some(referer.to_owned()),
                (name, _) => panic!("{name}: {line}"),
            }
        }
        case
    }

    /// The method that it was sent with.
    pub fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("GET")
    }

    /// What the engine says of it, as a log has it.
    pub fn judged(&self, engine: &Engine, scratch: &mut Scratch) -> Verdict {
        let signals = self.signals();
        let signals: Vec<Option<&[u8]>> = signals.iter().map(|signal| signal.map(str::as_bytes)).collect();
        let request = Request {
            method: self.method().as_bytes(),
            uri: self.url.as_bytes(),
            protocol: Field::Is(b"HTTP/1.1"),
            user_agent: Field::Is(self.user_agent.as_deref().unwrap_or(BROWSER).as_bytes()),
            referer: Field::logged(self.referer.as_deref().map(str::as_bytes)),
            client: Field::Is(b"192.0.2.1"),
            signals: &signals,
            ..Request::default()
        };
        let verdict = engine.judge(&request, scratch);
        let score = engine.score(&request, scratch);
        assert_eq!((score.points, score.severity), (verdict.score, verdict.severity), "{}", self.url);
        verdict
    }

    /// What the classifiers say of its host, by [`SIGNALS`].
    fn signals(&self) -> [Option<&'static str>; SIGNALS.len()] {
        let target = split_target(self.method().as_bytes(), self.url.as_bytes());
        let Some(destination) = destination(target.origin) else { return Default::default() };
        let set = |holds: bool| holds.then_some("1");
        [
            set(is_dga(destination.host())),
            set(LookAlikes::new(["paypal.com"]).of(destination.host()).is_some()),
            set(destination.is_ip_literal() && !destination.is_private()),
            set(destination.has_unusual_port()),
            service_of(destination.host()).map(|service| service.category.name()),
        ]
    }

    /// Target and host as a server would see them.
    pub fn target(&self) -> (String, &str) {
        if self.method.as_deref() == Some("CONNECT") {
            return (self.url.clone(), &self.url);
        }
        let rest = self.url.split_once("://").unwrap().1;
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        (if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }, host)
    }
}

/// A file of the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Our rules.
pub fn ours() -> RuleSet {
    let set = RuleSet::load(&[Source::Path(path("waf-rules").display().to_string())]).unwrap();
    assert!(set.remarks.is_empty(), "{:?}", set.remarks);
    set
}

/// The cases of a rule.
pub fn cases(id: u32) -> Cases {
    let file = path(&format!("tests/waf-rules/{id}.yaml"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The cases of a list, one a line.
pub fn listed(name: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(path(&format!("tests/waf-rules/{name}"))).unwrap();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(Case::of_line).collect()
}
