//! Compact JWS (RFC 7515) with HMAC-SHA-256 and nothing else, carrying claims (RFC 7519). Strict, after RFC 8725: what
//! the header says never chooses key or algorithm, so there is nothing to confuse.
//!
//! - `alg` must be exactly `HS256`; `typ`, where given, `JWT`.
//! - A header that names a key (`kid`, `jku`, `jwk`, `x5u`, `x5c`, …) or extensions (`crit`, `b64`) is refused: none of
//!   ours does.
//! - Header and claims are JSON objects in which no name is given twice; Base64url without padding or stray bits.
//! - Longer than 4 KiB is refused before anything is decoded.
//!
//! Not here: what claims mean and which key is right (`tokens`, `self_signed`). Not a library: those at hand judge
//! times by the system's clock and choose the algorithm by the header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// The longest token looked at, in bytes.
const MAX_BYTES: usize = 4096;
/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What a header may hold, and no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: Option<String>,
}

/// A token whose form is right and whose claims were read. Nothing is known of its signature yet.
pub(super) struct Unverified<'t, C> {
    /// What it says. To choose the key by, and to believe only once [`Unverified::is_signed_with`] says so.
    pub(super) claims: C,
    signed: &'t str,
    signature: Vec<u8>,
}

impl<'t, C: DeserializeOwned> Unverified<'t, C> {
    /// Reads a token; `None` when it is none of ours by its form. `C` names every claim; it must refuse others where
    /// they matter, and a struct refuses names given twice by itself.
    pub(super) fn read(token: &'t str) -> Option<Unverified<'t, C>> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = object(header)?;
        if header.alg != "HS256" || header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return None;
        }
        let claims = object(claims)?;
        Some(Unverified { claims, signed, signature: URL_SAFE_NO_PAD.decode(signature).ok()? })
    }

    /// Whether the signature is that of this key; takes as long either way.
    pub(super) fn is_signed_with(&self, key: &[u8]) -> bool {
        mac(key, self.signed.as_bytes()).verify_slice(&self.signature).is_ok()
    }
}

/// Reads a part, which must be a JSON object: a struct reads itself from an array of its values too.
fn object<T: DeserializeOwned>(part: &str) -> Option<T> {
    let text = URL_SAFE_NO_PAD.decode(part).ok()?;
    if text.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(&text).ok()
}

/// Signs claims, which are a JSON object's text.
pub(super) fn sign(claims: &str, key: &[u8]) -> String {
    let mut token = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = mac(key, token.as_bytes()).finalize().into_bytes();
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

/// HMAC-SHA-256 over `message`; a key of any length will do.
pub(super) fn mac(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    // RFC 2104: a key longer than a block is hashed, a shorter one filled up with zeros.
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(message);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Claims {
        sub: String,
    }

    fn forge(header: &str, claims: &str, key: &[u8]) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = mac(key, signed.as_bytes()).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn accepted(token: &str) -> bool {
        Unverified::<Claims>::read(token).is_some_and(|read| read.is_signed_with(b"key"))
    }

    /// RFC 7515, appendix A.1: another implementation's signature.
    #[test]
    fn the_rfcs_example_verifies() {
        #[derive(Deserialize)]
        struct Example {
            iss: String,
        }
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
                     eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                     dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let read = Unverified::<Example>::read(token).unwrap();
        assert_eq!(read.claims.iss, "joe");
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        assert!(read.is_signed_with(&key) && !read.is_signed_with(&key[1..]));
    }

    /// RFC 4231, test cases 2 (a short key) and 6 (one longer than a block).
    #[test]
    fn the_rfcs_codes() {
        let hex = |key: &[u8], message: &[u8]| -> String {
            mac(key, message).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let short = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(b"Jefe", b"what do ya want for nothing?"), short);
        let long = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        assert_eq!(hex(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First"), long);
    }

    #[test]
    fn what_is_signed_verifies_and_any_changed_byte_does_not() {
        let token = sign(r#"{"sub":"ada"}"#, b"key");
        assert!(accepted(&token));
        assert_eq!(Unverified::<Claims>::read(&token).unwrap().claims, Claims { sub: "ada".into() });
        assert_eq!(token, forge(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"sub":"ada"}"#, b"key"));
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(!accepted(std::str::from_utf8(&bytes).unwrap()), "changed at {at}");
            assert!(!accepted(&token[..at]), "cut at {at}");
        }
    }

    #[test]
    fn headers_that_try_something_are_refused_though_rightly_signed() {
        let claims = r#"{"sub":"ada"}"#;
        assert!(accepted(&forge(r#"{"alg":"HS256"}"#, claims, b"key")));
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"None"}"#,
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"HS512"}"#,
            r#"{"alg":"RS256"}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"typ":"JWT"}"#,
            r#"{"alg":"HS256","typ":"JOSE"}"#,
            r#"{"alg":"none","alg":"HS256"}"#,
            r#"{"alg":"HS256","kid":"../../dev/null"}"#,
            r#"{"alg":"HS256","jku":"https://evil.example/keys"}"#,
            r#"{"alg":"HS256","jwk":{"kty":"oct","k":"a2V5"}}"#,
            r#"{"alg":"HS256","x5u":"https://evil.example/"}"#,
            r#"{"alg":"HS256","crit":["exp"]}"#,
            r#"{"alg":"HS256","b64":false}"#,
            r#"["HS256"]"#,
            r#"["HS256","JWT"]"#,
            "",
        ] {
            assert!(!accepted(&forge(header, claims, b"key")), "{header}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let token = sign(r#"{"sub":"ada"}"#, b"key");
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        let padded = format!("{token}=");
        let nested = format!("{token}.{token}");
        let doubled = forge(HEADER, r#"{"sub":"ada"}"#, b"key");
        let twice = forge(r#"{"alg":"HS256"}"#, r#"{"sub":"ada","sub":"root"}"#, b"key");
        let array = forge(r#"{"alg":"HS256"}"#, r#"["ada"]"#, b"key");
        let huge = sign(&format!(r#"{{"sub":"{}"}}"#, "a".repeat(4000)), b"key");
        for other in ["", ".", "..", "...", "a.b.c", &unsigned, &padded, &nested, &doubled, &twice, &array, &huge] {
            assert!(!accepted(other), "{other}");
        }
        assert!(accepted(&sign(&format!(r#"{{"sub":"{}"}}"#, "a".repeat(2900)), b"key")));
    }
}
