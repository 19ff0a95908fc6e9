//! Values whose parameter says what they are: `?user=…`, `;jsessionid=…`, `"email":"…"`.

use super::decode::Decoded;
use super::is_hidden;
use super::scan::{class, is};
use std::ops::Range;

/// A word of a name that makes its value personal.
const WORDS: &[&str] = &[
    "auth",
    "authorization",
    "bearer",
    "birthdate",
    "birthday",
    "cookie",
    "credential",
    "credentials",
    "dob",
    "email",
    "fax",
    "firstname",
    "fullname",
    "iban",
    "imei",
    "jsessionid",
    "jwt",
    "lastname",
    "login",
    "loginid",
    "logon",
    "mail",
    "mobile",
    "msisdn",
    "nickname",
    "oauth",
    "otp",
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "phone",
    "phonenumber",
    "phpsessid",
    "pin",
    "pwd",
    "secret",
    "sess",
    "sessid",
    "session",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "ssn",
    "surname",
    "tel",
    "telephone",
    "token",
    "uid",
    "uname",
    "user",
    "userid",
    "username",
    "usr",
    "apikey",
    "accesskey",
    "accesstoken",
    "authkey",
    "authtoken",
    "secretkey",
    "idtoken",
    "refreshtoken",
];

/// `key` and `name` are personal by themselves or behind one of these words: `api_key`, `lastName`; not `sort_key`.
const BEFORE_KEY: &[&str] = &["access", "account", "api", "app", "client", "license", "private", "secret", "x"];
const BEFORE_NAME: &[&str] = &[
    "account", "contact", "customer", "display", "family", "first", "full", "given", "last", "maiden", "member",
    "middle", "nick", "person", "real", "sur", "your",
];

/// Behind `user` these words speak of something else: `user_agent`.
const NOT_BEHIND_USER: &[&str] = &["agent", "agents", "count", "lang", "language", "timezone", "tz"];

/// Values that say yes, no or nothing.
const FLAGS: &[&str] =
    &["", "0", "1", "true", "false", "yes", "no", "on", "off", "null", "none", "undefined", "y", "n"];

const LONGEST_NAME: usize = 64;

/// The value behind an equals sign, where the name before it says that it is personal. What would end it does not
/// where it is encoded, unless the equals sign is, too, as in a URL inside a URL.
pub(super) fn value(decoded: &Decoded<'_>, equals: usize) -> Option<Range<usize>> {
    let text = &decoded.bytes[..];
    let name = name_before(text, equals);
    if !is_personal(name) {
        return None;
    }
    let start = equals + 1;
    let is_inner = !decoded.is_literal(equals);
    // A matrix parameter stands in a path, which a query may follow.
    let is_matrix = text[..equals - name.len()].ends_with(b";");
    let closes = |byte: u8| b"&;# \t\r\n\"<>".contains(&byte) || is_matrix && byte == b'?';
    let ends = |at: &usize| closes(text[*at]) && (is_inner || decoded.is_literal(*at));
    let span = start..(start..text.len()).find(ends).unwrap_or(text.len());
    is_telling(&text[span.clone()]).then_some(span)
}

/// The value behind a colon, where a quoted name before it says that it is personal: a member of a JSON object.
pub(super) fn member(text: &[u8], colon: usize) -> Option<Range<usize>> {
    let quote = colon.checked_sub(1).filter(|at| text[*at] == b'"')?;
    if !is_personal(name_before(text, quote)) {
        return None;
    }
    let blanks = text[colon + 1..].iter().position(|byte| !b" +".contains(byte))?;
    let start = colon + 1 + blanks;
    let (start, closing) = if text[start] == b'"' { (start + 1, &b"\""[..]) } else { (start, &b",}] &"[..]) };
    let end = text[start..].iter().position(|byte| closing.contains(byte)).map_or(text.len(), |end| start + end);
    is_telling(&text[start..end]).then_some(start..end)
}

fn name_before(text: &[u8], end: usize) -> &[u8] {
    let start = end.saturating_sub(LONGEST_NAME);
    let name = &text[start..end];
    let first = name.iter().rposition(|byte| !(is(*byte, class::TOKEN) || b".[]".contains(byte)));
    first.map_or(name, |last| &name[last + 1..])
}

fn is_telling(value: &[u8]) -> bool {
    !is_hidden(value) && !FLAGS.iter().any(|flag| flag.as_bytes().eq_ignore_ascii_case(value))
}

/// Whether a name says that its value is personal. Names are read word by word: `user_name`, `userName`, `user[name]`,
/// `X-Auth-Token`.
fn is_personal(name: &[u8]) -> bool {
    if name.is_empty() {
        return false;
    }
    let words = words(name);
    let word_at = |at: usize| words.get(at).map_or(&b""[..], |word| &word[..]);
    let one_of = |word: &[u8], known: &[&str]| known.iter().any(|known| known.as_bytes() == word);
    (0..words.len()).any(|at| {
        let (before, word, behind) = (at.checked_sub(1).map_or(&b""[..], word_at), word_at(at), word_at(at + 1));
        match word {
            b"user" => !one_of(behind, NOT_BEHIND_USER),
            b"key" => words.len() == 1 || one_of(before, BEFORE_KEY),
            b"name" => words.len() == 1 || one_of(before, BEFORE_NAME),
            word if word.starts_with(b"aspsessionid") => true,
            word => one_of(word, WORDS),
        }
    })
}

/// The words of a name in small letters: parted by other characters than letters and digits, and where a capital
/// follows a small letter.
fn words(name: &[u8]) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = vec![Vec::new()];
    let mut before = 0;
    for byte in name {
        let parts = !is(*byte, class::ALNUM);
        if parts || is(*byte, class::UPPER) && is(before, class::LOWER) {
            words.push(Vec::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !parts) {
            word.push(byte.to_ascii_lowercase());
        }
        before = *byte;
    }
    words.retain(|word| !word.is_empty());
    words
}
