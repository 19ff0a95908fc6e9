//! Where to go on in a content that is known: the same place whether it is read from a file or only forward.

use crate::support::lines::NOON;
use crate::support::memory::MemoryStore;
use proptest::prelude::*;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use tidegate::format::{FormatChoice, resolve};
use tidegate::model::{FixedClock, SourceName};
use tidegate::pipeline::{Content, Importer, resume, resume_forward};
use tidegate::source::Damage;

fn content() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![30 => Just(b'a'), 1 => Just(b'\n'), 1 => Just(b'b')], 0..20_000)
}

/// A store that knows these contents, imported one after the other.
fn store_of(contents: &[&[u8]]) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new(Arc::new(FixedClock::at(NOON))));
    let spool = tempfile::tempdir().unwrap();
    let mut importer = Importer::new(Arc::clone(&store), Arc::new(FixedClock::at(NOON)), 1, spool.path());
    let format = FormatChoice::Given(resolve("squid").unwrap());
    for bytes in contents {
        let content = Content { path: Path::new("known"), format: &format, source: &SourceName::default() };
        importer.stream(*bytes, content, |_| ()).unwrap();
    }
    store
}

/// Gives what there is, then says that it was cut off.
struct Cut<'b>(&'b [u8]);

impl Read for Cut<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(out)? {
            0 if !out.is_empty() => {
                Err(Damage::Truncated { compression: tidegate::source::Compression::Gzip, at: 0 }.into())
            }
            read => Ok(read),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn it_is_the_same_place(
        base in content(), other in content(), cuts in proptest::collection::vec(0_usize..20_000, 4), complete: bool,
    ) {
        let cut = |at: usize| &base[..cuts[at] % (base.len() + 1)];
        let branch = [cut(0), &other].concat();
        let store = store_of(&[cut(1), cut(2), &branch]);
        for content in [cut(3), cut(2), cut(1), &base, &branch, &other] {
            let want = resume(&*store, &mut Cursor::new(content), content.len() as u64, complete).unwrap().unwrap();
            let found = resume_forward(&*store, || Ok(content), complete).unwrap().unwrap();
            prop_assert_eq!(want.as_ref(), found.as_ref().map(|found| &found.start));
            if let Some(mut found) = found {
                let mut rest = Vec::new();
                found.content.read_to_end(&mut rest).unwrap();
                prop_assert_eq!(&rest[..], &content[found.start.offset as usize..]);
            }
            // Cut off at its end, it is known as far as it is there.
            let cut_off = resume_forward(&*store, || Ok(Cut(content)), complete).unwrap().unwrap();
            if let Some(cut_off) = cut_off {
                prop_assert_eq!(want, Some(cut_off.start));
            }
        }
    }
}
