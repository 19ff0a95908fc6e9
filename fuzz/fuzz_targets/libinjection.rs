//! `tidegate_fuzz::libinjection`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::libinjection::run(data));
