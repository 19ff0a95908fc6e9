//! Where the dashboard's files are embedded from. `web/dist` where it is built already, as `make` does; else it is built
//! here, from a copy, since a build script writes to its own folder only. Where neither can be, the binary has a page
//! that says how to get the dashboard: this never fails a build. `SKIP_WEB_BUILD=1` asks for that page.
//!
//! A debug build reads the folder when it is asked for a file, so `npm run build` shows without compiling anything.

use super::variable;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// What is no source of the dashboard.
const NOT_SOURCES: [&str; 2] = ["node_modules", "dist"];

/// The oldest Node that builds it: major, minor.
const NODE: (u32, u32) = (20, 19);

/// The folder to embed; it may not be there.
pub fn folder(root: &Path, out: &Path) -> PathBuf {
    println!("cargo:rerun-if-env-changed=SKIP_WEB_BUILD");
    let web = root.join("web");
    let dist = web.join("dist");
    if variable("SKIP_WEB_BUILD").is_some_and(|value| !value.is_empty() && value != "0") {
        return out.join("no-dashboard");
    }
    let built = modified(&dist.join("index.html"));
    let debug = variable("PROFILE").is_some_and(|profile| profile == "debug");
    if debug && built.is_some() {
        return dist;
    }
    let sources = sources(&web);
    for source in &sources {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    if let Some(built) = built {
        println!("cargo:rerun-if-changed={}", dist.display());
        if sources.iter().filter_map(|source| newest(source)).all(|changed| changed <= built) {
            return dist;
        }
    }
    let failure = match build(&sources, &out.join("web")) {
        Ok(dist) => return dist,
        Err(failure) => failure,
    };
    let instead =
        if built.is_some() { "the older one in web/dist is embedded" } else { "a page that says so is embedded" };
    println!("cargo:warning=The dashboard was not built, {instead}: {failure}. SKIP_WEB_BUILD=1 builds without it.");
    dist
}

/// What lies in `web/`, but for what is installed and built there.
fn sources(web: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(web).into_iter().flatten().filter_map(Result::ok);
    let mut sources: Vec<PathBuf> = entries
        .filter(|entry| !NOT_SOURCES.iter().any(|name| entry.file_name() == *name))
        .map(|entry| entry.path())
        .collect();
    sources.sort();
    sources
}

/// Builds a copy of `sources` in `there`; answers the folder that it was built into.
fn build(sources: &[PathBuf], there: &Path) -> Result<PathBuf, String> {
    node()?;
    fs::create_dir_all(there).map_err(|fault| format!("{}: {fault}", there.display()))?;
    for old in fs::read_dir(there).into_iter().flatten().filter_map(Result::ok) {
        // Installing takes longer than building, so what is installed stays.
        if old.file_name() != "node_modules" {
            remove(&old.path()).map_err(|fault| format!("{}: {fault}", old.path().display()))?;
        }
    }
    for source in sources {
        copy(source, &there.join(source.file_name().unwrap_or_default()))
            .map_err(|fault| format!("{}: {fault}", source.display()))?;
    }
    // What was installed, as its lock file had it.
    let (lock, installed) = (there.join("package-lock.json"), there.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).map_err(|fault| format!("{}: {fault}", lock.display()))?;
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        npm(there, &["ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"])?;
        // Without this mark it is installed again next time, no more.
        let _ = fs::write(&installed, &wanted);
    }
    npm(there, &["run", "build"])?;
    let dist = there.join("dist");
    modified(&dist.join("index.html")).map(|_| dist).ok_or_else(|| "npm run build made no index.html".to_owned())
}

/// Whether there is a Node that is new enough.
fn node() -> Result<(), String> {
    let wanted = format!("Node {}.{} or newer is needed", NODE.0, NODE.1);
    let found = Command::new("node").arg("--version").output().map_err(|_| wanted.clone())?;
    let text = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let mut numbers = text.trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < NODE { Err(format!("{wanted}, and this is {text}")) } else { Ok(()) }
}

#[allow(clippy::print_stderr)] // cargo shows it where the build fails, and in its log
fn npm(folder: &Path, args: &[&str]) -> Result<(), String> {
    let ran = Command::new("npm")
        .args(args)
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|fault| format!("npm: {fault}"))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no word why");
    eprintln!("{said}");
    Err(format!("npm {} failed ({last})", args.first().unwrap_or(&"")))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// When the newest file below `path` was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    fs::read_dir(path).ok()?.filter_map(|entry| newest(&entry.ok()?.path())).max()
}
