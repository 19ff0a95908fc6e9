//! Hits and near-misses of rules, a file of YAML each: `id`, `hits` and `near_misses`, these with `url` and where wanted
//! `method`, `user_agent` and `referer`.

use crate::scoring::Asked;
use anyhow::Context;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where they are, seen from a checkout.
pub(super) const DIRECTORY: &str = "tests/waf-rules";
/// The User-Agent where a case doesn't say.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What a rule is to hit, and what not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    /// The rule.
    pub(super) id: u32,
    /// Requests that it is for.
    pub(super) hits: Vec<Case>,
    /// Requests that look like these, and aren't.
    pub(super) near_misses: Vec<Case>,
}

/// A request, as a log with every field has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) url: String,
    method: Option<String>,
    user_agent: Option<String>,
    referer: Option<String>,
}

impl Case {
    /// In the words of the scorer.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            method: self.method.as_deref().unwrap_or_else(|| usual_method(&self.url)).as_bytes(),
            url: self.url.as_bytes(),
            client: None,
            user_agent: Some(self.user_agent.as_deref().unwrap_or(BROWSER).as_bytes()),
            referer: Some(self.referer.as_deref().unwrap_or_default().as_bytes()),
        }
    }
}

/// The method of a request for that target, where nobody says: CONNECT for `host:port`, else GET.
pub(super) fn usual_method(url: &str) -> &'static str {
    if url.contains(':') && !url.contains('/') { "CONNECT" } else { "GET" }
}

/// The cases of a directory's YAML files, by name of the file.
///
/// # Errors
/// A directory that can't be read, a file that is not of this form.
pub(super) fn read(directory: &Path) -> anyhow::Result<Vec<(PathBuf, Cases)>> {
    let mut files = Vec::new();
    let unreadable = || format!("{}: can't be read; name the directory of the cases with --tests", directory.display());
    for entry in std::fs::read_dir(directory).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    files.into_iter().map(|path| read_one(&path).map(|cases| (path, cases))).collect()
}

fn read_one(path: &Path) -> anyhow::Result<Cases> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown}: can't be read"))?;
    let cases: Cases = serde_yaml_ng::from_str(&text).with_context(|| shown.to_string())?;
    let is_named = path.file_stem().is_some_and(|stem| stem == &*cases.id.to_string());
    anyhow::ensure!(is_named, "{shown}: has the cases of rule {id}; call it {id}.yaml", id = cases.id);
    Ok(cases)
}
