//! Certificates and keys as PEM: what they hold, and whether they belong together. Texts of faults are for people and
//! never repeat what was given. Source: RFC 7468 (PEM), RFC 5280 (certificates).

use crate::model::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::{InconsistentKeys, ServerConfig};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;
use utoipa::ToSchema;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// What a certificate says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Description {
    /// Whose it is, as a distinguished name.
    #[schema(example = "CN=proxy.example")]
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The host names and addresses it is for.
    pub sans: Vec<String>,
    /// Valid from, RFC 3339.
    pub not_before: String,
    /// Valid until, RFC 3339.
    pub not_after: String,
    /// SHA-256 over the certificate, as `openssl x509 -fingerprint -sha256` prints it.
    pub fingerprint_sha256: String,
    /// Whole days until it ends; negative once it has.
    pub days_left: i64,
}

/// A certificate followed by those that lead to its root.
#[derive(Clone, Debug)]
pub struct Chain {
    certificates: Vec<CertificateDer<'static>>,
    subject: String,
    issuer: String,
    sans: Vec<String>,
    not_before: Timestamp,
    /// When the first certificate ends.
    pub not_after: Timestamp,
}

impl Chain {
    /// Reads the certificates of a PEM text, whatever else is in it.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn read(pem: &[u8]) -> Result<Chain, String> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| "is not PEM text: a BEGIN line lacks its END line, or its base64 is damaged".to_owned())?;
        let parsed = certificates.iter().enumerate().map(|(at, der)| match X509Certificate::from_der(der) {
            Ok(([], certificate)) => Ok(certificate),
            _ => Err(format!("certificate {} is damaged", at + 1)),
        });
        let parsed: Vec<_> = parsed.collect::<Result<_, _>>()?;
        for (at, pair) in parsed.windows(2).enumerate() {
            if let [one, issuer] = pair
                && one.issuer().as_raw() != issuer.subject().as_raw()
            {
                let (first, second) = (at + 1, at + 2);
                return Err(format!(
                    "certificate {second} did not issue certificate {first}; the server's own comes first, each \
                     followed by the one that issued it"
                ));
            }
        }
        let Some(own) = parsed.first() else {
            return Err("holds no certificate (BEGIN CERTIFICATE)".to_owned());
        };
        let seconds = |time: x509_parser::time::ASN1Time| Timestamp(time.timestamp().saturating_mul(1000));
        let names = own.subject_alternative_name().ok().flatten();
        let sans = names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes).map(|ip| ip.to_string()),
            _ => None,
        });
        Ok(Chain {
            subject: own.subject().to_string(),
            issuer: own.issuer().to_string(),
            sans: sans.collect(),
            not_before: seconds(own.validity().not_before),
            not_after: seconds(own.validity().not_after),
            certificates,
        })
    }

    /// The certificates as PEM, without whatever else the text held.
    pub fn to_pem(&self) -> Vec<u8> {
        let mut text = String::new();
        for certificate in &self.certificates {
            text += "-----BEGIN CERTIFICATE-----\n";
            for line in STANDARD.encode(certificate).as_bytes().chunks(64) {
                text.extend(line.iter().map(|byte| char::from(*byte)));
                text.push('\n');
            }
            text += "-----END CERTIFICATE-----\n";
        }
        text.into_bytes()
    }

    /// SHA-256 over the first certificate: `AB:CD:…`.
    pub fn fingerprint(&self) -> String {
        self.certificates.first().map(|own| colons(own)).unwrap_or_default()
    }

    /// What the first certificate says, at `now`.
    pub fn describe(&self, now: Timestamp) -> Description {
        Description {
            subject: self.subject.clone(),
            issuer: self.issuer.clone(),
            sans: self.sans.clone(),
            not_before: self.not_before.to_rfc3339(),
            not_after: self.not_after.to_rfc3339(),
            fingerprint_sha256: self.fingerprint(),
            days_left: (self.not_after.0 - now.0).div_euclid(crate::model::DAY_MS),
        }
    }

    /// What makes clients refuse it at `now`, though it can be used.
    pub fn warnings(&self, now: Timestamp) -> Vec<String> {
        let expired = (self.not_after <= now).then(|| format!("it expired at {}", self.not_after.to_rfc3339()));
        let early = (self.not_before > now).then(|| format!("it is valid only from {}", self.not_before.to_rfc3339()));
        let nameless = self.sans.is_empty().then(|| "it names no host (subjectAltName)".to_owned());
        [expired, early, nameless].into_iter().flatten().collect()
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// A private key. Never shown: not by Debug, not by any answer.
#[derive(Clone, Debug)]
pub struct Key(Arc<dyn SigningKey>);

impl Key {
    /// Reads the first private key of a PEM text.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn read(pem: &[u8]) -> Result<Key, String> {
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
            if memchr::memmem::find(pem, b"ENCRYPTED").is_some() {
                "is encrypted; take off the passphrase with `openssl pkey` first".to_owned()
            } else {
                "holds no private key (BEGIN PRIVATE KEY)".to_owned()
            }
        })?;
        let loaded = ring::default_provider().key_provider.load_private_key(key);
        loaded.map(Key).map_err(|_| {
            "is no key that TLS can use here: RSA of 2048 to 8192 bits, ECDSA on P-256 or P-384, or Ed25519".to_owned()
        })
    }

    /// Whether a PEM text holds a private key.
    pub fn is_in(pem: &[u8]) -> bool {
        PrivateKeyDer::from_pem_slice(pem).is_ok()
    }

    /// SHA-256 over the public key: what may be told of a key.
    pub fn fingerprint(&self) -> String {
        self.0.public_key().map(|public| colons(&public)).unwrap_or_default()
    }
}

fn colons(der: &[u8]) -> String {
    let mut text = String::with_capacity(95);
    for byte in Sha256::digest(der) {
        // Writing to a string can't fail.
        let _ = write!(text, "{}{byte:02X}", if text.is_empty() { "" } else { ":" });
    }
    text
}

/// A certificate with its key.
#[derive(Clone, Debug)]
pub struct Pair(Arc<CertifiedKey>);

impl Pair {
    /// Puts both together.
    ///
    /// # Errors
    /// A sentence that says why they don't belong together.
    pub fn new(chain: &Chain, key: &Key) -> Result<Pair, String> {
        let pair = CertifiedKey::new(chain.certificates.clone(), Arc::clone(&key.0));
        match pair.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(Pair(Arc::new(pair))),
            Err(rustls::Error::InconsistentKeys(_)) => {
                Err("the private key does not belong to the certificate".to_owned())
            }
            Err(cause) => Err(format!("the certificate can't be used: {cause}")),
        }
    }

    /// A server's TLS with this pair: 1.2 and 1.3, HTTP/1.1, sessions resumed by tickets.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn server_config(self) -> Result<ServerConfig, String> {
        let unusable = |cause: rustls::Error| format!("TLS can't be set up: {cause}");
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(unusable)?.with_no_client_auth();
        let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(self.0)));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.ticketer = ring::Ticketer::new().map_err(unusable)?;
        Ok(config)
    }
}
