//! The registry of formats.

use super::*;

#[test]
fn formats_are_known_by_name_and_ending() {
    for (at, one) in FORMATS.iter().enumerate() {
        assert!(format(one.name).is_some() && !one.endings.is_empty(), "{}", one.name);
        for ending in one.endings {
            assert_eq!(format_of_ending(&ending.to_uppercase()).map(|format| format.name), Some(one.name));
            assert!(FORMATS[..at].iter().all(|other| !other.endings.contains(ending)), "{ending} is there twice");
        }
    }
    assert!(format("pdf").is_none() && format_of_ending("log").is_none());
}
