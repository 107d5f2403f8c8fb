#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| lection_fuzz::fb2(data));
