//! Which passwords may be chosen, after NIST SP 800-63B, section 5.1.1.2: long ones, not those everybody tries first,
//! and no rules on what kinds of characters they hold.

use super::Password;

/// What is tried first, as a word of its own or several times in a row, with digits or signs around it. Words shorter
/// than any password may be are there for that.
const COMMON: [&str; 62] = [
    "abc",
    "abcd",
    "abcdef",
    "abcdefgh",
    "abcdefghijkl",
    "access",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "baseball",
    "changeit",
    "changeme",
    "computer",
    "correcthorsebatterystaple",
    "default",
    "dragon",
    "football",
    "freedom",
    "guest",
    "hello",
    "hunter",
    "iloveyou",
    "internet",
    "jesus",
    "letmein",
    "login",
    "manager",
    "master",
    "michael",
    "monkey",
    "mustang",
    "pass",
    "passw0rd",
    "password",
    "p@ssw0rd",
    "princess",
    "proxy",
    "qazwsx",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "root",
    "secret",
    "security",
    "service",
    "shadow",
    "squid",
    "starwars",
    "sunshine",
    "superman",
    "support",
    "system",
    "test",
    "tidegate",
    "trustno",
    "welcome",
    "whatever",
    "zxcvbnm",
];

/// Why a password may not be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Weakness {
    /// Fewer characters than the setting `password_min_length` asks.
    #[error("weak: use at least {0} characters")]
    Short(usize),
    /// More bytes than are hashed.
    #[error("too long: use at most {} bytes", Password::MAX_BYTES)]
    Long,
    /// It is the account's name, forwards or backwards.
    #[error("weak: don't use the user name")]
    Name,
    /// It is the present one.
    #[error("weak: this is your present password; choose another")]
    Same,
    /// It is one of those everybody tries.
    #[error("weak: this is among the first that are tried; use several unrelated words")]
    Common,
}

/// Takes a password that may be chosen by the account of that name.
///
/// # Errors
/// What is wrong with it.
pub fn accept(text: &str, username: &str, min_chars: usize) -> Result<Password, Weakness> {
    if text.chars().count() < min_chars {
        return Err(Weakness::Short(min_chars));
    }
    let password = Password::new(text).map_err(|_| Weakness::Long)?;
    let folded = text.to_lowercase();
    let (name, backwards) = (username.to_lowercase(), username.to_lowercase().chars().rev().collect::<String>());
    if repeats(&folded, &name) || repeats(&folded, &backwards) {
        return Err(Weakness::Name);
    }
    if is_common(&folded) { Err(Weakness::Common) } else { Ok(password) }
}

fn is_common(folded: &str) -> bool {
    let mut signs = folded.chars().collect::<Vec<_>>();
    signs.sort_unstable();
    signs.dedup();
    // Digits alone, or up to three signs in whatever order.
    if signs.len() <= 3 || folded.chars().all(|sign| sign.is_ascii_digit()) {
        return true;
    }
    let core = folded.trim_matches(|sign: char| !sign.is_alphabetic());
    COMMON.iter().any(|word| repeats(core, word) || repeats(folded, word))
}

/// Whether a text is nothing but a word, once or several times.
fn repeats(text: &str, word: &str) -> bool {
    !word.is_empty() && !text.is_empty() && text.replace(word, "").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_unguessed_passes_and_nothing_else() {
        let (long, longest) = ("ä".repeat(513), "äöü3".repeat(100));
        for (text, want) in [
            ("correct horse battery staple", None),
            ("Tr0ub4dor&3 is short", None),
            ("пароль из слов", None),
            (&longest, None),
            ("elevenchars", Some(Weakness::Short(12))),
            ("€€€", Some(Weakness::Short(12))),
            (&long, Some(Weakness::Long)),
            ("Ada Lovelace", Some(Weakness::Name)),
            ("ecalevol ada", Some(Weakness::Name)),
            ("ADA LOVELACEada lovelace", Some(Weakness::Name)),
            ("password1234", Some(Weakness::Common)),
            ("PasswordPassword", Some(Weakness::Common)),
            ("123456789012", Some(Weakness::Common)),
            ("aaaaaaaaaaaa", Some(Weakness::Common)),
            ("abababababab", Some(Weakness::Common)),
            ("2024!qwertyuiop!", Some(Weakness::Common)),
            ("correcthorsebatterystaple", Some(Weakness::Common)),
        ] {
            assert_eq!(accept(text, "Ada Lovelace", 12).err(), want, "{text}");
        }
    }
}
