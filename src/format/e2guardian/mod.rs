//! e2guardian's access log (and DansGuardian's, its ancestor's), in the layouts that `logfileformat` chooses: 1 `native`,
//! separated by blanks; 2 `csv`; 4 `tab`; 5 and 6 `protex`, also separated by tabs. Layout 3 is Squid's native
//! format; 7 and 8 are not read. Facts: `e2guardian.conf`, and what 5.3.5 writes.
//!
//! Nothing is escaped in any of them: what a client sends may hold the separator. Layouts but `protex` have local times.
//! What the filter decided stands in words in front of its reason (`*DENIED* Blocked site: …`): the words are the result,
//! in e2guardian's language or, for a refusal in another one, `DENIED`.

mod columns;
mod split;
#[cfg(test)]
mod tests;

use super::local::Local;
use super::{Format, FormatError, FormatKind, LocalTime, SharedFormat};
use crate::model::{AccessEvent, Field, FieldSet, RejectReason};
use bumpalo::Bump;
use columns::Layout;
use std::sync::Arc;

const NAME: &str = "e2guardian";

pub(super) static KIND: FormatKind = FormatKind {
    name: NAME,
    help: "e2guardian's access log; csv, tab or protex behind the name for its other layouts",
    compile,
    detected_as: &["e2guardian protex", "e2guardian tab", "e2guardian csv", "e2guardian"],
};

fn compile(definition: &str) -> Result<SharedFormat, FormatError> {
    let (local, word) = Local::of(NAME, definition)?;
    let layout = Layout::named(word).ok_or_else(|| FormatError::Definition {
        format: NAME,
        problem: format!("no layout '{word}'; write nothing for logfileformat 1, csv for 2, tab for 4, protex for 5 and 6, and format squid for 3"),
    })?;
    Ok(Arc::new(E2guardian::new(layout, local)))
}

/// One of e2guardian's layouts.
#[derive(Clone, Debug)]
struct E2guardian {
    layout: &'static Layout,
    local: Local,
    spec: String,
}

impl E2guardian {
    fn new(layout: &'static Layout, local: Local) -> E2guardian {
        let spec = local.spec(NAME, layout.word);
        E2guardian { layout, local, spec }
    }
}

impl Format for E2guardian {
    fn spec(&self) -> &str {
        &self.spec
    }

    fn parse<'line>(&self, line: &'line [u8], arena: &'line Bump) -> Result<AccessEvent<'line>, RejectReason> {
        let whole = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let values = split::split(self.layout, whole, arena)?;
        let mut event = columns::read(self.layout, &values, &self.local, arena)?;
        let mut again = Vec::with_capacity(line.len());
        self.render(&event, &mut again);
        event.canonical = again == line && self.local.is_said();
        if !event.canonical {
            event.extra = b"";
        }
        Ok(event)
    }

    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>) {
        columns::write(self.layout, event, &self.local, out);
    }

    fn fields(&self) -> FieldSet {
        let fields = FieldSet::of(&[
            Field::Time,
            Field::Client,
            Field::User,
            Field::Method,
            Field::Url,
            Field::Query,
            Field::Status,
            Field::Bytes,
            Field::Result,
            Field::ContentType,
            Field::UserAgent,
        ]);
        if self.layout.has_duration() { fields.with(Field::TimeTaken) } else { fields }
    }

    fn with_local_time(&self, local: &LocalTime) -> Option<SharedFormat> {
        if !self.layout.is_local() {
            return None;
        }
        Some(Arc::new(E2guardian::new(self.layout, self.local.with(local)?)))
    }
}
