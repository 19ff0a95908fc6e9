//! Names that servers send, and names that hide something.

use super::*;

fn traits(rest: &str, mime: &str) -> String {
    let mut out = b"left over".to_vec();
    path_traits(rest.as_bytes(), mime.as_bytes(), &mut out);
    String::from_utf8(out).unwrap()
}

/// Extension and inner extension.
fn extensions(rest: &str) -> (String, String) {
    let text = traits(rest, "");
    let found = PathTraits::read(text.as_bytes()).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(found.extension), text(found.inner))
}

#[test]
fn extensions_come_from_the_last_segment_of_the_path() {
    for (rest, extension) in [
        ("/a.js", "js"),
        ("/a.JS?b.exe", "js"),
        ("/a.js#b.exe", "js"),
        ("/a.jsp;jsessionid=1.exe", "jsp"),
        ("/dir.d/a", ""),
        ("/dir.d/", ""),
        ("/", ""),
        ("", ""),
        ("?file=a.exe", ""),
        ("#a.exe", ""),
        ("*", ""),
        ("host.com", ""),
        ("host.com:443", ""),
        ("error:invalid-request.exe", ""),
        ("/a.tar.gz", "gz"),
        ("/a.7z", "7z"),
        ("/a.mp3", "mp3"),
        ("/a.001", ""),
        ("/lib/0.15.10", ""),
        ("/a.m3u8", "m3u8"),
        ("/a%2eexe", "exe"),
        ("/a.e%78e", "exe"),
        ("/a%252eexe", ""),
        ("/a%2", ""),
        ("/a%.exe", "exe"),
        ("/x%2fy.css", "css"),
        ("/a.exe.", "exe"),
        ("/a.exe%20", "exe"),
        ("/a.", ""),
        ("/.", ""),
        ("/..", ""),
        ("/.env", "env"),
        ("/a.b-c", ""),
        ("/john.smith", "smith"),
        ("/app.f719cde4", ""),
        ("/app.f7", "f7"),
        ("/a.abcdefghij", "abcdefghij"),
        ("/a.abcdefghijk", ""),
        ("/a.webmanifest", "webmanifest"),
        ("/a.mobileconfig", "mobileconfig"),
        ("/a.\u{fc}", ""),
    ] {
        assert_eq!(extensions(rest).0, extension, "{rest}");
    }
}

#[test]
fn programs_that_look_like_documents_are_told_from_ordinary_names() {
    for (rest, inner) in [
        ("/invoice.pdf.exe", "pdf"),
        ("/photo.jpg.js", "jpg"),
        ("/cv.docx.scr", "docx"),
        ("/readme.txt.lnk", "txt"),
        ("/Invoice.PDF.Exe?x", "pdf"),
        ("/invoice.pdf%20%20%20%20.exe", "pdf"),
        ("/invoice.pdf_____.exe", "pdf"),
        ("/invoice%2Epdf%2Eexe", "pdf"),
        ("/invoice%E2%80%AEfdp.exe", "pdf"),
        ("/photo%e2%80%aegpj.scr", "jpg"),
        ("/order.xls.iso", "xls"),
        ("/page.html.hta", "html"),
        ("/a.tar.gz", ""),
        ("/jquery.min.js", ""),
        ("/pdf.js", ""),
        ("/script.user.js", ""),
        ("/template.html.js", ""),
        ("/data.csv.js", ""),
        ("/app.ar.js", ""),
        ("/index.en.html", ""),
        ("/setup-1.2.3.exe", ""),
        ("/www.example.com.exe", ""),
        ("/mp3.com", ""),
        ("/pdf.exe", ""),
        ("/.pdf.exe", ""),
        ("/%E2%80%AEabc.exe", ""),
        ("/a.exe", ""),
        ("/a.pdf", ""),
        ("/a.exe.pdf", ""),
        ("/thumb.jpg.webp", ""),
        ("/a.pdf.exe/b", ""),
        ("/b?a.pdf.exe", ""),
    ] {
        assert_eq!(extensions(rest).1, inner, "{rest}");
    }
}

