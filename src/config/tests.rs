//! Bad files with the exact words said about them; the annotated file against the registry.

use super::*;
use crate::control::settings::{SETTINGS, SettingValue};

const ANNOTATED: &str = include_str!("../../config.toml");

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("config.toml")).map_err(|faults| faults.to_string())
}

#[test]
fn bad_files_are_described_line_by_line() {
    let cases: &[(&str, &[&str])] = &[
        (
            r#"data_dir = /srv
[server
listen = "1.2.3.4:5""#,
            &[
                "1: string values must be quoted, expected literal string; put the value in quotes",
                "2: unclosed table, expected `]`; correct this line",
            ],
        ),
        (
            r#"data_dir = "a"
data_dir = "b""#,
            &["2: duplicate key; remove one of the two"],
        ),
        (
            r#"[server]
[server]"#,
            &["2: duplicate key; remove one of the two"],
        ),
        (
            r#"[[source]]
path = /var/log
[log]
level = "lots""#,
            &[
                "2: string values must be quoted, expected literal string; put the value in quotes",
                "4: [log] level: 'lots' is not known; write one of error, warn, info, debug, trace",
            ],
        ),
        (
            r#"data_dri = "x"
colour = 1"#,
            &[
                "1: data_dri: unknown key; correct its name (did you mean 'data_dir'?)",
                "2: colour: unknown key; remove it, known here are data_dir",
            ],
        ),
        (
            r#"[sever]
listen = "1.2.3.4:5"
[nothing]
[[sources]]
path = "x""#,
            &[
                "1: [sever]: unknown table; correct its name (did you mean 'server'?)",
                "3: [nothing]: unknown table; remove it, known are server, admin, source, waf, squid, log, updates, settings",
                "4: [sources]: unknown table; correct its name (did you mean 'source'?)",
            ],
        ),
        (
            r#"[server]
lsiten = "1.2.3.4:5"
colour = 1
level = "info"
data_dir = "x""#,
            &[
                "2: [server] lsiten: unknown key; correct its name (did you mean 'listen'?)",
                "3: [server] colour: unknown key; remove it, known here are listen, supervised",
                "4: [server] level: unknown key here; move it into the table 'log'",
                "5: [server] data_dir: unknown key in this table; move it above the first table",
            ],
        ),
        (
            r#"[settings]
log_retention_day = 3"#,
            &["2: [settings] log_retention_day: unknown key; correct its name (did you mean 'log_retention_days'?)"],
        ),
        (
            r#"data_dir = 3
[server]
listen = 8080
[log]
level = true
format = ["json"]"#,
            &[
                r#"1: data_dir: is a whole number, not a string; write it like data_dir = "tidegate-data""#,
                r#"3: [server] listen: is a whole number, not a string; write it like listen = "127.0.0.1:8080""#,
                r#"5: [log] level: is a boolean, not a string; write it like level = "info""#,
                r#"6: [log] format: is a list, not a string; write it like format = "text""#,
            ],
        ),
        (
            r#"server = "x"
source = []
log = 1"#,
            &[
                "1: [server]: is not one table; write the line [server] once and its keys below it",
                "3: [log]: is not one table; write the line [log] once and its keys below it",
            ],
        ),
        (
            r#"[[server]]
[source]
path = "x""#,
            &[
                "1: [server]: is not one table; write the line [server] once and its keys below it",
                "2: [source]: is not a list of tables; write [[source]] with two brackets above each",
            ],
        ),
        (
            r#"data_dir = ""
[server]
listen = "localhost:8080"
[admin]
username = "a:b""#,
            &[
                "1: data_dir: is empty; give a value or remove the line",
                "3: [server] listen: 'localhost:8080' is not an IP address with a port; write it like 127.0.0.1:8080 or [::]:8080",
                "5: [admin] username: is no account name; use 1 to 64 characters without colon, control characters, or blanks at the ends",
            ],
        ),
        (
            r#"[log]
level = "INFO"
format = "jsno""#,
            &[
                "2: [log] level: 'INFO' is not known; write one of error, warn, info, debug, trace (did you mean 'info'?)",
                "3: [log] format: 'jsno' is not known; write one of text, json (did you mean 'json'?)",
            ],
        ),
        (
            r#"[[source]]
path = "a[.log"
name = "a\tb"
format = "apache"
start = "END""#,
            &[
                "2: [[source]] path: is not a pattern (invalid range pattern at character 2); write [*], [?] or [[] for the sign itself",
                "3: [[source]] name: holds a control character; write a backslash twice, or use single quotes",
                "4: [[source]] format: unknown format 'apache'; known are KNOWN",
                "5: [[source]] start: 'END' is not known; write one of beginning, end (did you mean 'end'?)",
            ],
        ),
        (
            r#"[[source]]
name = "a"

[[source]]
name = "a"
path = "x"

[[source]]
path = "x""#,
            &[
                r#"1: [[source]] path: is missing; add a line path = "/var/log/squid/access.log", or one with listen"#,
                "5: [[source]] name: is that of line 2 again; give each source its own or remove one",
                "9: [[source]] path: is that of line 6 again; give each source its own or remove one",
            ],
        ),
        (
            r#"[[source]]
listen = "udp://proxy:514"
squid_conf = ""
timezone = "Mars/Olympus"
allow = ["10.0.0.0/99"]
[[source]]
path = "x"
listen = "tcp://[::]:5514"
format = "squid"
squid_conf = "y"
allow = "10.0.0.0/8"
[[source]]
listen = "tcp://[::]:5514"
start = "end"
allow = []"#,
            &[
                "2: [[source]] listen: 'udp://proxy:514' is no address to listen on; write it like udp://0.0.0.0:5514, tcp://[::]:5514 or tls://127.0.0.1:6514",
                "3: [[source]] squid_conf: is empty; give a value or remove the line",
                "4: [[source]] timezone: 'Mars/Olympus' is not in the time zone database; write a name like Europe/Berlin",
                "5: [[source]] allow: '10.0.0.0/99' is neither an address nor a network such as 10.0.0.0/8; correct or remove it",
                "8: [[source]] listen: does not go together with path; remove one of the two",
                "10: [[source]] squid_conf: does not go together with format; remove one of the two",
                r#"11: [[source]] allow: is not a list of strings; write it like allow = ["10.0.0.0/8"]"#,
                "11: [[source]] allow: does not go together with path; remove one of the two",
                "13: [[source]] listen: is that of line 8 again; give each source its own or remove one",
                "14: [[source]] start: does not go together with listen; remove one of the two",
                "15: [[source]] allow: is empty; name who may send, or remove the line to let everybody",
            ],
        ),
        (
            r#"[settings]
log_retention_days = 0
count_auth_challenges_as_blocked = "maybe""#,
            &[
                "2: [settings] log_retention_days: is not a whole number from 1 to 3650; correct it or remove the line",
                "3: [settings] count_auth_challenges_as_blocked: is not true or false; correct it or remove the line",
            ],
        ),
        (
            r#"[updates]
url = "ftp://a.example/"
[server]
supervised = "maybe""#,
            &[
                "2: [updates] url: 'ftp://a.example/' is not an address of the web; write it like https://releases.example.net/tidegate.json",
                "4: [server] supervised: 'maybe' is not known; write one of auto, yes, no",
            ],
        ),
        (
            r#"[updates]
url = "https://ada:secret@a.example/""#,
            &["2: [updates] url: holds a name or password; write it like https://releases.example.net/tidegate.json"],
        ),
        (
            r#"[settings]
log_retention_days = 99999999999999999999
count_auth_challenges_as_blocked = 1.5
internal_networks = ["10.0.0.0/8", "10.0.0.0/99"]
ignored_hosts = [1]"#,
            &[
                "2: [settings] log_retention_days: is not a whole number from 1 to 3650; correct it or remove the line",
                "3: [settings] count_auth_challenges_as_blocked: is not true or false; correct it or remove the line",
                "4: [settings] internal_networks: entry 2 ('10.0.0.0/99') is neither an address nor a network such as 10.0.0.0/8; correct or remove it",
                "5: [settings] ignored_hosts: is not a list of at most 200000 host names or addresses; correct it or remove the line",
            ],
        ),
    ];
    for (text, want) in cases {
        let said = parse(text).unwrap_err();
        let known = crate::format::names().join(", ");
        let want: Vec<String> =
            want.iter().map(|fault| format!("config.toml:{}", fault.replace("KNOWN", &known))).collect();
        assert_eq!(said.lines().collect::<Vec<_>>(), want, "{text}");
    }
}

#[test]
fn a_full_file_is_read() {
    let config = parse(
        "data_dir = '/srv/tidegate'\n[server]\nlisten = '[::1]:9000'\nsupervised = 'yes'\n[admin]\nusername = 'ada'\n\
         [[source]]\npath = '/var/log/squid/*.log'\n\
         [[source]]\nname = 'edge'\npath = 'b.log'\nformat = 'squid'\nstart = 'end'\nhost = 'proxy1'\n\
         [[source]]\nlisten = 'tls://[::]:6514'\nsquid_conf = 'squid.conf'\ntimezone = 'Europe/Berlin'\n\
         allow = ['10.0.0.0/8', '2001:db8::1', '::ffff:192.0.2.0/120']\n\
         [waf]\nrules = ['waf-rules', '/etc/crs/*.conf']\n\
         [squid]\nconf = 'proxy.conf'\n\
         [log]\nlevel = 'debug'\nformat = 'json'\n\
         [updates]\nurl = 'https://releases.example.net/tidegate.json'\n\
         [settings]\nlog_retention_days = 0x5a\ncount_auth_challenges_as_blocked = 'true'\n",
    )
    .unwrap();
    let mut settings = SettingDefaults::default();
    settings.insert("log_retention_days", &SettingValue::Int(90)).unwrap();
    settings.insert("count_auth_challenges_as_blocked", &SettingValue::Bool(true)).unwrap();
    let want = Config {
        data_dir: "/srv/tidegate".into(),
        server: ServerConfig { listen: "[::1]:9000".parse().unwrap(), supervised: Supervised::Yes },
        admin: AdminConfig { username: "ada".to_owned() },
        sources: vec![
            SourceConfig { path: "/var/log/squid/*.log".to_owned(), ..SourceConfig::default() },
            SourceConfig {
                name: Some("edge".to_owned()),
                path: "b.log".to_owned(),
                format: "squid".to_owned(),
                start: StartAt::End,
                host: Some("proxy1".to_owned()),
                ..SourceConfig::default()
            },
            SourceConfig {
                listen: Some("tls://[::]:6514".parse().unwrap()),
                squid_conf: Some("squid.conf".into()),
                timezone: Some("Europe/Berlin".to_owned()),
                allow: ["10.0.0.0/8", "2001:db8::1/128", "192.0.2.0/24"].map(|text| text.parse().unwrap()).to_vec(),
                ..SourceConfig::default()
            },
        ],
        waf: WafConfig { rules: vec!["waf-rules".to_owned(), "/etc/crs/*.conf".to_owned()] },
        squid: SquidConfig { conf: Some("proxy.conf".into()) },
        log: LogConfig { level: LogLevel::Debug, format: LogFormat::Json },
        updates: UpdatesConfig { url: Some("https://releases.example.net/tidegate.json".to_owned()) },
        settings,
    };
    assert_eq!(config, want);
}

#[test]
fn the_annotated_file_is_what_the_registry_says() {
    assert!(ANNOTATED == reference(), "write it anew: cargo test --lib write_the_annotated_file -- --ignored");
}

#[test]
#[ignore = "writes config.toml anew, after a change of the registry"]
fn write_the_annotated_file() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml"), reference()).unwrap();
}

