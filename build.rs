//! Tells cargo to look again when the embedded files change: migrations and the dashboard.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=web");
}
