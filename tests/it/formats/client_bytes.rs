//! Bytes received from clients, in the formats that can say so.

use bumpalo::Bump;
use tidegate::format;
use tidegate::model::Field;

#[test]
fn bytes_from_clients_are_read_where_a_log_says_so() {
    for (spec, line, cs_bytes) in [
        ("logformat %ts %>a %rm %ru %<st %>st", "1767225600 10.0.0.1 GET http://a.example/ 5 412", Some(412)),
        ("logformat %ts %>a %rm %ru %<st %>st", "1767225600 10.0.0.1 GET http://a.example/ 5 -", None),
        ("logformat %ts %>a %rm %ru %>st:%<st", "1767225600 10.0.0.1 GET http://a.example/ 0412:5", Some(412)),
        (
            "squid",
            "1767225600.000      1 10.0.0.1 TCP_MISS/200 5 GET http://a.example/ - HIER_DIRECT/192.0.2.7 -",
            None,
        ),
        (
            "w3c date time c-ip cs-method cs-uri cs-bytes",
            "2026-01-01 00:00:00 10.0.0.1 GET http://a.example/ 7",
            Some(7),
        ),
        ("w3c date time c-ip cs-method cs-uri cs-bytes", "2026-01-01 00:00:00 10.0.0.1 GET http://a.example/ -", None),
        ("w3c date time c-ip cs-method cs-uri cs-bytes", "2026-01-01 00:00:00 10.0.0.1 GET http://a.example/ x7", None),
        (
            "json envoy",
            r#"{"start_time":"2026-01-01T00:00:00Z","duration":1,"path":"/","authority":"a.example","bytes_received":9}"#,
            Some(9),
        ),
        (
            "json {\"time\":\"t\",\"cs_uri\":\"u\",\"cs_bytes\":\"b\"}",
            r#"{"t":"2026-01-01T00:00:00Z","u":"http://a/"}"#,
            None,
        ),
        (
            "trafficserver %<cqtq> %<chi> %<cqhm> %<cquc> %<cqhl> %<cqcl>",
            "1767225600.000 h GET http://a/ 300 20",
            Some(320),
        ),
        ("trafficserver %<cqtq> %<chi> %<cqhm> %<cquc> %<cqcl>", "1767225600.000 h GET http://a/ -", None),
    ] {
        let (format, arena) = (format::resolve(spec).unwrap(), Bump::new());
        let event = format.parse(line.as_bytes(), &arena).unwrap();
        assert_eq!(event.cs_bytes, cs_bytes, "{spec}: {line}");
        assert_eq!(format.fields().has(Field::ClientBytes), !spec.starts_with("squid"), "{spec}");
        if event.canonical {
            let mut again = Vec::new();
            format.render(&event, &mut again);
            assert_eq!(String::from_utf8_lossy(&again), line, "{spec}");
        }
    }
}
