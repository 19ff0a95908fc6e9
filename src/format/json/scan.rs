//! One line of JSON (RFC 8259), read from front to back: only what a map asks for is looked at, everything else is
//! stepped over without being decoded. Texts without escapes are borrowed from the line.
//!
//! Not a validator: of what is stepped over only strings and the depth of nesting are followed.

use bumpalo::Bump;
use memchr::{memchr, memchr2};

/// The line is no JSON object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Keys that are looked for. A key with points in it may be written as it is, or as objects within objects, or as both;
/// upper and lower case are not told apart.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Part of a key up to its next point, and what may stand behind it.
    children: Vec<(Box<str>, Node)>,
    /// Where a value that stands here goes.
    slot: Option<usize>,
}

impl Node {
    /// Adds a key, whose value goes to `slot`; whether it is new, and not the beginning of another.
    pub fn insert(&mut self, key: &str, slot: usize) -> bool {
        let (part, rest) = key.split_once('.').unwrap_or((key, ""));
        let at = match self.children.iter().position(|(name, _)| name.eq_ignore_ascii_case(part)) {
            Some(at) => at,
            None => {
                self.children.push((part.into(), Node::default()));
                self.children.len() - 1
            }
        };
        let child = &mut self.children[at].1;
        if child.slot.is_some() || (rest.is_empty() && !child.children.is_empty()) {
            return false;
        }
        if rest.is_empty() {
            child.slot = Some(slot);
            return true;
        }
        child.insert(rest, slot)
    }

    /// The parts and what is behind each.
    pub fn children(&self) -> &[(Box<str>, Node)] {
        &self.children
    }

    /// Where a value that stands here goes.
    pub fn slot(&self) -> Option<usize> {
        self.slot
    }

    fn find(&self, key: &[u8]) -> Option<&Node> {
        self.children.iter().find_map(|(part, child)| {
            let (start, rest) = key.split_at_checked(part.len())?;
            match rest.split_first() {
                _ if !start.eq_ignore_ascii_case(part.as_bytes()) => None,
                None => Some(child),
                Some((b'.', rest)) => child.find(rest),
                Some(_) => None,
            }
        })
    }
}

/// Reads a line: into `values` goes what stands at the keys of `wanted`, of a list its first value, of pairs in lists
/// (`[["Host", "a"], …]`) those whose first says their key. Nothing for `null`, `""` and `-`; the first of several.
///
/// # Errors
/// [`Broken`] when the line is no JSON object, or something stands behind it.
pub(super) fn read<'l>(line: &'l [u8], wanted: &Node, values: &mut [&'l [u8]], arena: &'l Bump) -> Result<(), Broken> {
    let mut scanner = Scanner { line, at: 0, values, arena };
    if scanner.peek()? != b'{' {
        return Err(Broken);
    }
    scanner.object(wanted)?;
    if scanner.peek().is_ok() { Err(Broken) } else { Ok(()) }
}

struct Scanner<'s, 'l> {
    line: &'l [u8],
    at: usize,
    values: &'s mut [&'l [u8]],
    arena: &'l Bump,
}

