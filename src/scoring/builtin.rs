//! Rules inside the binary: ours, `waf-rules/`, and what fits other rule sets to a forward proxy, `waf-rules/tuning/`.

use crate::waf::seclang::Source;
use rust_embed::RustEmbed;

/// What the list of rules in config.toml calls ours.
pub const BUILTIN: &str = "waf-rules";

#[derive(RustEmbed)]
#[folder = "waf-rules/"]
#[exclude = "tuning/*"]
#[include = "*.conf"]
struct Rules;

/// A file each; config.toml calls it by its name without `.conf`.
#[derive(RustEmbed)]
#[folder = "waf-rules/tuning/"]
#[include = "*.conf"]
struct Tuning;

/// What a word of that list stands for: the files by name, each as a text. Nothing where it is a path.
pub(super) fn sources(word: &str) -> Option<Vec<Source>> {
    if word == BUILTIN {
        let mut names: Vec<_> = Rules::iter().collect();
        names.sort();
        return Some(names.iter().filter_map(|name| text::<Rules>(BUILTIN, name)).collect());
    }
    text::<Tuning>("waf-rules/tuning", &format!("{word}.conf")).map(|source| vec![source])
}

fn text<F: RustEmbed>(folder: &str, name: &str) -> Option<Source> {
    let text = F::get(name)?.data.into_owned();
    Some(Source::Text { name: format!("{folder}/{name}"), text })
}
