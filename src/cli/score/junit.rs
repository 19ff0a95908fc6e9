//! The score as JUnit's XML: a suite for each source, a case for each check. A check that failed or is contradicted is a
//! failure; one that earned part of its points passes, and says in its output what is missing; an unknown one is skipped.
//! Form: `junit-10.xsd` of Jenkins' xUnit plugin.

use crate::posture::{Evidence, Judged, Report, Source, Status};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// The name of everything.
const NAME: &str = "tidegate score";

pub(super) fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let failures = failures(report.checks.iter()).to_string();
    let tests = report.checks.len().to_string();
    let suites = writer.create_element("testsuites");
    let suites = suites.with_attributes([("name", NAME), ("tests", &tests), ("failures", &failures), ("errors", "0")]);
    suites.write_inner_content(|writer| {
        for source in Source::ALL {
            suite(writer, report, source)?;
        }
        Ok(())
    })?;
    writeln!(out)
}

fn failures<'j>(checks: impl Iterator<Item = &'j Judged>) -> usize {
    checks.filter(|judged| is_failure(judged)).count()
}

fn is_failure(judged: &Judged) -> bool {
    matches!(judged.status, Status::Failed | Status::Contradicted)
}

fn suite<W: Write>(writer: &mut Writer<W>, report: &Report, source: Source) -> io::Result<()> {
    let of = || report.of(source);
    let skipped = of().filter(|judged| judged.status == Status::Unknown).count().to_string();
    let (tests, failures) = (of().count().to_string(), failures(of()).to_string());
    let (points, counts) = report.points(source);
    let element = writer.create_element("testsuite").with_attributes([
        ("name", source.name()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
    ]);
    element.write_inner_content(|writer| {
        writer.create_element("properties").write_inner_content(|writer| {
            let all = [("score", report.score), ("points", points), ("max_points", counts)];
            for (name, value) in all {
                let value = value.to_string();
                writer.create_element("property").with_attributes([("name", name), ("value", &value)]).write_empty()?;
            }
            Ok(())
        })?;
        for judged in of() {
            case(writer, judged)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn case<W: Write>(writer: &mut Writer<W>, judged: &Judged) -> io::Result<()> {
    let class = format!("tidegate.{}", judged.check.source.name());
    let element = writer.create_element("testcase").with_attributes([("name", judged.check.id), ("classname", &class)]);
    let seen: Vec<String> = judged.evidence.iter().map(line).collect();
    let advice = legal(judged.recommendation.as_deref().unwrap_or_default());
    let text = legal(&seen.join("\n"));
    match judged.status {
        Status::Passed => element.write_empty()?,
        Status::Unknown => element.write_inner_content(|writer| {
            writer.create_element("skipped").with_attribute(("message", text.as_str())).write_empty()?;
            Ok(())
        })?,
        Status::Partial => element.write_inner_content(|writer| {
            let of = judged.check.max_points;
            let says = format!("{} of {of} points: {advice}\n{text}", judged.points);
            writer.create_element("system-out").write_text_content(BytesText::new(&says))?;
            Ok(())
        })?,
        Status::Failed | Status::Contradicted => element.write_inner_content(|writer| {
            let failure = writer.create_element("failure");
            let failure = failure.with_attributes([("type", judged.status.name()), ("message", advice.as_str())]);
            failure.write_text_content(BytesText::new(&text))?;
            Ok(())
        })?,
    };
    Ok(())
}

fn line(evidence: &Evidence) -> String {
    let place = evidence.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    let setting = evidence.setting.as_ref().map(|(name, value)| format!("{name} = {value}: ")).unwrap_or_default();
    format!("{place}{setting}{}", evidence.text)
}

/// Without the characters that XML has no place for.
fn legal(text: &str) -> String {
    text.chars()
        .map(
            |sign| {
                if sign.is_control() && sign != '\n' || matches!(sign, '\u{fffe}' | '\u{ffff}') { ' ' } else { sign }
            },
        )
        .collect()
}