#[test]
fn the_annotated_file_works_as_it_is_and_with_every_key_switched_on() {
    assert_eq!(parse(ANNOTATED), Ok(Config::default()));
    assert_eq!(parse(""), Ok(Config::default()));

    // They don't go together with the keys before them.
    const STAY_OFF: [&str; 3] = ["listen = \"udp:", "squid_conf = ", "allow = "];
    let switched_on: Vec<&str> = ANNOTATED
        .lines()
        .map(|line| {
            let key = line.strip_prefix('#').filter(|rest| rest.starts_with(|sign: char| !sign.is_whitespace()));
            key.filter(|key| !STAY_OFF.iter().any(|off| key.starts_with(off))).unwrap_or(line)
        })
        .collect();
    let config = parse(&switched_on.join("\n")).unwrap();
    let [source] = config.sources.as_slice() else { panic!("one source") };
    assert_eq!((source.format.as_str(), source.start), ("auto", StartAt::default()));
    for spec in SETTINGS {
        assert_eq!(config.settings.get(spec.name), Some(&spec.default()), "{}", spec.name);
    }
    assert_eq!(config.waf.rules(), WafConfig::default().rules());
    let (waf, squid) = (WafConfig::default(), SquidConfig::default());
    let updates = UpdatesConfig::default();
    let rest = Config { sources: Vec::new(), waf, squid, updates, settings: SettingDefaults::default(), ..config };
    assert_eq!(rest, Config::default());
}

