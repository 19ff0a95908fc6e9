//! What a file, a configuration or a format comes to: what its lines hold and lack, and the blind spots.

use super::files::{DoctorError, format_of, read_conf};
use super::sample::Sample;
use super::{Ability, BlindSpot, CHECKS, Evidence, examine, left};
use crate::format::{SharedFormat, detect};
use crate::model::{Field, FieldSet};
use crate::squidconf::{AccessLog, Included, LogModule, SquidConf};
use serde::Serialize;
use std::path::Path;

/// What was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A log.
    Log,
    /// A log as squid.conf has it written.
    SquidConf,
    /// A format.
    Format,
}

/// What one log, or the format of one, can show.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Diagnosis {
    /// What was looked at.
    pub subject: Subject,
    /// The file, or the format's spec.
    pub name: String,
    /// Where a configuration sends the log; none where nothing does.
    pub log: Option<String>,
    /// The spec of the lines' format; none where no format of this build reads them.
    pub format: Option<String>,
    /// Rows that were looked at.
    pub rows: u64,
    /// The fields that lines hold; nothing where no format of this build reads them.
    #[serde(skip)]
    pub fields: Option<FieldSet>,
    /// What lines hold.
    pub holds: Vec<&'static str>,
    /// What lines don't hold.
    pub lacks: Vec<&'static str>,
    /// What is hidden by that, the worst first.
    pub blind_spots: Vec<BlindSpot>,
    /// What can still be found out wholly; nothing where that is not known.
    pub left: Vec<Ability>,
}

impl Diagnosis {
    /// The blind spot by which lines don't hold a field.
    pub fn hiding(&self, field: Field) -> Option<&BlindSpot> {
        let hides = |spot: &&BlindSpot| CHECKS.iter().any(|check| check.id == spot.id && check.hides == Some(field));
        self.blind_spots.iter().find(hides)
    }

    /// What a format can show.
    pub fn of_format(format: &SharedFormat) -> Diagnosis {
        Diagnosis::of(Subject::Format, format.spec(), Some(format), &Evidence::of_format(&**format))
    }

    /// What each log of a configuration can show; of one that writes none, that.
    pub fn of_conf(name: &str, conf: &SquidConf) -> Vec<Diagnosis> {
        let logs = conf.access_logs();
        let is_written = |log: &&AccessLog| log.module != LogModule::None;
        let mut written: Vec<&AccessLog> = logs.iter().filter(is_written).collect();
        if written.is_empty() {
            written.extend(logs.first());
        }
        written.into_iter().map(|log| Diagnosis::of_access_log(name, conf, log)).collect()
    }

    fn of_access_log(name: &str, conf: &SquidConf, log: &AccessLog) -> Diagnosis {
        // A definition that can't be compiled is another command's fault to tell; the rest can be told all the same.
        let format = format_of(conf, log).ok();
        let layout = conf.layout(log);
        let fields = format.as_ref().map(|format| format.fields());
        let (conf, layout) = (Some(conf), layout.as_ref());
        let evidence = Evidence { fields, by_squid: true, observed: None, conf, log: Some(log), layout };
        let diagnosis = Diagnosis::of(Subject::SquidConf, name, format.as_ref(), &evidence);
        Diagnosis { log: Some(log.shown()), ..diagnosis }
    }

    fn of(subject: Subject, name: &str, format: Option<&SharedFormat>, evidence: &Evidence<'_>) -> Diagnosis {
        let blind_spots = examine(evidence);
        let is_hidden = |field: Field| {
            let hides = |id: &str| CHECKS.iter().any(|check| check.id == id && check.hides == Some(field));
            evidence.lacks(field) || blind_spots.iter().any(|spot| hides(spot.id))
        };
        let (lacks, holds): (Vec<Field>, Vec<Field>) = Field::ALL.into_iter().partition(|field| is_hidden(*field));
        let known = evidence.fields.is_some();
        let titles = |fields: Vec<Field>| if known { fields.into_iter().map(title).collect() } else { Vec::new() };
        let held = holds.iter().fold(FieldSet::default(), |held, field| held.with(*field));
        Diagnosis {
            fields: known.then_some(held),
            subject,
            name: name.to_owned(),
            log: None,
            format: format.map(|format| format.spec().to_owned()),
            rows: evidence.observed.map_or(0, |seen| seen.rows),
            holds: titles(holds),
            lacks: titles(lacks),
            left: if known { left(&blind_spots) } else { Vec::new() },
            blind_spots,
        }
    }
}

