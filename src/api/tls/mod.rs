//! Certificates: those that HTTPS is served with and those for syslog over TLS, in `<data_dir>/tls/`. What is replaced
//! there, through the API or by somebody else, is used for the connections that come from then on.
//!
//! `pem` reads and checks, `files` reads and writes, `change` is what the API does to them, `redirect` sends plain HTTP
//! to HTTPS. Not here: the connections (`serve`).

mod change;
mod files;
mod pem;
mod redirect;
mod syslog;

pub use change::{Change, Given, Planned, TlsError};
pub use files::MAX_PEM_BYTES;
pub use pem::Description;
pub(super) use redirect::redirect;

use crate::control::ControlDb;
use crate::control::settings::HTTPS_ENABLED;
use crate::model::{Clock, Timestamp};
use files::Stamp;
use parking_lot::{Mutex, MutexGuard, RwLock};
use pem::{Chain, Key, Pair};
use rustls::ServerConfig;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use utoipa::ToSchema;

/// What a certificate is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// This server.
    Https,
    /// Receiving syslog over TLS.
    Syslog,
}

/// One of the files, by the word the API has for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PemFile {
    /// The certificate of this server.
    #[default]
    HttpsCert,
    /// Its private key.
    HttpsKey,
    /// The certificate for syslog over TLS.
    Cert,
    /// Its private key.
    Key,
}

impl PemFile {
    /// All of them.
    pub const ALL: [PemFile; 4] = [PemFile::HttpsCert, PemFile::HttpsKey, PemFile::Cert, PemFile::Key];

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            PemFile::HttpsCert => "https_cert",
            PemFile::HttpsKey => "https_key",
            PemFile::Cert => "cert",
            PemFile::Key => "key",
        }
    }

    /// The one of that word.
    pub fn of_word(word: &str) -> Option<PemFile> {
        Self::ALL.into_iter().find(|file| file.word() == word)
    }

    /// What it is for.
    pub fn purpose(self) -> Purpose {
        match self {
            PemFile::HttpsCert | PemFile::HttpsKey => Purpose::Https,
            PemFile::Cert | PemFile::Key => Purpose::Syslog,
        }
    }

    /// Whether it holds a private key.
    pub fn is_key(self) -> bool {
        matches!(self, PemFile::HttpsKey | PemFile::Key)
    }
}

impl Purpose {
    /// Both.
    pub const ALL: [Purpose; 2] = [Purpose::Https, Purpose::Syslog];

    fn stem(self) -> &'static str {
        match self {
            Purpose::Https => "https",
            Purpose::Syslog => "syslog",
        }
    }
}

/// A certificate and its key, as `GET /api/tls-cert` tells them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PairState {
    /// What it is for.
    #[serde(rename = "for")]
    pub purpose: Purpose,
    /// Whether connections are served with it now.
    pub in_use: bool,
    /// The certificate, where there is one that can be read.
    pub certificate: Option<Description>,
    /// A certificate that waits for its key, where there is one.
    pub waiting: Option<Description>,
    /// Where the certificate is kept, unless here.
    pub certificate_path: Option<String>,
    /// Whether there is a private key.
    pub has_key: bool,
    /// Where the private key is kept, unless here.
    pub key_path: Option<String>,
    /// Why certificate and key can't be used together; null where they can.
    pub fault: Option<String>,
    /// What makes clients refuse it all the same.
    pub warnings: Vec<String>,
}

/// The certificates of a data directory.
pub struct Tls {
    dir: PathBuf,
    control: Arc<ControlDb>,
    clock: Arc<dyn Clock>,
    served: RwLock<Served>,
    syslog: syslog::Syslog,
    changing: Mutex<()>,
}

/// What HTTPS is served with.
#[derive(Default)]
struct Served {
    config: Option<Arc<ServerConfig>>,
    not_after: Option<Timestamp>,
    /// Why what is on disk now can't be used.
    fault: Option<String>,
    stamps: [Stamp; 2],
}

impl Tls {
    /// The directory's name in the data directory.
    pub const DIR: &'static str = "tls";

