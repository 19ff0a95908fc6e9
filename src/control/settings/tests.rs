//! The registry is sound; values are checked, stored with their audit entry or not at all, and found again.

use super::super::audit::AuditFilter;
use super::super::db::tests::scratch;
use super::super::lists::{List, ListItem};
use super::*;
use crate::model::{FixedClock, Terms};
use serde_json::json;
use std::time::{Duration, Instant};

fn text(text: &str) -> SettingValue {
    SettingValue::Text(text.to_owned())
}

#[test]
fn the_registry_is_sound() {
    for (index, spec) in SETTINGS.iter().enumerate() {
        let name = spec.name;
        assert!(name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{name}");
        assert!(!SETTINGS[..index].iter().any(|other| other.name == name), "{name} twice");
        assert_eq!(spec.accept(&spec.default()).as_ref(), Ok(&spec.default()), "{name}: its default");
        let stored = text(&spec.default().to_text());
        assert_eq!(spec.accept(&stored).as_ref(), Ok(&spec.default()), "{name}: its default as stored");
        assert!(spec.help.ends_with('.') && spec.help.len() < 110, "{name}: help is one short sentence");
    }
    let settings = Settings::default();
    assert_eq!(settings.get(LOG_RETENTION_DAYS), 30);
    assert!(!settings.get(COUNT_AUTH_CHALLENGES_AS_BLOCKED));
    assert!(
        !settings.get(Setting::switch("s", "not_there", "H.", true)),
        "what is not registered is the type's own default"
    );
}

#[test]
fn values_are_checked_by_kind() {
    const OPTIONS: &[&str] = &["red", "green"];
    let int = SettingKind::Int { min: 1, max: 5, default: 3 };
    let bool = SettingKind::Bool { default: true };
    let short = SettingKind::Text { max_chars: 3, default: "" };
    let choice = SettingKind::Choice { options: OPTIONS, default: "red" };
    let list = SettingKind::List { item: ListItem::Network, max_items: 2, default: &[] };
    let schedule = SettingKind::Schedule { default: "" };
    let networks = ListItem::Network.read(["10.0.0.0/8", "9.9.9.9"]).unwrap();
    let cases = [
        (int, SettingValue::Int(1), Some(SettingValue::Int(1))),
        (int, SettingValue::Int(5), Some(SettingValue::Int(5))),
        (int, SettingValue::Int(0), None),
        (int, SettingValue::Int(6), None),
        (int, text(" 4 "), Some(SettingValue::Int(4))),
        (int, text("6"), None),
        (int, text("4.0"), None),
        (int, text("99999999999999999999"), None),
        (int, SettingValue::Bool(true), None),
        (bool, SettingValue::Bool(false), Some(SettingValue::Bool(false))),
        (bool, text("true"), Some(SettingValue::Bool(true))),
        (bool, text("yes"), None),
        (bool, SettingValue::Int(1), None),
        (short, text("äöü"), Some(text("äöü"))),
        (short, text("abcd"), None),
        (short, text("a\nb"), None),
        (short, SettingValue::Int(1), None),
        (choice, text("green"), Some(text("green"))),
        (choice, text("Green"), None),
        (schedule, text(" 0 30 3 * * * "), Some(text("0 30 3 * * *"))),
        (schedule, text(""), Some(text(""))),
        (schedule, text("daily"), None),
        (schedule, SettingValue::Int(3), None),
        (list, text("10.1.2.3/8, 9.9.9.9\n\n"), Some(SettingValue::List(networks))),
        (list, text(""), Some(SettingValue::List(ListItem::Network.read([]).unwrap()))),
        (list, text("1.1.1.1,2.2.2.2,3.3.3.3"), None),
        (list, text("x"), None),
        (list, SettingValue::Int(1), None),
    ];
    for (kind, given, want) in cases {
        let spec = SettingSpec { name: "x", section: "s", kind, secret: false, help: "H." };
        let given_json = given.to_json();
        assert!(spec.accept(&given).ok() == want, "{kind:?} {given_json}");
    }
}

#[test]
fn json_values_are_booleans_whole_numbers_strings_and_arrays_of_strings() {
    for (json, want) in [
        (json!(true), Some(SettingValue::Bool(true))),
        (json!(7), Some(SettingValue::Int(7))),
        (json!("7"), Some(text("7"))),
        (json!(7.5), None),
        (json!(null), None),
        (json!([1]), None),
        (json!(["a", "b"]), Some(SettingValue::List(List::Texts(["a".to_owned(), "b".to_owned()].into())))),
        (json!(18_446_744_073_709_551_615_u64), None),
    ] {
        assert!(SettingValue::from_json(&json) == want, "{json}");
    }
}

#[test]
fn a_set_value_is_seen_audited_and_outlives_the_process() {
    let (dir, db, clock) = scratch();
    let old = db.settings();
    let new = db.set_setting("log_retention_days", text("90"), &Actor::system("test")).unwrap();
    assert_eq!((old.get(LOG_RETENTION_DAYS), new.get(LOG_RETENTION_DAYS)), (30, 90));
    assert_eq!(db.settings().get(LOG_RETENTION_DAYS), 90);
    assert_ne!(old.version(), new.version());

    let (rows, _) = db.audit_page(&AuditFilter::default(), 10, 0).unwrap();
    let seen: Vec<_> =
        rows.iter().map(|row| (row.action.as_str(), row.target.as_str(), &row.before, &row.after)).collect();
    assert_eq!(seen, [("settings.update", "log_retention_days", &Some(json!(30)), &Some(json!(90)))]);

    drop(db);
    let again = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
    assert_eq!(again.settings().get(LOG_RETENTION_DAYS), 90);
    assert_eq!(again.settings().version(), new.version());
    let back = again.set_setting("log_retention_days", SettingValue::Int(30), &Actor::system("test")).unwrap();
    assert_eq!(back.version(), old.version());
}

#[test]
fn of_several_values_all_are_stored_or_none() {
    let (_dir, db, _) = scratch();
    let changes = [
        ("log_retention_days", SettingValue::Int(0)),
        ("gdpr", text("x")),
        ("count_auth_challenges_as_blocked", text("true")),
    ];
    let refused = db.set_settings(&changes, &Actor::system("test")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "setting 'log_retention_days' takes a whole number from 1 to 3650; \
         setting 'gdpr' does not exist; correct its name"
    );
    assert!(!db.settings().get(COUNT_AUTH_CHALLENGES_AS_BLOCKED));
    assert_eq!(db.audit_page(&AuditFilter::default(), 10, 0).unwrap().1, 0);
}

#[test]
fn the_database_wins_over_the_file_and_the_file_over_the_registry() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = SettingDefaults::default();
    file.insert("log_retention_days", &SettingValue::Int(60)).unwrap();
    assert!(file.insert("log_retention_days", &SettingValue::Int(0)).is_err());
    let open = || ControlDb::open(dir.path(), std::sync::Arc::new(FixedClock::default()), file.clone()).unwrap();
    let (db, other) = (open(), open());
    let days = spec("log_retention_days").unwrap();
    let seen = |settings: &Settings| (settings.get(LOG_RETENTION_DAYS), settings.source(days));
    assert_eq!(seen(&db.settings()), (60, SettingSource::File));
    db.set_setting("log_retention_days", SettingValue::Int(7), &Actor::system("test")).unwrap();
    assert_eq!(seen(&db.settings()), (7, SettingSource::Database));

    assert_eq!(seen(&other.refresh_settings().unwrap()), (7, SettingSource::Database));
    assert_eq!(seen(&other.settings()), (7, SettingSource::Database));
    let back = db.reset_setting("log_retention_days", &Actor::system("test")).unwrap();
    assert_eq!(seen(&back), (60, SettingSource::File));
}

