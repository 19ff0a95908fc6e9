//! Messages out of a stream of bytes, by RFC 6587: octet-counted (`LENGTH SP MESSAGE`, also RFC 5425) or each ended by a
//! line feed. Which of them a connection speaks shows at its beginning. Memory is bounded by [`MAX_MESSAGE_BYTES`].

use crate::model::Reject;

/// The longest message; of longer ones only the head is kept.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// Memory that is kept between messages.
const IDLE_BYTES: usize = 32 * 1024;

/// Digits of the longest LENGTH looked at.
const MAX_LENGTH_DIGITS: usize = 9;

/// What a stream holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Frame<'f> {
    /// A message; may be empty.
    Message(&'f [u8]),
    /// The head of one that is too long.
    TooLong(&'f [u8]),
}

/// The stream is out of step: where a length should stand is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a message's length is missing; the sender mixes octet counting with other framing")]
pub struct FramingError;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Speaks {
    /// Not known yet.
    Either,
    Counted,
    Lines,
}

/// Takes a stream apart.
#[derive(Debug)]
pub struct Framing {
    speaks: Speaks,
    /// Received, but not handed out.
    carry: Vec<u8>,
    /// Bytes of `carry` that hold no line feed.
    searched: usize,
    skipping: Skipping,
}

/// What is passed over of a message that is too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Skipping {
    Nothing,
    Bytes(usize),
    Line,
}

/// What stands at the beginning of what is there.
enum Step {
    More,
    Done,
}

impl Default for Framing {
    fn default() -> Framing {
        Framing { speaks: Speaks::Either, carry: Vec::new(), searched: 0, skipping: Skipping::Nothing }
    }
}

impl Framing {
    /// For a stream of lines and nothing else.
    pub fn of_lines() -> Framing {
        Framing { speaks: Speaks::Lines, ..Framing::default() }
    }

    /// Takes what was received; hands out what is complete.
    ///
    /// # Errors
    /// [`FramingError`] when the stream can't be followed any further.
    pub fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(Frame<'_>)) -> Result<(), FramingError> {
        self.carry.extend_from_slice(bytes);
        let mut at = 0;
        while let Step::More = self.step(&mut at, &mut take)? {}
        self.carry.drain(..at);
        // What a long message needed is not kept for as long as the connection lasts.
        self.carry.shrink_to(IDLE_BYTES);
        Ok(())
    }

