//! The `tidegate` command: [`tidegate::cli`] does the work, this exits with its code.

fn main() -> std::process::ExitCode {
    tidegate::cli::run()
}
