//! What people do to certificates and keys: put, delete, generate. Each is looked through first and then done, so that
//! it can be written down in between, and so that nothing is touched by what is refused.

use super::files::{self, MAX_PEM_BYTES};
use super::pem::{Chain, Key, Pair};
use super::{PemFile, Purpose, Tls};
use crate::model::Timestamp;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use serde_json::{Value, json};
use std::fmt;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// What was given can't be used.
    #[error("{field}: {fault}")]
    Refused {
        /// The field that holds it.
        field: &'static str,
        /// What is wrong.
        fault: String,
    },
    /// HTTPS is served with it, or syslog received.
    #[error("it is in use; switch off https_enabled first, or remove the source that listens on tls://")]
    InUse,
    /// There is nothing to delete.
    #[error("there is none")]
    Missing,
    /// A file could not be written.
    #[error("{path}: can't be changed; the account that runs Tidegate needs write access to its directory: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// No key could be made.
    #[error("no certificate could be made: {0}")]
    Generate(#[from] rcgen::Error),
}

/// A certificate or key as it is handed in.
pub enum Given {
    /// Its PEM text, and the field it came in.
    Pem(Vec<u8>, &'static str),
    /// A file on this machine that is copied.
    Copy(String),
    /// A file on this machine that stays where it is, and is read again when it changes.
    Link(String),
}

impl fmt::Debug for Given {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Given::Pem(..) => "Pem(…)",
            Given::Copy(_) => "Copy(…)",
            Given::Link(_) => "Link(…)",
        })
    }
}

/// What is to be done, and what is to be written down about it.
pub struct Planned {
    steps: Vec<Step>,
    purpose: Purpose,
    /// Fingerprints as they are.
    pub before: Value,
    /// Fingerprints as they will be.
    pub after: Value,
    /// What is worth knowing all the same.
    pub warnings: Vec<String>,
}

