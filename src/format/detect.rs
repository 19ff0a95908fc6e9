//! Which format a content is in: the one that explains most of its first lines.

use super::{FORMATS, SharedFormat, names, resolve};
use bumpalo::Bump;

/// Lines looked at, at most.
const LINES: usize = 512;

/// What the first lines of a content say.
#[derive(Clone, Debug)]
pub struct Detection {
    /// The format that explains most of them, and how many.
    pub best: Option<(SharedFormat, usize)>,
    /// Lines looked at; blank ones are none.
    pub lines: usize,
}

impl Detection {
    /// The format, where it explains more than half of the lines.
    pub fn format(&self) -> Option<&SharedFormat> {
        self.best.as_ref().filter(|(_, explained)| explained * 2 > self.lines).map(|(format, _)| format)
    }

    /// Why the content is in no format, for people who did not name one and now should. Says nothing of what the lines
    /// hold.
    pub fn explain(&self) -> String {
        let known = format!("known formats are {}", names().join(", "));
        let lines = |lines: usize| if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
        match &self.best {
            _ if self.lines == 0 => format!("there is no line to tell it by; {known}"),
            None => format!("none explains any of its first {}; {known}", lines(self.lines)),
            Some((format, explained)) => {
                let best = format.spec();
                format!("the best guess, '{best}', explains {explained} of its first {}; {known}", lines(self.lines))
            }
        }
    }
}

/// Tries every format on the whole lines of `sample`, the beginning of a content. Of two that explain as many, the one
/// first in [`FORMATS`] is it. A last line without its end counts only where it is the only one.
pub fn detect(sample: &[u8]) -> Detection {
    let whole = memchr::memrchr(b'\n', sample).map_or(sample, |end| &sample[..end]);
    let lines: Vec<&[u8]> = whole
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    let mut best: Option<(SharedFormat, usize)> = None;
    for spec in FORMATS.iter().flat_map(|kind| kind.detected_as) {
        let Ok(format) = resolve(spec) else { continue };
        let explained = explained(&format, &lines);
        if explained > best.as_ref().map_or(0, |(_, most)| *most) {
            best = Some((format, explained));
        }
        if explained == lines.len() {
            break;
        }
    }
    Detection { best, lines: lines.len() }
}

