//! `tidegate completions SHELL` and, for packages, `tidegate man DIR`: made from the definition of the command line, so
//! that they know what it knows. Neither reads a configuration.

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::Shell;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// For which shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

/// Where to write manual pages.
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The directory, which is there; a page for each command is written to it.
    dir: PathBuf,
}

/// Prints what the shell has to read.
pub(super) fn completions(arguments: &CompletionsArguments, mut command: Command) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "tidegate", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a manual page for each command.
pub(super) fn man(arguments: &ManArguments, command: Command) -> anyhow::Result<ExitCode> {
    clap_mangen::generate_to(command, &arguments.dir)
        .with_context(|| format!("{}: can't be written to; name a directory that is there", arguments.dir.display()))?;
    Ok(ExitCode::SUCCESS)
}
