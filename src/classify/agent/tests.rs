use super::markers::Markers;
use super::*;
use std::collections::BTreeSet;

/// Agents in the forms that programs send, with family and class.
const AGENTS: &[(&str, &str, &str)] = &[
    // Browsers.
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "Chrome",
        "browser",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Chrome Mobile",
        "browser",
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "browser"),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87",
        "Edge",
        "browser",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        "Safari",
        "browser",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mobile Safari",
        "browser",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
        "Opera",
        "browser",
    ),
    ("Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.229 Version/11.61", "Opera", "browser"),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Samsung Internet",
        "browser",
    ),
    ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "IE", "browser"),
    ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)", "IE", "browser"),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Vivaldi/6.5",
        "Vivaldi",
        "browser",
    ),
    (
        "Mozilla/5.0 (Linux; Android 9; CUBOT_NOTE_20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.82 Mobile Safari/537.36",
        "Chrome Mobile",
        "browser",
    ),
    // Libraries.
    ("python-requests/2.31.0", "python-requests", "library"),
    ("Python-urllib/3.11", "Python-urllib", "library"),
    ("python-httpx/0.27.0", "python-httpx", "library"),
    ("Python/3.11 aiohttp/3.9.5", "aiohttp", "library"),
    ("Go-http-client/1.1", "Go-http-client", "library"),
    ("okhttp/4.12.0", "okhttp", "library"),
    ("axios/1.7.2", "axios", "library"),
    ("Java/17.0.10", "Java", "library"),
    ("Java-http-client/21.0.3", "Java", "library"),
    ("Apache-HttpClient/4.5.14 (Java/17.0.9)", "Apache HttpClient", "library"),
    ("libwww-perl/6.72", "libwww-perl", "library"),
    ("GuzzleHttp/7", "GuzzleHttp", "library"),
    ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "Node", "library"),
    ("Ruby", "Ruby", "library"),
    ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230805.001)", "Dalvik", "library"),
    ("SomeApp/42 CFNetwork/1494.0.7 Darwin/23.4.0", "CFNetwork", "library"),
    ("Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)", "WinHTTP", "library"),
    ("Microsoft-WebDAV-MiniRedir/10.0.19045", "Microsoft WebDAV", "library"),
    ("Dart/3.4 (dart:io)", "Dart", "library"),
    ("Boto3/1.34.100 md/Botocore#1.34.100 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.2", "Boto3", "library"),
    ("reqwest/0.12.4", "hyper", "library"),
    ("grpc-go/1.64.0", "gRPC", "library"),
    // Command-line tools.
    ("curl/8.5.0", "curl", "cli_tool"),
    ("Wget/1.21.4", "Wget", "cli_tool"),
    ("aria2/1.37.0", "aria2", "cli_tool"),
    ("HTTPie/3.2.2", "HTTPie", "cli_tool"),
    ("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4412", "PowerShell", "cli_tool"),
    ("Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045; en-US) PowerShell/7.4.2", "PowerShell", "cli_tool"),
    ("git/2.45.1", "Git", "cli_tool"),
    (
        "docker/26.1.3 go/go1.21.10 git-commit/8e96db1 kernel/6.1.0-21-amd64 os/linux arch/amd64 UpstreamClient(Docker-Client/26.1.3 \\(linux\\))",
        "Docker",
        "cli_tool",
    ),
    (
        "pip/24.0 {\"ci\":null,\"cpu\":\"x86_64\",\"distro\":{\"name\":\"Debian GNU/Linux\",\"version\":\"12\"},\"python\":\"3.11.2\"}",
        "pip",
        "cli_tool",
    ),
    ("npm/10.5.0 node/v20.12.2 linux x64 workspaces/false", "npm", "cli_tool"),
    ("cargo 1.78.0 (54d8815d0 2024-03-26)", "Cargo", "cli_tool"),
    ("Apache-Maven/3.9.6 (Java 17.0.10; Linux 6.1.0-21-amd64)", "Maven", "cli_tool"),
    ("Microsoft-CryptoAPI/10.0", "CryptoAPI", "updater"),
    ("PostmanRuntime/7.39.0", "Postman", "cli_tool"),
    ("aws-cli/2.15.57 Python/3.11.8 Linux/6.1.0-21-amd64 exe/x86_64.debian.12", "AWS CLI", "cli_tool"),
    ("CertUtil URL Agent", "certutil", "cli_tool"),
    ("kubectl/v1.30.1 (linux/amd64) kubernetes/6911225", "kubectl", "cli_tool"),
    ("Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8", "Lynx", "cli_tool"),
    // Updaters.
    ("Microsoft-Delivery-Optimization/10.0", "Delivery Optimization", "updater"),
    ("Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.71", "Windows Update", "updater"),
    ("Microsoft BITS/7.8", "BITS", "updater"),
    ("Debian APT-HTTP/1.3 (2.6.1)", "APT", "updater"),
    ("libdnf (Fedora Linux 40; workstation; Linux.x86_64)", "DNF", "updater"),
    ("Google Update/1.3.36.372;winhttp", "Google Update", "updater"),
    ("Homebrew/4.3.1 (Macintosh; arm64 Mac OS X 14.5) curl/8.6.0", "Homebrew", "updater"),
    (
        "ClamAV/1.0.5 (OS: linux-gnu, ARCH: x86_64, CPU: x86_64, UUID: 00000000-0000-0000-0000-000000000000)",
        "ClamAV",
        "updater",
    ),
    ("snapd/2.62 (series 16; classic) ubuntu/24.04 (amd64) linux/6.8.0-31-generic", "Snap", "updater"),
    ("com.apple.appstored/1.0 iOS/17.5 model/iPhone15,2", "Apple software update", "updater"),
    // Bots.
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "bot"),
    ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot", "bot"),
    ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot", "bot"),
    ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "Baiduspider", "bot"),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "GPTBot",
        "bot",
    ),
    ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Facebook preview", "bot"),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot-LinkExpanding", "bot"),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        "Headless Chrome",
        "bot",
    ),
    ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", "bot"),
    ("kube-probe/1.30", "Kubernetes probe", "bot"),
    ("Reader/1.0 (+https://reader.example/about)", "Reader", "bot"),
    // Scanners.
    ("sqlmap/1.8.5#stable (https://sqlmap.org)", "sqlmap", "scanner"),
    ("Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)", "Nikto", "scanner"),
    ("Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)", "Nmap", "scanner"),
    ("Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", "Nuclei", "scanner"),
    ("masscan/1.3 (https://github.com/robertdavidgraham/masscan)", "masscan", "scanner"),
    ("Mozilla/5.0 zgrab/0.x", "zgrab", "scanner"),
    ("WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)", "WPScan", "scanner"),
    ("gobuster/3.6", "Gobuster", "scanner"),
    ("feroxbuster/2.10.3", "feroxbuster", "scanner"),
    ("Fuzz Faster U Fool v2.1.0-dev", "ffuf", "scanner"),
    ("Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)", "Censys", "scanner"),
    // Nothing of these.
    ("", "-", "unknown"),
    ("-", "-", "unknown"),
    ("Mozilla/5.0", "-", "unknown"),
    ("Spotify/124500512 Linux/0 (PC desktop)", "Spotify", "unknown"),
    ("TotallyNew Thing/3.1", "TotallyNew Thing", "unknown"),
    ("${jndi:ldap://198.51.100.9/a}", "-", "unknown"),
    ("<script>alert(1)</script>/1", "-", "unknown"),
];

