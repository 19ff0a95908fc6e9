//! Which bytes a text has, as far as rules care: a set of 64 kinds of bytes. Most rules need a byte that most values of
//! requests don't have, and most transformations act on such bytes only.

/// Kinds of bytes. Letters are of the same kind in both cases; that there is one in upper case is a kind of its own, and
/// so are all digits, all bytes beyond ASCII, and each sign of punctuation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Kinds(u64);

/// The kind of letters in upper case.
const UPPER: u64 = 1 << 63;

/// The kinds of each byte.
const OF_BYTE: [u64; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = of(byte as u8);
        byte += 1;
    }
    kinds
};

const fn of(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        b'A'..=b'Z' => 1 << (byte - b'A') | UPPER,
        b'0'..=b'9' => 1 << 26,
        b'_' => 1 << 27,
        b' ' => 1 << 28,
        0x09..=0x0d => 1 << 29,
        0 => 1 << 30,
        0x01..=0x1f | 0x7f => 1 << 31,
        0x80.. => 1 << 32,
        b'!'..=b'/' => 1 << (33 + byte - b'!'),
        b':'..=b'@' => 1 << (48 + byte - b':'),
        b'['..=b'^' => 1 << (55 + byte - b'['),
        // With the caret.
        b'~' => 1 << 58,
        b'`' => 1 << 59,
        b'{'..=b'}' => 1 << (60 + byte - b'{'),
    }
}

impl Kinds {
    /// No kind at all.
    pub const NONE: Kinds = Kinds(0);
    /// Every kind.
    pub const ALL: Kinds = Kinds(u64::MAX);
    /// Letters in upper case.
    pub const UPPER_CASE: Kinds = Kinds(UPPER);
    /// Letters, digits and `_`.
    pub const WORD: Kinds = Kinds((1 << 28) - 1);
    /// Blanks that may end a line.
    pub const LINE_ENDS: Kinds = Kinds(of(b'\n'));

    /// Those of a text.
    pub const fn of(text: &[u8]) -> Kinds {
        let (mut kinds, mut at) = (0, 0);
        while at < text.len() {
            kinds |= OF_BYTE[text[at] as usize];
            at += 1;
        }
        Kinds(kinds)
    }

    /// That of a byte, whatever its case.
    pub const fn of_byte(byte: u8) -> Kinds {
        Kinds(OF_BYTE[byte as usize]).without(Kinds::UPPER_CASE)
    }

    /// These and those.
    pub const fn and(self, others: Kinds) -> Kinds {
        Kinds(self.0 | others.0)
    }

    /// These but for those.
    pub const fn without(self, others: Kinds) -> Kinds {
        Kinds(self.0 & !others.0)
    }

    /// Whether any is among the others.
    pub const fn meet(self, others: Kinds) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether all are among the others.
    pub const fn are_of(self, others: Kinds) -> bool {
        self.0 & !others.0 == 0
    }

    /// Each alone.
    pub fn each(self) -> impl Iterator<Item = Kinds> {
        (0..64).map(|bit| Kinds(1 << bit)).filter(move |kind| kind.meet(self))
    }
}

impl std::fmt::Debug for Kinds {
    /// Bytes of these kinds.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes: Vec<u8> = (0..=127).filter(|byte| Kinds(OF_BYTE[usize::from(*byte)]).are_of(*self)).collect();
        write!(out, "[{}]{}", bytes.escape_ascii(), if self.0 >> 32 & 1 == 1 { " and beyond ASCII" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_a_kind_and_few_share_one() {
        for (a, b) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
            let shared = Kinds::of_byte(a) == Kinds::of_byte(b);
            let control = |byte: u8| byte != 0 && byte.is_ascii_control() && !(0x09..=0x0d).contains(&byte);
            let alike = a.eq_ignore_ascii_case(&b)
                || [a, b].iter().all(u8::is_ascii_digit)
                || [a, b].iter().all(|byte| !byte.is_ascii())
                || [a, b].iter().all(|byte| (0x09..=0x0d).contains(byte))
                || [a, b].iter().all(|byte| control(*byte))
                || [a, b].iter().all(|byte| b"^~".contains(byte));
            assert_eq!(shared, alike, "{a} {b}");
        }
        assert!(Kinds::of(b"aB").meet(Kinds::UPPER_CASE) && !Kinds::of(b"ab/~\xff").meet(Kinds::UPPER_CASE));
        assert!(
            Kinds::of(b"aZ09_").without(Kinds::UPPER_CASE).are_of(Kinds::WORD) && !Kinds::of(b"-").meet(Kinds::WORD)
        );
    }
}
