//! What a stranger can read from the time a login takes: wrong passwords of a name that exists and of names that don't,
//! in turn, through all a login does, the audit log's line included.

use crate::fresh;
use crate::report::{Report, median, quantile};
use anyhow::ensure;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tidegate::auth::{Authenticator, Judgement, LockoutKey, Password, ensure_admin};
use tidegate::control::settings::SettingDefaults;
use tidegate::control::{AccountName, Actor, ControlDb};
use tidegate::model::SystemClock;

/// Logins of each kind.
const LOGINS: usize = 200;
/// How far the medians may differ.
const MOST: f64 = 0.05;

/// Times logins of known and unknown names.
pub fn time(report: &mut Report, directory: &Path) -> anyhow::Result<()> {
    let data_dir = fresh(directory, "logins")?;
    let clock = Arc::new(SystemClock);
    let control = Arc::new(ControlDb::open(&data_dir, clock.clone(), SettingDefaults::default())?);
    ensure_admin(&control, &AccountName::new("known")?, Some(&Password::new("bench-only-password")?))?;
    let authenticator = Authenticator::new(control, clock)?;
    let from = Actor::system("bench");
    let try_in = |name: &str| -> anyhow::Result<f64> {
        // The lockout would end it after five.
        authenticator.lockout().clear(&LockoutKey::account(name));
        let started = Instant::now();
        let judgement = authenticator.judge(name, "not the password", None, &from)?;
        ensure!(judgement == Judgement::Refused, "a wrong password was let in");
        Ok(started.elapsed().as_secs_f64() * 1000.0)
    };
    try_in("known")?;
    try_in("unknown")?;
    let mut taken_ms = [Vec::new(), Vec::new()];
    for n in 0..LOGINS {
        // Each kind goes first every other time, so that neither has the better place.
        for kind in if n % 2 == 0 { [0, 1] } else { [1, 0] } {
            let name = if kind == 0 { "known".to_owned() } else { format!("unknown{n:03}") };
            taken_ms[kind].push(try_in(&name)?);
        }
    }
    report.title(&format!("{LOGINS} refused logins of a known name and {LOGINS} of unknown ones, in turn (ms)"));
    println!("  {:<10} {:>9} {:>9} {:>9}", "", "p10", "median", "p90");
    let row = |name: &str, taken_ms: &[f64]| -> Value {
        let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|share| quantile(taken_ms, share));
        println!("  {name:<10} {p10:>9.3} {p50:>9.3} {p90:>9.3}");
        json!({"logins": taken_ms.len(), "p10_ms": p10, "median_ms": p50, "p90_ms": p90})
    };
    let rows = [row("known", &taken_ms[0]), row("unknown", &taken_ms[1])];
    let apart = (median(&taken_ms[0]) / median(&taken_ms[1]) - 1.0).abs();
    let verdict = if apart <= MOST { "ok" } else { "over" };
    println!("  medians differ by {:.2} % (at most {:.0} %) {verdict}", apart * 100.0, MOST * 100.0);
    let [known, unknown] = rows;
    report.add("logins", json!({"known": known, "unknown": unknown, "apart": apart, "target_apart": MOST}));
    std::fs::remove_dir_all(data_dir)?;
    Ok(())
}
