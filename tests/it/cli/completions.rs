//! `tidegate completions` and `tidegate man`: what they write is taken by the shells and by man(1).

use crate::support::process::{run, tidegate};
use std::collections::BTreeSet;
use std::process::Command;

/// Whether a program is there.
#[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was not tried")]
fn is_there(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().status.success();
    if !found {
        println!("skipped: there is no {program}");
    }
    found
}

#[test]
fn every_shell_takes_its_script() {
    let directory = tempfile::tempdir().unwrap();
    // Whatever is wrong with a configuration that lies about.
    std::fs::write(directory.path().join("config.toml"), "nonsense").unwrap();
    for (shell, check) in [
        ("bash", Some("bash -n")),
        ("zsh", Some("zsh -n")),
        ("fish", Some("fish --no-execute")),
        ("elvish", None),
        ("powershell", None),
    ] {
        let output = run(directory.path(), &["completions", shell]);
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        let script = String::from_utf8(output.stdout).unwrap();
        for word in ["check-config", "import", "rotate-key"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let path = directory.path().join(shell);
        std::fs::write(&path, script).unwrap();
        if let Some(check) = check.filter(|_| is_there(shell)) {
            let taken = Command::new("sh").args(["-c", &format!("{check} {}", path.display())]).output().unwrap();
            assert!(taken.status.success() && taken.stderr.is_empty(), "{shell}: {taken:?}");
        }
    }
    assert_eq!(run(directory.path(), &["completions", "csh"]).status.code(), Some(2));
}

#[test]
fn bash_completes_commands_and_options() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("tidegate.bash"), run(directory.path(), &["completions", "bash"]).stdout)
        .unwrap();
    for (words, want) in [("chec", "check-config"), ("db ver", "verify"), ("serve --lis", "--listen")] {
        let script = format!(
            "source ./tidegate.bash; COMP_WORDS=(tidegate {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _tidegate tidegate \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(directory.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), want, "{words}: {output:?}");
    }
}

#[test]
fn every_command_has_a_manual_page_that_man_takes() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man");
    assert_eq!(run(directory.path(), &["man", "nowhere"]).status.code(), Some(3));
    std::fs::create_dir(&pages).unwrap();
    assert!(tidegate(directory.path(), &["man"]).arg(&pages).status().unwrap().success());
    let names: BTreeSet<String> =
        std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    for name in ["tidegate.1", "tidegate-serve.1", "tidegate-db-verify.1", "tidegate-completions.1"] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    assert!(!names.contains("tidegate-man.1"), "{names:?}");
    for name in names {
        let page = pages.join(&name);
        if is_there("man") {
            let read = Command::new("man")
                .args(["--warnings", "-E", "UTF-8", "-l"])
                .arg(&page)
                .env("LC_ALL", "C.UTF-8")
                .output();
            let read = read.unwrap();
            assert!(read.status.success() && read.stderr.is_empty(), "{name}: {read:?}");
        }
        if is_there("mandoc") {
            let lint = Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(&page).output().unwrap();
            assert!(lint.status.success(), "{name}: {}", String::from_utf8_lossy(&lint.stdout));
        }
    }
}
