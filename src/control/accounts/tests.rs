use super::super::audit::AuditFilter;
use super::super::db::tests::scratch;
use super::super::logins::LoginKind;
use super::super::settings::SettingDefaults;
use super::super::{NewApiKey, SecretHash};
use super::*;
use std::sync::Arc;

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

fn actor() -> Actor {
    Actor::system("user")
}

fn new(name: &str, role: Role) -> NewAccount {
    NewAccount {
        name: AccountName::new(name).unwrap(),
        password_hash: hash("h"),
        role,
        display_name: String::new(),
        email: String::new(),
        theme: Theme::System,
        must_change_password: false,
    }
}

fn actions(db: &ControlDb) -> Vec<String> {
    let mut rows = db.audit_page(&AuditFilter::default(), 100, 0).unwrap().0;
    rows.reverse();
    rows.into_iter().map(|row| row.action).collect()
}

#[test]
fn an_admin_is_created_once_found_without_case_and_audited() {
    let (_dir, db, _) = scratch();
    let (first, second) = (AccountName::new("Admin").unwrap(), AccountName::new("root").unwrap());
    assert!(!db.has_admin().unwrap());
    assert!(db.create_first_admin(&first, &hash("h1"), &Actor::system("serve")).unwrap());
    assert!(!db.create_first_admin(&second, &hash("h2"), &Actor::system("serve")).unwrap());
    let account = db.account("aDMIN").unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.password_hash.as_str()), ("Admin", "h1"));
    assert_eq!(db.account("root").unwrap(), None);
    let (rows, total) = db.audit_page(&AuditFilter::default(), 10, 0).unwrap();
    assert_eq!((total, rows[0].action.as_str(), rows[0].target.as_str()), (1, "user.create", "Admin"));
    let shown = format!("{account:?} {first:?} {rows:?}");
    assert!(!shown.contains("h1"), "{shown}");
}

#[test]
fn of_many_processes_one_creates_the_admin() {
    let dir = tempfile::tempdir().unwrap();
    let create = |n: usize| {
        let clock = Arc::new(crate::model::FixedClock::default());
        let db = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
        let name = AccountName::new(&format!("admin{n}")).unwrap();
        db.create_first_admin(&name, &PasswordHash::new("h".to_owned()), &Actor::system("serve")).unwrap()
    };
    let created = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..6).map(|n| scope.spawn(move || create(n))).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(created, 1);
}

#[test]
fn names_are_unique_without_case_and_numbers_are_never_given_again() {
    let (_dir, db, _) = scratch();
    let ada = db.create_account(&new("Ada", Role::Viewer), &actor()).unwrap();
    assert!(matches!(db.create_account(&new("aDA", Role::Admin), &actor()), Err(ControlError::NameTaken)));
    db.delete_account(ada.id, &actor()).unwrap();
    assert!(matches!(db.delete_account(ada.id, &actor()), Err(ControlError::NoAccount)));
    let again = db.create_account(&new("ada", Role::Viewer), &actor()).unwrap();
    assert!(again.id > ada.id);
    assert_eq!(actions(&db), ["user.create", "user.delete", "user.create"]);
}

#[test]
fn the_last_admin_who_may_come_in_stays_and_nothing_is_recorded_of_the_try() {
    let (_dir, db, _) = scratch();
    let one = db.create_account(&new("one", Role::Admin), &actor()).unwrap();
    let two = db.create_account(&new("two", Role::Admin), &actor()).unwrap();
    let shut_out = AccountChange { enabled: Some(false), ..AccountChange::default() };
    let demote = AccountChange { role: Some(Role::Auditor), ..AccountChange::default() };
    db.change_account(two.id, &shut_out, &actor()).unwrap();
    let before = actions(&db);
    for refused in [
        db.change_account(one.id, &shut_out, &actor()).map(drop),
        db.change_account(one.id, &demote, &actor()).map(drop),
        db.delete_account(one.id, &actor()),
    ] {
        assert!(matches!(refused, Err(ControlError::LastAdmin)), "{refused:?}");
    }
    assert_eq!((actions(&db), db.account("one").unwrap().unwrap()), (before, one.clone()));
    let back = AccountChange { enabled: Some(true), ..AccountChange::default() };
    db.change_account(two.id, &back, &actor()).unwrap();
    db.change_account(one.id, &demote, &actor()).unwrap();
    assert!(matches!(db.delete_account(two.id, &actor()), Err(ControlError::LastAdmin)));
}

#[test]
fn changes_are_recorded_by_what_differs_and_grants_apart() {
    let (_dir, db, _) = scratch();
    let ada = db.create_account(&new("ada", Role::Viewer), &actor()).unwrap();
    let change = AccountChange {
        display_name: Some("Ada".into()),
        theme: Some(Theme::System),
        role: Some(Role::Auditor),
        pii_read: Some(true),
        ..AccountChange::default()
    };
    let after = db.change_account(ada.id, &change, &actor()).unwrap();
    assert_eq!(db.account("ada").unwrap().unwrap(), after);
    assert!(after.scopes().has(Scope::PiiRead) && after.scopes().has(Scope::AuditRead));
    let rows = db.audit_page(&AuditFilter::default(), 2, 0).unwrap().0;
    assert_eq!(rows[0].action, "user.grant_pii");
    assert_eq!(rows[1].action, "user.update");
    assert_eq!(rows[1].before, Some(serde_json::json!({ "display_name": "", "role": "viewer" })));
    assert_eq!(rows[1].after, Some(serde_json::json!({ "display_name": "Ada", "role": "auditor" })));
    let count = actions(&db).len();
    db.change_account(ada.id, &change, &actor()).unwrap();
    assert_eq!(actions(&db).len(), count, "what changes nothing is not recorded");
}