enum Step {
    Write(PathBuf, Vec<u8>),
    Link(PathBuf, PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// A change, while no other is made.
#[derive(Debug)]
pub struct Change<'t>(&'t Tls);

impl<'t> Change<'t> {
    pub(super) fn of(tls: &'t Tls) -> Change<'t> {
        Change(tls)
    }

    /// Looks through a certificate or key that is handed in. A certificate that doesn't fit the present key waits for
    /// its own; a text that holds both replaces both. A key has to fit the certificate that waits, or the present one.
    ///
    /// # Errors
    /// [`TlsError::Refused`] with what is wrong.
    pub fn put(&self, file: PemFile, given: &Given) -> Result<Planned, TlsError> {
        let (text, field, link, mut warnings) = self.text(file, given)?;
        let refused = |fault: String| TlsError::Refused { field, fault };
        let purpose = file.purpose();
        let place = |path: PathBuf, text: Vec<u8>| match &link {
            Some(target) => Step::Link(path, target.clone()),
            None => Step::Write(path, text),
        };
        let now = self.0.clock.now();
        let (certificate_path, waiting_path) = (self.0.certificate_path(purpose), self.0.waiting_path(purpose));
        let key_path = self.0.key_path(purpose);
        if file.is_key() {
            let key = Key::read(&text).map_err(refused)?;
            let waiting = self.0.waiting(purpose);
            let present = self.0.chain(purpose).ok().flatten();
            let fits = |chain: &Option<Chain>| chain.as_ref().map(|chain| Pair::new(chain, &key).map(drop));
            let promotes = matches!(fits(&waiting), Some(Ok(())));
            let mut steps = vec![place(key_path, text)];
            if promotes {
                steps.push(Step::Rename(waiting_path, certificate_path));
            } else if let Some(fits) = fits(&present).or_else(|| fits(&waiting)) {
                fits.map_err(refused)?;
            }
            let chain = if promotes { waiting } else { present };
            return Ok(self.planned(purpose, steps, chain.as_ref(), Some(&key), warnings));
        }
        let chain = Chain::read(&text).map_err(refused)?;
        warnings.extend(chain.warnings(now));
        let pem = chain.to_pem();
        if Key::is_in(&text) {
            let key = Key::read(&text).map_err(refused)?;
            Pair::new(&chain, &key).map_err(refused)?;
            let steps = vec![
                place(waiting_path.clone(), pem),
                place(key_path, text),
                Step::Rename(waiting_path, certificate_path),
            ];
            return Ok(self.planned(purpose, steps, Some(&chain), Some(&key), warnings));
        }
        let key = self.0.key(purpose).ok().flatten();
        match &key {
            Some(key) if Pair::new(&chain, key).is_err() => {
                warnings.push("it doesn't fit the present private key, and waits for its own".to_owned());
                let present = self.0.chain(purpose).ok().flatten();
                let mut planned =
                    self.planned(purpose, vec![place(waiting_path, pem)], present.as_ref(), Some(key), warnings);
                planned.after["waiting"] = json!(chain.fingerprint());
                Ok(planned)
            }
            _ => {
                let steps = vec![place(certificate_path, pem), Step::Remove(waiting_path)];
                Ok(self.planned(purpose, steps, Some(&chain), key.as_ref(), warnings))
            }
        }
    }

    /// Looks whether a file can go.
    ///
    /// # Errors
    /// [`TlsError::InUse`] and [`TlsError::Missing`].
    pub fn delete(&self, file: PemFile) -> Result<Planned, TlsError> {
        let purpose = file.purpose();
        if self.0.is_in_use(purpose) {
            return Err(TlsError::InUse);
        }
        let mut paths = vec![self.0.path(file)];
        if !file.is_key() {
            paths.push(self.0.waiting_path(purpose));
        }
        paths.retain(|path| path.symlink_metadata().is_ok());
        if paths.is_empty() {
            return Err(TlsError::Missing);
        }
        let (chain, key) = (self.0.chain(purpose).ok().flatten(), self.0.key(purpose).ok().flatten());
        let (chain, key) = if file.is_key() { (chain, None) } else { (None, key) };
        let steps = paths.into_iter().map(Step::Remove).collect();
        Ok(self.planned(purpose, steps, chain.as_ref(), key.as_ref(), Vec::new()))
    }

    /// Makes a certificate for `hosts` that vouches for itself, and its key: ECDSA on P-256, valid from now for `days`.
    ///
    /// # Errors
    /// [`TlsError::Refused`] for what is no host.
    pub fn generate(&self, purpose: Purpose, hosts: &[String], days: u32) -> Result<Planned, TlsError> {
        let refused = |fault: String| TlsError::Refused { field: "hosts", fault };
        if let Some(host) = hosts.iter().position(|host| !is_host(host)) {
            return Err(refused(format!("entry {} is neither a host name nor an address", host + 1)));
        }
        let mut params = CertificateParams::new(hosts).map_err(|_| refused("holds no host name".to_owned()))?;
        params.distinguished_name = DistinguishedName::new();
        // A common name has at most 64 characters; who it is for is in the alternative names.
        let name = hosts.iter().find(|host| host.len() <= 64).map_or("tidegate", String::as_str);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let now = self.0.clock.now();
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let from = Duration::from_secs(now.0.div_euclid(1000).unsigned_abs());
        params.not_before = epoch + from;
        params.not_after = epoch + from + Duration::from_secs(u64::from(days) * 86_400);
        let key_pair = KeyPair::generate()?;
        let certificate = params.self_signed(&key_pair)?.pem().into_bytes();
        let key_text = key_pair.serialize_pem().into_bytes();
        let chain = Chain::read(&certificate).map_err(refused)?;
        let key = Key::read(&key_text).map_err(refused)?;
        let waiting_path = self.0.waiting_path(purpose);
        let steps = vec![
            Step::Write(waiting_path.clone(), certificate),
            Step::Write(self.0.key_path(purpose), key_text),
            Step::Rename(waiting_path, self.0.certificate_path(purpose)),
        ];
        Ok(self.planned(purpose, steps, Some(&chain), Some(&key), chain.warnings(now)))
    }

    /// Does what was planned; what is served changes with it.
    ///
    /// # Errors
    /// [`TlsError::Io`]; what was done before it stays, and the files are used as they are then.
    pub fn apply(&self, planned: Planned) -> Result<(), TlsError> {
        let removes = planned.steps.iter().all(|step| matches!(step, Step::Remove(_)));
        let done = self.steps(planned.steps);
        if planned.purpose == Purpose::Https {
            if removes && done.is_ok() { self.0.unload() } else { self.0.load() }
        }
        done
    }

    fn steps(&self, steps: Vec<Step>) -> Result<(), TlsError> {
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |cause| TlsError::Io { path, cause }
        };
        files::make_dir(&self.0.dir).map_err(failed(&self.0.dir))?;
        for step in steps {
            match step {
                Step::Write(path, text) => files::write(&path, &text).map_err(failed(&path))?,
                Step::Link(path, target) => files::link(&path, &target).map_err(failed(&path))?,
                Step::Rename(from, to) => files::rename(&from, &to).map_err(failed(&to))?,
                Step::Remove(path) => files::remove(&path).map_err(failed(&path))?,
            }
        }
        Ok(())
    }