    /// The stream has ended as it should: what is left is a message, if it can be one.
    pub fn finish(&mut self, mut take: impl FnMut(Frame<'_>)) {
        if self.speaks != Speaks::Counted && !self.carry.is_empty() {
            take(Frame::Message(&self.carry));
            self.carry.clear();
        }
    }

    /// Whether part of a message is there of which nothing was handed out.
    pub fn holds_part(&self) -> bool {
        !self.carry.is_empty()
    }

    /// Whether a message has begun and is not complete.
    pub fn is_midway(&self) -> bool {
        !self.carry.is_empty() || self.skipping != Skipping::Nothing
    }

    fn step(&mut self, at: &mut usize, take: &mut impl FnMut(Frame<'_>)) -> Result<Step, FramingError> {
        let rest = &self.carry[*at..];
        match (self.skipping, self.speaks) {
            _ if rest.is_empty() => Ok(Step::Done),
            (Skipping::Bytes(left), _) => {
                let passed = left.min(rest.len());
                *at += passed;
                self.skipping = if passed < left { Skipping::Bytes(left - passed) } else { Skipping::Nothing };
                Ok(Step::More)
            }
            (Skipping::Line, _) => {
                let end = memchr::memchr(b'\n', rest);
                *at += end.map_or(rest.len(), |end| end + 1);
                self.skipping = if end.is_some() { Skipping::Nothing } else { Skipping::Line };
                Ok(Step::More)
            }
            (Skipping::Nothing, Speaks::Either) => {
                let Some(counted) = begins_counted(rest) else { return Ok(Step::Done) };
                self.speaks = if counted { Speaks::Counted } else { Speaks::Lines };
                Ok(Step::More)
            }
            (Skipping::Nothing, Speaks::Lines) => {
                let searched = std::mem::take(&mut self.searched).min(rest.len());
                if let Some(end) = memchr::memchr(b'\n', &rest[searched..]) {
                    let line = &rest[..searched + end];
                    take(if line.len() > MAX_MESSAGE_BYTES { too_long(line) } else { Frame::Message(line) });
                    *at += searched + end + 1;
                    return Ok(Step::More);
                }
                if rest.len() > MAX_MESSAGE_BYTES {
                    take(too_long(rest));
                    *at += rest.len();
                    self.skipping = Skipping::Line;
                } else {
                    self.searched = rest.len();
                }
                Ok(Step::Done)
            }
            (Skipping::Nothing, Speaks::Counted) => {
                // Some end their messages with a line feed that they don't count.
                if matches!(rest[0], b'\n' | b'\r' | 0) {
                    *at += 1;
                    return Ok(Step::More);
                }
                let Some((length, digits)) = length(rest)? else { return Ok(Step::Done) };
                let message = &rest[digits + 1..];
                if length > MAX_MESSAGE_BYTES {
                    if message.len() < Reject::KEPT_BYTES {
                        return Ok(Step::Done);
                    }
                    take(too_long(message));
                    self.skipping = Skipping::Bytes(length);
                    *at += digits + 1;
                } else {
                    let Some(message) = message.get(..length) else { return Ok(Step::Done) };
                    take(Frame::Message(message));
                    *at += digits + 1 + length;
                }
                Ok(Step::More)
            }
        }
    }
}

fn too_long(message: &[u8]) -> Frame<'_> {
    Frame::TooLong(&message[..message.len().min(Reject::KEPT_BYTES)])
}

/// Whether a stream that begins like this is octet-counted: a length, a blank, and the `<` that every such message
/// begins with. `None` while that can't be said.
fn begins_counted(rest: &[u8]) -> Option<bool> {
    let digits = rest.iter().take(MAX_LENGTH_DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > MAX_LENGTH_DIGITS || rest[0] == b'0' {
        return Some(false);
    }
    match rest.get(digits) {
        None => None,
        Some(b' ') => rest.get(digits + 1).map(|first| *first == b'<'),
        Some(_) => Some(false),
    }
}

/// The length and its digits; `None` while it is not complete.
fn length(rest: &[u8]) -> Result<Option<(usize, usize)>, FramingError> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > MAX_LENGTH_DIGITS || rest[0] == b'0' {
        return Err(FramingError);
    }
    let value = rest[..digits].iter().fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    match rest.get(digits) {
        None => Ok(None),
        Some(b' ') => Ok(Some((value, digits))),
        Some(_) => Err(FramingError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes out of a stream cut into pieces of `size` bytes.
    fn taken(stream: &[u8], size: usize, mut framing: Framing) -> (Vec<Vec<u8>>, Result<(), FramingError>) {
        let mut taken = Vec::new();
        let mut take = |frame: Frame<'_>| match frame {
            Frame::Message(message) => taken.push(message.to_vec()),
            Frame::TooLong(head) => taken.push([b"TOO LONG ", &head[..4], head.len().to_string().as_bytes()].concat()),
        };
        for piece in stream.chunks(size) {
            if let Err(error) = framing.feed(piece, &mut take) {
                return (taken, Err(error));
            }
        }
        framing.finish(&mut take);
        (taken, Ok(()))
    }

    #[test]
    fn a_connection_shows_how_it_frames() {
        for (stream, want) in [
            (&b"5 <1>ab6 <1>c\nd"[..], &["<1>ab", "<1>c\nd"][..]),
            (b"5 <1>ab\n5 <1>cd\n", &["<1>ab", "<1>cd"]),
            (b"<1>ab\n<1>cd\n", &["<1>ab", "<1>cd"]),
            (b"<1>ab\n<1>cd", &["<1>ab", "<1>cd"]),
            // Bare lines that begin with numbers.
            (b"1767225600.123 245 x\n1767225600 <a\n", &["1767225600.123 245 x", "1767225600 <a"]),
            (b"200 GET\n5 <1>ab\n", &["200 GET", "5 <1>ab"]),
            (b"7", &["7"]),
            (b"0 <1>\n", &["0 <1>"]),
            // The end is missing, so that it is no message.
            (b"5 <1>ab5 <1>", &["<1>ab"]),
        ] {
            for size in 1..=stream.len() {
                let (got, done) = taken(stream, size, Framing::default());
                let got: Vec<_> = got.iter().map(|message| String::from_utf8_lossy(message)).collect();
                assert_eq!((got, done), (want.iter().map(|text| (*text).into()).collect(), Ok(())), "{size}");
            }
        }
        let (got, done) = taken(b"5 <1>abcd\n", 3, Framing::default());
        assert_eq!((got, done), (vec![b"<1>ab".to_vec()], Err(FramingError)));
        assert_eq!(taken(b"5 <1>ab\n", 3, Framing::of_lines()).0, [b"5 <1>ab".to_vec()]);
    }

    #[test]
    fn what_the_end_cuts_off_is_known_and_memory_is_given_back() {
        let long = [&b"x".repeat(MAX_MESSAGE_BYTES)[..], b"\n"].concat();
        let begun_long = format!("{} <1>{}", MAX_MESSAGE_BYTES + 1, "x".repeat(MAX_MESSAGE_BYTES - 9));
        for (stream, is_cut_off) in [
            (&b"5 <1>ab5 <1>"[..], true),
            (b"5 <1>ab5", true),
            (b"5 <1>ab\n", false),
            (b"<1>ab\n<1>", false),
            (b"12", false),
            (&long, false),
            // What was handed out, though cut short, is not lost.
            (&long.repeat(2)[1..], false),
            (begun_long.as_bytes(), false),
        ] {
            let mut framing = Framing::default();
            framing.feed(stream, |_| ()).unwrap();
            framing.finish(|_| ());
            assert_eq!(framing.holds_part(), is_cut_off, "{}", String::from_utf8_lossy(&stream[..5.min(stream.len())]));
            framing.feed(b"", |_| ()).unwrap();
            assert!(framing.carry.capacity() <= IDLE_BYTES);
        }
    }

    #[test]
    fn what_is_too_long_is_passed_over() {
        let long = vec![b'x'; MAX_MESSAGE_BYTES * 2];
        let counted = [format!("{} <1>", long.len() + 3).as_bytes(), &long, b"5 <1>ab"].concat();
        let lines = [b"<1>", &long[..], b"\n<1>ab\n"].concat();
        let head = format!("TOO LONG <1>x{}", Reject::KEPT_BYTES).into_bytes();
        for stream in [counted, lines] {
            for size in [7000, 70_000, stream.len()] {
                let (got, done) = taken(&stream, size, Framing::default());
                assert_eq!((got, done), (vec![head.clone(), b"<1>ab".to_vec()], Ok(())));
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_framed_comes_out_however_it_is_cut(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 1..20), size in 1_usize..90,
        ) {
            let messages: Vec<Vec<u8>> = bodies.iter().map(|body| [b"<13>", &body[..]].concat()).collect();
            let counted: Vec<u8> = messages.iter()
                .flat_map(|message| [format!("{} ", message.len()).as_bytes(), message].concat()).collect();
            prop_assert_eq!(taken(&counted, size, Framing::default()), (messages.clone(), Ok(())));
            let plain: Vec<Vec<u8>> = messages.iter()
                .map(|message| message.iter().copied().filter(|byte| *byte != b'\n').collect()).collect();
            let lines: Vec<u8> = plain.iter().flat_map(|message| [&message[..], b"\n"].concat()).collect();
            prop_assert_eq!(taken(&lines, size, Framing::default()), (plain, Ok(())));
        }

        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(prop_oneof![Just(b'1'), Just(b' '), Just(b'<'), any::<u8>()], 0..200), size in 1_usize..40) {
            let _ = taken(&bytes, size, Framing::default());
        }
    }
}