#[test]
fn each_change_ends_the_logins_it_must() {
    let (_dir, db, _) = scratch();
    db.create_account(&new("root", Role::Admin), &actor()).unwrap();
    let ada = db.create_account(&new("ada", Role::Viewer), &actor()).unwrap();
    let open = |n: u32| {
        let ada = db.account("ada").unwrap().unwrap();
        let secret = SecretHash::of(&n.to_string());
        db.begin_login(&ada, LoginKind::Session, &secret, Timestamp(i64::MAX), &actor()).unwrap().unwrap();
        secret
    };
    let is_open = |secret: &SecretHash| db.session(secret).unwrap().is_some();
    let change = AccountChange::default;
    type Act<'a> = (&'a str, Box<dyn Fn() + 'a>, bool);
    let acts: Vec<Act<'_>> = vec![
        (
            "profile",
            Box::new(|| {
                drop(
                    db.change_account(ada.id, &AccountChange { email: Some("a@b".into()), ..change() }, &actor())
                        .unwrap(),
                )
            }),
            true,
        ),
        (
            "grant",
            Box::new(|| {
                drop(db.change_account(ada.id, &AccountChange { pii_read: Some(true), ..change() }, &actor()).unwrap())
            }),
            true,
        ),
        (
            "role",
            Box::new(|| {
                drop(
                    db.change_account(ada.id, &AccountChange { role: Some(Role::Auditor), ..change() }, &actor())
                        .unwrap(),
                )
            }),
            false,
        ),
        (
            "password",
            Box::new(|| {
                let known = PasswordChange::ByOwner(&ada.password_hash);
                drop(db.change_password(ada.id, &hash("h2"), known, &actor()).unwrap());
            }),
            false,
        ),
        (
            "reset",
            Box::new(|| drop(db.change_password(ada.id, &hash("h3"), PasswordChange::Reset, &actor()).unwrap())),
            false,
        ),
        (
            "shut out",
            Box::new(|| {
                drop(db.change_account(ada.id, &AccountChange { enabled: Some(false), ..change() }, &actor()).unwrap())
            }),
            false,
        ),
    ];
    for (n, (name, act, stays)) in acts.into_iter().enumerate() {
        let secret = open(n as u32);
        assert!(is_open(&secret), "{name}");
        act();
        assert_eq!(is_open(&secret), stays, "{name}");
    }
    let again = AccountChange { enabled: Some(true), ..change() };
    db.change_account(ada.id, &again, &actor()).unwrap();
    let secret = open(99);
    let key = NewApiKey {
        name: "ci".into(),
        prefix: "tg".into(),
        secret: SecretHash::of("k"),
        scopes: Scopes::NONE,
        sources: None,
        expires_at: None,
    };
    db.create_api_key(ada.id, &key, &actor()).unwrap();
    db.delete_account(ada.id, &actor()).unwrap();
    assert!(!is_open(&secret) && db.api_key(&SecretHash::of("k")).unwrap().is_none());
}

#[test]
fn a_reset_takes_the_second_factor_off_and_codes_are_taken_once() {
    let (_dir, db, _) = scratch();
    let ada = db.create_account(&new("ada", Role::Viewer), &actor()).unwrap();
    let now = || db.account("ada").unwrap().unwrap();
    assert!(db.offer_totp(ada.id, "one", &actor()).unwrap() && !now().needs_totp());
    assert!(db.offer_totp(ada.id, "two", &actor()).unwrap());
    db.confirm_totp(ada.id, 100, &actor()).unwrap();
    assert!(now().needs_totp() && !db.offer_totp(ada.id, "three", &actor()).unwrap());
    assert_eq!(now().totp.unwrap().sealed, "two");
    for (step, taken) in [(100, false), (101, true), (101, false), (99, false), (102, true)] {
        assert_eq!(db.take_totp_step(ada.id, step).unwrap(), taken, "{step}");
    }
    db.change_password(ada.id, &hash("h"), PasswordChange::Reset, &actor()).unwrap();
    assert!(now().totp.is_none() && now().must_change_password);
    db.change_password(ada.id, &hash("h2"), PasswordChange::ByOwner(&hash("h")), &actor()).unwrap();
    assert!(!now().must_change_password);
}

#[test]
fn whoever_knew_the_password_before_a_reset_does_not_undo_it() {
    let (_dir, db, _) = scratch();
    let ada = db.create_account(&new("ada", Role::Viewer), &actor()).unwrap();
    db.change_password(ada.id, &hash("drawn"), PasswordChange::Reset, &actor()).unwrap();
    let late = db.change_password(ada.id, &hash("theirs"), PasswordChange::ByOwner(&ada.password_hash), &actor());
    assert!(matches!(late, Err(ControlError::PasswordChanged)));
    let now = db.account("ada").unwrap().unwrap();
    assert!(now.must_change_password && now.password_hash == hash("drawn"));
}
