//! `tidegate_fuzz::transformations`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::transformations::run(data));
