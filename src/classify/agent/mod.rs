//! Which program an agent is and what kind of program. Not who sits before it, and no check: an agent says what it likes.
//!
//! Two sources. `agents.toml`, written for this project, names programs without a window: scanners, updaters, command-line
//! tools, libraries and some bots. `families.json` is the part of uap-core (<https://github.com/ua-parser/uap-core>,
//! Apache License 2.0, `families.LICENSE`) that names families, browsers above all; `make-families` makes it, the crate
//! `ua-parser` reads it.

mod markers;
#[cfg(test)]
mod tests;

use markers::MARKERS;
use std::sync::LazyLock;
use ua_parser::user_agent::{Builder, Extractor, Parser};

/// What of an agent is looked at, in bytes: beyond stands nothing that tells programs apart, and what is made to be slow.
const LOOKED_AT_BYTES: usize = 1024;

/// The longest family that is taken from an agent itself, in bytes.
const LONGEST_FAMILY_BYTES: usize = 40;

/// The family where an agent names none.
const UNKNOWN: &str = "-";

/// A program, as it names itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Agent {
    /// Its name without version; `-` where there is none.
    pub family: Box<str>,
    /// Its kind.
    pub class: AgentClass,
}

/// A kind of program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentClass {
    /// Looks for weaknesses or open doors.
    Scanner,
    /// Keeps an operating system or a product up to date.
    Updater,
    /// Is called by name, by people or scripts.
    CliTool,
    /// Is part of other programs, which don't say what they are.
    Library,
    /// Fetches by itself: crawlers, previews, monitors, browsers without a window.
    Bot,
    /// Shows pages to people, programs with a browser inside as well.
    Browser,
    /// Everything else: applications under their own name, and no agent at all.
    Unknown,
}

impl AgentClass {
    /// All of them.
    pub const ALL: [AgentClass; 7] = [
        AgentClass::Scanner,
        AgentClass::Updater,
        AgentClass::CliTool,
        AgentClass::Library,
        AgentClass::Bot,
        AgentClass::Browser,
        AgentClass::Unknown,
    ];

    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            AgentClass::Scanner => "scanner",
            AgentClass::Updater => "updater",
            AgentClass::CliTool => "cli_tool",
            AgentClass::Library => "library",
            AgentClass::Bot => "bot",
            AgentClass::Browser => "browser",
            AgentClass::Unknown => "unknown",
        }
    }

    /// The class of a word.
    pub fn parse(name: &str) -> Option<AgentClass> {
        AgentClass::ALL.into_iter().find(|class| class.name() == name)
    }
}

static FAMILIES: LazyLock<Option<Extractor<'static>>> = LazyLock::new(|| {
    // A test compiles them: nothing fails here.
    let parsers: Vec<Parser<'static>> = serde_json::from_str(include_str!("families.json")).ok()?;
    Builder::new().push_all(parsers).ok()?.build().ok()
});

/// What a User-Agent says of its program: by a marker of `agents.toml`, else as a bot by the words such programs use, else
/// by uap-core, as a browser where it begins like one.
pub fn agent(user_agent: &[u8]) -> Agent {
    let text = String::from_utf8_lossy(&user_agent[..user_agent.len().min(LOOKED_AT_BYTES)]);
    let text = text.trim();
    let of = |family: &str, class| Agent { family: family.into(), class };
    if let Some((family, class)) = MARKERS.find(text) {
        return of(family, class);
    }
    if let Some(name) = text.split(|sign: char| !is_of_token(sign)).find(|token| is_bots_name(token)) {
        return of(without_version(name), AgentClass::Bot);
    }
    let known = FAMILIES.as_ref().and_then(|families| families.extract(text)).map(|found| found.family);
    let family = known.as_deref().or_else(|| product(text)).unwrap_or(UNKNOWN);
    let class = match () {
        // The page about a bot, which good ones name.
        () if text.contains("+http://") || text.contains("+https://") => AgentClass::Bot,
        () if known.is_some() && (text.starts_with("Mozilla/") || text.starts_with("Opera/")) => AgentClass::Browser,
        () => AgentClass::Unknown,
    };
    of(family, class)
}

/// Whether a sign belongs to a token (RFC 9110, section 5.6.2), as far as names of programs have it.
fn is_of_token(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.' | '!')
}

/// Whether a token is the name of a bot: `bot` ends one of its words, or it says what it does. CUBOT makes telephones.
fn is_bots_name(token: &str) -> bool {
    let token = token.to_ascii_lowercase();
    let ends_a_word = |at: usize| !token[at + 3..].starts_with(|sign: char| sign.is_ascii_lowercase());
    let bot = token.match_indices("bot").any(|(at, _)| ends_a_word(at) && !token[..at].ends_with("cu"));
    token.len() <= LONGEST_FAMILY_BYTES && (bot || ["crawler", "spider"].iter().any(|word| token.contains(word)))
}

/// The first product of an agent, where it has the form of one: `name/version` (RFC 9110, section 10.1.5).
fn product(text: &str) -> Option<&str> {
    let (name, version) = text.split_once('/')?;
    let good = name.len() <= LONGEST_FAMILY_BYTES
        && name.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && name.chars().all(|sign| is_of_token(sign) || sign == ' ')
        && version.starts_with(|sign: char| sign.is_ascii_digit() || sign == 'v')
        && name != "Mozilla";
    good.then_some(name)
}

/// A token without a version behind a hyphen (`bot-1.2`).
fn without_version(name: &str) -> &str {
    name.trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '_' | '.'))
}
