//! Files to directives: comments, continuations, conditionals, macros and includes, as `parseOneConfigFile` has them.

use super::SquidConf;
use super::directive::{Directive, Place, Word, Writing};
use super::lexer::{BLANK, unquote, words};
use std::sync::Arc;

/// What an `include` names: each file's name and content, in order.
pub type Included = Vec<(String, Vec<u8>)>;

/// Why a configuration is none: what Squid would not start with.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ConfFault {
    /// Where.
    pub place: Place,
    /// What is wrong, and its mend.
    pub problem: String,
}

/// How deep includes may be nested; Squid's own limit.
const MAX_DEPTH: usize = 16;
/// How many files are read at most: two files that include both of each other would otherwise be 65,536.
const MAX_FILES: usize = 1000;
/// How much is read at most, in bytes.
const MAX_BYTES: usize = 64 << 20;
/// What macros stand for: the first worker of a service of the usual name sees these.
const MACROS: [(&str, &str); 3] =
    [("${service_name}", "squid"), ("${process_name}", "squid-1"), ("${process_number}", "1")];

impl SquidConf {
    /// Reads a configuration. `name` is what faults call the file. `include` answers what the patterns behind an
    /// `include` name, or why it can't; it is called with one pattern at a time. Bytes that are not UTF-8 become U+FFFD.
    /// Conditions are decided as the first worker would.
    ///
    /// # Errors
    /// The first [`ConfFault`]. Directives that Squid doesn't know are none.
    pub fn read(
        name: &str,
        content: &[u8],
        include: &mut dyn FnMut(&str) -> Result<Included, String>,
    ) -> Result<SquidConf, ConfFault> {
        let mut reader = Reader { conf: SquidConf::default(), include, quoted: false, bytes: 0 };
        reader.file(name, content, 0)?;
        Ok(reader.conf)
    }
}

struct Reader<'i> {
    conf: SquidConf,
    include: &'i mut dyn FnMut(&str) -> Result<Included, String>,
    /// Whether `configuration_includes_quoted_values` is on by now.
    quoted: bool,
    bytes: usize,
}

impl Reader<'_> {
    fn file(&mut self, name: &str, content: &[u8], depth: usize) -> Result<(), ConfFault> {
        let file: Arc<str> = name.into();
        let fault = |line, problem: String| ConfFault { place: Place { file: Arc::clone(&file), line }, problem };
        self.bytes += content.len();
        if self.conf.files.len() >= MAX_FILES || self.bytes > MAX_BYTES {
            let most = MAX_BYTES >> 20;
            return Err(fault(1, format!("more than {MAX_FILES} files or {most} MiB; does a file include itself?")));
        }
        self.conf.files.push(name.to_owned());
        // One entry for each open `if`: whether its current branch is taken.
        let mut branches: Vec<bool> = Vec::new();
        let text = String::from_utf8_lossy(content);
        let (mut joined, mut begins) = (String::new(), 1);
        let mut line = 0;
        for part in text.split('\n') {
            line += 1;
            let part = part.split('\r').next().unwrap_or_default().trim_start_matches([' ', '\t']);
            if part.is_empty() || part.starts_with('#') {
                continue;
            }
            if joined.is_empty() {
                begins = line;
            }
            joined.push_str(part);
            if joined.ends_with('\\') {
                joined.pop();
                continue;
            }
            let whole = macros(std::mem::take(&mut joined));
            let place = Place { file: Arc::clone(&file), line: begins };
            self.line(whole.trim_end_matches([' ', '\t']), place, &mut branches, depth)?;
        }
        if branches.is_empty() { Ok(()) } else { Err(fault(line, "an 'if' has no end; add a line 'endif'".to_owned())) }
    }

    fn line(&mut self, text: &str, place: Place, branches: &mut Vec<bool>, depth: usize) -> Result<(), ConfFault> {
        let (name, rest) = text.split_once(BLANK).unwrap_or((text, ""));
        let rest = rest.trim_matches(BLANK);
        let fault = |problem: String| ConfFault { place: place.clone(), problem };
        // As in Squid the innermost branch alone decides.
        let taken = branches.last().copied().unwrap_or(true);
        match name {
            "if" => branches.push(condition(rest).map_err(fault)?),
            "else" | "endif" if branches.is_empty() => {
                return Err(fault(format!("'{name}' without 'if'; remove it, or add the 'if'")));
            }
            "else" => *branches.last_mut().unwrap_or(&mut false) = !taken,
            "endif" => drop(branches.pop()),
            "include" if taken && !rest.is_empty() => {
                if depth >= MAX_DEPTH {
                    return Err(fault(format!(
                        "includes are nested more than {MAX_DEPTH} deep; does a file include itself?"
                    )));
                }
                for pattern in patterns(rest).map_err(fault)? {
                    for (name, content) in (self.include)(&pattern).map_err(fault)? {
                        self.file(&name, &content, depth + 1)?;
                    }
                }
            }
            "" => {}
            _ => {
                let words = if name == "logformat" { definition(rest, self.quoted) } else { words(rest, self.quoted) };
                let words = words.map_err(fault)?;
                if taken && name == "configuration_includes_quoted_values" {
                    self.quoted = words.first().is_some_and(|word| word.text == "on");
                }
                let (name, rest) = (name.to_owned(), rest.to_owned());
                self.conf.directives.push(Directive { name, rest, words, place, taken });
            }
        }
        Ok(())
    }
}

fn macros(mut text: String) -> String {
    if text.contains("${") {
        for (name, value) in MACROS {
            text = text.replace(name, value);
        }
    }
    text
}

/// `true`, `false`, or two whole numbers with an equals sign between them.
fn condition(text: &str) -> Result<bool, String> {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let sides = text.split_once('=').and_then(|(left, right)| Some((number(left)?, number(right)?)));
            let (left, right) = sides.ok_or_else(|| {
                format!("the condition '{text}' is none; write true, false, or two whole numbers with = between them")
            })?;
            Ok(left == right)
        }
    }
}

/// The patterns behind `include`, which may be quoted whatever the mode.
fn patterns(rest: &str) -> Result<Vec<String>, String> {
    words(rest, true).map(|words| words.into_iter().map(|word| word.text).collect())
}

/// A `logformat`: its name, and all that stands behind it, out of its quotes where it is in some.
fn definition(rest: &str, quoted: bool) -> Result<Vec<Word>, String> {
    let plain = |text: &str| Word { text: text.to_owned(), writing: Writing::Plain };
    let Some((name, definition)) = rest.split_once(BLANK) else { return words(rest, quoted) };
    let definition = definition.trim_start_matches(BLANK);
    let definition = match definition.chars().next() {
        Some(quote @ ('"' | '\'')) if quoted => {
            Word { text: unquote(&definition[1..], quote)?.0, writing: Writing::Quoted }
        }
        _ => plain(definition),
    };
    Ok(vec![plain(name), definition])
}
