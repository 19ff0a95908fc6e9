//! What a text can't hold, told by one pass over it: which bytes it has, how many digits, and how they stand. A part of
//! a text has no more of anything than the text.

use super::Owner;
use super::scan::class;
use super::token::PREFIXES;

/// What a text has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints {
    /// The bytes in it, a bit for each: letters without regard to case, see [`bit`].
    bytes: u64,
    /// Digits.
    digits: u32,
    /// Digits parted from a digit by one dash or full stop.
    joints: u32,
    /// The longest run of letters and digits.
    longest: u32,
}

const DASH: u64 = bit(b'-');
const BLANK: u64 = bit(b' ');
const ENCODED: u64 = bit(b'%');
const AT_SIGN: u64 = bit(b'@');
const CAPITAL: u64 = 1 << 45;
/// What finders stop at.
const STOPS: u64 = AT_SIGN | bit(b'=') | bit(b':') | BLANK | ENCODED;

/// The bit of a byte. A plus sign is as good as a blank; rare bytes share bits.
const fn bit(byte: u8) -> u64 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'A'..=b'Z' => byte - b'A',
        b'0'..=b'9' => 26 + byte - b'0',
        b'-' => 36,
        b'_' => 37,
        b'.' => 38,
        b' ' | b'+' => 39,
        b'%' => 40,
        b'@' => 41,
        b'=' => 42,
        b':' => 43,
        0x80.. => 44,
        _ => 46 + byte % 16,
    }
}

const fn bits(text: &[u8]) -> u64 {
    let (mut all, mut at) = (0, 0);
    while at < text.len() {
        all |= bit(text[at]);
        at += 1;
    }
    all
}

/// The bits of every byte.
static BITS: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = bit(byte as u8) | if (byte as u8).is_ascii_uppercase() { CAPITAL } else { 0 };
        byte += 1;
    }
    table
};

/// The bits of what known tokens begin with, and how long such a token is at least.
static TOKENS: [(u64, usize); PREFIXES.len()] = {
    let mut table = [(0, 0); PREFIXES.len()];
    let mut at = 0;
    while at < PREFIXES.len() {
        table[at] = (bits(PREFIXES[at].0.as_bytes()), PREFIXES[at].1);
        at += 1;
    }
    table
};

impl Hints {
    /// Nothing is found in shorter texts.
    pub(super) const FEWEST_BYTES: usize = 3;

    /// Of a text.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Hints {
        let mut hints = Hints::default();
        let (mut run, mut after_digit, mut after_joint) = (0, 0, 0);
        for byte in text {
            let (bits, kind) = (BITS[usize::from(*byte)], class::OF[usize::from(*byte)]);
            let digit = u32::from(kind & class::DIGIT);
            hints.bytes |= bits;
            hints.digits += digit;
            hints.joints += digit & after_joint;
            after_joint = after_digit & u32::from(bits & (DASH | bit(b'.')) != 0);
            after_digit = digit;
            run = if kind & class::ALNUM != 0 { run + 1 } else { 0 };
            hints.longest = hints.longest.max(run);
        }
        hints
    }

    /// What every text has that names somebody.
    pub(super) fn of_owner(owner: &Owner) -> Hints {
        let all = owner.values().iter().map(|value| Hints::of(value));
        let common = |one: Hints, other: Hints| Hints {
            bytes: one.bytes & other.bytes,
            digits: one.digits.min(other.digits),
            joints: one.joints.min(other.joints),
            longest: one.longest.min(other.longest),
        };
        all.reduce(common).unwrap_or_default()
    }

    /// Whether a text that is not encoded may name somebody with these hints.
    #[inline]
    pub(super) fn may_name(self, somebody: Hints) -> bool {
        somebody.bytes & !self.bytes == 0
            && somebody.joints <= self.joints
            && somebody.digits <= self.digits
            && somebody.longest <= self.longest
    }

    /// Whether the text has a percent sign, behind which anything may be.
    pub(super) fn is_encoded(self) -> bool {
        self.bytes & ENCODED != 0
    }

    /// Whether the text has an at sign.
    pub(super) fn has_at_sign(self) -> bool {
        self.bytes & AT_SIGN != 0
    }

    /// Whether a text of that length may hold personal data whoever's row it is: never false where
    /// [`scan`](super::scan::scan) finds something.
    #[inline]
    pub(super) fn may_hold(self, length: usize) -> bool {
        // Mailboxes, parameters, addresses with colons, numbers behind a plus sign; whatever is encoded.
        self.bytes & STOPS != 0
            // Payment cards, and phone numbers in one run.
            || self.digits >= 13
            // IPv4 addresses and phone numbers in groups.
            || self.joints >= 2
            || self.joints == 1 && self.bytes & (DASH | bit(b')')) != 0
            // Bank accounts.
            || self.longest >= 15
            // Tokens: mixed letters, or a known beginning.
            || length >= 10 && self.bytes & CAPITAL != 0
            || length >= 20
                && self.bytes & (DASH | bit(b'_')) != 0
                && TOKENS.iter().any(|(token, least)| token & !self.bytes == 0 && *least <= length)
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::Decoded;
    use super::super::{Place, find, scan};
    use super::*;
    use proptest::prelude::*;

    /// Texts of pieces that something may be found in.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => "[a-z0-9/._-]{1,12}",
            2 => "[0-9]{1,5}[-. )/+]{0,2}",
            1 => "[A-Za-z0-9_-]{9,40}",
            1 => "[@=:+%&?;\"' ]{1,3}",
            1 => "(DE|gb|NO)[0-9]{13,22}",
            1 => proptest::sample::select(vec![
                "ghp_", "glpat-", "hf_", "eyJ", "user=", "mail", "10.0.0.1", "2001:db8::1", "555-123-4567",
                "0171-2345678", "4111111111111111", "DE89370400440532013000", "%40", "ada", "j.smith", "tel:",
            ]).prop_map(str::to_owned),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_found_was_possible(text in text(), client in "(10\\.0\\.0\\.1|2001:db8::1|pc-[a-z]{2})", user in "[a-zA-Z. +]{2,5}") {
            let (decoded, hints) = (Decoded::of(&text), Hints::of(&text));
            if !scan::scan(&decoded, Place::Url).is_empty() {
                prop_assert!(hints.may_hold(text.len()), "{}", String::from_utf8_lossy(&text));
            }
            for owner in [Owner::new(client.as_bytes(), b""), Owner::new(b"", user.as_bytes())] {
                if !find(&decoded, Place::Owned, &owner).is_empty() {
                    let named = hints.is_encoded() || hints.may_name(Hints::of_owner(&owner));
                    prop_assert!(named, "{}", String::from_utf8_lossy(&text));
                }
            }
        }
    }

    #[test]
    fn ordinary_paths_are_not_looked_at() {
        for path in [
            "/",
            "/static/css/access.f719cde4.chunk.css",
            "/avatars/24b491854565.webp",
            "/thumb/east_55869_s.png",
            "/api/v2/classs/437985/city",
        ] {
            assert!(!Hints::of(path.as_bytes()).may_hold(path.len()), "{path}");
        }
    }
}
