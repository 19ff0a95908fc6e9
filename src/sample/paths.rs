//! Paths of pages, articles, assets, images, video and downloads.
//!
//! These are the things that are asked for again and again: a path follows from its object, so
//! the same object has the same path, size and type each time. What is new with each request is in
//! `queries.rs`.

use super::names::WORDS;
use super::rng::Rng;
use super::text;

/// Appends a text.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Appends a word.
#[inline]
pub(super) fn word(out: &mut Vec<u8>, rng: &mut Rng) {
    put(out, WORDS[rng.low_below(WORDS.len() as u32) as usize]);
}

#[inline]
fn any_word(out: &mut Vec<u8>, rng: &mut Rng) {
    put(out, rng.pick(&WORDS));
}

/// Appends `words` words with hyphens between.
pub(super) fn slug(out: &mut Vec<u8>, rng: &mut Rng, words: u32) {
    for nth in 0..words {
        if nth > 0 {
            out.push(b'-');
        }
        any_word(out, rng);
    }
}

fn version(out: &mut Vec<u8>, rng: &mut Rng) {
    for (nth, end) in [5, 20, 12].into_iter().enumerate() {
        if nth > 0 {
            out.push(b'.');
        }
        text::number(out, u64::from(rng.below(end)));
    }
}

/// The type a site gives its pages.
pub(super) fn html(site: u64) -> &'static str {
    match (site >> 17) % 10 {
        0..5 => "text/html",
        5..8 => "text/html;charset=utf-8",
        8 => "text/html;charset=UTF-8",
        _ => "text/html;charset=iso-8859-1",
    }
}

/// The path of a page, with its query if the page has one of its own.
pub(super) fn page(out: &mut Vec<u8>, site: u64, object: &mut Rng) -> &'static str {
    out.push(b'/');
    match object.below(100) {
        0..30 => {}
        30..48 => {
            word(out, object);
            out.push(b'/');
        }
        48..66 => {
            word(out, object);
            out.push(b'/');
            slug(out, object, 2);
            put(out, if site & 4 == 0 { ".html" } else { "" });
        }
        66..77 => {
            put(out, object.pick(&["de/", "en/", "fr/", "en-gb/"]));
            word(out, object);
            out.push(b'/');
            any_word(out, object);
            out.push(b'/');
            text::number(out, u64::from(object.low_below(90_000)));
        }
        77..89 => {
            put(out, "index.php?page=");
            word(out, object);
            put(out, "&id=");
            text::number(out, u64::from(object.below(5_000)));
        }
        _ => {
            word(out, object);
            put(out, ".aspx?category=");
            any_word(out, object);
            put(out, "&sort=price_asc&start=");
            text::number(out, u64::from(24 * object.low_below(9)));
        }
    }
    html(site)
}

/// The path of an article.
pub(super) fn article(out: &mut Vec<u8>, site: u64, object: &mut Rng) -> &'static str {
    out.push(b'/');
    put(out, object.pick(&["news", "blog", "article", "story", "sport", "economy", "culture"]));
    if site & 8 == 0 {
        for (low, high) in [(2019, 2026), (1, 12), (1, 28)] {
            out.push(b'/');
            text::zeroed(out, u64::from(object.between(low, high)), 2);
        }
    }
    out.push(b'/');
    let words = object.between(3, 7);
    slug(out, object, words);
    match site >> 4 & 3 {
        0 => out.push(b'/'),
        1 => put(out, ".html"),
        2 => {
            put(out, "-a-");
            text::number(out, u64::from(object.between(1_000_000, 9_999_999)));
        }
        _ => {}
    }
    html(site)
}

/// The path of a script, style sheet, font or other part of a page.
pub(super) fn asset(out: &mut Vec<u8>, site: u64, object: &mut Rng) -> &'static str {
    let (directory, extension, mime) = object.weighted(&[
        (("js", "js", if site & 16 == 0 { "application/javascript" } else { "text/javascript" }), 500),
        (("css", "css", "text/css"), 230),
        (("fonts", "woff2", "font/woff2"), 90),
        (("icons", "svg", "image/svg+xml"), 90),
        (("data", "json", "application/json"), 60),
        (("js", "js.map", "application/octet-stream"), 30),
    ]);
    match site >> 5 & 7 {
        0 => {
            put(out, "/assets/");
            slug(out, object, 2);
            out.push(b'-');
            text::random_hex(out, object, 8);
        }
        1 => {
            put(out, "/_next/static/chunks/");
            text::number(out, u64::from(object.below(9_000)));
            out.push(b'-');
            text::random_hex(out, object, 16);
        }
        2 => {
            put(out, "/wp-content/themes/");
            any_word(out, &mut Rng::new(site));
            out.push(b'/');
            put(out, directory);
            out.push(b'/');
            slug(out, object, 2);
            put(out, ".min.");
            put(out, extension);
            put(out, "?ver=6.4.");
            text::number(out, site >> 40 & 7);
            return mime;
        }
        3 => {
            put(out, "/static/");
            put(out, directory);
            out.push(b'/');
            word(out, object);
            out.push(b'.');
            text::random_hex(out, object, 8);
            put(out, ".chunk");
        }
        4 => {
            put(out, "/dist/");
            slug(out, object, 2);
            out.push(b'.');
            put(out, extension);
            put(out, "?v=");
            text::number(out, site >> 44 & 63);
            return mime;
        }
        5 => {
            out.push(b'/');
            text::hex(out, site, 7);
            for _ in 0..object.between(2, 3) {
                out.push(b'/');
                any_word(out, object);
            }
        }
        6 => {
            put(out, "/libs/");
            slug(out, object, 1);
            out.push(b'/');
            version(out, object);
            out.push(b'/');
            any_word(out, object);
            put(out, ".min");
        }
        _ => {
            put(out, "/bundles/");
            slug(out, object, 2);
            out.push(b'.');
            put(out, extension);
            put(out, "?cb=");
            text::number(out, 1_760_000_000 + (site >> 30) % 9_000_000);
            return mime;
        }
    }
    out.push(b'.');
    put(out, extension);
    mime
}

