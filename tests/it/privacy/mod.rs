//! Rows stored pseudonymised: what the files of an installation hold then.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tidegate::classify;
use tidegate::control::settings::{SettingDefaults, SettingValue};
use tidegate::control::{Actor, ControlDb};
use tidegate::format::{FormatChoice, resolve};
use tidegate::model::{EventView, FixedClock, Lens, PageQuery, RejectQuery, RejectView, SourceName};
use tidegate::pipeline::{Content, Follower, Importer, SourceSpec, StoredAs};
use tidegate::privacy::Privacy;
use tidegate::store::EventStore;
use tidegate::store::columnar::ColumnarStore;

struct Installation {
    data: tempfile::TempDir,
    logs: tempfile::TempDir,
    control: Arc<ControlDb>,
    privacy: Arc<Privacy>,
    store: Arc<ColumnarStore>,
}

fn source() -> SourceName {
    SourceName { name: "squid".into(), host: "proxy1".into(), format: "squid".into() }
}

/// A line of somebody who is named all over it, and one that can't be parsed.
fn lines(address: &str, name: &str) -> String {
    format!(
        "1767225600.123    245 {address} TCP_MISS/200 5316 GET http://{name}:secret@a.example/{name}?ip={address} {name} HIER_DIRECT/192.0.2.7 text/html\n\
         1767225601.000      1 {address} TCP_DENIED/403 0 CONNECT {address}:443 {name} HIER_NONE/- -\n\
         {address} {name} is no line\n"
    )
}

impl Installation {
    fn new() -> Installation {
        let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let clock = Arc::new(FixedClock::default());
        let control = Arc::new(ControlDb::open(data.path(), clock.clone(), SettingDefaults::default()).unwrap());
        let privacy = Arc::new(Privacy::open(data.path(), Arc::clone(&control)).unwrap());
        let store = Arc::new(ColumnarStore::open(data.path(), classify::CLASSIFIERS, clock).unwrap());
        Installation { data, logs, control, privacy, store }
    }

    fn set(&self, name: &str, value: &str) {
        self.control.set_setting(name, SettingValue::Text(value.into()), &Actor::system("test")).unwrap();
    }

    fn stored_as(&self) -> StoredAs {
        let privacy = Arc::clone(&self.privacy);
        Arc::new(move || privacy.stored_as().into())
    }

    /// Stored, rejected and known lines.
    fn import(&self, path: &Path) -> (u64, u64, u64) {
        let importer = Importer::new(Arc::clone(&self.store), Arc::new(FixedClock::default()), 2, self.data.path());
        let mut importer = importer.stored_as(self.stored_as());
        importer
            .file(Content { path, format: &FormatChoice::Given(resolve("squid").unwrap()), source: &source() }, |_| ())
            .unwrap();
        let summary = importer.summary;
        (summary.stored, summary.rejected.values().sum(), summary.skipped_known)
    }

    fn holds(&self, text: &str) -> bool {
        self.store.settle().unwrap();
        let rows = self.store.page(&PageQuery::newest(100), &Lens::PLAIN).unwrap().rows;
        let rows: String = rows.iter().map(|row| format!("{:?}\n", EventView::of(row, &Lens::PLAIN))).collect();
        let rejects = self.store.rejects(&RejectQuery::newest(100)).unwrap().rows;
        let rejects: String = rejects.iter().map(|line| RejectView::of(line, &Lens::PLAIN).text).collect();
        let in_files =
            fs::read_dir(self.data.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let in_files = in_files.map(|path| fs::read(path).unwrap());
        let in_a_file =
            in_files.into_iter().any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()));
        in_a_file || rows.contains(text) || rejects.contains(text)
    }
}

#[test]
fn lines_read_from_then_on_are_stored_pseudonymised() {
    let here = Installation::new();
    let file = |name: &str, text: &str| {
        let path = here.logs.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let before = file("before.log", &lines("10.171.203.1", "adalovelace"));
    assert_eq!(here.import(&before), (2, 1, 0));
    here.set("gdpr_store_pseudonymised", "true");
    let after = file("after.log", &lines("10.171.203.2", "gracehopper"));
    assert_eq!(here.import(&after), (2, 1, 0));

    // Followed, too; the setting takes effect while it runs.
    let live = file("live.log", "");
    let format = FormatChoice::parse("squid").unwrap();
    let spec =
        SourceSpec { source: source(), path: live.clone(), format, zone: jiff::tz::TimeZone::UTC, from_end: false };
    let follower = Follower::new(Arc::clone(&here.store), Arc::new(FixedClock::default()), vec![spec]);
    let mut follower = follower.stored_as(here.stored_as());
    let mut append = |text: &str| {
        let all = fs::read_to_string(&live).unwrap() + text;
        fs::write(&live, all).unwrap();
        (0..3).map(|_| follower.look(Duration::ZERO)).sum::<u64>()
    };
    assert_eq!(append(&lines("10.171.203.3", "edithclarke")), 3);
    here.set("gdpr_store_pseudonymised", "false");
    assert_eq!(append(&lines("10.171.203.4", "maryshepherd")), 3);
    here.set("gdpr_store_pseudonymised", "true");

    for (person, kept) in [
        ("10.171.203.1", true),
        ("adalovelace", true),
        ("10.171.203.2", false),
        ("gracehopper", false),
        ("10.171.203.3", false),
        ("edithclarke", false),
        ("10.171.203.4", true),
        ("maryshepherd", true),
    ] {
        assert_eq!(here.holds(person), kept, "{person}");
    }

    // What was read is known, however it was stored.
    assert_eq!(here.import(&before), (0, 0, 3));
    assert_eq!(here.import(&after), (0, 0, 3));
    assert_eq!(here.import(&live), (0, 0, 6));

    // A person has one name, stored or shown.
    let pseudonyms = here.privacy.pseudonyms();
    let rows = here.store.page(&PageQuery::newest(100), &Lens::PLAIN).unwrap().rows;
    let shown = |lens: Lens| rows.iter().filter_map(|row| EventView::of(row, &lens).client_ip).collect::<Vec<_>>();
    let stored: Vec<_> = shown(Lens::PLAIN).into_iter().filter(|client| client.starts_with("c-")).collect();
    assert_eq!((rows.len(), stored.len()), (8, 4));
    assert!(stored.iter().all(|client| shown(pseudonyms).contains(client)));
    assert!(stored.iter().any(|client| client.as_bytes() == &*pseudonyms.client(b"10.171.203.2")));
}
