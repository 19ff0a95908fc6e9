//! Tells cargo to look again when the embedded files change, migrations and the dashboard; writes down where the dashboard
//! is embedded from (`build/web.rs`), and which packages the binary is made of, for `GET /api/license/status`.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

#[path = "build/web.rs"]
mod web;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    let path = |name| variable(name).map(PathBuf::from).unwrap_or_default();
    let (root, out) = (path("CARGO_MANIFEST_DIR"), path("OUT_DIR"));
    let dashboard = web::folder(&root, &out);
    let dashboard = format!(
        "#[derive(rust_embed::RustEmbed)]\n#[folder = {:?}]\n#[allow_missing = true]\npub struct Files;\n",
        dashboard.display().to_string()
    );
    std::fs::write(out.join("web.rs"), dashboard)?;
    for file in ["build.rs", "build", "Cargo.lock", "Cargo.toml"] {
        println!("cargo:rerun-if-changed={file}");
    }
    let dependencies = resolved().unwrap_or_else(locked);
    let mut text = String::from("&[\n");
    for (name, version, license) in dependencies {
        // Writing to a string can't fail.
        let _ = writeln!(text, "    ({name:?}, {version:?}, {license:?}),");
    }
    text.push_str("]\n");
    std::fs::write(out.join("dependencies.rs"), text)
}

/// What cargo tells a build script.
#[allow(clippy::disallowed_methods)] // cargo speaks to build scripts through the environment
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

type Dependency = (String, String, Option<String>);

/// What the binary for this target is made of, without what only tests and builds need. Asks nobody on the network;
/// `None` where cargo can't tell, as in a build from vendored sources that lacks a manifest.
fn resolved() -> Option<Vec<Dependency>> {
    let tree = Command::new(variable("CARGO")?)
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}|{l}", "--target"])
        .arg(variable("TARGET")?)
        .current_dir(variable("CARGO_MANIFEST_DIR")?)
        .output()
        .ok()
        .filter(|tree| tree.status.success())?;
    let text = String::from_utf8(tree.stdout).ok()?;
    // The first line is Tidegate itself.
    let lines = text.lines().skip(1).filter_map(|line| {
        let (package, license) = line.split_once('|')?;
        let mut words = package.split(' ');
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        let license = license.trim_end_matches(" (*)");
        Some((name.to_owned(), version.to_owned(), Some(license.to_owned()).filter(|license| !license.is_empty())))
    });
    Some(once_each(lines.collect()))
}

/// Every package of Cargo.lock, which says nothing of licences.
fn locked() -> Vec<Dependency> {
    let lock = std::fs::read_to_string("Cargo.lock").unwrap_or_default();
    let value = |line: &str, key: &str| Some(line.strip_prefix(key)?.trim().trim_matches('"').to_owned());
    let packages = lock.split("[[package]]").skip(1).filter_map(|package| {
        let name = package.lines().find_map(|line| value(line, "name ="))?;
        let version = package.lines().find_map(|line| value(line, "version ="))?;
        Some((name, version, None)).filter(|(name, ..)| name != "tidegate")
    });
    once_each(packages.collect())
}

fn once_each(mut all: Vec<Dependency>) -> Vec<Dependency> {
    all.sort();
    all.dedup();
    all
}