/// The path of an image.
pub(super) fn image(out: &mut Vec<u8>, site: u64, object: &mut Rng) -> &'static str {
    let (extension, mime) = object.weighted(&[
        (("jpg", "image/jpeg"), 480),
        (("png", "image/png"), 190),
        (("webp", "image/webp"), 230),
        (("gif", "image/gif"), 50),
        (("avif", "image/avif"), 50),
    ]);
    let width = [160_u64, 320, 480, 640, 800, 1024, 1280, 1920][object.below(8) as usize];
    match (site >> 8) % 6 {
        0 => {
            put(out, "/images/");
            word(out, object);
            out.push(b'/');
            slug(out, object, 2);
            out.push(b'-');
            text::number(out, width);
            out.push(b'x');
            text::number(out, width * 9 / 16);
        }
        1 => {
            put(out, "/img/");
            let bits = object.next();
            text::hex(out, bits, 2);
            out.push(b'/');
            text::hex(out, bits >> 8, 2);
            out.push(b'/');
            text::random_hex(out, object, 20);
        }
        2 => {
            put(out, "/wp-content/uploads/20");
            text::zeroed(out, u64::from(object.between(19, 26)), 2);
            out.push(b'/');
            text::zeroed(out, u64::from(object.between(1, 12)), 2);
            out.push(b'/');
            let words = object.between(2, 4);
            slug(out, object, words);
        }
        3 => {
            put(out, "/media/");
            text::number(out, u64::from(object.between(10_000_000, 99_999_999)));
            out.push(b'/');
            text::number(out, width);
            out.push(b'.');
            put(out, extension);
            put(out, "?quality=75&auto=format");
            return mime;
        }
        4 => {
            put(out, "/thumb/");
            any_word(out, object);
            out.push(b'_');
            text::number(out, u64::from(object.below(100_000)));
            put(out, "_s");
        }
        _ => {
            put(out, "/avatars/");
            text::random_hex(out, object, 12);
        }
    }
    out.push(b'.');
    put(out, extension);
    mime
}

/// The path of a piece of video: segment `part` of a film, or its playlist for part 0.
pub(super) fn video(out: &mut Vec<u8>, site: u64, object: &mut Rng, part: u64) -> &'static str {
    put(out, if site & 32 == 0 { "/hls/" } else { "/vod/" });
    text::uuid(out, object);
    put(out, object.pick(&["/360p/", "/720p/", "/1080p/", "/audio/"]));
    if part == 0 {
        put(out, "index.m3u8");
        return "application/vnd.apple.mpegurl";
    }
    put(out, "seg-");
    text::zeroed(out, part, 5);
    if site & 64 == 0 {
        put(out, ".ts");
        "video/mp2t"
    } else {
        put(out, ".m4s");
        "video/iso.segment"
    }
}

/// The path of a package, installer or document.
pub(super) fn download(out: &mut Vec<u8>, object: &mut Rng) -> &'static str {
    match object.below(5) {
        0 => {
            put(out, "/ubuntu/pool/main/");
            let start = out.len() + 2;
            put(out, "x/");
            word(out, object);
            out[start - 2] = out[start];
            out.push(b'/');
            any_word(out, object);
            out.push(b'_');
            version(out, object);
            put(out, "-1ubuntu2_amd64.deb");
            "application/vnd.debian.binary-package"
        }
        1 => {
            put(out, "/releases/download/v");
            version(out, object);
            out.push(b'/');
            any_word(out, object);
            put(out, "-setup-x64.exe");
            "application/octet-stream"
        }
        2 => {
            put(out, "/downloads/");
            slug(out, object, 2);
            out.push(b'-');
            version(out, object);
            put(out, ".zip");
            "application/zip"
        }
        3 => {
            put(out, "/files/");
            let words = object.between(3, 6);
            slug(out, object, words);
            put(out, ".pdf");
            "application/pdf"
        }
        _ => {
            put(out, "/delta/updates/");
            text::random_hex(out, object, 40);
            put(out, ".cab");
            "application/vnd.ms-cab-compressed"
        }
    }
}
