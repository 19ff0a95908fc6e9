//! `tidegate_fuzz::operators`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::operators::run(data));
