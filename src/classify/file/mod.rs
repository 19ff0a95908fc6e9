//! What kind of file a path names, by its extension and the reply's MIME type together, and the tricks played with the
//! two. Looks at the path only: never at host, query or fragment.
//!
//! An extension is what stands behind the last full stop of the last segment, without path parameters (`;v=1`), its
//! percent-encoding undone once: 1 to 10 ASCII letters and digits, at least one of them a letter, so that `7z` and `mp3`
//! are ones, the `001` of a split archive and version numbers are none. One that is not in the table and longer than 4
//! must be all letters: the hashes that builds put into file names are no extensions.

mod extensions;
mod types;

use super::entropy::{HIGH_MILLIBITS, entropy_millibits};
use crate::model::PathTraits;
use types::Essence;

/// A category of files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Category {
    Documents,
    Archives,
    Executables,
    Scripts,
    Images,
    Audio,
    Video,
    Fonts,
    WebPages,
    Styles,
    Data,
    Certificates,
    DiskImages,
    MobileApps,
    Databases,
    Config,
    Torrents,
}

impl Category {
    fn name(self) -> &'static str {
        match self {
            Category::Documents => "documents",
            Category::Archives => "archives",
            Category::Executables => "executables",
            Category::Scripts => "scripts",
            Category::Images => "images",
            Category::Audio => "audio",
            Category::Video => "video",
            Category::Fonts => "fonts",
            Category::WebPages => "web_pages",
            Category::Styles => "styles",
            Category::Data => "data",
            Category::Certificates => "certificates",
            Category::DiskImages => "disk_images",
            Category::MobileApps => "mobile_apps",
            Category::Databases => "databases",
            Category::Config => "config",
            Category::Torrents => "torrents",
        }
    }
}

/// What happens when somebody opens a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    /// It is run, or what is in it can be with one more click.
    Program,
    /// It is shown or played.
    Inert,
    /// Something else, or something that many kinds of servers do in many ways.
    Neither,
}

/// The category of a file by its extension (lower case, without the dot) and MIME type, the extension first: `documents`
/// and so on, `other` where neither is known, `-` where there is neither.
pub fn file_category(extension: &[u8], mime: &[u8]) -> &'static str {
    let by_extension = extensions::find(extension).map(|(category, _)| category);
    match by_extension.or_else(|| Essence::of(mime).category()) {
        Some(category) => category.name(),
        None if extension.is_empty() && mime.is_empty() => "-",
        None => "other",
    }
}

/// Writes what a path (what follows the origin of a target) and a MIME type say together, as the text form of
/// [`PathTraits`], replacing what was there; answers the path's entropy ([`entropy_millibits`]). Whether it is personal is
/// not for this room to say.
pub fn path_traits(rest: &[u8], mime: &[u8], out: &mut Vec<u8>) -> Option<u32> {
    let entropy = entropy_millibits(rest);
    let high_entropy = entropy.is_some_and(|found| found >= HIGH_MILLIBITS);
    let name = last_segment(rest);
    if memchr::memchr(b'%', name).is_some() {
        named(&decoded(name), mime, high_entropy, out);
    } else {
        named(name, mime, high_entropy, out);
    }
    entropy
}

/// The last segment of a path, without path parameters; empty where `rest` has no path.
fn last_segment(rest: &[u8]) -> &[u8] {
    if !rest.starts_with(b"/") {
        return b"";
    }
    let path = &rest[..memchr::memchr2(b'?', b'#', rest).unwrap_or(rest.len())];
    let segment = &path[memchr::memrchr(b'/', path).map_or(0, |at| at + 1)..];
    &segment[..memchr::memchr(b';', segment).unwrap_or(segment.len())]
}

