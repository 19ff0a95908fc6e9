//! `tidegate_fuzz::squid`, fuzzed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidegate_fuzz::squid::run(data));
