//! SQL injection and script injection by their grammar: what `@detectSQLi` and `@detectXSS` ask. No rules and no
//! decoding: a value is judged as it is.
//!
//! A port of libinjection (<https://github.com/libinjection/libinjection>, BSD-3-Clause) at commit bfba51f, the one in
//! libmodsecurity 3.0.9, since loaded rule sets have to judge alike. Its answers count where they look odd; such places
//! say so. It was written for `char` being signed, as on amd64.
//!
//! Both take time linear in the length of the value, for any bytes, and allocate nothing.

mod sqli;
#[cfg(test)]
mod tests;
mod xss;

pub use sqli::{Fingerprint, may_be_sqli, sqli};
pub use xss::{may_be_xss, xss};
