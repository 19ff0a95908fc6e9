//! What the paths of a batch's rows say, and how random they are: found once per row, in the threads that encode, and
//! kept as a dictionary column of few values.

use crate::model::{Batch, Classifiers, DictColumn, KindParts, PathTraits, PersonalRows};

/// What paths say, row by row.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// The text forms of [`PathTraits`].
    pub(super) traits: DictColumn,
    /// Thousandths of a bit per byte; `None` where there is nothing to measure.
    pub(super) entropy_millibits: Vec<Option<u16>>,
}

impl Paths {
    /// Of the rows of a batch.
    pub(super) fn of(batch: &Batch, classifiers: &Classifiers) -> Paths {
        let mut personal = PersonalRows::of(batch);
        let mime = |kind| KindParts::read(kind).map_or(&b""[..], |parts| parts.content_type);
        let mimes: Vec<&[u8]> = batch.kind.values.iter().map(mime).collect();
        let mut paths = Paths::default();
        paths.entropy_millibits.reserve(batch.len());
        paths.traits.codes.reserve(batch.len());
        let mut text = Vec::new();
        for row in 0..batch.len() {
            let rest = batch.rest.get(row);
            (classifiers.path)(rest, mimes[batch.kind.codes[row] as usize], &mut text);
            if personal.holds(row) {
                PathTraits::mark_personal(&mut text);
            }
            paths.traits.push(&text);
            let entropy = (classifiers.entropy_millibits)(rest);
            paths.entropy_millibits.push(entropy.map(|millibits| u16::try_from(millibits).unwrap_or(u16::MAX)));
        }
        paths
    }
}

/// The text form for a row without a path.
pub(super) fn no_path() -> Vec<u8> {
    let mut text = Vec::new();
    PathTraits::default().write(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::CLASSIFIERS;
    use crate::model::{AccessEvent, SourceName, Target};

    #[test]
    fn rows_say_what_their_paths_do() {
        let mut batch = Batch::new(SourceName::default());
        for (origin, rest, agent, mime) in [
            ("http://www.example.com", "/invoice.pdf.exe", "", "image/png"),
            ("http://www.example.com", "/a/b.js?x=1", "", "text/javascript"),
            ("http://www.example.com", "/a/b.js?user=ada", "", "text/javascript"),
            ("http://www.example.com", "/", "agent of 10.0.0.1", ""),
            ("http://10.0.0.1", "/", "", ""),
            ("www.example.com:443", "", "", ""),
        ] {
            let event = AccessEvent {
                c_ip: b"10.0.0.1",
                user_agent: agent.as_bytes(),
                content_type: mime.as_bytes(),
                ..AccessEvent::default()
            };
            let target = Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false };
            batch.push(&event, &target, b"");
        }
        let paths = Paths::of(&batch, &CLASSIFIERS);
        let text = |code: &u32| String::from_utf8_lossy(paths.traits.values.get(*code)).into_owned();
        let texts: Vec<String> = paths.traits.codes.iter().map(text).collect();
        assert_eq!(texts, ["1exe.pdf", "0js", "4js", "4", "4", "0"]);
        let measured: Vec<bool> = paths.entropy_millibits.iter().map(Option::is_some).collect();
        assert_eq!(measured, [true, true, true, false, false, false]);
    }
}