/// A segment without its percent-encoding, undone once.
#[cold]
fn decoded(segment: &[u8]) -> Vec<u8> {
    let digit = |at: usize| segment.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(segment.len()), 0);
    while at < segment.len() {
        match (segment[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Adds what the name of a file says, and writes it all.
fn named(name: &[u8], mime: &[u8], high_entropy: bool, out: &mut Vec<u8>) {
    let (mut extension, mut inner) = (Lower::default(), Lower::default());
    let mut traits = PathTraits { high_entropy, ..PathTraits::default() };
    // Windows takes no notice of blanks and full stops at the end.
    let name = &name[..name.iter().rposition(|byte| !b". ".contains(byte)).map_or(0, |last| last + 1)];
    if let Some(dot) = memchr::memrchr(b'.', name)
        && extension.is(&name[dot + 1..])
    {
        let known = extensions::find(extension.text());
        if let Some((category, role)) = known {
            traits.mismatch = is_mismatch(extension.text(), category, role, mime);
            if role == Role::Program && is_hidden(&name[..dot], extension.text(), &mut inner) {
                traits.inner = inner.text();
            }
        }
        let is_word = || extension.length < LONG || extension.text().iter().all(u8::is_ascii_lowercase);
        if known.is_some() || extension.length <= LONGEST_UNKNOWN && is_word() {
            traits.extension = extension.text();
        }
    }
    traits.write(out);
}

/// The longest extension of the table.
const LONGEST: usize = 12;
/// The longest that is not in it.
const LONGEST_UNKNOWN: usize = 10;
/// From here on one that is not in it must be all letters.
const LONG: usize = 5;

/// An extension in lower case.
#[derive(Default)]
struct Lower {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Lower {
    /// Takes an extension; answers whether it is one.
    fn is(&mut self, written: &[u8]) -> bool {
        let mut has_letter = false;
        self.length = 0;
        if written.len() > LONGEST {
            return false;
        }
        for (to, from) in self.bytes.iter_mut().zip(written) {
            if !from.is_ascii_alphanumeric() {
                return false;
            }
            has_letter |= from.is_ascii_alphabetic();
            *to = from.to_ascii_lowercase();
        }
        self.length = if has_letter { written.len() } else { 0 };
        has_letter
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Extensions that people open without a second look.
#[rustfmt::skip]
const DECOYS: &[&str] = &[
    "7z", "avi", "bmp", "csv", "doc", "docm", "docx", "epub", "gif", "heic", "htm", "html", "jpe", "jpeg", "jpg", "m4a",
    "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "odp", "ods", "odt", "pdf", "png", "pps", "ppsx", "ppt", "pptm", "pptx",
    "rar", "rtf", "tif", "tiff", "txt", "wav", "webp", "xls", "xlsx", "zip",
];

/// What builds of web pages put before `.js` to say what it was made from.
const NO_DECOYS_OF_JS: &[&str] = &["csv", "htm", "html", "txt"];

/// U+202E, behind which texts are shown from right to left: `invoice` U+202E `fdp.exe` looks like `invoiceexe.pdf`.
const RIGHT_TO_LEFT: &[u8] = "\u{202e}".as_bytes();

/// Whether a program's name without its extension ends in a decoy, so that it hides what it is: `invoice.pdf` of
/// `invoice.pdf.exe`, blanks between the two or not.
fn is_hidden(stem: &[u8], extension: &[u8], inner: &mut Lower) -> bool {
    let reversed: Vec<u8>;
    let shown = if let Some(at) = memchr::memmem::rfind(stem, RIGHT_TO_LEFT) {
        reversed = stem[at + RIGHT_TO_LEFT.len()..].iter().rev().copied().collect();
        &reversed
    } else {
        let end = stem.iter().rposition(|byte| !b" _.".contains(byte)).map_or(0, |last| last + 1);
        match memchr::memrchr(b'.', &stem[..end]) {
            Some(dot) if dot > 0 => &stem[dot + 1..end],
            _ => return false,
        }
    };
    let is = |known: &[&str], inner: &Lower| known.iter().any(|known| known.as_bytes() == inner.text());
    inner.is(shown) && is(DECOYS, inner) && !(extension == b"js" && is(NO_DECOYS_OF_JS, inner))
}

/// Whether extension and type contradict each other as no honest server's do: a program, a script or an archive under
/// the name of something that is only shown, or something that is only shown under the name of a program. A web page in
/// place of a file is an error page; text, data and types that say nothing are ordinary; a `.js` answered with a picture
/// counts visits, and documents of today are archives.
fn is_mismatch(extension: &[u8], category: Category, role: Role, mime: &[u8]) -> bool {
    let is_inert = role == Role::Inert;
    let is_program = role == Role::Program && category != Category::DiskImages && extension != b"js";
    // Most rows are pictures and fonts that are said to be that.
    if !(is_inert || is_program) || is_inert && (mime.starts_with(b"image/") || mime.starts_with(b"font/")) {
        return false;
    }
    let essence = Essence::of(mime);
    match essence.category() {
        Some(Category::Executables | Category::MobileApps) => is_inert,
        Some(Category::Scripts) => is_inert && category != Category::Styles && extension != b"txt",
        Some(Category::Archives) => {
            let is_picture = matches!(category, Category::Images | Category::Audio | Category::Video | Category::Fonts);
            is_inert && is_picture && !essence.is_gzip()
        }
        Some(Category::Images | Category::Audio | Category::Video | Category::Fonts | Category::Styles) => is_program,
        Some(Category::Documents) => is_program && !essence.is_text(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