impl<'l> Scanner<'_, 'l> {
    /// The next byte that is no white space.
    #[inline]
    fn peek(&mut self) -> Result<u8, Broken> {
        while let Some(byte) = self.line.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(Broken)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Broken> {
        let found = self.peek()? == wanted;
        self.at += 1;
        if found { Ok(()) } else { Err(Broken) }
    }

    /// Whether a list or an object goes on behind one of its elements, which ends at `end`.
    fn goes_on(&mut self, end: u8) -> Result<bool, Broken> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Ok(true),
            _ if byte == end => Ok(false),
            _ => Err(Broken),
        }
    }

    fn object(&mut self, wanted: &Node) -> Result<(), Broken> {
        self.expect(b'{')?;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.peek()?;
            let key = self.text()?;
            self.expect(b':')?;
            match wanted.find(key) {
                Some(node) => self.value(node)?,
                None => self.skip()?,
            }
            if !self.goes_on(b'}')? {
                return Ok(());
            }
        }
    }

    fn value(&mut self, node: &Node) -> Result<(), Broken> {
        match (self.peek()?, node.slot) {
            (b'[', _) => self.list(node),
            (b'{', None) => self.object(node),
            (b'"', Some(slot)) => {
                let text = self.text()?;
                self.put(slot, text);
                Ok(())
            }
            (b'{' | b'"', _) | (_, None) => self.skip(),
            (_, Some(slot)) => {
                let start = self.at;
                self.skip()?;
                let text = &self.line[start..self.at];
                self.put(slot, if text == b"null" { b"" } else { text });
                Ok(())
            }
        }
    }

    fn list(&mut self, node: &Node) -> Result<(), Broken> {
        self.expect(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            match (self.peek()?, node.slot) {
                (b'[', None) => self.pair(node)?,
                (b'{', None) => self.object(node)?,
                (b'[' | b'{', _) | (_, None) => self.skip()?,
                (_, Some(_)) => self.value(node)?,
            }
            if !self.goes_on(b']')? {
                return Ok(());
            }
        }
    }

    /// A key and a value in a list, and whatever else is in it.
    fn pair(&mut self, node: &Node) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        let child = if self.peek()? == b'"' { node.find(self.text()?) } else { None };
        let Some(child) = child.filter(|_| self.peek() == Ok(b',')) else {
            self.at = start;
            return self.skip();
        };
        self.at += 1;
        self.value(child)?;
        while self.goes_on(b']')? {
            self.skip()?;
        }
        Ok(())
    }

    fn put(&mut self, slot: usize, text: &'l [u8]) {
        if self.values[slot].is_empty() && text != b"-" {
            self.values[slot] = text;
        }
    }

    /// Steps over a value.
    fn skip(&mut self) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_text()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                _ => {
                    let rest = &self.line[self.at..];
                    let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
                    let end = rest.iter().position(is_end).unwrap_or(rest.len());
                    if end == 0 {
                        return Err(Broken);
                    }
                    self.at += end;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_text(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            self.at += memchr2(b'"', b'\\', self.line.get(self.at..).ok_or(Broken)?).ok_or(Broken)?;
            if self.line[self.at] == b'"' {
                self.at += 1;
                return Ok(());
            }
            self.at += 2;
        }
    }

    /// Reads a string.
    fn text(&mut self) -> Result<&'l [u8], Broken> {
        if self.line.get(self.at) != Some(&b'"') {
            return Err(Broken);
        }
        let start = self.at + 1;
        self.skip_text()?;
        let raw = &self.line[start..self.at - 1];
        if memchr(b'\\', raw).is_none() { Ok(raw) } else { self.decoded(raw) }
    }

    fn decoded(&self, raw: &[u8]) -> Result<&'l [u8], Broken> {
        let (mut text, mut rest) = (Vec::with_capacity(raw.len()), raw);
        while let Some(at) = memchr(b'\\', rest) {
            text.extend_from_slice(&rest[..at]);
            let (escape, behind) = rest[at + 1..].split_first().ok_or(Broken)?;
            rest = behind;
            text.push(match escape {
                b'"' | b'\\' | b'/' => *escape,
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'u' => {
                    let sign = unicode(&mut rest)?;
                    text.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
                    continue;
                }
                _ => return Err(Broken),
            });
        }
        text.extend_from_slice(rest);
        Ok(self.arena.alloc_slice_copy(&text))
    }
}

/// The sign of the four hexadecimal digits at the beginning of `rest`, and of those behind them where they are a
/// surrogate pair; U+FFFD for a lone half.
fn unicode(rest: &mut &[u8]) -> Result<char, Broken> {
    let unit = |text: &[u8]| -> Option<u32> {
        let digits = text.get(..4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(rest).ok_or(Broken)?;
    *rest = &rest[4..];
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = rest.strip_prefix(b"\\u").and_then(unit).filter(|unit| (0xdc00..0xe000).contains(unit))
    {
        *rest = &rest[6..];
        return Ok(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).unwrap_or('\u{fffd}'));
    }
    Ok(char::from_u32(first).unwrap_or('\u{fffd}'))
}
