use super::*;
use proptest::prelude::*;

/// Reads with files that `include` may name.
fn read_with(text: &str, files: &[(&str, &str)]) -> Result<SquidConf, String> {
    let mut include = |pattern: &str| -> Result<Included, String> {
        let pattern = glob::Pattern::new(pattern).map_err(|fault| fault.to_string())?;
        let found: Included = files
            .iter()
            .filter(|(name, _)| pattern.matches(name))
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        if found.is_empty() { Err("no such file".to_owned()) } else { Ok(found) }
    };
    SquidConf::read("main", text.as_bytes(), &mut include).map_err(|fault| fault.to_string())
}

fn read(text: &str) -> SquidConf {
    read_with(text, &[]).unwrap()
}

/// `file:line name word|word`, one line for each directive in force.
fn shown(conf: &SquidConf) -> String {
    let line = |one: &Directive| format!("{} {} {}", one.place, one.name, one.texts(0).collect::<Vec<_>>().join("|"));
    conf.directives().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_become_words() {
    for (text, want) in [
        ("# via off\n\n  via\toff # why\r\n", "main:3 via off"),
        ("acl a src 1.2.3.4 \\\n  # between\n  5.6.7.8\nvia on", "main:1 acl a|src|1.2.3.4|5.6.7.8\nmain:4 via on"),
        // Joined without a blank, and dropped where nothing follows.
        ("visible_hostname a\\\nb\nvia \\", "main:1 visible_hostname ab"),
        ("acl q url_regex \"/etc/list\" a#b", "main:1 acl q|url_regex|\"/etc/list\"|a#b"),
        ("logformat x \"%ru\" # %ts  [%tl]\nvia on", "main:1 logformat x|\"%ru\" # %ts  [%tl]\nmain:2 via on"),
        (
            "configuration_includes_quoted_values on\nacl 'a b' src \"x \\\"y\\\\\" parameters(\"/f g\") # z\n\
             logformat n \"%ru \\\"%ts\\\"\"\nconfiguration_includes_quoted_values off\nrealm \"a b\"",
            "main:1 configuration_includes_quoted_values on\nmain:2 acl a b|src|x \"y\\|/f g\nmain:3 logformat n|%ru \"%ts\"\n\
             main:4 configuration_includes_quoted_values off\nmain:5 realm \"a|b\"",
        ),
        ("access_log stdio:/log/${process_number}.log", "main:1 access_log stdio:/log/1.log"),
    ] {
        assert_eq!(shown(&read(text)), want, "{text}");
    }
}

#[test]
fn conditions_choose_branches() {
    for (text, want) in [
        ("if true\nvia on\nelse\nvia off\nendif", "main:2 via on"),
        ("if false\nvia on\nelse\nvia off\nendif", "main:4 via off"),
        ("if ${process_number} = 1\nvia on\nendif", "main:2 via on"),
        ("if 1 = 2\ninclude none\nvia on\nendif\nvia off", "main:5 via off"),
    ] {
        assert_eq!(shown(&read(text)), want, "{text}");
    }
    let conf = read("if false\nvia off\nendif");
    assert!(conf.via() && conf.all().len() == 1 && !conf.all()[0].taken);
}

#[test]
fn includes_stand_where_they_are_named() {
    let files = [("conf.d/a.conf", "via off\n"), ("conf.d/b.conf", "\ninclude deep"), ("deep", "acl x src all")];
    let conf = read_with("via on\ninclude conf.d/*.conf\nhttp_port 1", &files).unwrap();
    let want = "main:1 via on\nconf.d/a.conf:1 via off\ndeep:1 acl x|src|all\nmain:3 http_port 1";
    assert_eq!(shown(&conf), want);
    assert_eq!(conf.files(), ["main", "conf.d/a.conf", "conf.d/b.conf", "deep"]);
    assert!(!conf.via(), "the last line counts");
}

#[test]
fn what_squid_would_not_start_with_is_told_with_its_place() {
    let files = [("a", "via on\ninclude a"), ("b", "include b\ninclude b")];
    for (text, want) in [
        ("via on\ninclude nowhere", "main:2: no such file"),
        ("include a", "a:2: includes are nested more than 16 deep"),
        ("include b", "b:1: includes are nested more than 16 deep"),
        ("\nendif", "main:2: 'endif' without 'if'"),
        ("else", "main:1: 'else' without 'if'"),
        ("if true\nvia on", "main:2: an 'if' has no end"),
        ("if perhaps", "main:1: the condition 'perhaps' is none"),
        ("configuration_includes_quoted_values on\nacl \\\n a src \"x", "main:2: a quoted value has no end"),
        ("configuration_includes_quoted_values on\nacl a src \"x\"y", "main:2: no blank behind a quoted value"),
        ("configuration_includes_quoted_values on\nacl a src files(\"x\")", "main:2: 'files(' is no function"),
        ("configuration_includes_quoted_values on\nacl a src '\\q'", "main:2: '\\q' stands for nothing"),
    ] {
        let fault = read_with(text, &files).unwrap_err();
        assert!(fault.starts_with(want), "{text}: {fault}");
    }
}

#[test]
fn access_logs_are_read_in_every_style() {
    let log = |text: &str| read(text).access_logs().remove(0);
    for (text, shown, format, rest) in [
        ("", "daemon:/var/log/squid/access.log", "squid", ""),
        ("emulate_httpd_log on", "daemon:/var/log/squid/access.log", "common", ""),
        ("access_log none !all", "none", "squid", "!all"),
        ("access_log /log combined", "stdio:/log", "combined", ""),
        ("cache_access_log /log", "stdio:/log", "squid", ""),
        ("access_log stdio:/log all !quiet", "stdio:/log", "squid", "all !quiet"),
        ("logformat mine %ts\naccess_log daemon:/log mine loud", "daemon:/log", "mine", "loud"),
        ("access_log daemon:/log buffer-size=1KB logformat=mine x", "daemon:/log", "mine", "buffer-size=1KB x"),
        ("access_log udp://10.0.0.1:514 logformat=squid", "udp://10.0.0.1:514", "squid", ""),
        ("access_log tcp://[::1]:514", "tcp://[::1]:514", "squid", ""),
        ("access_log syslog:local0.info squid", "syslog:local0.info", "squid", ""),
    ] {
        let log = log(text);
        let words: Vec<String> = log.options.iter().cloned().chain(log.acls.iter().map(AclName::shown)).collect();
        assert_eq!((log.shown().as_str(), words.join(" ").as_str()), (shown, rest), "{text}");
        assert!(log.module == LogModule::None || log.format == format, "{text}: {}", log.format);
    }
    assert_eq!(log("access_log stdio:/log").path(), Some("/log"));
    assert_eq!(log("access_log udp://a:1").path(), None);
}

#[test]
fn layouts_have_codes() {
    let conf = read("log_mime_hdrs on\nlogformat own %>a %'-10{User-Agent}>h %[03.5tr{x} %% %ssl::>sni%un %nothing %");
    let own = conf.log_format("own").unwrap();
    let shown = |code: LogCode| {
        let argument = code.argument.map_or_else(String::new, |text| format!("{{{text}}}"));
        format!("{}{argument}{}", code.encoding.map_or_else(String::new, String::from), code.code)
    };
    let codes: Vec<String> = own.codes().into_iter().map(shown).collect();
    assert_eq!(codes, [">a", "'{User-Agent}>h", "[{x}tr", "%", "ssl::>sni", "un", "note"][..6].to_vec());
    // Headers go behind the built-in formats alone.
    let ends = |name: &str| {
        let log = AccessLog { format: name.to_owned(), ..AccessLog::by_default() };
        conf.layout(&log).is_some_and(|layout| layout.definition.ends_with("%mt [%>h] [%<h]"))
    };
    assert!(ends("squid") && !ends("own") && conf.log_format("nowhere").is_none());
}

#[test]
fn values_have_squids_defaults_and_the_last_line_counts() {
    let bare = read("");
    assert!(bare.strip_query_terms() && bare.via() && !bare.log_mime_hdrs() && bare.log_ip_on_direct());
    assert_eq!((bare.uri_whitespace(), bare.forwarded_for()), (UriWhitespace::Strip, ForwardedFor::On));
    assert_eq!((bare.client_netmask(), bare.logfile_rotate()), (None, None));
    let conf = read(
        "strip_query_terms on\nstrip_query_terms off\nvia off\nlog_mime_hdrs on\nlog_ip_on_direct off\nuri_whitespace chop\n\
         forwarded_for delete\nclient_netmask 255.255.255.0\nlogfile_rotate 0\n\
         acl SSL_ports port 443\nacl bad dstdomain -i \"/etc/bad\" .example\nhttp_access deny CONNECT !SSL_ports\n\
         ssl_bump peek first\nauth_param basic program /usr/lib/x /etc/y\nhttps_port 3129 intercept ssl-bump",
    );
    assert!(!conf.strip_query_terms() && !conf.via() && conf.log_mime_hdrs() && !conf.log_ip_on_direct());
    assert_eq!((conf.uri_whitespace(), conf.forwarded_for()), (UriWhitespace::Chop, ForwardedFor::Delete));
    assert_eq!((conf.client_netmask(), conf.logfile_rotate()), ("255.255.255.0".parse().ok(), Some(0)));
    let bad = conf.acls().nth(1).unwrap();
    assert_eq!((bad.kind.as_str(), bad.files().collect::<Vec<_>>()), ("dstdomain", vec!["/etc/bad"]));
    let rule = conf.http_access().remove(0);
    let acls: Vec<String> = rule.acls.iter().map(AclName::shown).collect();
    assert_eq!((rule.action.as_str(), acls), ("deny", vec!["CONNECT".to_owned(), "!SSL_ports".to_owned()]));
    assert_eq!(conf.ssl_bump().remove(0).action, "peek");
    assert_eq!(conf.auth_params().next().unwrap().value, "/usr/lib/x /etc/y");
    let port = conf.ports().next().unwrap();
    assert!(port.https && port.address == "3129" && port.options == ["intercept", "ssl-bump"]);
    assert_eq!(read("client_netmask 255.255.255.255").client_netmask(), None);
}

/// Walks every reading.
fn walk(conf: &SquidConf) {
    for log in conf.access_logs() {
        let _ = (log.path(), log.shown(), conf.layout(&log).map(|layout| layout.codes()));
    }
    conf.acls().for_each(|acl| acl.files().for_each(drop));
    let _ = (conf.http_access(), conf.ssl_bump(), conf.client_netmask(), conf.logfile_rotate());
    let _ = (conf.auth_params().count(), conf.ports().count(), conf.log_formats().count());
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(conf) = SquidConf::read("x", &bytes, &mut |_| Ok(vec![("y".to_owned(), bytes.clone())])) {
            walk(&conf);
        }
    }

    #[test]
    fn no_words_are_too_odd(words in prop::collection::vec(prop::sample::select(vec![
        "logformat", "access_log", "acl", "include", "if", "else", "endif", "true", "x", "\"", "'", "\\", "\n", "\r\n", " ",
        "#", "(", ")", "parameters", "configuration_includes_quoted_values on\n", "%", "{", "}", ">h", "'é", "none", "stdio:",
        "=", "logformat=", "!", "${process_number}",
    ]), 0..40)) {
        let text = words.join(if words.len() % 2 == 0 { " " } else { "" });
        if let Ok(conf) = read_with(&text, &[("x", "via on")]) {
            walk(&conf);
        }
    }
}
