//! Time-based one-time passwords (RFC 6238): HMAC-SHA-1, 30 seconds, six digits, the step before and after allowed for
//! clocks that differ. That a code is taken once only is `control`'s.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt;

/// Bytes of a secret: what the RFC asks of SHA-1.
const SECRET_BYTES: usize = 20;
/// How long a code is shown.
const STEP_S: i64 = 30;
/// Codes before and after the present one that are taken.
const DRIFT: i64 = 1;
/// RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A shared secret. Its `Debug` is masked.
pub struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// Draws a secret.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<TotpSecret, getrandom::Error> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(TotpSecret(bytes))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<TotpSecret> {
        Some(TotpSecret(bytes.try_into().ok()?))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In Base32, as people type it into an authenticator: 32 characters.
    pub fn base32(&self) -> String {
        let groups = self.0.chunks(5).flat_map(|five| {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).rev().map(move |place| char::from(BASE32[(bits >> (5 * place)) as usize & 31]))
        });
        groups.collect()
    }

    /// The address an authenticator reads from a QR code (Key URI format of Google Authenticator).
    pub fn uri(&self, username: &str) -> String {
        let label: String = form_urlencoded::byte_serialize(username.as_bytes()).collect();
        // A label is part of a path, where `+` is a plus.
        let label = label.replace('+', "%20");
        format!("otpauth://totp/Tidegate:{label}?secret={}&issuer=Tidegate", self.base32())
    }

    /// The time step a code belongs to, at that instant; `None` when it belongs to none that is allowed.
    pub fn step_of(&self, code: &str, now_ms: i64) -> Option<i64> {
        let code = code.trim().replace(' ', "");
        let now = now_ms.div_euclid(1000 * STEP_S);
        // Every step is computed whatever the code is.
        let codes: Vec<_> = (now - DRIFT..=now + DRIFT).map(|step| (step, self.code(step))).collect();
        codes.into_iter().find(|(_, right)| *right == code).map(|(step, _)| step)
    }

    /// The code of a time step, six digits.
    fn code(&self, step: i64) -> String {
        // Shorter than a block of SHA-1: filled up with zeros (RFC 2104).
        let mut block = [0_u8; 64];
        block[..SECRET_BYTES].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha1>::new(&block.into());
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        // RFC 4226, section 5.3: four bytes from where the last half byte points to, without the sign.
        let at = usize::from(digest[19] & 15);
        let number = digest[at..at + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TotpSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, whose codes have eight digits: the last six of them.
    #[test]
    fn the_rfcs_codes() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (at_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.step_of(code, at_s * 1000), Some(at_s / 30), "{at_s}");
        }
    }

    #[test]
    fn one_step_off_is_allowed_and_two_are_not() {
        let secret = TotpSecret::generate().unwrap();
        let now_s = 1_767_225_615;
        let code = secret.code(now_s / 30);
        for (later_s, want) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(secret.step_of(&code, (now_s + later_s) * 1000).is_some(), want, "{later_s}");
        }
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert!(secret.step_of(&spaced, now_s * 1000).is_some());
        for none in ["", "12345", "abcdef", &format!("{code}0")] {
            assert_eq!(secret.step_of(none, now_s * 1000), None, "{none}");
        }
        assert_eq!(format!("{secret:?}"), "TotpSecret(***)");
    }

    #[test]
    fn the_uri_holds_whatever_a_name_holds() {
        let secret = TotpSecret::from_bytes(&[0; 20]).unwrap();
        let want = "otpauth://totp/Tidegate:Ada%20L%26%3F?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&issuer=Tidegate";
        assert_eq!(secret.uri("Ada L&?"), want);
    }
}
