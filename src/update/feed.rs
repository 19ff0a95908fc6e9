//! The document at the configured address: one JSON object with `version` (Semantic Versioning 2.0.0), and where they
//! are known `url` (where the release is to be had) and `notes`. Other keys are passed over.
//!
//! It is asked once, within [`DEADLINE`], for no more than [`MOST_BYTES`]. A redirect is not followed: who answers is
//! whom the operator named. Certificates are judged by the system's roots. No proxy of the environment is used, and
//! nothing of this installation is told but Tidegate's version.

use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long an answer may take in all.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// The largest answer.
pub const MOST_BYTES: u64 = 64 * 1024;
/// The longest text of an answer that is kept, in characters.
const MOST_CHARS: usize = 10_000;

/// A release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// Its version.
    pub version: semver::Version,
    /// Where it is to be had, by http or https; `None` where that is not said.
    pub url: Option<String>,
    /// What is new in it, at most 10,000 characters; `None` where that is not said.
    pub notes: Option<String>,
}

/// Why it could not be found out.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Nobody answered as they should.
    #[error("{}", reason(.0))]
    Asked(#[from] Box<ureq::Error>),
    /// The answer is something else.
    #[error("the answer is not JSON of version, url and notes ({0}); correct what is served there")]
    NotJson(#[from] serde_json::Error),
    /// The version is none.
    #[error("the version in the answer is none ({0}); write it like 1.2.3")]
    NotAVersion(#[from] semver::Error),
}

/// The cause, without the address.
fn reason(cause: &ureq::Error) -> String {
    match cause {
        ureq::Error::StatusCode(code) if (300..400).contains(code) => {
            format!("the answer is a redirect ({code}), which is not followed; configure where it leads")
        }
        ureq::Error::StatusCode(code) => format!("the answer has status {code}"),
        ureq::Error::BodyExceedsLimit(most) => format!("the answer is larger than {most} bytes"),
        ureq::Error::HostNotFound => "the host is not known; correct its name".to_owned(),
        ureq::Error::Timeout(_) => format!("there was no answer within {} s", DEADLINE.as_secs()),
        ureq::Error::Io(cause) => cause.to_string(),
        ureq::Error::Rustls(cause) => format!("TLS: {cause}"),
        _ => "the address can't be asked; correct it".to_owned(),
    }
}

/// What a document may say.
#[derive(Deserialize)]
struct Document {
    version: String,
    url: Option<String>,
    notes: Option<String>,
}

impl Release {
    /// Reads a document.
    ///
    /// # Errors
    /// [`FeedError::NotJson`], [`FeedError::NotAVersion`].
    pub fn read(text: &str) -> Result<Release, FeedError> {
        let document: Document = serde_json::from_str(text)?;
        let version = document.version.strip_prefix('v').unwrap_or(&document.version);
        let is_link = |url: &String| is_web(url) && url.len() <= 2_000 && !url.contains(char::is_control);
        Ok(Release {
            version: semver::Version::parse(version)?,
            url: document.url.filter(is_link),
            notes: document.notes.map(|notes| notes.chars().take(MOST_CHARS).collect()),
        })
    }
}

/// Whether an address is one of the web; nothing else is ever asked or handed on as a link.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Asks.
pub(super) fn fetch(url: &str) -> Result<Release, FeedError> {
    let mut tls = TlsConfig::builder();
    if url.starts_with("https://") {
        let roots: Vec<_> = rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|root| Certificate::from_der(root).to_owned())
            .collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        tls = tls.root_certs(RootCerts::Specific(Arc::new(roots))).unversioned_rustls_crypto_provider(provider);
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(DEADLINE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("tidegate/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build())
        .build()
        .into();
    let mut answer = agent.get(url).header("Accept", "application/json").call().map_err(Box::new)?;
    let status = answer.status();
    if !status.is_success() {
        return Err(Box::new(ureq::Error::StatusCode(status.as_u16())).into());
    }
    let text = answer.body_mut().with_config().limit(MOST_BYTES).read_to_string().map_err(Box::new)?;
    Release::read(&text)
}
