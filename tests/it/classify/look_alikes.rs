//! Look-alikes against hosts that imitate nobody, and against imitations.
//!
//! `TIDEGATE_HOSTS` may name a file of labelled hosts, one JSON object a line with `host` and `label`: none that is
//! `benign` may be flagged.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};
use tidegate::classify::{LookAlikes, services};

/// The lines of a fixture that are no comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn built_in() -> LookAlikes {
    LookAlikes::new(None::<&str>)
}

/// Those of the hosts that are flagged, with why.
fn flagged(index: &LookAlikes, hosts: impl IntoIterator<Item = String>) -> Vec<String> {
    let found = |host: String| index.of(&host).map(|found| format!("{host}: {} {}", found.how.name(), found.protected));
    hosts.into_iter().filter_map(found).collect()
}

#[test]
fn no_well_known_host_is_flagged() {
    let hosts: Vec<_> = lines(include_str!("../../fixtures/hosts/well-known.txt")).map(str::to_owned).collect();
    assert!(hosts.len() >= 2_000, "{}", hosts.len());
    assert_eq!(flagged(&built_in(), hosts), [""; 0]);
}

#[test]
fn no_labelled_benign_host_is_flagged() {
    let Ok(path) = std::env::var("TIDEGATE_HOSTS") else { return };
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let hosts: Vec<_> =
        rows.filter(|row| row["label"] == "benign").filter_map(|row| Some(row["host"].as_str()?.to_owned())).collect();
    assert!(!hosts.is_empty());
    assert_eq!(flagged(&built_in(), hosts), [""; 0]);
}

#[test]
fn no_host_of_a_service_is_flagged() {
    let domains = services().iter().flat_map(|service| &service.domains);
    let hosts = domains.flat_map(|domain| [(*domain).to_owned(), format!("www.{domain}")]);
    assert_eq!(flagged(&built_in(), hosts), [""; 0]);
}

#[test]
fn no_english_word_is_flagged() {
    // Debian's `wamerican` where it is installed, and what of it comes close to a name.
    let close = "amazons appeal applet backspace barclay bookings chaste cloud discard discords finance goggle imports \
                 interest mobile orders outlooks papal postal revolt schwa targets telegrams titter trade trevor tunes \
                 twister twitters venom walgreen accounts logins support ledgers signals";
    let words = fs::read_to_string("/usr/share/dict/words").unwrap_or_default();
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let hosts = words.lines().filter(is_word).chain(close.split_whitespace()).map(|word| format!("{word}.com"));
    assert_eq!(flagged(&built_in(), hosts), [""; 0]);
}

#[test]
fn imitations_are_found_by_what_they_are() {
    let index = built_in();
    let mut found = BTreeMap::<&str, usize>::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for line in lines(include_str!("../../fixtures/hosts/imitations.txt")) {
        let [host, domain, how] = *line.split(' ').collect::<Vec<_>>() else { panic!("{line}") };
        let answer = index.of(host).map(|found| (found.protected, found.how.name()));
        let expected = (how != "-").then(|| (domain.to_owned(), how));
        if answer != expected {
            wrong.push(format!("{host}: {answer:?}, not {expected:?}"));
        }
        *found.entry(how).or_default() += 1;
        count += 1;
    }
    assert_eq!(wrong, [""; 0]);
    let missed = found["-"];
    println!("{} of {count} found: {found:?}", count - missed);
    assert!(count >= 150 && missed * 10 <= count, "{missed} of {count} missed");
    assert_eq!(found.len(), 10, "every technique: {found:?}");
}

#[test]
fn the_operators_names_are_protected_and_theirs() {
    let index = LookAlikes::new([
        "Contoso.example",
        "my-company.co.uk",
        "intra.tailspin.example",
        "weetransfer.com",
        "xn--mller-kva.example",
        "-",
        "",
    ]);
    for (host, found) in [
        ("contoso.example", None),
        ("www.contoso.example", None),
        ("contosso.example", Some(("contoso.example", "repetition"))),
        ("c0ntoso.com", Some(("contoso.example", "homoglyph"))),
        ("contoso-login.com", Some(("contoso.example", "combination"))),
        ("contoso.top", Some(("contoso.example", "suffix"))),
        ("contoso.example.evil.test", Some(("contoso.example", "subdomain"))),
        ("my-company.co.uk", None),
        ("my-company.com", None),
        ("my-company.top", Some(("my-company.co.uk", "suffix"))),
        ("mycompany-login.com", Some(("my-company.co.uk", "combination"))),
        ("my-company-login.com", Some(("my-company.co.uk", "combination"))),
        ("my-company.co.uk.evil.test", Some(("my-company.co.uk", "subdomain"))),
        ("login.my-company.co.uk-session.evil.test", Some(("my-company.co.uk", "subdomain"))),
        ("credit-agricole.com.evil.test", Some(("credit-agricole.com", "subdomain"))),
        ("www-credit-agricole-com.evil.test", Some(("credit-agricole.com", "subdomain"))),
        ("www.xn--mller-kva.example", None),
        ("xn--mller-kva.com", None),
        ("xn--mller-kva.top", Some(("xn--mller-kva.example", "suffix"))),
        ("mu1ler.com", Some(("xn--mller-kva.example", "homoglyph"))),
        ("mueller-login.com", Some(("xn--mller-kva.example", "combination"))),
        ("muller-login.com", Some(("xn--mller-kva.example", "combination"))),
        ("mycompamy.co.uk", Some(("my-company.co.uk", "substitution"))),
        ("tailspim.example", Some(("tailspin.example", "substitution"))),
        ("www.tailspin.example", None),
        ("paypa1.com", Some(("paypal.com", "homoglyph"))),
        ("example", None),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("", None),
        (".", None),
        ("..", None),
        ("-.com", None),
        ("xn--.com", None),
    ] {
        let answer = index.of(host);
        let answer = answer.as_ref().map(|found| (found.protected.as_str(), found.how.name()));
        assert_eq!(answer, found, "{host}");
    }
    assert!(LookAlikes::new(["paypol.com"]).of("www.paypol.com").is_none());
    assert!(built_in().of("www.paypol.com").is_some());
}

#[test]
fn thousands_of_names_are_asked_as_fast_as_one() {
    let own: Vec<_> = (0..5_000_u64).map(|name| format!("{:x}.example", (name + 1) * 0x9e37_79b9_7f4a)).collect();
    let start = Instant::now();
    let index = LookAlikes::new(&own);
    let built = start.elapsed();
    let hosts: Vec<_> = lines(include_str!("../../fixtures/hosts/well-known.txt")).collect();
    index.of("paypal.com.evil.example");
    let start = Instant::now();
    hosts.iter().for_each(|host| drop(index.of(host)));
    let each = start.elapsed() / hosts.len() as u32;
    println!("built in {built:?}, {each:?} a host");
    // Walking all names would take fifty times this.
    assert!(built < Duration::from_secs(1) && each < Duration::from_micros(100), "{built:?} {each:?}");
}

#[test]
fn a_host_that_is_no_name_costs_no_more_than_one() {
    let index = built_in();
    let start = Instant::now();
    assert_eq!(index.of(&format!("{}paypal-login.com", "a.".repeat(500_000))), None);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(index.of(&format!("{}paypal-login.com", "a.".repeat(118))).is_some());
}