/// How many of the lines are in the format, or speak of those that are.
fn explained(format: &SharedFormat, lines: &[&[u8]]) -> usize {
    let mut format = format.clone();
    let mut arena = Bump::new();
    let is_explained = |line: &&&[u8]| {
        if let Some(next) = format.directive(line) {
            format = next;
            return true;
        }
        arena.reset();
        format.parse(line, &arena).is_ok()
    };
    lines.iter().filter(is_explained).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUID: &str =
        "1767225600.123    245 10.0.3.17 TCP_MISS/200 5316 GET http://a.example/ - HIER_DIRECT/192.0.2.7 text/html\n";

    #[test]
    fn what_is_no_access_log_is_in_no_format() {
        let syslog: String = (0..60)
            .map(|n| format!("Nov 20 16:44:{n:02} proxy1 kernel: [ 12.{n}] eth0: link is up, 1000 Mbps\n"))
            .collect();
        let config = "# a comment\n#Remark of ours\nhttp_port 3128\nacl all src 0.0.0.0/0\nhttp_access allow all\n";
        let prose = "Dear reader,\n\nThis is no log. It has 200 words, and 16:44:41 is a time of day.\n\nYours\n";
        let json = "{\"time\":\"2026-11-20T16:44:41Z\",\"level\":\"info\",\"msg\":\"hello\"}\n".repeat(9);
        let caddy_log = "{\"level\":\"info\",\"ts\":1795193081.1,\"logger\":\"tls\",\"msg\":\"cleaning\"}\n".repeat(9);
        let csv = "time,client,url\n2026-11-20 16:44:41,10.0.3.17,http://a.example/\n".repeat(5);
        let noise: Vec<u8> = (0_u32..4096).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mostly_not = format!("{SQUID}{syslog}");
        for text in [syslog.as_bytes(), config.as_bytes(), prose.as_bytes(), json.as_bytes(), caddy_log.as_bytes()]
            .into_iter()
            .chain([csv.as_bytes(), &noise, mostly_not.as_bytes(), b"", b"\n\r\n\n"])
        {
            let found = detect(text);
            assert!(found.format().is_none(), "{:?}: {}", found.format(), String::from_utf8_lossy(text));
        }
    }

    /// A log may be short, and of tunnels alone.
    #[test]
    fn one_line_is_enough_to_tell() {
        for (line, spec) in [
            (
                "1767225600.123 245000 10.0.3.17 TCP_TUNNEL/200 5 CONNECT a.example:443 - DEFAULT_PARENT/192.0.2.7 -",
                "squid",
            ),
            ("1767225600.123 245 10.0.3.17 TCP_MISS/200 5 GET http://a/ - FIRSTUP_PARENT/192.0.2.7 text/html", "squid"),
            ("1767225600.123 245 10.0.3.17 TCP_MISS/200 5 GET http://a/ - PINNED/192.0.2.7 text/html", "squid"),
            (
                "1767225600.123 245 10.0.3.17 TCP_MISS/200 5 GET http://a/ anna b HIER_DIRECT/192.0.2.7 text/html",
                "squid",
            ),
            ("1767225600.123 245 10.0.3.17 TCP_MISS/200 5 GET http://a/ - DIRECT/a text/html", "trafficserver"),
            ("h - - [20/Nov/2026:17:05:07 +0000] \"CONNECT a.example:443 HTTP/1.1\" 200 5", "common"),
            ("h - - [20/Nov/2026:17:05:07 +0000] \"CONNECT a.example:443 HTTP/1.1\" 200 5 \"-\" \"-\"", "combined"),
            ("h - anna b [20/Nov/2026:17:05:07 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\" 1 2", "combined"),
        ] {
            assert_eq!(detect(line.as_bytes()).format().map(|format| format.spec()), Some(spec), "{line}");
        }
    }

    /// Two words, anything and a word are Squid's `referrer`, too.
    #[test]
    fn what_begins_with_a_time_is_no_referrer_log() {
        let line =
            "1795194308.441 \"-\" \"-\" 127.0.0.1 - GET http://a/ http/1.1 200 170 1000 TCP_MISS DIRECT text/html\n";
        assert!(detect(line.repeat(3).as_bytes()).format().is_none());
    }

    #[test]
    fn what_is_not_found_is_explained() {
        let other = "Nov 20 16:44:41 proxy1 sshd: hello\n".repeat(3);
        for (text, explanation) in [
            (String::new(), "there is no line to tell it by; known formats are trafficserver, squid,"),
            (other.clone(), "none explains any of its first 3 lines; known formats are trafficserver, squid,"),
            (
                format!("{SQUID}{other}"),
                "the best guess, 'squid', explains 1 of its first 4 lines; known formats are trafficserver, squid,",
            ),
        ] {
            let explained = detect(text.as_bytes()).explain();
            assert!(explained.starts_with(explanation), "{explained}");
        }
    }

    #[test]
    fn looks_at_the_first_lines_that_are_whole() {
        let cut = format!("{SQUID}{}", &SQUID[..40]);
        assert_eq!(detect(cut.as_bytes()).lines, 1);
        assert_eq!(
            detect(SQUID.trim_end().as_bytes()).format().map(|format| format.spec().to_owned()).as_deref(),
            Some("squid")
        );
        assert_eq!(detect(SQUID.repeat(LINES + 9).as_bytes()).lines, LINES);
        let header = "#Software: SGOS 6.7\n#Fields: date time c-ip cs-uri\n";
        let lines = "2026-11-20 16:44:41 10.0.3.17 http://a.example/\n".repeat(3);
        let found = detect(format!("{header}{lines}").as_bytes());
        assert_eq!(found.format().map(|format| format.spec()), Some("w3c"));
    }
}
