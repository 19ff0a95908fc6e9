//! `tidegate check-config`: the configuration was read when this runs, and is right where the rules it names are; says
//! what is in force.

use crate::config::Config;
use crate::scoring::RuleBook;
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let book = RuleBook::load(&config.waf.rules())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "configuration is right")?;
    writeln!(out, "  data directory  {}", config.data_dir.display())?;
    writeln!(out, "  listens on      {}", config.server.listen)?;
    if config.sources.is_empty() {
        writeln!(out, "  follows         nothing; add a [[source]] with the path of an access log")?;
    }
    for source in &config.sources {
        let says = source.squid_conf.as_ref().map(|conf| conf.display().to_string());
        writeln!(out, "  follows         {} ({})", source.place(), says.as_deref().unwrap_or(&source.format))?;
    }
    let (applied, all) = (book.applied(), book.rules().len());
    let left_out =
        if applied < all { format!("; {} more look at what no log has", all - applied) } else { String::new() };
    writeln!(out, "  scores by       {applied} rules of {}{left_out}", config.waf.rules().join(", "))?;
    Ok(ExitCode::SUCCESS)
}
