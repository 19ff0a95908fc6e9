//! `POST /api/lists/{name}/import`.

use crate::support::api::{Answer, Api};
use serde_json::json;
use tidegate::control::settings::{CLIENT_ALIASES, IGNORED_HOSTS};

async fn import(api: &Api, list: &str, text: impl Into<Vec<u8>>) -> Answer {
    api.send_as("POST", &format!("/api/lists/{list}"), "text/plain; charset=utf-8", text.into()).await
}

async fn entries(api: &Api, list: &str) -> Vec<String> {
    let rows = api.get(&format!("/api/lists/{list}")).await.body["data"].clone();
    let text = |row: &serde_json::Value| match row["name"].as_str() {
        Some(name) => format!("{}={name}", row["entry"].as_str().unwrap()),
        None => row["entry"].as_str().unwrap().to_owned(),
    };
    rows.as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn plain_and_hosts_files_are_read() {
    let hosts = "\u{feff}# ads\r\n0.0.0.0 ads.example track.example # two\r\n127.0.0.1 localhost\r\n\
                 ::1 ip6-localhost\r\n0.0.0.0 0.0.0.0\r\n127.0.0.1 local\r\nbare.example\r\n";
    for (list, text, format, want) in [
        ("ignored_hosts", hosts, "hosts", vec!["ads.example", "bare.example", "track.example"]),
        ("ignored_hosts", "# x\n.Example.com\n\n  b.test  # why\n", "plain", vec!["b.test", "example.com"]),
        ("internal_networks", "10.1.2.3/8 # ours\n\n192.0.2.1\n", "plain", vec!["10.0.0.0/8", "192.0.2.1"]),
        (
            "client_aliases",
            "10.0.0.1 Anna Schmidt\n10.0.0.2=Bob\n10.0.0.0/8\tOffice\n10.0.0.3 = C # d\n10.0.0.4 a#b",
            "plain",
            vec!["10.0.0.0/8=Office", "10.0.0.1=Anna Schmidt", "10.0.0.2=Bob", "10.0.0.3=C", "10.0.0.4=a#b"],
        ),
        (
            "client_aliases",
            "127.0.0.1 localhost\n10.0.0.5 printer.corp printer\nfe80::1%eth0 router\n",
            "hosts",
            vec!["10.0.0.5=printer.corp", "fe80::1=router"],
        ),
        ("ignored_hosts", "", "plain", vec![]),
    ] {
        let api = Api::empty();
        let answer = import(&api, &format!("{list}/import"), text).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let data = &answer.body["data"];
        assert_eq!((&data["format"], &data["bad_count"]), (&json!(format), &json!(0)), "{}", answer.text);
        assert_eq!((&data["added"], &data["total"]), (&json!(want.len()), &json!(want.len())));
        assert_eq!(entries(&api, list).await, want);
    }
}

#[tokio::test]
async fn files_are_added_or_take_the_place() {
    let api = Api::empty();
    let counts = |answer: &Answer| {
        let data = &answer.body["data"];
        ["added", "renamed", "already_there", "removed", "total"].map(|name| data[name].as_u64().unwrap())
    };
    let first = import(&api, "client_aliases/import", "10.0.0.1=a\n10.0.0.2=b\n10.0.0.3=c\n").await;
    assert_eq!(counts(&first), [3, 0, 0, 0, 3]);
    let second = import(&api, "client_aliases/import?mode=append", "10.0.0.1=a\n10.0.0.2=x\n10.0.0.4=d\n").await;
    assert_eq!(counts(&second), [1, 1, 1, 0, 4]);
    assert_eq!(api.control.settings().get(CLIENT_ALIASES).name_of("10.0.0.2".parse().unwrap()), Some("x"));
    let third = import(&api, "client_aliases/import?mode=replace", "10.0.0.1=a\n").await;
    assert_eq!(counts(&third), [0, 0, 1, 3, 1]);
    let audit = api.get("/api/audit-log?action=lists.import&limit=1").await;
    let details = json!({ "before": { "entries": 4 }, "after": { "entries": 1, "mode": "replace", "bad_lines": 0 } });
    assert_eq!((&audit.body["total"], &audit.body["data"][0]["details"]), (&json!(3), &details));
}

#[tokio::test]
async fn bad_lines_are_told_and_good_ones_kept_unless_strict() {
    let text =
        [&b"good.example\n1.2.3.4.5\n\xff\xfe\nb\xc3\xbccher.example\nlast.example"[..], b"\ntwo words\n"].concat();
    let api = Api::empty();
    let strict = import(&api, "ignored_hosts/import?strict=true", text.clone()).await;
    assert_eq!((strict.status.as_u16(), strict.fields()), (422, vec!["body"]));
    assert_eq!(strict.body["errors"]["body"].as_array().unwrap().len(), 4);
    assert!(api.control.settings().get(IGNORED_HOSTS).is_empty());
    let answer = import(&api, "ignored_hosts/import", text).await;
    insta::assert_json_snapshot!("bad_lines", answer.body);
    assert_eq!(entries(&api, "ignored_hosts").await, ["good.example", "last.example"]);

    let many: String = (0..250).map(|n| format!("bad host {n}\n")).collect();
    let answer = import(&api, "ignored_hosts/import", many).await;
    let data = &answer.body["data"];
    assert_eq!((data["bad"].as_array().unwrap().len(), &data["bad_count"]), (100, &json!(250)));
}

#[tokio::test]
async fn what_can_not_be_imported_is_refused() {
    let api = Api::empty();
    assert_eq!(import(&api, "nothing/import", "x").await.status, 404);
    assert_eq!(import(&api, "ignored_hosts/import?mode=merge", "x").await.fields(), ["mode"]);
    let json = api.post("/api/lists/ignored_hosts/import", "[]").await;
    assert_eq!(json.status, 415);
    assert_eq!(import(&api, "ignored_hosts/import", vec![b'#'; 16 * 1024 * 1024 + 1]).await.status, 413);
    let many: String = (0..10_001).map(|n| format!("10.{}.{}.1\n", n / 250, n % 250)).collect();
    assert_eq!(import(&api, "internal_networks/import", many).await.fields(), ["internal_networks"]);
    assert!(entries(&api, "internal_networks").await.is_empty());
}

#[tokio::test]
async fn two_hundred_thousand_hosts_are_imported_and_asked() {
    let api = Api::sample();
    let text: String = (0..199_999).map(|n| format!("0.0.0.0 host-{n}.ads.example\n")).collect();
    let answer = import(&api, "ignored_hosts/import", text + "0.0.0.0 example.com\n").await;
    assert_eq!(answer.body["data"]["total"], 200_000, "{}", answer.text);
    let shown = api.get("/api/settings").await;
    assert!(shown.text.len() < 40_000, "{}", shown.text.len());
    let row = api.get("/api/logs/3").await.body["data"].clone();
    assert!(row["tags"].as_array().unwrap().contains(&json!("ignored")), "{row}");
}