#[test]
fn the_registry_is_sound() {
    for (index, spec) in KEYS.iter().enumerate() {
        let name = format!("[{}] {}", spec.table, spec.key);
        assert!(TABLES.iter().any(|table| table.name == spec.table), "{name}: its table");
        assert!(!KEYS[..index].iter().any(|other| (other.table, other.key) == (spec.table, spec.key)), "{name} twice");
        assert_eq!(spec.kind.check(spec.presence.shown()), Ok(()), "{name}: its default or example");
        assert!(spec.doc.ends_with('.'), "{name}: its doc is a sentence");
    }
    // Lists stand on one line, however long.
    let prose = reference();
    assert!(prose.lines().filter(|line| !line.ends_with(']')).all(|line| line.chars().count() <= 120));
}

#[test]
fn every_key_is_shown() {
    let config = parse("[[source]]\npath = 'a.log'\nname = 'edge'\n").unwrap();
    let shown = config.to_json();
    for spec in KEYS {
        let table = match spec.table {
            "" => &shown,
            "source" => &shown["source"][0],
            table => &shown[table],
        };
        assert!(table.get(spec.key).is_some(), "[{}] {} is not shown: {shown}", spec.table, spec.key);
    }
    assert_eq!((&shown["source"][0]["name"], &shown["log"]["level"]), (&"edge".into(), &"info".into()));
}

#[test]
fn unreadable_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let said = Config::load(&path).unwrap_err().to_string();
    assert!(said.starts_with(&format!("{}: can't be read (", path.display())), "{said}");
    std::fs::write(&path, b"data_dir = 'x'\n# caf\xe9\n").unwrap();
    let said = Config::load(&path).unwrap_err().to_string();
    assert_eq!(said, format!("{}:2: is not UTF-8; save the file as UTF-8", path.display()));
}
