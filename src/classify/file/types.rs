//! MIME types: what kind of file each names. From the IANA media types registry, Apache's `mime.types` and what servers
//! send besides. Parameters (`; charset=…`) and case don't count.

use super::Category::{self, *};

/// The type without parameters, in lower case.
pub(super) struct Essence {
    bytes: [u8; LONGEST],
    length: usize,
}

/// Longer types are not in the table.
const LONGEST: usize = 96;

impl Essence {
    pub(super) fn of(mime: &[u8]) -> Essence {
        let end = mime.iter().position(|byte| *byte == b';').unwrap_or(mime.len());
        let mime = mime[..end].trim_ascii();
        let mut essence = Essence { bytes: [0; LONGEST], length: mime.len().min(LONGEST) };
        for (to, from) in essence.bytes.iter_mut().zip(mime) {
            *to = from.to_ascii_lowercase();
        }
        essence
    }

    /// Whether it is gzip, which servers say of whatever they compressed.
    pub(super) fn is_gzip(&self) -> bool {
        matches!(self.text(), b"application/gzip" | b"application/x-gzip")
    }

    /// Whether it is text of some kind, which servers say of what they don't know.
    pub(super) fn is_text(&self) -> bool {
        self.text().starts_with(b"text/")
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The category; `None` where the type says nothing, as `application/octet-stream` doesn't.
    pub(super) fn category(&self) -> Option<Category> {
        let essence = self.text();
        if let Ok(at) = TYPES.binary_search_by(|(name, _)| name.as_bytes().cmp(essence)) {
            return Some(TYPES[at].1);
        }
        let is = |start: &str| essence.starts_with(start.as_bytes());
        let ends = |end: &str| essence.ends_with(end.as_bytes());
        Some(match () {
            () if is("image/") => Images,
            () if is("audio/") => Audio,
            () if is("video/") => Video,
            () if is("font/") || is("application/font") || is("application/x-font") => Fonts,
            () if is("application/vnd.openxmlformats") || is("application/vnd.oasis.opendocument") => Documents,
            () if is("application/vnd.ms-") => Documents,
            () if ends("+json") || ends("+xml") => Data,
            () if ends("+zip") => Archives,
            () => return None,
        })
    }
}

/// Sorted by name; `Executables` and `MobileApps` only for what a device runs.
#[rustfmt::skip]
static TYPES: &[(&str, Category)] = &[
    ("application/appx", Executables),
    ("application/cbor", Data),
    ("application/dash+xml", Video),
    ("application/ecmascript", Scripts),
    ("application/epub+zip", Documents),
    ("application/exe", Executables),
    ("application/f4m+xml", Video),
    ("application/grpc", Data),
    ("application/grpc-web", Data),
    ("application/grpc-web+proto", Data),
    ("application/gzip", Archives),
    ("application/hta", Executables),
    ("application/java-archive", Executables),
    ("application/javascript", Scripts),
    ("application/json", Data),
    ("application/json+protobuf", Data),
    ("application/jsonl", Data),
    ("application/mp4", Video),
    ("application/msgpack", Data),
    ("application/msix", Executables),
    ("application/msword", Documents),
    ("application/ndjson", Data),
    ("application/ocsp-request", Certificates),
    ("application/ocsp-response", Certificates),
    ("application/octet-stream-ipa", MobileApps),
    ("application/ogg", Audio),
    ("application/onenote", Documents),
    ("application/pdf", Documents),
    ("application/pgp-encrypted", Certificates),
    ("application/pgp-keys", Certificates),
    ("application/pgp-signature", Certificates),
    ("application/pkcs10", Certificates),
    ("application/pkcs12", Certificates),
    ("application/pkcs7-mime", Certificates),
    ("application/pkix-cert", Certificates),
    ("application/pkix-crl", Certificates),
    ("application/postscript", Documents),
    ("application/protobuf", Data),
    ("application/rss+xml", Data),
    ("application/rtf", Documents),
    ("application/sql", Databases),
    ("application/toml", Config),
    ("application/vnd.android.package-archive", MobileApps),
    ("application/vnd.apache.parquet", Data),
    ("application/vnd.apple.keynote", Documents),
    ("application/vnd.apple.mpegurl", Video),
    ("application/vnd.apple.numbers", Documents),
    ("application/vnd.apple.pages", Documents),
    ("application/vnd.debian.binary-package", Executables),
    ("application/vnd.google.protobuf", Data),
    ("application/vnd.mapbox-vector-tile", Data),
    ("application/vnd.microsoft.portable-executable", Executables),
    ("application/vnd.ms-cab-compressed", Archives),
    ("application/vnd.ms-fontobject", Fonts),
    ("application/vnd.ms-sstr+xml", Video),
    ("application/vnd.ms-sync.wbxml", Data),
    ("application/vnd.rar", Archives),
    ("application/vnd.sqlite3", Databases),
    ("application/vnd.visio", Documents),
    ("application/vnd.wap.wbxml", Data),
    ("application/vnd.wap.xhtml+xml", WebPages),
    ("application/wasm", Scripts),
    ("application/x-7z-compressed", Archives),
    ("application/x-ace-compressed", Archives),
    ("application/x-apple-aspen-config", Config),
    ("application/x-apple-diskimage", DiskImages),
    ("application/x-arj", Archives),
    ("application/x-bat", Executables),
    ("application/x-bittorrent", Torrents),
    ("application/x-bzip", Archives),
    ("application/x-bzip2", Archives),
    ("application/x-cd-image", DiskImages),
    ("application/x-compress", Archives),
    ("application/x-compressed", Archives),
    ("application/x-compressed-tar", Archives),
    ("application/x-csh", Executables),
    ("application/x-debian-package", Executables),
    ("application/x-dosexe", Executables),
    ("application/x-dosexec", Executables),
    ("application/x-elf", Executables),
    ("application/x-exe", Executables),
    ("application/x-executable", Executables),
    ("application/x-gtar", Archives),
    ("application/x-gzip", Archives),
    ("application/x-httpd-php", Scripts),
    ("application/x-ios-app", MobileApps),
    ("application/x-iso9660-image", DiskImages),
    ("application/x-java-archive", Executables),
    ("application/x-java-jnlp-file", Executables),
    ("application/x-javascript", Scripts),
    ("application/x-lzh-compressed", Archives),
    ("application/x-lzma", Archives),
    ("application/x-mach-binary", Executables),
    ("application/x-mimearchive", WebPages),
    ("application/x-mobipocket-ebook", Documents),
    ("application/x-mpegurl", Video),
    ("application/x-ms-application", Executables),
    ("application/x-ms-installer", Executables),
    ("application/x-ms-shortcut", Executables),
    ("application/x-msaccess", Databases),
    ("application/x-msdos-batch", Executables),
    ("application/x-msdos-program", Executables),
    ("application/x-msdownload", Executables),
    ("application/x-msgpack", Data),
    ("application/x-msi", Executables),
    ("application/x-ndjson", Data),
    ("application/x-ns-proxy-autoconfig", Config),
    ("application/x-pem-file", Certificates),
    ("application/x-perl", Scripts),
    ("application/x-pie-executable", Executables),
    ("application/x-pkcs12", Certificates),
    ("application/x-pkcs7-certificates", Certificates),
    ("application/x-pkcs7-crl", Certificates),
    ("application/x-plist", Data),
    ("application/x-powershell", Executables),
    ("application/x-protobuf", Data),
    ("application/x-python-code", Scripts),
    ("application/x-qemu-disk", DiskImages),
    ("application/x-rar", Archives),
    ("application/x-rar-compressed", Archives),
    ("application/x-redhat-package-manager", Executables),
    ("application/x-rpm", Executables),
    ("application/x-sh", Executables),
    ("application/x-sharedlib", Executables),
    ("application/x-shellscript", Executables),
    ("application/x-shockwave-flash", Video),
    ("application/x-sql", Databases),
    ("application/x-sqlite3", Databases),
    ("application/x-subrip", Video),
    ("application/x-tar", Archives),
    ("application/x-tex", Documents),
    ("application/x-vbs", Executables),
    ("application/x-vhd", DiskImages),
    ("application/x-virtualbox-vdi", DiskImages),
    ("application/x-winexe", Executables),
    ("application/x-www-form-urlencoded", Data),
    ("application/x-x509-ca-cert", Certificates),
    ("application/x-x509-user-cert", Certificates),
    ("application/x-xz", Archives),
    ("application/x-yaml", Data),
    ("application/x-zip", Archives),
    ("application/x-zip-compressed", Archives),
    ("application/xhtml+xml", WebPages),
    ("application/xml", Data),
    ("application/yaml", Data),
    ("application/zip", Archives),
    ("application/zstd", Archives),
    ("audio/mpegurl", Video),
    ("audio/x-mpegurl", Video),
    ("message/rfc822", Documents),
    ("multipart/related", WebPages),
    ("text/calendar", Documents),
    ("text/css", Styles),
    ("text/csv", Data),
    ("text/ecmascript", Scripts),
    ("text/event-stream", Data),
    ("text/html", WebPages),
    ("text/javascript", Scripts),
    ("text/jscript", Scripts),
    ("text/json", Data),
    ("text/less", Styles),
    ("text/markdown", Documents),
    ("text/php", Scripts),
    ("text/plain", Documents),
    ("text/rtf", Documents),
    ("text/tab-separated-values", Data),
    ("text/vbscript", Executables),
    ("text/vcard", Documents),
    ("text/vtt", Video),
    ("text/x-ini", Config),
    ("text/x-javascript", Scripts),
    ("text/x-json", Data),
    ("text/x-msdos-batch", Executables),
    ("text/x-perl", Scripts),
    ("text/x-python", Scripts),
    ("text/x-scss", Styles),
    ("text/x-sh", Executables),
    ("text/x-shellscript", Executables),
    ("text/x-sql", Databases),
    ("text/x-vcard", Documents),
    ("text/xml", Data),
    ("text/yaml", Data),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_and_found_in_any_spelling() {
        assert!(TYPES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TYPES.iter().all(|(name, _)| name.len() <= LONGEST && !name.bytes().any(|b| b.is_ascii_uppercase())));
        for (mime, category) in [
            ("text/html", Some(WebPages)),
            ("Text/HTML; charset=UTF-8", Some(WebPages)),
            (" application/zip ;x", Some(Archives)),
            ("image/x-new", Some(Images)),
            ("application/vnd.api+json", Some(Data)),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Some(Documents)),
            ("application/x-font-ttf", Some(Fonts)),
            ("application/octet-stream", None),
            ("binary/octet-stream", None),
            ("", None),
            ("nonsense", None),
        ] {
            assert_eq!(Essence::of(mime.as_bytes()).category(), category, "{mime}");
        }
    }
}
