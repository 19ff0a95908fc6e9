//! A report as one page: no script, nothing from elsewhere, and a policy (CSP) that forbids both, so that even what should
//! slip through does nothing. Every text from a log is the text of an element, never an attribute, a style or a link.
//! Light and dark as the reader's system has it; on paper always light, without what is folded.

mod chart;
mod table;

use super::Report;
use super::figures::minute;
use super::layout::{Block, Cell, Chart, Section, sections, window};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The page's style; its hash is in the policy.
const STYLE: &str = include_str!("style.css");

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let sections = sections(report);
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let window = window(report);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; \
         base-uri 'none'; form-action 'none'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <meta name=\"robots\" content=\"noindex\"/>\n<title>Proxy report, {window}</title>\n\
         <link rel=\"icon\" href=\"data:,\"/>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )?;
    write!(
        out,
        "<header>\n<h1>Proxy report</h1>\n<p>{window}</p>\n<p class=\"quiet\">{}, {} UTC. {}</p>\n",
        escaped(&report.generator),
        minute(report.generated_at),
        match report.masking.masked {
            true => "Personal data is masked: what stands for a client or user names nobody.",
            false => "Personal data appears as logged.",
        }
    )?;
    write!(out, "<nav aria-label=\"Sections\"><ul>")?;
    for section in &sections {
        write!(out, "<li><a href=\"#{}\">{}</a></li>", section.id, section.title)?;
    }
    write!(out, "</ul></nav>\n</header>\n<main>\n")?;
    for section in &sections {
        write_section(out, section)?;
    }
    write!(out, "</main>\n</body>\n</html>\n")
}

fn write_section(out: &mut dyn Write, section: &Section) -> io::Result<()> {
    writeln!(out, "<section id=\"{}\" aria-labelledby=\"{0}-title\">", section.id)?;
    writeln!(out, "<h2 id=\"{}-title\">{}</h2>", section.id, escaped(section.title))?;
    if !section.note.is_empty() {
        writeln!(out, "<p class=\"quiet\">{}</p>", escaped(&section.note))?;
    }
    for block in &section.blocks {
        match block {
            Block::Facts(facts) => write_facts(out, facts)?,
            Block::Table(folded) if folded.behind_chart => {
                write!(out, "<details><summary>{}: the figures</summary>", escaped(folded.title))?;
                table::write(out, section.title, folded)?;
                writeln!(out, "</details>")?;
            }
            Block::Table(table) => table::write(out, section.title, table)?,
            Block::Chart(Chart::Columns(columns)) => chart::columns(out, columns)?,
            Block::Chart(Chart::Heat(heat)) => chart::heat(out, heat)?,
        }
    }
    writeln!(out, "</section>")
}

fn write_facts(out: &mut dyn Write, facts: &[(&'static str, Cell)]) -> io::Result<()> {
    write!(out, "<dl class=\"facts\">")?;
    for (label, cell) in facts {
        let words = cell.words();
        let words = if words.is_empty() { "–" } else { &words };
        write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(label), escaped(words))?;
    }
    writeln!(out, "</dl>")
}

/// A text within an element.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_opens_nothing() {
        assert_eq!(super::escaped("</td><script>'\"&"), "&lt;/td&gt;&lt;script&gt;&#39;&quot;&amp;");
    }

    #[test]
    fn the_style_closes_nothing_and_fetches_nothing() {
        for word in ["</", "url(", "@import", "expression"] {
            assert!(!super::STYLE.contains(word), "{word}");
        }
    }
}
