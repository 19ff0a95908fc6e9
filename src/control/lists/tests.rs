//! Entries are read into one form each and refused with a reason; lists are asked.

use super::*;

fn canonical(item: ListItem, text: &str) -> Result<String, &'static str> {
    item.entry(text).map(|(key, name)| item.list(Draft::from([(key, name)])).texts().collect())
}

#[test]
fn entries_have_one_form() {
    const WORDS: ListItem = ListItem::Word(&["Critical", "Error"]);
    for (item, given, want) in [
        (ListItem::Network, "10.1.2.3", "10.1.2.3"),
        (ListItem::Network, "10.1.2.3/8", "10.0.0.0/8"),
        (ListItem::Network, "10.1.2.3/32", "10.1.2.3"),
        (ListItem::Network, "2001:DB8::1/32", "2001:db8::/32"),
        (ListItem::Network, "::ffff:10.1.2.3", "10.1.2.3"),
        (ListItem::Network, "::ffff:10.0.0.0/104", "10.0.0.0/8"),
        (ListItem::Network, "0.0.0.0/0", "0.0.0.0/0"),
        (ListItem::Alias, "10.1.2.3 = Front desk", "10.1.2.3=Front desk"),
        (ListItem::Alias, "10.1.2.3/24=a=b", "10.1.2.0/24=a=b"),
        (ListItem::Host, "WWW.Example.com.", "www.example.com"),
        (ListItem::Host, ".example.com", "example.com"),
        (ListItem::Host, "*.example.com", "example.com"),
        (ListItem::Host, "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        (ListItem::Host, "_dmarc.example.com", "_dmarc.example.com"),
        (ListItem::Host, "::FFFF:192.0.2.1", "192.0.2.1"),
        (ListItem::Host, "localhost", "localhost"),
        (ListItem::Origin, "HTTPS://App.Example.com:443", "https://app.example.com"),
        (ListItem::Origin, "http://localhost:3000", "http://localhost:3000"),
        (ListItem::Origin, "http://[2001:DB8::1]:80", "http://[2001:db8::1]"),
        (ListItem::Origin, "http://192.0.2.1:443", "http://192.0.2.1:443"),
        (WORDS, "critical", "Critical"),
        (ListItem::Name, "Google Drive", "Google Drive"),
    ] {
        assert_eq!(canonical(item, given).as_deref(), Ok(want), "{given}");
        assert_eq!(canonical(item, want).as_deref(), Ok(want), "{want}, read again");
    }
}

#[test]
fn what_is_no_entry_is_refused() {
    let long = format!("{}.example", "a".repeat(64));
    let name = format!("10.0.0.1={}", "x".repeat(65));
    for (item, bad) in [
        (ListItem::Network, &["", "x", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/255.0.0.0", "10.0.0.1 "][..]),
        (ListItem::Alias, &["10.0.0.1", "10.0.0.1=", "=x", "x=y", "10.0.0.1=a,b", "10.0.0.1=a\tb", &name]),
        (ListItem::Host, &["", ".", "*", "a..b", "-a.b", "a-.b", "a b", "a/b", "a:80", "1.2.3", "ü.de", "256.1.1.1"]),
        (ListItem::Host, &[&long]),
        (
            ListItem::Origin,
            &["*", "null", "example.com", "ftp://a", "https://", "https://a/", "https://a?x", "https://*.a"],
        ),
        (ListItem::Origin, &["https://a:99999", "https://a:+80", "https://u@a", "https://[::1", "https://[::1]x"]),
        (ListItem::Word(&["a"]), &["", "b"]),
        (ListItem::Name, &["", "a,b", "a\tb", &"x".repeat(65)]),
    ] {
        for text in bad {
            assert!(canonical(item, text).is_err(), "{item:?} {text:?}");
        }
    }
}

#[test]
fn lists_are_ordered_without_repetitions_and_name_the_entry_that_is_wrong() {
    let networks = ListItem::Network.read(["2001:db8::/32", " 10.0.0.1/8 ", "", "9.9.9.9", "10.0.0.0/8"]).unwrap();
    assert_eq!(networks.texts().collect::<Vec<_>>(), ["9.9.9.9", "10.0.0.0/8", "2001:db8::/32"]);
    assert_eq!((networks.len(), networks.is_empty()), (3, false));
    let words = ListItem::Word(&["Emergency", "Alert", "Error"]).read(["error", "Emergency"]).unwrap();
    assert_eq!(words.texts().collect::<Vec<_>>(), ["Emergency", "Error"]);
    let fault = ListItem::Network.read(["10.0.0.1", "", "10.0.0.300"]).unwrap_err();
    let said = "entry 3 ('10.0.0.300') is neither an address nor a network such as 10.0.0.0/8";
    assert_eq!(fault.to_string(), said);
    assert_eq!(ListItem::Host.read([&*"ü".repeat(500)]).unwrap_err().text.chars().count(), 100);
}

#[test]
fn the_smallest_network_names_an_address() {
    let texts = ["10.0.0.0/8=company", "10.1.0.0/16=branch", "10.1.2.3=printer", "2001:db8::/32=six", "::/0=rest"];
    let List::Aliases(aliases) = ListItem::Alias.read(texts).unwrap() else { panic!("no aliases") };
    for (address, want) in [
        ("10.9.9.9", Some("company")),
        ("10.1.9.9", Some("branch")),
        ("10.1.2.3", Some("printer")),
        ("::ffff:10.1.2.3", Some("printer")),
        ("11.0.0.1", None),
        ("2001:db8::9", Some("six")),
        ("2001:db9::9", Some("rest")),
    ] {
        assert_eq!(aliases.name_of(address.parse().unwrap()), want, "{address}");
    }
}

#[test]
fn a_name_covers_what_lies_below_it_and_an_address_itself() {
    let List::Hosts(hosts) = ListItem::Host.read(["example.com", "192.0.2.1", "a.b.test", "2.1.example"]).unwrap()
    else {
        panic!("no hosts")
    };
    for (host, want) in [
        ("example.com", Some("example.com")),
        ("CDN.Example.com.", Some("example.com")),
        ("badexample.com", None),
        ("com", None),
        ("b.test", None),
        ("x.a.b.test", Some("a.b.test")),
        ("192.0.2.1", Some("192.0.2.1")),
        ("::ffff:192.0.2.1", Some("192.0.2.1")),
        ("9.192.0.2.1", None),
        ("", None),
    ] {
        assert_eq!(hosts.covering(host), want, "{host}");
    }
}
