use super::*;
use crate::control::audit::AuditFilter;
use crate::control::db::tests::scratch;
use crate::control::{AccountName, PasswordChange, PasswordHash};
use crate::model::FixedClock;
use std::sync::Arc;

const START: i64 = 1_767_225_600_000;

fn scene() -> (tempfile::TempDir, ControlDb, Arc<FixedClock>, Account) {
    let (dir, db, clock) = scratch();
    let hash = PasswordHash::new("h".into());
    db.create_first_admin(&AccountName::new("ada").unwrap(), &hash, &actor()).unwrap();
    let ada = db.account("ada").unwrap().unwrap();
    (dir, db, clock, ada)
}

fn actor() -> Actor {
    Actor::system("test")
}

fn secret(n: i64) -> SecretHash {
    SecretHash::of(&n.to_string())
}

#[test]
fn a_login_lasts_until_it_expires_or_is_ended_and_its_kind_counts() {
    let (_dir, db, clock, ada) = scene();
    let end = Timestamp(START + 1000);
    let begin = |kind, n| db.begin_login(&ada, kind, &secret(n), end, &actor()).unwrap().unwrap();
    let (session, tokens) = (begin(LoginKind::Session, 1), begin(LoginKind::Tokens, 2));
    assert_eq!(db.session(&secret(1)).unwrap().unwrap().0.id, session);
    assert!(db.session(&secret(2)).unwrap().is_none());
    assert!(db.login(tokens, LoginKind::Tokens).unwrap().is_some());
    assert!(db.login(session, LoginKind::Tokens).unwrap().is_none());
    assert!(db.end_login(session, &actor()).unwrap() && !db.end_login(session, &actor()).unwrap());
    assert!(db.session(&secret(1)).unwrap().is_none());
    clock.set(Timestamp(START + 1000));
    assert!(db.login(tokens, LoginKind::Tokens).unwrap().is_none());
    assert_eq!(db.account("ada").unwrap().unwrap().last_login_at, Some(Timestamp(START)));
}

#[test]
fn a_refresh_token_works_once_and_its_reuse_ends_the_login() {
    let (_dir, db, _, ada) = scene();
    let end = Timestamp(START + 1000);
    let id = db.begin_login(&ada, LoginKind::Tokens, &secret(1), end, &actor()).unwrap().unwrap();
    let rotate = |from, to| db.rotate_login(id, &secret(from), &secret(to), end, &actor());
    assert_eq!(rotate(1, 2).unwrap(), Rotation::Done);
    assert_eq!(rotate(2, 3).unwrap(), Rotation::Done);
    let version = db.identity_version().unwrap();
    assert_eq!(rotate(1, 4).unwrap(), Rotation::Reused);
    assert_ne!(db.identity_version().unwrap(), version);
    assert!(matches!(rotate(3, 5), Err(ControlError::NoLogin)));
    assert_eq!(db.audit_page(&AuditFilter::default(), 1, 0).unwrap().0[0].action, "auth.refresh_reused");
}

#[test]
fn of_parallel_refreshes_one_wins() {
    let (_dir, db, _, ada) = scene();
    let end = Timestamp(START + 1000);
    let id = db.begin_login(&ada, LoginKind::Tokens, &secret(0), end, &actor()).unwrap().unwrap();
    let won = std::thread::scope(|scope| {
        let db = &db;
        let racers: Vec<_> =
            (1..9).map(|n| scope.spawn(move || db.rotate_login(id, &secret(0), &secret(n), end, &actor()))).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).filter(|got| matches!(got, Ok(Rotation::Done))).count()
    });
    assert_eq!(won, 1);
}

#[test]
fn no_login_begins_with_a_password_that_was_changed_meanwhile() {
    let (_dir, db, _, ada) = scene();
    let changed = PasswordHash::new("h2".into());
    db.change_password(ada.id, &changed, PasswordChange::ByOwner(&ada.password_hash), &actor()).unwrap();
    let end = Timestamp(START + 1000);
    assert_eq!(db.begin_login(&ada, LoginKind::Session, &secret(1), end, &actor()).unwrap(), None);
}

#[test]
fn the_login_used_least_recently_makes_room() {
    let (_dir, db, clock, ada) = scene();
    let end = Timestamp(START + 10_000_000);
    for n in 0..MOST_LOGINS {
        clock.set(Timestamp(START + n));
        db.begin_login(&ada, LoginKind::Session, &secret(n), end, &actor()).unwrap();
    }
    clock.set(Timestamp(START + USED_EVERY_MS + 1000));
    db.login_used(&db.session(&secret(0)).unwrap().unwrap().0).unwrap();
    db.begin_login(&ada, LoginKind::Session, &secret(1000), end, &actor()).unwrap();
    for (n, open) in [(0, true), (1, false), (2, true), (1000, true)] {
        assert_eq!(db.session(&secret(n)).unwrap().is_some(), open, "{n}");
    }
}
