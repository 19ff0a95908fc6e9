//! What syslog is received with over TLS: the certificate as it is now, read again when its files have changed.

use super::files::Stamp;
use super::{Purpose, Tls};
use parking_lot::Mutex;
use rustls::ServerConfig;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A certificate's and a key's files, and what they were good for.
type Read = ([Stamp; 2], Result<Arc<ServerConfig>, String>);

/// What was read last.
#[derive(Default)]
pub(super) struct Syslog {
    /// Whether a source is received with it.
    received: AtomicBool,
    read: Mutex<Option<Read>>,
}

impl Syslog {
    pub(super) fn is_received(&self) -> bool {
        self.received.load(Ordering::Relaxed)
    }
}

impl Tls {
    /// What the next connection that brings syslog is served with; that certificate and its key are in use from the
    /// first call on.
    ///
    /// # Errors
    /// A sentence that says why there is none, and what mends it.
    pub fn syslog_config(&self) -> Result<Arc<ServerConfig>, String> {
        self.syslog.received.store(true, Ordering::Relaxed);
        let stamps = self.stamps(Purpose::Syslog);
        let mut read = self.syslog.read.lock();
        if let Some((known, config)) = &*read
            && *known == stamps
        {
            return config.clone();
        }
        let config = self.pair(Purpose::Syslog).and_then(|(_, pair)| pair.server_config());
        let config = config.map_err(|fault| format!("syslog over TLS: {fault}")).map(|mut config| {
            config.alpn_protocols.clear();
            Arc::new(config)
        });
        *read = Some((stamps, config.clone()));
        config
    }
}
