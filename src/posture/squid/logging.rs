//! What is logged: without it nothing else can be seen. (What each lack costs, and the lines that mend it, `doctor` says.)

use super::{configured, written};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;
use crate::squidconf::{AccessLog, LogCode, LogModule, SquidConf};

/// Codes that hold the query string whatever `strip_query_terms` says.
const WITH_QUERY: [&str; 5] = [">ru", "<ru", ">rp", "<rp", "rp"];

/// The logs that are written, with the codes of their lines.
fn logs(conf: &SquidConf) -> Vec<(AccessLog, Vec<LogCode>)> {
    let logs = conf.access_logs().into_iter().filter(|log| log.module != LogModule::None);
    logs.map(|log| {
        let codes = conf.layout(&log).map(|layout| layout.codes()).unwrap_or_default();
        (log, codes)
    })
    .collect()
}

fn of_log(log: &AccessLog, text: String) -> Evidence {
    Evidence::text(text).at(log.place.as_ref())
}

pub(in crate::posture) fn access_log(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let conf = &facts.conf;
        let everything = |log: &AccessLog| log.acls.iter().all(|acl| acl.name == "all" && !acl.negated);
        let lines = conf.access_logs();
        let Some(at) = lines.iter().position(|log| log.module != LogModule::None) else {
            let place = lines.first().and_then(|log| log.place.as_ref());
            return Finding::none(vec![Evidence::text("No request is logged.").at(place)]);
        };
        if let Some(none) = lines[..at].iter().find(|log| log.module == LogModule::None) {
            let text = "Some requests are not logged: access_log none.".to_owned();
            let share = u32::from(!everything(none));
            return Finding::share(share, 2, vec![of_log(none, text)]);
        }
        match lines.iter().filter(|log| log.module != LogModule::None).find(|log| everything(log)) {
            Some(log) => Finding::all(vec![of_log(log, format!("Every request is logged to {}.", log.shown()))]),
            None => Finding::share(1, 2, vec![of_log(&lines[at], "Only some requests are logged.".to_owned())]),
        }
    })
}

pub(in crate::posture) fn query_strings(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let conf = &facts.conf;
        let logs = logs(conf);
        let whole = |codes: &[LogCode]| codes.iter().any(|code| WITH_QUERY.contains(&code.code));
        if let Some((log, _)) = logs.iter().find(|(_, codes)| whole(codes)) {
            return Finding::all(vec![of_log(log, format!("The format {} holds the whole URL.", log.format))]);
        }
        match (conf.strip_query_terms(), conf.last("strip_query_terms")) {
            (false, Some(line)) if !logs.is_empty() => Finding::all(vec![written(line, "query strings are logged")]),
            (true, Some(line)) => Finding::none(vec![written(line, "query strings are cut off")]),
            _ => Finding::none(vec![Evidence::text(
                "Query strings are cut off (strip_query_terms is on unless it is set).",
            )]),
        }
    })
}

pub(in crate::posture) fn user_agents(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let logs = logs(&facts.conf);
        let has = |code: &LogCode| {
            let name = code.argument.as_deref();
            code.code == ">h" && name.is_none_or(|name| name.eq_ignore_ascii_case("user-agent"))
        };
        match logs.iter().find(|(_, codes)| codes.iter().any(has)) {
            Some((log, _)) => Finding::all(vec![of_log(log, format!("The format {} holds them.", log.format))]),
            None => {
                let first = logs.first().map(|(log, _)| log);
                let format = first.map_or("none", |log| log.format.as_str());
                let text = format!("No log holds them; the first is written as {format}.");
                Finding::none(vec![Evidence::text(text).at(first.and_then(|log| log.place.as_ref()))])
            }
        }
    })
}
