//! libmodsecurity, the WAF that SecLang comes from: what it says of a request is what the engine must say. Asked through
//! `tests/modsecurity/driver.c`, which is compiled here and says what each field of a request becomes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const HOW_TO_GET_IT: &str =
    "libmodsecurity is not installed: apt-get install --no-install-recommends libmodsecurity-dev modsecurity-crs";

/// What Debian's `modsecurity-crs` installs.
pub const CRS_SETUP: &str = "/etc/modsecurity/crs/crs-setup.conf";
pub const CRS_RULES: &str = "/usr/share/modsecurity-crs/rules";

/// One request line and what a log may know of its headers.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    /// Path and query as sent, percent-encoded. A NUL would end it.
    pub uri: &'a str,
    pub host: &'a str,
    pub user_agent: Option<&'a str>,
    pub referer: Option<&'a str>,
}

/// The compiled driver with files of rules; its directory goes when it does.
pub struct ModSecurity {
    directory: TempDir,
    rules: Vec<PathBuf>,
}

impl ModSecurity {
    /// With no rules yet. Where libmodsecurity is not installed: nothing, said in one line; or a failure, if
    /// `TIDEGATE_REQUIRE_MODSECURITY` is set.
    #[allow(clippy::print_stderr)] // a test that is left out says so
    pub fn new() -> Option<Self> {
        if !Path::new("/usr/include/modsecurity/modsecurity.h").exists() {
            assert!(std::env::var_os("TIDEGATE_REQUIRE_MODSECURITY").is_none(), "{HOW_TO_GET_IT}");
            eprintln!("not tested: {HOW_TO_GET_IT}");
            return None;
        }
        let directory = TempDir::new().unwrap();
        let compiled = Command::new("cc")
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(directory.path().join("driver"))
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/modsecurity/driver.c"))
            .arg("-lmodsecurity")
            .output()
            .unwrap();
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        Some(Self { directory, rules: Vec::new() })
    }

    /// With Debian's Core Rule Set at a paranoia level.
    pub fn with_crs(paranoia_level: u8) -> Option<Self> {
        let modsecurity = Self::new()?;
        let level =
            format!("SecAction \"id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level={paranoia_level}\"\n");
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(CRS_RULES).expect(HOW_TO_GET_IT).map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "conf"));
        files.sort();
        let modsecurity = modsecurity.file(Path::new(CRS_SETUP)).rules(&level);
        Some(files.iter().fold(modsecurity, |modsecurity, file| modsecurity.file(file)))
    }

    /// With a file of rules more.
    pub fn file(mut self, rules: &Path) -> Self {
        self.rules.push(rules.to_owned());
        self
    }

    /// With these rules more.
    pub fn rules(self, seclang: &str) -> Self {
        let file = self.directory.path().join(format!("{}.conf", self.rules.len()));
        std::fs::write(&file, seclang).unwrap();
        self.file(&file)
    }

    /// The ids of the rules that logged, in order, for each request.
    pub fn matches(&self, requests: &[Request<'_>]) -> Vec<Vec<u32>> {
        let ids = |line: &str| line.split_whitespace().map(|id| id.parse().unwrap()).collect();
        let matches: Vec<Vec<u32>> = self.run(&[], requests).lines().map(ids).collect();
        assert_eq!(matches.len(), requests.len());
        matches
    }

    /// How long it takes for all the requests, `rounds` times over, on one core and without the loading of rules.
    pub fn time(&self, rounds: u32, requests: &[Request<'_>]) -> Duration {
        let line = self.run(&["-t", &rounds.to_string()], requests);
        let seconds = line.split_whitespace().nth(1).unwrap();
        Duration::from_secs_f64(seconds.parse().unwrap())
    }

    fn run(&self, options: &[&str], requests: &[Request<'_>]) -> String {
        let mut driver = Command::new(self.directory.path().join("driver"))
            .args(options)
            .args(&self.rules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = driver.stdin.take().unwrap();
        let written: Vec<u8> = requests.iter().flat_map(netstrings).collect();
        let (output, writing) = std::thread::scope(|scope| {
            let writing = scope.spawn(move || stdin.write_all(&written));
            (driver.wait_with_output().unwrap(), writing.join().unwrap())
        });
        assert!(output.status.success(), "{}", output.status);
        writing.unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A request as the driver reads it.
fn netstrings(request: &Request<'_>) -> Vec<u8> {
    let Request { method, uri, host, user_agent, referer } = *request;
    let field = |value: Option<&str>| match value {
        Some(value) => format!("{}:{value},", value.len()),
        None => "-,".to_owned(),
    };
    [Some(method), Some(uri), Some(host), user_agent, referer].into_iter().map(field).collect::<String>().into_bytes()
}

/// The driver itself: which rules it names, in which order, and what it says of headers that were not sent.
#[test]
fn the_driver_names_the_rules_that_logged() {
    let Some(modsecurity) = ModSecurity::new() else { return };
    let modsecurity = modsecurity.rules(
        r#"
SecRuleEngine On
SecDefaultAction "phase:1,log,pass"
SecRule REQUEST_HEADERS:User-Agent "@streq curl/8" "id:1,phase:1,deny"
SecRule &REQUEST_HEADERS:User-Agent "@eq 0" "id:2,phase:1,pass"
SecRule ARGS "@beginsWith [line " "id:3,phase:2,block"
SecRule REQUEST_METHOD "@streq GET" "id:4,phase:2,nolog,pass"
SecRule REQUEST_METHOD "@streq GET" "id:5,phase:2,pass,chain"
SecRule REQUEST_HEADERS:Referer "@contains b" ""
SecRule REQUEST_URI "@rx ." "id:6,phase:2,pass"
"#,
    );
    let request = Request { method: "GET", uri: "/a?b=c", host: "h", user_agent: None, referer: None };
    let requests = [
        request,
        Request { user_agent: Some("curl/8"), ..request },
        Request { user_agent: Some(""), uri: "/?a=[line%20%227%22]%20[id%20%2299%22]", ..request },
        Request { referer: Some("http://b/"), ..request },
    ];
    assert_eq!(modsecurity.matches(&requests), [vec![2, 6], vec![1, 6], vec![3, 6], vec![2, 5, 6]]);
    assert!(modsecurity.time(2, &requests) > Duration::ZERO);
}

#[test]
fn the_core_rule_set_judges_by_its_paranoia_level() {
    let (Some(first), Some(second)) = (ModSecurity::with_crs(1), ModSecurity::with_crs(2)) else { return };
    let request = Request {
        method: "GET",
        uri: "/search?q=cats+and+dogs",
        host: "www.example.com",
        user_agent: Some("Mozilla/5.0"),
        referer: None,
    };
    let requests = [request, Request { uri: "/?id=1%27%20or%20%271%27=%271", ..request }];
    let [first, second] = [first, second].map(|modsecurity| modsecurity.matches(&requests));
    assert_eq!(first, [vec![], vec![942_100, 949_110]]);
    assert!(second[0].is_empty() && second[1].len() > 2, "{second:?}");
}
