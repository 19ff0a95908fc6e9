use super::*;
use crate::control::audit::AuditFilter;
use crate::control::db::tests::scratch;
use crate::control::{AccountName, PasswordHash};
use crate::model::{FixedClock, Scope};

const START: i64 = 1_767_225_600_000;

fn scene() -> (tempfile::TempDir, ControlDb, Arc<FixedClock>, AccountId) {
    let (dir, db, clock) = scratch();
    let hash = PasswordHash::new("h".into());
    db.create_first_admin(&AccountName::new("ada").unwrap(), &hash, &actor()).unwrap();
    let id = db.account("ada").unwrap().unwrap().id;
    (dir, db, clock, id)
}

fn actor() -> Actor {
    Actor::system("test")
}

fn new(n: i64) -> NewApiKey {
    NewApiKey {
        name: format!("key {n}"),
        prefix: "tg_live_abcd".into(),
        secret: SecretHash::of(&n.to_string()),
        scopes: Scopes::of(&[Scope::LogsRead, Scope::LogsExport]),
        sources: Some(Arc::from(["edge".to_owned()])),
        expires_at: Some(Timestamp(START + 1000)),
    }
}

#[test]
fn a_key_is_found_by_its_hash_until_it_ends_or_goes() {
    let (_dir, db, clock, ada) = scene();
    let made = db.create_api_key(ada, &new(1), &actor()).unwrap();
    let found = |n: i64| db.api_key(&SecretHash::of(&n.to_string())).unwrap().map(|(key, _)| key);
    assert_eq!((found(1), found(2)), (Some(made.clone()), None));
    clock.set(Timestamp(START + 1000));
    assert_eq!(found(1), None);
    assert_eq!(db.api_keys(Some(ada)).unwrap(), std::slice::from_ref(&made));
    clock.set(Timestamp(START));
    let stranger = AccountId(ada.0 + 1);
    assert!(matches!(db.delete_api_key(made.id, Some(stranger), &actor()), Err(ControlError::NoApiKey)));
    db.delete_api_key(made.id, Some(ada), &actor()).unwrap();
    assert_eq!(found(1), None);
    let row = &db.audit_page(&AuditFilter::default(), 1, 0).unwrap().0[0];
    assert_eq!((row.action.as_str(), row.target.as_str()), ("api_key.delete", "API key 1"));
    assert_eq!(row.before.as_ref().unwrap()["scopes"], "logs:read logs:export");
}

#[test]
fn its_use_is_noted_at_most_once_a_minute() {
    let (_dir, db, clock, ada) = scene();
    db.create_api_key(ada, &NewApiKey { expires_at: None, ..new(1) }, &actor()).unwrap();
    let used = |at: i64| {
        clock.set(Timestamp(START + at));
        db.api_key_used(&db.api_keys(None).unwrap()[0]).unwrap();
        db.api_keys(None).unwrap()[0].last_used_at.unwrap().0 - START
    };
    for (at, noted) in [(0, 0), (59_999, 0), (60_000, 60_000), (119_999, 60_000), (120_000, 120_000)] {
        assert_eq!(used(at), noted, "{at}");
    }
}

#[test]
fn an_account_has_so_many_and_no_more() {
    let (_dir, db, _, ada) = scene();
    for n in 0..MOST_API_KEYS {
        db.create_api_key(ada, &new(n), &actor()).unwrap();
    }
    assert!(matches!(db.create_api_key(ada, &new(1000), &actor()), Err(ControlError::TooMany { .. })));
}