/// Asks for the settings until they are as wanted; answers how long that took.
fn wait_for(db: &ControlDb, wanted: impl Fn(&Settings) -> bool) -> Duration {
    let started = Instant::now();
    while !wanted(&db.settings()) {
        assert!(started.elapsed() < Duration::from_secs(10), "the change was not noticed");
        std::thread::sleep(Duration::from_millis(5));
    }
    started.elapsed()
}

#[test]
fn what_another_process_sets_is_noticed() {
    let (dir, db, clock) = scratch();
    let other = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
    let actor = Actor::system("test");
    other.set_setting("log_retention_days", SettingValue::Int(7), &actor).unwrap();
    wait_for(&db, |settings| settings.get(LOG_RETENTION_DAYS) == 7);
    other.set_setting("ignored_hosts", text("ads.example"), &actor).unwrap();
    wait_for(&db, |settings| settings.get(IGNORED_HOSTS).covering("x.ads.example").is_some());
    assert_eq!(db.settings().version(), other.settings().version());
    // One's own changes need no notice, and leave what others have set.
    db.set_setting("gdpr_mode", SettingValue::Bool(true), &actor).unwrap();
    assert!(db.settings().get(GDPR_MODE) && db.settings().get(LOG_RETENTION_DAYS) == 7);
}