    /// The certificates of a data directory. One that can't be used is no failure: plain HTTP is served then, and
    /// [`Tls::fault`] says so.
    pub fn open(data_dir: &Path, control: Arc<ControlDb>, clock: Arc<dyn Clock>) -> Tls {
        let dir = data_dir.join(Self::DIR);
        let tls = Tls {
            dir,
            control,
            clock,
            served: RwLock::default(),
            syslog: syslog::Syslog::default(),
            changing: Mutex::new(()),
        };
        tls.settle();
        tls.load();
        tls
    }

    /// What connections are served with from now on: only where HTTPS is on and there is a usable certificate.
    pub fn config(&self) -> Option<Arc<ServerConfig>> {
        if self.is_enabled() { self.served.read().config.clone() } else { None }
    }

    /// Whether connections are served over TLS.
    pub fn is_on(&self) -> bool {
        self.is_enabled() && self.served.read().config.is_some()
    }

    /// Whether connections are served with what is for that purpose.
    fn is_in_use(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Https => self.is_on(),
            Purpose::Syslog => self.syslog.is_received(),
        }
    }

    fn is_enabled(&self) -> bool {
        self.control.settings().get(HTTPS_ENABLED)
    }

    /// Whether HTTPS could be switched on.
    ///
    /// # Errors
    /// A sentence that says what is missing and what mends it.
    pub fn usable(&self) -> Result<(), String> {
        let served = self.served.read();
        match (&served.config, &served.fault) {
            (Some(_), _) => Ok(()),
            (None, Some(fault)) => Err(format!("HTTPS can't be served: {fault}")),
            (None, None) => Err("HTTPS can't be served: upload or generate a certificate first".to_owned()),
        }
    }

    /// When the certificate ends that HTTPS is served with; none where it is not served.
    pub fn not_after(&self) -> Option<Timestamp> {
        if self.is_on() { self.served.read().not_after } else { None }
    }

    /// What is wrong with HTTPS, where it is switched on.
    pub fn fault(&self) -> Option<String> {
        if !self.is_enabled() {
            return None;
        }
        let served = self.served.read();
        match (&served.config, &served.fault) {
            (None, fault) => {
                let why = fault.as_deref().unwrap_or("there is no certificate");
                Some(format!("https: plain HTTP is served, because {why}"))
            }
            (Some(_), Some(fault)) => Some(format!("https: the former certificate is still served, because {fault}")),
            (Some(_), None) => {
                let expired = served.not_after.is_some_and(|end| end <= self.clock.now());
                expired.then(|| "https: the certificate has expired".to_owned())
            }
        }
    }

    /// Looks whether somebody replaced the files, and uses what is there now.
    pub async fn refresh(self: &Arc<Self>) {
        let tls = Arc::clone(self);
        let looked = tokio::task::spawn_blocking(move || tls.look());
        if looked.await.is_err() {
            tracing::error!("looking at the certificates ended in a panic");
        }
    }

    /// As [`Tls::refresh`]; blocks.
    pub fn look(&self) {
        if self.stamps(Purpose::Https) != self.served.read().stamps {
            let _one = self.changing.lock();
            self.load();
        }
    }

    /// One change at a time: the guard is held from the look at the files to their replacement.
    pub(super) fn change(&self) -> (MutexGuard<'_, ()>, Change<'_>) {
        (self.changing.lock(), Change::of(self))
    }

    /// How certificates and keys are.
    pub fn state(&self, purpose: Purpose) -> PairState {
        let now = self.clock.now();
        let (certificate, key) = (self.chain(purpose), self.key(purpose));
        let known = certificate.as_ref().ok().and_then(Option::as_ref);
        let path_of = |path: PathBuf| fs::read_link(path).ok().map(|target| target.display().to_string());
        PairState {
            purpose,
            in_use: self.is_in_use(purpose),
            certificate: known.map(|chain| chain.describe(now)),
            waiting: self.waiting(purpose).map(|chain| chain.describe(now)),
            certificate_path: path_of(self.certificate_path(purpose)),
            has_key: key.as_ref().is_ok_and(Option::is_some),
            key_path: path_of(self.key_path(purpose)),
            warnings: known.map(|chain| chain.warnings(now)).unwrap_or_default(),
            fault: self.pair(purpose).err(),
        }
    }

    fn certificate_path(&self, purpose: Purpose) -> PathBuf {
        self.dir.join(format!("{}.crt", purpose.stem()))
    }

    /// Where a certificate waits for its key.
    fn waiting_path(&self, purpose: Purpose) -> PathBuf {
        self.dir.join(format!("{}.crt.new", purpose.stem()))
    }

    fn key_path(&self, purpose: Purpose) -> PathBuf {
        self.dir.join(format!("{}.key", purpose.stem()))
    }

    fn path(&self, file: PemFile) -> PathBuf {
        if file.is_key() { self.key_path(file.purpose()) } else { self.certificate_path(file.purpose()) }
    }

    fn chain(&self, purpose: Purpose) -> Result<Option<Chain>, String> {
        let text = files::read(&self.certificate_path(purpose));
        let chain = text.and_then(|text| text.map(|text| Chain::read(&text)).transpose());
        chain.map_err(|fault| format!("the certificate {fault}"))
    }

    fn waiting(&self, purpose: Purpose) -> Option<Chain> {
        files::read(&self.waiting_path(purpose)).ok().flatten().and_then(|text| Chain::read(&text).ok())
    }

    fn key(&self, purpose: Purpose) -> Result<Option<Key>, String> {
        let text = files::read(&self.key_path(purpose));
        let key = text.and_then(|text| text.map(|text| Key::read(&text)).transpose());
        key.map_err(|fault| format!("the private key {fault}"))
    }

    fn pair(&self, purpose: Purpose) -> Result<(Chain, Pair), String> {
        let missing = |what: &str| format!("there is no {what}; upload one, or generate both");
        let chain = self.chain(purpose)?.ok_or_else(|| missing("certificate"))?;
        let key = self.key(purpose)?.ok_or_else(|| missing("private key"))?;
        Pair::new(&chain, &key).map(|pair| (chain, pair))
    }

    fn stamps(&self, purpose: Purpose) -> [Stamp; 2] {
        [self.certificate_path(purpose), self.key_path(purpose)].map(|path| files::stamp(&path))
    }

    /// Uses what is on disk. What can't be used leaves what is served as it is: files that somebody replaces one after
    /// the other don't fit for a moment.
    fn load(&self) {
        let stamps = self.stamps(Purpose::Https);
        let loaded = self.pair(Purpose::Https).and_then(|(chain, pair)| Ok((chain, pair.server_config()?)));
        let mut served = self.served.write();
        served.stamps = stamps;
        match loaded {
            Ok((chain, config)) => {
                *served =
                    Served { config: Some(Arc::new(config)), not_after: Some(chain.not_after), fault: None, stamps };
            }
            Err(fault) => {
                if stamps.iter().any(Option::is_some) || served.config.is_some() {
                    tracing::warn!(fault, "the certificate for HTTPS can't be used");
                    served.fault = Some(fault);
                }
            }
        }
    }

    /// Forgets what was served, because it was taken away on purpose.
    fn unload(&self) {
        *self.served.write() = Served { stamps: self.stamps(Purpose::Https), ..Served::default() };
    }

    /// Ends a replacement of both files that was cut off between the two.
    fn settle(&self) {
        for purpose in Purpose::ALL {
            let (Some(waiting), Ok(Some(key))) = (self.waiting(purpose), self.key(purpose)) else { continue };
            if self.pair(purpose).is_err() && Pair::new(&waiting, &key).is_ok() {
                let moved = files::rename(&self.waiting_path(purpose), &self.certificate_path(purpose));
                if let Err(cause) = moved {
                    tracing::warn!(%cause, "a certificate could not be put in its place");
                }
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tls").field("dir", &self.dir).finish_non_exhaustive()
    }
}
