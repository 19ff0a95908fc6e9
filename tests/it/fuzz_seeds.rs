//! The fuzz targets over their seeds, so that they keep compiling and holding between runs of the fuzzer (`make fuzz`).

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use targets::TARGETS;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| stem(entry.unwrap().path())).collect();
    names.sort();
    names
}

#[test]
fn targets_hold_over_their_seeds_and_parts_of_them() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let known = TARGETS.map(|(name, _)| name);
    assert_eq!(names(&fuzz.join("fuzz_targets")), known);
    assert_eq!(names(&fuzz.join("seeds")), known);
    for (name, run) in TARGETS {
        let folder = fuzz.join("seeds").join(name);
        let mut seeds = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let seed = fs::read(&path).unwrap();
            println!("{}", path.display());
            run(&seed);
            for part in [&seed[..seed.len() / 2], &seed[..seed.len() - seed.len().min(1)], &seed[seed.len() / 2..]] {
                run(part);
            }
            seeds += 1;
        }
        assert!(seeds > 20, "{seeds} seeds of {name}");
    }
}