#[test]
fn agents_are_known_by_family_and_class() {
    let mut wrong = Vec::new();
    for (text, family, class) in AGENTS {
        let found = agent(text.as_bytes());
        if (&*found.family, found.class.name()) != (*family, *class) {
            wrong.push(format!("{text}: {} {}", found.family, found.class.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(AGENTS.len() >= 60);
}

#[test]
fn both_tables_are_read_and_no_marker_is_twice() {
    assert!(FAMILIES.is_some());
    Markers::read(include_str!("agents.toml")).unwrap();
    let table: toml::Table = include_str!("agents.toml").parse().unwrap();
    let mut seen = BTreeSet::new();
    for (class, families) in &table {
        assert!(AgentClass::parse(class).is_some(), "{class}");
        for (family, markers) in families.as_table().unwrap() {
            for marker in markers.as_array().unwrap() {
                let marker = marker.as_str().unwrap();
                assert!(marker.len() > 1 && marker == marker.to_ascii_lowercase(), "{family}: {marker}");
                assert!(seen.insert(marker.to_owned()), "{family}: {marker} is twice");
            }
        }
    }
}

#[test]
fn what_is_made_to_hurt_is_answered_at_once() {
    let megabyte = |unit: &[u8]| unit.repeat(1_000_000 / unit.len());
    let started = std::time::Instant::now();
    for unit in [&b"a"[..], b"\xff", b"Mozilla/5.0 (", b"bot ", b"((((", b"1.", b"Version/1 Chrome/1 ", "é".as_bytes()]
    {
        agent(&megabyte(unit));
    }
    assert_eq!(&*agent(&[&b"curl/8.5.0 "[..], &megabyte(b"sqlmap ")[1000..]].concat()).family, "sqlmap");
    assert_eq!(&*agent(&[b' '; 2000]).family, "-");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
