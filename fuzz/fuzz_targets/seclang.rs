//! `tidegate_fuzz::seclang`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::seclang::run(data));
