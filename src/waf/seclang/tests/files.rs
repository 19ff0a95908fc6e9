//! Files, folders, globs and includes; the rule sets that Debian ships.

use super::*;
use std::fs;
use std::path::Path;

fn path(path: &Path) -> Source {
    Source::Path(path.display().to_string())
}

fn messages(sources: &[Source], folder: &Path) -> Vec<String> {
    let Faults(faults) = RuleSet::load(sources).unwrap_err();
    faults.iter().map(|fault| fault.to_string().replace(&folder.display().to_string(), "DIR")).collect()
}

#[test]
fn folders_globs_and_includes_are_read_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("more/deep")).unwrap();
    for (name, text) in [
        (
            "b.conf",
            "SecAction id:2\r\nInclude more/*.conf\r\nIncludeOptional none/*.conf\nIncludeOptional none.conf\nSecAction id:5",
        ),
        ("a.conf", "SecAction id:1"),
        ("c.data", "no rules"),
        ("more/d.conf", "SecAction id:4"),
        ("more/c.conf", "Include deep\nInclude \"../../x/nothing.conf\""),
        ("more/deep/z.conf", "SecAction id:3"),
    ] {
        fs::write(at(name), text).unwrap();
    }
    let want = [
        "DIR/more/c.conf:2: '../../x/nothing.conf' can't be read: No such file or directory (os error 2); correct the path",
    ];
    assert_eq!(messages(&[path(folder.path())], folder.path()), want);
    fs::write(at("more/c.conf"), "Include deep").unwrap();
    let set = RuleSet::load(&[path(folder.path())]).unwrap();
    assert_eq!(ids(&set), [1, 2, 3, 4, 5]);
    assert_eq!(set.rules().last().unwrap().place().unwrap().line, 5);
    let text = Source::Text { name: "t".to_owned(), text: b"SecAction id:9".to_vec() };
    assert_eq!(ids(&RuleSet::load(&[path(&at("more/d*")), text, path(&at("a.conf"))]).unwrap()), [4, 9, 1]);
}

#[test]
fn what_can_t_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("one.conf"), "SecMarker A\nInclude two.conf").unwrap();
    fs::write(at("two.conf"), "Include one.conf\nSecRule ARGS a \"id:1,chain\"").unwrap();
    fs::write(at("latin.conf"), b"SecMarker A\nSecMarker \xe9\n").unwrap();
    fs::create_dir(at("empty")).unwrap();
    let cases: &[(&str, &[&str])] = &[
        (
            "one.conf",
            &[
                "DIR/two.conf:1: 'DIR/one.conf' is included by itself, or more than 16 files deep; take out the include that closes the circle",
                "DIR/two.conf:2: the chain ends nowhere; write the SecRule that ends it behind it, without id, or take out chain",
            ],
        ),
        ("latin.conf", &["DIR/latin.conf:2: not UTF-8; save it as UTF-8"]),
        ("empty", &["DIR/empty:1: 'DIR/empty' names no rules; correct the path, or write a *.conf file there"]),
        ("*.cnf", &["DIR/*.cnf:1: 'DIR/*.cnf' names no rules; correct the path, or write a *.conf file there"]),
        (
            "no.conf",
            &["DIR/no.conf:1: 'DIR/no.conf' can't be read: No such file or directory (os error 2); correct the path"],
        ),
    ];
    for (name, want) in cases {
        assert_eq!(messages(&[path(&at(name))], folder.path()), *want, "{name}");
    }
}

/// Ids as a plain search finds them, in every line that is no comment.
fn written_ids(file: &Path) -> Vec<u32> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut ids = Vec::new();
    for line in lines {
        for (at, _) in line.match_indices("id:").filter(|(at, _)| !line[..*at].ends_with(char::is_alphabetic)) {
            let digits = line[at + "id:".len()..].trim_start_matches('\'');
            ids.extend(digits.split(|sign: char| !sign.is_ascii_digit()).next().and_then(|id| id.parse::<u32>().ok()));
        }
    }
    ids
}

#[test]
fn the_core_rule_set_of_debian_is_read_whole() {
    let rules = Path::new("/usr/share/modsecurity-crs/rules");
    if !rules.exists() {
        eprintln!("not run: apt-get install modsecurity-crs");
        return;
    }
    let set = RuleSet::load(&[path(rules)]).unwrap();
    let mut files: Vec<_> = fs::read_dir(rules).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "conf"));
    files.sort();
    let want: Vec<u32> = files.iter().flat_map(|file| written_ids(file)).collect();
    assert!(want.len() > 600);
    assert_eq!(ids(&set), want);
    let again = RuleSet::parse("normal form", set.to_string().as_bytes()).unwrap();
    assert_eq!(round_trip::bare(again), round_trip::bare(set));
}
