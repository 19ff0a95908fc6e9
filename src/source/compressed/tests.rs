use super::*;
use std::io::Write;

const ALL: [Compression; 4] = [Compression::Gzip, Compression::Zstd, Compression::Bzip2, Compression::Xz];

fn compress(content: &[u8], compression: Compression) -> Vec<u8> {
    let mut out = Vec::new();
    match compression {
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::new(6));
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Compression::Zstd => {
            let mut encoder = zstd::Encoder::new(&mut out, 3).unwrap();
            // As the program does.
            encoder.include_checksum(true).unwrap();
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Compression::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(&mut out, bzip2::Compression::best());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Compression::Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(&mut out, 6);
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
    }
    out
}

/// Lines that do not compress to nothing.
fn lines(count: u64) -> Vec<u8> {
    (0..count)
        .flat_map(|number| format!("{:x}\n", xxhash_rust::xxh3::xxh3_128(&number.to_le_bytes())).into_bytes())
        .collect()
}

/// Gives a few bytes at a time.
struct Drip<'b>(&'b [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len());
        self.0.read(&mut out[..count])
    }
}

/// What comes out, and what is wrong.
fn decode(content: &[u8], limits: Limits) -> (Vec<u8>, Option<Damage>) {
    let mut decoder = Decoder::new(Drip(content, 1000), limits).unwrap();
    let mut out = Vec::new();
    let damage = decoder.read_to_end(&mut out).err().map(|error| Damage::of(&error).unwrap().clone());
    let again = decoder.read(&mut [0; 10]).map_err(|error| Damage::of(&error).unwrap().clone());
    assert_eq!(again, damage.clone().map_or(Ok(0), Err), "and so it stays");
    (out, damage)
}

fn whole(content: &[u8]) -> Vec<u8> {
    let (out, damage) = decode(content, Limits::default());
    assert_eq!(damage, None);
    out
}

#[test]
fn a_content_is_known_by_its_first_bytes() {
    for compression in ALL {
        assert_eq!(Compression::of(&compress(b"", compression)), Some(compression));
        assert_eq!(Compression::of(&compress(&lines(10), compression)), Some(compression));
    }
    for plain in [&b""[..], b"\n", b"BZh9 is no bzip2\n", b"1767225600.123 245\n", "\u{feff}x".as_bytes()] {
        assert_eq!(Compression::of(plain), None);
        assert_eq!(whole(plain), plain);
    }
    assert_eq!(whole(&lines(20_000)), lines(20_000));
}

#[test]
fn many_members_and_the_padding_behind_them_are_one_content() {
    let parts = [lines(9000), Vec::new(), b"half a ".to_vec(), b"line\n".to_vec(), lines(3)];
    for compression in ALL {
        let mut archive: Vec<u8> = parts.iter().flat_map(|part| compress(part, compression)).collect();
        assert_eq!(whole(&archive), parts.concat(), "{compression}");
        archive.extend([0; 100_000]);
        assert_eq!(whole(&archive), parts.concat(), "{compression}, padded");
        archive.extend(compress(b"behind\n", compression));
        assert_eq!(whole(&archive), [&parts.concat()[..], b"behind\n"].concat(), "{compression}, padded inside");
    }
    let skippable = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    let zstd = compress(b"x\n", Compression::Zstd);
    assert_eq!(whole(&[&skippable[..], &zstd, &skippable, &skippable, &zstd].concat()), b"x\nx\n");
}

#[test]
fn what_is_cut_off_gives_what_there_is_and_says_so() {
    let content = lines(60_000);
    for compression in ALL {
        let archive = [compress(&content, compression), compress(b"second\n", compression)].concat();
        for cut in [7, 300, archive.len() / 3, archive.len() - 20, archive.len() - 1] {
            let (out, damage) = decode(&archive[..cut], Limits::default());
            let cut = cut as u64;
            assert_eq!(damage, Some(Damage::Truncated { compression, at: cut }), "{compression}");
            assert!([&content[..], b"second\n"].concat().starts_with(&out), "{compression}");
        }
        let (out, _) = decode(&archive[..archive.len() - 1], Limits::default());
        assert!(out.len() >= content.len(), "{compression}: {} of {}", out.len(), content.len());
    }
}

#[test]
fn what_is_damaged_says_where() {
    for compression in ALL {
        let mut archive = compress(&lines(60_000), compression);
        let middle = archive.len() / 2;
        archive[middle..middle + 50].fill(0xa5);
        let (_, damage) = decode(&archive, Limits::default());
        assert!(matches!(damage, Some(Damage::Corrupt { at, .. }) if at > 0), "{compression}: {damage:?}");
        let behind = [&compress(b"x\n", compression)[..], b"no archive"].concat();
        let (out, damage) = decode(&behind, Limits::default());
        assert_eq!(out, b"x\n");
        assert!(matches!(damage, Some(Damage::Corrupt { .. })), "{compression}");
    }
}

#[test]
fn what_comes_out_is_limited() {
    let content = lines(10_000);
    for compression in ALL {
        let archive = compress(&content, compression);
        let exact = Limits { max_bytes: content.len() as u64, max_ratio: 1000 };
        assert_eq!(decode(&archive, exact), (content.clone(), None));
        let max_bytes = exact.max_bytes - 1;
        assert_eq!(decode(&archive, Limits { max_bytes, ..exact }).1, Some(Damage::TooMuch { max_bytes }));
    }
    let zeros = vec![0; Limits::RATIO_FROM_BYTES as usize + 4096];
    for compression in [Compression::Zstd, Compression::Gzip] {
        let max_ratio = if compression == Compression::Gzip { 900 } else { 1000 };
        let limits = Limits { max_ratio, ..Limits::default() };
        let bomb = compress(&zeros, compression);
        assert_eq!(decode(&bomb, limits).1, Some(Damage::TooDense { max_ratio }), "{compression}");
        assert_eq!(decode(&bomb[..], Limits { max_ratio: 1 << 20, ..limits }).1, None);
    }
}

#[test]
fn a_window_too_large_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(28).unwrap();
    encoder.write_all(b"x\n").unwrap();
    let zstd = encoder.finish().unwrap();
    let mut options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
    options.dict_size(256 << 20);
    let mut filters = liblzma::stream::Filters::new();
    filters.lzma2(&options);
    let stream = liblzma::stream::Stream::new_stream_encoder(&filters, liblzma::stream::Check::Crc32).unwrap();
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(b"x\n").unwrap();
    let xz = encoder.finish().unwrap();
    for (archive, compression) in [(zstd, Compression::Zstd), (xz, Compression::Xz)] {
        assert_eq!(decode(&archive, Limits::default()).1, Some(Damage::Memory { compression }));
    }
}
