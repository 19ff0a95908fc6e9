//! Lines to events and back. One file per format, one line of [`FORMATS`] each.

mod squid;

pub use squid::Squid;

use crate::model::{AccessEvent, EventView, RejectReason};

/// A way to write access log lines.
pub trait Format: Send + Sync {
    /// The name used on the command line, in `config.toml` and in answers.
    fn name(&self) -> &'static str;

    /// Reads one line, without its line end, borrowing from it.
    ///
    /// # Errors
    /// The [`RejectReason`] when the line is not in this format.
    fn parse<'line>(&self, line: &'line [u8]) -> Result<AccessEvent<'line>, RejectReason>;

    /// Appends the line that this format writes for `event`, without a line end. For an event that was parsed with
    /// `canonical` set this is the line it came from, byte for byte.
    fn render(&self, event: &AccessEvent<'_>, out: &mut Vec<u8>);
}

/// Every format.
pub static FORMATS: &[&dyn Format] = &[&Squid];

/// The format of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// The line a row came from, as its view shows it: the line kept beside the row, else rendered by its format.
/// `None` when the row's format is not known to this build, or the view hides something of it.
pub fn render(view: &EventView) -> Option<String> {
    if !view.is_whole {
        return None;
    }
    if let Some(raw) = &view.raw {
        return Some(raw.clone());
    }
    let bytes = |text: &'_ Option<String>| -> Vec<u8> { text.as_deref().unwrap_or_default().as_bytes().to_vec() };
    let (c_ip, user, method) = (bytes(&view.client_ip), bytes(&view.user), bytes(&view.method));
    let (hierarchy, peer, mime) = (bytes(&view.hierarchy), bytes(&view.peer), bytes(&view.mime));
    let (agent, referer) = (bytes(&view.user_agent), bytes(&view.referer));
    let event = AccessEvent {
        time: view.time,
        time_taken_ms: view.time_taken_ms,
        c_ip: &c_ip,
        cs_username: &user,
        cs_method: &method,
        cs_uri: view.url.as_bytes(),
        sc_status: view.status_code,
        sc_bytes: view.bytes,
        result: view.result.as_bytes(),
        hierarchy: &hierarchy,
        peer: &peer,
        content_type: &mime,
        user_agent: &agent,
        referer: &referer,
        canonical: true,
    };
    let mut line = Vec::new();
    by_name(&view.source.format)?.render(&event, &mut line);
    Some(String::from_utf8_lossy(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for format in FORMATS {
            assert_eq!(FORMATS.iter().filter(|other| other.name() == format.name()).count(), 1);
            assert!(by_name(format.name()).is_some());
        }
        assert!(by_name("no such format").is_none());
    }
}
