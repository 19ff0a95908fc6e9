//! `tidegate_fuzz::score`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::score::run(data));