#[test]
fn only_contradictions_that_servers_do_not_make_are_mismatches() {
    for (rest, mime, mismatch) in [
        ("/a.jpg", "application/x-msdownload", true),
        ("/a.jpg", "application/x-dosexec; charset=binary", true),
        ("/a.png", "application/vnd.android.package-archive", true),
        ("/a.gif", "text/javascript", true),
        ("/a.png", "application/zip", true),
        ("/a.pdf", "application/x-msdownload", true),
        ("/a.txt", "application/x-dosexec", true),
        ("/a.woff2", "application/javascript", true),
        ("/a.exe", "image/png", true),
        ("/a.msi", "video/mp4", true),
        ("/a.scr", "application/pdf", true),
        ("/a.apk", "image/jpeg", true),
        ("/a.jpg", "image/png", false),
        ("/a.jpg", "text/html", false),
        ("/a.jpg", "text/plain", false),
        ("/a.jpg", "application/octet-stream", false),
        ("/a.jpg", "application/json", false),
        ("/a.jpg", "application/x-gzip", false),
        ("/a.jpg", "", false),
        ("/a.docx", "application/zip", false),
        ("/a.css", "text/javascript", false),
        ("/a.txt", "text/javascript", false),
        ("/a.woff", "application/font-woff", false),
        ("/a.mp4", "text/html; charset=utf-8", false),
        ("/a.exe", "application/octet-stream", false),
        ("/a.exe", "text/html", false),
        ("/a.exe", "text/plain", false),
        ("/a.exe", "application/zip", false),
        ("/a.js", "image/gif", false),
        ("/a.php", "image/png", false),
        ("/a.zip", "application/x-msdownload", false),
        ("/a.svg", "text/html", false),
        ("/a.iso", "image/png", false),
        ("/a", "application/x-msdownload", false),
        ("/a.unknown", "application/x-msdownload", false),
    ] {
        let text = traits(rest, mime);
        assert_eq!(PathTraits::read(text.as_bytes()).unwrap().mismatch, mismatch, "{rest} {mime}");
    }
}

#[test]
fn random_paths_are_marked_and_words_are_not() {
    for (rest, high) in [
        ("/download/Zm9vYmFyYmF6cXV4?q=9x8YvW7uT6sR5qP4oN3mL2kJ1iH0gFeDcBaZ-_.~!$'()*+,;:@&=%", true),
        ("/wp-content/themes/banner/js/beach-order.min.js?ver=6.4.4&cache=no&lang=en&page=about", false),
        ("/hls/b68e8a6d-48d0-4604-8a00-36f543eabd62/720p/seg-00436.ts", false),
    ] {
        let text = traits(rest, "");
        assert_eq!(PathTraits::read(text.as_bytes()).unwrap().high_entropy, high, "{rest}");
    }
}

#[test]
fn categories_go_by_extension_and_then_by_type() {
    for (extension, mime, category) in [
        ("pdf", "", "documents"),
        ("jpg", "text/html", "images"),
        ("zip", "", "archives"),
        ("exe", "", "executables"),
        ("js", "", "scripts"),
        ("php", "text/html", "scripts"),
        ("mp3", "", "audio"),
        ("ts", "video/mp2t", "video"),
        ("woff2", "", "fonts"),
        ("", "text/html; charset=utf-8", "web_pages"),
        ("css", "", "styles"),
        ("", "application/json", "data"),
        ("pem", "", "certificates"),
        ("iso", "", "disk_images"),
        ("", "application/vnd.android.package-archive", "mobile_apps"),
        ("sqlite", "", "databases"),
        ("ini", "", "config"),
        ("torrent", "", "torrents"),
        ("smith", "text/html", "web_pages"),
        ("smith", "", "other"),
        ("", "application/octet-stream", "other"),
        ("", "", "-"),
    ] {
        assert_eq!(file_category(extension.as_bytes(), mime.as_bytes()), category, "{extension} {mime}");
    }
}
