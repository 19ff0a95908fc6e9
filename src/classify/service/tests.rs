use super::*;
use std::collections::BTreeSet;

#[test]
fn every_part_of_the_catalogue_parses_and_is_in_order() {
    let mut count = 0;
    for category in ServiceCategory::ALL {
        let text = category.catalogue();
        let entries = read(text).unwrap_or_else(|error| panic!("{category}: {error}"));
        let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("[\"")?.strip_suffix("\"]")).collect();
        assert_eq!(names.len(), entries.len(), "{category}");
        assert!(names.is_sorted_by_key(|name| name.to_lowercase()), "{category}: {names:?}");
        count += names.len();
        for (name, entry) in entries {
            assert!(entry.source.starts_with("https://"), "{name}: {}", entry.source);
            assert!(!entry.domains.is_empty() && entry.domains.is_sorted(), "{name}: {:?}", entry.domains);
        }
    }
    assert_eq!((count, services().len()), (services().len(), count));
    assert!(count > 400, "{count}");
    assert!(ServiceCategory::ALL.is_sorted_by_key(|category| category.name()));
}

#[test]
fn names_and_domains_are_unique_and_none_is_below_another_of_its_service() {
    let mut names = BTreeSet::new();
    let mut domains = BTreeSet::new();
    for service in services() {
        assert!(names.insert(service.name.to_lowercase()), "twice: {}", service.name);
        for domain in &service.domains {
            assert!(domains.insert(*domain), "twice: {domain}");
            let good = |label: &str| {
                !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            };
            assert!(domain.contains('.') && domain.split('.').all(good), "{}: {domain}", service.name);
            // A public suffix of the ICANN section would claim what strangers registered below it.
            let suffix = psl::suffix(domain.as_bytes()).unwrap();
            assert!(suffix.as_bytes() != domain.as_bytes() || suffix.typ() == Some(psl::Type::Private), "{domain}");
            let parent = domain.split_once('.').and_then(|(_, parent)| service_of(parent));
            assert!(parent.is_none_or(|parent| parent.name != service.name), "{domain} is below its own parent");
        }
    }
}

#[test]
fn a_host_belongs_to_the_service_of_its_longest_domain() {
    for (host, name) in [
        ("dropbox.com", Some("Dropbox")),
        ("www.dropbox.com", Some("Dropbox")),
        ("a.b.c.DropBoxUserContent.com.", Some("Dropbox")),
        ("notdropbox.com", None),
        ("dropbox.com.evil.example", None),
        ("dropbox", None),
        ("com", None),
        ("", None),
        (".", None),
        ("google.com", Some("Google Search")),
        ("www.google.de", Some("Google Search")),
        ("drive.google.com", Some("Google Drive")),
        ("mail.google.com", Some("Gmail")),
        ("translate.google.com", Some("Google Translate")),
        ("gemini.google.com", Some("Gemini")),
        ("fonts.googleapis.com", Some("Google services")),
        ("generativelanguage.googleapis.com", Some("Gemini")),
        ("storage.googleapis.com", Some("Google Cloud Storage")),
        ("github.com", Some("GitHub")),
        ("gist.github.com", Some("GitHub Gist")),
        ("someone.github.io", Some("GitHub Pages")),
        ("contoso.sharepoint.com", Some("SharePoint")),
        ("login.microsoftonline.com", Some("Microsoft sign-in")),
        ("teams.microsoft.com", Some("Microsoft Teams")),
        ("www.microsoft.com", Some("Microsoft")),
        ("au.download.windowsupdate.com", Some("Windows Update")),
        ("v10.events.data.microsoft.com", Some("Microsoft telemetry")),
        ("chatgpt.com", Some("ChatGPT and OpenAI")),
        ("api.anthropic.com", Some("Anthropic Claude")),
        ("web.whatsapp.com", Some("WhatsApp")),
        ("0.tcp.eu.ngrok.io", Some("ngrok")),
        ("random-words.trycloudflare.com", Some("Cloudflare Tunnel")),
        ("relay1.anydesk.com", Some("AnyDesk")),
        ("bucket.s3.amazonaws.com", Some("Amazon S3")),
        ("ec2.eu-central-1.amazonaws.com", Some("Amazon Web Services")),
        ("rr3---sn-4g5e6nsz.googlevideo.com", Some("YouTube")),
        ("registry.npmjs.org", Some("npm")),
        ("deb.debian.org", Some("Debian")),
        ("dns.google", Some("Google Public DNS")),
        ("mozilla.cloudflare-dns.com", Some("Cloudflare DNS")),
        ("stats.g.doubleclick.net", Some("Google Ads")),
        ("cdn.jsdelivr.net", Some("jsDelivr")),
        ("192.0.2.1", None),
    ] {
        assert_eq!(service_of(host).map(|service| service.name), name, "{host}");
    }
    assert_eq!(service_at(b"www.dropbox.com:443").unwrap().name, "Dropbox");
    assert!(service_at(b"error:invalid-request").is_none());
    assert_eq!(service_of("www.dropbox.com").unwrap().category, ServiceCategory::Storage);
}

#[test]
fn services_and_categories_are_found_by_name() {
    assert_eq!(service_named("dropbox").unwrap().name, "Dropbox");
    assert!(service_named("Drop").is_none());
    for category in ServiceCategory::ALL {
        assert_eq!(ServiceCategory::parse(category.name()), Some(*category));
        assert!(services().iter().any(|service| service.category == *category), "{category}");
    }
    assert_eq!(ServiceCategory::parse("Storage"), None);
}

#[test]
fn an_origin_has_a_type_by_service_scheme_or_port() {
    for (origin, name) in [
        ("https://www.dropbox.com", "File storage"),
        ("www.dropbox.com:443", "File storage"),
        ("http://a.example", "Web (HTTP)"),
        ("http://a.example:22", "Web (HTTP)"),
        ("https://a.example:8443", "Web (HTTPS)"),
        ("wss://a.example", "Web (HTTPS)"),
        ("FTP://a.example", "FTP"),
        ("a.example:443", "Web (HTTPS)"),
        ("a.example:80", "Web (HTTP)"),
        ("a.example:22", "SSH"),
        ("a.example:587", "Mail (SMTP)"),
        ("a.example:993", "Mail (IMAP)"),
        ("a.example:853", "DNS over TLS"),
        ("a.example:5222", "Chat (XMPP)"),
        ("a.example:3389", "RDP"),
        ("a.example:5901", "VNC"),
        ("a.example:5432", "Database"),
        ("192.0.2.1:9001", "Tor"),
        ("[2001:db8::1]:3306", "Database"),
        ("gopher://a.example", "Gopher"),
        ("a.example:12345", "Other"),
        ("error:invalid-request", "Other"),
        ("", "Other"),
    ] {
        assert_eq!(service_type(origin.as_bytes()), name, "{origin}");
    }
}

#[test]
fn a_host_that_is_no_name_costs_no_more_than_one() {
    // An import takes lines of a megabyte. Looking up every label's rest would take minutes.
    let start = std::time::Instant::now();
    assert!(service_of(&format!("{}dropbox.com", "a.".repeat(500_000))).is_none());
    assert!(start.elapsed() < std::time::Duration::from_secs(2), "{:?}", start.elapsed());
    let longest = format!("{}dropbox.com", "a.".repeat(121));
    assert_eq!((longest.len(), service_of(&longest).unwrap().name), (253, "Dropbox"));
}