/// Looks at a file, which says by its content whether it is a squid.conf or a log. `given` is the format of a log's lines
/// where that is known. One diagnosis for each log that is written.
///
/// # Errors
/// [`DoctorError`], with its mend.
pub fn diagnose(path: &Path, given: Option<&SharedFormat>) -> Result<Vec<Diagnosis>, DoctorError> {
    let shown = path.display().to_string();
    let sample = Sample::of(path).map_err(|cause| DoctorError::Read { path: path.to_owned(), cause })?;
    if given.is_none() && sample.head.is_empty() {
        return Err(DoctorError::Empty(path.to_owned()));
    }
    if given.is_none() && is_conf(&sample.head) {
        return Ok(Diagnosis::of_conf(&shown, &read_conf(path)?));
    }
    let detected = detect(&sample.head);
    let format = given.or_else(|| detected.format()).ok_or_else(|| DoctorError::Unknown(path.to_owned()))?;
    let (observed, format) = sample.observe(format);
    let evidence = Evidence { observed: Some(observed), ..Evidence::of_format(&*format) };
    Ok(vec![Diagnosis::of(Subject::Log, &shown, Some(&format), &evidence)])
}

/// Directives by which a squid.conf is known.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "access_log", "acl", "auth_param", "cache", "cache_access_log", "cache_dir", "cache_effective_user", "cache_log",
    "cache_mem", "cache_mgr", "cache_peer", "cache_store_log", "client_netmask", "configuration_includes_quoted_values",
    "coredump_dir", "debug_options", "delay_access", "dns_nameservers", "emulate_httpd_log", "external_acl_type",
    "forwarded_for", "http_access", "http_port", "https_port", "icap_enable", "icp_port", "log_ip_on_direct",
    "log_mime_hdrs", "logfile_rotate", "logformat", "never_direct", "pid_filename", "refresh_pattern",
    "request_header_access", "ssl_bump", "sslcrtd_program", "strip_query_terms", "uri_whitespace", "url_rewrite_program",
    "via", "visible_hostname", "workers",
];

/// Whether a content is a squid.conf: at least half of its directives, includes counted, are known by name.
fn is_conf(head: &[u8]) -> bool {
    let mut includes = 0;
    let mut count = |_: &str| {
        includes += 1;
        Ok(Included::new())
    };
    if memchr::memchr(0, head).is_some() {
        return false;
    }
    match SquidConf::read("", head, &mut count) {
        Ok(conf) => {
            let known = conf.all().iter().filter(|one| KNOWN.contains(&one.name.as_str())).count() + includes;
            known > 0 && known * 2 >= conf.all().len() + includes
        }
        // Broken, but whose?
        Err(_) => String::from_utf8_lossy(head)
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_whitespace().next())
            .take(512)
            .any(|word| KNOWN.contains(&word) || word == "include"),
    }
}

/// A field, for people.
pub fn title(field: Field) -> &'static str {
    match field {
        Field::Time => "time",
        Field::TimeTaken => "duration",
        Field::Client => "client",
        Field::User => "user",
        Field::Method => "method",
        Field::Url => "URL",
        Field::Query => "query string",
        Field::Status => "status",
        Field::Bytes => "bytes",
        Field::Result => "result code",
        Field::Peer => "peer",
        Field::ContentType => "MIME type",
        Field::UserAgent => "User-Agent",
        Field::Referer => "Referer",
        Field::ClientBytes => "bytes from clients",
    }
}
