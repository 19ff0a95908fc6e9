//! Which format a content is in: the one that explains most of its first lines.

use super::{FORMATS, SharedFormat, resolve};
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
}

/// Tries every format on the whole lines of `sample`. Of two that explain as many, the one first in [`FORMATS`] is it.
pub fn detect(sample: &[u8]) -> Detection {
    let lines: Vec<&[u8]> = sample
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
