//! Password texts: on their way in, or freshly generated.

use std::fmt;

/// A password's text. Its `Debug` is masked and it does not serialise; [`Password::expose`] is the way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A text that can't be a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a password has 1 to {} bytes; give one of that length", Password::MAX_BYTES)]
pub struct PasswordError;

/// What generated passwords are made of: letters and digits without those that look alike.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters in a generated password: 138 bits.
const GENERATED_CHARS: usize = 24;

impl Password {
    /// Most bytes of a password.
    pub const MAX_BYTES: usize = 1024;

    /// Takes a password's text.
    ///
    /// # Errors
    /// [`PasswordError`] when it is empty or too long.
    pub fn new(text: impl Into<String>) -> Result<Password, PasswordError> {
        let text = text.into();
        if (1..=Self::MAX_BYTES).contains(&text.len()) { Ok(Password(text)) } else { Err(PasswordError) }
    }

    /// Draws a password: 24 letters and digits, each as likely as any other.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Password, getrandom::Error> {
        // The largest multiple of the alphabet's size; bytes from there on would favour its beginning.
        let fair = 256 - 256 % ALPHABET.len();
        let mut text = String::with_capacity(GENERATED_CHARS);
        let mut bytes = [0_u8; 2 * GENERATED_CHARS];
        while text.len() < GENERATED_CHARS {
            getrandom::fill(&mut bytes)?;
            let wanted = GENERATED_CHARS - text.len();
            let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            text.extend(drawn.take(wanted).map(|byte| char::from(ALPHABET[byte % ALPHABET.len()])));
        }
        Ok(Password(text))
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_bounded_and_debug_masked() {
        for (length, good) in [(0, false), (1, true), (1024, true), (1025, false)] {
            assert_eq!(Password::new("x".repeat(length)).is_ok(), good, "{length}");
        }
        assert_eq!(format!("{:?}", Password::new("hunter2").unwrap()), "Password(***)");
    }

    #[test]
    fn generated_passwords_use_the_whole_alphabet_evenly() {
        let mut counts = [0_u32; 128];
        let mut seen = std::collections::HashSet::new();
        for _ in 0..2000 {
            let password = Password::generate().unwrap();
            assert_eq!(password.expose().len(), 24);
            password.expose().bytes().for_each(|byte| counts[usize::from(byte)] += 1);
            assert!(seen.insert(password.expose().to_owned()));
        }
        // 48,000 draws: 857 expected of each character, 29 the standard deviation.
        for (byte, count) in counts.iter().enumerate() {
            let expected = if ALPHABET.contains(&(byte as u8)) { 650..1070 } else { 0..1 };
            assert!(expected.contains(count), "{byte}: {count}");
        }
        for alike in b"0O1lIo" {
            assert!(!ALPHABET.contains(alike));
        }
    }
}
