//! The rules of `waf-rules/`, inside the binary.

use crate::waf::seclang::Source;
use rust_embed::RustEmbed;

/// What the list of rules in config.toml calls them.
pub const BUILTIN: &str = "waf-rules";

#[derive(RustEmbed)]
#[folder = "waf-rules/"]
#[include = "*.conf"]
struct Files;

/// The files by name, each as a text.
pub(super) fn sources() -> Vec<Source> {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let text = |name: &str| Files::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
    names.iter().map(|name| Source::Text { name: format!("{BUILTIN}/{name}"), text: text(name) }).collect()
}
