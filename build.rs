//! Tells cargo to look again when the embedded files change: migrations and the dashboard.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    // Not the whole folder: installing or running its tests must not compile anything anew.
    for part in ["index.html", "style.css", "app.js", "login.html", "login.js", "icon.svg", "lib", "ui"] {
        println!("cargo:rerun-if-changed=web/{part}");
    }
}
