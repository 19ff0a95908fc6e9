//! The words of a line, as `ConfigParser::TokenParse` finds them.

use super::directive::{Word, Writing};

/// What separates words.
pub(super) const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// The words of `rest`, up to a comment. With `quoted` (`configuration_includes_quoted_values on`) quotes group and
/// `parameters("file")` is known.
///
/// # Errors
/// What is wrong, with its mend.
pub(super) fn words(rest: &str, quoted: bool) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = rest.trim_start_matches(BLANK);
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, behind) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) if quoted => {
                let (text, behind) = unquote(&rest[1..], quote)?;
                (Word { text, writing: Writing::Quoted }, behind)
            }
            _ => plain(rest, quoted)?,
        };
        words.push(word);
        rest = behind.trim_start_matches(BLANK);
    }
    Ok(words)
}

fn plain(rest: &str, quoted: bool) -> Result<(Word, &str), String> {
    let ends = |sign: char| BLANK.contains(&sign) || (quoted && sign == '(');
    let end = rest.find(ends).filter(|end| *end > 0).unwrap_or_else(|| rest.find(BLANK).unwrap_or(rest.len()));
    let (text, behind) = rest.split_at(end);
    let Some(arguments) = behind.strip_prefix('(') else {
        return Ok((Word { text: text.to_owned(), writing: Writing::Plain }, behind));
    };
    if text != "parameters" {
        return Err(format!("'{text}(' is no function; write parameters(\"file\"), or put the value into quotes"));
    }
    let mend = "write parameters(\"file\")";
    let arguments = arguments.trim_start_matches(BLANK);
    let quote = arguments.chars().next().filter(|sign| ['"', '\''].contains(sign));
    let quote = quote.ok_or_else(|| format!("the file name of parameters() is not in quotes; {mend}"))?;
    let (text, behind) = unquote(&arguments[1..], quote)?;
    let behind = behind.trim_start_matches(BLANK).strip_prefix(')');
    let behind = behind.ok_or_else(|| format!("parameters( is not closed; {mend}"))?;
    Ok((Word { text, writing: Writing::Parameters }, behind))
}

/// The text up to the closing quote, and what stands behind it.
pub(super) fn unquote(text: &str, quote: char) -> Result<(String, &str), String> {
    let mut out = String::new();
    let mut signs = text.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            _ if sign == quote => {
                let behind = &text[at + 1..];
                let parted =
                    behind.is_empty() || behind.starts_with(|next| BLANK.contains(&next) || "()#".contains(next));
                return if parted {
                    Ok((out, behind))
                } else {
                    Err("no blank behind a quoted value; add one".to_owned())
                };
            }
            '\\' => match signs.next() {
                Some((_, 'r')) => out.push('\r'),
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                Some((_, other)) if other.is_ascii_alphanumeric() => {
                    return Err(format!("'\\{other}' stands for nothing; write a backslash twice"));
                }
                Some((_, other)) => out.push(other),
                None => break,
            },
            other => out.push(other),
        }
    }
    Err(format!("a quoted value has no end; add {quote}"))
}