#[test]
fn a_list_is_parsed_once_for_each_change_of_it() {
    let (_dir, db, _) = scratch();
    let actor = Actor::system("test");
    let empty = db.settings().version();
    let set = db.set_setting("internal_networks", text("10.1.2.3/8, 192.0.2.7"), &actor).unwrap();
    let networks = set.get(INTERNAL_NETWORKS);
    assert_eq!(networks.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "192.0.2.7/32"]);
    assert_ne!(set.version(), empty);
    let later = db.set_setting("gdpr_mode", SettingValue::Bool(true), &actor).unwrap();
    assert!(Arc::ptr_eq(&networks, &later.get(INTERNAL_NETWORKS)));
    // Set anew to what it was, it is the same version; reset, the one before.
    db.set_setting("internal_networks", text("192.0.2.7\n10.0.0.0/8"), &actor).unwrap();
    assert_eq!(db.settings().version(), later.version());
    db.reset_setting("gdpr_mode", &actor).unwrap();
    assert_eq!(db.reset_setting("internal_networks", &actor).unwrap().version(), empty);
    let action = Terms { any: vec!["settings.reset".to_owned()], none: Vec::new() };
    let (rows, _) = db.audit_page(&AuditFilter { action, ..Default::default() }, 9, 0).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.target.as_str(), row.before.clone(), row.after.clone())).collect();
    assert_eq!(
        seen,
        [
            ("internal_networks", Some(json!({ "entries": 2 })), Some(json!({ "entries": 0 }))),
            ("gdpr_mode", Some(json!(true)), Some(json!(false))),
        ]
    );
}

#[test]
fn secrets_are_sealed_neither_audited_nor_debugged_and_lost_with_their_key() {
    let (dir, db, clock) = scratch();
    let actor = Actor::system("test");
    let unset = db.settings().version();
    let set = db.set_setting("smtp_password", text("hunter2-hunter2"), &actor).unwrap();
    assert_eq!(set.get(SMTP_PASSWORD), "hunter2-hunter2");
    db.set_setting("smtp_password", text("other"), &actor).unwrap();
    assert_eq!(db.settings().version(), set.version(), "nothing is to be learned of a secret");
    assert_ne!(set.version(), unset);
    db.set_setting("smtp_password", text(""), &actor).unwrap();
    assert_eq!(db.settings().version(), unset);
    db.set_setting("smtp_password", text("hunter2-hunter2"), &actor).unwrap();

    let (rows, _) = db.audit_page(&AuditFilter::default(), 10, 0).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.before.clone(), row.after.clone())).collect();
    let pair = |before: &str, after: &str| (Some(json!(before)), Some(json!(after)));
    assert_eq!(seen, [pair("", "***"), pair("***", ""), pair("***", "***"), pair("", "***")]);
    assert_eq!(format!("{:?}", text("hunter2")), "Text(…)");
    for file in ["control.db", "control.db-wal"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap();
        assert!(memchr::memmem::find(&bytes, b"hunter2").is_none(), "{file}");
    }

    drop(db);
    let open = || ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap();
    let again = open();
    assert_eq!(again.settings().get(SMTP_PASSWORD), "hunter2-hunter2");
    assert!(again.settings().lost_secrets().is_empty());
    drop(again);
    std::fs::remove_file(dir.path().join("keys/sealing.key")).unwrap();
    let without = open();
    let settings = without.settings();
    assert_eq!((settings.get(SMTP_PASSWORD), settings.lost_secrets()), ("", &["smtp_password"][..]));
    assert_eq!(settings.source(&SMTP_PASSWORD.spec), SettingSource::Default);
    let mended = without.set_setting("smtp_password", text("new"), &actor).unwrap();
    assert_eq!((mended.get(SMTP_PASSWORD), mended.lost_secrets().len()), ("new", 0));
}

#[test]
fn a_service_is_in_one_list_at_most() {
    let (_dir, db, _) = scratch();
    let actor = Actor::system("test");
    assert_eq!(Sanctions::of(&db.settings()).decision("Dropbox"), None);
    for (sanctioned, lists) in [(true, [1, 0]), (true, [1, 0]), (false, [0, 1]), (true, [1, 0])] {
        let settings = db.sanction_service("Dropbox", sanctioned, &actor).unwrap();
        let sanctions = Sanctions::of(&settings);
        assert_eq!(sanctions.decision("dropBOX"), Some(sanctioned));
        assert_eq!(sanctions.allow("Dropbox", "updates"), sanctioned);
        assert!(sanctions.allow("Box", "updates") && !sanctions.allow("Box", "storage"));
        assert_eq!([SANCTIONED_SERVICES, UNSANCTIONED_SERVICES].map(|list| settings.get(list).len()), lists);
    }
    let (rows, _) = db.audit_page(&AuditFilter::default(), 10, 0).unwrap();
    assert!(rows.iter().all(|row| row.action == "services.update" && row.target == "Dropbox"));
    let before: Vec<_> = rows.iter().map(|row| row.before.clone().unwrap()["sanctioned"].clone()).collect();
    assert_eq!(before, [json!(false), json!(true), json!(true), json!(null)]);
}

#[test]
fn what_the_database_should_not_hold_is_passed_over() {
    let (_dir, db, _) = scratch();
    db.change(|transaction| {
        transaction.execute_batch("INSERT INTO setting VALUES ('log_retention_days', '9999', 0), ('gone', '1', 0)")?;
        Ok(())
    })
    .unwrap();
    let settings = db.refresh_settings().unwrap();
    assert_eq!(settings.get(LOG_RETENTION_DAYS), 30);
    assert_eq!(settings.source(spec("log_retention_days").unwrap()), SettingSource::Default);
}