    /// The text that is handed in, the field it came in, what to link to, and what is odd about it.
    #[allow(clippy::type_complexity)] // four things that are only ever taken apart
    fn text(
        &self,
        file: PemFile,
        given: &Given,
    ) -> Result<(Vec<u8>, &'static str, Option<PathBuf>, Vec<String>), TlsError> {
        let refused = |fault: String| TlsError::Refused { field: "path", fault };
        match given {
            Given::Pem(text, field) if text.len() > MAX_PEM_BYTES => {
                Err(TlsError::Refused { field, fault: format!("is larger than {MAX_PEM_BYTES} bytes") })
            }
            Given::Pem(text, field) => Ok((text.clone(), field, None, Vec::new())),
            Given::Copy(path) => {
                let path = files::given_path(path).map_err(refused)?;
                let (text, _) = files::read_given(&path).map_err(refused)?;
                Ok((text, "path", None, Vec::new()))
            }
            Given::Link(path) => {
                let path = files::given_path(path).map_err(refused)?;
                let (text, metadata) = files::read_given(&path).map_err(refused)?;
                let open = (file.is_key() || Key::is_in(&text)) && metadata.mode() & 0o007 != 0;
                let warnings = open.then(|| "its file can be read by every account of this machine".to_owned());
                Ok((text, "path", Some(path), warnings.into_iter().collect()))
            }
        }
    }

    fn planned(
        &self,
        purpose: Purpose,
        steps: Vec<Step>,
        chain: Option<&Chain>,
        key: Option<&Key>,
        warnings: Vec<String>,
    ) -> Planned {
        let before =
            fingerprints(self.0.chain(purpose).ok().flatten().as_ref(), self.0.key(purpose).ok().flatten().as_ref());
        Planned { steps, purpose, before, after: fingerprints(chain, key), warnings }
    }
}

fn fingerprints(chain: Option<&Chain>, key: Option<&Key>) -> Value {
    let not_after = chain.map(|chain| chain.not_after).map(Timestamp::to_rfc3339);
    json!({
        "certificate_sha256": chain.map(Chain::fingerprint),
        "public_key_sha256": key.map(Key::fingerprint),
        "not_after": not_after,
    })
}

/// Whether it can stand in a certificate: an address, or a name of labels, the first of which may be `*`.
fn is_host(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.parse::<std::net::IpAddr>().is_ok() || (name.len() <= 253 && name.split('.').all(label))
}
